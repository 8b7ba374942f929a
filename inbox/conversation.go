package inbox

import (
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// Status is where a conversation stands.
type Status string

const (
	Open     Status = "open"     // a citizen waits
	Answered Status = "answered" // the last answer is published
	Closed   Status = "closed"   // nothing more to do
)

// Class decides which clock a conversation has.
type Class string

const (
	Normal     Class = "normal"
	LifeSafety Class = "life_safety" // round the clock, top of every list
)

// Conversation is what one citizen and we say below one thread.
type Conversation struct {
	ID         ConversationID
	Agency     identity.AgencyID
	Channel    channel.ID
	Thread     string
	Kind       platform.ItemKind
	Citizen    string // key
	Name       string // "W-7K3F"
	Summary    string // masked
	Origin     string // id of our post it is about; "" when it is not one of ours
	Status     Status
	Assignee   identity.PersonID
	Class      Class
	Priority   int64
	Labels     []string
	From       time.Time // the clock's start; zero until triage
	Due        time.Time
	AnsweredAt time.Time
	Spent      time.Duration // working time until the last answer
	LastAt     time.Time
	Revision   int64
	CreatedAt  time.Time
}

// history is how long before a channel was connected a message may have been
// written and still be work. Older ones are kept, but nobody is late with them.
const history = 24 * time.Hour

// isHistory says whether a message was there long before us.
func isHistory(ch channel.Channel, posted time.Time) bool {
	return posted.Before(ch.ConnectedAt.Add(-history))
}

// may refuses an actor who lacks the power. What belongs to another agency was
// not found before this is asked.
func may(by identity.Actor, p identity.Power) error {
	if !by.May(p, by.Agency) {
		return fault.New(fault.Denied, "inbox.no_power")
	}
	return nil
}

// reopen makes a citizen who writes again wait again.
func (c Conversation) reopen() Conversation {
	c.Status, c.From, c.Due, c.AnsweredAt, c.Spent = Open, time.Time{}, time.Time{}, time.Time{}, 0
	return c
}

// Close ends a conversation. One that waits may be closed too: a thank-you
// needs no answer; the reason is in the trail.
func (c Conversation) Close() (Conversation, error) {
	if c.Status == Closed {
		return c, fault.New(fault.Conflict, "conversation.already_closed")
	}
	c.Status = Closed
	return c, nil
}

// Reopen takes a conversation up again.
func (c Conversation) Reopen() (Conversation, error) {
	if c.Status == Open {
		return c, fault.New(fault.Conflict, "conversation.already_open")
	}
	return c.reopen(), nil
}

// View is one of the inbox's lists.
type View string

const (
	Unanswered View = "belum-dijawab"
	Mine       View = "milik-saya"
	NearDue    View = "hampir-lewat"
	Unassigned View = "belum-ditugaskan"
	Done       View = "selesai"
)

// Views in the order the page shows them.
var Views = [...]View{Unanswered, Mine, NearDue, Unassigned, Done}
