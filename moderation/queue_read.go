package moderation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// Case is a message in the moderators' queue.
type Case struct {
	inbox.Message
	Verdict Shown
	Copies  int64         // of the same text, this one included
	Author  inbox.Account // what the office has seen of who wrote it
	Claim   Claim         // who looks at it now; zero if nobody
}

// Holding narrows the queue by who looks at a case.
type Holding string

const (
	Anybody Holding = ""
	Free    Holding = "bebas"    // nobody else looks at it
	Taken   Holding = "dipegang" // another person does
)

// CaseQuery narrows the queue. After is the last case of the page above.
type CaseQuery struct {
	Label   Label
	Channel channel.ID
	Holding Holding
	After   inbox.MessageID
	Without []string // case keys that are left out
	Limit   int
}

func (q CaseQuery) flagged() inbox.FlaggedQuery {
	return inbox.FlaggedQuery{Label: string(q.Label), Channel: q.Channel, After: q.After, Except: q.Without, Limit: cmp.Or(q.Limit, 50)}
}

// Queue lists what moderators have not decided about, masked, by risk and age.
func (m *Moderation) Queue(ctx context.Context, by identity.Actor, after inbox.MessageID, limit int) ([]Case, error) {
	return m.Cases(ctx, by, CaseQuery{After: after, Limit: limit})
}

// Cases is Queue, narrowed.
func (m *Moderation) Cases(ctx context.Context, by identity.Actor, q CaseQuery) (all []Case, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		held, err := claims(ctx, tx, by.Agency, m.Now())
		if err != nil {
			return err
		}
		f := q.flagged()
		if f.After != "" {
			if f.AfterAt, err = inbox.QueuePlace(ctx, tx, by.Agency, f.After); err != nil {
				return err
			}
		}
		of := map[string]Claim{}
		others := []string{}
		for _, c := range held {
			of[c.Key] = c
			if c.By != by.ID {
				others = append(others, c.Key)
			}
		}
		switch q.Holding {
		case Free:
			f.Except = slices.Concat(f.Except, others)
		case Taken:
			f.Only = others
		}
		flagged, err := inbox.ListFlagged(ctx, tx, by.Agency, f)
		if err != nil {
			return err
		}
		var citizens []string
		for _, x := range flagged {
			citizens = append(citizens, x.Citizen)
		}
		authors, err := inbox.Accounts(ctx, tx, by.Agency, citizens)
		for _, x := range flagged {
			all = append(all, Case{Message: x.Message, Verdict: VerdictOf(x.Message), Copies: x.Copies, Author: authors[x.Citizen], Claim: of[x.CaseKey()]})
		}
		return err
	})
	return all, err
}

// Tallies are the figures below the queue: today's, of the whole office.
// Nobody's own figures are counted (DESIGN §6: people are not ranked).
type Tallies struct {
	Decided, Hidden, Kept, Reversed int64
	Median                          time.Duration // from arrival to decision; 0 without any
	// What waits in the other lists.
	Waiting, Proposals, Ratifications, Reviews, Escalations int64
}

// Today counts what was decided since the office's midnight, and what waits.
func (m *Moderation) Today(ctx context.Context, by identity.Actor) (t Tallies, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return t, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		y, mo, d := m.Now().In(a.Location()).Date()
		times, err := decidedSince(ctx, tx, by.Agency, time.Date(y, mo, d, 0, 0, 0, 0, a.Location()))
		if err != nil {
			return err
		}
		var waits []time.Duration
		for _, x := range times {
			if x.Act == Restore || x.Act == Unblock {
				t.Reversed++
				continue
			}
			if x.Act == Escalate { // passed on, not decided
				continue
			}
			t.Decided++
			switch x.Act {
			case Hide, Remove:
				t.Hidden++
			case Keep:
				t.Kept++
			}
			waits = append(waits, x.At.Sub(x.Received))
		}
		t.Median = median(waits)
		if t.Waiting, err = inbox.CountFlagged(ctx, tx, by.Agency); err != nil {
			return err
		}
		return countLists(ctx, tx, by, &t)
	})
	return t, err
}

func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	if n := len(all); n%2 == 0 {
		return (all[n/2-1] + all[n/2]) / 2
	}
	return all[len(all)/2]
}
