package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// KeepTakeBack deletes an answer of ours at its platform. It may be repeated:
// what is not there any more is gone.
func (m *Moderation) KeepTakeBack(ctx context.Context, ring outbox.Ring) error {
	e := &enforcement{Moderation: m, accounts: map[channel.ID]platform.Account{}, channels: map[channel.ID]channel.Channel{}}
	var b TakeBack
	var d publisher.Delivery
	todo := false
	err := m.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if e.claim, todo, err = outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, m.Now(), enforceLease); err != nil || !todo {
			return err
		}
		if b, err = takeBackOf(ctx, tx, e.claim.Agency, inbox.ReplyID(ring.Key)); err != nil {
			return err
		}
		if todo = b.State == Waiting; !todo {
			return outbox.Finish(ctx, tx, e.claim)
		}
		_, d, _, err = sentReply(ctx, tx, b.Agency, b.Reply)
		e.decision.Agency, e.decision.Channel = b.Agency, d.Channel
		return err
	})
	if err != nil || !todo {
		return err
	}
	account, err := e.account(ctx, d.Channel)
	if err != nil {
		return e.later(ctx, err)
	}
	err = m.deleteOurs(ctx, account, d.RemoteID)
	r := platform.AsRefusal(err)
	if err != nil && (r == nil || r.Auth) {
		return e.later(ctx, err)
	}
	return e.keptTakeBack(ctx, b, r)
}

// deleteOurs is the one visible call, outside of any transaction.
func (m *Moderation) deleteOurs(ctx context.Context, a platform.Account, remoteID string) error {
	connector, err := m.Channels.Connector(a.Platform)
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(ctx, hideTimeout)
	defer cancel()
	return connector.Delete(call, a, remoteID)
}

// keptTakeBack records the platform's answer under the claim; r is its no.
func (e *enforcement) keptTakeBack(ctx context.Context, b TakeBack, r *platform.Refusal) error {
	system := identity.TheSystem("moderation", b.Agency)
	return e.DB.Update(ctx, func(tx *db.Tx) error {
		if err := outbox.Hold(ctx, tx, e.claim, e.Now()); err != nil {
			return err
		}
		var err error
		if r == nil || r.Code == "platform.not_found" {
			err = e.takenBack(ctx, tx, system, b)
		} else {
			err = e.refusedTakeBack(ctx, tx, system, b, r)
		}
		if err != nil {
			return err
		}
		return outbox.Finish(ctx, tx, e.claim)
	})
}

// refusedTakeBack shows a person what the platform said. What no program may
// delete there is left to her hands.
func (e *enforcement) refusedTakeBack(ctx context.Context, tx *db.Tx, by identity.Actor, b TakeBack, r *platform.Refusal) error {
	reply, d, ch, err := sentReply(ctx, tx, b.Agency, b.Reply)
	if err != nil {
		return err
	}
	_, page, err := e.takesBack(ch, d)
	if err != nil {
		return err
	}
	b.State, b.Code, b.Said, b.DoneAt = Failed, r.Code, r.Said, time.Time{}
	if r.Code == "platform.delete_unsupported" && page != "" {
		b.State = ByHand
	}
	if err := endTakeBack(ctx, tx, Waiting, b); err != nil {
		return err
	}
	return e.Moderation.told(ctx, tx, by, reply, "reply.take_back_refused")
}
