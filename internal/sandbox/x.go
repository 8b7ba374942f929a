package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// xFace answers as api.x.com/2 does (X API v2, OpenAPI 2.165 and 2.167).
type xFace struct{}

func (xFace) platform() string { return X }

const xProblems = "https://api.twitter.com/2/problems/"

// xProblem is v2's application/problem+json.
func xProblem(status int, title, detail, kind string) answer {
	a := jsonAnswer(status, object{"title": title, "detail": detail, "type": kind, "status": status})
	return a.with("Content-Type", "application/problem+json")
}

func xForbidden(detail string) answer {
	return xProblem(http.StatusForbidden, "Forbidden", detail, "about:blank")
}

// xInvalid is v2's answer to a request that does not fit the contract.
func xInvalid(parameter, value, message string) answer {
	return jsonAnswer(http.StatusBadRequest, object{
		"errors": []object{{"parameters": object{parameter: []string{value}}, "message": message}},
		"title":  "Invalid Request", "detail": "One or more parameters to your request was invalid.", "type": xProblems + "invalid-request",
	})
}

func xBroken() answer {
	return xProblem(http.StatusServiceUnavailable, "Service Unavailable", "Service Unavailable", "about:blank")
}

func (xFace) authenticate(s *Sandbox, c *call) *answer {
	no := xProblem(http.StatusUnauthorized, "Unauthorized", "Unauthorized", "about:blank")
	if !s.xCredential(c) {
		return &no
	}
	return nil
}

func (xFace) unreadable() answer {
	return xInvalid("body", "", "The request body could not be parsed.")
}
func (xFace) tooMany(*meter) answer {
	return xProblem(http.StatusTooManyRequests, "Too Many Requests", "Too Many Requests", "about:blank")
}
func (xFace) revoked() answer {
	return xProblem(http.StatusUnauthorized, "Unauthorized", "Unauthorized", "about:blank")
}

func (xFace) meterHeaders(a answer, m *meter) answer {
	return a.with("x-rate-limit-limit", strconv.Itoa(m.limit)).
		with("x-rate-limit-remaining", strconv.Itoa(m.remaining())).
		with("x-rate-limit-reset", strconv.FormatInt(m.reset.Add(time.Second-1).Unix(), 10))
}

func (s *Sandbox) xRoutes(m *http.ServeMux) {
	f := xFace{}
	s.xAppRoutes(m)
	s.consentPage(m, X, "/x/i/oauth2/authorize", " ", "client_id")
	add := func(pattern string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		run := rt.run
		rt.run = func(s *Sandbox, c *call) answer {
			if no := xPermitted(c, pattern); no != nil {
				return *no
			}
			return run(s, c)
		}
		m.HandleFunc(method+" /x"+path, s.serve(f, pattern, rt))
	}
	const upload = 1875 // per 15 min
	add("GET /2/users/me", route{op: opVerify, limit: 75, run: (*Sandbox).xMe})
	add("GET /2/users/{id}", route{op: opVerify, limit: 900, run: (*Sandbox).xUserByID})
	add("GET /2/users/by/username/{name}", route{op: opVerify, limit: 900, run: (*Sandbox).xUserByName})
	add("POST /2/tweets", route{op: opPublish, limit: 100, run: (*Sandbox).xPublish})
	add("GET /2/tweets", route{op: opMeasure, limit: 5000, run: (*Sandbox).xLookup})
	add("GET /2/tweets/{id}", route{op: opMeasure, limit: 900, run: (*Sandbox).xTweet})
	add("DELETE /2/tweets/{id}", route{op: opDelete, limit: 50, run: (*Sandbox).xDelete})
	add("PUT /2/tweets/{id}/hidden", route{op: opHide, limit: 50, run: (*Sandbox).xHide})
	add("GET /2/users/{id}/mentions", route{op: opPull, limit: 300, run: (*Sandbox).xMentions})
	add("GET /2/users/{id}/tweets", route{op: opFind, limit: 900, run: (*Sandbox).xUserTweets})
	add("GET /2/tweets/search/recent", route{op: opPull, limit: 300, run: (*Sandbox).xSearch})
	add("POST /2/media/upload/initialize", route{op: opStage, limit: upload, run: (*Sandbox).xMediaInit})
	add("POST /2/media/upload/{id}/append", route{op: opStage, limit: upload, run: (*Sandbox).xMediaAppend})
	add("POST /2/media/upload/{id}/finalize", route{op: opStage, limit: upload, run: (*Sandbox).xMediaFinalize})
	add("POST /2/media/upload", route{op: opStage, limit: 500, run: (*Sandbox).xMediaOneShot})
	add("GET /2/media/upload", route{op: opStage, limit: 1000, run: (*Sandbox).xMediaStatus})
	add("POST /2/media/metadata", route{op: opStage, limit: 500, run: (*Sandbox).xMediaMetadata})
	add("GET /2/dm_events", route{op: opPull, limit: 15, run: (*Sandbox).xDMEvents})
	add("GET /2/dm_conversations/with/{id}/dm_events", route{op: opFind, limit: 15, run: (*Sandbox).xDMWith})
	add("POST /2/dm_conversations/with/{id}/messages", route{op: opPublish, limit: 15, run: (*Sandbox).xDMSend})
	m.HandleFunc("POST /x/2/oauth2/token", s.xToken)
	m.HandleFunc("POST /x/2/oauth2/revoke", s.xRevoke)
	m.HandleFunc("/x/", func(w http.ResponseWriter, _ *http.Request) {
		xProblem(http.StatusNotFound, "Not Found", "Not Found", "about:blank").write(w)
	})
}

// xPermitted refuses an OAuth 2.0 credential that was not given what a call
// needs. https://docs.x.com/fundamentals/authentication/guides/v2-authentication-mapping
func xPermitted(c *call, pattern string) *answer {
	need := []string{"tweet.read", "users.read"}
	switch {
	case strings.Contains(pattern, "/dm_") && strings.HasPrefix(pattern, "GET"):
		need = append(need, "dm.read")
	case strings.Contains(pattern, "/dm_"):
		need = append(need, "dm.write")
	case strings.Contains(pattern, "/media/"):
		need = []string{"media.write"}
	case strings.HasSuffix(pattern, "/hidden"):
		need = append(need, "tweet.moderate.write")
	case !strings.HasPrefix(pattern, "GET"):
		need = append(need, "tweet.write")
	}
	for _, scope := range need {
		if c.token != nil && !c.token.may(scope) {
			return ptr(xForbidden("Your client app is not permitted to do this: the scope " + scope + " was not granted."))
		}
	}
	return nil
}
