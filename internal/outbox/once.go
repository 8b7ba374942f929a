package outbox

import (
	"context"
	"time"

	"kentongan/internal/db"
)

// Once takes a promise, runs f and keeps the promise, all in one transaction:
// for kinds whose work is in the database alone. When f fails nothing of it
// remains, and the promise is rung again.
func Once(ctx context.Context, d *db.DB, now time.Time, ring Ring, f func(*db.Tx, Claim) error) error {
	return d.Update(ctx, func(tx *db.Tx) error {
		c, ok, err := Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, now, time.Minute)
		if err != nil || !ok {
			return err
		}
		if err := f(tx, c); err != nil {
			return err
		}
		return Finish(ctx, tx, c)
	})
}

// Ring is what the queue brings to a verb: ids only.
type Ring struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Epoch int64  `json:"epoch"`
}

// Backoff is how long to wait after n failures in a row: 5 s, doubling, at
// most 10 minutes.
func Backoff(n int64) time.Duration {
	d := 5 * time.Second
	for ; n > 0 && d < 10*time.Minute; n-- {
		d *= 2
	}
	return min(d, 10*time.Minute)
}
