package identity

import (
	"context"
	"strings"

	"kentongan/internal/db"
	"kentongan/internal/fault"
)

// CreateAgency adds an agency below a.Parent, or a new tree when that is "".
// Only the program itself and its operator start a tree.
func (d *Desk) CreateAgency(ctx context.Context, by Actor, a Agency) (Agency, error) {
	if err := mayAppointIn(by, a.Parent); err != nil {
		return a, err
	}
	if err := a.complete(); err != nil {
		return a, err
	}
	a.ID, a.CreatedAt = AgencyID(db.NewID()), d.Now()
	return a, d.DB.Update(ctx, func(tx *db.Tx) error {
		if a.Parent != "" {
			if _, err := AgencyByID(ctx, tx, a.Parent); err != nil {
				return err
			}
		}
		if err := insertAgency(ctx, tx, a); err != nil {
			return err
		}
		by.Agency = a.ID
		return d.note(ctx, tx, by, Deed{Name: "agency.create", Subject: "agency/" + string(a.ID), Detail: a.Slug})
	})
}

// Appointment is a person to be added, with the first role they hold.
type Appointment struct {
	Agency   AgencyID
	Username string
	Name     string
	Password string
	Role     Role
}

// AddPerson adds a person with a role in an agency.
func (d *Desk) AddPerson(ctx context.Context, by Actor, a Appointment) (Person, error) {
	if err := mayAppointIn(by, a.Agency); err != nil {
		return Person{}, err
	}
	p := Person{
		ID: PersonID(db.NewID()), Agency: a.Agency, Username: cleanUsername(a.Username), Name: strings.TrimSpace(a.Name),
		Language: "id", CreatedAt: d.Now(),
	}
	password := cleanPassword(a.Password)
	var wrong fault.List
	wrong.Add(checkUsername(p.Username))
	if p.Name == "" {
		wrong.Add(fault.New(fault.Invalid, "person.name_missing", fault.Field("name")))
	}
	wrong.Add(checkPassword(password, p.Username))
	wrong.Add(checkRole(a.Role))
	if err := wrong.Err(); err != nil {
		return Person{}, err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return Person{}, err
	}
	return p, d.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := AgencyByID(ctx, tx, a.Agency); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, p, hash); err != nil {
			return err
		}
		by.Agency = a.Agency
		if err := d.note(ctx, tx, by, Deed{Name: "person.add", Subject: subject(p.ID), Detail: string(a.Role)}); err != nil {
			return err
		}
		return d.grant(ctx, tx, by, Grant{a.Agency, p.ID, a.Role})
	})
}

// Grant gives a person a role in an agency, and with it in every agency below.
// Granting what is held already changes nothing.
func (d *Desk) Grant(ctx context.Context, by Actor, g Grant) error {
	if err := mayAppointIn(by, g.Agency); err != nil {
		return err
	}
	if err := checkRole(g.Role); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := AgencyByID(ctx, tx, g.Agency); err != nil {
			return err
		}
		if _, err := appointee(ctx, tx, by, g.Person); err != nil {
			return err
		}
		by.Agency = g.Agency
		return d.grant(ctx, tx, by, g)
	})
}

func (d *Desk) grant(ctx context.Context, tx *db.Tx, by Actor, g Grant) error {
	// Two grants at once could each pass the check alone.
	if err := lockPerson(ctx, tx, g.Person); err != nil {
		return err
	}
	fresh, err := insertGrant(ctx, tx, g, d.Now())
	if err != nil || !fresh {
		return err
	}
	roles, err := rolesOf(ctx, tx, g.Person)
	if err != nil {
		return err
	}
	if err := checkApart(roles); err != nil {
		return err
	}
	return d.note(ctx, tx, by, Deed{Name: "role.grant", Subject: subject(g.Person), Detail: string(g.Role)})
}

// Withdraw takes a role away, from the next request on.
func (d *Desk) Withdraw(ctx context.Context, by Actor, g Grant) error {
	if err := mayAppointIn(by, g.Agency); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if held, err := deleteGrant(ctx, tx, g); err != nil || !held {
			return err
		}
		by.Agency = g.Agency
		return d.note(ctx, tx, by, Deed{Name: "role.withdraw", Subject: subject(g.Person), Detail: string(g.Role)})
	})
}

// Disable ends a person's sessions and lets them in no more. What they did stays.
func (d *Desk) Disable(ctx context.Context, by Actor, id PersonID) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := appointee(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := disablePerson(ctx, tx, id, d.Now()); err != nil {
			return err
		}
		if _, err := revokeSessions(ctx, tx, id, d.Now()); err != nil {
			return err
		}
		by.Agency = p.Agency
		return d.note(ctx, tx, by, Deed{Name: "person.disable", Subject: subject(id)})
	})
}

// SetPassword gives a person who has forgotten theirs a new password and ends
// their sessions.
func (d *Desk) SetPassword(ctx context.Context, by Actor, id PersonID, password string) error {
	var p Person
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, err = appointee(ctx, tx, by, id)
		return err
	})
	if err != nil {
		return err
	}
	by.Agency = p.Agency
	return d.changePassword(ctx, by, p, password)
}

// ChangePassword changes the actor's own password, which ends every session,
// this one too: whoever knew the old one is out.
func (d *Desk) ChangePassword(ctx context.Context, by Actor, old, password string) error {
	var p Person
	var hash string
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		if p, err = PersonByID(ctx, tx, by.ID); err != nil {
			return err
		}
		_, hash, err = credential(ctx, tx, p.Username)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.try(ctx, p.Username); err != nil {
		return err
	}
	ok, err := d.passwords.matches(ctx, cleanPassword(old), hash)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Invalid, "person.old_password_wrong", fault.Field("old"))
	}
	return d.changePassword(ctx, by, p, password)
}

func (d *Desk) changePassword(ctx context.Context, by Actor, p Person, password string) error {
	password = cleanPassword(password)
	if err := checkPassword(password, p.Username); err != nil {
		return err
	}
	hash, err := d.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := savePassword(ctx, tx, p.ID, hash); err != nil {
			return err
		}
		if _, err := revokeSessions(ctx, tx, p.ID, d.Now()); err != nil {
			return err
		}
		if err := forgetTries(ctx, tx, d.nameHash(p.Username)); err != nil {
			return err
		}
		return d.note(ctx, tx, by, Deed{Name: "person.password", Subject: subject(p.ID)})
	})
}

// Prefer keeps how the actor wants the pages.
func (d *Desk) Prefer(ctx context.Context, by Actor, p Preference) error {
	if err := p.check(); err != nil {
		return err
	}
	return d.DB.Update(ctx, func(tx *db.Tx) error { return savePreference(ctx, tx, by.ID, p) })
}
