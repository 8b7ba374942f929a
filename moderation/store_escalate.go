package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const escalationColumns = `e.decision_id, d.number, e.message_id, d.by_id, e.to_id, e.note, d.at, e.answer, e.answered_by, e.answered_at`

func readEscalation(scan func(...any) error) (e Escalation, err error) {
	err = scan(&e.Decision, &e.Number, &e.Message, &e.By, &e.To, &e.Note, db.At(&e.At), &e.Answer, &e.AnsweredBy, db.At(&e.AnsweredAt))
	return e, err
}

func insertEscalation(ctx context.Context, tx *db.Tx, e Escalation, agency identity.AgencyID) error {
	_, err := tx.Exec(ctx, `INSERT INTO escalation (decision_id, agency_id, message_id, to_id, note) VALUES ($1, $2, $3, $4, $5)`,
		e.Decision, agency, e.Message, e.To, e.Note)
	return err
}

func openEscalations(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Escalation, error) {
	return db.All(ctx, tx, readEscalation, `
		SELECT `+escalationColumns+` FROM escalation e JOIN decision d ON d.id = e.decision_id
		WHERE e.agency_id = $1 AND e.answered_at = 0 ORDER BY e.decision_id LIMIT 200`, agency)
}

func escalationsOn(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.MessageID) ([]Escalation, error) {
	return db.All(ctx, tx, readEscalation, `
		SELECT `+escalationColumns+` FROM escalation e JOIN decision d ON d.id = e.decision_id
		WHERE e.agency_id = $1 AND e.message_id = $2 ORDER BY e.decision_id DESC LIMIT 20`, agency, id)
}

func loadEscalation(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id DecisionID) (Escalation, error) {
	return db.One(ctx, tx, "decision.not_found", readEscalation, `
		SELECT `+escalationColumns+` FROM escalation e JOIN decision d ON d.id = e.decision_id
		WHERE e.agency_id = $1 AND e.decision_id = $2`, agency, id)
}

func answerEscalation(ctx context.Context, tx *db.Tx, e Escalation) error {
	n, err := tx.Exec(ctx, `UPDATE escalation SET answer = $1, answered_by = $2, answered_at = $3 WHERE decision_id = $4 AND answered_at = 0`,
		e.Answer, e.AnsweredBy, db.Micros(e.AnsweredAt), e.Decision)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "escalation.answered")
	}
	return err
}
