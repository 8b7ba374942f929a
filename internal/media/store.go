package media

import (
	"context"
	"time"

	"kentongan/internal/db"
)

func insertPicture(ctx context.Context, tx *db.Tx, p Picture) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO media (id, agency_id, name, type, size, width, height, sha256, length, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Agency, p.Name, p.Type, p.Size, p.Width, p.Height, p.SHA256, p.Length.Microseconds(), p.By, db.Micros(p.At))
	return err
}

func picture(ctx context.Context, tx *db.Tx, id ID) (Picture, error) {
	return db.One(ctx, tx, "media.not_found", func(scan func(...any) error) (p Picture, err error) {
		var length int64
		err = scan(&p.ID, &p.Agency, &p.Name, &p.Type, &p.Size, &p.Width, &p.Height, &p.SHA256, &length, &p.By, db.At(&p.At))
		p.Length = time.Duration(length) * time.Microsecond
		return p, err
	}, `SELECT id, agency_id, name, type, size, width, height, sha256, length, created_by, created_at FROM media WHERE id = $1`, id)
}

// Two programs may make the same rendition at once; both made the same bytes.
func insertRendition(ctx context.Context, tx *db.Tx, id ID, recipe string, r Rendition) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO rendition (media_id, recipe, type, size, width, height, sha256)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (media_id, recipe) DO NOTHING`,
		id, recipe, r.Type, r.Size, r.Width, r.Height, r.SHA256)
	return err
}

func renditions(ctx context.Context, tx *db.Tx, id ID, recipe string) ([]Rendition, error) {
	return db.All(ctx, tx, func(scan func(...any) error) (r Rendition, err error) {
		err = scan(&r.Type, &r.Size, &r.Width, &r.Height, &r.SHA256)
		return r, err
	}, `SELECT type, size, width, height, sha256 FROM rendition WHERE media_id = $1 AND recipe = $2`, id, recipe)
}
