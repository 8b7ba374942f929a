package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// linkedinHabit: pages hear comments below their posts only. Ids are URNs; a
// share and its activity have different numbers.
func linkedinHabit() habit {
	return habit{
		name: LinkedIn, mount: "/li", names: true,
		routes:   (*Sandbox).linkedinRoutes,
		accounts: twoOffices(LinkedIn, "urn:li:organization:10450101", "urn:li:organization:10450202"),
		tokens: func(seed int64, a *Account) []*token {
			who := at(a.Platform, a.ID)
			return []*token{{Access: "AQX" + derive(seed, "access", who), Refresh: "AQV" + derive(seed, "refresh", who), Account: who}}
		},
		id: func(w *world, p *Post, now time.Time) string {
			n := w.growing(LinkedIn, now.UnixMilli()<<22)
			w.last[LinkedIn]++ // the activity's number
			if p.Kind == kindComment {
				return linkedinComment(linkedinActivity(p.Thread), n)
			}
			return "urn:li:share:" + n
		},
	}
}

// linkedinActivity is the activity that a share appears as.
func linkedinActivity(share string) string {
	n, err := strconv.ParseInt(share[strings.LastIndexByte(share, ':')+1:], 10, 64)
	if err != nil {
		return share
	}
	return "urn:li:activity:" + strconv.FormatInt(n+1, 10)
}

func linkedinComment(activity, id string) string {
	return "urn:li:comment:(" + activity + "," + id + ")"
}

// linkedinPost finds what an URN means: a share, its activity, or a comment.
func (s *Sandbox) linkedinPost(urn string) *Post {
	if n, ok := strings.CutPrefix(urn, "urn:li:activity:"); ok {
		if i, err := strconv.ParseInt(n, 10, 64); err == nil {
			urn = "urn:li:share:" + strconv.FormatInt(i-1, 10)
		}
	}
	return s.world.visible(LinkedIn, urn)
}

// linkedinActor is a person's or page's URN.
func linkedinActor(id string) string {
	if strings.HasPrefix(id, "urn:") {
		return id
	}
	return "urn:li:person:" + id
}

// linkedinFace answers as api.linkedin.com/rest does (Marketing APIs, versioned).
type linkedinFace struct{}

func (linkedinFace) platform() string { return LinkedIn }

func linkedinError(status, service int, code, message string) answer {
	body := object{"status": status, "code": code, "message": message}
	if service != 0 {
		body["serviceErrorCode"] = service
	}
	return jsonAnswer(status, body)
}

// The versions that are answered: 202502 was shut down early in 2026, and each
// lives about a year. Nothing newer than the clock exists.
const linkedinOldest = "202511"

// authenticate looks at the token and at the two headers that every call needs.
func (linkedinFace) authenticate(s *Sandbox, c *call) *answer {
	bearer, _ := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	t := s.world.tokens[bearer]
	if bearer == "" || t == nil || !strings.HasPrefix(t.Account, LinkedIn+"/") {
		return ptr(linkedinError(http.StatusUnauthorized, 65600, "INVALID_ACCESS_TOKEN", "Invalid access token"))
	}
	if t.Revoked {
		return ptr(linkedinFace{}.revoked())
	}
	if t.dead(c.now) {
		return ptr(linkedinError(http.StatusUnauthorized, 65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"))
	}
	c.token, c.account = t, s.world.owner(t)
	if strings.HasPrefix(c.r.URL.Path, "/li/rest/") {
		return linkedinHeaders(c)
	}
	return nil
}

func linkedinHeaders(c *call) *answer {
	switch version := c.r.Header.Get("LinkedIn-Version"); {
	case version == "":
		return ptr(linkedinError(http.StatusBadRequest, 0, "VERSION_MISSING", "A version must be present. Please specify a version by adding the LinkedIn-Version header."))
	case len(version) != 6 || version < linkedinOldest || version > c.now.Format("200601"):
		return ptr(linkedinError(http.StatusUpgradeRequired, 0, "NONEXISTENT_VERSION", "Requested version "+version+"01 is not active"))
	case c.r.Header.Get("X-Restli-Protocol-Version") != "2.0.0":
		return ptr(linkedinError(http.StatusBadRequest, 0, "ILLEGAL_ARGUMENT", "Syntax exception in path variables"))
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

func (linkedinFace) unreadable() answer {
	return linkedinError(http.StatusBadRequest, 0, "MALFORMED_REQUEST", "Cannot parse request entity")
}
func (linkedinFace) tooMany(*meter) answer {
	return linkedinError(http.StatusTooManyRequests, 101, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource is reached.")
}
func (linkedinFace) revoked() answer {
	return linkedinError(http.StatusUnauthorized, 65601, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user")
}

// meterHeaders: LinkedIn tells nothing about its limits.
func (linkedinFace) meterHeaders(a answer, _ *meter) answer { return a }

// linkedinInvalid is a 400 or 422 with the field that is wrong.
func linkedinInvalid(status int, field, code, description string) answer {
	return jsonAnswer(status, object{
		"status": status, "code": "INVALID_REQUEST", "message": description, "errorDetailType": "com.linkedin.common.error.BadRequest",
		"errorDetails": object{"inputErrors": []object{{"description": description, "code": code, "input": object{"inputPath": object{"fieldPath": field}}}}},
	})
}

func linkedinDenied(c *call, resource string) answer {
	return linkedinError(http.StatusForbidden, 100, "ACCESS_DENIED", "Not enough permissions to access: "+resource+"."+c.r.Header.Get("LinkedIn-Version"))
}

func linkedinGone(urn string) answer {
	return linkedinError(http.StatusNotFound, 0, "NOT_FOUND", "Could not find entity "+urn)
}

func linkedinBroken() answer {
	return linkedinError(http.StatusInternalServerError, 0, "INTERNAL_SERVER_ERROR", "Internal server error")
}

// linkedinMay says whether the call may act for a page with a permission.
func (s *Sandbox) linkedinMay(c *call, page, scope string) bool {
	if !c.token.may(scope) {
		return false
	}
	return page == c.account.ID || c.token.Scopes != nil && c.token.may(page)
}

func (s *Sandbox) linkedinRoutes(m *http.ServeMux) {
	add := func(pattern string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		rt.limit, rt.window = 500, 24*time.Hour
		m.HandleFunc(method+" /li"+path, s.serve(linkedinFace{}, pattern, rt))
	}
	add("POST /rest/posts", route{op: opPublish, run: (*Sandbox).linkedinPublish})
	add("GET /rest/posts", route{op: opFind, run: (*Sandbox).linkedinByAuthor})
	add("GET /rest/posts/{urn}", route{op: opPull, run: (*Sandbox).linkedinOne})
	add("POST /rest/posts/{urn}", route{op: opPublish, run: (*Sandbox).linkedinEdit})
	add("DELETE /rest/posts/{urn}", route{op: opDelete, run: (*Sandbox).linkedinDelete})
	add("POST /rest/socialActions/{urn}/comments", route{op: opPublish, run: (*Sandbox).linkedinSay})
	add("GET /rest/socialActions/{urn}/comments", route{op: opPull, run: (*Sandbox).linkedinComments})
	add("GET /rest/socialActions/{urn}/comments/{id}", route{op: opPull, run: (*Sandbox).linkedinOneComment})
	add("POST /rest/socialActions/{urn}/comments/{id}", route{op: opPublish, run: (*Sandbox).linkedinEditComment})
	add("DELETE /rest/socialActions/{urn}/comments/{id}", route{op: opDelete, run: (*Sandbox).linkedinUncomment})
	add("GET /rest/socialMetadata/{urn}", route{op: opMeasure, run: (*Sandbox).linkedinMetadata})
	add("GET /rest/organizationalEntityShareStatistics", route{op: opMeasure, run: (*Sandbox).linkedinStatistics})
	add("GET /rest/organizationAcls", route{op: opVerify, run: (*Sandbox).linkedinAcls})
	add("GET /rest/organizations/{id}", route{op: opVerify, run: (*Sandbox).linkedinOrganization})
	add("GET /rest/me", route{op: opVerify, run: (*Sandbox).linkedinMe})
	add("GET /v2/userinfo", route{op: opVerify, run: (*Sandbox).linkedinUserinfo})
	add("POST /rest/images", route{op: opStage, run: (*Sandbox).linkedinImages})
	add("GET /rest/images/{urn}", route{op: opStage, run: (*Sandbox).linkedinMediaState})
	add("POST /rest/videos", route{op: opStage, run: (*Sandbox).linkedinVideos})
	add("GET /rest/videos/{urn}", route{op: opStage, run: (*Sandbox).linkedinMediaState})
	m.HandleFunc("PUT /li/dms-uploads/{id}/{part}", s.linkedinUpload)
	s.consentPage(m, LinkedIn, "/li/oauth/v2/authorization", " ", "client_id")
	m.HandleFunc("POST /li/oauth/v2/accessToken", s.linkedinToken)
	m.HandleFunc("/li/", func(w http.ResponseWriter, _ *http.Request) {
		linkedinError(http.StatusNotFound, 0, "RESOURCE_NOT_FOUND", "No virtual resource found").write(w)
	})
}
