package queue

import "sync"

// underWay knows whether verbs are at work. asynq lets go of a verb as soon as
// its context ends (asynq processor.go, exec: whichever of the two comes
// first), but what the verb works with may be closed only after it came back.
type underWay struct {
	working sync.RWMutex
	stopped bool
}

// enter says whether a verb may still begin; if so, leave must follow.
func (u *underWay) enter() bool {
	u.working.RLock()
	if u.stopped {
		u.working.RUnlock()
		return false
	}
	return true
}

func (u *underWay) leave() { u.working.RUnlock() }

// stop lets no verb begin any more and waits for those at work.
func (u *underWay) stop() {
	u.working.Lock()
	defer u.working.Unlock()
	u.stopped = true
}
