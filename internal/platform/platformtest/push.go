package platformtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"kentongan/internal/platform"
)

// ear is an address that a platform pushes to, over a connector's Listener.
type ear struct {
	mu      sync.Mutex
	items   []platform.Item // for our account, in the order of arrival
	bodies  [][]byte
	headers []http.Header
	refused int
}

func (e *ear) serve(l platform.Listener, a platform.Account) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answer, ok := l.Challenge(a.App, r.URL.Query())
			if !ok {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			fmt.Fprint(w, answer)
			return
		}
		body, err := io.ReadAll(r.Body)
		e.mu.Lock()
		defer e.mu.Unlock()
		if err != nil || l.Signed(a.App, r.Header, body) != nil {
			e.refused++
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		items, err := l.Parse(body)
		if err != nil {
			e.refused++
			return
		}
		e.bodies, e.headers = append(e.bodies, body), append(e.headers, r.Header)
		// What does not name its account belongs to the address it came to.
		for _, name := range append([]string{a.RemoteID, ""}, a.Also...) {
			e.items = append(e.items, items[name]...)
		}
	}
}

// pushed hears what citizens do through the platform's webhooks.
func pushed(t *testing.T, s *suite) {
	l, ok := s.Connector.(platform.Listener)
	if ok != s.caps.Push && s.Account.Mode == "" {
		t.Fatalf("push is %v in the capabilities, %v in truth", s.caps.Push, ok)
	}
	if !ok || s.Deliver == nil {
		s.lacks(t, "push", "", "")
	}
	if s.Pushed == nil {
		s.Pushed = append([]platform.ItemKind{}, s.caps.Hears...)
		if !s.caps.NoPosts {
			s.Pushed = append(s.Pushed, platform.OwnPost)
		}
	}
	var words []string
	for _, shape := range s.shapes() {
		e := &ear{}
		server := httptest.NewServer(e.serve(l, s.Account))
		defer server.Close()
		s.control(t, http.MethodPost, "/sandbox/webhooks", map[string]any{"platform": s.Connector.Name(), "url": server.URL, "shape": shape}, nil)
		words = s.pushRound(t, shape, e)
		e.forged(t, s, l)
	}
	s.yes("push", strings.Join(words, ", "))
}

// expected is one thing that must be pushed.
type expected struct {
	kind platform.ItemKind
	text string
}

// pushRound makes one thing of each kind happen, every push twice.
func (s *suite) pushRound(t *testing.T, shape string, e *ear) (words []string) {
	t.Helper()
	post := ""
	want := []expected{}
	if !s.caps.NoPosts {
		r, _ := s.sent(t, platform.Outgoing{Key: "push " + shape, Text: "Info banjir " + shape})
		post = r.RemoteID
		want = append(want, expected{platform.OwnPost, "Info banjir " + shape})
	}
	s.fault(t, "webhook", "webhook-duplicate", map[string]any{"count": -1})
	defer s.calm(t)
	taken := "" // what its author takes away again: public words, where there are any
	for _, kind := range s.caps.Hears {
		what := map[string]any{"text": "air sudah <50 cm & naik " + string(kind), "kind": string(kind)}
		switch kind {
		case platform.Comment:
			what["in_reply_to"] = post
		case platform.Mention:
			what["text"] = "@" + s.Account.Handle + " " + what["text"].(string)
		}
		if id := s.say(t, what); taken == "" || kind == platform.Mention || kind == platform.Comment && !s.hears(platform.Mention) {
			taken = id
		}
		want = append(want, expected{kind, what["text"].(string)})
	}
	s.alter(t, "remove", map[string]any{"id": taken})
	for s.Deliver(t.Context()) > 0 {
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	seqs, deleted := map[string]int{}, false
	for _, i := range e.items {
		if seqs[i.Seq]++; i.Seq == "" {
			t.Errorf("%s: no event id: %+v", shape, i)
		}
		deleted = deleted || i.Deleted
	}
	for _, w := range want {
		if !slices.Contains(s.Pushed, w.kind) {
			continue
		}
		words = append(words, string(w.kind))
		if i := e.heard(w); i.RemoteID == "" || i.At.IsZero() || i.AuthorID == "" || w.kind == platform.Comment && i.InReplyTo != post && i.Thread != post {
			t.Errorf("%s: want %+v, heard %+v of %+v", shape, w, i, e.items)
		}
	}
	if deleted == s.Silent || e.refused > 0 {
		t.Errorf("%s: deleted %v, %d refused", shape, deleted, e.refused)
	}
	twice := false
	for _, n := range seqs {
		twice = twice || n == 2
	}
	if !twice {
		t.Errorf("%s: the repeated push must have the same event id: %v", shape, seqs)
	}
	return words
}

// heard is the item that says it; the caller holds the lock.
func (e *ear) heard(w expected) platform.Item {
	for _, i := range e.items {
		if i.Kind == w.kind && !i.Deleted && strings.Contains(platform.Fold(i.Text), platform.Fold(w.text)) {
			return i
		}
	}
	return platform.Item{}
}

// forged changes what was pushed: nothing of it may be accepted.
func (e *ear) forged(t *testing.T, s *suite, l platform.Listener) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.bodies) == 0 {
		t.Fatal("nothing was pushed")
	}
	a, body, header := s.Account, e.bodies[0], e.headers[0]
	if err := l.Signed(a.App, header, body); err != nil {
		t.Errorf("the true body: %v", err)
	}
	// Telegram sends a secret instead of signing (setWebhook secret_token).
	if l.Signed(a.App, header, append([]byte(" "), body...)) == nil && s.Connector.Name() != platform.Telegram {
		t.Error("a changed body is accepted")
	}
	if l.Signed(a.App, http.Header{}, body) == nil {
		t.Error("an unsigned body is accepted")
	}
	other := platform.App{ClientID: a.App.ClientID, ClientSecret: a.App.ClientSecret + "x", VerifyToken: a.App.VerifyToken + "x"}
	if l.Signed(other, header, body) == nil || l.Signed(platform.App{}, header, body) == nil {
		t.Error("without the secret nothing can be verified")
	}
	if _, ok := l.Challenge(platform.App{}, map[string][]string{"crc_token": {"x"}, "hub.mode": {"subscribe"}, "hub.challenge": {"1"}, "hub.verify_token": {""}}); ok {
		t.Error("without a secret no address is confirmed")
	}
}
