package platformtest

import (
	"fmt"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// exactlyOnce drives the connector as the publisher does (DESIGN §4) through
// every fault at every step. What is on the platform at the end is one post,
// and the driver knows its id. Where nothing can be read back, the end may be
// a person's question; then nothing was sent twice.
func exactlyOnce(t *testing.T, s *suite) {
	if s.caps.NoPosts {
		s.yes("once", "a person decides")
		t.Skip("an inbox only; answers are driven by the part about private messages")
	}
	n := 0
	for _, op := range []string{"publish", "stage", "find"} {
		for _, f := range []struct {
			kind   string
			commit bool
		}{{"commit-then-drop", false}, {"drop", false}, {"429", false}, {"5xx-html", false}, {"5xx-html", true}, {"503-empty", false}, {"503-empty", true}, {"slow", false}} {
			for _, after := range []int{0, 1} {
				n++
				name := fmt.Sprintf("%s at %s, commit %v, call %d", f.kind, op, f.commit, after+1)
				out := s.fit(t, platform.Outgoing{Key: fmt.Sprint("once", n), Text: fmt.Sprintf("Sekali saja nomor %d", n)})
				if op == "stage" && len(out.Media) == 0 {
					out.Media = s.some(t)
				}
				s.fault(t, op, f.kind, map[string]any{"commit": f.commit, "ms": 200, "after": after})
				if op == "find" { // it is asked only after an unclear answer
					s.fault(t, "publish", "commit-then-drop", nil)
				}
				s.driven(t, name, out)
				s.calm(t)
			}
		}
	}
	s.yes("once", map[string]string{
		"key": "the platform drops a repeated key", "client-id": "we choose the id", "container": "the prepared container is asked",
		"read-back": "our posts are read back", "sighting": "our posts are heard; else a person decides", "": "a person decides when it is unclear",
	}[s.caps.Idempotency])
}

// driven publishes one thing to its end and compares with the platform.
func (s *suite) driven(t *testing.T, name string, out platform.Outgoing) {
	t.Helper()
	at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
	id, decided := "", false
	for round := 0; round < 8 && !decided; round++ {
		if err := s.Connector.Stage(t.Context(), s.Account, out, at.Notes); err != nil {
			if platform.AsRefusal(err) != nil {
				t.Fatalf("%s: stage: %v", name, err)
			}
			continue
		}
		r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes)
		at.Ended = time.Now().UTC()
		switch platform.Classify(r, err) {
		case platform.Published:
			id, decided = r.RemoteID, true
		case platform.Refused:
			t.Fatalf("%s: %v", name, err)
		case platform.Unknown:
			id, decided = s.reconciled(t, name, at)
		}
	}
	var there []string
	for _, p := range s.ours(t) {
		if same(p.Text, out.Text) {
			there = append(there, p.ID)
		}
	}
	if s.blind() && id == "" && decided {
		if len(there) > 1 {
			t.Errorf("%s: %d on the platform and nobody was asked", name, len(there))
		}
		return
	}
	if len(there) != 1 || there[0] != id {
		t.Errorf("%s: published as %q, on the platform %v", name, id, there)
	}
}

// reconciled looks until two complete looks agree that it is absent, or one
// finds it. decided is false when it must be sent again.
func (s *suite) reconciled(t *testing.T, name string, at platform.Attempt) (id string, decided bool) {
	t.Helper()
	absent := 0
	for range 8 {
		f, err := s.Connector.Find(t.Context(), s.Account, at)
		switch {
		case err != nil && platform.AsRefusal(err) != nil:
			t.Fatalf("%s: find: %v", name, err)
		case err != nil:
		case len(f.Receipts) > 1:
			t.Fatalf("%s: %d found", name, len(f.Receipts))
		case len(f.Receipts) == 1:
			return f.Receipts[0].RemoteID, true
		case !f.Complete && s.caps.Idempotency == "sighting":
			if ids := s.sighted(t, at); len(ids) == 1 {
				return ids[0], true
			}
			return "", true
		case !f.Complete && s.blind():
			return "", true
		case !f.Complete:
			t.Fatalf("%s: a look at a quiet account was not complete", name)
		default:
			if absent++; absent == 2 {
				return "", false
			}
		}
	}
	t.Fatalf("%s: never found out", name)
	return "", false
}
