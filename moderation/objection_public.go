package moderation

import (
	"context"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// PublicCase is a decision as anybody may see it who knows its number. It holds
// no word of the message, no channel, no name and no hour: a number is passed
// on, and must not tell whose comment it is about.
type PublicCase struct {
	Number    string
	Act       Act
	State     string // of the decision
	Clause    string
	Policy    string
	Reason    string // the office's own words, masked
	At        time.Time
	Automatic bool  // a rule did it that an office had switched on
	InSway    bool  // it still holds
	Cannot    error // why no objection can be made now; nil when one can
	Window    Running
	Timed     bool        // there is a time limit to object
	Objection *PublicPlea // the latest; nil when nobody has objected
}

// PublicPlea is an objection as anybody may see it: not what was written.
type PublicPlea struct {
	State     string
	FiledAt   time.Time
	Clock     Running
	Timed     bool
	DecidedAt time.Time
	Reason    string
	Clause    string // the right one, when it was granted in part
	Undoing   string // where taking the act back stands: "", waiting, done, failed or by_hand
	Voices    int64  // how many wrote
}

// Case shows a decision to anybody who knows its number.
func (m *Moderation) Case(ctx context.Context, slug, number string) (c PublicCase, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyBySlug(ctx, tx, slug)
		if err != nil {
			return err
		}
		clean, ok := ReadNumber(number)
		if !ok {
			return fault.New(fault.NotFound, "objection.case_unknown")
		}
		d, err := openCase(ctx, tx, a.ID, clean)
		if err != nil {
			return err
		}
		c, err = m.public(ctx, tx, a, d)
		return err
	})
	return c, err
}

func (m *Moderation) public(ctx context.Context, tx *db.Tx, a identity.Agency, d Decision) (c PublicCase, err error) {
	s, _, err := m.stand(ctx, tx, a, d)
	if err != nil {
		return c, err
	}
	c = PublicCase{
		Number: d.Number, Act: d.Act, State: d.State, Clause: d.Clause, Policy: d.Policy, Reason: masked(d.Reason), At: d.At,
		Automatic: d.By.System(), InSway: s.InSway > 0, Cannot: s.check(m.Now()), Window: s.Window, Timed: s.Timed,
	}
	all, err := objectionsTo(ctx, tx, d.ID)
	if err != nil || len(all) == 0 {
		return c, err
	}
	o := all[0]
	c.Objection = &PublicPlea{State: o.State, FiledAt: o.FiledAt, Clock: o.Clock, Timed: o.Timed, DecidedAt: o.DecidedAt, Reason: o.Reason, Clause: o.Clause}
	if c.Objection.Voices, err = countWords(ctx, tx, o.ID); err != nil || o.UndoneBy == "" {
		return c, err
	}
	back, err := LoadDecision(ctx, tx, a.ID, o.UndoneBy)
	c.Objection.Undoing = back.State
	return c, err
}
