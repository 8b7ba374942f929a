package youtube

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
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "UC1", Handle: "kota", Token: platform.Token{Access: "SECRETTOKEN"}}
}

// nothingSaid are good answers that say nothing about what is there.
func nothingSaid() map[string]string {
	return map[string]string{
		"an empty object": `{}`, "nothing at all": ``, "null": `null`, "a page": `<html>Welcome</html>`, "a list that is null": `{"items":null}`,
		"an error with a good status": `{"error":{"code":1,"message":"later"}}`, "a list of another type": `{"items":"none"}`,
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
			"a film":    {Out: platform.Outgoing{Text: "Jalan ditutup"}, Notes: notes{noteVideo: "abcdefghijk"}},
			"an answer": {Out: platform.Outgoing{Text: "Terima kasih", InReplyTo: "Ugxxx.yyyyyyyyyyyyy"}},
			"a comment": {Out: platform.Outgoing{Text: "Terima kasih", InReplyTo: "abcdefghijk"}},
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
			"deleting": func(c *Connector, a platform.Account) error { return c.Delete(t.Context(), a, "abcdefghijk") },
			"hiding":   func(c *Connector, a platform.Account) error { return c.SetHidden(t.Context(), a, "Ugx", true) },
			"changing": func(c *Connector, a platform.Account) error {
				return c.Edit(t.Context(), a, "Ugx", platform.Outgoing{Text: "x"})
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

func TestAFilmThatIsNotSaidToBePublicIsNotPublished(t *testing.T) {
	private := `{"items":[{"id":"abcdefghijk","status":{"uploadStatus":"processed","privacyStatus":"private"}}]`
	for name, answer := range map[string]string{
		"only its id": `{"id":"abcdefghijk"}`, "no state": `{"id":"abcdefghijk","status":{}}`, "a state that is new": `{"id":"abcdefghijk","status":{"privacyStatus":"scheduled"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, a := saying(t, 200, private+","+answer[1:])
			r, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "Jalan ditutup", Media: []platform.Media{{Type: "video/mp4", Size: 9}}}, notes{noteVideo: "abcdefghijk"})
			if o := platform.Classify(r, err); o != platform.Unknown {
				t.Fatalf("%s (%v)", o, err)
			}
		})
	}
}

func TestAFilmWithoutAKnownStateDecidesNothing(t *testing.T) {
	c, a := saying(t, 200, `{"items":[{"id":"abcdefghijk","status":{}}]}`)
	if f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "x"}, Notes: notes{noteVideo: "abcdefghijk"}, Started: time.Now()}); err == nil {
		t.Fatalf("found %+v", f)
	}
}

func TestACommentWithoutATimeLosesNothing(t *testing.T) {
	c, a := saying(t, 200, `{"nextPageToken":"P2","items":[
		{"snippet":{"videoId":"abcdefghijk","topLevelComment":{"id":"Ug1","snippet":{"textDisplay":"satu","publishedAt":null}}}},
		{"snippet":{"videoId":"abcdefghijk","topLevelComment":{"id":"Ug2","snippet":{"textDisplay":"dua","publishedAt":"2026-10-02T10:00:00Z"}}}}]}`)
	page, err := c.Pull(t.Context(), a, feedComments, mark{At: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Unix()}.String())
	if err != nil || len(page.Items) != 2 || !page.More {
		t.Fatalf("%d items, more %v, %v", len(page.Items), page.More, err)
	}
}
