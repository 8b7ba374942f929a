package moderation

import (
	"context"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

func loadStretch(ctx context.Context, tx *db.Tx, id identity.PersonID) (s Stretch, err error) {
	all, err := db.All(ctx, tx, func(scan func(...any) error) (s Stretch, err error) {
		err = scan(db.At(&s.Since), db.At(&s.Last), &s.Items, &s.Postponed, &s.DueItems, db.At(&s.DueAt))
		return s, err
	}, `SELECT since, last_at, items, postponed, rest_items, rest_at FROM exposure WHERE person_id = $1`, id)
	if err != nil || len(all) == 0 {
		return s, err
	}
	return all[0], nil
}

func saveStretch(ctx context.Context, tx *db.Tx, id identity.PersonID, s Stretch) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO exposure (person_id, since, last_at, items, postponed, rest_items, rest_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (person_id) DO UPDATE SET since = excluded.since, last_at = excluded.last_at, items = excluded.items,
			postponed = excluded.postponed, rest_items = excluded.rest_items, rest_at = excluded.rest_at`,
		id, db.Micros(s.Since), db.Micros(s.Last), s.Items, s.Postponed, s.DueItems, db.Micros(s.DueAt))
	return err
}

func dropStretch(ctx context.Context, tx *db.Tx, id identity.PersonID) error {
	_, err := tx.Exec(ctx, `DELETE FROM exposure WHERE person_id = $1`, id)
	return err
}

// What is counted of rests.
const (
	restOffered   = "offered"
	restTaken     = "taken"
	restPostponed = "postponed"
)

func addRest(ctx context.Context, tx *db.Tx, agency identity.AgencyID, month, what string) error {
	offered, taken, postponed := 0, 0, 0
	switch what {
	case restOffered:
		offered = 1
	case restTaken:
		taken = 1
	case restPostponed:
		postponed = 1
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO rest_count (agency_id, month, offered, taken, postponed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (agency_id, month) DO UPDATE SET offered = rest_count.offered + excluded.offered,
			taken = rest_count.taken + excluded.taken, postponed = rest_count.postponed + excluded.postponed`,
		agency, month, offered, taken, postponed)
	return err
}

func loadVeil(ctx context.Context, tx *db.Tx, id identity.PersonID) (bool, error) {
	all, err := db.All(ctx, tx, db.Value[bool], `SELECT always FROM moderator_veil WHERE person_id = $1`, id)
	return len(all) > 0 && all[0], err
}

func saveVeil(ctx context.Context, tx *db.Tx, id identity.PersonID, always bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO moderator_veil (person_id, always) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET always = excluded.always`, id, always)
	return err
}
