// Package channel keeps our registrations at platforms (apps) and the accounts
// we speak through (channels): credentials, health, pace, and what was seen of
// our own posts there.
package channel

import (
	"time"

	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// ID and AppID are UUIDv7 as text.
type (
	ID    string
	AppID string
)

// Health says whether a channel can be used now.
type Health string

const (
	OK       Health = "ok"
	AuthLost Health = "auth_lost" // the credential is no longer accepted: reconnect
	Blocked  Health = "blocked"   // the platform blocked the account for a while
	Frozen   Health = "frozen"    // a post that is not ours was seen: a person must look
	Off      Health = "off"       // disconnected by an administrator
)

// Channel is one account of an agency.
type Channel struct {
	ID            ID
	Agency        identity.AgencyID
	App           AppID
	Platform      platform.Name
	Mode          string
	BaseURL       string
	RemoteID      string
	Handle        string
	Name          string
	URL           string
	Also          []string // other ids the platform knows the account by
	Missing       []string // permissions that the platform did not give
	Sandbox       bool
	Health        Health
	HealthNote    string
	Strikes       int64     // unclear answers in a row
	PauseUntil    time.Time // the circuit breaker, or the platform's own block
	PaceRemaining int64     // -1 when the platform has not said
	PaceReset     time.Time
	ConnectedAt   time.Time
	TokenExpires  time.Time // zero when it does not, or the platform did not say
	PushAt        time.Time // since when the platform pushes to us
	PushCode      string    // why it does not, when it was asked to
	token         []byte
}

// App is our registration at a platform; its secrets stay sealed.
type App struct {
	ID       AppID
	Agency   identity.AgencyID
	Platform platform.Name
	Name     string
	BaseURL  string
	secrets  []byte
}

// Usable says whether a call may be made at now, and if not, from when it may
// be asked again (zero: when a person has mended it).
func (c Channel) Usable(now time.Time) (ok bool, again time.Time) {
	switch {
	case c.Health == Blocked && now.Before(c.PauseUntil):
		return false, c.PauseUntil
	case c.Health != OK && c.Health != Blocked:
		return false, time.Time{}
	case now.Before(c.PauseUntil):
		return false, c.PauseUntil
	case c.PaceRemaining == 0 && now.Before(c.PaceReset):
		return false, c.PaceReset
	}
	return true, time.Time{}
}

// Manual says that a person publishes by hand what goes out on the channel.
func (c Channel) Manual() bool { return c.Mode == platform.Manual }

// Broken says that a person has to mend the channel before anything can go out.
func (c Channel) Broken() bool { return c.Health != OK && c.Health != Blocked }

// pause is how long the breaker opens after so many strikes in a row: none for
// the first four, then 30 s doubling to 10 minutes.
func pause(strikes int64) time.Duration {
	if strikes < 5 {
		return 0
	}
	d := 30 * time.Second
	for n := strikes - 5; n > 0 && d < 10*time.Minute; n-- {
		d *= 2
	}
	return min(d, 10*time.Minute)
}
