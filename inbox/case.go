package inbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// List returns the conversations of a view, by deadline and life safety first.
// Only masked text is in it.
func (in *Inbox) List(ctx context.Context, by identity.Actor, q Query) (all []Conversation, err error) {
	if err := may(by, identity.ReadInbox); err != nil {
		return nil, err
	}
	if !slices.Contains(Views[:], q.View) {
		q.View = Unanswered
	}
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	err = in.DB.View(ctx, func(tx *db.Tx) (err error) {
		if q.View == Done {
			all, err = listDone(ctx, tx, by.Agency, q)
		} else {
			all, err = listWaiting(ctx, tx, by.Agency, by.ID, q, in.Now().Add(in.Near))
		}
		return err
	})
	for i := range all {
		all[i].Name = in.name(all[i].Citizen)
	}
	return all, err
}

// Case is a conversation with everything a colleague needs to answer it.
type Case struct {
	Conversation
	Messages []Message // by the time they were posted
	Versions map[MessageID][]Version
	Notes    []Note
	Replies  []Sent
	History  []audit.Entry  // newest first
	Others   []Conversation // of the same citizen, newest first
	Left     time.Duration  // working time until the deadline; negative: since
	Running  bool           // the clock counts now
}

// Load returns one case, masked.
func (in *Inbox) Load(ctx context.Context, by identity.Actor, id ConversationID) (k Case, err error) {
	err = in.DB.View(ctx, func(tx *db.Tx) (err error) {
		if k.Conversation, err = LoadConversation(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if err = may(by, identity.ReadInbox); err != nil {
			return err
		}
		if k.Messages, err = messages(ctx, tx, id); err != nil {
			return err
		}
		all, err := versions(ctx, tx, id)
		if err != nil {
			return err
		}
		k.Versions = map[MessageID][]Version{}
		for _, v := range all {
			k.Versions[v.Message] = append(k.Versions[v.Message], v)
		}
		if k.Notes, err = notes(ctx, tx, id); err != nil {
			return err
		}
		if k.Replies, err = replies(ctx, tx, id); err != nil {
			return err
		}
		if k.Others, err = ofCitizen(ctx, tx, by.Agency, k.Citizen, id); err != nil {
			return err
		}
		k.History, err = audit.List(ctx, tx, audit.Query{Agency: by.Agency, Subject: subject(id), Limit: 50})
		if err != nil {
			return err
		}
		return in.tellTime(ctx, tx, &k)
	})
	if err != nil {
		return Case{}, err
	}
	k.Name = in.name(k.Citizen)
	for i := range k.Others {
		k.Others[i].Name = k.Name
	}
	return k, nil
}

func (in *Inbox) tellTime(ctx context.Context, tx *db.Tx, k *Case) error {
	if k.Status != Open || k.Due.IsZero() {
		return nil
	}
	a, err := identity.AgencyByID(ctx, tx, k.Agency)
	if err != nil {
		return err
	}
	clock, err := in.clock(a)
	if err != nil {
		return err
	}
	clock = clock.For(k.Class)
	k.Left, k.Running = clock.Left(in.Now(), k.Due), clock.Open(in.Now())
	return nil
}

func subject(id ConversationID) string { return "conversation/" + string(id) }

// change is the frame of every deed of a person on a conversation: load, ask
// the power, apply, save, note, tell.
func (in *Inbox) change(ctx context.Context, by identity.Actor, id ConversationID, deed string, f func(*db.Tx, *Conversation) (detail string, err error)) error {
	return in.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := lockOwn(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if err := may(by, identity.Answer); err != nil {
			return err
		}
		detail, err := f(tx, &c)
		if err != nil {
			return err
		}
		if err := SaveConversation(ctx, tx, c); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, c.Agency, "conversation", string(c.ID)); err != nil {
			return err
		}
		return in.note(ctx, tx, by, deed, subject(c.ID), detail)
	})
}

func (in *Inbox) note(ctx context.Context, tx *db.Tx, by identity.Actor, deed, subject, detail string) error {
	return audit.Note(ctx, tx, by, in.Now(), audit.Deed{Name: deed, Subject: subject, Detail: detail})
}

// Assign gives a conversation to a colleague, or to nobody ("").
func (in *Inbox) Assign(ctx context.Context, by identity.Actor, id ConversationID, to identity.PersonID) error {
	return in.change(ctx, by, id, "conversation.assign", func(tx *db.Tx, c *Conversation) (string, error) {
		if to != "" {
			if err := mayAnswer(ctx, tx, c.Agency, to); err != nil {
				return "", err
			}
		}
		if c.Assignee == to {
			return "", fault.New(fault.Conflict, "conversation.assigned_already")
		}
		c.Assignee = to
		return string(to), nil
	})
}

// mayAnswer says whether a colleague works on citizens' messages here.
func mayAnswer(ctx context.Context, tx *db.Tx, agency identity.AgencyID, id identity.PersonID) error {
	members, err := identity.Members(ctx, tx, agency)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.ID == id && m.Disabled.IsZero() && (slices.Contains(m.Roles, identity.Officer) || slices.Contains(m.Roles, identity.Moderator)) {
			return nil
		}
	}
	return fault.New(fault.Invalid, "conversation.assign.not_a_colleague", fault.Field("to"))
}

// TakeOver gives a conversation to the actor, also when a colleague has it.
func (in *Inbox) TakeOver(ctx context.Context, by identity.Actor, id ConversationID) error {
	return in.change(ctx, by, id, "conversation.take_over", func(_ *db.Tx, c *Conversation) (string, error) {
		if c.Assignee == by.ID {
			return "", fault.New(fault.Conflict, "conversation.assigned_already")
		}
		from := c.Assignee
		c.Assignee = by.ID
		return string(from), nil
	})
}

// Note keeps a remark for colleagues. Personal data in it is masked: the
// message it comes from has it.
func (in *Inbox) Note(ctx context.Context, by identity.Actor, id ConversationID, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return fault.New(fault.Invalid, "conversation.note.empty", fault.Field("text"))
	}
	return in.change(ctx, by, id, "conversation.note", func(tx *db.Tx, c *Conversation) (string, error) {
		return "", insertNote(ctx, tx, *c, Note{ID: db.NewID(), By: by.ID, Text: pii.Mask(text).Text, At: in.Now()})
	})
}

// Close ends a conversation.
func (in *Inbox) Close(ctx context.Context, by identity.Actor, id ConversationID) error {
	return in.change(ctx, by, id, "conversation.close", func(_ *db.Tx, c *Conversation) (_ string, err error) {
		was := c.Status
		*c, err = c.Close()
		return string(was), err
	})
}

// Reopen takes a conversation up again, with a new clock from now.
func (in *Inbox) Reopen(ctx context.Context, by identity.Actor, id ConversationID) error {
	return in.change(ctx, by, id, "conversation.reopen", func(tx *db.Tx, c *Conversation) (_ string, err error) {
		if *c, err = c.Reopen(); err != nil {
			return "", err
		}
		return "", in.restart(ctx, tx, c)
	})
}

// restart begins the clock of a conversation now.
func (in *Inbox) restart(ctx context.Context, tx *db.Tx, c *Conversation) error {
	a, err := identity.AgencyByID(ctx, tx, c.Agency)
	if err != nil {
		return err
	}
	k, err := in.clock(a)
	if err != nil {
		return err
	}
	now := in.Now()
	if c.From.IsZero() {
		c.From = now
	}
	due := k.For(c.Class).Due(now, in.target(a, c.Class))
	if c.Due.IsZero() || due.Before(c.Due) {
		c.Due = due
	}
	return nil
}

// Escalation says that a conversation needs more than an answer.
type Escalation struct {
	Text       string // for colleagues
	LifeSafety bool   // somebody's life is in danger: the round-the-clock clock
}

// Priorities that a person gives; the first look's are moderation's.
const (
	escalated  = 900
	lifeSafety = 1000
)

// Escalate raises a conversation, with a word to colleagues.
func (in *Inbox) Escalate(ctx context.Context, by identity.Actor, id ConversationID, e Escalation) error {
	text := strings.TrimSpace(e.Text)
	if text == "" {
		return fault.New(fault.Invalid, "conversation.escalate.empty", fault.Field("text"))
	}
	return in.change(ctx, by, id, "conversation.escalate", func(tx *db.Tx, c *Conversation) (string, error) {
		c.Priority = max(c.Priority, escalated)
		if e.LifeSafety {
			c.Class, c.Priority = LifeSafety, lifeSafety
			if c.Status != Open {
				*c = c.reopen()
			}
			if err := in.restart(ctx, tx, c); err != nil {
				return "", err
			}
		}
		return string(c.Class), insertNote(ctx, tx, *c, Note{ID: db.NewID(), By: by.ID, Text: pii.Mask(text).Text, At: in.Now()})
	})
}
