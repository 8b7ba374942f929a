package web

import (
	"container/list"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// gate slows down whoever writes to us without an account. It keeps no address:
// what it remembers is a keyed hash under a key of today, in memory alone, and
// never more than most of them.
type gate struct {
	now  func() time.Time
	most int

	mu   sync.Mutex
	day  string
	salt []byte
	seen map[string]*list.Element
	used *list.List // the latest first
}

// quota is how many at once, and how long until as many are free again.
type quota struct {
	burst int
	per   time.Duration
}

// Many people share one address with their provider, so these are generous;
// those of a case and of an office stop a flood that comes from everywhere.
var (
	filings  = quota{15, time.Hour}
	perCase  = quota{30, time.Hour}
	perSlug  = quota{300, time.Hour}
	lookUps  = quota{90, 10 * time.Minute}
	misses   = quota{30, time.Hour} // case numbers that are none: people mistype, programs guess
	receipts = quota{12, 10 * time.Minute}
)

type allowance struct {
	key  string
	left float64
	at   time.Time
}

func newGate(now func() time.Time) *gate {
	return &gate{now: now, most: 20000, seen: map[string]*list.Element{}, used: list.New()}
}

// pass takes one of a quota; wait is how long until there is one, 0 when it
// was taken.
func (g *gate) pass(what, who string, q quota) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.turn(now)
	key := g.name(what, who)
	el := g.seen[key]
	if el == nil {
		if g.used.Len() >= g.most { // the one that was longest quiet makes room
			last := g.used.Back()
			delete(g.seen, last.Value.(*allowance).key)
			g.used.Remove(last)
		}
		el = g.used.PushFront(&allowance{key: key, left: float64(q.burst), at: now})
		g.seen[key] = el
	}
	g.used.MoveToFront(el)
	a := el.Value.(*allowance)
	each := q.per / time.Duration(q.burst)
	if passed := now.Sub(a.at); passed > 0 {
		a.left = min(float64(q.burst), a.left+float64(passed)/float64(each))
	}
	a.at = now
	if a.left < 1 {
		return time.Duration((1-a.left)*float64(each)).Round(time.Second) + time.Second
	}
	a.left--
	return 0
}

// back returns one that was taken and not needed.
func (g *gate) back(what, who string, q quota) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if el := g.seen[g.name(what, who)]; el != nil {
		a := el.Value.(*allowance)
		a.left = min(float64(q.burst), a.left+1)
	}
}

// turn forgets everything when a day is over: yesterday's hashes cannot be
// compared with today's.
func (g *gate) turn(now time.Time) {
	if day := now.UTC().Format(time.DateOnly); day != g.day {
		g.day, g.salt = day, make([]byte, 32)
		_, _ = rand.Read(g.salt) // never fails (crypto/rand)
		g.seen = map[string]*list.Element{}
		g.used.Init()
	}
}

func (g *gate) name(what, who string) string {
	h := hmac.New(sha256.New, g.salt)
	h.Write([]byte(what + "\x00" + who))
	return string(h.Sum(nil)[:16])
}

// clientOf is whom a request comes from: an IPv4 address, or the network of an
// IPv6 one, of which everybody has billions. A proxy is believed where only an
// own one can be: on this machine or in the office's own network.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if ip = ip.Unmap(); ip.IsLoopback() || ip.IsPrivate() {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		// The last one was written by the proxy; those before it by anybody.
		if far, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			ip = far.Unmap()
		}
	}
	if ip.Is6() {
		if p, err := ip.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
