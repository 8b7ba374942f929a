package moderation

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// takeClaim takes or renews a case. The guard stands in the write itself: of
// two at once, one writes and the other reads what the first has written.
// fresh says that the person did not hold it already.
func takeClaim(ctx context.Context, tx *db.Tx, agency identity.AgencyID, c Claim) (mine, fresh bool, err error) {
	all, err := db.All(ctx, tx, readClaim, `
		INSERT INTO moderation_claim (agency_id, case_key, by_id, at, until_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (agency_id, case_key) DO UPDATE SET
			at = CASE WHEN moderation_claim.by_id = excluded.by_id AND moderation_claim.until_at > excluded.at THEN moderation_claim.at ELSE excluded.at END,
			by_id = excluded.by_id, until_at = excluded.until_at
		WHERE moderation_claim.by_id = excluded.by_id OR moderation_claim.until_at <= excluded.at
		RETURNING case_key, by_id, at, until_at`,
		agency, c.Key, c.By, db.Micros(c.At), db.Micros(c.Until))
	if err != nil || len(all) == 0 {
		return false, false, err
	}
	return true, db.Micros(all[0].At) == db.Micros(c.At), nil
}

func readClaim(scan func(...any) error) (c Claim, err error) {
	err = scan(&c.Key, &c.By, db.At(&c.At), db.At(&c.Until))
	return c, err
}

func loadClaim(ctx context.Context, tx *db.Tx, agency identity.AgencyID, key string) (Claim, error) {
	return db.One(ctx, tx, "decision.not_found", readClaim, `
		SELECT case_key, by_id, at, until_at FROM moderation_claim WHERE agency_id = $1 AND case_key = $2`, agency, key)
}

// claims lists what is held now.
func claims(ctx context.Context, tx *db.Tx, agency identity.AgencyID, now time.Time) ([]Claim, error) {
	return db.All(ctx, tx, readClaim, `
		SELECT case_key, by_id, at, until_at FROM moderation_claim WHERE agency_id = $1 AND until_at > $2 ORDER BY case_key`, agency, db.Micros(now))
}

func dropClaim(ctx context.Context, tx *db.Tx, agency identity.AgencyID, key string, by identity.PersonID) error {
	_, err := tx.Exec(ctx, `DELETE FROM moderation_claim WHERE agency_id = $1 AND case_key = $2 AND by_id = $3`, agency, key, by)
	return err
}

func dropClaims(ctx context.Context, tx *db.Tx, agency identity.AgencyID, by identity.PersonID, except string) error {
	_, err := tx.Exec(ctx, `DELETE FROM moderation_claim WHERE agency_id = $1 AND by_id = $2 AND case_key <> $3`, agency, by, except)
	return err
}
