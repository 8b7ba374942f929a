package platformtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
		e.items = append(e.items, items[a.RemoteID]...)
	}
}

// pushed hears what citizens do through the platform's webhooks.
func pushed(t *testing.T, s *suite) {
	l, ok := s.Connector.(platform.Listener)
	if ok != s.caps.Push {
		t.Fatalf("push is %v in the capabilities, %v in truth", s.caps.Push, ok)
	}
	if !ok || s.Deliver == nil {
		t.Skip("this platform does not push")
	}
	shapes := map[string][]string{"x": {"activity", "account"}}[string(s.Connector.Name())]
	if shapes == nil {
		shapes = []string{""}
	}
	for _, shape := range shapes {
		e := &ear{}
		server := httptest.NewServer(e.serve(l, s.Account))
		defer server.Close()
		s.control(t, http.MethodPost, "/sandbox/webhooks", map[string]any{"platform": s.Connector.Name(), "url": server.URL, "shape": shape}, nil)
		s.pushRound(t, shape, e)
		e.forged(t, l, s.Account)
	}
}

func (s *suite) pushRound(t *testing.T, shape string, e *ear) {
	post, _ := s.sent(t, platform.Outgoing{Key: "push " + shape, Text: "Info banjir " + shape})
	s.fault(t, "webhook", "webhook-duplicate", map[string]any{"count": -1})
	defer s.control(t, http.MethodDelete, "/sandbox/faults", nil, nil)
	comment := s.say(t, map[string]any{"text": "air sudah <50 cm & naik", "in_reply_to": post.RemoteID, "kind": "comment"})
	mention := s.say(t, map[string]any{"text": "@" + s.Account.Handle + " tolong cek", "kind": "mention"})
	direct := s.say(t, map[string]any{"text": "nomor saya rahasia", "kind": "direct"})
	s.control(t, http.MethodPost, "/sandbox/remove", map[string]any{"platform": s.Connector.Name(), "id": mention}, nil)
	for s.Deliver(t.Context()) > 0 {
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	heard, seqs, deleted := map[string]platform.Item{}, map[string]int{}, map[string]bool{}
	for _, i := range e.items {
		if seqs[i.Seq]++; i.Seq == "" {
			t.Errorf("%s: no event id: %+v", shape, i)
		}
		if i.Deleted {
			deleted[i.RemoteID] = true
			continue
		}
		if _, ok := heard[i.RemoteID]; !ok {
			heard[i.RemoteID] = i
		}
	}
	for id, kind := range map[string]platform.ItemKind{post.RemoteID: platform.OwnPost, comment: platform.Comment, mention: platform.Mention} {
		if i := heard[id]; i.Kind != kind || i.At.IsZero() || i.AuthorID == "" || i.Text == "" {
			t.Errorf("%s: want %s, heard %+v", shape, kind, i)
		}
	}
	if got := heard[comment]; !strings.HasSuffix(got.Text, "air sudah <50 cm & naik") || got.InReplyTo != post.RemoteID {
		t.Errorf("%s: comment %+v", shape, got)
	}
	found := false
	for id, i := range heard {
		found = found || i.Kind == platform.Direct && i.Text == "nomor saya rahasia" && (id == direct || id == "m_"+direct)
	}
	if !found || !deleted[mention] || e.refused > 0 {
		t.Errorf("%s: direct %v, deleted %v, %d refused", shape, found, deleted[mention], e.refused)
	}
	twice := false
	for _, n := range seqs {
		twice = twice || n == 2
	}
	if !twice {
		t.Errorf("%s: the repeated push must have the same event id: %v", shape, seqs)
	}
}

// forged changes what was pushed: nothing of it may be accepted.
func (e *ear) forged(t *testing.T, l platform.Listener, a platform.Account) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.bodies) == 0 {
		t.Fatal("nothing was pushed")
	}
	body, header := e.bodies[0], e.headers[0]
	if err := l.Signed(a.App, header, body); err != nil {
		t.Errorf("the true body: %v", err)
	}
	if l.Signed(a.App, header, append([]byte(" "), body...)) == nil || l.Signed(a.App, http.Header{}, body) == nil {
		t.Error("a changed or unsigned body is accepted")
	}
	if l.Signed(platform.App{}, header, body) == nil {
		t.Error("without a secret nothing can be verified")
	}
	if _, ok := l.Challenge(platform.App{}, map[string][]string{"crc_token": {"x"}, "hub.mode": {"subscribe"}, "hub.challenge": {"1"}, "hub.verify_token": {""}}); ok {
		t.Error("without a secret no address is confirmed")
	}
}
