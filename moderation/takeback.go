package moderation

import (
	"context"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// KindTakeBack is the promise to delete an answer of ours at its platform.
const KindTakeBack = "take_back" // key: reply id

// TakeBack is a published answer of ours on its way back. Its states are those
// of a decision; the answer's own words stay in our record.
type TakeBack struct {
	Reply        inbox.ReplyID
	Agency       identity.AgencyID
	Conversation inbox.ConversationID
	By           identity.PersonID
	Reason       string // masked
	State        string // Waiting, ByHand, Failed or Done
	Code, Said   string // why the platform refused
	At, DoneAt   time.Time
	Page         string // of the platform, where a person does it
}

// TakeBack asks for the deletion of a published answer at its platform. Where
// programs cannot delete, a person does it there and says so (TookBackByHand).
func (m *Moderation) TakeBack(ctx context.Context, by identity.Actor, id inbox.ReplyID, reason string) (b TakeBack, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		r, d, ch, err := sentReply(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		reason = pii.Mask(strings.TrimSpace(reason)).Text
		if err := m.mayTakeBack(ctx, tx, by, r, reason); err != nil {
			return err
		}
		b = TakeBack{Reply: r.ID, Agency: r.Agency, Conversation: r.Conversation, By: by.ID, Reason: reason, State: Waiting, At: m.Now()}
		deletes, page, err := m.takesBack(ch, d)
		if err != nil {
			return err
		}
		if !deletes {
			if b.State, b.Page = ByHand, page; page == "" {
				return fault.New(fault.Invalid, "reply.take_back.cannot", fault.Arg("platform", string(ch.Platform)))
			}
		}
		if err := insertTakeBack(ctx, tx, b); err != nil {
			return err
		}
		if deletes {
			err = outbox.Put(ctx, tx, outbox.Promise{Kind: KindTakeBack, Key: string(r.ID), Agency: r.Agency, Class: outbox.Inbox, Due: b.At})
		}
		if err != nil {
			return err
		}
		return m.told(ctx, tx, by, r, "reply.take_back")
	})
	if err != nil {
		return TakeBack{}, err
	}
	return b, nil
}

// sentReply loads an answer with its delivery and its channel.
func sentReply(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id inbox.ReplyID) (r inbox.Reply, d publisher.Delivery, ch channel.Channel, err error) {
	if r, err = inbox.LoadReply(ctx, tx, agency, id); err != nil {
		return r, d, ch, err
	}
	if r.Delivery == "" {
		return r, d, ch, fault.New(fault.Conflict, "reply.take_back.not_published")
	}
	if d, err = publisher.LoadDelivery(ctx, tx, agency, publisher.DeliveryID(r.Delivery)); err != nil {
		return r, d, ch, err
	}
	ch, err = channel.Load(ctx, tx, agency, d.Channel)
	return r, d, ch, err
}

// mayTakeBack says why a person cannot take an answer back.
func (m *Moderation) mayTakeBack(ctx context.Context, tx *db.Tx, by identity.Actor, r inbox.Reply, reason string) error {
	switch {
	case !by.May(identity.Moderate, by.Agency):
		return fault.New(fault.Denied, "reply.take_back.no_power")
	case r.State == inbox.ReplyTakenBack:
		return fault.New(fault.Conflict, "reply.take_back.done_already")
	case r.State != inbox.ReplyPublished:
		return fault.New(fault.Conflict, "reply.take_back.not_published")
	case letters(reason) < minReason:
		return fault.New(fault.Invalid, "reply.take_back.reason", fault.Field("reason"), fault.Arg("letters", minReason))
	}
	notice, err := isNotice(ctx, tx, r.ID)
	if err == nil && notice { // it tells the citizen that she can object
		err = fault.New(fault.Conflict, "reply.take_back.notice")
	}
	return err
}

// takesBack says whether a platform deletes what is ours when a program asks,
// and on which of its pages a person does it.
func (m *Moderation) takesBack(ch channel.Channel, d publisher.Delivery) (deletes bool, page string, err error) {
	connector, err := m.Channels.Connector(ch.Platform)
	if err != nil {
		return false, "", err
	}
	a := platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Also: ch.Also, Handle: ch.Handle}
	page = d.RemoteURL
	if g, ok := connector.(platform.Guide); ok && page == "" && d.RemoteID != "" {
		page = g.ByHand(a, "hide", d.RemoteID, "")
	}
	return connector.Capabilities(a).Delete && !ch.Manual() && d.RemoteID != "", page, nil
}

// TookBackByHand records that a person has deleted an answer in the platform's
// own pages.
func (m *Moderation) TookBackByHand(ctx context.Context, by identity.Actor, id inbox.ReplyID) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		b, err := takeBackOf(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switch {
		case !by.May(identity.Moderate, by.Agency):
			return fault.New(fault.Denied, "reply.take_back.no_power")
		case b.State != ByHand:
			return fault.New(fault.Conflict, "reply.take_back.not_by_hand")
		}
		return m.takenBack(ctx, tx, by, b)
	})
}

// takenBack records that an answer is gone: the citizen waits again, unless
// another answer stands.
func (m *Moderation) takenBack(ctx context.Context, tx *db.Tx, by identity.Actor, b TakeBack) error {
	r, err := inbox.LoadReply(ctx, tx, b.Agency, b.Reply)
	if err != nil {
		return err
	}
	was := b.State
	b.State, b.Code, b.Said, b.DoneAt = Done, "", "", m.Now()
	if err := endTakeBack(ctx, tx, was, b); err != nil {
		return err
	}
	left, err := answersLeft(ctx, tx, r)
	if err != nil {
		return err
	}
	var others []inbox.Reply
	for _, id := range left {
		o, err := inbox.LoadReply(ctx, tx, b.Agency, id)
		if err != nil {
			return err
		}
		others = append(others, o)
	}
	if _, err := m.Inbox.TakenBack(ctx, tx, r, others); err != nil {
		return err
	}
	gone := r
	gone.State = inbox.ReplyTakenBack
	if err := inbox.MoveReply(ctx, tx, r.State, gone); err != nil {
		return err
	}
	return m.told(ctx, tx, by, gone, "reply.taken_back")
}

// TakeBacks are those of a conversation, by their answers.
func (m *Moderation) TakeBacks(ctx context.Context, by identity.Actor, id inbox.ConversationID) (map[inbox.ReplyID]TakeBack, error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.NotFound, "conversation.not_found")
	}
	known := map[inbox.ReplyID]TakeBack{}
	err := m.DB.View(ctx, func(tx *db.Tx) error {
		all, err := takeBacks(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.State == ByHand {
				_, d, ch, err := sentReply(ctx, tx, by.Agency, b.Reply)
				if err == nil {
					_, b.Page, err = m.takesBack(ch, d)
				}
				if err != nil {
					return err
				}
			}
			known[b.Reply] = b
		}
		return nil
	})
	return known, err
}
