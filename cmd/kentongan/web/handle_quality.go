package web

import (
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// qualityPage shows how far moderators agree. It names nobody.
func (p *Pages) qualityPage(r *Request) (Answer, error) {
	q, err := p.Moderation.Quality(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	f := r.Frame
	v := QualityView{Share: percentOf(f, q.Share), Decisions: f.Int(q.Decisions), Sampled: f.Int(int64(q.Overall.N) + q.Open), Overall: agreementRow(f, f.T("quality.overall"), q.Overall)}
	if r.By.May(identity.Moderate, r.By.Agency) {
		tabs, t, err := p.moderationTabs(r, "/moderasi/mutu")
		if err != nil {
			return nil, err
		}
		v.Tabs, v.Reviews, v.Moderates = tabs, t.Reviews, true
	}
	for _, m := range q.Months {
		v.Months = append(v.Months, agreementRow(f, monthWords(f, m.Month), m.Agreement))
	}
	for _, c := range q.Clauses {
		v.Clauses = append(v.Clauses, agreementRow(f, categoryWords(f, l.policy, c.Clause), c.Agreement))
	}
	for _, d := range q.Differ {
		v.Differ = append(v.Differ, DifferRow{
			Number: d.Number, Text: shorten(d.Message.Masked, 220), Veiled: moderation.Disturbing(d.Message),
			First: categoryWords(f, l.policy, d.Sample.First), FirstReason: d.FirstReason, Second: categoryWords(f, l.policy, d.Sample.Second), SecondReason: d.SecondReason,
		})
	}
	return Show{View: v}, nil
}

func monthWords(f *Frame, month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	_, words, _ := strings.Cut(f.Day(t.AddDate(0, 0, 14)), " ")
	return words
}

// categoryWords names a category of the sample: a clause, or leaving it as it is.
func categoryWords(f *Frame, policy moderation.Policy, category string) string {
	if c, known := policy.Clause(category); known {
		return c.Number + " " + c.Title.In(f.Lang())
	}
	if category == string(moderation.Keep) {
		return f.T("act.keep")
	}
	return category
}

func percentOf(f *Frame, share float64) string {
	return strings.Replace(strconv.FormatFloat(share*100, 'f', -1, 64), ".", decimal(f), 1) + " %"
}

func decimal(f *Frame) string {
	if f.Lang() == "en" {
		return "."
	}
	return ","
}

func agreementRow(f *Frame, name string, a moderation.Agreement) AgreementRow {
	figure := func(x float64) string { return strings.Replace(strconv.FormatFloat(x, 'f', 2, 64), ".", decimal(f), 1) }
	row := AgreementRow{Name: name, N: f.Int(int64(a.N)), Agreed: f.Int(int64(a.Agreed)), Kappa: "–", Range: f.T("quality.undefined"), Percent: int(100*a.Observed + .5)}
	if a.N == 0 {
		row.Range = f.T("quality.nothing")
	}
	if a.Defined {
		row.Kappa, row.Range = figure(a.Kappa), figure(a.Low)+" … "+figure(a.High)
		row.Words = f.T("quality.level." + level(a.Kappa))
	}
	return row
}

// level says a kappa in words, after Landis and Koch (Biometrics 33, 1977).
func level(kappa float64) string {
	switch {
	case kappa > .8:
		return "almost"
	case kappa > .6:
		return "substantial"
	case kappa > .4:
		return "moderate"
	case kappa > .2:
		return "fair"
	}
	return "slight"
}

// reviewPage shows one sampled message, blind.
func (p *Pages) reviewPage(r *Request) (Answer, error) {
	if a, err := p.resting(r); a != nil || err != nil {
		return a, err
	}
	v, err := p.blind(r)
	return Show{View: v}, err
}

func (p *Pages) blind(r *Request) (v BlindView, err error) {
	if v.Tabs, _, err = p.moderationTabs(r, "/moderasi/mutu"); err != nil {
		return v, err
	}
	b, found, err := p.Moderation.NextReview(r.Context(), r.By)
	if err != nil || !found {
		return v, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	v.ID, v.Platform, v.When = string(b.ID), string(l.channels[b.Message.Channel].Platform), r.Frame.Brief(b.Message.PostedAt)
	v.Text, v.Reasons = marked(r.Frame, b.Message, b.Verdict.Reasons)
	v.Labels, v.Veiled, v.Clauses = labelTags(r.Frame, b.Message.Labels), moderation.Disturbing(b.Message), clauseChoices(r.Frame, l.policy)
	return v, nil
}

// reviewDone writes the second decision.
func (p *Pages) reviewDone(r *Request) (Answer, error) {
	id, act, clause, reason := moderation.ReviewID(r.PostFormValue("review")), moderation.Act(r.PostFormValue("act")), r.PostFormValue("clause"), r.PostFormValue("reason")
	err := p.Moderation.DecideAgain(r.Context(), r.By, moderation.Second{Review: id, Act: act, Clause: clause, Reason: reason})
	if err == nil {
		return GoTo{Path: "/moderasi/mutu/nilai", Flash: &Flash{Key: "flash.reviewed"}}, nil
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && len(fault.All(err)) < 2 {
		return nil, err
	}
	v, failed := p.blind(r)
	if failed != nil || v.ID != string(id) {
		return nil, err
	}
	v.Problems, v.Chosen, v.Reason = r.Frame.Fault(err), clause, reason
	return Show{View: v, Status: statusOf(fault.Invalid)}, nil
}
