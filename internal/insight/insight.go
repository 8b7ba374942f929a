// Package insight reads what became of what an agency said: engagement at the
// platforms, how long citizens waited, what waits now. It reads tables and
// belongs to no room.
package insight

import (
	"log/slog"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/platform"
)

// KindMeasure is the promise to read a post's figures; the publisher puts it.
const KindMeasure = "measure" // key: delivery id

// Insight holds the verbs.
type Insight struct {
	DB       *db.DB
	Channels *channel.Desk
	Log      *slog.Logger
	Now      func() time.Time
	// Cadence is how long after its publication a post is measured, ascending.
	Cadence []time.Duration
	// Near is how long before its deadline a conversation is called near.
	Near time.Duration
}

// UsualCadence is an hour, a day and a week after publication.
func UsualCadence() []time.Duration {
	return []time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}
}

// DemoCadence shows figures while somebody watches.
func DemoCadence() []time.Duration {
	return append([]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}, UsualCadence()...)
}

// next is when a post is to be measured again; ok is false after the last time.
func next(cadence []time.Duration, published, now time.Time) (at time.Time, ok bool) {
	for _, after := range cadence {
		if at := published.Add(after); at.After(now) {
			return at, true
		}
	}
	return time.Time{}, false
}

// reach says whether a counter tells how many saw a post; the others tell how
// many did something.
func reach(name string) bool {
	switch name {
	case "views", "impressions", "reach":
		return true
	}
	return false
}

// Figures sum up what a platform counted.
type Figures struct {
	Reach     int64
	HasReach  bool // some platforms do not tell
	Reactions int64
	ByName    platform.Counts
}

func (f *Figures) add(c platform.Counts) {
	if f.ByName == nil {
		f.ByName = platform.Counts{}
	}
	for name, n := range c {
		f.ByName[name] += n
		if reach(name) {
			f.Reach += n
			f.HasReach = true
		} else {
			f.Reactions += n
		}
	}
}
