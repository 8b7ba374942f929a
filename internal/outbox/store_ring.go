package outbox

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// Ringable lists promises to ring until the horizon: open ones that fall due,
// rung ones that nobody claimed for patience, and taken ones whose lease
// ended. Earliest first. A lane in which something is taken, or was rung and
// may be taken any moment, waits: a second ring there could only be refused,
// and would then not be repeated before patience is over. A ring from the
// future is none: the clock was set back since.
func Ringable(ctx context.Context, tx *db.Tx, now, horizon time.Time, patience time.Duration, limit int) ([]Row, error) {
	return db.All(ctx, tx, read, `
		SELECT `+columns+` FROM promise
		WHERE (state = 'open' AND due_at <= $1 AND (rung_at <= $2 OR rung_at > $4) AND lane NOT IN (
		         SELECT o.lane FROM promise o WHERE o.state = 'taken' AND o.lane <> ''
		         UNION ALL
		         SELECT o.lane FROM promise o WHERE o.state = 'open' AND o.lane <> '' AND o.rung_at > $2 AND o.rung_at <= $4))
		   OR (state = 'taken' AND lease_until <= $3 AND (rung_at <= $2 OR rung_at > $4))
		ORDER BY due_at, kind, key LIMIT $5`,
		db.Micros(horizon), db.Micros(now.Add(-patience)), db.Micros(now), db.Micros(now.Add(patience)), limit)
}

// Rung marks a promise as rung and returns the number of the ring. ok is false
// when another process rang it, or it moved, meanwhile.
func Rung(ctx context.Context, tx *db.Tx, r Row, now time.Time) (ring int64, ok bool, err error) {
	n, err := tx.Exec(ctx, `
		UPDATE promise SET ring = ring + 1, rung_at = $1
		WHERE kind = $2 AND key = $3 AND epoch = $4 AND ring = $5 AND state IN ('open', 'taken')`,
		db.Micros(now), r.Kind, r.Key, r.Epoch, r.Ring)
	return r.Ring + 1, n == 1, err
}

// ForgetRings makes everything open ring again: at start, when Redis may hold
// nothing of what was rung.
func ForgetRings(ctx context.Context, tx *db.Tx) error {
	tx.Signal(Signal)
	_, err := tx.Exec(ctx, `UPDATE promise SET rung_at = 0 WHERE state IN ('open', 'taken') AND rung_at <> 0`)
	return err
}

// Count is how many promises of a kind are in a state.
type Count struct {
	Kind, State string
	N           int64
	Oldest      time.Time // the earliest due
}

// Counts sums up the agency's promises for the queue page.
func Counts(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Count, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (c Count, err error) {
		err = scan(&c.Kind, &c.State, &c.N, db.At(&c.Oldest))
		return c, err
	}, `
		SELECT kind, state, COUNT(*), MIN(due_at) FROM promise
		WHERE agency_id = $1 AND state <> 'done' GROUP BY kind, state ORDER BY kind, state`, agency)
}

// Waiting lists the agency's promises that are not done, earliest first.
func Waiting(ctx context.Context, tx *db.Tx, agency identity.AgencyID, limit int) ([]Row, error) {
	return db.All(ctx, tx, read, `
		SELECT `+columns+` FROM promise
		WHERE agency_id = $1 AND state <> 'done' ORDER BY due_at, kind, key LIMIT $2`, agency, limit)
}

// One returns a promise as it stands.
func One(ctx context.Context, tx *db.Tx, kind, key string) (Row, error) {
	return db.One(ctx, tx, "outbox.not_found", read, `SELECT `+columns+` FROM promise WHERE kind = $1 AND key = $2`, kind, key)
}

// Oldest returns the due time of the earliest open promise of a class that
// has been due since before t, or zero.
func Oldest(ctx context.Context, tx *db.Tx, t time.Time) (time.Time, error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (at time.Time, err error) {
		err = scan(db.At(&at))
		return at, err
	}, `SELECT due_at FROM promise WHERE state = 'open' AND due_at <= $1 ORDER BY due_at LIMIT 1`, db.Micros(t))
	if err != nil || len(all) == 0 {
		return time.Time{}, err
	}
	return all[0], nil
}
