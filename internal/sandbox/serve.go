package sandbox

import (
	"net/http"
	"time"
)

// slowAnswer is how long a slow answer takes by default.
const slowAnswer = 3 * time.Second

// face is what differs between the platforms when something is refused before
// a route is reached.
type face interface {
	platform() string
	authenticate(s *Sandbox, c *call) *answer // sets c.account; an answer refuses
	unreadable() answer                       // body cannot be parsed
	tooMany(m *meter) answer                  // 429 and the like
	revoked() answer                          // token no longer accepted
	meterHeaders(a answer, m *meter) answer   // rate headers on every answer
}

// route is one call of a platform's API.
type route struct {
	op     string             // what faults call it: publish, stage, pull, find, hide, delete, measure, verify
	opOf   func(*call) string // where one address does several things; nil is op
	open   bool               // readable without a token
	limit  int                // calls in a window, per account
	window time.Duration
	fetch  func(*call) []string // addresses of files that the platform gets itself
	run    func(*Sandbox, *call) answer
}

// serve answers a route through a face: read, authenticate, apply faults,
// run, write. The world is locked while a route runs and free while its
// answer travels.
func (s *Sandbox) serve(f face, name string, rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := readCall(r, s.now())
		if err != nil {
			f.unreadable().write(w)
			return
		}
		if rt.fetch != nil {
			s.fetch(r.Context(), c, rt.fetch(c))
		}
		out, ft := s.decide(f, name, rt, c)
		s.send(w, r, out, ft)
	}
}

// decide does everything that needs the world.
func (s *Sandbox) decide(f face, name string, rt route, c *call) (answer, *fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if no := f.authenticate(s, c); no != nil && (!rt.open || c.token != nil || c.account != nil) {
		return *no, nil
	}
	if rt.opOf != nil {
		rt.op = rt.opOf(c)
	}
	ft := s.takeFault(f.platform(), rt.op, c.account)
	m := s.meter(f, name, rt, c)
	if ft != nil {
		if out, stop := ft.before(f, m, c.now, func() answer { return rt.run(s, c) }); stop {
			return out, ft
		}
	}
	if m.spent() {
		return f.meterHeaders(f.tooMany(m), m), nil
	}
	m.used++
	return f.meterHeaders(rt.run(s, c), m), ft
}

// send writes an answer the way the fault wants it.
func (s *Sandbox) send(w http.ResponseWriter, r *http.Request, out answer, ft *fault) {
	switch {
	case ft == nil:
		out.write(w)
	case ft.Kind == faultDrop || ft.Kind == faultCommitDrop:
		hangUp(w)
	case ft.Kind == faultSlow:
		out.dribble(w, r, ft.lasting(slowAnswer))
	default:
		out.write(w)
	}
}
