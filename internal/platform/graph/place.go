package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kentongan/internal/platform"
)

// Place is where a list was left: the last second read, and which of its
// entries, because Graph's times have whole seconds.
type Place struct {
	Since time.Time `json:"since,omitzero"`
	IDs   []string  `json:"ids,omitempty"`
}

// ReadPlace reads a cursor. One that cannot be read starts the feed anew: the
// inbox drops doubles.
func ReadPlace(cursor string) (p Place) {
	_ = json.Unmarshal([]byte(cursor), &p)
	return p
}

// String is the place as a cursor.
func (p Place) String() string {
	raw, _ := json.Marshal(p) // a time and texts always marshal
	return string(raw)
}

// Known says that an entry was given before.
func (p Place) Known(id string, at time.Time) bool {
	if at.IsZero() {
		return slices.Contains(p.IDs, id)
	}
	return at.Before(p.Since) || at.Equal(p.Since) && slices.Contains(p.IDs, id)
}

// After is the place behind an entry.
func (p Place) After(id string, at time.Time) Place {
	if at.After(p.Since) {
		return Place{Since: at, IDs: []string{id}}
	}
	p.IDs = append(slices.Clone(p.IDs), id)
	return p
}

// Entry is something in a list.
type Entry interface {
	Key() string
	Moment() time.Time
}

// read is an entry of a feed, or one that cannot be read and is passed over:
// the feed would otherwise stand still at it forever.
type read[T Entry] struct {
	entry T
	ok    bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *read[T]) UnmarshalJSON(raw []byte) error {
	r.ok = json.Unmarshal(raw, &r.entry) == nil
	return nil
}

// pages bound one walk back: far more than a channel hears between two polls.
const pages = 100

// Newer walks a list, newest first, from its head back to the place where it
// was left, and gives what it met oldest first. The first visit reads one page.
func Newer[T Entry](ctx context.Context, g API, a platform.Account, e Edge, from Place, first bool) ([]T, error) {
	var found []T
	met := map[string]bool{}
	if e.Params == nil {
		e.Params = url.Values{}
	}
	e.Pages = pages
	_, err := Walk(ctx, g, a, e, func(page []read[T], _ http.Header) bool {
		enough, fresh := first, false
		for _, r := range page {
			n := r.entry
			if !r.ok {
				fresh = true
				continue
			}
			// A time that is missing says nothing of where the place is.
			enough = enough || !n.Moment().IsZero() && n.Moment().Before(from.Since)
			if id := n.Key(); id != "" && !from.Known(id, n.Moment()) && !met[id] {
				met[id], fresh = true, true
				found = append(found, n)
			}
		}
		// Meta leaves out what we may not see: an empty page is not the end.
		return enough || !fresh && len(page) > 0
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(x, y T) int { return x.Moment().Compare(y.Moment()) })
	return found, nil
}
