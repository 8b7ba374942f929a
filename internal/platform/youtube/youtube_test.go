package youtube

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// house is a connector at a pretended YouTube.
type house struct {
	platformtest.Setup
	c *Connector
}

func open(t *testing.T, rules sandbox.Rules) *house {
	t.Helper()
	s := pretended(t, rules, func(h http.Handler) http.Handler { return h })
	return &house{Setup: s, c: s.Connector.(*Connector)}
}

func (h *house) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, h.Control+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err = io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatal(err)
		}
	}
}

type seen struct {
	ID, Text     string
	Ours, Hidden bool
	Deleted      bool
	InReplyTo    string `json:"in_reply_to"`
	Media        []struct{ SHA256 string }
}

func (h *house) ours(t *testing.T) (all []seen) {
	t.Helper()
	var world struct{ Posts []seen }
	h.control(t, http.MethodGet, "/sandbox/world?platform=youtube", nil, &world)
	for _, p := range world.Posts {
		if p.Ours && !p.Deleted {
			all = append(all, p)
		}
	}
	return all
}

func (h *house) fault(t *testing.T, op, kind string, after int) {
	t.Helper()
	h.control(t, http.MethodPost, "/sandbox/faults", map[string]any{"platform": "youtube", "op": op, "kind": kind, "after": after, "ms": 50}, nil)
}

func (h *house) say(t *testing.T, text, below string) string {
	t.Helper()
	var said struct{ ID string }
	h.control(t, http.MethodPost, "/sandbox/say", map[string]any{"platform": "youtube", "text": text, "in_reply_to": below, "kind": "comment"}, &said)
	return said.ID
}

// film has the size it is asked for, and the look of an MP4 at its beginning.
func film(size int) platform.Media {
	raw := bytes.Repeat([]byte("tirtawangi"), size/10+1)[:size]
	copy(raw, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	return platform.Media{Key: "media.0", Type: "video/mp4", Size: int64(size), Length: time.Minute, Open: platform.Bytes(raw)}
}

func sum(t *testing.T, m platform.Media) string {
	t.Helper()
	f, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func post(text string, size int) platform.Outgoing {
	return platform.Outgoing{Key: "k", Text: text, Media: []platform.Media{film(size)}}
}

// A film of three chunks is disturbed at every call, one after the other. What
// is public in the end is one film, whole.
func TestUploadDisturbedAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"commit-then-drop", "drop", "5xx-html", "503-empty", "429"} {
		for after := range 5 { // the session's opening, three chunks, one more question
			t.Run(fmt.Sprintf("%s at call %d", kind, after+1), func(t *testing.T) {
				t.Parallel()
				h := open(t, sandbox.Rules{})
				out, notes := post("Banjir surut", 2*chunk+12345), &platformtest.Notes{}
				h.fault(t, "stage", kind, after)
				staged := false
				for range 4 {
					if err := h.c.Stage(t.Context(), h.Account, out, notes); err == nil {
						staged = true
						break
					} else if platform.AsRefusal(err) != nil {
						t.Fatal(err)
					}
				}
				if len(h.ours(t)) != 0 || !staged {
					t.Fatalf("staged %v, and public: %v", staged, h.ours(t))
				}
				r, err := h.c.Publish(t.Context(), h.Account, out, notes)
				if err != nil {
					t.Fatal(err)
				}
				there := h.ours(t)
				if len(there) != 1 || there[0].ID != r.RemoteID || there[0].Media[0].SHA256 != sum(t, out.Media[0]) {
					t.Errorf("%+v, receipt %+v", there, r)
				}
			})
		}
	}
}

// The one visible call is disturbed. The film is public once, whatever is said,
// and calling again gives the same film.
func TestMadePublicOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"commit-then-drop", "drop", "5xx-html", "503-empty", "slow"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := open(t, sandbox.Rules{})
			out, notes := post("Sirene", 300), &platformtest.Notes{}
			if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil {
				t.Fatal(err)
			}
			h.fault(t, "publish", kind, 0)
			first, err := h.c.Publish(t.Context(), h.Account, out, notes)
			if o := platform.Classify(first, err); o != platform.Unknown && kind != "slow" {
				t.Errorf("said %s: %v", o, err)
			}
			for range 2 {
				again, err := h.c.Publish(t.Context(), h.Account, out, notes)
				if err != nil || again.RemoteID != notes.Value(noteVideo) {
					t.Errorf("again: %+v %v", again, err)
				}
			}
			if n := len(h.ours(t)); n != 1 {
				t.Errorf("%d public", n)
			}
		})
	}
}

func TestWhatBecomesOfAnUpload(t *testing.T) {
	t.Parallel()
	t.Run("a session lives a week, then the film is uploaded anew", func(t *testing.T) {
		t.Parallel()
		h := open(t, sandbox.Rules{})
		out, notes := post("Pasar murah", chunk+5), &platformtest.Notes{}
		h.fault(t, "stage", "drop", 2)
		if err := h.c.Stage(t.Context(), h.Account, out, notes); err == nil {
			t.Fatal("the second chunk was dropped")
		}
		old := notes.Value(noteSession)
		h.control(t, http.MethodPost, "/sandbox/clock", map[string]any{"seconds": 8 * 24 * 3600}, nil)
		if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil || notes.Value(noteSession) == old {
			t.Fatalf("%v", err)
		}
	})
	t.Run("a film that somebody deleted is not uploaded again", func(t *testing.T) {
		t.Parallel()
		h := open(t, sandbox.Rules{})
		out, notes := post("Pasar murah", 300), &platformtest.Notes{}
		if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil {
			t.Fatal(err)
		}
		if err := h.c.Delete(t.Context(), h.Account, notes.Value(noteVideo)); err != nil {
			t.Fatal(err)
		}
		_, err := h.c.Publish(t.Context(), h.Account, out, notes)
		if r := platform.AsRefusal(err); r == nil || r.Code != "platform.youtube.film_gone" {
			t.Error(err)
		}
		if err := h.c.Stage(t.Context(), h.Account, out, notes); platform.AsRefusal(err) == nil {
			t.Error(err)
		}
	})
	t.Run("what is no film is refused after YouTube looked at it", func(t *testing.T) {
		t.Parallel()
		h := open(t, sandbox.Rules{})
		out := post("Bukan film", 300)
		out.Media[0].Open = platform.Bytes(bytes.Repeat([]byte("x"), 300))
		err := h.c.Stage(t.Context(), h.Account, out, &platformtest.Notes{})
		if r := platform.AsRefusal(err); r == nil || r.Code != "platform.media_refused" || !strings.Contains(r.Said, "failed") {
			t.Error(err)
		}
	})
	t.Run("a session's address that is not YouTube's gets no token", func(t *testing.T) {
		t.Parallel()
		a := platform.Account{BaseURL: home}
		for address, want := range map[string]bool{
			"https://youtube.googleapis.com/upload?x=1": true, "https://www.googleapis.com/upload": true, "http://www.googleapis.com/upload": false,
			"https://googleapis.com.example.org/upload": false, "https://evilgoogleapis.com/": false, "": false, "/upload": false,
		} {
			if trusted(a, address) != want {
				t.Errorf("%s: %v", address, !want)
			}
		}
	})
}

func TestTitleAndDescription(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("kata ", 40)
	for name, text := range map[string]string{
		"one line is a title": "Banjir surut", "the rest is the description": "Banjir surut\n\nJalan dibuka.", "long first line": long + "\nakhir",
		"no word to cut at": strings.Repeat("a", 300), "emoji count twice": strings.Repeat("🙏", 70), "a mark of omission": "Ditunda…\nSampai besok",
	} {
		title, description := split(text)
		if n := len([]rune(title)); title == "" || n > maxTitle || strings.Contains(title, "\n") {
			t.Errorf("%s: title %q", name, title)
		}
		if got := join(title, description); platform.Fold(got) != platform.Fold(text) {
			t.Errorf("%s: %q became %q", name, text, got)
		}
	}
}

// 50 units for each moderation: 200 a day, and then the day's end is known.
func TestQuotaOfTheDay(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Rules{TrueLimits: true})
	out, notes := post("Posyandu", 300), &platformtest.Notes{}
	if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	r, err := h.c.Publish(t.Context(), h.Account, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	id := h.say(t, "slot gacor", r.RemoteID)
	done := 0
	for err = nil; err == nil && done < 300; done++ {
		err = h.c.SetHidden(t.Context(), h.Account, id, done%2 == 0)
	}
	slow, ok := err.(*platform.Throttle)
	if !ok || done < 190 || done > 200 || slow.Until.Before(time.Now()) || slow.Until.After(time.Now().Add(25*time.Hour)) {
		t.Errorf("after %d: %v", done, err)
	}
	if local := slow.Until.In(mustZone(t)); local.Hour() != 0 || local.Minute() != 0 {
		t.Errorf("the day ends at %v", local)
	}
}

func mustZone(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestConversation(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Rules{})
	out, notes := post("Vaksin", 300), &platformtest.Notes{}
	if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	r, err := h.c.Publish(t.Context(), h.Account, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	top := h.say(t, "kapan?", r.RemoteID)
	deep := h.say(t, "iya kapan", top)
	answer, err := h.c.Publish(t.Context(), h.Account, platform.Outgoing{Text: "Besok.", InReplyTo: deep, Thread: r.RemoteID}, &platformtest.Notes{})
	if err != nil || !strings.HasPrefix(answer.RemoteID, top+".") {
		t.Errorf("an answer to an answer goes below the comment: %+v %v", answer, err)
	}
	if err := h.c.SetHidden(t.Context(), h.Account, top, true); err != nil {
		t.Fatal(err)
	}
	held, err := h.c.Pull(t.Context(), h.Account, feedHeld, "")
	if err != nil || !slices.ContainsFunc(held.Items, func(i platform.Item) bool { return i.RemoteID == top && i.Hidden }) {
		t.Errorf("what is held: %+v %v", held.Items, err)
	}
	// What is held is no deletion, although the film's page no longer has it.
	page, err := h.c.PullThread(t.Context(), h.Account, platform.Watch{RemoteID: r.RemoteID}, mark{Seen: map[string]version{top: {1, 1}, "Ugnever": {1, 1}}}.String())
	if err != nil || len(page.Items) != 1 || page.Items[0].RemoteID != "Ugnever" || !page.Items[0].Deleted {
		t.Errorf("%+v %v", page.Items, err)
	}
	_, err = h.c.Publish(t.Context(), h.Account, platform.Outgoing{Text: "Halo", InReplyTo: "UgNotThere"}, &platformtest.Notes{})
	if no := platform.AsRefusal(err); no == nil || no.Code != "platform.parent_gone" {
		t.Error(err)
	}
}

// Polling takes at most half of the day's units, spread over the day.
func TestUnitsForPolling(t *testing.T) {
	t.Parallel()
	zone := mustZone(t)
	morning := time.Date(2026, 11, 23, 0, 0, 1, 0, zone)
	u := &units{}
	all := func(now time.Time) (n int) {
		for u.take(now, 1) {
			n++
		}
		return n
	}
	for _, c := range []struct {
		what string
		at   time.Time
		want int
	}{
		{"at midnight, what is allowed ahead", morning, 500}, {"a second later, nothing more", morning.Add(time.Second), 0},
		{"at noon, half of the half", morning.Add(12 * time.Hour), 2500}, {"the next day, from the beginning", morning.Add(24 * time.Hour), 500},
	} {
		if got := all(c.at); got < c.want-2 || got > c.want+2 {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
	h := open(t, sandbox.Rules{})
	for h.c.may(h.Account, 1) {
	}
	for _, feed := range h.c.Feeds(h.Account) {
		if page, err := h.c.Pull(t.Context(), h.Account, feed, "here"); err != nil || page.Cursor != "here" || page.More || len(page.Items) > 0 {
			t.Errorf("%s: %+v %v", feed, page, err)
		}
	}
}

// A film that YouTube works on for long is neither lost nor asked for all the time.
func TestLongProcessing(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprint(w, `{"items":[{"id":"abcdefghijk","status":{"uploadStatus":"uploaded","privacyStatus":"private"}}]}`)
	}))
	t.Cleanup(server.Close)
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(client.Close)
	c, notes := New(client), &platformtest.Notes{}
	for name, v := range map[string]string{noteVideo: "abcdefghijk", noteWaiting: "1"} {
		if err := notes.Save(t.Context(), name, v); err != nil {
			t.Fatal(err)
		}
	}
	err := c.Stage(t.Context(), platform.Account{BaseURL: server.URL}, post("Panjang", 300), notes)
	if slow, ok := err.(*platform.Throttle); !ok || asked != 1 || time.Until(slow.Until) < 30*time.Second {
		t.Errorf("asked %d times: %v", asked, err)
	}
}
