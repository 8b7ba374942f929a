package inbox

import (
	"context"
	"strings"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// Triaged is what the first look at a message gave. Verdict holds no text.
type Triaged struct {
	Message MessageID
	Version int64 // that was looked at: an edit meanwhile is looked at again
	Labels  []string
	Verdict string
	Flag    string // the act proposed to a moderator; "" for none
}

// SaveTriage writes the outcome of the first look.
func SaveTriage(ctx context.Context, tx *db.Tx, t Triaged, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE message SET labels = $1, verdict = $2, flag = $3, triaged_at = $4 WHERE id = $5 AND version = $6`,
		strings.Join(t.Labels, " "), t.Verdict, t.Flag, db.Micros(now), t.Message, t.Version)
	return err
}

// MarkDecided writes that a moderator decided about a message, and takes it
// from the queue.
func MarkDecided(ctx context.Context, tx *db.Tx, id MessageID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE message SET decided_at = $1 WHERE id = $2`, db.Micros(at), id)
	return err
}

// History lists an agency's messages that have been looked at, the latest
// first: those before a message ("" = all), received since a time.
func History(ctx context.Context, tx *db.Tx, agency identity.AgencyID, before MessageID, since time.Time, limit int) ([]Message, error) {
	if before == "" {
		before = "~" // after every id
	}
	return db.All(ctx, tx, readMessage, `
		SELECT `+messageColumns+` FROM message
		WHERE agency_id = $1 AND id < $2 AND triaged_at > 0 AND received_at >= $3 ORDER BY id DESC LIMIT $4`, agency, before, db.Micros(since), limit)
}

// CountHistory is how many messages History would list.
func CountHistory(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE agency_id = $1 AND triaged_at > 0 AND received_at >= $2`, agency, db.Micros(since))
}
