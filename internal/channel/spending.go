package channel

import (
	"context"

	"kentongan/internal/db"
	"kentongan/internal/platform"
)

// Spending makes a context in which a connector's calls for a channel are
// counted with what they cost. A figure that could not be written must not
// fail the call: the platform's invoice is the truth.
func (d *Desk) Spending(ctx context.Context, id ID) context.Context {
	keep := context.WithoutCancel(ctx)
	return platform.WithSpending(ctx, func(usdMicros int64) {
		_ = d.DB.Update(keep, func(tx *db.Tx) error { return AddSpending(keep, tx, id, Month(d.Now()), usdMicros) })
	})
}
