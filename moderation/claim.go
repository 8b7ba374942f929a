package moderation

import (
	"context"
	"slices"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// claimLease is how long a case stays with the person who opened it, from the
// last time they did something with it.
const claimLease = 10 * time.Minute

// Claim says who looks at a case. Identical copies are one case.
type Claim struct {
	Key   string
	By    identity.PersonID
	At    time.Time
	Until time.Time
}

// Held says whether somebody else holds the case.
func (c Claim) Held(by identity.PersonID, now time.Time) bool {
	return c.By != "" && c.By != by && c.Until.After(now)
}

// Open takes a case for the person who looks at it, and gives back whatever
// else they held. When another person holds it, it may be read, and says who.
func (m *Moderation) Open(ctx context.Context, by identity.Actor, id inbox.MessageID) (c Claim, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Moderate, by.Agency) {
			return fault.New(fault.Denied, "decision.not_moderator")
		}
		now := m.Now()
		c = Claim{Key: msg.CaseKey(), By: by.ID, At: now, Until: now.Add(claimLease)}
		mine, fresh, err := takeClaim(ctx, tx, by.Agency, c)
		if err != nil {
			return err
		}
		if fresh || !mine {
			if err := m.exposed(ctx, tx, by, msg); err != nil {
				return err
			}
		}
		if !mine {
			c, err = loadClaim(ctx, tx, by.Agency, c.Key)
			return err
		}
		return m.giveBack(ctx, tx, by, c.Key)
	})
	return c, err
}

// Next takes the first case by risk that nobody holds; "" when none is left.
// Whoever holds a case already keeps it.
func (m *Moderation) Next(ctx context.Context, by identity.Actor, q CaseQuery) (id inbox.MessageID, err error) {
	if !by.May(identity.Moderate, by.Agency) {
		return "", fault.New(fault.Denied, "decision.not_moderator")
	}
	for {
		again := false
		err = m.DB.Update(ctx, func(tx *db.Tx) error {
			id, again, err = m.next(ctx, tx, by, q)
			return err
		})
		if err != nil || !again {
			return id, err
		}
	}
}

// next tries the first free case, or the one that the person holds already. The
// list was read a moment ago, so the claim repeats its guard; and a case may
// have been decided while the claim waited for another's commit, so that is
// asked again after it. One case for each transaction: nobody waits in a ring.
func (m *Moderation) next(ctx context.Context, tx *db.Tx, by identity.Actor, q CaseQuery) (id inbox.MessageID, again bool, err error) {
	now := m.Now()
	held, err := claims(ctx, tx, by.Agency, now)
	if err != nil {
		return "", false, err
	}
	f := q.flagged()
	f.Limit, f.Except = 1, slices.Clone(q.Without)
	var own []string
	for _, c := range held {
		if c.By == by.ID && !slices.Contains(q.Without, c.Key) {
			own = append(own, c.Key)
		} else {
			f.Except = append(f.Except, c.Key)
		}
	}
	mine := f
	mine.Only = slices.Concat(own, []string{""})
	all, err := inbox.ListFlagged(ctx, tx, by.Agency, mine)
	if err == nil && len(all) == 0 {
		all, err = inbox.ListFlagged(ctx, tx, by.Agency, f)
	}
	if err != nil || len(all) == 0 {
		return "", false, err
	}
	x := all[0]
	took, fresh, err := takeClaim(ctx, tx, by.Agency, Claim{Key: x.CaseKey(), By: by.ID, At: now, Until: now.Add(claimLease)})
	if err != nil || !took {
		return "", true, err
	}
	_, open, err := inbox.FlaggedMessage(ctx, tx, by.Agency, x.ID)
	if err != nil {
		return "", false, err
	}
	if !open {
		return "", true, dropClaim(ctx, tx, by.Agency, x.CaseKey(), by.ID)
	}
	if fresh {
		if err := m.exposed(ctx, tx, by, x.Message); err != nil {
			return "", false, err
		}
	}
	return x.ID, false, m.giveBack(ctx, tx, by, x.CaseKey())
}

// giveBack returns everything a person held but one case, and tells the open
// lists of it.
func (m *Moderation) giveBack(ctx context.Context, tx *db.Tx, by identity.Actor, except string) error {
	if err := dropClaims(ctx, tx, by.Agency, by.ID, except); err != nil {
		return err
	}
	return live.Tell(ctx, tx, by.Agency, "decision", "claim/"+except)
}

// Leave gives back every case that a person held.
func (m *Moderation) Leave(ctx context.Context, by identity.Actor) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error { return m.giveBack(ctx, tx, by, "") })
}

// hold takes the cases of an order for as long as its transaction runs. What
// another person holds is refused, so nobody decides under another's hands.
func (m *Moderation) hold(ctx context.Context, tx *db.Tx, by identity.Actor, ids []inbox.MessageID) error {
	keys, err := m.keys(ctx, tx, by, ids)
	if err != nil {
		return err
	}
	now := m.Now()
	for _, key := range keys {
		mine, _, err := takeClaim(ctx, tx, by.Agency, Claim{Key: key, By: by.ID, At: now, Until: now.Add(claimLease)})
		if err != nil {
			return err
		}
		if !mine {
			return m.heldBy(ctx, tx, by, key)
		}
	}
	return nil
}

func (m *Moderation) heldBy(ctx context.Context, tx *db.Tx, by identity.Actor, key string) error {
	c, err := loadClaim(ctx, tx, by.Agency, key)
	if err != nil {
		return err
	}
	p, err := identity.PersonByID(ctx, tx, c.By)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "decision.held", fault.Arg("name", p.Name))
}

// keys are the cases of messages, in the one order in which everybody takes
// them: two large orders at once do not wait for each other forever.
func (m *Moderation) keys(ctx context.Context, tx *db.Tx, by identity.Actor, ids []inbox.MessageID) (keys []string, err error) {
	for _, id := range ids {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return nil, err
		}
		keys = append(keys, msg.CaseKey())
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

func (m *Moderation) release(ctx context.Context, tx *db.Tx, by identity.Actor, all []inbox.Message) error {
	for _, msg := range all {
		if err := dropClaim(ctx, tx, by.Agency, msg.CaseKey(), by.ID); err != nil {
			return err
		}
	}
	return nil
}
