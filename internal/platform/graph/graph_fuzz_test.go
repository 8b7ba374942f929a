package graph

import (
	"net/http"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

func FuzzErrors(f *testing.F) {
	f.Add(200, `{"error":{"message":"said","type":"OAuthException","code":190,"error_subcode":463}}`)
	f.Add(503, "{}")
	f.Add(400, `{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}`)
	f.Add(200, `{"call_count":28,"total_time":25,"total_cputime":25}`)
	f.Add(200, `{"111":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":7}]}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		answer := safehttp.Answer{Status: status, Body: []byte(body), Header: http.Header{"X-App-Usage": {body}, "X-Business-Use-Case-Usage": {body}, "Retry-After": {body}}}
		if e, ok := Parse(answer.Body); ok && Meaning(e, e.words(), answer, time.Now()) == nil {
			t.Error("an error without a meaning")
		}
		if untraded(answer, nil) == nil {
			t.Error("a trade that failed without a reason")
		}
		if until := Again(answer.Header, time.Now()); until.IsZero() {
			t.Error("no time")
		}
		if used, ok := Used(answer.Header); ok && used < 0 && used > 1e6 {
			t.Errorf("used %v", used)
		}
	})
}

type named struct {
	ID string `json:"id"`
	At When   `json:"timestamp"`
}

func FuzzList(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","timestamp":"2026-11-23T07:00:00+0000"}],"paging":{"cursors":{"after":"b"},"next":"https://x/?after=b"}}`))
	f.Add([]byte(`{"data":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		l, more, err := ReadList[named](safehttp.Answer{Status: 200, Body: body})
		if err == nil && l.Paging.Next != "" && len(more) == 0 {
			t.Error("a next page that leads nowhere")
		}
	})
}

func FuzzMemory(f *testing.F) {
	f.Add(`{"k":{"1":"vabc"}}`, "1", "teks")
	f.Add(`{"k":{"1":""}}`, "1", "")
	f.Add(`[]`, "", "")
	f.Fuzz(func(t *testing.T, cursor, id, text string) {
		items, next := ReadMemory(cursor).Compare([]platform.Item{{RemoteID: id, Text: text}}, true, "root", time.Now())
		for _, i := range items {
			if i.RemoteID == "" && !i.Deleted {
				t.Errorf("%+v", i)
			}
		}
		if again, _ := next.Compare([]platform.Item{{RemoteID: id, Text: text}}, true, "root", time.Now()); len(again) != 0 {
			t.Errorf("read twice, heard again: %+v", again)
		}
		ReadPlace(cursor)
	})
}
