package moderation

import (
	"context"
	"slices"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const reviewColumns = `id, decision_id, first, second, by_id, reason, sampled_at, at`

func readReview(scan func(...any) error) (r Sample, err error) {
	err = scan(&r.ID, &r.Decision, &r.First, &r.Second, &r.By, &r.Reason, db.At(&r.SampledAt), db.At(&r.At))
	return r, err
}

func insertReview(ctx context.Context, tx *db.Tx, agency identity.AgencyID, r Sample) error {
	_, err := tx.Exec(ctx, `INSERT INTO quality_review (id, decision_id, agency_id, first, sampled_at) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, r.Decision, agency, r.First, db.Micros(r.SampledAt))
	return err
}

func loadReview(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id ReviewID) (Sample, error) {
	return db.One(ctx, tx, "decision.not_found", readReview, `SELECT `+reviewColumns+` FROM quality_review WHERE id = $1 AND agency_id = $2`, id, agency)
}

func openReviews(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Sample, error) {
	return db.All(ctx, tx, readReview, `SELECT `+reviewColumns+` FROM quality_review WHERE agency_id = $1 AND at = 0 ORDER BY id LIMIT 200`, agency)
}

// doneReviews lists the pairs there are, the oldest first.
func doneReviews(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]Sample, error) {
	return db.All(ctx, tx, readReview, `SELECT `+reviewColumns+` FROM quality_review WHERE agency_id = $1 AND at > 0 ORDER BY at, id`, agency)
}

// saveReview writes the second decision over one that nobody has taken.
func saveReview(ctx context.Context, tx *db.Tx, r Sample) error {
	n, err := tx.Exec(ctx, `UPDATE quality_review SET second = $1, by_id = $2, reason = $3, at = $4 WHERE id = $5 AND at = 0`,
		r.Second, r.By, r.Reason, db.Micros(r.At), r.ID)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "quality.done_already")
	}
	return err
}

// dropSample takes a decision out of the sample that was taken back before
// anybody had looked at it.
func dropSample(ctx context.Context, tx *db.Tx, id DecisionID) error {
	_, err := tx.Exec(ctx, `DELETE FROM quality_review WHERE decision_id = $1 AND at = 0`, id)
	return err
}

func countReviews(ctx context.Context, tx *db.Tx, agency identity.AgencyID) (open, decisions int64, err error) {
	open, err = db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM quality_review WHERE agency_id = $1 AND at = 0`, agency)
	if err != nil {
		return 0, 0, err
	}
	decisions, err = db.One(ctx, tx, "", db.Value[int64], `
		SELECT COUNT(*) FROM decision WHERE agency_id = $1 AND reverses = '' AND act IN ('keep', 'hide', 'remove', 'warn', 'block')`, agency)
	return open, decisions, err
}

// hadPart says whether a person had a part in a decision.
func hadPart(ctx context.Context, tx *db.Tx, id DecisionID, by identity.PersonID) (bool, error) {
	all, err := tookPart(ctx, tx, id)
	return slices.Contains(all, by), err
}
