package moderation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

// Trial is what somebody wants to try on earlier messages: one rule of the
// policy in force, or every rule of a draft.
type Trial struct {
	Rule   string
	Draft  string // YAML: a whole policy, or rules alone
	Since  time.Time
	Budget time.Duration // it stops then, and says how far it came; 0 = 10 s
	Show   int           // matched messages that are shown, masked
}

// Outcome is what a trial found.
type Outcome struct {
	Policy string
	Looked int64 // messages looked at
	Total  int64 // messages there are
	Whole  bool  // all of them were looked at
	Rules  []RuleOutcome
}

// RuleOutcome is what one rule would have done.
type RuleOutcome struct {
	configs.PolicyRule
	Matched   int64
	Acts      map[Act]int64 // as tempered: abuse by tone alone is to be read
	Months    []TrialMonth
	Precision Precision // of what people decided about those messages
	Shown     []inbox.Message
}

// TrialMonth is one month, on the agency's wall clock.
type TrialMonth struct {
	Month     string // "2026-11"
	Matched   int64
	Followed  int64 // hidden by a person, and still so
	Left      int64 // left, or shown again
	Undecided int64
}

const trialPage = 500

// trial is one run.
type trial struct {
	*Moderation
	agency identity.Agency
	rules  []rule
	out    []RuleOutcome
	show   int
	names  platforms
}

// Try runs rules over earlier messages and says what they would have done. It
// writes nothing but that it was done. Whoever may not read messages gets the
// counts alone.
func (m *Moderation) Try(ctx context.Context, by identity.Actor, t Trial) (Outcome, error) {
	operator := by.ID == identity.Operator().ID
	if !operator && !by.May(identity.Govern, by.Agency) && !by.May(identity.Moderate, by.Agency) {
		return Outcome{}, fault.New(fault.Denied, "policy.no_power")
	}
	run := &trial{Moderation: m, names: platforms{}}
	if by.May(identity.ReadInbox, by.Agency) {
		run.show = cmp.Or(t.Show, 50)
	}
	p, err := run.choose(ctx, by, t)
	if err != nil {
		return Outcome{}, err
	}
	limited, cancel := context.WithTimeout(ctx, cmp.Or(t.Budget, 10*time.Second))
	defer cancel()
	o := Outcome{Policy: p.ID()}
	err = run.over(limited, by, t.Since, &o)
	if ctx.Err() != nil {
		err = ctx.Err()
	} else if errors.Is(err, context.DeadlineExceeded) || limited.Err() != nil {
		err = nil // the budget is spent: what was found so far is told
	}
	o.Rules = run.out
	var told []string
	for _, r := range run.out {
		told = append(told, fmt.Sprintf("%s %d/%d", r.Name, r.Matched, o.Looked))
	}
	ctx = context.WithoutCancel(ctx)
	noted := m.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: "rule.dry_run", Subject: "policy/" + p.ID(), Detail: pii.Mask(strings.Join(told, ", ")).Text})
	})
	return o, errors.Join(err, noted)
}

// choose reads the rules to try.
func (t *trial) choose(ctx context.Context, by identity.Actor, want Trial) (p Policy, err error) {
	err = t.DB.View(ctx, func(tx *db.Tx) (err error) {
		if t.agency, err = identity.AgencyByID(ctx, tx, by.Agency); err != nil {
			return err
		}
		p, err = t.policyIn(ctx, tx, by.Agency)
		return err
	})
	if err != nil {
		return p, err
	}
	if strings.TrimSpace(want.Draft) != "" {
		data, err := configs.DraftPolicy(p.source, []byte(want.Draft))
		if err != nil {
			return p, err
		}
		if p, err = NewPolicy(data, t.Officials...); err != nil {
			return p, err
		}
	}
	for _, r := range p.rules {
		if want.Rule == "" || r.Name == want.Rule {
			t.rules = append(t.rules, r)
			t.out = append(t.out, RuleOutcome{PolicyRule: r.PolicyRule, Acts: map[Act]int64{}})
		}
	}
	if len(t.rules) == 0 {
		return p, fault.New(fault.NotFound, "rule.not_found")
	}
	return p, nil
}

// over looks at page after page, the latest message first. Each page is a
// transaction of its own: a long trial holds nobody up.
func (t *trial) over(ctx context.Context, by identity.Actor, since time.Time, o *Outcome) error {
	var ask needs
	for _, r := range t.rules {
		ask = needs{ask.text || r.needs.text, ask.account || r.needs.account, ask.repetition || r.needs.repetition}
	}
	err := t.DB.View(ctx, func(tx *db.Tx) (err error) {
		o.Total, err = inbox.CountHistory(ctx, tx, by.Agency, since)
		return err
	})
	var before inbox.MessageID
	for err == nil && !o.Whole {
		err = t.DB.View(ctx, func(tx *db.Tx) error {
			page, err := inbox.History(ctx, tx, by.Agency, before, since, trialPage)
			if err != nil {
				return err
			}
			for _, msg := range page {
				if err := t.one(ctx, tx, msg, ask); err != nil {
					return err
				}
				o.Looked, before = o.Looked+1, msg.ID
			}
			o.Whole = len(page) < trialPage
			return nil
		})
		if err == nil {
			err = ctx.Err()
		}
	}
	return err
}

// one runs the rules over one message. The scores are those of its first look;
// the original is opened only where a rule reads the text.
func (t *trial) one(ctx context.Context, tx *db.Tx, msg inbox.Message, ask needs) error {
	shown := VerdictOf(msg)
	if shown.Unreadable {
		return nil
	}
	if !slices.ContainsFunc(t.rules, func(r rule) bool { return !restricts(r.act) || groundIn(shown, msg) }) {
		return nil
	}
	v := Verdict{Scores: shown.Scores, Reasons: shown.Reasons}
	words := ""
	if ask.text || slices.ContainsFunc(t.rules, func(r rule) bool { return restricts(r.act) && !r.firm }) {
		o, err := t.Inbox.Original(msg)
		if err != nil {
			return nil // it does not open: nobody could have judged it either
		}
		now := t.Classifier.Classify(o.Text)
		v.Reasons, v.PII, v.Language, words = now.Reasons, now.PII, now.Language, o.Text
	}
	facts, err := FactsOf(words, v).completed(ctx, tx, msg, ask, t.names)
	if err != nil {
		return err
	}
	for i, r := range t.rules {
		if !r.matches(facts) {
			continue
		}
		if err := t.count(ctx, tx, i, r.temper(facts), msg); err != nil {
			return err
		}
	}
	return nil
}

// groundIn says whether anything in a message could be a ground at all.
func groundIn(s Shown, msg inbox.Message) bool {
	for l, score := range s.Scores {
		if score >= leastScore && anyGround("labels", string(l)) {
			return true
		}
	}
	return len(msg.Marks) > 0
}

func (t *trial) count(ctx context.Context, tx *db.Tx, i int, act Act, msg inbox.Message) error {
	r := &t.out[i]
	r.Matched++
	r.Acts[act]++
	if len(r.Shown) < t.show {
		r.Shown = append(r.Shown, msg)
	}
	name := msg.ReceivedAt.In(t.agency.Location()).Format("2006-01")
	at := slices.IndexFunc(r.Months, func(m TrialMonth) bool { return m.Month == name })
	if at < 0 {
		at = len(r.Months)
		r.Months = append(r.Months, TrialMonth{Month: name})
	}
	month := &r.Months[at]
	month.Matched++
	word, err := lastWordAbout(ctx, tx, msg.ID)
	if err != nil {
		return err
	}
	switch {
	case word == "":
		month.Undecided++
	case restricts(word):
		month.Followed++
		r.Precision.Followed++
	case word == Keep:
		month.Left++
		r.Precision.Overruled++
	default:
		month.Left++
		r.Precision.Reversed++
	}
	return nil
}
