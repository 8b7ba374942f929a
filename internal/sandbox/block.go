package sandbox

import "time"

// block keeps a person from one of our accounts, or lets them again.
func (s *Sandbox) block(platform, account, person string, blocked bool) error {
	key := at(platform, at(account, person))
	if s.world.blocked[key] == blocked {
		return nil
	}
	b := blocking{Key: key, Blocked: blocked}
	if err := s.world.journal.write(entry{Block: &b}); err != nil {
		return err
	}
	s.world.apply(entry{Block: &b})
	return nil
}

// blocking is one change of who may speak to whom.
type blocking struct {
	Key     string `json:"key"` // platform/account/person
	Blocked bool   `json:"blocked"`
}

func (w *world) isBlocked(platform, account, person string) bool {
	return w.blocked[at(platform, at(account, person))]
}

// Advance moves the sandbox's clock forward: codes run out, windows close,
// containers expire.
func (s *Sandbox) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead.Add(int64(by))
}
