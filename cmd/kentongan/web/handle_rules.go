package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

const rulesPath = "/moderasi/aturan"

func (p *Pages) ruleRoutes() []Route {
	read := []identity.Power{identity.Moderate, identity.Govern, identity.ReadAudit}
	govern := []identity.Power{identity.Govern}
	return []Route{
		{Pattern: "GET " + rulesPath, Powers: read, Do: p.rulesPage},
		{Pattern: "POST " + rulesPath + "/mode", Powers: govern, Do: p.setRule},
		{Pattern: "POST " + rulesPath + "/berlaku", Powers: govern, Do: p.enact},
		{Pattern: "POST " + rulesPath + "/uji", Powers: []identity.Power{identity.Moderate, identity.Govern}, Do: p.tryRules},
	}
}

// rulesPage shows the policy in force: its rules with what is known of each,
// its clauses, and its history.
func (p *Pages) rulesPage(r *Request) (Answer, error) {
	v, err := p.rulesView(r)
	return Show{View: v}, err
}

// setRule switches a rule. What is refused is said above the table.
func (p *Pages) setRule(r *Request) (Answer, error) {
	name, mode := r.PostFormValue("rule"), moderation.Mode(r.PostFormValue("mode"))
	err := p.Moderation.SetRule(r.Context(), r.By, name, mode, r.PostFormValue("confirm") != "")
	if err == nil {
		return GoTo{Path: rulesPath, Flash: &Flash{Key: "flash.rule_set", Args: map[string]string{"mode": r.Frame.T("rules.mode." + string(mode))}}}, nil
	}
	return p.rulesRefused(r, err, func(v *RulesView) {
		for i := range v.Rules {
			v.Rules[i].Open = v.Rules[i].Name == name
		}
	})
}

func (p *Pages) enact(r *Request) (Answer, error) {
	if err := p.Moderation.Enact(r.Context(), r.By); err != nil {
		return p.rulesRefused(r, err, nil)
	}
	return GoTo{Path: rulesPath, Flash: &Flash{Key: "flash.policy_enacted", Args: map[string]string{"policy": p.Moderation.Policy.ID()}}}, nil
}

// rulesRefused shows the page again with what is wrong.
func (p *Pages) rulesRefused(r *Request, err error, more func(*RulesView)) (Answer, error) {
	kind := fault.KindOf(err)
	if len(fault.All(err)) > 0 && fault.Find(err) == nil {
		kind = fault.Invalid // several at once
	}
	if kind != fault.Invalid && kind != fault.Conflict && kind != fault.Denied {
		return nil, err
	}
	v, failed := p.rulesView(r)
	if failed != nil {
		return nil, failed
	}
	for _, s := range r.Frame.Fault(err) {
		switch { // what is wrong inside a draft is mended in its field
		case strings.HasPrefix(s.Field, "rules") || strings.HasPrefix(s.Field, "clauses") || s.Field == "draft":
			s.Field = "draft"
		default:
			s.Field = ""
		}
		v.Problems = append(v.Problems, s)
	}
	if more != nil {
		more(&v)
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}

// tryRules runs a rule, or a draft, over earlier messages.
func (p *Pages) tryRules(r *Request) (Answer, error) {
	t := moderation.Trial{Rule: r.PostFormValue("rule"), Draft: r.PostFormValue("draft"), Budget: 20 * time.Second, Show: 50}
	if strings.TrimSpace(t.Draft) != "" {
		t.Rule = ""
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || !slices.Contains(trialDays(), days) {
		days = trialDays()[0]
	}
	if days > 0 {
		t.Since = p.Now().AddDate(0, 0, -days)
	}
	typed := func(v *RulesView) {
		v.Trial.Draft = r.PostFormValue("draft")
		for i := range v.Trial.Rules {
			v.Trial.Rules[i].Here = v.Trial.Rules[i].Value == r.PostFormValue("rule")
		}
		for i := range v.Trial.Days {
			v.Trial.Days[i].Here = v.Trial.Days[i].Value == strconv.Itoa(days)
		}
	}
	o, err := p.Moderation.Try(r.Context(), r.By, t)
	if err != nil {
		return p.rulesRefused(r, err, typed)
	}
	v, err := p.rulesView(r)
	if err != nil {
		return nil, err
	}
	typed(&v)
	v.Result, err = p.trialResult(r, o)
	return Show{View: v}, err
}

// trialDays are the stretches to choose from; 0 is everything.
func trialDays() []int { return []int{365, 90, 30, 0} }
