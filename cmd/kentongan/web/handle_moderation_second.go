package web

import (
	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// samples is how many texts a proposal or a decision over many shows.
const samples = 5

// secondPerson lists what needs another moderator: large orders, decisions over
// copies, and what was passed on.
func (p *Pages) secondPerson(r *Request) (Answer, error) {
	v := SecondView{}
	tabs, t, err := p.moderationTabs(r, "/moderasi/orang-kedua")
	if err != nil {
		return nil, err
	}
	v.Tabs, v.Waiting = tabs, t.Waiting
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	proposals, err := p.Moderation.Proposals(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	due, err := p.Moderation.Ratifications(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		v.Proposals, v.Ratify = nil, nil
		for _, o := range proposals {
			row := p.proposalRow(r, o, l)
			if row.Texts, err = p.texts(r, tx, o.Messages); err != nil {
				return err
			}
			v.Proposals = append(v.Proposals, row)
		}
		for _, d := range due {
			row := RatifyRow{
				ID: string(d.ID), Decision: p.decisionRow(r.Frame, d, l), Own: d.By == r.By.ID || d.Second == r.By.ID || d.Ordered == r.By.ID,
				Due: r.Frame.Brief(d.RatifyBy()), Late: p.Now().After(d.RatifyBy()),
			}
			row.Decision.Evidence = r.By.May(identity.Unmask, r.By.Agency)
			if row.Texts, err = p.texts(r, tx, []inbox.MessageID{d.Message}); err != nil {
				return err
			}
			v.Ratify = append(v.Ratify, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	v.Escalated, err = p.escalationRows(r, l)
	return Show{View: v}, err
}

func (p *Pages) proposalRow(r *Request, o moderation.Proposal, l lookUp) ProposalRow {
	f := r.Frame
	row := ProposalRow{
		ID: string(o.ID), Act: f.T("act." + string(o.Act)), Reason: o.Reason, By: l.names[o.By], When: f.Brief(o.At), Count: int64(len(o.Messages)), Own: o.By == r.By.ID,
	}
	if c, known := l.policy.Clause(o.Clause); known {
		row.Clause = f.T("clause.number", "number", c.Number) + " " + c.Title.In(f.Lang())
	}
	return row
}

// texts are the first few masked texts of a list, each different one once.
func (p *Pages) texts(r *Request, tx *db.Tx, ids []inbox.MessageID) (all []SampleText, err error) {
	seen := map[string]bool{}
	for _, id := range ids {
		msg, err := inbox.LoadMessage(r.Context(), tx, r.By.Agency, id)
		if err != nil {
			return nil, err
		}
		if seen[msg.CaseKey()] || len(all) == samples {
			continue
		}
		seen[msg.CaseKey()] = true
		all = append(all, SampleText{Text: shorten(msg.Masked, 160), Path: casePath(id), Veiled: moderation.Disturbing(msg)})
	}
	return all, nil
}

// settleProposal is the second person's word, or the proposer's withdrawal.
func (p *Pages) settleProposal(r *Request) (Answer, error) {
	id := moderation.ProposalID(r.PathValue("id"))
	if r.PostFormValue("do") == "confirm" {
		d, err := p.Moderation.Confirm(r.Context(), r.By, id)
		if err != nil {
			return nil, err
		}
		return GoTo{Path: "/moderasi/orang-kedua", Flash: &Flash{Key: "flash.proposal.confirmed", Args: map[string]string{"number": d.Number, "n": r.Frame.Int(d.Targets)}}}, nil
	}
	if err := p.Moderation.Reject(r.Context(), r.By, id, r.PostFormValue("reason")); err != nil {
		return nil, err
	}
	return GoTo{Path: "/moderasi/orang-kedua", Flash: &Flash{Key: "flash.proposal.rejected"}}, nil
}

// ratify is the second look at a decision over many.
func (p *Pages) ratify(r *Request) (Answer, error) {
	uphold := r.PostFormValue("do") == "uphold"
	if err := p.Moderation.Ratify(r.Context(), r.By, moderation.DecisionID(r.PathValue("id")), uphold, r.PostFormValue("reason")); err != nil {
		return nil, err
	}
	key := "flash.overruled"
	if uphold {
		key = "flash.ratified"
	}
	return GoTo{Path: "/moderasi/orang-kedua", Flash: &Flash{Key: key}}, nil
}

// escalated is what came to somebody who is asked.
func (p *Pages) escalated(r *Request) (Answer, error) {
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	v := EscalatedView{Moderates: r.By.May(identity.Moderate, r.By.Agency)}
	v.Rows, err = p.escalationRows(r, l)
	return Show{View: v}, err
}

// askedTasks is what this person was asked about, on the first page.
func (p *Pages) askedTasks(r *Request, _ lookUp) (tasks []Task, err error) {
	if !r.By.May(identity.ReadInbox, r.By.Agency) {
		return nil, nil
	}
	all, err := p.Moderation.Escalations(r.Context(), r.By)
	for _, e := range all {
		if e.To == r.By.ID {
			tasks = append(tasks, Task{Icon: "flag", Tone: "warn", Title: r.Frame.T("today.task.asked", "number", e.Number), Line: e.Note, Path: "/moderasi/eskalasi", Verb: r.Frame.T("today.verb.review")})
		}
	}
	return tasks, err
}

func (p *Pages) escalationRows(r *Request, l lookUp) (rows []EscalationRow, err error) {
	all, err := p.Moderation.Escalations(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		rows = nil
		for _, e := range all {
			row := EscalationRow{
				ID: string(e.Decision), Number: e.Number, Note: e.Note, Mine: e.To == r.By.ID,
				Asked: r.Frame.T("escalation.asked", "by", l.names[e.By], "to", l.names[e.To], "when", r.Frame.Brief(e.At)),
			}
			if row.Texts, err = p.texts(r, tx, []inbox.MessageID{e.Message}); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// advise answers what was passed on.
func (p *Pages) advise(r *Request) (Answer, error) {
	if err := p.Moderation.Advise(r.Context(), r.By, moderation.DecisionID(r.PathValue("id")), r.PostFormValue("reason")); err != nil {
		return nil, err
	}
	path := "/moderasi/eskalasi"
	if r.By.May(identity.Moderate, r.By.Agency) {
		path = "/moderasi/orang-kedua"
	}
	return GoTo{Path: path, Flash: &Flash{Key: "flash.advised"}}, nil
}
