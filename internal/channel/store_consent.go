package channel

import (
	"context"
	"time"

	"kentongan/internal/db"
)

const consentColumns = `id, agency_id, person_id, session_id, platform, mode, base_url, redirect, created_at, used_at, secrets, result`

func readConsent(scan func(...any) error) (c consent, err error) {
	err = scan(&c.ID, &c.Agency, &c.Person, &c.Session, &c.Platform, &c.Mode, &c.BaseURL, &c.Redirect, db.At(&c.CreatedAt), db.At(&c.UsedAt), &c.secrets, &c.result)
	return c, err
}

func consentByID(ctx context.Context, tx *db.Tx, id ConsentID) (consent, error) {
	return db.One(ctx, tx, "channel.consent.unknown", readConsent, `SELECT `+consentColumns+` FROM consent WHERE id = $1`, id)
}

func insertConsent(ctx context.Context, tx *db.Tx, c consent) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO consent (id, agency_id, person_id, session_id, platform, mode, base_url, redirect, secrets, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Agency, c.Person, c.Session, c.Platform, c.Mode, c.BaseURL, c.Redirect, c.secrets, db.Micros(c.CreatedAt))
	return err
}

// useConsent marks a consent as used; mine is false when it was before.
func useConsent(ctx context.Context, tx *db.Tx, id ConsentID, now time.Time) (mine bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE consent SET used_at = $1 WHERE id = $2 AND used_at = 0`, db.Micros(now), id)
	return n == 1, err
}

func saveConsentResult(ctx context.Context, tx *db.Tx, c consent) error {
	_, err := tx.Exec(ctx, `UPDATE consent SET result = $1 WHERE id = $2`, c.result, c.ID)
	return err
}

func deleteConsent(ctx context.Context, tx *db.Tx, id ConsentID) error {
	_, err := tx.Exec(ctx, `DELETE FROM consent WHERE id = $1`, id)
	return err
}

// forgetConsents drops those that nobody can use any more, and what they hold.
func forgetConsents(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM consent WHERE created_at < $1`, db.Micros(before))
	return err
}
