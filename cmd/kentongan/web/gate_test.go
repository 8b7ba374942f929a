package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAGateSlowsDownAndForgets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	g := newGate(func() time.Time { return now })
	q := quota{3, time.Hour}
	for n := range 3 {
		if wait := g.pass("file", "203.0.113.7", q); wait != 0 {
			t.Fatalf("number %d waits %v", n+1, wait)
		}
	}
	if wait := g.pass("file", "203.0.113.7", q); wait < 19*time.Minute || wait > 21*time.Minute {
		t.Errorf("the fourth waits %v, want 20 minutes", wait)
	}
	if g.pass("file", "203.0.113.8", q) != 0 || g.pass("look", "203.0.113.7", q) != 0 {
		t.Error("somebody else, or something else, waits")
	}
	for key := range g.seen {
		if strings.Contains(key, "203") {
			t.Error("an address is kept")
		}
	}
	now = now.Add(21 * time.Minute)
	if g.pass("file", "203.0.113.7", q) != 0 {
		t.Error("no room after twenty minutes")
	}
	before := string(g.salt)
	now = now.Add(24 * time.Hour)
	if g.pass("file", "203.0.113.7", q) != 0 || string(g.salt) == before || len(g.seen) != 1 {
		t.Errorf("yesterday is remembered: %d", len(g.seen))
	}
}

func TestAGateKeepsNoMoreThanItsMost(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	g := newGate(func() time.Time { return now })
	g.most = 50
	for n := range 1000 {
		g.pass("file", strings.Repeat("a", n), quota{1, time.Hour})
	}
	if len(g.seen) != 50 || g.used.Len() != 50 {
		t.Errorf("%d and %d are kept", len(g.seen), g.used.Len())
	}
	if g.pass("file", strings.Repeat("a", 999), quota{1, time.Hour}) == 0 {
		t.Error("the latest was forgotten before the earliest")
	}
}

func TestWhoARequestComesFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, remote, forwarded, want string }{
		{"directly", "203.0.113.7:4000", "", "203.0.113.7"},
		{"a stranger who writes a proxy's header", "203.0.113.7:4000", "198.51.100.1", "203.0.113.7"},
		{"the proxy of this machine", "127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"what a stranger told the proxy stands before its own word", "10.0.0.2:4000", "1.1.1.1, 198.51.100.1", "198.51.100.1"},
		{"a proxy's word that is none", "127.0.0.1:4000", "unknown", "127.0.0.1"},
		{"one network of IPv6", "[2001:db8:1:2:3:4:5:6]:4000", "", "2001:db8:1:2::/64"},
		{"an IPv4 address in IPv6", "[::ffff:203.0.113.7]:4000", "", "203.0.113.7"},
		{"no address at all", "pipe", "", "pipe"},
	} {
		r := httptest.NewRequest("POST", "/t/a/keberatan", nil)
		if r.RemoteAddr = c.remote; c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientOf(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
