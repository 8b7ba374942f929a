package inbox

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// TakenBack lets the clock run on from where it began: the answer that stopped
// it was taken back. others are the published answers that stand, in the order
// of their publication: one that was written since the clock began has stopped
// it instead.
func (in *Inbox) TakenBack(ctx context.Context, tx *db.Tx, r Reply, others []Reply) (Conversation, error) {
	c, err := lockConversation(ctx, tx, r.Conversation)
	if err != nil {
		return c, err
	}
	b, stopped, err := stoppedBy(ctx, tx, r.ID)
	if err != nil {
		return c, err
	}
	if !stopped {
		b = begun{c.From, c.Due}
	}
	if err := dropResponse(ctx, tx, r.ID); err != nil {
		return c, err
	}
	var stand []Reply
	for _, o := range others {
		if !o.CreatedAt.Before(b.from) {
			stand = append(stand, o)
		}
	}
	if len(stand) > 0 {
		return in.answeredInstead(ctx, tx, c, r, b, stand)
	}
	if c.Status != Open {
		c.Status, c.AnsweredAt, c.Spent = Open, time.Time{}, 0
		c.From, c.Due = b.from, b.due
		return c, SaveConversation(ctx, tx, c)
	}
	// She wrote again meanwhile: now she waits since her first word.
	if stopped && (c.From.IsZero() || b.from.Before(c.From)) {
		c.From = b.from
		if c.Due.IsZero() || b.due.Before(c.Due) {
			c.Due = b.due
		}
	}
	return c, SaveConversation(ctx, tx, c)
}

// answeredInstead gives the stopped clock to the first answer that stands.
func (in *Inbox) answeredInstead(ctx context.Context, tx *db.Tx, c Conversation, r Reply, b begun, stand []Reply) (Conversation, error) {
	a, err := identity.AgencyByID(ctx, tx, c.Agency)
	if err != nil {
		return c, err
	}
	k, err := in.clock(a)
	if err != nil {
		return c, err
	}
	first, last := stand[0], stand[len(stand)-1]
	if !b.from.IsZero() {
		waited := c
		waited.From, waited.Due, waited.Spent = b.from, b.due, k.For(c.Class).Spent(b.from, first.PublishedAt)
		if err := insertResponse(ctx, tx, waited, first, first.PublishedAt); err != nil {
			return c, err
		}
		if c.Status != Open && c.From.Equal(b.from) {
			c.Spent = waited.Spent
		}
	}
	if c.Status != Open && c.AnsweredAt.Equal(r.PublishedAt) {
		c.AnsweredAt = last.PublishedAt
	}
	return c, SaveConversation(ctx, tx, c)
}
