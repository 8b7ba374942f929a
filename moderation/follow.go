package moderation

import (
	"context"
	"slices"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// askedOf: acts that something is asked of a platform for.
func askedOf(a Act) bool { return a != Keep && a != Escalate && a != Warn }

// follow writes what comes of a decision beside the decision itself: the
// second look that it needs, the sample that it fell into, who was told, and
// the words by which it will be found again.
func (m *Moderation) follow(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, d Decision, all []inbox.Message) error {
	if o.Act == Escalate {
		return m.passOn(ctx, tx, by, o, d)
	}
	if o.Act == Warn && len(m.Objections.Notices) == 0 { // else plan tells, and refuses where there is no way
		if err := m.warn(ctx, tx, by, o, all); err != nil {
			return err
		}
	}
	if err := m.sample(ctx, tx, d); err != nil {
		return err
	}
	if !slices.Contains([]Act{Keep, Hide, Remove, Warn, Block}, o.Act) {
		return nil
	}
	return remember(ctx, tx, all[0])
}
