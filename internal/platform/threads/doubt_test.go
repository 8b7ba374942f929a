package threads

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
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "1", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

// nothingSaid are good answers that say nothing about what is there.
func nothingSaid() map[string]string {
	return map[string]string{
		"an empty object": `{}`, "nothing at all": ``, "null": `null`, "a page": `<html>Welcome</html>`, "a list that is null": `{"data":null}`,
		"an error with a good status": `{"error":{"code":1,"message":"later"}}`, "a list of another type": `{"data":"none"}`,
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
			"without notes": {Out: platform.Outgoing{Text: "Jalan ditutup"}},
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

func TestAContainerInAStateThatIsNewDecidesNothing(t *testing.T) {
	out := platform.Outgoing{Text: "Jalan ditutup"}
	for _, state := range []string{"PUBLISHING", "published", "ARCHIVED"} {
		c, a := saying(t, 200, `{"id":"77","status":"`+state+`","data":[]}`)
		f, err := c.Find(t.Context(), a, platform.Attempt{Out: out, Notes: notes{noteContainer: "77 " + digest(out)}, Started: time.Now()})
		if err == nil && f.Complete {
			t.Errorf("%s: %+v: it would be published again", state, f)
		}
	}
}
