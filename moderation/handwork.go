package moderation

import (
	"context"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/platform"
)

// Handwork is one message of a decision that a person carries out in the
// platform's own pages.
type Handwork struct {
	Message inbox.MessageID
	Page    string // where to do it
}

// Handwork lists what is left of a decision for a person.
func (m *Moderation) Handwork(ctx context.Context, by identity.Actor, id DecisionID) (all []Handwork, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		d, err := LoadDecision(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Moderate, by.Agency) {
			return fault.New(fault.Denied, "decision.not_moderator")
		}
		left, err := targets(ctx, tx, id, ByHand)
		if err != nil {
			return err
		}
		for _, t := range left {
			ch, err := channel.Load(ctx, tx, by.Agency, t.Channel)
			if err != nil {
				return err
			}
			how, err := m.means(ch, d.Act)
			if err != nil {
				return err
			}
			h := Handwork{Message: t.Message}
			if how.page != nil {
				h.Page = how.page(platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, RemoteID: ch.RemoteID, Also: ch.Also, Handle: ch.Handle}, object{remoteID: t.RemoteID})
			}
			all = append(all, h)
		}
		return nil
	})
	return all, err
}

// DoneByHand records that a person has carried a decision out in the
// platform's own pages.
func (m *Moderation) DoneByHand(ctx context.Context, by identity.Actor, id DecisionID) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDecision(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switch {
		case !by.May(identity.Moderate, by.Agency):
			return fault.New(fault.Denied, "decision.not_moderator")
		case d.State != ByHand:
			return fault.New(fault.Conflict, "decision.not_by_hand")
		}
		left, err := targets(ctx, tx, id, ByHand)
		if err != nil {
			return err
		}
		now := m.Now()
		for _, t := range left {
			t.State, t.DoneAt = Done, now
			if err := saveTarget(ctx, tx, id, t); err != nil {
				return err
			}
			if err := effect(ctx, tx, d.Act, t.Message, now); err != nil {
				return err
			}
			if err := live.Tell(ctx, tx, d.Agency, "conversation", string(t.Conversation)); err != nil {
				return err
			}
		}
		refused, err := targets(ctx, tx, id, Failed)
		if err != nil {
			return err
		}
		d.State, d.DoneAt = Done, now
		if len(refused) > 0 {
			d.State, d.Code, d.Said = Failed, refused[0].Code, refused[0].Said
		}
		if err := endDecision(ctx, tx, d); err != nil {
			return err
		}
		if err := m.releaseNotices(ctx, tx, d); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, d.Agency, "decision", string(d.ID)); err != nil {
			return err
		}
		facts, err := m.decisionFacts(ctx, tx, d, left)
		if err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, now, audit.Deed{Name: "decision.done_by_hand", Subject: "decision/" + string(d.ID), Detail: d.Number + spaced(d.Clause) + facts})
	})
}
