package live

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// poll is how often a tail looks for other processes' changes.
const poll = time.Second

// Tail calls seen for each new note of the agency until ctx ends or seen
// fails. Notes of this process arrive at once, others within a second. A note
// is passed on once, however often the trailing window shows it.
func Tail(ctx context.Context, d *db.DB, agency identity.AgencyID, from time.Time, seen func([]Note) error) error {
	bell, stop := d.Subscribe(Signal)
	defer stop()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	known, newest := map[string]time.Time{}, from
	for {
		var notes []Note
		err := d.View(ctx, func(tx *db.Tx) (err error) {
			notes, err = Since(ctx, tx, agency, newest)
			return err
		})
		if err != nil {
			return err
		}
		var fresh []Note
		for _, n := range notes {
			if _, again := known[n.ID]; again || n.At.Before(from) {
				continue
			}
			known[n.ID] = n.At
			fresh = append(fresh, n)
			if n.At.After(newest) {
				newest = n.At
			}
		}
		for id, at := range known {
			if at.Before(newest.Add(-2 * window)) {
				delete(known, id)
			}
		}
		if len(fresh) > 0 {
			if err := seen(fresh); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-bell:
		case <-tick.C:
		}
	}
}
