package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// When a rest is offered to somebody who reads disturbing messages: by how many
// they opened, or how long they have been at it. The figures are the house's
// own and cautious; a stretch ends by itself after a pause.
const (
	restItems     = 30
	restAfter     = 50 * time.Minute
	restPause     = 10 * time.Minute // without a disturbing message: rested
	postponeItems = 10
	postponeBy    = 10 * time.Minute
)

// Stretch is the run of disturbing messages that a person is in the middle of.
// It is kept for their own sake: no page and no export shows it of anybody.
type Stretch struct {
	Since, Last time.Time
	Items       int64
	Postponed   bool
	DueItems    int64 // a rest is offered from here on
	DueAt       time.Time
}

// Next is the stretch after one more disturbing message was opened.
func (s Stretch) Next(now time.Time) Stretch {
	if s.Since.IsZero() || now.Sub(s.Last) >= restPause {
		return Stretch{Since: now, Last: now, Items: 1, DueItems: restItems, DueAt: now.Add(restAfter)}
	}
	s.Items++
	s.Last = now
	return s
}

// Due says whether it is time to rest.
func (s Stretch) Due(now time.Time) bool {
	return !s.Since.IsZero() && now.Sub(s.Last) < restPause && (s.Items >= s.DueItems || !now.Before(s.DueAt))
}

// Later puts the rest off, once.
func (s Stretch) Later(now time.Time) (Stretch, bool) {
	if s.Postponed {
		return s, false
	}
	s.Postponed, s.DueItems, s.DueAt = true, s.Items+postponeItems, now.Add(postponeBy)
	return s, true
}

// Rest is the reminder as its page shows it.
type Rest struct {
	Due         bool
	Items       int64
	For         time.Duration
	MayPostpone bool
}

// RestDue says whether a person should be shown the reminder instead of the
// next message.
func (m *Moderation) RestDue(ctx context.Context, by identity.Actor) (r Rest, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		s, err := loadStretch(ctx, tx, by.ID)
		now := m.Now()
		r = Rest{Due: s.Due(now), Items: s.Items, For: now.Sub(s.Since), MayPostpone: !s.Postponed}
		return err
	})
	return r, err
}

// exposed counts a message that a person opened, if it is a disturbing one.
func (m *Moderation) exposed(ctx context.Context, tx *db.Tx, by identity.Actor, msg inbox.Message) error {
	if !Disturbing(msg) {
		return nil
	}
	was, err := loadStretch(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	now := m.Now()
	s := was.Next(now)
	if !was.Due(now) && s.Due(now) {
		if err := m.countRest(ctx, tx, by, restOffered); err != nil {
			return err
		}
	}
	return saveStretch(ctx, tx, by.ID, s)
}

// TakeRest ends the stretch; PostponeRest puts the rest off, once. Both are
// counted for the month and for nobody by name. They change nothing about a
// message, so nothing of them stands in the trail: it would name the person.
func (m *Moderation) TakeRest(ctx context.Context, by identity.Actor) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		if err := dropStretch(ctx, tx, by.ID); err != nil {
			return err
		}
		return m.countRest(ctx, tx, by, restTaken)
	})
}

// PostponeRest puts the rest off, once in a stretch.
func (m *Moderation) PostponeRest(ctx context.Context, by identity.Actor) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		s, err := loadStretch(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		s, ok := s.Later(m.Now())
		if !ok {
			return fault.New(fault.Conflict, "rest.postponed_already")
		}
		if err := saveStretch(ctx, tx, by.ID, s); err != nil {
			return err
		}
		return m.countRest(ctx, tx, by, restPostponed)
	})
}

func (m *Moderation) countRest(ctx context.Context, tx *db.Tx, by identity.Actor, what string) error {
	a, err := identity.AgencyByID(ctx, tx, by.Agency)
	if err != nil {
		return err
	}
	return addRest(ctx, tx, by.Agency, m.Now().In(a.Location()).Format("2006-01"), what)
}

// VeilAlways says whether a person wants every message veiled.
func (m *Moderation) VeilAlways(ctx context.Context, by identity.Actor) (always bool, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		always, err = loadVeil(ctx, tx, by.ID)
		return err
	})
	return always, err
}

// Veil sets it, for oneself.
func (m *Moderation) Veil(ctx context.Context, by identity.Actor, always bool) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error { return saveVeil(ctx, tx, by.ID, always) })
}
