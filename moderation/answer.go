package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// Answer sends a reply to a citizen's message: the reply, its signature and
// the promise to deliver it are one transaction. Under the rule "second" it
// waits for another person.
func (m *Moderation) Answer(ctx context.Context, by identity.Actor, to inbox.MessageID, words string) (r inbox.Reply, err error) {
	words = strings.TrimSpace(words)
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, to)
		if err != nil {
			return err
		}
		if !by.May(identity.Answer, by.Agency) {
			return fault.New(fault.Denied, "inbox.no_power")
		}
		c, err := inbox.LoadConversation(ctx, tx, by.Agency, msg.Conversation)
		if err != nil {
			return err
		}
		ch, err := channel.Load(ctx, tx, by.Agency, c.Channel)
		if err != nil {
			return err
		}
		if err := m.checkReply(ch, msg, c, words); err != nil {
			return err
		}
		if err := nothingOnItsWay(ctx, tx, msg, words); err != nil {
			return err
		}
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		r = inbox.Reply{
			ID: inbox.ReplyID(db.NewID()), Agency: by.Agency, Conversation: c.ID, Message: msg.ID, By: by.ID, Text: words,
			State: inbox.ReplyWaiting, CreatedAt: m.Now().UTC().Truncate(time.Microsecond),
		}
		if err := inbox.AddReply(ctx, tx, r); err != nil {
			return err
		}
		if a.ReplyRule != identity.Second {
			if r, err = m.send(ctx, tx, r, by.ID); err != nil {
				return err
			}
		}
		return m.told(ctx, tx, by, r, "reply.write")
	})
	if err != nil {
		return inbox.Reply{}, err
	}
	return r, nil
}

// checkReply names everything that is wrong with an answer at once.
func (m *Moderation) checkReply(ch channel.Channel, msg inbox.Message, c inbox.Conversation, words string) error {
	connector, err := m.Channels.Connector(ch.Platform)
	if err != nil {
		return err
	}
	account := platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Handle: ch.Handle}
	can := connector.Capabilities(account)
	switch {
	case !can.Reply:
		return fault.New(fault.Invalid, "reply.platform_cannot", fault.Arg("platform", string(ch.Platform)))
	case msg.Kind == platform.Direct && !can.ReplyDirect:
		// It would stand in public.
		return fault.New(fault.Invalid, "reply.direct_cannot", fault.Arg("platform", string(ch.Platform)))
	case !msg.DeletedAt.IsZero():
		return fault.New(fault.Conflict, "reply.message_deleted")
	}
	var wrong fault.List
	if words == "" {
		wrong.Add(fault.New(fault.Invalid, "reply.empty", fault.Field("text")))
	}
	if kinds := personal(words); len(kinds) > 0 {
		wrong.Add(fault.New(fault.Invalid, "reply.personal_data", fault.Field("text"), fault.Arg("kinds", strings.Join(kinds, ", "))))
	}
	n := connector.Count(account, platform.Outgoing{Text: words, InReplyTo: msg.RemoteID, Thread: c.Thread})
	if n.Limit > 0 && n.Used > n.Limit {
		wrong.Add(fault.New(fault.Invalid, "reply.too_long", fault.Field("text"), fault.Arg("used", n.Used), fault.Arg("limit", n.Limit), fault.Arg("over", n.Used-n.Limit)))
	}
	return wrong.Err()
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
	c, err := inbox.LoadConversation(ctx, tx, r.Agency, r.Conversation)
	if err != nil {
		return r, err
	}
	msg, err := inbox.LoadMessage(ctx, tx, r.Agency, r.Message)
	if err != nil {
		return r, err
	}
	id, err := m.Publisher.Enqueue(ctx, tx, publisher.Outgoing{
		Agency: r.Agency, Channel: c.Channel, OriginID: string(r.ID), SignedBy: signer, Urgent: c.Class == inbox.LifeSafety, Due: m.Now(),
		Payload: publisher.Payload{Text: r.Text, InReplyTo: msg.RemoteID, Thread: c.Thread},
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
		if err != nil || r.State == inbox.ReplyPublished {
			return err
		}
		was := r.State
		r.State, r.PublishedAt = inbox.ReplyPublished, d.PublishedAt
		if err := inbox.MoveReply(ctx, tx, was, r); err != nil {
			return err
		}
		if _, err := m.Inbox.StopClock(ctx, tx, r, d.PublishedAt); err != nil {
			return err
		}
		return m.told(ctx, tx, identity.TheSystem("moderation", c.Agency), r, "reply.published")
	})
}
