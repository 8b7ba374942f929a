package moderation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// Waiting is how many messages wait for a moderator.
func (m *Moderation) Waiting(ctx context.Context, by identity.Actor) (n int64, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return 0, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		n, err = inbox.CountFlagged(ctx, tx, by.Agency)
		return err
	})
	return n, err
}

// Decisions lists the agency's decisions, the latest first.
func (m *Moderation) Decisions(ctx context.Context, by identity.Actor, before DecisionID, limit int) (all []Decision, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = listDecisions(ctx, tx, by.Agency, before, cmp.Or(limit, 50))
		return err
	})
	return all, err
}

// DecisionsOn lists what was decided about one message, the latest first.
func (m *Moderation) DecisionsOn(ctx context.Context, by identity.Actor, id inbox.MessageID) (all []Decision, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := inbox.LoadMessage(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if !by.May(identity.ReadInbox, by.Agency) {
			return fault.New(fault.Denied, "inbox.no_power")
		}
		all, err = decisionsOn(ctx, tx, by.Agency, id)
		return err
	})
	return all, err
}

// PublicCount is one line of what anybody may see: a month, a platform, a
// clause. It holds no message and no citizen; small numbers are blurred where
// they are shown.
type PublicCount struct {
	Month    string // "2026-11", on the agency's wall clock
	Platform string
	Clause   string
	Hidden   int64
	Restored int64
}

// Transparency counts what an agency hid and showed again, by month, platform
// and clause, the latest month first. Anybody may read it.
func (m *Moderation) Transparency(ctx context.Context, agency identity.AgencyID, since time.Time) (all []PublicCount, err error) {
	var rows []counted
	var a identity.Agency
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		if a, err = identity.AgencyByID(ctx, tx, agency); err != nil {
			return err
		}
		rows, err = countDecisions(ctx, tx, agency, since)
		return err
	})
	if err != nil {
		return nil, err
	}
	sums := map[PublicCount]PublicCount{}
	for _, r := range rows {
		key := PublicCount{Month: r.At.In(a.Location()).Format("2006-01"), Platform: r.Platform, Clause: r.Clause}
		c, ok := sums[key]
		if !ok {
			c = key
		}
		if r.Act != Restore {
			c.Hidden += r.N
		} else {
			c.Restored += r.N
		}
		sums[key] = c
	}
	for _, c := range sums {
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y PublicCount) int {
		return cmp.Or(cmp.Compare(y.Month, x.Month), cmp.Compare(x.Clause, y.Clause), cmp.Compare(x.Platform, y.Platform))
	})
	return all, nil
}
