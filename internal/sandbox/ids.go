package sandbox

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Epochs and shifts of the platforms' time-ordered ids.
const (
	xEpochMS   = 1288834974657 // X snowflake: ms<<22
	xShift     = 22
	mastoShift = 16 // Mastodon: ms<<16
)

// nextID makes an id that is larger than every earlier one on the platform
// and tells its time the way the platform's ids do.
func (w *world) nextID(platform string, now time.Time) string {
	ms := now.UnixMilli()
	var n int64
	switch platform {
	case X:
		n = (ms - xEpochMS) << xShift
	case Mastodon:
		n = ms << mastoShift
	default: // Graph object ids: no time in them, only growth
		n = 122_000_000_000_000_000 + (ms-1_700_000_000_000)*10
	}
	n = max(n, w.last[platform]+1)
	w.last[platform] = n
	return strconv.FormatInt(n, 10)
}

// sawID keeps nextID growing after a restart.
func (w *world) sawID(platform, id string) {
	n, err := strconv.ParseInt(objectPart(id), 10, 64)
	if err == nil {
		w.last[platform] = max(w.last[platform], n)
	}
}

// compareIDs orders decimal ids by value, however long; joined Graph ids by
// their own part.
func compareIDs(a, b string) int {
	a, b = strings.TrimLeft(objectPart(a), "0"), strings.TrimLeft(objectPart(b), "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
