package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What the discovery document says is held against exchanges that fit it and
// exchanges that do not.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	d := LoadDiscovery(t, Path(t, "youtube", "youtube-api.json"))
	asJSON := http.Header{"Content-Type": {"application/json"}}
	for name, c := range map[string]struct {
		e       Exchange
		covered bool
		wrong   string
	}{
		"a list that fits": {Exchange{Method: "GET", Path: "/youtube/v3/videos", Query: url.Values{"part": {"id"}, "id": {"a"}}, Status: 200,
			Answer: []byte(`{"kind":"youtube#videoListResponse","items":[{"id":"a","statistics":{"viewCount":"7"}}]}`)}, true, ""},
		"a number where its digits belong": {Exchange{Method: "GET", Path: "/youtube/v3/videos", Query: url.Values{"part": {"id"}}, Status: 200,
			Answer: []byte(`{"items":[{"statistics":{"viewCount":7}}]}`)}, true, "viewCount"},
		"an invented field": {Exchange{Method: "GET", Path: "/youtube/v3/videos", Query: url.Values{"part": {"id"}}, Status: 200,
			Answer: []byte(`{"items":[{"titel":"x"}]}`)}, true, "titel is unknown"},
		"an invented parameter":        {Exchange{Method: "GET", Path: "/youtube/v3/videos", Query: url.Values{"part": {"id"}, "vid": {"a"}}, Status: 200, Answer: []byte(`{}`)}, true, "parameter vid"},
		"a parameter that is missing":  {Exchange{Method: "GET", Path: "/youtube/v3/videos", Query: url.Values{}, Status: 200, Answer: []byte(`{}`)}, true, "parameter part is missing"},
		"a status that does not exist": {Exchange{Method: "POST", Path: "/youtube/v3/comments/setModerationStatus", Query: url.Values{"id": {"a"}, "moderationStatus": {"hidden"}}, Status: 204}, true, "not one of"},
		"a body where 204 belongs":     {Exchange{Method: "DELETE", Path: "/youtube/v3/comments", Query: url.Values{"id": {"a"}}, Status: 204, Answer: []byte("{}")}, true, "where 204"},
		"an unknown field sent":        {Exchange{Method: "POST", Path: "/youtube/v3/comments", Query: url.Values{"part": {"snippet"}}, Header: asJSON, Body: []byte(`{"snippet":{"text":"x"}}`), Status: 200, Answer: []byte(`{}`)}, true, "snippet.text is unknown"},
		"a session without an address": {Exchange{Method: "POST", Path: "/upload/youtube/v3/videos", Query: url.Values{"part": {"snippet"}, "uploadType": {"resumable"}}, Header: asJSON, Body: []byte(`{}`), Status: 200}, true, "without an address"},
		"a chunk":                      {Exchange{Method: "PUT", Path: "/upload/youtube/v3/videos", Query: url.Values{"upload_id": {"x"}}, Header: http.Header{"Content-Range": {"bytes 0-1/9"}}, Body: []byte("ab"), Status: 308}, true, ""},
		"a chunk of nowhere":           {Exchange{Method: "PUT", Path: "/upload/youtube/v3/videos", Query: url.Values{"upload_id": {"x"}}, Header: http.Header{"Content-Range": {"0-1"}}, Body: []byte("ab"), Status: 308}, true, "Content-Range"},
		"an error":                     {Exchange{Method: "GET", Path: "/youtube/v3/videos", Status: 404}, false, ""},
		"another address":              {Exchange{Method: "GET", Path: "/youtube/v3/posts", Status: 200}, false, ""},
	} {
		_, covered, err := d.Judge(c.e)
		if covered != c.covered || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: covered %v, %v", name, covered, err)
		}
	}
}
