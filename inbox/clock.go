package inbox

import (
	"cmp"
	"context"
	"strings"
	"time"

	"kentongan/configs"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// Urgency is what the first look says about a conversation.
type Urgency struct {
	Class    Class
	Priority int64
	Labels   []string
}

// target is how long a citizen of this class may wait.
func (in *Inbox) target(a identity.Agency, c Class) time.Duration {
	if c == LifeSafety {
		return cmp.Or(in.LifeSafety, 15*time.Minute)
	}
	return a.Answer
}

// clock is the agency's own, with its calendar and hours.
func (in *Inbox) clock(a identity.Agency) (Clock, error) {
	hours, err := ReadHours(a.Hours)
	if err != nil {
		return Clock{}, err
	}
	return NewClock(in.Calendar, Terms{Zone: a.Zone, Hours: hours})
}

// ReadHours reads an agency's own working week as it is stored:
// "mon-thu 07:30-12:00 12:30-16:00; fri 07:30-11:30 13:00-16:30". "" is a week
// without hours: then those of the calendar hold.
func ReadHours(s string) (Hours, error) {
	var h Hours
	names := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	weekday := func(name string) int {
		for i, n := range names {
			if n == name {
				return i
			}
		}
		return -1
	}
	for part := range strings.SplitSeq(s, ";") {
		words := strings.Fields(strings.ToLower(part))
		if len(words) == 0 {
			continue
		}
		first, last, ranged := strings.Cut(words[0], "-")
		from, to := weekday(first), weekday(first)
		if ranged {
			to = weekday(last)
		}
		if from < 0 || to < from {
			return Hours{}, fault.New(fault.Invalid, "calendar.wrong", fault.Field("hours"), fault.Arg("field", words[0]))
		}
		for _, w := range words[1:] {
			a, b, ok := configs.ParseStretch(w)
			if !ok || b <= a {
				return Hours{}, fault.New(fault.Invalid, "calendar.wrong", fault.Field("hours"), fault.Arg("field", w))
			}
			for d := from; d <= to; d++ {
				h[d] = append(h[d], Stretch{From: a, To: b})
			}
		}
	}
	return h, nil
}

// StartClock lets the first look at a message act on its conversation: labels
// are added, urgency only rises, and a waiting citizen's clock starts with the
// arrival of the message.
func (in *Inbox) StartClock(ctx context.Context, tx *db.Tx, m Message, u Urgency) (Conversation, error) {
	c, err := lockConversation(ctx, tx, m.Conversation)
	if err != nil {
		return c, err
	}
	a, err := identity.AgencyByID(ctx, tx, c.Agency)
	if err != nil {
		return c, err
	}
	k, err := in.clock(a)
	if err != nil {
		return c, err
	}
	c = c.raise(u)
	if c.Status == Open && m.DeletedAt.IsZero() {
		if c.From.IsZero() {
			c.From = m.ReceivedAt
		}
		due := k.For(c.Class).Due(m.ReceivedAt, in.target(a, c.Class))
		if c.Due.IsZero() || due.Before(c.Due) {
			c.Due = due
		}
	}
	return c, SaveConversation(ctx, tx, c)
}

// raise adds what a look found; a later harmless message takes nothing away.
func (c Conversation) raise(u Urgency) Conversation {
	c.Priority = max(c.Priority, u.Priority)
	if u.Class == LifeSafety {
		c.Class = LifeSafety
	}
	c.Labels = union(c.Labels, u.Labels)
	return c
}

func union(have, more []string) []string {
	all := append([]string{}, have...)
	known := map[string]bool{}
	for _, s := range have {
		known[s] = true
	}
	for _, s := range more {
		if !known[s] {
			known[s] = true
			all = append(all, s)
		}
	}
	return all
}

// StopClock records that an answer is published, at the platform's time. Only
// this stops a clock: an answer that is written, signed or on its way does
// not. When the citizen wrote again meanwhile, the next clock runs already.
func (in *Inbox) StopClock(ctx context.Context, tx *db.Tx, r Reply, at time.Time) (Conversation, error) {
	c, err := lockConversation(ctx, tx, r.Conversation)
	if err != nil {
		return c, err
	}
	a, err := identity.AgencyByID(ctx, tx, c.Agency)
	if err != nil {
		return c, err
	}
	k, err := in.clock(a)
	if err != nil {
		return c, err
	}
	if !c.From.IsZero() && c.AnsweredAt.IsZero() {
		c.Spent = k.For(c.Class).Spent(c.From, at)
		if err := insertResponse(ctx, tx, c, r, at); err != nil {
			return c, err
		}
	}
	next, err := firstAfter(ctx, tx, c.ID, r.CreatedAt)
	if err != nil {
		return c, err
	}
	switch {
	case c.Status != Open:
		c.AnsweredAt = at
	case next.IsZero():
		c.Status, c.AnsweredAt = Answered, at
	default:
		c.From, c.Due = next, k.For(c.Class).Due(next, in.target(a, c.Class))
	}
	return c, SaveConversation(ctx, tx, c)
}

// Undelivered lets the clock run on from where it began: the answer that
// stopped it did not arrive. The citizen still waits.
func (in *Inbox) Undelivered(ctx context.Context, tx *db.Tx, r Reply) (Conversation, error) {
	c, err := lockConversation(ctx, tx, r.Conversation)
	if err != nil {
		return c, err
	}
	if err := dropResponse(ctx, tx, r.ID); err != nil {
		return c, err
	}
	if c.Status == Open || !c.AnsweredAt.Equal(r.PublishedAt) {
		return c, nil // it waits already, or another answer arrived
	}
	c.Status, c.AnsweredAt, c.Spent = Open, time.Time{}, 0
	return c, SaveConversation(ctx, tx, c)
}
