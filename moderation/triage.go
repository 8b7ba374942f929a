package moderation

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
	"kentongan/internal/text"
)

// batch is how many messages one ring looks at.
const batch = 100

// Shown is a verdict as it is stored beside a masked message: its reasons
// point into the masked text, and it holds no word of it.
type Shown struct {
	Scores     map[Label]float64 `json:"scores,omitempty"`
	Reasons    []Reason          `json:"reasons,omitempty"`
	Priority   int64             `json:"priority"`
	Suggestion Suggestion        `json:"suggestion,omitzero"`
	Rules      []Match           `json:"rules,omitempty"`      // of the policy, that hold
	Own        map[Label]float64 `json:"own,omitempty"`        // what the office's own model says; never a ground
	Unreadable bool              `json:"unreadable,omitempty"` // the original does not open
}

// show moves a verdict's reasons from the original to the masked text.
func show(v Verdict, m pii.Masked) Shown {
	s := Shown{Scores: v.Scores, Priority: v.Priority, Suggestion: v.Suggestion}
	for _, r := range v.Reasons {
		at := m.Place(text.Span{Start: r.Start, End: r.End})
		s.Reasons = append(s.Reasons, Reason{Label: r.Label, Rule: r.Rule, Start: at.Start, End: at.End})
	}
	return s
}

// VerdictOf reads what the first look said of a message; the zero value when
// nobody has looked yet.
func VerdictOf(m inbox.Message) (s Shown) {
	if m.Verdict == "" || json.Unmarshal([]byte(m.Verdict), &s) != nil {
		return Shown{}
	}
	return s
}

// Triage looks at a channel's new messages: what each is, how urgent, what is
// suggested and why; and starts the clocks. One ring drains a batch.
func (m *Moderation) Triage(ctx context.Context, ring outbox.Ring) error {
	said, err := m.askOwn(ctx, channel.ID(ring.Key))
	if err != nil {
		return err
	}
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		c, ok, err := outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, m.Now(), time.Minute)
		if err != nil || !ok {
			return err
		}
		all, err := inbox.Untriaged(ctx, tx, channel.ID(ring.Key), batch)
		if err != nil {
			return err
		}
		b, err := m.bench(ctx, tx, all)
		if err != nil {
			return err
		}
		b.own = said
		for _, msg := range all {
			if err := m.look(ctx, tx, msg, b); err != nil {
				return err
			}
		}
		if len(all) == batch {
			return outbox.Again(ctx, tx, c, m.Now())
		}
		return outbox.Finish(ctx, tx, c)
	})
}

// look is the first look at one message.
func (m *Moderation) look(ctx context.Context, tx *db.Tx, msg inbox.Message, b bench) error {
	var s Shown
	var labels []string
	speaks := false
	urgency := inbox.Urgency{Class: inbox.Normal}
	o, err := m.Inbox.Original(msg)
	if err != nil {
		// One message that does not open must not keep the others waiting: it
		// goes to a person with its clock running.
		m.Log.ErrorContext(ctx, "original does not open", slog.String("message", string(msg.ID)), slog.String("error", err.Error()))
		s.Unreadable = true
	} else {
		v := m.Classifier.Classify(o.Text)
		facts, err := FactsOf(o.Text, v).completed(ctx, tx, msg, b.policy.asks(), b.names)
		if err != nil {
			return err
		}
		var hold []Match
		v.Suggestion, hold = b.policy.Judge(facts, b.modes)
		speaks = v.Speaks
		own := weighOwn(b.own[wording{msg.ID, msg.Version}], o.Text, &v) // after the policy has judged
		s = show(v, pii.Mask(o.Text))
		s.Own = own
		s.Rules = hold
		for _, l := range v.Labels() {
			labels = append(labels, string(l))
		}
		urgency.Priority, urgency.Labels = v.Priority, labels
		if v.Has(SafetyPlea) {
			urgency.Class = inbox.LifeSafety
		}
	}
	verdict, err := json.Marshal(s)
	if err != nil {
		return err
	}
	err = inbox.SaveTriage(ctx, tx, inbox.Triaged{Message: msg.ID, Version: msg.Version, Labels: labels, Verdict: string(verdict), Flag: flag(s.Suggestion)}, m.Now())
	if err != nil {
		return err
	}
	if err := inbox.SetQueue(ctx, tx, msg.ID, QueueAt(b.policy, s, labels, msg.PostedAt)); err != nil {
		return err
	}
	if !speaks { // criticism may name gambling: a person reads it
		if err := m.actByRule(ctx, tx, msg, &s, b); err != nil {
			return err
		}
	}
	if err := saveHits(ctx, tx, msg, b.policy.ID(), s.Rules, m.Now()); err != nil {
		return err
	}
	conv, err := m.Inbox.StartClock(ctx, tx, msg, urgency)
	if err != nil {
		return err
	}
	return live.Tell(ctx, tx, conv.Agency, "conversation", string(conv.ID))
}

// flag is what brings a message to the moderators' queue: a suggestion that
// only a person may follow. What needs an answer is the inbox's.
func flag(s Suggestion) string {
	if restricts(s.Act) || s.Act == Review {
		return string(s.Act)
	}
	return ""
}
