package bluesky

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"
)

// address is where a record is: at://DID/COLLECTION/KEY.
type address struct{ did, collection, rkey string }

// Collections.
const (
	posts  = "app.bsky.feed.post"
	gates  = "app.bsky.feed.threadgate"
	blocks = "app.bsky.graph.block"
)

func parseAddress(uri string) (address, bool) {
	rest, ok := strings.CutPrefix(uri, "at://")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 || !strings.HasPrefix(parts[0], "did:") || parts[1] == "" || parts[2] == "" {
		return address{}, false
	}
	return address{parts[0], parts[1], parts[2]}, true
}

func (at address) String() string { return "at://" + at.did + "/" + at.collection + "/" + at.rkey }

// page is where people read it; handle may be unknown.
func (at address) page(handle string) string {
	if handle == "" || handle == invalidHandle {
		handle = at.did
	}
	return pages + "/profile/" + handle + "/post/" + at.rkey
}

// invalidHandle is what the network says where a handle no longer leads back
// to its account.
const invalidHandle = "handle.invalid"

// brief is a post's address without what all of them share, for cursors.
func (at address) brief() string { return strings.TrimPrefix(at.did, "did:plc:") + "/" + at.rkey }

func fromBrief(s string) (address, bool) {
	did, rkey, ok := strings.Cut(s, "/")
	if !ok || did == "" || rkey == "" {
		return address{}, false
	}
	if !strings.HasPrefix(did, "did:") {
		did = "did:plc:" + did
	}
	return address{did, posts, rkey}, true
}

const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// newTID is a record key as the network wants it (atproto.com/specs/tid):
// microseconds since 1970 and ten random bits, in 13 letters that sort.
func newTID(now time.Time) string {
	var dice [2]byte
	_, _ = rand.Read(dice[:]) // crypto/rand never fails
	n := uint64(now.UnixMicro())<<10 | uint64(binary.BigEndian.Uint16(dice[:])&1023)
	b := make([]byte, 13)
	for i := range b {
		b[12-i] = sortable[n&31]
		n >>= 5
	}
	return string(b)
}

// datetime is a time as records hold it.
func datetime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
