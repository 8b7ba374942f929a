package moderation

import (
	"context"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

const exampleColumns = `e.id, e.agency_id, e.decision_id, d.number, e.act, e.clause, e.policy, e.month, e.text, e.state, e.by_id, e.released_by, e.ended_by, e.reason,
	e.created_at, e.released_at, e.ended_at`

func readExample(scan func(...any) error) (e Example, err error) {
	err = scan(&e.ID, &e.Agency, &e.Decision, &e.Number, &e.Act, &e.Clause, &e.Policy, &e.Month, &e.Text, &e.State, &e.By, &e.ReleasedBy, &e.EndedBy, &e.Reason,
		db.At(&e.CreatedAt), db.At(&e.ReleasedAt), db.At(&e.EndedAt))
	return e, err
}

func insertExample(ctx context.Context, tx *db.Tx, e Example) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO example (id, agency_id, decision_id, act, clause, policy, month, text, state, by_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Agency, e.Decision, e.Act, e.Clause, e.Policy, e.Month, e.Text, e.State, e.By, db.Micros(e.CreatedAt))
	return err
}

// saveExample writes an example unless it has left the state that it was in.
func saveExample(ctx context.Context, tx *db.Tx, was string, e Example) (moved bool, err error) {
	n, err := tx.Exec(ctx, `
		UPDATE example SET text = $1, state = $2, released_by = $3, ended_by = $4, reason = $5, released_at = $6, ended_at = $7
		WHERE id = $8 AND state = $9`,
		e.Text, e.State, e.ReleasedBy, e.EndedBy, e.Reason, db.Micros(e.ReleasedAt), db.Micros(e.EndedAt), e.ID, was)
	return n > 0, err
}

func loadExample(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ExampleID) (Example, error) {
	return db.One(ctx, tx, "example.not_found", readExample, `
		SELECT `+exampleColumns+` FROM example e JOIN decision d ON d.id = e.decision_id WHERE e.id = $1 AND e.agency_id = $2`, id, agency)
}

// listExamples lists those in a state, or all but the discarded, the latest first.
func listExamples(ctx context.Context, tx *db.Tx, agency identity.AgencyID, state string, limit int) ([]Example, error) {
	return db.All(ctx, tx, readExample, `
		SELECT `+exampleColumns+` FROM example e JOIN decision d ON d.id = e.decision_id
		WHERE e.agency_id = $1 AND (e.state = $2 OR $2 = '' AND e.state <> 'discarded') ORDER BY e.id DESC LIMIT $3`, agency, state, limit)
}

// hasExample says whether a decision is told in an example already.
func hasExample(ctx context.Context, tx *db.Tx, id DecisionID) (bool, error) {
	n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM example WHERE decision_id = $1 AND state IN ('draft', 'released')`, id)
	return n > 0, err
}

func decisionByNumber(ctx context.Context, tx *db.Tx, agency identity.AgencyID, number string) (Decision, error) {
	return db.One(ctx, tx, "decision.not_found", readDecision, `SELECT `+decisionColumns+` FROM decision d WHERE d.agency_id = $1 AND d.number = $2`, agency, number)
}
