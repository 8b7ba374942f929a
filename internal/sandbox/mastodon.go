package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mastodonFace answers as a Mastodon 4 instance does (docs.joinmastodon.org).
type mastodonFace struct{}

func (mastodonFace) platform() string { return Mastodon }

func mastodonError(status int, text string) answer {
	return jsonAnswer(status, object{"error": text})
}

func (mastodonFace) authenticate(s *Sandbox, c *call) *answer {
	bearer, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		no := mastodonError(http.StatusUnauthorized, "This method requires an authenticated user")
		return &no
	}
	t := s.world.tokens[bearer]
	if t == nil || !strings.HasPrefix(t.Account, Mastodon+"/") {
		no := mastodonError(http.StatusUnauthorized, "The access token is invalid")
		c.token = t
		return &no
	}
	c.token = t
	if t.dead(c.now) {
		no := mastodonFace{}.revoked()
		return &no
	}
	c.account = s.world.owner(t)
	return nil
}

func (mastodonFace) unreadable() answer {
	return mastodonError(http.StatusBadRequest, "Error occurred while parsing request parameters")
}
func (mastodonFace) tooMany(*meter) answer {
	return mastodonError(http.StatusTooManyRequests, "Too many requests")
}
func (mastodonFace) revoked() answer {
	return mastodonError(http.StatusUnauthorized, "The access token was revoked")
}

// meterHeaders: Mastodon tells the reset as an ISO 8601 time.
func (mastodonFace) meterHeaders(a answer, m *meter) answer {
	return a.with("X-RateLimit-Limit", strconv.Itoa(m.limit)).
		with("X-RateLimit-Remaining", strconv.Itoa(m.remaining())).
		with("X-RateLimit-Reset", m.reset.UTC().Format("2006-01-02T15:04:05.000000Z"))
}

func mastodonNotFound() answer { return mastodonError(http.StatusNotFound, "Record not found") }

func (s *Sandbox) mastodonRoutes(m *http.ServeMux) {
	f := mastodonFace{}
	add := func(pattern, scope string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		if rt.window == 0 {
			rt.window = 5 * time.Minute
		}
		run := rt.run
		rt.run = func(s *Sandbox, c *call) answer {
			if !mastoMay(c.token, scope) {
				return mastodonOutside()
			}
			return run(s, c)
		}
		m.HandleFunc(method+" /masto"+path, s.serve(f, pattern, rt))
	}
	add("GET /api/v1/accounts/verify_credentials", "read:accounts", route{op: opVerify, run: (*Sandbox).mastoVerify})
	add("GET /api/v1/accounts/lookup", "", route{op: opVerify, open: true, run: (*Sandbox).mastoLookup})
	add("GET /api/v1/accounts/relationships", "read:follows", route{op: opVerify, run: (*Sandbox).mastoRelationships})
	add("GET /api/v1/accounts/{id}", "", route{op: opVerify, open: true, run: (*Sandbox).mastoAccount})
	add("GET /api/v1/accounts/{id}/statuses", "", route{op: opFind, open: true, run: (*Sandbox).mastoAccountStatuses})
	for _, deed := range []string{"block", "unblock", "mute", "unmute"} {
		scope := "write:" + strings.TrimPrefix(deed, "un") + "s"
		add("POST /api/v1/accounts/{id}/"+deed, scope, route{op: opHide, run: (*Sandbox).mastoBlock})
	}
	add("GET /api/v1/blocks", "read:blocks", route{op: opPull, run: (*Sandbox).mastoBlocks})
	add("GET /api/v1/instance", "", route{op: opVerify, open: true, run: (*Sandbox).mastoInstance1})
	add("GET /api/v2/instance", "", route{op: opVerify, open: true, run: (*Sandbox).mastoInstance2})
	add("POST /api/v1/statuses", "write:statuses", route{op: opPublish, run: (*Sandbox).mastoPublish})
	add("GET /api/v1/statuses", "", route{op: opMeasure, open: true, run: (*Sandbox).mastoStatuses})
	add("GET /api/v1/statuses/{id}", "", route{op: opMeasure, open: true, run: (*Sandbox).mastoStatus})
	add("PUT /api/v1/statuses/{id}", "write:statuses", route{op: opPublish, run: (*Sandbox).mastoEdit})
	add("DELETE /api/v1/statuses/{id}", "write:statuses", route{op: opDelete, limit: 30, window: 30 * time.Minute, run: (*Sandbox).mastoDelete})
	add("GET /api/v1/statuses/{id}/context", "", route{op: opPull, open: true, run: (*Sandbox).mastoContext})
	add("GET /api/v1/statuses/{id}/history", "", route{op: opPull, open: true, run: (*Sandbox).mastoHistory})
	add("GET /api/v1/statuses/{id}/source", "read:statuses", route{op: opPull, run: (*Sandbox).mastoSource})
	add("POST /api/v1/statuses/{id}/mute", "write:mutes", route{op: opHide, run: (*Sandbox).mastoMute})
	add("POST /api/v1/statuses/{id}/unmute", "write:mutes", route{op: opHide, run: (*Sandbox).mastoMute})
	add("GET /api/v1/notifications", "read:notifications", route{op: opPull, run: (*Sandbox).mastoNotifications})
	add("GET /api/v1/conversations", "read:statuses", route{op: opPull, run: (*Sandbox).mastoConversations})
	add("POST /api/v1/reports", "write:reports", route{op: opHide, run: (*Sandbox).mastoReport})
	add("POST /api/v2/media", "write:media", route{op: opStage, limit: 30, window: 30 * time.Minute, run: (*Sandbox).mastoUpload})
	add("POST /api/v1/media", "write:media", route{op: opStage, limit: 30, window: 30 * time.Minute, run: (*Sandbox).mastoUploadOld})
	add("GET /api/v1/media/{id}", "write:media", route{op: opStage, run: (*Sandbox).mastoMedia})
	add("PUT /api/v1/media/{id}", "write:media", route{op: opStage, run: (*Sandbox).mastoMediaEdit})
	add("POST /api/v1/apps", "", route{op: opVerify, open: true, run: (*Sandbox).mastoApp})
	add("POST /oauth/token", "", route{op: opVerify, open: true, run: (*Sandbox).mastoToken})
	add("POST /oauth/revoke", "", route{op: opVerify, open: true, run: (*Sandbox).mastoRevoke})
	s.consentPage(m, Mastodon, "/masto/oauth/authorize", " ", "client_id")
	m.HandleFunc("GET /masto/api/v1/streaming/user/notification", s.mastoStreaming)
	m.HandleFunc("GET /masto/api/v1/streaming/health", func(w http.ResponseWriter, _ *http.Request) {
		answer{status: http.StatusOK, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte("OK")}.write(w)
	})
	m.HandleFunc("/masto/", func(w http.ResponseWriter, _ *http.Request) { mastodonNotFound().write(w) })
}
