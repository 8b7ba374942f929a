package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

func dueRatifications(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Decision, error) {
	return db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d WHERE d.agency_id = $1 AND d.ratify = 'due' ORDER BY d.id LIMIT 200`, agency)
}

// saveRatified writes the second look over one that nobody has taken.
func saveRatified(ctx context.Context, tx *db.Tx, id DecisionID, verdict string, by identity.PersonID, at time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE decision SET ratify = $1, ratified_by = $2, ratified_at = $3 WHERE id = $4 AND ratify = 'due'`, verdict, by, db.Micros(at), id)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "ratify.done_already")
	}
	return err
}

// endRatification ends a second look that has become pointless: the person took
// their decision back.
func endRatification(ctx context.Context, tx *db.Tx, id DecisionID) error {
	_, err := tx.Exec(ctx, `UPDATE decision SET ratify = $1 WHERE id = $2 AND ratify = 'due'`, takenBack, id)
	return err
}

// targetMessages are the messages that a decision is about.
func targetMessages(ctx context.Context, tx *db.Tx, id DecisionID) ([]inbox.MessageID, error) {
	return db.All(ctx, tx, db.Value[inbox.MessageID], `SELECT message_id FROM decision_target WHERE decision_id = $1 ORDER BY message_id`, id)
}
