package moderation

import (
	"slices"
	"strings"

	"kentongan/configs"
	"kentongan/publisher"
)

// What became of a clause from one version of a policy to the next.
const (
	ClauseAdded   = "added"
	ClauseRemoved = "removed"
	ClauseChanged = "changed"
)

// ClauseChange is one clause that two versions do not share word by word.
type ClauseChange struct {
	Number string
	Title  configs.Words // as it is read in the later version that has it
	Kind   string
	Parts  []PartChange
}

// PartChange is a part of a clause, compared word by word.
type PartChange struct {
	What string // "title", "text", "basis", "severity", "acts", "covered", "not_covered", "protected"
	Ops  []publisher.Op
}

// ComparePolicies lists the clauses that differ between two versions in a
// language, in their order: first those of the later one, then what it dropped.
func ComparePolicies(before, after Policy, language string) (all []ClauseChange) {
	for _, c := range after.Clauses {
		was, known := before.Clause(c.Number)
		kind := ClauseChanged
		if !known {
			kind = ClauseAdded
		}
		if parts := compareClause(was, c, language); len(parts) > 0 {
			all = append(all, ClauseChange{c.Number, c.Title, kind, parts})
		}
	}
	for _, c := range before.Clauses {
		if _, kept := after.Clause(c.Number); !kept {
			all = append(all, ClauseChange{c.Number, c.Title, ClauseRemoved, compareClause(c, Clause{}, language)})
		}
	}
	return all
}

func compareClause(was, is Clause, language string) (parts []PartChange) {
	a, b := clauseParts(was, language), clauseParts(is, language)
	for i := range a {
		if a[i][1] != b[i][1] {
			parts = append(parts, PartChange{a[i][0], publisher.Diff(a[i][1], b[i][1])})
		}
	}
	return parts
}

// clauseParts are a clause's parts as somebody reads them, in one order.
func clauseParts(c Clause, language string) [][2]string {
	var acts, covered, outside []string
	for _, a := range c.Acts {
		acts = append(acts, string(a))
	}
	slices.Sort(acts)
	for _, w := range c.Examples.Covered {
		covered = append(covered, w.In(language))
	}
	for _, w := range c.Examples.NotCovered {
		outside = append(outside, w.In(language))
	}
	protected := ""
	if c.Protected {
		protected = "protected"
	}
	return [][2]string{
		{"title", c.Title.In(language)}, {"text", c.Text.In(language)}, {"basis", c.Basis.In(language)}, {"severity", c.Severity},
		{"acts", strings.Join(acts, ", ")}, {"covered", strings.Join(covered, "\n")}, {"not_covered", strings.Join(outside, "\n")}, {"protected", protected},
	}
}
