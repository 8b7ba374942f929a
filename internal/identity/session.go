package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"kentongan/internal/fault"
)

// SessionID is the hash of the cookie: what the database knows opens nothing.
type SessionID string

// Session is one browser signed in.
type Session struct {
	ID        SessionID
	Person    PersonID
	Agency    AgencyID // where the person works in this session
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Revoked   time.Time
	Preference
}

// ErrNoSession says that the cookie opens nothing (any more): sign in again.
var ErrNoSession = fault.New(fault.Denied, "session.ended")

// newCookie draws 256 random bits.
func newCookie() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func sessionID(cookie string) SessionID {
	sum := sha256.Sum256([]byte(cookie))
	return SessionID(hex.EncodeToString(sum[:]))
}

// open reports whether the session still holds: not revoked, not too old, and
// used within idle.
func (s Session) open(now time.Time, idle time.Duration) bool {
	return s.Revoked.IsZero() && now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(idle))
}

// stale says that the time of last use should be written again. Once a minute
// is exact enough and spares a write per request.
func (s Session) stale(now time.Time) bool { return now.Sub(s.SeenAt) >= time.Minute }
