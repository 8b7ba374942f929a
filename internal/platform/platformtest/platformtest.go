// Package platformtest is the suite that every connector passes. It runs a
// connector against a pretended platform (internal/sandbox), asks that
// platform what really became public, and disturbs it: what a connector says
// about an outcome must be true, above all when it says "not published".
package platformtest

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// Setup is one connector, one of its accounts and the pretended platform.
type Setup struct {
	Connector platform.Connector
	Account   platform.Account
	Control   string                    // address of the sandbox's control pages
	Deliver   func(context.Context) int // pushes what is due; nil where nothing is pushed
}

// suite is a Setup at work.
type suite struct {
	Setup
	caps platform.Capabilities
}

// Run runs the suite; open makes a fresh platform for each part.
func Run(t *testing.T, open func(t *testing.T) Setup) {
	for name, part := range map[string]func(*testing.T, *suite){
		"the credential's owner is known":                      verify,
		"texts, links and pictures arrive as written, once":    publishing,
		"what is too long is refused before it leaves":         tooLong,
		"staging can be interrupted and repeated":              staging,
		"an answer goes below its question and is found there": answering,
		"only the attempt's own post is adopted":               adopting,
		"disturbed calls never claim what is not true":         disturbed,
		"a dead address means that nothing left":               unsent,
		"a text sent twice is evidence, not a second post":     duplicate,
		"citizens are heard once each, over many pages":        hearing,
		"a thread is read without loss or double":              threads,
		"a stranger's post on our account is seen":             sighting,
		"hiding and showing again":                             hiding,
		"what is pushed is heard, and nothing forged":          pushed,
		"deleting":                      deleting,
		"counting reactions":            measuring,
		"no error shows the credential": secrets,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &suite{Setup: open(t)}
			s.caps = s.Connector.Capabilities(s.Account)
			part(t, s)
		})
	}
}

// Notes keeps notes in memory.
type Notes struct {
	mu     sync.Mutex
	values map[string]string
	Saved  int
}

// Value implements platform.Notes.
func (n *Notes) Value(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.values[name]
}

// Save implements platform.Notes.
func (n *Notes) Save(_ context.Context, name, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.values == nil {
		n.values = map[string]string{}
	}
	n.values[name] = value
	n.Saved++
	return nil
}

// Post is what the sandbox says is there.
type Post struct {
	Platform  string `json:"platform"`
	ID        string `json:"id"`
	Account   string `json:"account"`
	Ours      bool   `json:"ours"`
	Text      string `json:"text"`
	Link      string `json:"link"`
	InReplyTo string `json:"in_reply_to"`
	Deleted   bool   `json:"deleted"`
	Hidden    bool   `json:"hidden"`
	Media     []struct {
		Type string `json:"type"`
		Alt  string `json:"alt"`
	} `json:"media"`
}

func (s *suite) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.Control+path, body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %v %s", method, path, resp.StatusCode, err, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
}

// world is everything of ours, and nothing deleted.
func (s *suite) ours(t *testing.T) []Post {
	t.Helper()
	return slices.DeleteFunc(s.everything(t), func(p Post) bool { return !p.Ours || p.Deleted })
}

func (s *suite) everything(t *testing.T) []Post {
	t.Helper()
	var world struct{ Posts []Post }
	s.control(t, http.MethodGet, "/sandbox/world?platform="+string(s.Connector.Name()), nil, &world)
	return world.Posts
}

func (s *suite) one(t *testing.T, id string) Post {
	t.Helper()
	for _, p := range s.everything(t) {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("the platform has no %q", id)
	return Post{}
}

func (s *suite) say(t *testing.T, what map[string]any) string {
	t.Helper()
	what["platform"], what["account"] = s.Connector.Name(), s.Account.Handle
	var said struct{ ID string }
	s.control(t, http.MethodPost, "/sandbox/say", what, &said)
	return said.ID
}

func (s *suite) fault(t *testing.T, op, kind string, more map[string]any) {
	t.Helper()
	f := map[string]any{"platform": s.Connector.Name(), "op": op, "kind": kind, "count": 1}
	for k, v := range more {
		f[k] = v
	}
	s.control(t, http.MethodPost, "/sandbox/faults", f, nil)
}

// send stages and publishes, as the publisher does.
func (s *suite) send(t *testing.T, out platform.Outgoing) (platform.Receipt, platform.Attempt, error) {
	t.Helper()
	at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
	if err := s.Connector.Stage(t.Context(), s.Account, out, at.Notes); err != nil {
		t.Fatalf("stage: %v", err)
	}
	r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes)
	at.Ended = time.Now().UTC()
	return r, at, err
}

// sent is send that must succeed.
func (s *suite) sent(t *testing.T, out platform.Outgoing) (platform.Receipt, platform.Attempt) {
	t.Helper()
	r, at, err := s.send(t, out)
	if platform.Classify(r, err) != platform.Published {
		t.Fatalf("publish %q: %+v %v", short(out.Text), r, err)
	}
	return r, at
}

// found is what a complete look finds.
func (s *suite) found(t *testing.T, at platform.Attempt) []string {
	t.Helper()
	f, err := s.Connector.Find(t.Context(), s.Account, at)
	if err != nil {
		t.Fatalf("find: %v", err)
	}
	if !f.Complete {
		t.Error("the look was not complete")
	}
	var ids []string
	for _, r := range f.Receipts {
		ids = append(ids, r.RemoteID)
	}
	return ids
}

func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

// picture is a small PNG, another one for each seed.
func picture(t *testing.T, seed uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 32, 24))
	for x := range 32 {
		for y := range 24 {
			m.Set(x, y, color.RGBA{uint8(x * 8), uint8(y * 10), seed, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pictures(t *testing.T, alts ...string) []platform.Media {
	var all []platform.Media
	for i, alt := range alts {
		raw := picture(t, uint8(i*50))
		all = append(all, platform.Media{Key: "media." + string(rune('0'+i)), Type: "image/png", Alt: alt, Size: int64(len(raw)),
			Open: platform.Bytes(raw)})
	}
	return all
}

// same compares texts as a reader would.
func same(a, b string) bool { return platform.Fold(a) == platform.Fold(b) }
