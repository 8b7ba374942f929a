package linkedin

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// saying is a connector whose platform gives one answer to everything.
func saying(t *testing.T, status int, body string) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "urn:li:organization:1", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

// nothingSaid are good answers that say nothing about what is there.
func nothingSaid() map[string]string {
	return map[string]string{
		"an empty object": `{}`, "nothing at all": ``, "null": `null`, "a page": `<html>Welcome</html>`, "a list that is null": `{"elements":null}`,
		"an error with a good status": `{"error":{"code":1,"message":"later"}}`, "a list of another type": `{"elements":"none"}`,
	}
}

func TestALookThatWasToldNothingIsNotComplete(t *testing.T) {
	for name, body := range nothingSaid() {
		for what, at := range map[string]platform.Attempt{
			"a post":    {Out: platform.Outgoing{Text: "Jalan ditutup"}},
			"an answer": {Out: platform.Outgoing{Text: "Terima kasih", InReplyTo: "urn:li:share:7"}},
		} {
			t.Run(what+", "+name, func(t *testing.T) {
				c, a := saying(t, 200, body)
				at.Started = time.Now().Add(-time.Minute)
				if f, err := c.Find(t.Context(), a, at); err == nil && f.Complete {
					t.Fatalf("found %+v: it would be published again", f)
				}
			})
		}
	}
}

func TestAChangeThatIsNotConfirmedIsNotDone(t *testing.T) {
	for name, body := range map[string]string{"a page": `<html>Welcome</html>`, "an error with a good status": `{"error":{"code":403,"message":"no"}}`} {
		for what, do := range map[string]func(*Connector, platform.Account) error{
			"deleting": func(c *Connector, a platform.Account) error { return c.Delete(t.Context(), a, "urn:li:share:7") },
			"removing": func(c *Connector, a platform.Account) error {
				return c.Remove(t.Context(), a, "urn:li:comment:(urn:li:activity:1,2)")
			},
			"changing": func(c *Connector, a platform.Account) error {
				return c.Edit(t.Context(), a, "urn:li:comment:(urn:li:activity:1,2)", platform.Outgoing{Text: "x"})
			},
		} {
			t.Run(what+", "+name, func(t *testing.T) {
				c, a := saying(t, 200, body)
				if err := do(c, a); err == nil {
					t.Fatal("taken for done")
				}
			})
		}
	}
}

func TestAShortPageWithANextOneIsNotTheEnd(t *testing.T) {
	c, a := saying(t, 200, `{"elements":[],"paging":{"links":[{"rel":"next","href":"/rest/posts"}]}}`)
	if f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "x"}, Started: time.Now()}); err != nil || f.Complete {
		t.Fatalf("%+v, %v", f, err)
	}
}

func TestCommentsThatWereNotToldAreNotDeleted(t *testing.T) {
	for name, body := range nothingSaid() {
		c, a := saying(t, 200, body)
		page, err := c.PullThread(t.Context(), a, platform.Watch{RemoteID: "urn:li:share:7"}, `{"known":{"urn:li:comment:(urn:li:activity:1,2)":{"c":1,"x":1}}}`)
		if err == nil && len(page.Items) > 0 {
			t.Errorf("%s: %+v", name, page.Items)
		}
	}
}
