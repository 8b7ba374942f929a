package bluesky

import (
	"context"
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
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "did:plc:me", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

// nothingSaid are good answers that say nothing about what is there.
func nothingSaid() map[string]string {
	return map[string]string{
		"an empty object": `{}`, "nothing at all": ``, "null": `null`, "a page": `<html>Welcome</html>`, "a list that is null": `{"messages":null}`,
		"an error with a good status": `{"error":{"code":1,"message":"later"}}`, "a list of another type": `{"messages":"none"}`,
	}
}

type notes map[string]string

func (n notes) Value(name string) string { return n[name] }
func (n notes) Save(_ context.Context, name, value string) error {
	n[name] = value
	return nil
}

func TestALookThatWasToldNothingIsNotComplete(t *testing.T) {
	for name, body := range nothingSaid() {
		for what, at := range map[string]platform.Attempt{
			"a post without notes": {Out: platform.Outgoing{Text: "Jalan ditutup"}},
			"a message":            {Out: platform.Outgoing{Text: "Terima kasih", InReplyTo: "m1", Thread: "c1", To: "did:plc:you"}, Notes: notes{noteBefore: "m1"}},
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

func TestPostsThatWereNotToldAreNotDeleted(t *testing.T) {
	for name, body := range nothingSaid() {
		c, a := saying(t, 200, body)
		page, err := c.Pull(t.Context(), a, feedOwn, `{"begun":true,"seen":["3kaaaaaaaaa2a"]}`)
		if err == nil && len(page.Items) > 0 {
			t.Errorf("%s: %+v", name, page.Items)
		}
	}
}
