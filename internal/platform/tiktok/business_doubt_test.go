package tiktok

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// A list of comments that is shorter than the post's count, or that says
// nothing at all, is no deletion.
func TestAShortListDeletesNothing(t *testing.T) {
	const two = `[{"comment_id":"81","video_id":"71","unique_identifier":"a","username":"a","text":"satu","create_time":"1795435200","status":"PUBLIC"},
		{"comment_id":"82","video_id":"71","unique_identifier":"b","username":"b","text":"dua","create_time":"1795435201","status":"PUBLIC"}]`
	count, comments := 2, `"comments":`+two
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		data := `{` + comments + `}`
		if strings.Contains(r.URL.Path, "video/list") {
			data = fmt.Sprintf(`{"videos":[{"item_id":"71","create_time":"1795430000","comments":%d}],"has_more":false}`, count)
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"OK","request_id":"1","data":`+data+`}`)
	}))
	defer server.Close()
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	defer client.Close()
	c := New(client)
	a := platform.Account{Platform: Name, BaseURL: server.URL, Mode: Business, RemoteID: "1", Token: platform.Token{Access: "t"}}
	pull := func(cursor string) platform.Page {
		t.Helper()
		page, err := c.pullBusiness(t.Context(), a, cursor)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	gone := func(p platform.Page) (n int) {
		for _, i := range p.Items {
			if i.Deleted {
				n++
			}
		}
		return n
	}
	page := pull("")
	if len(page.Items) != 2 || gone(page) != 0 {
		t.Fatalf("first: %+v", page.Items)
	}
	count, comments = 3, ""
	for range 3 {
		if page = pull(page.Cursor); gone(page) != 0 {
			t.Fatalf("an empty answer: %+v", page.Items)
		}
	}
	count, comments = 1, `"comments":`+two[:strings.Index(two, "},")+1]+"]"
	if page = pull(page.Cursor); gone(page) != 1 || page.Items[0].RemoteID != "82" {
		t.Errorf("one was deleted: %+v", page.Items)
	}
}
