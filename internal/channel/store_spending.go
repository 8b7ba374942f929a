package channel

import (
	"context"
	"time"

	"kentongan/internal/db"
)

// Cost is what a channel's calls cost in one month.
type Cost struct {
	Calls     int64
	USDMicros int64 // millionths of a US dollar
}

// Month is the month of an invoice: platforms count in UTC.
func Month(at time.Time) string { return at.UTC().Format("2006-01") }

// AddSpending counts a call that cost something.
func AddSpending(ctx context.Context, tx *db.Tx, id ID, month string, usdMicros int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO spending (channel_id, month, calls, usd_micros) VALUES ($1, $2, 1, $3)
		ON CONFLICT (channel_id, month) DO UPDATE SET calls = spending.calls + 1, usd_micros = spending.usd_micros + excluded.usd_micros`,
		id, month, usdMicros)
	return err
}

// Spending is what a channel has cost in a month.
func Spending(ctx context.Context, tx *db.Tx, id ID, month string) (Cost, error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (s Cost, err error) {
		err = scan(&s.Calls, &s.USDMicros)
		return s, err
	}, `SELECT calls, usd_micros FROM spending WHERE channel_id = $1 AND month = $2`, id, month)
	if err != nil || len(all) == 0 {
		return Cost{}, err
	}
	return all[0], nil
}
