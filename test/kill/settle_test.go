package kill

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/outbox"
	"kentongan/publisher"
)

const (
	// attended is how long a promise may stay due without being kept, with two
	// workers running and nothing wrong any more.
	attended = 90 * time.Second
	// patient is the longest wait that is not cut short.
	patient = 5 * time.Second
)

// settle lifts the faults and waits until nothing is under way. Rows of
// failures have made promises and channels wait, up to ten minutes each, longer
// on a slow machine; nobody waits for that here.
func (r *run) settle() {
	r.t.Helper()
	if r.naive == "" {
		r.world.calm()
	}
	moved, before := time.Now(), ""
	for r.underWay() > 0 {
		if now := r.states(); now != before {
			moved, before = time.Now(), now
		}
		if time.Since(moved) > attended {
			r.t.Fatalf("still under way: %s\n%s", r.states(), r.stuck())
		}
		r.keepWorkers()
		r.hurry()
		time.Sleep(100 * time.Millisecond)
	}
	r.stopWorkers()
}

// hurry ends the long waits of what was not sent: the breaker of a channel, and
// promises put off after failures. What must be read back keeps its time.
func (r *run) hurry() {
	now := time.Now()
	r.promises(func(ctx context.Context, tx *db.Tx, d publisher.Delivery, row outbox.Row) error {
		if d.State != publisher.Waiting || row.State != outbox.Open || row.Due.Before(now.Add(patient)) {
			return nil
		}
		if err := channel.Answered(ctx, tx, d.Channel); err != nil {
			return err
		}
		row.Promise.Due = now
		return outbox.Nudge(ctx, tx, row.Promise)
	})
}

// stuck tells of each delivery that is under way what it waits for.
func (r *run) stuck() string {
	var all []string
	now := time.Now()
	r.promises(func(ctx context.Context, tx *db.Tx, d publisher.Delivery, row outbox.Row) error {
		ch, err := channel.Load(ctx, tx, d.Agency, d.Channel)
		all = append(all, fmt.Sprintf("%s on %s (after %q): %s %s; promise %s due in %v, %d failures, note %q; channel %s, %d strikes, pause for %v",
			d.ID, ch.Platform, d.After, d.State, d.Code, row.State, row.Due.Sub(now), row.Failures, row.Note, ch.Health, ch.Strikes, ch.PauseUntil.Sub(now)))
		return err
	})
	return strings.Join(all, "\n")
}

// promises visits every delivery that is under way, with its promise.
func (r *run) promises(visit func(context.Context, *db.Tx, publisher.Delivery, outbox.Row) error) {
	r.t.Helper()
	ctx := r.t.Context()
	err := r.office.db.Update(ctx, func(tx *db.Tx) error {
		for _, a := range r.people.approved {
			ds, err := publisher.Deliveries(ctx, tx, r.people.author.Agency, publisher.OriginPost, string(a.id))
			if err != nil {
				return err
			}
			for _, d := range ds {
				if d.State.Final() || d.State.NeedsReview() {
					continue
				}
				row, err := outbox.One(ctx, tx, publisher.KindDeliver, string(d.ID))
				if err != nil {
					return err
				}
				if err := visit(ctx, tx, d, row); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}
