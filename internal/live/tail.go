package live

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// poll is how often a tail looks for other processes' changes.
const poll = time.Second

// Tail calls seen for each note of the agency since from until ctx ends or
// seen fails. Notes of this process arrive at once, others within a second. A
// note is passed on once, however often the trailing window shows it. It starts
// one window before from: a change whose transaction was still open when the
// page was read carries an earlier time. So a page may hear of a change that it
// shows already.
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
			if _, again := known[n.ID]; again {
				continue
			}
			known[n.ID] = n.At
			fresh = append(fresh, n)
			newest = later(newest, n.At, time.Now())
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

// later moves the trailing window on, but never past our own clock: one other
// machine whose clock is ahead must not hide everybody else's notes.
func later(newest, at, now time.Time) time.Time {
	if at.After(now) {
		at = now
	}
	if at.After(newest) {
		return at
	}
	return newest
}
