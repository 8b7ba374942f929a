package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kentongan/internal/db"
	"kentongan/internal/identity"
)

// tabled is a count as the tables have it.
type tabled struct {
	Subject, Number, Clause, Place string
	Act                            Act
	By                             identity.PersonID
	N                              int64
}

// trailFact is an audit row that counts.
type trailFact struct {
	ID string
	trailRow
}

// Mismatch is a decision or an objection of which the trail and the tables
// tell different counts.
type Mismatch struct {
	Number        string // "MOD-2026-00042-K7QX"
	Subject       string // "decision/0192…"
	Trail, Tables string // "hidden 3.4 x person 3"; "" when it is not there
}

// CompareAccount counts everything twice, from the trail and from the tables,
// and returns how many subjects were compared and where they differ: the public
// account is made of the trail, so this proves it by what really happened.
func (m *Moderation) CompareAccount(ctx context.Context) (subjects int, all []Mismatch, err error) {
	trail, numbers := map[string][]Count{}, map[string]string{}
	for after := ""; ; {
		var rows []trailFact
		err := m.DB.View(ctx, func(tx *db.Tx) (err error) {
			rows, err = countedTrail(ctx, tx, after, 1000)
			return err
		})
		if err != nil {
			return 0, nil, err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			after = r.ID
			facts, _ := readFacts(r.Detail)
			numbers[r.Subject], _, _ = strings.Cut(r.Detail, " ")
			for _, f := range facts {
				trail[r.Subject] = append(trail[r.Subject], f.Count)
			}
		}
	}
	var rows []tabled
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = tabledCounts(ctx, tx)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	tables := tabledBySubject(rows, numbers)
	subjects, all = compareCounts(trail, tables)
	for i := range all {
		all[i].Number = numbers[all[i].Subject]
	}
	return subjects, all, nil
}

// tabledBySubject sorts what the tables count by its subject, and notes the
// case numbers.
func tabledBySubject(rows []tabled, numbers map[string]string) map[string][]Count {
	counts := map[string][]Count{}
	for _, r := range rows {
		c := Count{Measure: measureOf(r.Act, false), Clause: r.Clause, Place: r.Place, By: decidedBy(r.By), N: r.N}
		if r.Act == MeasureObjection {
			c.Measure, c.By = MeasureObjection, ByPerson
			if c.Place = OutcomeDenied; r.Place == ObjectionGranted {
				c.Place = OutcomeGranted
			}
		}
		counts[r.Subject], numbers[r.Subject] = append(counts[r.Subject], c), r.Number
	}
	return counts
}

// compareCounts names every subject of which two ledgers tell different things.
func compareCounts(trail, tables map[string][]Count) (subjects int, all []Mismatch) {
	seen := map[string]bool{}
	for _, ledger := range []map[string][]Count{trail, tables} {
		for s := range ledger {
			if seen[s] {
				continue
			}
			seen[s] = true
			a, b := addCounts(trail[s]), addCounts(tables[s])
			if !slices.Equal(a, b) {
				all = append(all, Mismatch{Subject: s, Trail: sayCounts(a), Tables: sayCounts(b)})
			}
		}
	}
	slices.SortFunc(all, func(a, b Mismatch) int { return strings.Compare(a.Subject, b.Subject) })
	return len(seen), all
}

func sayCounts(all []Count) (said string) {
	for i, c := range all {
		if i > 0 {
			said += "; "
		}
		said += fmt.Sprintf("%s %s %s %s %d", c.Measure, c.Clause, c.Place, c.By, c.N)
	}
	return said
}
