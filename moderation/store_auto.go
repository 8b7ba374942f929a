package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
)

// decidedCopy is a person's decision to hide a copy of this text as gambling or
// fraud, if it stands: nobody since has left a copy alone or shown one again.
func decidedCopy(ctx context.Context, tx *db.Tx, msg inbox.Message, since time.Time) (d Decision, found bool, err error) {
	all, err := db.All(ctx, tx, readDecision, `
		SELECT `+decisionColumns+` FROM decision d
		WHERE d.agency_id = $1 AND d.at >= $3 AND d.id = (
			SELECT MAX(e.id) FROM message c JOIN decision_target t ON t.message_id = c.id JOIN decision e ON e.id = t.decision_id
			WHERE c.agency_id = $1 AND c.fingerprint = $2 AND e.by_id NOT LIKE 'system:%' AND e.act IN ('hide', 'remove', 'warn', 'block', 'keep', 'restore'))
			AND d.act = 'hide' AND d.state <> 'failed'
			AND NOT EXISTS (SELECT 1 FROM objection o WHERE o.decision_id = d.id AND o.state IN ('granted', 'partly')) AND EXISTS (
			SELECT 1 FROM decision_target t JOIN message c ON c.id = t.message_id
			WHERE t.decision_id = d.id AND c.fingerprint = $2 AND (' ' || c.labels || ' ' LIKE '% gambling %' OR ' ' || c.labels || ' ' LIKE '% fraud %'))`,
		msg.Agency, msg.Fingerprint, db.Micros(since))
	if err != nil || len(all) == 0 {
		return d, false, err
	}
	return all[0], true, nil
}

// clearedCopy says whether the last word of a person about a copy of this text
// was to leave it standing, or to show it again. Who took their own decision
// back at once said nothing about the text.
func clearedCopy(ctx context.Context, tx *db.Tx, msg inbox.Message) (bool, error) {
	if msg.Fingerprint == "" {
		return false, nil
	}
	acts, err := db.All(ctx, tx, db.Value[Act], `
		SELECT e.act FROM message c JOIN decision_target t ON t.message_id = c.id JOIN decision e ON e.id = t.decision_id
		WHERE c.agency_id = $1 AND c.fingerprint = $2 AND e.by_id NOT LIKE 'system:%' AND e.act IN ('hide', 'remove', 'warn', 'block', 'keep', 'restore')
			AND NOT EXISTS (SELECT 1 FROM decision o WHERE o.id = e.reverses AND o.by_id = e.by_id)
		ORDER BY e.id DESC LIMIT 1`, msg.Agency, msg.Fingerprint)
	return len(acts) == 1 && (acts[0] == Keep || acts[0] == Restore), err
}
