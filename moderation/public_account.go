package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// MonthAccount is what anybody may know of what an agency restricted in a
// month, and of what it took back. It holds no message, no citizen and no time
// finer than the month.
type MonthAccount struct {
	Name     string // "2026-11", on the agency's wall clock
	First    time.Time
	Running  bool // the month is not over
	Tables   []Table
	Decided  time.Duration // median from receiving a message to deciding to restrict it, by people
	Timely   bool          // Decided is told
	Heard    time.Duration // median from an objection to its decision
	HeardToo bool          // Heard is told
}

// Table is the month's table of one measure.
func (a MonthAccount) Table(measure string) Table {
	for _, t := range a.Tables {
		if t.Measure == measure {
			return t
		}
	}
	return Table{Measure: measure}
}

// Month is the month on the agency's wall clock that holds t.
func Month(t time.Time, zone *time.Location) (name string, first, next time.Time) {
	y, m, _ := t.In(zone).Date()
	first = time.Date(y, m, 1, 0, 0, 0, 0, zone)
	return first.Format("2006-01"), first, first.AddDate(0, 1, 0)
}

// Account is the public account of the month that holds t, counted from the
// trail alone. Anybody may read it.
func (m *Moderation) Account(ctx context.Context, agency identity.AgencyID, t time.Time) (a MonthAccount, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		of, err := identity.AgencyByID(ctx, tx, agency)
		if err != nil {
			return err
		}
		name, first, next := Month(t, of.Location())
		rows, err := trailFacts(ctx, tx, agency, first, next)
		if err != nil {
			return err
		}
		places, err := platformsOf(ctx, tx, agency)
		if err != nil {
			return err
		}
		policy, err := m.policyIn(ctx, tx, agency)
		if err != nil {
			return err
		}
		a = accountOf(factsOf(rows), clausesTold(policy), places)
		a.Name, a.First, a.Running = name, first, next.After(m.Now())
		return nil
	})
	return a, err
}

// Recount counts a month from the trail alone, before anything is covered. It
// is for checking, never for showing.
func (m *Moderation) Recount(ctx context.Context, agency identity.AgencyID, t time.Time) (all []Count, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		of, err := identity.AgencyByID(ctx, tx, agency)
		if err != nil {
			return err
		}
		_, first, next := Month(t, of.Location())
		rows, err := trailFacts(ctx, tx, agency, first, next)
		for _, f := range factsOf(rows) {
			all = append(all, f.Count)
		}
		all = addCounts(all)
		return err
	})
	return all, err
}

// AccountMark changes whenever something moved that the account shows since
// the month of t began.
func (m *Moderation) AccountMark(ctx context.Context, agency identity.AgencyID, t time.Time) (mark string, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		n, err := accountMark(ctx, tx, agency, t)
		mark = fmt.Sprint(n, m.Policy.ID())
		return err
	})
	return mark, err
}

func factsOf(rows []trailRow) (all []Fact) {
	for _, r := range rows {
		if facts, ok := readFacts(r.Detail); ok {
			all = append(all, facts...)
		}
	}
	return all
}

// clausesTold are the clauses that the account names even when nothing
// happened: those one may hide by, and those that protect, which stay at zero.
func clausesTold(p Policy) (all []string) {
	for _, c := range p.Clauses {
		if c.Allows(Hide) && slices.Contains(c.Acts, Hide) || c.Protected {
			all = append(all, c.Number)
		}
	}
	return all
}

// accountOf makes a month's account of its facts.
func accountOf(facts []Fact, clauses, places []string) (a MonthAccount) {
	var counts []Count
	var decided, heard []time.Duration
	for _, f := range facts {
		counts = append(counts, f.Count)
		switch {
		case f.Measure == MeasureHidden && f.By == ByPerson:
			decided = append(decided, f.Waited)
		case f.Measure == MeasureObjection:
			heard = append(heard, f.Waited)
		}
	}
	for _, measure := range measures() {
		where := places
		if measure == MeasureObjection {
			where = []string{OutcomeGranted, OutcomeDenied}
		}
		a.Tables = append(a.Tables, Publish(measure, counts, clauses, where))
	}
	a.Decided, a.Timely = Median(decided)
	a.Heard, a.HeardToo = Median(heard)
	return a
}

// decisionFacts is what the trail tells of a decision that came to an end, or
// of the part of it that only names: empty when it changes nothing for a
// citizen.
func (m *Moderation) decisionFacts(ctx context.Context, tx *db.Tx, d Decision, only []target) (string, error) {
	after := false
	if d.Act == Restore {
		var err error
		if after, err = afterObjection(ctx, tx, d.ID); err != nil {
			return "", err
		}
	}
	measure := measureOf(d.Act, after)
	if measure == "" {
		return "", nil
	}
	reached, err := touchedBy(ctx, tx, d.ID)
	if err != nil {
		return "", err
	}
	part := map[inbox.MessageID]bool{}
	for _, t := range only {
		part[t.Message] = true
	}
	sums := map[Count]Fact{}
	for _, t := range reached {
		if len(only) > 0 && !part[t.Message] {
			continue
		}
		k := Count{Measure: measure, Clause: t.Clause, Place: t.Platform, By: decidedBy(d.By)}
		f := sums[k]
		f.Count, f.Waited = k, max(f.Waited, d.At.Sub(t.ReceivedAt))
		f.N = sums[k].N + 1
		sums[k] = f
	}
	var all []Fact
	for _, f := range sums {
		all = append(all, f)
	}
	return spaced(writeFacts(all)), nil
}

func decidedBy(id identity.PersonID) string {
	if strings.HasPrefix(string(id), "system:") {
		return ByProgram
	}
	return ByPerson
}

// spaced puts a space before what is there.
func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// objectionFacts is what the trail tells of an objection that was decided.
func objectionFacts(d Decision, outcome string, waited time.Duration) string {
	place := OutcomeDenied
	if outcome == ObjectionGranted {
		place = OutcomeGranted
	}
	return spaced(writeFacts([]Fact{{Count: Count{Measure: MeasureObjection, Clause: d.Clause, Place: place, By: ByPerson, N: 1}, Waited: waited}}))
}
