package web

import (
	"strconv"

	"kentongan/internal/identity"
	"kentongan/moderation"
)

// rulesView is the page of rules for whoever may read it. The tabs of Moderasi
// are for those who moderate.
func (p *Pages) rulesView(r *Request) (v RulesView, err error) {
	f := r.Frame
	v.Govern, v.Try = r.By.May(identity.Govern, r.By.Agency), r.By.May(identity.Govern, r.By.Agency) || r.By.May(identity.Moderate, r.By.Agency)
	if r.By.May(identity.Moderate, r.By.Agency) {
		if v.Tabs, _, err = p.moderationTabs(r, rulesPath); err != nil {
			return v, err
		}
	}
	policy, states, err := p.Moderation.RuleStates(r.Context(), r.By)
	if err != nil {
		return v, err
	}
	names, err := p.ruleNames(r)
	if err != nil {
		return v, err
	}
	v.Policy, v.PolicyTitle = policy.ID(), policy.Title.In(f.Lang())
	for _, s := range states {
		row := p.ruleRow(f, policy, s, names)
		v.Rules = append(v.Rules, row)
		if s.FellBack {
			v.FellBack = append(v.FellBack, f.T("rules.fell_back", "rule", row.Title, "when", f.Brief(s.SetAt), "precision", row.Precision))
		}
		if s.Name != moderation.CopyRule {
			v.Trial.Rules = append(v.Trial.Rules, RuleChoice{Value: s.Name, Text: row.Title})
		}
	}
	for _, d := range trialDays() {
		text := f.T("rules.try.all")
		if d > 0 {
			text = f.T("rules.try.days", "n", d)
		}
		v.Trial.Days = append(v.Trial.Days, RuleChoice{Value: strconv.Itoa(d), Text: text})
	}
	v.Clauses = ruleClauses(f, policy)
	return v, p.policyStanding(r, &v, names)
}

// ruleNames are the people who set rules and put policies in force.
func (p *Pages) ruleNames(r *Request) (names map[identity.PersonID]string, err error) {
	l, err := p.lookUp(r)
	return l.names, err
}

func (p *Pages) ruleRow(f *Frame, policy moderation.Policy, s moderation.RuleState, names map[identity.PersonID]string) RuleRow {
	row := RuleRow{
		Name: s.Name, Title: ruleTitle(f, s), When: s.When, Suggest: f.T("act." + s.Suggest), Mode: Tag{Text: f.T("rules.mode." + string(s.Mode)), Tone: modeTones[s.Mode]},
		Month: f.Int(s.Month), Precision: precisionText(f, s.Precision), MayAuto: s.MayAuto, Copies: s.Name == moderation.CopyRule,
	}
	if s.When == "" && s.Label != "" {
		row.When = "labels." + s.Label + " >= " + strconv.FormatFloat(s.AtLeast, 'f', -1, 64)
	}
	if c, known := policy.Clause(s.Clause); known {
		row.Clause = c.Number + " " + c.Title.In(f.Lang())
	}
	if low, high := s.Precision.Interval(); s.Precision.N() > 0 {
		row.Interval = f.T("rules.interval", "low", f.Percent(low), "high", f.Percent(high))
		row.Counts = f.T("rules.counts", "followed", f.Int(s.Precision.Followed), "overruled", f.Int(s.Precision.Overruled), "reversed", f.Int(s.Precision.Reversed))
	}
	if !s.SetAt.IsZero() {
		who := names[s.SetBy]
		if s.SetBy.System() {
			who = f.T("rules.the_program")
		}
		row.Set = f.T("rules.set", "who", who, "when", f.Brief(s.SetAt))
	}
	modes := []moderation.Mode{moderation.Off, moderation.Shadow, moderation.Suggests}
	if row.Copies {
		modes = modes[:1]
		row.When = f.T("rules.copies.when")
	}
	if s.MayAuto {
		modes = append(modes, moderation.Auto)
		if !s.Holds {
			row.AutoNote = f.T("rules.auto.not_yet")
		}
	}
	for _, m := range modes {
		row.Modes = append(row.Modes, RuleChoice{Value: string(m), Text: f.T("rules.mode." + string(m)), Here: m == s.Mode})
	}
	return row
}

var modeTones = map[moderation.Mode]string{moderation.Off: "", moderation.Shadow: "info", moderation.Suggests: "primary", moderation.Auto: "warn"}

// ruleTitle is what a rule is called: by the policy, or by its name.
func ruleTitle(f *Frame, s moderation.RuleState) string {
	switch title := s.Title.In(f.Lang()); {
	case s.Name == moderation.CopyRule:
		return f.T("rules.copies.title")
	case title != "":
		return title
	}
	return s.Name
}

// precisionText is "97,2 % dari 214 keputusan".
func precisionText(f *Frame, p moderation.Precision) string {
	if p.N() == 0 {
		return ""
	}
	return f.T("rules.precision", "share", f.Percent(p.Share()), "n", f.Int(p.N()))
}

func ruleClauses(f *Frame, policy moderation.Policy) (all []RuleClause) {
	for _, c := range policy.Clauses {
		k := RuleClause{Number: c.Number, Title: c.Title.In(f.Lang()), Text: c.Text.In(f.Lang()), Basis: c.Basis.In(f.Lang()),
			Severity: f.T("clause.severity." + c.Severity), Protected: c.Protected}
		var acts []string
		for _, a := range c.Acts {
			acts = append(acts, f.T("act."+string(a)))
		}
		k.Acts = f.List(acts)
		for _, e := range c.Examples.Covered {
			k.Covered = append(k.Covered, e.In(f.Lang()))
		}
		for _, e := range c.Examples.NotCovered {
			k.NotCovered = append(k.NotCovered, e.In(f.Lang()))
		}
		all = append(all, k)
	}
	return all
}

// policyStanding says which versions were in force, and whether another waits.
func (p *Pages) policyStanding(r *Request, v *RulesView, names map[identity.PersonID]string) error {
	f := r.Frame
	all, err := p.Moderation.PolicyHistory(r.Context(), r.By.Agency)
	if err != nil {
		return err
	}
	for i, h := range all {
		who := names[h.By]
		if h.By.System() {
			who = f.T("rules.the_program")
		}
		v.History = append(v.History, PolicyRow{ID: h.PolicyID(), Since: f.Brief(h.Since), By: who, Digest: h.Digest[:12], YAML: h.YAML, Here: i == 0})
	}
	waits, why, err := p.Moderation.Pending(r.Context(), r.By.Agency)
	if err != nil || !waits {
		return err
	}
	v.Pending = p.Moderation.Policy.ID()
	if why != nil {
		v.PendingWhy = f.Fault(why)[0].Text
	}
	return nil
}

// trialResult is what a trial found, in words.
func (p *Pages) trialResult(r *Request, o moderation.Outcome) (*TrialResult, error) {
	f := r.Frame
	v := &TrialResult{Policy: o.Policy, Whole: o.Whole, Looked: f.T("rules.try.looked", "looked", f.Int(o.Looked), "total", f.Int(o.Total))}
	if !o.Whole {
		v.Cut = f.T("rules.try.cut", "looked", f.Int(o.Looked), "total", f.Int(o.Total))
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	for _, x := range o.Rules {
		row := TrialRule{Title: ruleTitle(f, moderation.RuleState{PolicyRule: x.PolicyRule}), Precision: precisionText(f, x.Precision)}
		row.Found = f.T("rules.try.found", "act", f.T("act."+x.Suggest), "n", f.Int(x.Matched), "of", f.Int(o.Looked))
		if softer := x.Acts[moderation.Review]; x.Suggest != string(moderation.Review) && softer > 0 {
			row.Softer = f.T("rules.try.softer", "n", f.Int(softer))
		}
		for _, m := range x.Months {
			row.Months = append(row.Months, TrialMonthRow{Month: monthText(f, m.Month), Matched: f.Int(m.Matched), Followed: f.Int(m.Followed), Left: f.Int(m.Left), Undecided: f.Int(m.Undecided)})
		}
		for _, msg := range x.Shown {
			row.Messages = append(row.Messages, TrialMessage{Path: casePath(msg.ID), Platform: string(l.channels[msg.Channel].Platform), Text: shorten(msg.Masked, 200), When: f.Brief(msg.PostedAt)})
		}
		if more := x.Matched - int64(len(x.Shown)); more > 0 && len(x.Shown) > 0 {
			row.More = f.T("rules.try.more", "n", f.Int(more))
		}
		v.Rules = append(v.Rules, row)
	}
	return v, nil
}
