package moderation

import (
	"strings"

	"kentongan/internal/pii"
)

// Classifier is the first rule set. It keeps no state; one serves everybody.
type Classifier struct {
	gamblingWords, gamblingReport lexicon
	fraudWords                    lexicon
	abuseGross, abuseCoarse       lexicon
	abuseMild, aimed              lexicon
	danger, plea, elsewhere       lexicon
	complaint, office, blame      lexicon
	thanks, question              lexicon
}

// NewClassifier reads the word lists.
func NewClassifier() *Classifier {
	return &Classifier{
		gamblingWords: parseLexicon(gamblingWords), gamblingReport: parseLexicon(gamblingReport),
		fraudWords: parseLexicon(fraudWords),
		abuseGross: parseLexicon(abuseGross), abuseCoarse: parseLexicon(abuseCoarse), abuseMild: parseLexicon(abuseMild), aimed: parseLexicon(aimed),
		danger: parseLexicon(dangerWords), plea: parseLexicon(pleaWords), elsewhere: parseLexicon(safetyElsewhere),
		complaint: parseLexicon(complaintWords), office: parseLexicon(officeWords), blame: parseLexicon(blameWords),
		thanks: parseLexicon(thanksWords), question: parseLexicon(questionWords),
	}
}

// Classify looks at one message. Suggestion is left to the agency's policy.
func (c *Classifier) Classify(s string) Verdict {
	m := prepare(s)
	v := Verdict{Scores: map[Label]float64{}, PII: pii.FindIn(m.folded), CopyKey: m.folded.CopyKey(m.tokens)}
	give := func(l Label, score float64, reasons []Reason) {
		if score > 0 {
			v.Scores[l] = score
			v.Reasons = append(v.Reasons, reasons...)
		}
	}
	if points, reasons := c.safety(m); points > 0 {
		give(SafetyPlea, points, reasons)
	}
	if len(v.PII) > 0 {
		best := 0.7
		var reasons []Reason
		for _, f := range v.PII {
			if f.Certainty == pii.Sure {
				best = 0.95
			}
			reasons = append(reasons, Reason{PersonalData, RulePII, f.Start, f.End})
		}
		give(PersonalData, best, reasons)
	}
	spam, reasons := c.gambling(m)
	give(Gambling, spam, reasons)
	fraud, reasons := c.fraud(m, v.PII)
	give(Fraud, fraud, reasons)
	abuse, reasons := c.abuse(m)
	give(Abusive, abuse, reasons)
	if spam == 0 && fraud == 0 {
		c.intent(m, give)
	}
	v.Priority = priority(v)
	return v
}

// fraud finds false prizes, aid and loans.
func (c *Classifier) fraud(m message, found []pii.Found) (float64, []Reason) {
	hits := m.find(c.fraudWords)
	points := min(sum(hits), 6)
	var reasons []Reason
	for _, h := range hits {
		reasons = append(reasons, m.reason(Fraud, RuleFraudWord, h.first, h.last))
	}
	strong := 0
	for _, h := range hits {
		if h.weight >= 1.5 {
			strong++
		}
	}
	for _, link := range [...]string{"bit.ly", "s.id/", "tinyurl", "wa.me", "blogspot", "t.me/", "cutt.ly", "linktr.ee", "shorturl"} {
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
	if strong == 0 || points < 3.5 || sum(m.find(c.gamblingReport)) > 0 {
		return 0, nil
	}
	return score(points), reasons
}

// abuse finds gross words, and coarse ones aimed at somebody. Whether they aim
// at a person or at a policy is for a person to judge.
func (c *Classifier) abuse(m message) (float64, []Reason) {
	var reasons []Reason
	points := 0.0
	for _, h := range m.find(c.abuseGross) {
		points += 4 + h.weight
		reasons = append(reasons, m.reason(Abusive, RuleAbuseWord, h.first, h.last))
	}
	for _, h := range m.find(c.abuseCoarse) {
		points = max(points, h.weight)
		reasons = append(reasons, m.reason(Abusive, RuleAbuseWord, h.first, h.last))
	}
	targets := m.find(c.aimed)
	for _, h := range m.find(c.abuseMild) {
		for _, t := range targets {
			if near(t, h, 1) {
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

// near: at most n other words between the two.
func near(a, b hit, n int) bool {
	return b.first-a.last-1 <= n && a.first-b.last-1 <= n
}
