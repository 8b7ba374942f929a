package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// tiktokHabit: people comment below films and pictures; only the Business API
// tells of it. Ids are numbers that begin with a seven.
func tiktokHabit() habit {
	return habit{
		name: TikTok, mount: "/tiktok",
		routes:   (*Sandbox).tiktokRoutes,
		accounts: twoOffices(TikTok, "-000tirtawangikota0001", "-000protokoltirta0002"),
		tokens: func(seed int64, a *Account) []*token {
			who := at(a.Platform, a.ID)
			return []*token{
				{Access: "act." + derive(seed, "access", who), Refresh: "rft." + derive(seed, "refresh", who), Account: who},
				{Access: derive(seed, "business", who), Refresh: derive(seed, "business refresh", who), Account: who, Mode: ttBusiness},
			}
		},
		id: func(w *world, _ *Post, now time.Time) string {
			return w.growing(TikTok, 7_000_000_000_000_000_000+(now.UnixMilli()-1_500_000_000_000)*1_000_000)
		},
	}
}

// ttBusiness is the mode of credentials of the Business API.
const ttBusiness = "business"

// tiktokFace answers as the Content Posting and Display APIs v2 do
// (developers.tiktok.com/doc/tiktok-api-v2-error-handling).
type tiktokFace struct{}

func (tiktokFace) platform() string { return TikTok }

func ttError(status int, code, message string) answer {
	return jsonAnswer(status, object{"data": object{}, "error": object{"code": code, "message": message, "log_id": ttLog()}})
}

func ttOK(data object) answer {
	return jsonAnswer(http.StatusOK, object{"data": data, "error": object{"code": "ok", "message": "", "log_id": ttLog()}})
}

func ttLog() string { return "2026" + strings.ToUpper(random()[:24]) }

func (tiktokFace) authenticate(s *Sandbox, c *call) *answer {
	if strings.HasPrefix(c.r.URL.Path, "/tiktok/video/") {
		return s.ttUploader(c)
	}
	bearer, _ := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	t := s.world.tokens[bearer]
	c.token = t
	if t == nil || !strings.HasPrefix(t.Account, TikTok+"/") || t.Mode != "" || t.dead(c.now) {
		no := tiktokFace{}.revoked()
		return &no
	}
	c.account = s.world.owner(t)
	if scope := ttScope(c.r.URL.Path); !t.may(scope) {
		no := ttError(http.StatusUnauthorized, "scope_not_authorized", "The user did not authorize the scope required for completing this request.")
		return &no
	}
	return nil
}

// ttScope is what a path needs.
func ttScope(path string) string {
	switch {
	case strings.Contains(path, "/post/publish/"):
		return "video.publish"
	case strings.Contains(path, "/v2/video/"):
		return "video.list"
	}
	return "user.info.basic"
}

func (tiktokFace) unreadable() answer {
	return ttError(http.StatusBadRequest, "invalid_params", "The request body is not valid JSON.")
}
func (tiktokFace) tooMany(*meter) answer {
	return ttError(http.StatusTooManyRequests, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
}
func (tiktokFace) revoked() answer {
	return ttError(http.StatusUnauthorized, "access_token_invalid", "The access token is invalid or not found in the request.")
}

// meterHeaders: TikTok tells nothing of what is left.
func (tiktokFace) meterHeaders(a answer, _ *meter) answer { return a }

func (s *Sandbox) tiktokRoutes(m *http.ServeMux) {
	f := tiktokFace{}
	add := func(pattern string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		rt.window = time.Minute
		m.HandleFunc(method+" /tiktok"+path, s.serve(f, pattern, rt))
	}
	add("POST /v2/post/publish/creator_info/query/", route{op: opStage, limit: 20, run: (*Sandbox).ttCreator})
	add("POST /v2/post/publish/video/init/", route{op: opStage, limit: 6, run: (*Sandbox).ttVideoInit})
	add("POST /v2/post/publish/content/init/", route{op: opPublish, limit: 6, fetch: ttAddresses, run: (*Sandbox).ttPhotoInit})
	add("POST /v2/post/publish/status/fetch/", route{op: opFind, limit: 30, run: (*Sandbox).ttStatus})
	add("GET /v2/user/info/", route{op: opVerify, limit: 600, run: (*Sandbox).ttUser})
	add("POST /v2/video/list/", route{op: opPull, limit: 600, run: (*Sandbox).ttList})
	add("POST /v2/video/query/", route{op: opMeasure, limit: 600, run: (*Sandbox).ttQuery})
	add("PUT /video/", route{limit: 6000, opOf: s.ttChunkOp, run: (*Sandbox).ttChunk})
	s.consentPage(m, TikTok, "/tiktok/v2/auth/authorize/", ",", "client_key")
	m.HandleFunc("POST /tiktok/v2/oauth/token/", s.ttToken)
	s.businessRoutes(m)
	m.HandleFunc("/tiktok/", func(w http.ResponseWriter, _ *http.Request) {
		ttError(http.StatusNotFound, "unsupported_path", "Unsupported path(Janus)").write(w)
	})
}
