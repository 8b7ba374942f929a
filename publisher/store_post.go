package publisher

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

const postColumns = `id, agency_id, author_id, editor_ids, title, text, link, state, revision, due_at, due_wall, due_zone, move_until, not_before, not_after, digest, created_at, updated_at, parts, first_comment`

func readPost(scan func(...any) error) (p Post, err error) {
	var editors, parts string
	err = scan(&p.ID, &p.Agency, &p.Author, &editors, &p.Title, &p.Text, &p.Link, &p.State, &p.Revision, db.At(&p.Due),
		&p.When.Wall, &p.When.Zone, &p.When.MoveUntil, db.At(&p.Window.NotBefore), db.At(&p.Window.NotAfter), &p.Digest,
		db.At(&p.CreatedAt), db.At(&p.UpdatedAt), &parts, &p.Comment)
	if err == nil && parts != "" {
		err = json.Unmarshal([]byte(parts), &p.Parts)
	}
	for id := range strings.SplitSeq(editors, ",") {
		if id != "" {
			p.Editors = append(p.Editors, identity.PersonID(id))
		}
	}
	return p, err
}

func joinIDs(ids []identity.PersonID) string {
	var all []string
	for _, id := range ids {
		all = append(all, string(id))
	}
	return strings.Join(all, ",")
}

// loadPost returns a post of the agency, with its variants and pictures.
func loadPost(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id PostID) (Post, error) {
	p, err := db.One(ctx, tx, "post.not_found", readPost, `SELECT `+postColumns+` FROM post WHERE id = $1 AND agency_id = $2`, id, agency)
	if err != nil {
		return p, err
	}
	p.Variants, err = db.All(ctx, tx, readVariant, `
		SELECT channel_id, own, text, digest, payload, below FROM variant WHERE post_id = $1 ORDER BY channel_id`, id)
	if err != nil {
		return p, err
	}
	p.Media, err = db.All(ctx, tx, func(scan func(...any) error) (a Attached, err error) {
		err = scan(&a.Media, &a.Alt, &a.Decorative)
		return a, err
	}, `SELECT media_id, alt, decorative FROM post_media WHERE post_id = $1 ORDER BY position`, id)
	return p, err
}

func readVariant(scan func(...any) error) (v Variant, err error) {
	var payload, below string
	if err = scan(&v.Channel, &v.Own, &v.Text, &v.Digest, &payload, &below); err != nil || payload == "" {
		return v, err
	}
	if below != "" {
		if err := json.Unmarshal([]byte(below), &v.Below); err != nil {
			return v, err
		}
	}
	return v, json.Unmarshal([]byte(payload), &v.Payload)
}

func insertPost(ctx context.Context, tx *db.Tx, p Post) error {
	parts, err := textOf(p.Parts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO post (`+postColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		p.ID, p.Agency, p.Author, joinIDs(p.Editors), p.Title, p.Text, p.Link, p.State, p.Revision, db.Micros(p.Due),
		p.When.Wall, p.When.Zone, p.When.MoveUntil, db.Micros(p.Window.NotBefore), db.Micros(p.Window.NotAfter), p.Digest,
		db.Micros(p.CreatedAt), db.Micros(p.UpdatedAt), parts, p.Comment)
	if err != nil {
		return err
	}
	return insertParts(ctx, tx, p)
}

// textOf is a list as JSON; "" for none.
func textOf[T any](all []T) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	b, err := json.Marshal(all)
	return string(b), err
}

// savePost writes after over before, or fails when somebody else wrote first.
func savePost(ctx context.Context, tx *db.Tx, before, after Post) error {
	parts, err := textOf(after.Parts)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		UPDATE post SET editor_ids = $1, title = $2, text = $3, link = $4, state = $5, revision = $6, due_at = $7, due_wall = $8,
			due_zone = $9, move_until = $10, not_before = $11, not_after = $12, digest = $13, updated_at = $14,
			parts = $15, first_comment = $16
		WHERE id = $17 AND agency_id = $18 AND state = $19 AND revision = $20`,
		joinIDs(after.Editors), after.Title, after.Text, after.Link, after.State, after.Revision, db.Micros(after.Due), after.When.Wall,
		after.When.Zone, after.When.MoveUntil, db.Micros(after.Window.NotBefore), db.Micros(after.Window.NotAfter), after.Digest,
		db.Micros(after.UpdatedAt), parts, after.Comment, before.ID, before.Agency, before.State, before.Revision)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "post.changed")
	}
	return err
}

// saveParts writes variants and pictures anew; the post's own row was locked
// by savePost in the same transaction.
func saveParts(ctx context.Context, tx *db.Tx, p Post) error {
	if _, err := tx.Exec(ctx, `DELETE FROM variant WHERE post_id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM post_media WHERE post_id = $1`, p.ID); err != nil {
		return err
	}
	return insertParts(ctx, tx, p)
}

func insertParts(ctx context.Context, tx *db.Tx, p Post) error {
	for _, v := range p.Variants {
		payload := ""
		if v.Digest != "" {
			b, err := json.Marshal(v.Payload)
			if err != nil {
				return err
			}
			payload = string(b)
		}
		below, err := textOf(v.Below)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO variant (id, agency_id, post_id, channel_id, own, text, digest, payload, below) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			db.NewID(), p.Agency, p.ID, v.Channel, v.Own, v.Text, v.Digest, payload, below)
		if err != nil {
			return err
		}
	}
	for i, a := range p.Media {
		_, err := tx.Exec(ctx, `INSERT INTO post_media (post_id, position, media_id, alt, decorative) VALUES ($1, $2, $3, $4, $5)`,
			p.ID, i, a.Media, a.Alt, a.Decorative)
		if err != nil {
			return err
		}
	}
	return nil
}

// keepRevision stores what a revision says. The savings of one person in a row
// are one piece of work: the revision before gives way, unless somebody else
// wrote it or something was said of it. fresh is true when nothing gave way.
func keepRevision(ctx context.Context, tx *db.Tx, p Post, by identity.PersonID) (fresh bool, err error) {
	content, err := json.Marshal(p.content())
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		DELETE FROM post_revision WHERE post_id = $1 AND revision = $2 AND by_id = $3
			AND NOT EXISTS (SELECT 1 FROM post_note WHERE post_note.post_id = $1 AND post_note.revision = $2)`,
		p.ID, p.Revision-1, by)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO post_revision (post_id, revision, by_id, at, content) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Revision, by, db.Micros(p.UpdatedAt), string(content))
	return n == 0, err
}

// addNote writes a line of the post's thread.
func addNote(ctx context.Context, tx *db.Tx, p Post, by identity.PersonID, d Deed, text string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO post_note (id, agency_id, post_id, revision, by_id, deed, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		db.NewID(), p.Agency, p.ID, p.Revision, by, d, text, db.Micros(now))
	return err
}

// reopenPost puts a post that had ended back among those under way.
func reopenPost(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE post SET state = 'scheduled', updated_at = $1 WHERE id = $2 AND state = 'done'`, db.Micros(now), id)
	return err
}

// same says whether two contents are the same.
func (c Content) same(o Content) bool {
	return c.Title == o.Title && c.Text == o.Text && c.Link == o.Link && c.When == o.When &&
		slices.Equal(c.Parts, o.Parts) && c.Comment == o.Comment && slices.Equal(c.Variants, o.Variants) && slices.Equal(c.Media, o.Media)
}
