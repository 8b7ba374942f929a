package sandbox

import "time"

// meter counts calls of one account on one route in the running window.
type meter struct {
	limit, used int
	reset       time.Time
	now         time.Time // of the latest call
	window      time.Duration
}

func (m *meter) spent() bool    { return m.limit > 0 && m.used >= m.limit }
func (m *meter) remaining() int { return max(m.limit-m.used, 0) }

// roomy is how many times the published limits the sandbox allows unless
// Rules.TrueLimits is set: figures stay plausible and load tests run.
const roomy = 1000

func (s *Sandbox) meter(f face, name string, rt route, c *call) *meter {
	limit, window := rt.limit, rt.window
	if limit == 0 {
		limit = 300
	}
	if window == 0 {
		window = 15 * time.Minute
	}
	if !s.rules.TrueLimits {
		limit *= roomy
	}
	who := "anonymous"
	if c.account != nil {
		who = c.account.ID
	}
	key := f.platform() + " " + name + " " + who
	m := s.meters[key]
	if m == nil || !c.now.Before(m.reset) {
		m = &meter{reset: c.now.Add(window)}
		s.meters[key] = m
	}
	m.limit, m.now, m.window = limit, c.now, window
	return m
}
