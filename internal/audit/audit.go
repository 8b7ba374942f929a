// Package audit writes down who did what, in the same transaction as the deed.
// Each row carries a hash of its own content, so that a changed row is found
// by Verify without trusting the database.
package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"kentongan/internal/identity"
)

// Entry is one row of the trail. It never holds personal data or message text.
type Entry struct {
	ID         string
	At         time.Time
	Agency     identity.AgencyID
	Actor      identity.PersonID
	OnBehalfOf string
	Via        identity.Via
	Deed       string // "post.approve"
	Subject    string // "post/0192…"
	Revision   int64
	Digest     string
	Detail     string // short, for people: a channel, a clause, a reason code
	Hash       string
}

// ContentHash is the SHA-256 over every field, each preceded by its length, so
// that no two different rows give the same bytes.
func (e Entry) ContentHash() string {
	h := sha256.New()
	var n [8]byte
	put := func(s string) {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	num := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	put("kentongan.audit.v1")
	put(e.ID)
	num(e.At.UnixMicro())
	for _, s := range []string{string(e.Agency), string(e.Actor), e.OnBehalfOf, string(e.Via), e.Deed, e.Subject} {
		put(s)
	}
	num(e.Revision)
	put(e.Digest)
	put(e.Detail)
	return hex.EncodeToString(h.Sum(nil))
}
