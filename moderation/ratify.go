package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// What a second person says of a decision that one person took over every copy
// of a text, or a rule took by itself.
const (
	RatifyDue = "due"
	Ratified  = "ratified"
	Overruled = "overruled"
	takenBack = "undone" // by who took it, before anybody had looked
)

// ratifyWithin is how soon a second person looks at it.
const ratifyWithin = 24 * time.Hour

// RatifyBy is when the second look is due.
func (d Decision) RatifyBy() time.Time { return d.At.Add(ratifyWithin) }

// Ratifications lists what waits for a second look, the earliest due first.
func (m *Moderation) Ratifications(ctx context.Context, by identity.Actor) (all []Decision, err error) {
	if !by.May(identity.Moderate, by.Agency) {
		return nil, fault.New(fault.Denied, "decision.not_moderator")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = dueRatifications(ctx, tx, by.Agency)
		return err
	})
	return all, err
}

// Ratify is the second look: the decision stands, or everything it hid is
// shown again. Nobody ratifies their own, nor what a rule did on their order.
func (m *Moderation) Ratify(ctx context.Context, by identity.Actor, id DecisionID, uphold bool, reason string) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDecision(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switched, err := switchedOn(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		own := slices.Contains(append(switched, d.By, d.Second, d.Ordered), by.ID)
		if err := checkRatify(by, d, own, uphold, reason); err != nil {
			return err
		}
		verdict, now := Ratified, m.Now()
		if !uphold {
			verdict = Overruled
		}
		if err := saveRatified(ctx, tx, d.ID, verdict, by.ID, now); err != nil {
			return err
		}
		if !uphold {
			if err := m.takeBack(ctx, tx, by, d, pii.Mask(strings.TrimSpace(reason)).Text); err != nil {
				return err
			}
		}
		if err := live.Tell(ctx, tx, by.Agency, "decision", string(id)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, now, audit.Deed{Name: "decision." + verdict, Subject: "decision/" + string(id), Detail: d.Number + " " + d.Clause})
	})
}

func checkRatify(by identity.Actor, d Decision, own, uphold bool, reason string) error {
	switch {
	case !by.May(identity.Moderate, by.Agency):
		return fault.New(fault.Denied, "decision.not_moderator")
	case d.Ratify != RatifyDue:
		return fault.New(fault.Conflict, "ratify.done_already")
	case own:
		return fault.New(fault.Denied, "ratify.own")
	case !uphold && len([]rune(strings.TrimSpace(reason))) < minReason:
		return fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason))
	}
	return nil
}

// takeBack decides the opposite about everything that a decision did and that
// still stands so.
func (m *Moderation) takeBack(ctx context.Context, tx *db.Tx, by identity.Actor, d Decision, reason string) error {
	o := Order{Act: Restore, Reason: reason, Reverses: d.ID}
	switch d.Act {
	case Block:
		o.Act = Unblock
	case Remove: // what a platform has deleted nobody can show again; the word against it is kept
		return nil
	}
	ids, err := targetMessages(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		msg, err := inbox.LoadMessage(ctx, tx, d.Agency, id)
		if err != nil {
			return err
		}
		busy, err := underWay(ctx, tx, id)
		if err != nil {
			return err
		}
		if busy {
			return fault.New(fault.Conflict, "decision.under_way")
		}
		if o.Act == Unblock || !msg.HiddenAt.IsZero() && msg.DeletedAt.IsZero() {
			o.Messages = append(o.Messages, id)
		}
	}
	if len(o.Messages) == 0 { // nothing of it stands: citizens deleted them, or it was taken back before
		return nil
	}
	_, err = m.decide(ctx, tx, by, o)
	return err
}
