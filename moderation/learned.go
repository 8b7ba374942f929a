package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/model"
)

// learned is the model with the numbers of the heads that we ask.
type learned struct {
	model          *model.Model
	names          [graded]Label
	labels         [graded]int // head of each graded label, or -1
	topic, urgency span
}

// span is a run of heads.
type span struct{ first, after int }

// With lets a model look, too. Rules alone remain where it has no head.
func (c *Classifier) With(m *model.Model) *Classifier {
	l := &learned{model: m, names: GradedLabels()}
	for i, label := range l.names {
		l.labels[i] = -1
		if h, ok := m.Head(string(label)); ok {
			l.labels[i] = h
		}
	}
	groups, first := m.Groups()
	for i, g := range groups {
		at := span{first[i], first[i] + len(g.Heads)}
		switch g.Name {
		case "topic":
			l.topic = at
		case "urgency":
			l.urgency = at
		}
	}
	return &Classifier{words: c.words, messages: c.messages, learned: l}
}

// read asks every head. A label that the model decides is given, unless a rule
// stands against it; what is felt is noted and no more.
func (l *learned) read(m *message, v *Verdict) {
	s := l.model.Borrow()
	defer l.model.Return(s)
	r := l.model.Score(m.folded, m.tokens, s)
	for i, h := range l.labels {
		if h >= 0 {
			v.Grades[i] = r.Probability[h]
		}
	}
	v.Sentiment, v.Emotion = l.best(v, firstSentiment, afterSentiment), l.best(v, firstEmotion, afterEmotion)
	v.Topic, v.Urgency = l.chosen(r, l.topic), l.chosen(r, l.urgency)
	l.decide(m, v, r, s)
	if !m.advertises() {
		return
	}
	if p, decided, ok := l.model.Gambling(m.folded, m.tokens, s); ok {
		v.Grades[atGambling] = p
		if !v.Has(Gambling) && decided && m.lures(float64(p)) {
			v.give(Gambling, float64(max(p, leastGiven)), m.told(Gambling, l.model.ExplainGambling(m.tokens, s)))
		}
	}
}

// decide gives the labels that the model decides for. What is felt is noted
// and no more; a label that a rule gave has its reasons already.
func (l *learned) decide(m *message, v *Verdict, r *model.Result, s *model.Scratch) {
	given, heads, rest := m.given[:0], m.heads[:0], m.rest[:0]
	for i, h := range l.labels {
		if h < 0 || !r.Decided[h] || i >= firstSentiment && i < afterEmotion {
			continue
		}
		label := l.names[i]
		if !m.admits(label, v) {
			continue
		}
		if v.Has(label) {
			v.Scores[label] = max(v.Scores[label], float64(r.Probability[h]))
			continue
		}
		if restsOnHate(label) && len(heads) > 0 && given[0] == Hate {
			rest = append(rest, i)
			continue
		}
		given, heads = append(given, label), append(heads, h)
	}
	m.given, m.heads, m.rest = given, heads, rest
	if len(heads) == 0 {
		return
	}
	if v.Reasons == nil {
		v.Reasons = make([]Reason, 0, mostTold*(len(heads)+len(rest)))
	}
	for i, top := range l.model.Foremost(heads, m.tokens, s) {
		v.Scores[given[i]] = float64(max(r.Probability[heads[i]], leastGiven))
		v.Reasons = m.tell(v.Reasons, given[i], top[:])
		if given[i] != Hate {
			continue
		}
		for _, at := range rest {
			v.Scores[l.names[at]] = float64(max(r.Probability[l.labels[at]], leastGiven))
			v.Reasons = m.tell(v.Reasons, l.names[at], top[:])
		}
	}
}

// restsOnHate: how hard hate is and whether one person or many are meant is
// said by the words that make it hate.
func restsOnHate(l Label) bool {
	switch l {
	case HateIndividual, HateGroup, HateOther, HateWeak, HateModerate, HateStrong:
		return true
	}
	return false
}

// leastGiven is the least score of a label that was given: a head may decide
// below one half.
const leastGiven = 0.5

// admits says whether a label that only the model saw may be given: not to
// those who report what it is about. Scam was learned from text messages, so in
// a comment it needs something to hold on to: an address, a promise, or a number
// with the model's certainty, for citizens give their own numbers to an office.
func (m *message) admits(l Label, v *Verdict) bool {
	switch l {
	case Question, Complaint, Thanks, Idea:
		return len(m.tokens) > 1
	case Promo:
		return m.sums[inReport] == 0
	case Fraud:
		return m.sums[inReport] == 0 && (m.sums[inFraud] >= 1 || m.linked() || (len(v.PII) > 0 || m.sums[inFraud] > 0) && v.Grade(l) >= .95)
	}
	return true
}

// advertises says whether anything in the message could be an advertisement of
// gambling: a word of the trade, a number, a picture, a word that is written
// like a brand or hides. Eight in ten ordinary messages have none of it and are
// spared the closer look; of the lines that it would find, one in 300 is lost
// (TestTheShortcutCostsHardlyAnything).
func (m *message) advertises() bool {
	if m.counts[inGambling] > 0 || m.evidence > 0 {
		return true
	}
	for i := range m.tokens {
		t := &m.tokens[i]
		if m.shapes[i] != 0 || t.Digits() && !t.Letters() || len(t.Text) > 5 && (strings.HasSuffix(t.Text, "jitu") || strings.HasSuffix(t.Text, "win")) {
			return true
		}
	}
	return m.folded.Pictured()
}

// lures says whether the model's word is enough that a message advertises
// gambling. The less the rules see in it, the surer the model must be: fancy
// letters are a taste, and a street may be called Melati77. The two values were
// chosen on our own ordinary lines (testdata/adversarial/biasa.jsonl).
func (m *message) lures(p float64) bool {
	const sure, verySure = .95, .98
	switch {
	case m.reports:
		return false
	case m.evidence >= 2:
		return true
	case m.counts[inGambling] == 0 && m.counts[inComplaint]+m.counts[inOffice] > 0:
		return false // "the bus stop Melati 99 leaks"
	case m.evidence >= 0.5:
		return p >= sure
	}
	for i, s := range m.shapes {
		if s.Brand() && !m.named(i) {
			return false
		}
	}
	return p >= verySure
}

// best is the label with the highest grade in a stretch of them.
func (l *learned) best(v *Verdict, first, after int) Label {
	best := -1
	for i := first; i < after; i++ {
		if l.labels[i] >= 0 && (best < 0 || v.Grades[i] > v.Grades[best]) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	return l.names[best]
}

// chosen is the name of the head that a group decided for.
func (l *learned) chosen(r *model.Result, at span) string {
	for h := at.first; h < at.after; h++ {
		if r.Decided[h] {
			return l.model.Heads()[h].Name
		}
	}
	return ""
}

// mostTold is how many words are shown for what the model says.
const mostTold = 3

// told are the reasons for what the model says of one label.
func (m *message) told(l Label, by []model.Contribution) []Reason {
	return m.tell(make([]Reason, 0, mostTold), l, by[:min(len(by), mostTold)])
}

// tell adds the reasons for what the model says, in reading order: the words
// that counted most, or the whole message where none stands out.
func (m *message) tell(out []Reason, l Label, by []model.Contribution) []Reason {
	from := len(out)
	for _, c := range by {
		if c.Weight > 0 && c.Span.End > c.Span.Start {
			out = append(out, Reason{l, RuleModel, c.Span.Start, c.Span.End})
		}
	}
	if len(out) == from {
		return append(out, Reason{l, RuleModel, 0, len(m.original)})
	}
	slices.SortFunc(out[from:], func(a, b Reason) int { return a.Start - b.Start })
	return out
}
