package identity

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
)

const personColumns = `id, agency_id, username, name, language, theme, disabled_at, created_at`

func (p *Person) fields() []any {
	return []any{&p.ID, &p.Agency, &p.Username, &p.Name, &p.Language, &p.Theme, db.At(&p.Disabled), db.At(&p.CreatedAt)}
}

func readPerson(scan func(...any) error) (p Person, err error) {
	err = scan(p.fields()...)
	return p, err
}

// PersonByID returns a person.
func PersonByID(ctx context.Context, tx *db.Tx, id PersonID) (Person, error) {
	return db.One(ctx, tx, "person.not_found", readPerson, `SELECT `+personColumns+` FROM person WHERE id = $1`, id)
}

// PersonByUsername returns a person by the name they sign in with.
func PersonByUsername(ctx context.Context, tx *db.Tx, username string) (Person, error) {
	return db.One(ctx, tx, "person.not_found", readPerson, `SELECT `+personColumns+` FROM person WHERE username = $1`, cleanUsername(username))
}

// credential returns a person with the hash of their password.
func credential(ctx context.Context, tx *db.Tx, username string) (p Person, hash string, err error) {
	p, err = db.One(ctx, tx, "person.not_found", func(scan func(...any) error) (p Person, err error) {
		err = scan(append(p.fields(), &hash)...)
		return p, err
	}, `SELECT `+personColumns+`, password_hash FROM person WHERE username = $1`, username)
	return p, hash, err
}

func insertPerson(ctx context.Context, tx *db.Tx, p Person, hash string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO person (id, agency_id, username, name, password_hash, language, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Agency, p.Username, p.Name, hash, p.Language, db.Micros(p.CreatedAt))
	if db.IsUnique(err) {
		return fault.Wrap(fault.Invalid, "person.username_taken", err, fault.Field("username"))
	}
	return err
}

func disablePerson(ctx context.Context, tx *db.Tx, id PersonID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE person SET disabled_at = $1 WHERE id = $2 AND disabled_at = 0`, db.Micros(at), id)
	return err
}

func savePassword(ctx context.Context, tx *db.Tx, id PersonID, hash string) error {
	_, err := tx.Exec(ctx, `UPDATE person SET password_hash = $1 WHERE id = $2`, hash, id)
	return err
}

func savePreference(ctx context.Context, tx *db.Tx, id PersonID, p Preference) error {
	_, err := tx.Exec(ctx, `UPDATE person SET language = $1, theme = $2 WHERE id = $3`, p.Language, p.Theme, id)
	return err
}

// lockPerson makes a transaction wait for another that changes the same person.
func lockPerson(ctx context.Context, tx *db.Tx, id PersonID) error {
	_, err := tx.Exec(ctx, `UPDATE person SET name = name WHERE id = $1`, id)
	return err
}

func insertGrant(ctx context.Context, tx *db.Tx, g Grant, at time.Time) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO role_grant (agency_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (agency_id, person_id, role) DO NOTHING`, g.Agency, g.Person, g.Role, db.Micros(at))
	return n == 1, err
}

func deleteGrant(ctx context.Context, tx *db.Tx, g Grant) (held bool, err error) {
	n, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE agency_id = $1 AND person_id = $2 AND role = $3`, g.Agency, g.Person, g.Role)
	return n == 1, err
}

func readGrant(scan func(...any) error) (g Grant, err error) {
	err = scan(&g.Agency, &g.Person, &g.Role)
	return g, err
}

// rolesOf resolves a person's grants down the tree. UNION, not UNION ALL: a
// ring of parents, which no verb makes, must not run for ever.
func rolesOf(ctx context.Context, tx *db.Tx, id PersonID) (map[AgencyID][]Role, error) {
	all, err := db.All(ctx, tx, readGrant, `
		WITH RECURSIVE held (agency_id, person_id, role) AS (
			SELECT agency_id, person_id, role FROM role_grant WHERE person_id = $1
			UNION
			SELECT a.id, h.person_id, h.role FROM agency a JOIN held h ON a.parent_id = h.agency_id
		)
		SELECT agency_id, person_id, role FROM held ORDER BY agency_id, role`, id)
	roles := map[AgencyID][]Role{}
	for _, g := range all {
		roles[g.Agency] = append(roles[g.Agency], g.Role)
	}
	return roles, err
}

// Members lists the people who hold a role in the agency, here or from above,
// by name: whom a case can be assigned to, who can sign.
func Members(ctx context.Context, tx *db.Tx, agency AgencyID) ([]Member, error) {
	var all []Member
	_, err := db.All(ctx, tx, func(scan func(...any) error) (struct{}, error) {
		var p Person
		var r Role
		if err := scan(append(p.fields(), &r)...); err != nil {
			return struct{}{}, err
		}
		if n := len(all); n == 0 || all[n-1].ID != p.ID {
			all = append(all, Member{Person: p})
		}
		last := &all[len(all)-1]
		last.Roles = append(last.Roles, r)
		return struct{}{}, nil
	}, `
		WITH RECURSIVE above (id, parent_id) AS (
			SELECT id, parent_id FROM agency WHERE id = $1
			UNION
			SELECT a.id, a.parent_id FROM agency a JOIN above b ON a.id = b.parent_id
		)
		SELECT DISTINCT p.id, p.agency_id, p.username, p.name, p.language, p.theme, p.disabled_at, p.created_at, g.role
		FROM role_grant g JOIN person p ON p.id = g.person_id
		WHERE g.agency_id IN (SELECT id FROM above) AND p.disabled_at = 0
		ORDER BY p.name, p.id, g.role`, agency)
	return all, err
}

// Names returns every person's name by id, the disabled too: for rows that a
// page may show already.
func Names(ctx context.Context, tx *db.Tx) (map[PersonID]string, error) {
	names := map[PersonID]string{}
	_, err := db.All(ctx, tx, func(scan func(...any) error) (struct{}, error) {
		var id PersonID
		var name string
		err := scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	}, `SELECT id, name FROM person`)
	return names, err
}
