package identity

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
)

const agencyColumns = `id, parent_id, slug, name, zone, hours, reply_rule, sla_answer, created_at`

func readAgency(scan func(...any) error) (a Agency, err error) {
	var answer int64
	err = scan(&a.ID, &a.Parent, &a.Slug, &a.Name, &a.Zone, &a.Hours, &a.ReplyRule, &answer, db.At(&a.CreatedAt))
	a.Answer = time.Duration(answer) * time.Microsecond
	return a, err
}

// AgencyByID returns an agency.
func AgencyByID(ctx context.Context, tx *db.Tx, id AgencyID) (Agency, error) {
	return db.One(ctx, tx, "agency.not_found", readAgency, `SELECT `+agencyColumns+` FROM agency WHERE id = $1`, id)
}

// AgencyBySlug returns an agency by its short name: commands and public pages.
func AgencyBySlug(ctx context.Context, tx *db.Tx, slug string) (Agency, error) {
	return db.One(ctx, tx, "agency.not_found", readAgency, `SELECT `+agencyColumns+` FROM agency WHERE slug = $1`, slug)
}

// Agencies lists every agency, by name: for the system's own work.
func Agencies(ctx context.Context, tx *db.Tx) ([]Agency, error) {
	return db.All(ctx, tx, readAgency, `SELECT `+agencyColumns+` FROM agency ORDER BY name, id`)
}

// Children lists the agencies directly below one.
func Children(ctx context.Context, tx *db.Tx, parent AgencyID) ([]Agency, error) {
	return db.All(ctx, tx, readAgency, `SELECT `+agencyColumns+` FROM agency WHERE parent_id = $1 ORDER BY name, id`, parent)
}

func insertAgency(ctx context.Context, tx *db.Tx, a Agency) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO agency (id, parent_id, slug, name, zone, hours, reply_rule, sla_answer, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Parent, a.Slug, a.Name, a.Zone, a.Hours, a.ReplyRule, a.Answer.Microseconds(), db.Micros(a.CreatedAt))
	if db.IsUnique(err) {
		return fault.Wrap(fault.Invalid, "agency.slug_taken", err, fault.Field("slug"), fault.Arg("slug", a.Slug))
	}
	return err
}
