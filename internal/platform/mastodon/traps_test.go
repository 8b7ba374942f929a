package mastodon

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/test/real"
)

// A server that makes a post of every call, key or not: what was made is found
// before anything is sent again.
func TestTrapIgnoredIdempotencyKey(t *testing.T) {
	var mu sync.Mutex
	made := []string{}
	c, a := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodPost {
			if r.Header.Get("Idempotency-Key") != "k" {
				t.Errorf("the key: %q", r.Header.Get("Idempotency-Key"))
			}
			made = append(made, fmt.Sprintf(`{"id":"%d","created_at":%q,"content":"<p>Sekali</p>","account":{"id":"1"}}`, len(made)+1, time.Now().UTC().Format(time.RFC3339Nano)))
			w.WriteHeader(http.StatusBadGateway) // done, and the gateway lost the answer
			return
		}
		list := slices.Clone(made)
		slices.Reverse(list)
		fmt.Fprint(w, "["+strings.Join(list, ",")+"]")
	}))
	at := platform.Attempt{Out: platform.Outgoing{Key: "k", Text: "Sekali"}, Started: time.Now(), Notes: &platformtest.Notes{}}
	r, err := c.Publish(t.Context(), a, at.Out, at.Notes)
	if platform.Classify(r, err) != platform.Unknown {
		t.Fatalf("%+v %v", r, err)
	}
	f, err := c.Find(t.Context(), a, at)
	if err != nil || !f.Complete || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != "1" || len(made) != 1 {
		t.Errorf("%+v %v, %d made", f, err, len(made))
	}
}

// A bad token is 401 on Mastodon, 400 or 401 elsewhere, an empty 422 on snac2.
func TestTrapBadTokenIn400And401And422(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"Mastodon":                     {401, `{"error":"The access token is invalid"}`},
		"GoToSocial":                   {401, `{"error":"Unauthorized: token not supplied"}`},
		"a server that says it in 400": {400, `{"error":"invalid_token","error_description":"The token has expired"}`},
		"snac2":                        {422, ``},
	} {
		t.Run(name, func(t *testing.T) {
			conn, a := told(t, c.status, nil, c.body)
			_, publish := conn.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, &platformtest.Notes{})
			_, verify := conn.Verify(t.Context(), a)
			_, pull := conn.Pull(t.Context(), a, feedMentions, "")
			for deed, err := range map[string]error{"publish": publish, "verify": verify, "pull": pull, "delete": conn.Delete(t.Context(), a, "1")} {
				if r := platform.AsRefusal(err); r == nil || !r.Auth || r.Fix != platform.FixAdmin {
					t.Errorf("%s: %v", deed, err)
				}
			}
		})
	}
}

// DELETE answers 404 for what is gone, and on snac2 for what is there.
func TestTrapDeleteIs404(t *testing.T) {
	there := true
	c, a := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete || !there {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, `{"id":"1"}`)
	}))
	if r := platform.AsRefusal(c.Delete(t.Context(), a, "1")); r == nil || r.Code != "platform.delete_unsupported" {
		t.Errorf("still there: %v", r)
	}
	there = false
	if err := c.Delete(t.Context(), a, "1"); err != nil {
		t.Errorf("gone: %v", err)
	}
}

// Media that need polling: 202, 206 for a while, then ready; a film that fails
// is the file's fault; a server that tells nothing of what waits is believed.
func TestTrapMediaThatNeedPolling(t *testing.T) {
	for name, c := range map[string]struct {
		upload int
		first  string
		looks  []int // answers to GET /api/v1/media/:id
		code   string
	}{
		"ready after a while":            {202, `{"id":"7","url":null}`, []int{206, 206, 200}, ""},
		"ready at once, and not told of": {200, `{"id":"7","url":"https://x/7"}`, []int{404, 404}, ""},
		"it cannot be worked through":    {202, `{"id":"7","url":null}`, []int{206, 422}, "platform.media_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			uploads, looks := 0, 0
			conn, a := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPost:
					uploads++
					w.WriteHeader(c.upload)
					fmt.Fprint(w, c.first)
				case strings.Contains(r.URL.Path, "/media/"):
					status := c.looks[min(looks, len(c.looks)-1)]
					looks++
					w.WriteHeader(status)
					fmt.Fprint(w, map[int]string{206: `{"id":"7","url":null}`, 200: `{"id":"7","url":"https://x/7"}`, 422: `{"error":"Media processing failed"}`}[status])
				default:
					fmt.Fprint(w, "[]")
				}
			}))
			out := platform.Outgoing{Text: "x", Media: []platform.Media{{Key: "media.0", Type: "image/png", Size: 1, Open: platform.Bytes([]byte("x"))}}}
			n := &platformtest.Notes{}
			for range 2 {
				err := conn.Stage(t.Context(), a, out, n)
				if c.code == "" && err != nil || c.code != "" && (platform.AsRefusal(err) == nil || platform.AsRefusal(err).Code != c.code) {
					t.Fatalf("stage: %v", err)
				}
				if c.code != "" {
					return
				}
			}
			if uploads != 1 || n.Value("media.0") != "7" {
				t.Errorf("%d uploads, noted %q", uploads, n.Value("media.0"))
			}
		})
	}
}

// On a real snac2 a citizen's words reach our notifications seconds after they
// were said: polls before that move no cursor past them.
func TestTrapNotificationsComeSecondsLate(t *testing.T) {
	f := real.Snac2(t)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	c := New(client)
	a := signedIn(t, c, f, f.Humas)
	page, err := c.Pull(t.Context(), a, feedMentions, "")
	if err != nil {
		t.Fatal(err)
	}
	said, polls, cursor := time.Now(), 0, page.Cursor
	id := f.Say(t, f.Warga, "@humas lampu mati", "")
	until(t, "the mention", func() bool {
		page, err := c.Pull(t.Context(), a, feedMentions, cursor)
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		polls++
		return slices.ContainsFunc(page.Items, func(i platform.Item) bool { return i.RemoteID == id })
	})
	if polls < 2 {
		t.Errorf("it came with the first poll, after %v: this server is not late any more", time.Since(said))
	}
	if page, err := c.Pull(t.Context(), a, feedMentions, cursor); err != nil || len(page.Items) != 0 {
		t.Errorf("again: %+v %v", page.Items, err)
	}
}
