package moderation

import "strings"

// safety finds pleas of people in danger. It rather takes one too many: a
// person looks at each at once.
func (m *message) safety() (float64, []Reason) {
	if m.counts[inDanger] == 0 {
		return 0, nil
	}
	points := min(m.sums[inDanger], 5) + min(m.sums[inPlea], 2.5) - m.sums[inElsewhere]
	if points < 3 {
		return 0, nil
	}
	out := make([]Reason, 0, m.counts[inDanger]+m.counts[inPlea])
	out = m.reasons(out, SafetyPlea, RuleDanger, inDanger)
	return score(points), m.reasons(out, SafetyPlea, RulePlea, inPlea)
}

// intent gives what the citizen wants of us: an answer, a repair, a change, or
// nothing but to say thanks.
func (m *message) intent(v *Verdict) {
	m.wanted(v, want{Complaint, RuleComplaint, 1.5, 0}, inComplaint)
	if m.counts[inOffice] > 0 && m.sums[inBlame] >= 1.5 {
		m.wanted(v, want{Criticism, RuleCriticism, 2.5, 0}, inOffice, inBlame)
	}
	m.wanted(v, want{Thanks, RuleThanks, 1.5, 0}, inThanks)
	asks := 0.0
	if strings.IndexByte(m.folded.Text, '?') >= 0 {
		asks = 1.5
	}
	m.wanted(v, want{Question, RuleQuestion, 2, asks}, inQuestion)
	if m.counts[inQuestion] == 0 && asks > 0 && len(m.tokens) > 1 {
		last := int32(len(m.tokens) - 1)
		v.give(Question, 0.5, []Reason{m.reason(Question, RuleQuestion, last, last)})
	}
}

// want is a label, its rule, and from how many points it is given.
type want struct {
	label Label
	rule  Rule
	least float64
	extra float64 // points beside the words'
}

// wanted gives a label for the hits of some lists, if they weigh enough.
func (m *message) wanted(v *Verdict, w want, in ...list) {
	points, n := 0.0, 0
	for _, one := range in {
		points += m.sums[one]
		n += m.counts[one]
	}
	points = min(points, 6) + w.extra
	if n > 0 && points >= w.least {
		v.give(w.label, score(points+1), m.reasons(nil, w.label, w.rule, in...))
	}
}
