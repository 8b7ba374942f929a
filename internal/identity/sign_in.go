package identity

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
)

// SignIn checks name and password and opens a session under a new cookie
// value. A name that does not exist, a wrong password, a disabled person and
// one without a role get the same answer, after about the same time.
func (d *Desk) SignIn(ctx context.Context, username, password string) (cookie string, err error) {
	username = cleanUsername(username)
	if err := d.try(ctx, username); err != nil {
		return "", err
	}
	var p Person
	var hash string
	var roles map[AgencyID][]Role
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		p, hash, err = credential(ctx, tx, username)
		if fault.KindOf(err) == fault.NotFound {
			return nil // hash is ""
		}
		if err == nil {
			roles, err = rolesOf(ctx, tx, p.ID)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	ok, err := d.passwords.matches(ctx, cleanPassword(password), hash)
	if err != nil {
		return "", err
	}
	if !ok || !p.Disabled.IsZero() || len(roles) == 0 {
		return "", d.refuse(ctx, p)
	}
	return d.admit(ctx, NewActor(p.ID, p.Name, workplace(p, p.Agency, roles), Web, roles), username)
}

// try counts an attempt before the password is looked at, so that many at once
// cannot pass while the first is still being hashed.
func (d *Desk) try(ctx context.Context, username string) error {
	now, name := d.Now(), d.nameHash(username)
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := forgetOldTries(ctx, tx, now.Add(-forgetFailures)); err != nil {
			return err
		}
		n, open, err := countTry(ctx, tx, name, now)
		if err != nil {
			return err
		}
		if !open {
			until, err := closedUntil(ctx, tx, name)
			if err != nil {
				return err
			}
			return fault.New(fault.Transient, "sign_in.throttled", fault.RetryAt(until))
		}
		if w := wait(n); w > 0 {
			return closeName(ctx, tx, name, now.Add(w))
		}
		return nil
	})
}

// nameHash keeps what was typed as a name out of the database: people type
// their password there, too.
func (d *Desk) nameHash(username string) string { return d.Vault.Hash("sign_in.name", username) }

// refuse notes a failed sign-in of a person there is. For other names there is
// no trail to write to, and nothing to say.
func (d *Desk) refuse(ctx context.Context, p Person) error {
	wrong := fault.New(fault.Invalid, "sign_in.wrong")
	if p.ID == "" {
		return wrong
	}
	by := TheSystem("sign-in", p.Agency)
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		return d.note(ctx, tx, by, Deed{Name: "session.refuse", Subject: subject(p.ID)})
	})
	if err != nil {
		return err
	}
	return wrong
}

func (d *Desk) admit(ctx context.Context, who Actor, username string) (string, error) {
	cookie, now := newCookie(), d.Now()
	s := Session{ID: sessionID(cookie), Person: who.ID, Agency: who.Agency, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(d.Age)}
	return cookie, d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := forgetTries(ctx, tx, d.nameHash(username)); err != nil {
			return err
		}
		if err := forgetSessions(ctx, tx, now.Add(-d.Age)); err != nil {
			return err
		}
		if err := insertSession(ctx, tx, s); err != nil {
			return err
		}
		return d.note(ctx, tx, who, Deed{Name: "session.open", Subject: subject(who.ID)})
	})
}

// workplace is where a person works: where they were, else at home, else at
// the first agency where they hold a role; "" when there is none.
func workplace(p Person, last AgencyID, roles map[AgencyID][]Role) AgencyID {
	for _, id := range []AgencyID{last, p.Agency} {
		if len(roles[id]) > 0 {
			return id
		}
	}
	if all := (Actor{roles: roles}).Agencies(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Session returns who is behind a cookie, with the roles as they are now.
func (d *Desk) Session(ctx context.Context, cookie string) (Actor, Session, error) {
	var s Session
	var by Actor
	now := d.Now()
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		by, s, err = d.open(ctx, tx, cookie, now)
		return err
	})
	if err != nil {
		return Actor{}, Session{}, err
	}
	if s.stale(now) {
		err = d.DB.Update(ctx, func(tx *db.Tx) error { return touchSession(ctx, tx, s.ID, now) })
	}
	return by, s, err
}

func (d *Desk) open(ctx context.Context, tx *db.Tx, cookie string, now time.Time) (Actor, Session, error) {
	s, err := sessionByID(ctx, tx, sessionID(cookie))
	if err != nil || !s.open(now, d.Idle) {
		return Actor{}, s, ended(err)
	}
	p, err := PersonByID(ctx, tx, s.Person)
	if err != nil || !p.Disabled.IsZero() {
		return Actor{}, s, ended(err)
	}
	roles, err := rolesOf(ctx, tx, p.ID)
	if err != nil {
		return Actor{}, s, err
	}
	s.Preference = Preference{p.Language, p.Theme}
	if s.Agency = workplace(p, s.Agency, roles); s.Agency == "" {
		return Actor{}, s, ErrNoSession
	}
	return NewActor(p.ID, p.Name, s.Agency, Web, roles), s, nil
}

// ended keeps a real error and calls everything else an ended session.
func ended(err error) error {
	if err == nil || fault.KindOf(err) == fault.NotFound {
		return ErrNoSession
	}
	return err
}

// Switch moves the session to another agency in which its person holds a role.
func (d *Desk) Switch(ctx context.Context, cookie string, to AgencyID) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		by, s, err := d.open(ctx, tx, cookie, d.Now())
		if err != nil {
			return err
		}
		by, ok := by.In(to)
		if !ok {
			return fault.New(fault.NotFound, "agency.not_found")
		}
		if err := moveSession(ctx, tx, s.ID, to); err != nil {
			return err
		}
		return d.note(ctx, tx, by, Deed{Name: "session.switch", Subject: subject(by.ID)})
	})
}

// SignOut ends the session. A cookie that opens nothing is signed out already.
func (d *Desk) SignOut(ctx context.Context, cookie string) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		by, s, err := d.open(ctx, tx, cookie, d.Now())
		if err == ErrNoSession {
			return nil
		}
		if err != nil {
			return err
		}
		if err := revokeSession(ctx, tx, s.ID, d.Now()); err != nil {
			return err
		}
		return d.note(ctx, tx, by, Deed{Name: "session.close", Subject: subject(by.ID)})
	})
}

// RevokeAll ends every session of a person: one's own, or those of somebody
// whom the actor may manage.
func (d *Desk) RevokeAll(ctx context.Context, by Actor, id PersonID) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		if by.ID != id {
			p, err := appointee(ctx, tx, by, id)
			if err != nil {
				return err
			}
			by.Agency = p.Agency
		}
		n, err := revokeSessions(ctx, tx, id, d.Now())
		if err != nil || n == 0 {
			return err
		}
		return d.note(ctx, tx, by, Deed{Name: "session.revoke_all", Subject: subject(id)})
	})
}
