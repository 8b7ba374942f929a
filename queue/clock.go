package queue

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/outbox"
)

// batch is how many promises the clock holds and rings at once.
const batch = 500

// reread is how often the clock looks for what other processes promised.
const reread = time.Second

// heartbeat tells whether the clock is alive.
type heartbeat struct{ last atomic.Int64 }

// Alive says whether the clock has looked at the promises lately.
func (q *Queue) Alive() bool {
	return q.now().Sub(time.UnixMicro(q.beat.last.Load())) < 10*time.Second
}

// clock rings every promise at its instant, never before. It keeps the next
// minute in memory, reads again every second and after each commit that put a
// promise, and rings again what nobody answered.
func (q *Queue) clock(ctx context.Context) error {
	bell, stop := q.db.Subscribe(outbox.Signal)
	defer stop()
	if err := q.db.Update(ctx, func(tx *db.Tx) error { return outbox.ForgetRings(ctx, tx) }); err != nil {
		return err
	}
	tick := time.NewTicker(reread)
	defer tick.Stop()
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for {
		next, err := q.ringDue(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			q.log.Warn("queue: cannot ring", slog.Any("err", err))
		default:
			q.beat.last.Store(q.now().UnixMicro())
		}
		if !next.IsZero() {
			alarm.Reset(max(0, next.Sub(q.now())))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-bell:
		case <-alarm.C:
		case <-tick.C:
		}
	}
}

// ringDue rings what is due, in fair turns, and returns when the next one is.
func (q *Queue) ringDue(ctx context.Context) (next time.Time, err error) {
	now := q.now()
	var rows []outbox.Row
	err = q.db.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = outbox.Ringable(ctx, tx, now, now.Add(q.settings.Horizon), q.settings.Patience, batch)
		return err
	})
	if err != nil {
		return next, err
	}
	var due []outbox.Row
	for _, r := range rows {
		if r.State == outbox.Open && r.Due.After(now) {
			if next.IsZero() || r.Due.Before(next) {
				next = r.Due
			}
			continue
		}
		due = append(due, r)
	}
	due = fairTurns(oneEach(due))
	if len(due) == 0 {
		return next, nil
	}
	rung, err := q.mark(ctx, due, now)
	if err != nil {
		return next, err
	}
	q.step("marked")
	for _, r := range rung {
		if err := q.ring(ctx, r.row, r.number); err != nil {
			return next, err // marked as rung: the sweeper rings again after patience
		}
	}
	q.step("rung")
	if len(rows) == batch {
		next = now // there is more
	}
	return next, nil
}

type rung struct {
	row    outbox.Row
	number int64
}

// mark writes which promises this process rings, so that two processes do not
// ring the same. Rung twice it would be harmless: the claim decides.
func (q *Queue) mark(ctx context.Context, due []outbox.Row, now time.Time) (all []rung, err error) {
	err = q.db.Update(ctx, func(tx *db.Tx) error {
		all = all[:0]
		for _, r := range due {
			number, ok, err := outbox.Rung(ctx, tx, r, now)
			if err != nil {
				return err
			}
			if ok {
				all = append(all, rung{r, number})
			}
		}
		return nil
	})
	return all, err
}
