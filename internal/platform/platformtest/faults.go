package platformtest

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// disturbed sends once through each fault and compares what the connector says
// with what the platform has.
func disturbed(t *testing.T, s *suite) {
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
		out := platform.Outgoing{Key: "key " + name, Text: "Uji: " + name}
		at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &Notes{}}
		if err := s.Connector.Stage(t.Context(), s.Account, out, at.Notes); err != nil {
			t.Fatalf("%s: stage: %v", name, err)
		}
		s.fault(t, "publish", c.kind, map[string]any{"commit": c.commit, "ms": 300})
		r, err := s.Connector.Publish(t.Context(), s.Account, out, at.Notes)
		s.control(t, http.MethodDelete, "/sandbox/faults", nil, nil)
		outcome := platform.Classify(r, err)
		ok := false
		for _, a := range c.allowed {
			ok = ok || a == outcome
		}
		if !ok {
			t.Errorf("%s: said %s (%v)", name, outcome, err)
		}
		s.judge(t, name, outcome, err)
		if there := len(s.ours(t)) - before; there != c.there {
			t.Errorf("%s: %d on the platform, want %d", name, there, c.there)
		}
		if got := s.found(t, at); len(got) != c.there {
			t.Errorf("%s: read back %v, want %d", name, got, c.there)
		}
	}
}

// judge looks at what an outcome must carry.
func (s *suite) judge(t *testing.T, name string, outcome platform.Outcome, err error) {
	t.Helper()
	switch outcome {
	case platform.Throttled:
		if until := throttle(err).Until; until.Before(time.Now().Add(-2*time.Second)) || until.After(time.Now().Add(24*time.Hour)) {
			t.Errorf("%s: throttled until %v", name, until)
		}
	case platform.Refused:
		r := platform.AsRefusal(err)
		if r.Code == "" || r.Fix == "" || strings.Contains(name, "revoked") != r.Auth {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func throttle(err error) *platform.Throttle {
	if t, ok := err.(*platform.Throttle); ok {
		return t
	}
	return &platform.Throttle{}
}

func unsent(t *testing.T, s *suite) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	a := s.Account
	a.BaseURL = "http://" + address
	r, err := s.Connector.Publish(t.Context(), a, platform.Outgoing{Key: "k", Text: "Halo"}, &Notes{})
	if platform.Classify(r, err) != platform.Unsent {
		t.Errorf("got %+v %v", r, err)
	}
}

func duplicate(t *testing.T, s *suite) {
	out := platform.Outgoing{Key: "k", Text: "Sirene berbunyi pukul 10.00."}
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
	if got := s.found(t, at); len(got) != 1 || got[0] != first.RemoteID {
		t.Errorf("read back %v", got)
	}
}

// secrets: nothing an error says may hold the credential.
func secrets(t *testing.T, s *suite) {
	for _, kind := range []string{"drop", "commit-then-drop", "429", "5xx-html", "403-problem", "revoked"} {
		s.fault(t, "publish", kind, nil)
		_, _, err := s.send(t, platform.Outgoing{Key: "k" + kind, Text: "Halo " + kind})
		if err == nil {
			t.Errorf("%s: no error", kind)
			continue
		}
		for _, secret := range []string{s.Account.Token.Access, s.Account.Token.Secret, s.Account.Token.Refresh, s.Account.App.ClientSecret} {
			if secret != "" && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error shows a secret", kind)
			}
		}
		s.control(t, http.MethodDelete, "/sandbox/faults", nil, nil)
	}
}
