package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzRequests sends any body to the publishing door of every face: an answer
// comes, it is never a 5xx, and what was refused is not in the world.
func FuzzRequests(f *testing.F) {
	const part = "--b\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nhalo\r\n--b--\r\n"
	for _, seed := range []struct{ kind, body string }{
		{"application/json", `{"text":"halo","status":"halo","message":"halo"}`},
		{"application/json; charset=utf-8", `{"text":"x","reply":{"in_reply_to_tweet_id":"1"},"media":{"media_ids":["1"]}}`},
		{"application/json", `{"attached_media":[{"media_fbid":"1"}],"message":null}`},
		{"application/json", `[1,2`},
		{"application/json", `{"media_ids":{"a":1},"status":["x"]}`},
		{"application/x-www-form-urlencoded", "status=halo&media_ids[]=1&media_ids[]=2&message=halo"},
		{"application/x-www-form-urlencoded", "attached_media[0]={%22media_fbid%22:%221%22}&message=%ff"},
		{"application/x-www-form-urlencoded", "batch=[{\"method\":\"GET\",\"relative_url\":\"me?fields=id{id{id\"}]"},
		{"application/x-www-form-urlencoded", "%zz=1"},
		{"multipart/form-data; boundary=b", part},
		{"multipart/form-data; boundary=b", "--b\r\n\r\n"},
		{"multipart/form-data", part},
		{"", "\x00"},
	} {
		f.Add(seed.kind, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		s, err := New(Options{Seed: 1, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Credentials("http://sandbox.example") {
			if c.Mode != "" {
				continue
			}
			path := map[string]string{X: "/x/2/tweets", Facebook: "/fb/v25.0/me/feed", Mastodon: "/masto/api/v1/statuses"}[c.Platform]
			if path == "" {
				continue
			}
			for _, path := range []string{path, strings.Replace(path, "me/feed", "", 1)} {
				before := len(s.World())
				r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body)))
				r.Header.Set("Content-Type", kind)
				r.Header.Set("Authorization", "Bearer "+c.Token.Access)
				w := httptest.NewRecorder()
				s.Handler().ServeHTTP(w, r)
				if w.Code >= 500 {
					t.Errorf("%s answered %d to %q", path, w.Code, body)
				}
				if batch := strings.HasSuffix(path, "/"); !batch && (w.Code/100 == 2) != (len(s.World()) > before) {
					t.Errorf("%s answered %d and the world went from %d to %d", path, w.Code, before, len(s.World()))
				}
			}
		}
	})
}
