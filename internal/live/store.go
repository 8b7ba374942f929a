// Package live tells open pages that something changed: small notes with ids
// only, written in the transaction of the change and tailed by the web.
package live

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// Signal is what a commit with notes rings in this process.
const Signal = "live"

// Note is one change. It holds no content.
type Note struct {
	ID      string
	At      time.Time
	Agency  identity.AgencyID
	Kind    string // "post", "delivery", "conversation", "channel"
	Subject string
}

// Tell writes a change note in the change's own transaction.
func Tell(ctx context.Context, tx *db.Tx, agency identity.AgencyID, kind, subject string) error {
	tx.Signal(Signal)
	_, err := tx.Exec(ctx, `INSERT INTO live (id, at, agency_id, kind, subject) VALUES ($1, $2, $3, $4, $5)`,
		db.NewID(), db.Micros(time.Now()), agency, kind, subject)
	return err
}

// window is how far back a tail re-reads: PostgreSQL commits out of order, so
// a note may appear after a younger one.
const window = 5 * time.Second

func read(scan func(...any) error) (n Note, err error) {
	err = scan(&n.ID, db.At(&n.At), &n.Agency, &n.Kind, &n.Subject)
	return n, err
}

// Since lists the notes of an agency written after t, with the trailing window.
// It has no limit: when more came within the window than the limit holds, the
// tail would read the same ones for ever. Forget keeps the table small.
func Since(ctx context.Context, tx *db.Tx, agency identity.AgencyID, t time.Time) ([]Note, error) {
	return db.All(ctx, tx, read, `
		SELECT id, at, agency_id, kind, subject FROM live
		WHERE at > $1 AND agency_id = $2 ORDER BY at, id`,
		db.Micros(t.Add(-window)), agency)
}

// Forget drops notes that no page can still be waiting for.
func Forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM live WHERE at < $1`, db.Micros(before))
	return err
}
