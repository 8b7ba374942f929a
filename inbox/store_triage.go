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

// Flagged is a message that a moderator should look at, for all its copies.
type Flagged struct {
	Message
	Flag   string
	Copies int64 // of the same text and undecided, this one included
}

const undecided = `flag <> '' AND decided_at = 0 AND deleted_at = 0 AND hidden_at = 0`

// ListFlagged lists what moderators have not decided about, oldest first; of
// identical copies the oldest stands for all.
func ListFlagged(ctx context.Context, tx *db.Tx, agency identity.AgencyID, after MessageID, limit int) ([]Flagged, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (f Flagged, err error) {
		f.Message, err = readMessage(func(into ...any) error { return scan(append(into, &f.Flag, &f.Copies)...) })
		return f, err
	}, `
		SELECT `+messageColumns+`, flag, CASE WHEN fingerprint = '' THEN 1 ELSE (
			SELECT COUNT(*) FROM message c WHERE c.agency_id = message.agency_id AND c.fingerprint = message.fingerprint AND `+undecidedOf("c")+`) END
		FROM message
		WHERE agency_id = $1 AND id > $2 AND `+undecided+` AND (fingerprint = '' OR NOT EXISTS (
			SELECT 1 FROM message o WHERE o.agency_id = message.agency_id AND o.fingerprint = message.fingerprint AND o.id < message.id AND `+undecidedOf("o")+`))
		ORDER BY id LIMIT $3`, agency, after, limit)
}

// CountFlagged is how many messages wait for a moderator.
func CountFlagged(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (int64, error) {
	return db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE agency_id = $1 AND `+undecided, agency)
}

func undecidedOf(alias string) string {
	return alias + ".flag <> '' AND " + alias + ".decided_at = 0 AND " + alias + ".deleted_at = 0 AND " + alias + ".hidden_at = 0"
}
