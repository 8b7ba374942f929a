package mastodon

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
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "1", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

func TestALookThatWasToldNothingIsNotComplete(t *testing.T) {
	for _, body := range []string{`null`, ` null `, `{}`, ``, `<html>Welcome</html>`, `{"error":"later"}`} {
		c, a := saying(t, 200, body)
		if f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "x"}, Started: time.Now()}); err == nil && f.Complete {
			t.Errorf("%q: %+v: it would be published again", body, f)
		}
	}
}

func TestAPageThatIsOutOfOrderIsReadToItsEnd(t *testing.T) {
	now := time.Now().UTC()
	c, a := saying(t, 200, `[{"id":"1","content":"lama","created_at":"2026-01-01T00:00:00Z","account":{"id":"1"}},
		{"id":"9","content":"Jalan ditutup","created_at":"`+now.Format(time.RFC3339)+`","account":{"id":"1"}}]`)
	f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "Jalan ditutup"}, Started: now})
	if err != nil || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != "9" {
		t.Fatalf("%+v, %v", f, err)
	}
}

func TestAGatewaysWordDecidesNothing(t *testing.T) {
	for _, status := range []int{404, 410} {
		c, a := saying(t, status, `<html>no such upstream</html>`)
		r, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "Jalan ditutup", Key: "k"}, nil)
		if o := platform.Classify(r, err); o != platform.Unknown {
			t.Errorf("%d: %s (%v)", status, o, err)
		}
	}
	c, a := saying(t, 200, `<html>Welcome</html>`)
	if err := c.Delete(t.Context(), a, "9"); err == nil {
		t.Error("a page was taken for a deletion")
	}
}
