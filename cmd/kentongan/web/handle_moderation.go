package web

import (
	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func (p *Pages) moderationRoutes() []Route {
	moderate := []identity.Power{identity.Moderate}
	return []Route{
		{Pattern: "GET /moderasi", Powers: moderate, Do: p.cases},
		{Pattern: "GET /moderasi/pesan/{message}", Powers: moderate, Do: p.caseOf},
		{Pattern: "POST /moderasi/keputusan", Powers: moderate, Do: p.judge},
		{Pattern: "POST /moderasi/keputusan/{id}/selesai", Powers: moderate, Do: p.handDone},
	}
}

// caseSize is how many cases, or decisions, one page of a list holds.
const caseSize = 40

func casePath(id inbox.MessageID) string { return "/moderasi/pesan/" + string(id) }

// cases shows the queue with its first case open, or the decisions.
func (p *Pages) cases(r *Request) (Answer, error) {
	if r.FormValue("status") == "putusan" {
		return p.decisions(r)
	}
	v, err := p.caseList(r, "")
	if err != nil {
		return nil, err
	}
	if len(v.Rows) > 0 {
		v.Rows[0].Here = true
		id := inbox.MessageID(v.Rows[0].Path[len(casePath("")):])
		if v.Open, err = p.openCase(r, id); err != nil {
			return nil, err
		}
	}
	return Show{View: v}, nil
}

// caseOf shows one case: of the queue, or any message a moderator came from.
func (p *Pages) caseOf(r *Request) (Answer, error) {
	id := inbox.MessageID(r.PathValue("message"))
	v, err := p.caseList(r, id)
	if err != nil {
		return nil, err
	}
	v.Chosen = true
	v.Open, err = p.openCase(r, id)
	return Show{View: v}, err
}

func (p *Pages) moderationTabs(r *Request, done bool) ModerationView {
	v := ModerationView{Done: done}
	v.Tabs = []Link{
		{Text: r.Frame.T("moderation.queue"), Path: "/moderasi", Here: !done},
		{Text: r.Frame.T("moderation.decisions"), Path: "/moderasi?status=putusan", Here: done},
	}
	return v
}

func (p *Pages) caseList(r *Request, here inbox.MessageID) (v ModerationView, err error) {
	v = p.moderationTabs(r, false)
	if v.Waiting, err = p.Moderation.Waiting(r.Context(), r.By); err != nil {
		return v, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	after := inbox.MessageID(r.FormValue("sesudah"))
	all, err := p.Moderation.Queue(r.Context(), r.By, after, caseSize+1)
	if err != nil {
		return v, err
	}
	if len(all) > caseSize {
		all = all[:caseSize]
		v.Cut.Older = "/moderasi?sesudah=" + string(all[caseSize-1].ID)
	}
	if after != "" {
		v.Cut.Newer = "/moderasi"
	}
	for _, c := range all {
		row := p.caseRow(r.Frame, c, l)
		row.Here = c.ID == here
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// judge writes what the moderator decided. What was typed stays on the page
// when it is refused.
func (p *Pages) judge(r *Request) (Answer, error) {
	id := inbox.MessageID(r.PostFormValue("message"))
	o := moderation.Order{
		Messages: []inbox.MessageID{id}, Copies: r.PostFormValue("copies") != "", Act: moderation.Act(r.PostFormValue("act")),
		Clause: r.PostFormValue("clause"), Reason: r.PostFormValue("reason"),
	}
	d, err := p.Moderation.Decide(r.Context(), r.By, o)
	if err == nil {
		return GoTo{Path: "/moderasi", Flash: &Flash{Key: "flash.decided." + string(d.Act), Args: map[string]string{"number": d.Number, "n": r.Frame.Int(d.Targets)}}}, nil
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && fault.Find(err) == nil || kind == fault.NotFound {
		return nil, err
	}
	v, failed := p.caseList(r, id)
	if failed != nil {
		return nil, failed
	}
	if v.Open, failed = p.openCase(r, id); failed != nil {
		return nil, failed
	}
	v.Chosen = true
	v.Open.Problems, v.Open.Chosen, v.Open.Reason, v.Open.WithCopies = r.Frame.Fault(err), o.Clause, o.Reason, o.Copies
	return Show{View: v, Status: statusOf(kind)}, nil
}

// handDone records that a person has carried a decision out at the platform.
func (p *Pages) handDone(r *Request) (Answer, error) {
	if err := p.Moderation.DoneByHand(r.Context(), r.By, moderation.DecisionID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/moderasi?status=putusan", Flash: &Flash{Key: "flash.by_hand_done"}}, nil
}

// decisions lists what was decided, the latest first.
func (p *Pages) decisions(r *Request) (Answer, error) {
	v := p.moderationTabs(r, true)
	before := moderation.DecisionID(r.FormValue("sebelum"))
	all, err := p.Moderation.Decisions(r.Context(), r.By, before, caseSize+1)
	if err != nil {
		return nil, err
	}
	if v.Waiting, err = p.Moderation.Waiting(r.Context(), r.By); err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	if len(all) > caseSize {
		all = all[:caseSize]
		v.Cut.Older = "/moderasi?status=putusan&sebelum=" + string(all[caseSize-1].ID)
	}
	if before != "" {
		v.Cut.Newer = "/moderasi?status=putusan"
	}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		v.Decisions = nil
		for _, d := range all {
			row := p.decisionRow(r.Frame, d, l)
			msg, err := inbox.LoadMessage(r.Context(), tx, r.By.Agency, d.Message)
			if err != nil {
				return err
			}
			if d.Act == moderation.Hide && d.State == moderation.Done && !msg.HiddenAt.IsZero() {
				row.Restore = string(d.Message)
			}
			v.Decisions = append(v.Decisions, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, d := range all {
		if d.State != moderation.ByHand {
			continue
		}
		left, err := p.Moderation.Handwork(r.Context(), r.By, d.ID)
		if err != nil {
			return nil, err
		}
		for _, h := range left {
			v.Decisions[i].Hand = append(v.Decisions[i].Hand, HandLine{Message: casePath(h.Message), Page: h.Page})
		}
	}
	return Show{View: v}, nil
}
