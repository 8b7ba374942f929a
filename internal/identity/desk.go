package identity

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/vault"
)

// Note writes a deed to the trail, inside the deed's transaction. The trail
// knows actors, so this package cannot import it: app.go hands it in.
type Note func(ctx context.Context, tx *db.Tx, by Actor, at time.Time, deed Deed) error

// Deed is what the trail is told.
type Deed struct {
	Name    string // "session.open"
	Subject string // "person/0192…"
	Detail  string
}

// Desk appoints people and lets them in.
type Desk struct {
	DB    *db.DB
	Vault *vault.Vault // makes names that do not exist unreadable in the list of failures
	Now   func() time.Time
	Note  Note
	Idle  time.Duration // a session not used for so long has ended
	Age   time.Duration // and none lasts longer

	passwords hasher
}

// NewDesk returns a desk whose sessions last a working day: 8 hours without
// use, 24 hours in all.
func NewDesk(d *db.DB, v *vault.Vault, now func() time.Time, note Note) *Desk {
	return &Desk{DB: d, Vault: v, Now: now, Note: note, Idle: 8 * time.Hour, Age: 24 * time.Hour, passwords: newHasher()}
}

// seen answers "not found" for an agency in which the actor holds no role.
func seen(by Actor, id AgencyID) error {
	if by.mayAppoint(id) || len(by.roles[id]) > 0 {
		return nil
	}
	return fault.New(fault.NotFound, "agency.not_found")
}

// mayAppointIn fails with "not found" where the actor sees nothing, and with a
// refusal where the actor sees but may not appoint.
func mayAppointIn(by Actor, id AgencyID) error {
	if err := seen(by, id); err != nil {
		return err
	}
	if !by.mayAppoint(id) {
		return fault.New(fault.Denied, "person.no_power")
	}
	return nil
}

// appointee loads a person whom the actor may manage; anybody else's person
// does not exist.
func appointee(ctx context.Context, tx *db.Tx, by Actor, id PersonID) (Person, error) {
	p, err := PersonByID(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if seen(by, p.Agency) != nil {
		return p, fault.New(fault.NotFound, "person.not_found")
	}
	return p, mayAppointIn(by, p.Agency)
}

func (d *Desk) note(ctx context.Context, tx *db.Tx, by Actor, deed Deed) error {
	return d.Note(ctx, tx, by, d.Now(), deed)
}

func subject(id PersonID) string { return "person/" + string(id) }
