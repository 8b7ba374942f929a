package youtube

import (
	"sync"
	"time"

	"kentongan/internal/platform"
)

// Daily units of a project, and what polling may take of them: half, spread
// over the day, so that answering, moderating and publishing always have
// theirs (50 units each). Google does not tell what is left.
const (
	unitsADay  = 10_000
	forReads   = unitsADay / 2
	readsAhead = 500
)

// units counts what polling took from one project's day. Each process counts
// for itself; a project that several share asks for more quota.
type units struct {
	mu    sync.Mutex
	until time.Time
	used  int
}

// take says whether a poll may cost n units now. A poll that may not is not
// lost: its cursor stays, and the next one reads on.
func (u *units) take(now time.Time, n int) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !now.Before(u.until) {
		u.until, u.used = midnight(now), 0
	}
	gone := 1 - float64(u.until.Sub(now))/float64(24*time.Hour)
	if float64(u.used+n) > readsAhead+gone*forReads {
		return false
	}
	u.used += n
	return true
}

// may asks the day's units of the account's project.
func (c *Connector) may(a platform.Account, n int) bool {
	day, _ := c.days.LoadOrStore(a.BaseURL+" "+a.App.ClientID, &units{})
	return day.(*units).take(time.Now(), n)
}
