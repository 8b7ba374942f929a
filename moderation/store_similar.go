package moderation

import (
	"cmp"
	"context"
	"slices"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

func insertWords(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.MessageID, words []int64) error {
	for _, w := range words {
		_, err := tx.Exec(ctx, `INSERT INTO decided_word (agency_id, word, message_id) VALUES ($1, $2, $3) ON CONFLICT (agency_id, word, message_id) DO NOTHING`, agency, w, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// wordMarks stand for as many words as are kept of a message.
const wordMarks = `$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21`

// likeness is a decided message that shares rare words.
type likeness struct {
	Message inbox.MessageID
	Shared  int
	share   float64
}

// sharing lists decided messages that share rare words with a message, the
// most alike first. Copies of it are found by their fingerprint instead.
func sharing(ctx context.Context, tx *db.Tx, msg inbox.Message, words []int64) (near []likeness, err error) {
	if len(words) < minShared {
		return nil, nil
	}
	args := []any{msg.Agency, string(msg.ID), minShared, rareWithin, msg.Fingerprint}
	for i := range keptWords { // a short message's first word fills the rest
		args = append(args, words[i%len(words)])
	}
	found, err := db.All(ctx, tx, func(scan func(...any) error) (l struct {
		likeness
		masked string
	}, err error) {
		err = scan(&l.Message, &l.masked)
		return l, err
	}, `
		SELECT m.id, m.masked FROM message m WHERE m.agency_id = $1 AND ($5 = '' OR m.fingerprint <> $5) AND m.id IN (
			SELECT w.message_id FROM decided_word w
			WHERE w.agency_id = $1 AND w.message_id <> $2 AND w.word IN (
				SELECT word FROM decided_word WHERE agency_id = $1 AND word IN (`+wordMarks+`) GROUP BY word HAVING COUNT(*) <= $4)
			GROUP BY w.message_id HAVING COUNT(*) >= $3 ORDER BY COUNT(*) DESC, w.message_id DESC LIMIT 30)`, args...)
	for _, l := range found {
		if l.Shared, l.share = alike(words, fingerWords(l.masked)); l.share >= closeEnough {
			near = append(near, l.likeness)
		}
	}
	slices.SortFunc(near, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(b.Message, a.Message))
	})
	return near, err
}

// decisionsOnCopies lists what was decided about other messages of one text.
func decisionsOnCopies(ctx context.Context, tx *db.Tx, msg inbox.Message, limit int) ([]Decision, error) {
	return db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d
		WHERE d.agency_id = $1 AND $2 <> '' AND d.act IN ('keep', 'hide', 'remove', 'warn', 'block') AND d.id IN (
			SELECT t.decision_id FROM decision_target t JOIN message m ON m.id = t.message_id
			WHERE m.agency_id = $1 AND m.fingerprint = $2 AND m.id <> $3)
		ORDER BY d.id DESC LIMIT $4`, msg.Agency, msg.Fingerprint, msg.ID, limit)
}

func decisionsUnder(ctx context.Context, tx *db.Tx, msg inbox.Message, clause string, limit int) ([]Decision, error) {
	return db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d
		WHERE d.agency_id = $1 AND d.clause = $2 AND d.message_id <> $3 AND d.act IN ('hide', 'remove', 'warn', 'block')
		ORDER BY d.id DESC LIMIT $4`, msg.Agency, clause, msg.ID, limit)
}

// reversedBy is the number of the later decision that took one back: by its
// name, or by showing again what it hid; "" when it stands.
func reversedBy(ctx context.Context, tx *db.Tx, d Decision) (string, error) {
	all, err := db.All(ctx, tx, db.Value[string], `
		SELECT r.number FROM decision r
		WHERE r.agency_id = $1 AND r.id > $2 AND (r.reverses = $2 OR (r.act = 'restore' AND r.id IN (SELECT decision_id FROM decision_target WHERE message_id = $3)))
		ORDER BY r.id LIMIT 1`, d.Agency, d.ID, d.Message)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}
