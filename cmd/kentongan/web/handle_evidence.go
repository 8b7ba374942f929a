package web

import (
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/moderation"
)

// evidencePage asks for the purpose before anything is opened.
func (p *Pages) evidencePage(r *Request) (Answer, error) {
	v, err := p.evidenceOf(r)
	return Show{View: v}, err
}

func (p *Pages) evidenceOf(r *Request) (v EvidenceView, err error) {
	var d moderation.Decision
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		d, err = moderation.LoadDecision(r.Context(), tx, r.By.Agency, moderation.DecisionID(r.PathValue("id")))
		return err
	})
	if err != nil {
		return v, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	return EvidenceView{ID: string(d.ID), Decision: p.decisionRow(r.Frame, d, l)}, nil
}

// evidenceOpen shows what a decision was made on. The page is the answer to the
// form: going back or reloading asks for the purpose again.
func (p *Pages) evidenceOpen(r *Request) (Answer, error) {
	v, err := p.evidenceOf(r)
	if err != nil {
		return nil, err
	}
	v.Purpose = r.PostFormValue("purpose")
	all, err := p.Moderation.Evidence(r.Context(), r.By, moderation.DecisionID(v.ID), v.Purpose)
	if fault.KindOf(err) == fault.Invalid && err != nil {
		v.Problems = r.Frame.Fault(err)
		return Show{View: v, Status: statusOf(fault.Invalid)}, nil
	}
	if err != nil {
		return nil, err
	}
	v.Open = true
	for _, x := range all {
		row := ExhibitRow{
			Text: x.Original.Text, Author: x.Original.Author, RemoteID: x.RemoteID, Version: x.Version, Posted: r.Frame.Brief(x.PostedAt), Taken: r.Frame.Brief(x.TakenAt),
			Labels: labelTags(r.Frame, x.Labels), Suggest: suggestion(r.Frame, x.Verdict.Suggestion), URL: x.Original.URL,
		}
		for _, label := range x.Labels {
			row.Veiled = row.Veiled || moderation.Veils(moderation.Reason{Label: moderation.Label(label)})
		}
		v.Exhibits = append(v.Exhibits, row)
	}
	return Show{View: v}, nil
}
