package channel

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

const appColumns = `id, agency_id, platform, name, base_url, secrets`

func readApp(scan func(...any) error) (a App, err error) {
	err = scan(&a.ID, &a.Agency, &a.Platform, &a.Name, &a.BaseURL, &a.secrets)
	return a, err
}

// AppByID returns an app: webhooks name it in their address.
func AppByID(ctx context.Context, tx *db.Tx, id AppID) (App, error) {
	return db.One(ctx, tx, "app.not_found", readApp, `SELECT `+appColumns+` FROM app WHERE id = $1`, id)
}

// Apps lists the agency's registrations.
func Apps(ctx context.Context, tx *db.Tx, agency identity.AgencyID) ([]App, error) {
	return db.All(ctx, tx, readApp, `SELECT `+appColumns+` FROM app WHERE agency_id = $1 ORDER BY id`, agency)
}

func findApp(ctx context.Context, tx *db.Tx, agency identity.AgencyID, name platform.Name, baseURL string) ([]App, error) {
	return db.All(ctx, tx, readApp, `SELECT `+appColumns+` FROM app WHERE agency_id = $1 AND platform = $2 AND base_url = $3 ORDER BY id`, agency, name, baseURL)
}

func saveApp(ctx context.Context, tx *db.Tx, a App, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO app (id, agency_id, platform, name, base_url, secrets, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, secrets = excluded.secrets`,
		a.ID, a.Agency, a.Platform, a.Name, a.BaseURL, a.secrets, db.Micros(now))
	return err
}
