package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// youtubeFace answers as the YouTube Data API v3 does (discovery document
// revision 20261019; developers.google.com/youtube/v3/docs/errors).
type youtubeFace struct{}

func (youtubeFace) platform() string { return YouTube }

// ytError is Google's error body.
func ytError(status int, reason, domain, message string) answer {
	names := map[int]string{
		http.StatusBadRequest: "INVALID_ARGUMENT", http.StatusUnauthorized: "UNAUTHENTICATED", http.StatusForbidden: "PERMISSION_DENIED",
		http.StatusNotFound: "NOT_FOUND", http.StatusTooManyRequests: "RESOURCE_EXHAUSTED", http.StatusInternalServerError: "INTERNAL",
	}
	return jsonAnswer(status, object{"error": object{
		"code": status, "message": message, "status": names[status],
		"errors": []object{{"message": message, "domain": domain, "reason": reason}},
	}})
}

func (youtubeFace) authenticate(s *Sandbox, c *call) *answer {
	bearer, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		no := ytError(http.StatusUnauthorized, "required", "global", "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.")
		return &no
	}
	t := s.world.tokens[bearer]
	c.token = t
	if t == nil || !strings.HasPrefix(t.Account, YouTube+"/") || t.dead(c.now) {
		no := youtubeFace{}.revoked()
		return &no
	}
	scope := "https://www.googleapis.com/auth/youtube.force-ssl"
	if strings.Contains(c.r.URL.Path, "/upload/") && t.may("https://www.googleapis.com/auth/youtube.upload") {
		scope = "https://www.googleapis.com/auth/youtube.upload"
	}
	if !t.may(scope) {
		no := ytError(http.StatusForbidden, "insufficientPermissions", "global", "Request had insufficient authentication scopes.")
		return &no
	}
	c.account = s.world.owner(t)
	return nil
}

func (youtubeFace) unreadable() answer {
	return ytError(http.StatusBadRequest, "parseError", "global", "Parse Error")
}

// tooMany is the limit per minute; the daily quota is told in ytSpend.
func (youtubeFace) tooMany(*meter) answer {
	return ytError(http.StatusTooManyRequests, "rateLimitExceeded", "usageLimits", "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'youtube.googleapis.com'.")
}
func (youtubeFace) revoked() answer {
	return ytError(http.StatusUnauthorized, "authError", "global", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.")
}

// meterHeaders: Google tells nothing of what is left.
func (youtubeFace) meterHeaders(a answer, _ *meter) answer { return a }

// Daily quota of a project: units for most calls, and a bucket of its own for
// uploads (developers.google.com/youtube/v3/determine_quota_cost).
const (
	ytUnitsADay   = 10_000
	ytUploadsADay = 100
	ytRead        = 1
	ytWrite       = 50
)

// ytSpend takes units from the project's day; an answer says that it is used up.
func (s *Sandbox) ytSpend(c *call, bucket string, units, limit int) *answer {
	if !s.rules.TrueLimits {
		limit *= roomy
	}
	key := YouTube + " project " + bucket
	m := s.meters[key]
	if m == nil || !c.now.Before(m.reset) {
		m = &meter{reset: pacificMidnight(c.now)}
		s.meters[key] = m
	}
	m.limit, m.now = limit, c.now
	if m.used+units > m.limit {
		no := ytError(http.StatusForbidden, "quotaExceeded", "youtube.quota", `The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.`)
		return &no
	}
	m.used += units
	return nil
}

// pacificMidnight is when the day's quota begins anew.
func pacificMidnight(now time.Time) time.Time {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		zone = time.FixedZone("PST", -8*3600)
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}

// ytPriced is a route whose calls cost units.
func ytPriced(units int, run func(*Sandbox, *call) answer) func(*Sandbox, *call) answer {
	return func(s *Sandbox, c *call) answer {
		if no := s.ytSpend(c, "units", units, ytUnitsADay); no != nil {
			return *no
		}
		return run(s, c)
	}
}

func (s *Sandbox) youtubeRoutes(m *http.ServeMux) {
	f := youtubeFace{}
	add := func(pattern, op string, units int, run func(*Sandbox, *call) answer) {
		method, path, _ := strings.Cut(pattern, " ")
		m.HandleFunc(method+" /yt/youtube/v3"+path, s.serve(f, pattern, route{op: op, limit: 3000, window: time.Minute, run: ytPriced(units, run)}))
	}
	// One address, two purposes: reading what became of an upload, and figures.
	videos := route{limit: 3000, window: time.Minute, run: ytPriced(ytRead, (*Sandbox).ytVideos), opOf: func(c *call) string {
		if slices.Contains(ytParts(c), "statistics") {
			return opMeasure
		}
		return opFind
	}}
	m.HandleFunc("GET /yt/youtube/v3/videos", s.serve(f, "GET /videos", videos))
	add("PUT /videos", opPublish, ytWrite, (*Sandbox).ytUpdate)
	add("DELETE /videos", opDelete, ytWrite, (*Sandbox).ytDelete)
	add("GET /channels", opVerify, ytRead, (*Sandbox).ytChannels)
	add("GET /playlistItems", opFind, ytRead, (*Sandbox).ytPlaylistItems)
	add("GET /commentThreads", opPull, ytRead, (*Sandbox).ytThreads)
	add("POST /commentThreads", opPublish, ytWrite, (*Sandbox).ytThreadInsert)
	add("GET /comments", opPull, ytRead, (*Sandbox).ytComments)
	add("POST /comments", opPublish, ytWrite, (*Sandbox).ytCommentInsert)
	add("PUT /comments", opPublish, ytWrite, (*Sandbox).ytCommentUpdate)
	add("DELETE /comments", opDelete, ytWrite, (*Sandbox).ytCommentDelete)
	add("POST /comments/setModerationStatus", opHide, ytWrite, (*Sandbox).ytModerate)
	for _, prefix := range []string{"/yt/upload", "/yt/resumable/upload"} {
		upload := s.serve(f, "upload videos", route{op: opStage, limit: 3000, window: time.Minute, run: (*Sandbox).ytUpload})
		m.HandleFunc("POST "+prefix+"/youtube/v3/videos", upload)
		m.HandleFunc("PUT "+prefix+"/youtube/v3/videos", upload)
		m.HandleFunc("POST "+prefix+"/youtube/v3/thumbnails/set", s.serve(f, "upload thumbnail", route{op: opStage, run: ytPriced(ytWrite, (*Sandbox).ytThumbnail)}))
	}
	s.consentPage(m, YouTube, "/yt/o/oauth2/v2/auth", " ", "client_id")
	m.HandleFunc("POST /yt/token", s.ytToken)
	m.HandleFunc("/yt/", func(w http.ResponseWriter, _ *http.Request) { htmlNotFound().write(w) })
}

// htmlNotFound is what Google's frontend says of a path nobody serves.
func htmlNotFound() answer {
	const page = "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That’s an error.</ins></p>\n</html>\n"
	return answer{status: http.StatusNotFound, header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, body: []byte(page)}
}
