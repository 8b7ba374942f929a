package moderation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
	"kentongan/publisher"
)

// Answering is what a moderator says to a citizen's message.
type Answering struct {
	To       inbox.MessageID
	Text     string
	Private  bool       // to the author of a public comment alone
	Template *Templated // an approved template instead of words of our own
}

// Answer sends a reply to a citizen's message: the reply, its signature and
// the promise to deliver it are one transaction. Under the rule "second" it
// waits for another person.
func (m *Moderation) Answer(ctx context.Context, by identity.Actor, to inbox.MessageID, words string) (r inbox.Reply, err error) {
	return m.AnswerAs(ctx, by, Answering{To: to, Text: words})
}

// AnswerAs is Answer in one of the ways that a platform may have.
func (m *Moderation) AnswerAs(ctx context.Context, by identity.Actor, say Answering) (r inbox.Reply, err error) {
	say.Text = strings.TrimSpace(say.Text)
	kept := ""
	if say.Template != nil {
		// The platform is asked before the transaction: an approval can be revoked.
		if say.Text, kept, err = m.filled(ctx, by, say); err != nil {
			return inbox.Reply{}, err
		}
	}
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		r, err = m.answer(ctx, tx, by, say, kept)
		return err
	})
	if err != nil {
		return inbox.Reply{}, err
	}
	return r, nil
}

// answer is AnswerAs inside a transaction; kept is the template it was made of.
func (m *Moderation) answer(ctx context.Context, tx *db.Tx, by identity.Actor, say Answering, kept string) (r inbox.Reply, err error) {
	msg, err := inbox.LoadMessage(ctx, tx, by.Agency, say.To)
	if err != nil {
		return r, err
	}
	if !by.May(identity.Answer, by.Agency) {
		return r, fault.New(fault.Denied, "inbox.no_power")
	}
	e, err := m.exchange(ctx, tx, msg)
	if err != nil {
		return r, err
	}
	if err := e.check(say, m.Now()); err != nil {
		return r, err
	}
	if err := nothingOnItsWay(ctx, tx, msg, say.Text); err != nil {
		return r, err
	}
	a, err := identity.AgencyByID(ctx, tx, by.Agency)
	if err != nil {
		return r, err
	}
	r = inbox.Reply{
		ID: inbox.ReplyID(db.NewID()), Agency: by.Agency, Conversation: e.conversation.ID, Message: msg.ID, By: by.ID, Text: say.Text,
		Private: say.Private, Template: kept, State: inbox.ReplyWaiting, CreatedAt: m.Now().UTC().Truncate(time.Microsecond),
	}
	if err := inbox.AddReply(ctx, tx, r); err != nil {
		return r, err
	}
	if a.ReplyRule != identity.Second {
		if r, err = m.send(ctx, tx, r, by.ID); err != nil {
			return r, err
		}
	}
	return r, m.told(ctx, tx, by, r, "reply.write")
}

// personal names the kinds of personal data in an answer that all may read
// (UU 27/2022 pasal 65). An office's own address is none.
func personal(words string) (kinds []string) {
	for _, f := range pii.Find(words) {
		said := strings.ToLower(f.Span().Of(words))
		if f.Kind == pii.Email && strings.HasSuffix(said, ".go.id") {
			continue
		}
		if !slices.Contains(kinds, string(f.Kind)) {
			kinds = append(kinds, string(f.Kind))
		}
	}
	return kinds
}

// send signs a reply and gives it to the publisher.
func (m *Moderation) send(ctx context.Context, tx *db.Tx, r inbox.Reply, signer identity.PersonID) (inbox.Reply, error) {
	msg, err := inbox.LoadMessage(ctx, tx, r.Agency, r.Message)
	if err != nil {
		return r, err
	}
	e, err := m.exchange(ctx, tx, msg)
	if err != nil {
		return r, err
	}
	payload := publisher.Payload{Text: r.Text, InReplyTo: msg.RemoteID, Thread: e.conversation.Thread, Private: r.Private}
	if r.Template != "" {
		payload.Template = &publisher.Template{}
		if err := json.Unmarshal([]byte(r.Template), payload.Template); err != nil {
			return r, err
		}
	}
	id, err := m.Publisher.Enqueue(ctx, tx, publisher.Outgoing{
		Agency: r.Agency, Channel: e.conversation.Channel, OriginID: string(r.ID), SignedBy: signer, Urgent: e.conversation.Class == inbox.LifeSafety,
		Due: m.Now(), NotAfter: e.closes(r.Private, r.Template != ""), Payload: payload,
	})
	if err != nil {
		return r, err
	}
	was := r.State
	r.State, r.Delivery, r.ApprovedBy = inbox.ReplyQueued, string(id), signer
	return r, inbox.MoveReply(ctx, tx, was, r)
}

// nothingOnItsWay refuses a second answer to a message whose first one may
// still appear, and the very words that a message was answered with already: a
// form that was sent twice.
func nothingOnItsWay(ctx context.Context, tx *db.Tx, msg inbox.Message, words string) error {
	n, err := pendingReplies(ctx, tx, msg.ID)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "reply.on_its_way")
	}
	if err == nil {
		n, err = sameReplies(ctx, tx, msg.ID, words)
	}
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "reply.said_already")
	}
	return err
}

func (m *Moderation) told(ctx context.Context, tx *db.Tx, by identity.Actor, r inbox.Reply, deed string) error {
	if err := live.Tell(ctx, tx, r.Agency, "conversation", string(r.Conversation)); err != nil {
		return err
	}
	return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: deed, Subject: "conversation/" + string(r.Conversation), Detail: "reply/" + string(r.ID)})
}

// ApproveReply signs a colleague's waiting answer and sends it.
func (m *Moderation) ApproveReply(ctx context.Context, by identity.Actor, id inbox.ReplyID) error {
	return m.judge(ctx, by, id, "reply.approve", func(tx *db.Tx, r inbox.Reply) (inbox.Reply, error) {
		return m.send(ctx, tx, r, by.ID)
	})
}

// ReturnReply gives a waiting answer back to its author.
func (m *Moderation) ReturnReply(ctx context.Context, by identity.Actor, id inbox.ReplyID) error {
	return m.judge(ctx, by, id, "reply.return", func(tx *db.Tx, r inbox.Reply) (inbox.Reply, error) {
		was := r.State
		r.State = inbox.ReplyReturned
		return r, inbox.MoveReply(ctx, tx, was, r)
	})
}

func (m *Moderation) judge(ctx context.Context, by identity.Actor, id inbox.ReplyID, deed string, f func(*db.Tx, inbox.Reply) (inbox.Reply, error)) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		r, err := inbox.LoadReply(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switch {
		case !by.May(identity.Answer, by.Agency) && !by.May(identity.Approve, by.Agency):
			return fault.New(fault.Denied, "reply.approve.no_power")
		case r.By == by.ID:
			return fault.New(fault.Denied, "reply.approve.own")
		case r.State != inbox.ReplyWaiting:
			return fault.New(fault.Conflict, "reply.not_waiting")
		}
		if r, err = f(tx, r); err != nil {
			return err
		}
		return m.told(ctx, tx, by, r, deed)
	})
}

// WaitingReplies lists answers that wait for a second person.
func (m *Moderation) WaitingReplies(ctx context.Context, by identity.Actor) (all []inbox.Reply, err error) {
	if !by.May(identity.Answer, by.Agency) && !by.May(identity.Approve, by.Agency) {
		return nil, fault.New(fault.Denied, "reply.approve.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = inbox.WaitingReplies(ctx, tx, by.Agency)
		return err
	})
	return all, err
}

// MayRelease says why an answer that stands still cannot be sent after all by
// the actor: the signature is a new one, so the reply rule holds again; and
// nobody is answered twice.
func (m *Moderation) MayRelease(ctx context.Context, tx *db.Tx, by identity.Actor, d publisher.Delivery) error {
	r, err := inbox.LoadReply(ctx, tx, d.Agency, inbox.ReplyID(d.OriginID))
	if err != nil {
		return err
	}
	if r.State == inbox.ReplyTakenBack {
		return fault.New(fault.Conflict, "reply.take_back.done_already")
	}
	a, err := identity.AgencyByID(ctx, tx, d.Agency)
	if err != nil {
		return err
	}
	if a.ReplyRule == identity.Second && r.By == by.ID {
		return fault.New(fault.Denied, "reply.approve.own")
	}
	n, err := laterReplies(ctx, tx, r)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "reply.answered_since")
	}
	return err
}

// Undelivered is rung when the platform said of a published reply that it did
// not arrive: the citizen waits again.
func (m *Moderation) Undelivered(ctx context.Context, ring outbox.Ring) error {
	return outbox.Once(ctx, m.DB, m.Now(), ring, func(tx *db.Tx, c outbox.Claim) error {
		d, err := publisher.LoadDelivery(ctx, tx, c.Agency, publisher.DeliveryID(ring.Key))
		if err != nil {
			return err
		}
		if d.Origin != publisher.OriginReply || d.State == publisher.Published {
			return nil
		}
		r, err := inbox.LoadReply(ctx, tx, c.Agency, inbox.ReplyID(d.OriginID))
		if err != nil || r.State != inbox.ReplyPublished {
			return err
		}
		if _, err := m.Inbox.Undelivered(ctx, tx, r); err != nil {
			return err
		}
		was := r.State
		r.State, r.PublishedAt = inbox.ReplyQueued, time.Time{}
		if err := inbox.MoveReply(ctx, tx, was, r); err != nil {
			return err
		}
		return m.told(ctx, tx, identity.TheSystem("moderation", c.Agency), r, "reply.undelivered")
	})
}

// Answered is rung when a reply has been published: now the clock stops, at
// the time of the platform's receipt.
func (m *Moderation) Answered(ctx context.Context, ring outbox.Ring) error {
	return outbox.Once(ctx, m.DB, m.Now(), ring, func(tx *db.Tx, c outbox.Claim) error {
		d, err := publisher.LoadDelivery(ctx, tx, c.Agency, publisher.DeliveryID(ring.Key))
		if err != nil {
			return err
		}
		if d.Origin != publisher.OriginReply || d.State != publisher.Published {
			return nil // nothing of ours, or withdrawn after the promise
		}
		r, err := inbox.LoadReply(ctx, tx, c.Agency, inbox.ReplyID(d.OriginID))
		if err != nil || r.State == inbox.ReplyPublished || r.State == inbox.ReplyTakenBack {
			return err
		}
		was := r.State
		r.State, r.PublishedAt = inbox.ReplyPublished, d.PublishedAt
		if err := inbox.MoveReply(ctx, tx, was, r); err != nil {
			return err
		}
		// A notice of a decision is no answer to what was asked: it stops no clock.
		notice, err := isNotice(ctx, tx, r.ID)
		if err == nil && !notice {
			_, err = m.Inbox.StopClock(ctx, tx, r, d.PublishedAt)
		}
		if err != nil {
			return err
		}
		return m.told(ctx, tx, identity.TheSystem("moderation", c.Agency), r, "reply.published")
	})
}
