package platformtest

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// disturbed sends once through each fault and compares what the connector says
// with what the platform has.
func disturbed(t *testing.T, s *suite) {
	s.posts(t)
	for name, c := range map[string]struct {
		kind    string
		commit  bool
		allowed []platform.Outcome
		there   int
	}{
		"done, but no answer":        {"commit-then-drop", false, []platform.Outcome{platform.Unknown}, 1},
		"nothing done and no answer": {"drop", false, []platform.Outcome{platform.Unknown}, 0},
		"too many calls":             {"429", false, []platform.Outcome{platform.Throttled}, 0},
		"a gateway's page":           {"5xx-html", false, []platform.Outcome{platform.Unknown}, 0},
		"a gateway's page, but done": {"5xx-html", true, []platform.Outcome{platform.Unknown}, 1},
		"503 with an empty object":   {"503-empty", false, []platform.Outcome{platform.Unknown}, 0},
		"503 empty, but done":        {"503-empty", true, []platform.Outcome{platform.Unknown}, 1},
		"403 in another dialect":     {"403-problem", false, []platform.Outcome{platform.Unknown, platform.Refused}, 0},
		"a revoked credential":       {"revoked", false, []platform.Outcome{platform.Refused}, 0},
		"an answer that drips":       {"slow", false, []platform.Outcome{platform.Published}, 1},
	} {
		before := len(s.ours(t))
		out := s.fit(t, platform.Outgoing{Key: "key " + name, Text: "Uji: " + name})
		at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
		if err := s.Connector.Stage(t.Context(), s.Account, out, at.Notes); err != nil {
			t.Fatalf("%s: stage: %v", name, err)
		}
		s.fault(t, "publish", c.kind, map[string]any{"commit": c.commit, "ms": 300})
		r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes)
		if s.calm(t) {
			t.Errorf("%s: publishing made no call named publish", name)
		}
		outcome := platform.Classify(r, err)
		ok := false
		for _, a := range c.allowed {
			ok = ok || a == outcome
		}
		if !ok {
			t.Errorf("%s: said %s (%v)", name, outcome, err)
		}
		judge(t, name, outcome, err)
		if there := len(s.ours(t)) - before; there != c.there {
			t.Errorf("%s: %d on the platform, want %d", name, there, c.there)
		}
		var want []string
		for _, p := range s.ours(t) {
			if same(p.Text, out.Text) {
				want = append(want, p.ID)
			}
		}
		s.reads(t, name, at, want...)
	}
}

// judge looks at what an outcome must carry.
func judge(t *testing.T, name string, outcome platform.Outcome, err error) {
	t.Helper()
	switch outcome {
	case platform.Throttled:
		slow, _ := errors.AsType[*platform.Throttle](err)
		if slow.Until.Before(time.Now().Add(-2*time.Second)) || slow.Until.After(time.Now().Add(25*time.Hour)) {
			t.Errorf("%s: throttled until %v", name, slow.Until)
		}
	case platform.Refused:
		r := platform.AsRefusal(err)
		if r.Code == "" || r.Fix == "" || strings.Contains(name, "revoked") != r.Auth {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// unsent: nobody listens at the address.
func unsent(t *testing.T, s *suite) {
	s.posts(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	out, notes := s.fit(t, platform.Outgoing{Key: "k", Text: "Halo"}), &Notes{}
	if len(out.Media) > 0 {
		if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err != nil {
			t.Fatal(err)
		}
	}
	a := s.Account
	a.BaseURL = "http://" + address
	r, err := s.Connector.Publish(t.Context(), a, out, notes)
	if platform.Classify(r, err) != platform.Unsent {
		t.Errorf("got %+v %v", r, err)
	}
}

func duplicate(t *testing.T, s *suite) {
	s.posts(t)
	if s.blind() {
		t.Skip("a second call is a second post, and only a person may make it")
	}
	out := s.fit(t, platform.Outgoing{Key: "k", Text: "Sirene berbunyi pukul 10.00."})
	first, at := s.sent(t, out)
	again, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes)
	switch outcome := platform.Classify(again, err); outcome {
	case platform.Published:
		if again.RemoteID != first.RemoteID {
			t.Errorf("the same key made a second post %s", again.RemoteID)
		}
	case platform.Unknown:
	default:
		t.Errorf("said %s: %v", outcome, err)
	}
	if n := len(s.ours(t)); n != 1 {
		t.Errorf("%d posts", n)
	}
	s.reads(t, "after sending twice", at, first.RemoteID)
}

// secrets: nothing an error says may hold the credential.
func secrets(t *testing.T, s *suite) {
	a := s.Account
	hidden := []string{a.Token.Access, a.Token.Secret, a.Token.Refresh, a.App.ClientSecret, a.App.VerifyToken}
	look := func(what string, err error) {
		t.Helper()
		for _, secret := range hidden {
			if err != nil && len(secret) > 3 && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error shows a secret", what)
			}
		}
	}
	calls := map[string]func() error{
		"verify": func() error { _, err := s.Connector.Verify(t.Context(), a); return err },
		"find": func() error {
			_, err := s.Connector.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "Halo"}, Started: time.Now(), Notes: &Notes{}})
			return err
		},
		"delete": func() error { return s.Connector.Delete(t.Context(), a, "1") },
	}
	if !s.caps.NoPosts {
		calls["publish"] = func() error { _, _, err := s.send(t, platform.Outgoing{Key: "k", Text: "Halo"}); return err }
	}
	if s.caps.NoPosts && s.caps.ReplyDirect {
		in := s.listen(t)
		s.say(t, map[string]any{"text": "loket buka jam berapa", "kind": "direct"})
		asked := in.until(t, "the message", func(i platform.Item) bool { return i.Kind == platform.Direct })
		hidden = append(hidden, asked.RemoteID, asked.AuthorID) // they may hold a number
		calls["publish"] = func() error {
			_, _, err := s.send(t, platform.Outgoing{Key: "k", Text: "Jam 8", InReplyTo: asked.RemoteID, Thread: asked.Thread, To: asked.AuthorID})
			return err
		}
	}
	if p, ok := s.Connector.(platform.Puller); ok {
		calls["pull"] = func() error { _, err := p.Pull(t.Context(), a, p.Feeds(a)[0], ""); return err }
	}
	failed := 0
	for op, call := range calls {
		for _, kind := range []string{"drop", "commit-then-drop", "429", "5xx-html", "403-problem", "revoked"} {
			s.fault(t, op, kind, nil)
			err := call()
			s.calm(t)
			look(op+" "+kind, err)
			if err != nil {
				failed++
			}
		}
	}
	if failed < 12 {
		t.Errorf("only %d calls failed: the faults do not reach this platform", failed)
	}
}
