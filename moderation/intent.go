package moderation

import (
	"strings"
)

// safety finds pleas of people in danger. It rather takes one too many: a
// person looks at each at once.
func (c *Classifier) safety(m message) (float64, []Reason) {
	danger, plea := m.find(c.danger), m.find(c.plea)
	if len(danger) == 0 {
		return 0, nil
	}
	points := min(sum(danger), 5) + min(sum(plea), 2.5) - sum(m.find(c.elsewhere))
	if points < 3 {
		return 0, nil
	}
	var reasons []Reason
	for _, h := range danger {
		reasons = append(reasons, m.reason(SafetyPlea, RuleDanger, h.first, h.last))
	}
	for _, h := range plea {
		reasons = append(reasons, m.reason(SafetyPlea, RulePlea, h.first, h.last))
	}
	return score(points), reasons
}

// intent gives what the citizen wants of us: an answer, a repair, a change, or
// nothing but to say thanks.
func (c *Classifier) intent(m message, give func(Label, float64, []Reason)) {
	words := func(l Label, r Rule, threshold, extra float64, hits []hit) {
		points := min(sum(hits), 6) + extra
		if len(hits) == 0 || points < threshold {
			return
		}
		var reasons []Reason
		for _, h := range hits {
			reasons = append(reasons, m.reason(l, r, h.first, h.last))
		}
		give(l, score(points+1), reasons)
	}
	words(Complaint, RuleComplaint, 1.5, 0, m.find(c.complaint))
	office, blame := m.find(c.office), m.find(c.blame)
	if len(office) > 0 && sum(blame) >= 1.5 {
		words(Criticism, RuleCriticism, 2.5, 0, append(office, blame...))
	}
	words(Thanks, RuleThanks, 1.5, 0, m.find(c.thanks))
	asks := 0.0
	if strings.ContainsAny(m.folded.Text, "?") {
		asks = 1.5
	}
	questions := m.find(c.question)
	words(Question, RuleQuestion, 2, asks, questions)
	if len(questions) == 0 && asks > 0 && len(m.tokens) > 1 {
		last := len(m.tokens) - 1
		give(Question, 0.5, []Reason{m.reason(Question, RuleQuestion, last, last)})
	}
}
