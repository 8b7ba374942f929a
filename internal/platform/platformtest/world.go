package platformtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// Post is what the sandbox says is there.
type Post struct {
	Platform  string `json:"platform"`
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Account   string `json:"account"`
	Ours      bool   `json:"ours"`
	Text      string `json:"text"`
	Link      string `json:"link"`
	InReplyTo string `json:"in_reply_to"`
	Thread    string `json:"thread"`
	Deleted   bool   `json:"deleted"`
	Hidden    bool   `json:"hidden"`
	Private   string `json:"private"`
	Media     []struct {
		Type   string `json:"type"`
		Alt    string `json:"alt"`
		SHA256 string `json:"sha256"`
	} `json:"media"`
}

// try is one call of the sandbox's control page that may be refused.
func (s *suite) try(t *testing.T, method, path string, in, out any) (status int, said string) {
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
	if err != nil {
		t.Fatal(err)
	}
	if out != nil && resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return resp.StatusCode, string(raw)
}

func (s *suite) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if status, said := s.try(t, method, path, in, out); status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, said)
	}
}

// ours is everything of ours that is there.
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

// say lets a citizen speak, or with our own handle as author somebody on our
// account, and gives the new thing's id at the platform.
func (s *suite) say(t *testing.T, what map[string]any) string {
	t.Helper()
	what["platform"], what["account"] = s.Connector.Name(), s.Account.Handle
	var said struct{ ID string }
	s.control(t, http.MethodPost, "/sandbox/say", what, &said)
	return said.ID
}

// alter is something that happens at the platform without us: edit, remove,
// like, expire.
func (s *suite) alter(t *testing.T, deed string, more map[string]any) {
	t.Helper()
	more["platform"] = s.Connector.Name()
	s.control(t, http.MethodPost, "/sandbox/"+deed, more, nil)
}

func (s *suite) fault(t *testing.T, op, kind string, more map[string]any) {
	t.Helper()
	f := map[string]any{"platform": s.Connector.Name(), "op": op, "kind": kind, "count": 1}
	for k, v := range more {
		f[k] = v
	}
	s.control(t, http.MethodPost, "/sandbox/faults", f, nil)
}

// calm ends every fault and says whether one was still waiting.
func (s *suite) calm(t *testing.T) (unused bool) {
	t.Helper()
	var left struct{ Faults []any }
	s.control(t, http.MethodGet, "/sandbox/faults", nil, &left)
	s.control(t, http.MethodDelete, "/sandbox/faults", nil, nil)
	return len(left.Faults) > 0
}

// send stages and publishes, as the publisher does.
func (s *suite) send(t *testing.T, out platform.Outgoing) (platform.Receipt, platform.Attempt, error) {
	t.Helper()
	out = s.fit(t, out)
	at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
	if err := s.Connector.Stage(t.Context(), s.Account, out, at.Notes); err != nil {
		at.Ended = time.Now().UTC()
		return platform.Receipt{}, at, err
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

// blind says that what was published cannot be read back.
func (s *suite) blind() bool { return s.caps.Idempotency == "" || s.caps.Idempotency == "sighting" }

// reads expects a read-back to find exactly want. A platform that cannot be
// read back may find some of it, and never claims to have seen everything.
func (s *suite) reads(t *testing.T, what string, at platform.Attempt, want ...string) {
	t.Helper()
	f, err := s.Connector.Find(t.Context(), s.Account, at)
	if err != nil {
		t.Fatalf("%s: find: %v", what, err)
	}
	if f.Complete == s.blind() {
		t.Errorf("%s: the look was complete: %v, and read-back is %q", what, f.Complete, s.caps.Idempotency)
	}
	var ids []string
	for _, r := range f.Receipts {
		ids = append(ids, r.RemoteID)
		if s.blind() && !slices.Contains(want, r.RemoteID) {
			t.Errorf("%s: read back %s, which is none of %v", what, r.RemoteID, want)
		}
	}
	if !s.blind() && !slices.Equal(ids, want) {
		t.Errorf("%s: read back %v, want %v", what, ids, want)
	}
}

func short(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

// same compares texts as a reader would.
func same(a, b string) bool { return platform.Fold(a) == platform.Fold(b) }
