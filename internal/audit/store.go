package audit

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

const columns = `id, at, agency_id, actor, on_behalf_of, via, deed, subject, revision, digest, detail, hash`

func read(scan func(...any) error) (e Entry, err error) {
	err = scan(&e.ID, db.At(&e.At), &e.Agency, &e.Actor, &e.OnBehalfOf, &e.Via, &e.Deed, &e.Subject, &e.Revision, &e.Digest, &e.Detail, &e.Hash)
	return e, err
}

// Deed is what a verb tells the trail.
type Deed struct {
	Name     string // "post.approve"
	Subject  string // "post/0192…"
	Revision int64
	Digest   string
	Detail   string
}

// Note writes the deed of an actor in the deed's own transaction.
func Note(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, d Deed) error {
	e := Entry{
		ID: db.NewID(), At: at.UTC().Truncate(time.Microsecond), Agency: by.Agency, Actor: by.ID, Via: by.Via,
		Deed: d.Name, Subject: d.Subject, Revision: d.Revision, Digest: d.Digest, Detail: d.Detail,
	}
	e.Hash = e.ContentHash()
	_, err := tx.Exec(ctx, `
		INSERT INTO audit (id, at, agency_id, actor, on_behalf_of, via, deed, subject, revision, digest, detail, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, db.Micros(e.At), e.Agency, e.Actor, e.OnBehalfOf, e.Via, e.Deed, e.Subject, e.Revision, e.Digest, e.Detail, e.Hash)
	return err
}

// Query narrows a listing. Before is the id of the last row of the page above.
type Query struct {
	Agency  identity.AgencyID
	Actor   identity.PersonID // "" for everyone
	Subject string            // "" for every subject
	Before  string
	Limit   int
}

// List returns rows, newest first.
func List(ctx context.Context, tx *db.Tx, q Query) ([]Entry, error) {
	before := q.Before
	if before == "" {
		before = "~" // after every id
	}
	return db.All(ctx, tx, read, `
		SELECT `+columns+` FROM audit
		WHERE agency_id = $1 AND id < $2 AND ($3 = '' OR actor = $3) AND ($4 = '' OR subject = $4)
		ORDER BY id DESC LIMIT $5`,
		q.Agency, before, string(q.Actor), q.Subject, q.Limit)
}

// Broken is a row whose content no longer gives its hash.
type Broken struct{ ID, Deed, Subject string }

// Verify reads the whole trail and returns how many rows it read and those
// that were changed after they were written.
func Verify(ctx context.Context, d *db.DB) (rows int, broken []Broken, err error) {
	after := ""
	for {
		var page []Entry
		err := d.View(ctx, func(tx *db.Tx) (err error) {
			page, err = db.All(ctx, tx, read, `
				SELECT `+columns+` FROM audit
				WHERE id > $1 ORDER BY id LIMIT 1000`, after)
			return err
		})
		if err != nil {
			return rows, broken, err
		}
		for _, e := range page {
			if e.ContentHash() != e.Hash {
				broken = append(broken, Broken{e.ID, e.Deed, e.Subject})
			}
			after = e.ID
		}
		rows += len(page)
		if len(page) == 0 {
			return rows, broken, nil
		}
	}
}
