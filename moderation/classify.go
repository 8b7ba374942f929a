package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/pii"
	"kentongan/internal/text"
)

// Classifier takes the first look at messages. One serves everybody.
type Classifier struct {
	words    *lexicon
	messages *pool
	learned  *learned // nil: the rules alone
}

// NewClassifier reads the word lists.
func NewClassifier() *Classifier {
	return &Classifier{words: newLexicon(), messages: &pool{}}
}

// Classify looks at one message. Suggestion is left to the agency's policy.
func (c *Classifier) Classify(s string) Verdict {
	m := c.messages.take(s)
	defer c.messages.give(m)
	m.scan(c.words)
	v := Verdict{Scores: map[Label]float64{}, PII: pii.FindIn(m.folded), Language: text.Language(m.tokens)}
	if points, reasons := m.safety(); points > 0 {
		v.give(SafetyPlea, points, reasons)
	}
	v.personal()
	m.plain(v.PII)
	spam, reasons := m.gambling()
	v.give(Gambling, spam, reasons)
	fraud, reasons := m.fraud(v.PII)
	v.give(Fraud, fraud, reasons)
	abuse, reasons := m.abuse()
	v.give(Abusive, abuse, reasons)
	if spam == 0 && fraud == 0 {
		m.intent(&v)
	}
	if c.learned != nil && len(m.tokens) > 0 {
		c.learned.read(m, &v)
	}
	v.settle()
	v.Speaks = m.counts[inComplaint]+m.counts[inOffice]+m.counts[inBlame] > 1 || m.counts[inReport] > 0
	v.Priority = priority(v)
	return v
}

// plain takes the shape from words that are part of a person's data: a name
// with two digits in an address of mail is no brand.
func (m *message) plain(found []pii.Found) {
	first := 0 // token that the next finding can touch: both lists are in order
	for _, f := range found {
		if f.Kind != pii.Email && f.Kind != pii.Address && f.Kind != pii.Plate {
			continue
		}
		for first < len(m.tokens) && m.tokens[first].Span.End <= f.Start {
			first++
		}
		for i := first; i < len(m.tokens) && m.tokens[i].Span.Start < f.End; i++ {
			m.shapes[i] = 0
		}
	}
}

// settle brings the labels given and the grades together.
func (v *Verdict) settle() {
	if spam := v.Has(Gambling) || v.Has(Fraud); spam {
		v.unask()
	}
	best := float32(0)
	for l, given := range v.Scores {
		i := place(l)
		if i < 0 {
			continue
		}
		v.Grades[i] = max(v.Grades[i], float32(given))
		if i < firstIntent || i >= afterIntent {
			continue
		}
		if v.Grades[i] > best || v.Grades[i] == best && l < v.Intent {
			best, v.Intent = v.Grades[i], l
		}
	}
}

// unask takes the intents back: what spam asks for is no question.
func (v *Verdict) unask() {
	labels := GradedLabels()
	for i := firstIntent; i < afterIntent; i++ {
		delete(v.Scores, labels[i])
		v.Grades[i] = 0
	}
	v.Reasons = slices.DeleteFunc(v.Reasons, func(r Reason) bool { return !v.Has(r.Label) })
}

// give adds a label with its reasons.
func (v *Verdict) give(l Label, score float64, reasons []Reason) {
	if score > 0 {
		v.Scores[l] = score
		v.Reasons = append(v.Reasons, reasons...)
	}
}

// personal gives the label for what was found.
func (v *Verdict) personal() {
	if len(v.PII) == 0 {
		return
	}
	best := 0.7
	reasons := make([]Reason, 0, len(v.PII))
	for _, f := range v.PII {
		if f.Certainty == pii.Sure {
			best = 0.95
		}
		reasons = append(reasons, Reason{PersonalData, RulePII, f.Start, f.End})
	}
	v.give(PersonalData, best, reasons)
}

// fraud finds false prizes, aid and loans.
func (m *message) fraud(found []pii.Found) (float64, []Reason) {
	if m.counts[inFraud] == 0 || m.sums[inReport] > 0 {
		return 0, nil
	}
	strong := false
	for h := range m.of(inFraud) {
		strong = strong || h.weight >= 1.5
	}
	if !strong {
		return 0, nil
	}
	points := min(m.sums[inFraud], 6)
	reasons := m.reasons(nil, Fraud, RuleFraudWord, inFraud)
	for _, link := range shortLinks() {
		if i := strings.Index(m.folded.Text, link); i >= 0 {
			points += 1.5
			p := m.folded.Span(i, i+len(link))
			reasons = append(reasons, Reason{Fraud, RuleFraudLink, p.Start, p.End})
		}
	}
	for _, f := range found {
		if f.Kind == pii.Phone || f.Kind == pii.Bank {
			points += 0.8
		}
	}
	if points < 3.5 {
		return 0, nil
	}
	return score(points), reasons
}

// abuse finds gross words, and coarse ones aimed at somebody. Whether they aim
// at a person or at a policy is for a person to judge.
func (m *message) abuse() (float64, []Reason) {
	if m.counts[inGross]+m.counts[inCoarse]+m.counts[inMild] == 0 {
		return 0, nil
	}
	var reasons []Reason
	points := 0.0
	for h := range m.of(inGross) {
		points += 4 + h.weight
		reasons = append(reasons, m.reason(Abusive, RuleAbuseWord, h.first, h.last))
	}
	for h := range m.of(inCoarse) {
		points = max(points, h.weight)
		reasons = append(reasons, m.reason(Abusive, RuleAbuseCoarse, h.first, h.last))
	}
	for h := range m.of(inMild) {
		for t := range m.of(inAimed) {
			if beside(t, h, 1) {
				points += h.weight + 2
				reasons = append(reasons, m.reason(Abusive, RuleAbuseAimed, min(t.first, h.first), max(t.last, h.last)))
				break
			}
		}
	}
	if points == 0 {
		return 0, nil
	}
	return score(points), reasons
}

// beside: at most n other words between the two.
func beside(a, b hit, n int32) bool {
	return b.first-a.last-1 <= n && a.first-b.last-1 <= n
}

func shortLinks() []string {
	return []string{"bit.ly", "s.id/", "tinyurl", "wa.me", "blogspot", "t.me/", "cutt.ly", "linktr.ee", "shorturl"}
}

// linked: the message leads somewhere else.
func (m *message) linked() bool {
	return strings.Contains(m.folded.Text, "http") || strings.Contains(m.folded.Text, "www.") || strings.Contains(m.folded.Text, ".com") ||
		slices.ContainsFunc(shortLinks(), func(l string) bool { return strings.Contains(m.folded.Text, l) })
}
