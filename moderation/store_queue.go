package moderation

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// timed is one decision with when its first message arrived.
type timed struct {
	Act          Act
	Received, At time.Time
}

func decidedSince(ctx context.Context, tx *db.Tx, agency identity.AgencyID, since time.Time) ([]timed, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (t timed, err error) {
		err = scan(&t.Act, db.At(&t.Received), db.At(&t.At))
		return t, err
	}, `
		SELECT d.act, m.received_at, d.at FROM decision d JOIN message m ON m.id = d.message_id
		WHERE d.agency_id = $1 AND d.at >= $2`, agency, db.Micros(since))
}

// countLists counts what waits beside the queue and is open to this person.
func countLists(ctx context.Context, tx *db.Tx, by identity.Actor, t *Tallies) error {
	read := func(scan func(...any) error) (n Tallies, err error) {
		err = scan(&n.Proposals, &n.Ratifications, &n.Reviews, &n.Escalations)
		return n, err
	}
	n, err := db.One(ctx, tx, "", read, `
		SELECT (SELECT COUNT(*) FROM proposal WHERE agency_id = $1 AND state = 'waiting'),
			(SELECT COUNT(*) FROM decision WHERE agency_id = $1 AND ratify = 'due'),
			(SELECT COUNT(*) FROM quality_review q JOIN decision d ON d.id = q.decision_id
				WHERE q.agency_id = $1 AND q.at = 0 AND d.by_id <> $2 AND d.second_id <> $2),
			(SELECT COUNT(*) FROM escalation WHERE agency_id = $1 AND answered_at = 0)`, by.Agency, by.ID)
	if err != nil {
		return err
	}
	t.Proposals, t.Ratifications, t.Reviews, t.Escalations = n.Proposals, n.Ratifications, n.Reviews, n.Escalations
	return nil
}
