package moderation

import (
	"slices"

	"kentongan/internal/model"
)

// learned is the model with the numbers of the heads that we ask.
type learned struct {
	model          *model.Model
	labels         [graded]int // head of each graded label, or -1
	topic, urgency span
}

// span is a run of heads.
type span struct{ first, after int }

// With lets a model look, too. Rules alone remain where it has no head.
func (c *Classifier) With(m *model.Model) *Classifier {
	l := &learned{model: m}
	for i, label := range GradedLabels() {
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
	labels := GradedLabels()
	for i, h := range l.labels {
		if h < 0 || !r.Decided[h] || i >= firstSentiment && i < afterEmotion || !m.admits(labels[i], v) {
			continue
		}
		if v.Has(labels[i]) {
			v.Scores[labels[i]] = max(v.Scores[labels[i]], float64(r.Probability[h]))
			continue
		}
		v.give(labels[i], float64(max(r.Probability[h], leastGiven)), m.told(labels[i], l.model.Explain(h, m.tokens, s)))
	}
	p, decided, ok := l.model.Gambling(m.folded, m.tokens, s)
	if !ok {
		return
	}
	v.Grades[atGambling] = p
	if decided && m.admits(Gambling, v) && !v.Has(Gambling) {
		v.give(Gambling, float64(max(p, leastGiven)), m.told(Gambling, l.model.ExplainGambling(m.tokens, s)))
	}
}

// leastGiven is the least score of a label that was given: a head may decide
// below one half.
const leastGiven = 0.5

// admits says whether a label that only the model saw may be given. What was
// learned from text messages needs something to hold on to in a comment.
func (m *message) admits(l Label, v *Verdict) bool {
	switch l {
	case Gambling:
		return !m.reports
	case Fraud, Promo:
		return m.sums[inReport] == 0 && (m.counts[inFraud] > 0 || len(v.PII) > 0 || m.linked())
	}
	return true
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
	return GradedLabels()[best]
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

// told are the reasons for what the model says: the words that counted most,
// or the whole message where none stands out.
func (m *message) told(l Label, by []model.Contribution) []Reason {
	out := make([]Reason, 0, mostTold)
	for _, c := range by {
		if c.Weight > 0 && c.Span.End > c.Span.Start && len(out) < mostTold {
			out = append(out, Reason{l, RuleModel, c.Span.Start, c.Span.End})
		}
	}
	if len(out) == 0 && len(m.original) > 0 {
		out = append(out, Reason{l, RuleModel, 0, len(m.original)})
	}
	slices.SortFunc(out, func(a, b Reason) int { return a.Start - b.Start })
	return out
}
