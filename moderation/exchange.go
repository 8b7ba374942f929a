package moderation

import (
	"context"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// exchange is a message with everything that decides how it can be answered.
type exchange struct {
	message      inbox.Message
	conversation inbox.Conversation
	channel      channel.Channel
	account      platform.Account // without a credential: nothing is asked
	connector    platform.Connector
	can          platform.Capabilities
	lastWord     time.Time // when the citizen last wrote here
	privately    int64     // private answers to the message, sent or on their way
}

func (m *Moderation) exchange(ctx context.Context, tx *db.Tx, msg inbox.Message) (e exchange, err error) {
	e.message = msg
	if e.conversation, err = inbox.LoadConversation(ctx, tx, msg.Agency, msg.Conversation); err != nil {
		return e, err
	}
	if e.channel, err = channel.Load(ctx, tx, msg.Agency, msg.Channel); err != nil {
		return e, err
	}
	if e.connector, err = m.Channels.Connector(e.channel.Platform); err != nil {
		return e, err
	}
	ch := e.channel
	e.account = platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Also: ch.Also, Handle: ch.Handle}
	e.can = e.connector.Capabilities(e.account)
	if e.can.PrivateOnce {
		if e.privately, err = privateAnswers(ctx, tx, msg.ID); err != nil {
			return e, err
		}
	}
	e.lastWord, err = lastWord(ctx, tx, msg.Conversation)
	return e, err
}

// closes is the platform's own end of answering; zero is none. Outside of it
// only an approved template goes out.
func (e exchange) closes(private, template bool) time.Time {
	switch {
	case private:
		return e.message.PostedAt.Add(e.can.PrivateReply)
	case e.message.Kind == platform.Direct && e.can.ReplyWindow > 0 && !template:
		return e.lastWord.Add(e.can.ReplyWindow)
	}
	return time.Time{}
}

// check names everything that is wrong with an answer at once.
func (e exchange) check(say Answering, now time.Time) error {
	name := fault.Arg("platform", string(e.channel.Platform))
	closes := e.closes(say.Private, say.Template != nil)
	switch {
	case !e.can.Reply && !say.Private && e.message.Kind != platform.Direct:
		return fault.New(fault.Invalid, "reply.platform_cannot", name)
	case say.Private && (e.can.PrivateReply == 0 || e.message.Kind == platform.Direct):
		return fault.New(fault.Invalid, "reply.private_cannot", name)
	case e.message.Kind == platform.Direct && !e.can.ReplyDirect:
		// It would stand in public.
		return fault.New(fault.Invalid, "reply.direct_cannot", name)
	case say.Template != nil && (!e.can.Templates || e.message.Kind != platform.Direct):
		return fault.New(fault.Invalid, "reply.template_cannot", name)
	case !e.message.DeletedAt.IsZero():
		return fault.New(fault.Conflict, "reply.message_deleted")
	case !closes.IsZero() && !now.Before(closes) && e.can.Templates:
		return fault.New(fault.Conflict, "reply.window_closed_template", name)
	case !closes.IsZero() && !now.Before(closes):
		return fault.New(fault.Conflict, "reply.window_closed", name)
	}
	return e.checkWords(say)
}

func (e exchange) checkWords(say Answering) error {
	var wrong fault.List
	if say.Text == "" {
		wrong.Add(fault.New(fault.Invalid, "reply.empty", fault.Field("text")))
	}
	if kinds := personal(say.Text); len(kinds) > 0 {
		wrong.Add(fault.New(fault.Invalid, "reply.personal_data", fault.Field("text"), fault.Arg("kinds", strings.Join(kinds, ", "))))
	}
	n := e.connector.Count(e.account, platform.Outgoing{Text: say.Text, InReplyTo: e.message.RemoteID, Thread: e.conversation.Thread, Private: say.Private})
	if e.can.MaxReply > 0 && n.Limit > e.can.MaxReply {
		n.Limit = e.can.MaxReply
	}
	if n.Limit > 0 && n.Used > n.Limit {
		wrong.Add(fault.New(fault.Invalid, "reply.too_long", fault.Field("text"), fault.Arg("used", n.Used), fault.Arg("limit", n.Limit), fault.Arg("over", n.Used-n.Limit)))
	}
	return wrong.Err()
}

// Reach is how one message can be answered, for the page.
type Reach struct {
	Public, Private, Template bool
	Closes                    time.Time // of the platform's answering window; zero is none
	Open                      bool      // an answer of our own words can still leave
	Limit                     int
	Unit, Note                string
}

// ReachOf says how a message of the actor's agency can be answered now.
func (m *Moderation) ReachOf(ctx context.Context, tx *db.Tx, msg inbox.Message) (r Reach, err error) {
	e, err := m.exchange(ctx, tx, msg)
	if err != nil {
		return r, err
	}
	now := m.Now()
	direct := e.message.Kind == platform.Direct
	r = Reach{Closes: e.closes(false, false), Limit: e.can.MaxText, Unit: e.can.TextUnit, Note: e.can.ReplyNote}
	r.Open = r.Closes.IsZero() || now.Before(r.Closes)
	r.Public = direct && e.can.ReplyDirect || !direct && e.can.Reply
	r.Private = !direct && e.can.PrivateReply > 0 && now.Before(e.closes(true, false))
	r.Template = direct && e.can.Templates
	if e.can.MaxReply > 0 {
		r.Limit = e.can.MaxReply
	}
	return r, nil
}

// Recipient is the platform's id of whom an answer reaches. It is kept sealed
// with the message alone.
func (m *Moderation) Recipient(ctx context.Context, tx *db.Tx, d publisher.Delivery) (string, error) {
	r, err := inbox.LoadReply(ctx, tx, d.Agency, inbox.ReplyID(d.OriginID))
	if err != nil {
		return "", err
	}
	msg, err := inbox.LoadMessage(ctx, tx, d.Agency, r.Message)
	if err != nil {
		return "", err
	}
	o, err := m.Inbox.Original(msg)
	return o.AuthorID, err
}
