package web

import (
	"net/http"
	"slices"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func (p *Pages) hearingRoutes() []Route {
	hear := []identity.Power{identity.Moderate, identity.Approve, identity.ReadAudit}
	return []Route{
		{Pattern: "GET /moderasi/keberatan", Powers: hear, Do: p.hearings},
		{Pattern: "GET /moderasi/keberatan/{id}", Powers: hear, Do: p.hearing},
		{Pattern: "POST /moderasi/keberatan/{id}/putusan", Powers: []identity.Power{identity.Moderate, identity.Approve}, Do: p.rule},
		{Pattern: "POST /moderasi/keberatan/{id}/buka/{word}", Powers: []identity.Power{identity.Unmask}, Do: p.unmaskPlea},
	}
}

const hearingsPath = "/moderasi/keberatan"

// hearings lists objections: those to decide by deadline, or those decided.
func (p *Pages) hearings(r *Request) (Answer, error) {
	f := r.Frame
	v := HearingsView{Done: r.FormValue("status") == "diputus"}
	list := p.Moderation.OpenObjections
	if v.Done {
		list = p.Moderation.DecidedObjections
	}
	all, err := list(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	names, err := p.names(r)
	if err != nil {
		return nil, err
	}
	policy, err := p.Moderation.PolicyIn(r.Context(), r.By.Agency)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		v.Rows = append(v.Rows, p.hearingRow(f, l, names, policy))
	}
	if v.Tabs, err = p.hearingTabs(r); err != nil {
		return nil, err
	}
	v.Lists = []Link{
		{Text: f.T("hearing.open"), Path: hearingsPath, Here: !v.Done},
		{Text: f.T("hearing.done"), Path: hearingsPath + "?status=diputus", Here: v.Done},
	}
	return Show{View: v}, nil
}

// hearingTabs are the pages of Moderasi for whoever has them.
func (p *Pages) hearingTabs(r *Request) ([]Link, error) {
	if !r.By.May(identity.Moderate, r.By.Agency) {
		return nil, nil
	}
	tabs, _, err := p.moderationTabs(r, hearingsPath)
	return tabs, err
}

func (p *Pages) names(r *Request) (names map[identity.PersonID]string, err error) {
	err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		names, err = identity.Names(r.Context(), tx)
		return err
	})
	return names, err
}

func (p *Pages) hearingRow(f *Frame, l moderation.Listed, names map[identity.PersonID]string, policy moderation.Policy) HearingRow {
	row := HearingRow{
		Number: l.Number, Path: hearingsPath + "/" + string(l.ID), Act: f.T("objection.act." + string(l.Act)), Clause: clauseWords(f, policy, l.On),
		Filed: f.Brief(l.FiledAt), Words: l.Words, State: hearingState(f, l.Objection),
	}
	switch {
	case l.State != moderation.ObjectionOpen:
		row.Note = f.T("hearing.by", "name", names[l.DecidedBy], "when", f.Brief(l.DecidedAt))
	case l.Timed:
		row.Due = p.dueTag(f, l.Objection)
		if !l.Clock.OtherDue.IsZero() {
			row.Note = f.T("objection.other_reading", "day", f.Day(l.Clock.OtherDue))
		}
	}
	if l.Mine != nil {
		row.Mine = f.T("hearing.not_you")
	}
	return row
}

// near is when a deadline is called close.
const near = 2 * 24 * time.Hour

// dueTag is the deadline: red when it has passed, amber from two days before
// the earlier of its two dates.
func (p *Pages) dueTag(f *Frame, o moderation.Objection) Tag {
	now := p.Now()
	switch {
	case o.Late(now):
		return Tag{Text: f.T("hearing.late", "day", f.Day(o.Clock.Due)), Tone: "bad", Icon: "clock"}
	case now.After(o.Clock.Alarm().Add(-near)):
		return Tag{Text: f.T("hearing.due", "day", f.Day(o.Clock.Due)), Tone: "warn", Icon: "clock"}
	}
	return Tag{Text: f.T("hearing.due", "day", f.Day(o.Clock.Due)), Icon: "clock"}
}

func hearingState(f *Frame, o moderation.Objection) Tag {
	tone := map[string]string{moderation.ObjectionOpen: "info", moderation.ObjectionGranted: "ok", moderation.ObjectionPartly: "warn", moderation.ObjectionDenied: "bad"}[o.State]
	return Tag{Text: f.T("objection.state." + o.State), Tone: tone}
}

func (p *Pages) hearing(r *Request) (Answer, error) {
	v, err := p.hearingOf(r)
	if err != nil {
		return nil, err
	}
	return Show{View: v}, nil
}

func (p *Pages) hearingOf(r *Request) (*HearingView, error) {
	f, ctx := r.Frame, r.Context()
	h, err := p.Moderation.Objected(ctx, r.By, moderation.ObjectionID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	names, err := p.names(r)
	if err != nil {
		return nil, err
	}
	d, policy := h.Decision, p.policyOf(r, r.By.Agency, h.Decision.Policy)
	v := &HearingView{
		ID: string(h.ID), Row: p.hearingRow(f, h.Listed, names, policy), Reason: d.Reason, By: names[d.By], When: f.Brief(d.At), Targets: d.Targets, Policy: d.Policy,
		State: Tag{Text: f.T("decision.state." + d.State), Tone: decisionTones[d.State]}, Deadline: deadline(f, h.Clock, h.Timed), Late: h.Late(p.Now()),
		Evidence: "/moderasi/bukti/" + string(d.ID), MayUnmask: r.By.May(identity.Unmask, r.By.Agency), Open: h.State == moderation.ObjectionOpen,
	}
	if d.By.System() {
		v.By = f.T("objection.automatic")
	}
	if v.Tabs, err = p.hearingTabs(r); err != nil {
		return nil, err
	}
	if v.MayUnmask {
		v.Case = string(casePath(d.Message))
	}
	for _, s := range h.Said {
		v.Said = append(v.Said, PleaWord{ID: s.ID, Text: s.Masked, When: f.Brief(s.At), Added: s.Added, Reveal: s.Hides && v.MayUnmask})
	}
	for _, m := range h.Members {
		if len(v.Messages) < 3 {
			v.Messages = append(v.Messages, m.Masked)
		}
	}
	v.MoreMessages = len(h.Members) - len(v.Messages)
	v.Notices = noticeRows(f, h.Notices)
	if err := p.outcomeOf(r, v, h, names); err != nil {
		return nil, err
	}
	return v, p.similarTo(r, v, h, policy)
}

// outcomeOf shows what was decided, or prepares the form for whoever may.
func (p *Pages) outcomeOf(r *Request, v *HearingView, h moderation.Hearing, names map[identity.PersonID]string) error {
	f := r.Frame
	policy, err := p.Moderation.PolicyIn(r.Context(), r.By.Agency) // what is decided now goes by what is in force now
	if err != nil {
		return err
	}
	if !v.Open {
		v.Outcome = &CaseStep{Title: f.T("objection.outcome." + h.State), When: f.T("hearing.by", "name", names[h.DecidedBy], "when", f.Brief(h.DecidedAt)), Lines: []string{h.Reason}}
		if h.Clause != "" {
			v.Outcome.Lines = append(v.Outcome.Lines, f.T("objection.step.clause", "clause", clauseWords(f, policy, h.Clause)))
		}
		if h.Back != nil {
			v.Undoing = &Tag{Text: h.Back.Number + ": " + f.T("decision.state."+h.Back.State), Tone: decisionTones[h.Back.State]}
			if h.Back.Code != "" {
				v.UndoingWhy = wordOr(f, "fault."+h.Back.Code, h.Back.Code)
			}
		}
		return nil
	}
	if h.Mine != nil {
		for _, s := range f.Fault(h.Mine) {
			v.NotYou = append(v.NotYou, s.Text)
		}
		return nil
	}
	v.Form = &RulingForm{Act: f.T("objection.act." + string(h.Act)), Gives: f.T("hearing.gives." + string(h.Act))}
	for _, c := range policy.Clauses {
		if !c.Protected && c.Allows(h.Act) && c.Number != h.On {
			v.Form.Clauses = append(v.Form.Clauses, Choice{Value: c.Number, Text: c.Number + " " + c.Title.In(f.Lang())})
		}
	}
	draft, err := p.Moderation.DraftOutcome(r.Context(), r.By, h.ID, moderation.Ruling{Outcome: moderation.ObjectionDenied})
	if err != nil {
		return err
	}
	v.Form.Way = f.T("notice.way." + draft.Way)
	v.Form.CanTell = draft.Way == moderation.Privately
	if draft.Code != "" {
		v.Form.WayWhy = f.T("fault." + draft.Code)
	}
	return nil
}

// similarTo lists earlier decisions that may help, for who may read the inbox.
func (p *Pages) similarTo(r *Request, v *HearingView, h moderation.Hearing, policy moderation.Policy) error {
	if !r.By.May(identity.ReadInbox, r.By.Agency) {
		return nil
	}
	all, err := p.Moderation.Similar(r.Context(), r.By, h.Message)
	for _, s := range all {
		if s.Decision.ID == h.Decision.ID || h.Back != nil && s.Decision.ID == h.Back.ID || len(v.Similar) == 5 {
			continue
		}
		line := s.Decision.Number + " · " + r.Frame.T("act."+string(s.Decision.Act)) + " · " + clauseWords(r.Frame, policy, s.Decision.Clause)
		if s.Reversed != "" {
			line += " · " + r.Frame.T("hearing.reversed", "number", s.Reversed)
		}
		v.Similar = append(v.Similar, SimilarLine{Line: line, Text: shorten(s.Masked, 120)})
	}
	return err
}

// noticeRows say who was told, and who could not be and why.
func noticeRows(f *Frame, all []moderation.Notice) (rows []NoticeRow) {
	tones := map[string]string{"sent": "ok", "waiting": "warn", "failed": "bad", "none": "warn", "dropped": "", "held": "info", "due": "info", "queued": "info"}
	for _, n := range all {
		stands := n.Stands()
		row := NoticeRow{State: Tag{Text: f.T("notice.state." + stands), Tone: tones[stands]}, Way: f.T("notice.way." + n.Way), Text: n.Text, Outcome: n.Objection != ""}
		for _, code := range []string{n.Code, n.Said} {
			if code != "" && row.Why == "" {
				row.Why = wordOr(f, "fault."+code, code)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// rule writes the outcome. What was typed stays on the page when it is refused.
func (p *Pages) rule(r *Request) (Answer, error) {
	ruling := moderation.Ruling{Outcome: r.PostFormValue("outcome"), Reason: r.PostFormValue("reason"), Notice: r.PostFormValue("notice")}
	if ruling.Outcome == moderation.ObjectionPartly {
		ruling.Clause = r.PostFormValue("clause")
	}
	id := moderation.ObjectionID(r.PathValue("id"))
	o, err := p.Moderation.DecideObjection(r.Context(), r.By, id, ruling)
	if err == nil {
		return GoTo{Path: hearingsPath + "/" + string(id), Flash: &Flash{Key: "flash.objection." + o.State}}, nil
	}
	kind := fault.KindOf(err)
	if fault.Find(err) == nil || kind == fault.NotFound || kind == fault.Internal {
		return nil, err
	}
	v, failed := p.hearingOf(r)
	if failed != nil {
		return nil, failed
	}
	if v.Form == nil {
		return nil, err // decided meanwhile, or not for this person
	}
	v.Form.Problems, v.Form.Reason, v.Form.Notice, v.Form.Outcome = r.Frame.Fault(err), ruling.Reason, ruling.Notice, ruling.Outcome
	for i := range v.Form.Clauses {
		v.Form.Clauses[i].Picked = v.Form.Clauses[i].Value == ruling.Clause
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}

// unmaskPlea shows one objector's words as they were written, once, on this
// answer only: the next loading of the page is masked again.
func (p *Pages) unmaskPlea(r *Request) (Answer, error) {
	word := r.PathValue("word")
	text, err := p.Moderation.UnmaskWord(r.Context(), r.By, moderation.ObjectionID(r.PathValue("id")), word, r.PostFormValue("purpose"))
	wrong := fault.KindOf(err) == fault.Invalid && err != nil
	if err != nil && !wrong {
		return nil, err
	}
	v, failed := p.hearingOf(r)
	if failed != nil {
		return nil, failed
	}
	i := slices.IndexFunc(v.Said, func(s PleaWord) bool { return s.ID == word })
	if wrong {
		if i >= 0 {
			v.Said[i].Problems = r.Frame.Fault(err)
		}
		return Show{View: v, Status: http.StatusUnprocessableEntity}, nil
	}
	if i >= 0 {
		v.Said[i].Text, v.Said[i].Reveal, v.Said[i].Revealed = text, false, true
	}
	return Show{View: v}, nil
}

// hearingTasks are objections that this person could decide, on Hari Ini.
func (p *Pages) hearingTasks(r *Request, _ lookUp) (tasks []Task, err error) {
	if !r.By.May(identity.Moderate, r.By.Agency) && !r.By.May(identity.Approve, r.By.Agency) {
		return nil, nil
	}
	all, err := p.Moderation.OpenObjections(r.Context(), r.By)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	policy, err := p.Moderation.PolicyIn(r.Context(), r.By.Agency)
	for _, l := range all {
		late := l.Late(p.Now()) && r.By.May(identity.Approve, r.By.Agency) // whoever signs learns what nobody has decided in time
		if l.Mine != nil && !late || len(tasks) == 3 {
			continue
		}
		t := Task{
			Icon: "scale", Title: r.Frame.T("today.task.objection", "number", l.Number), Line: r.Frame.T("objection.act."+string(l.Act)) + " · " + clauseWords(r.Frame, policy, l.On),
			Path: hearingsPath + "/" + string(l.ID), Verb: r.Frame.T("today.verb.review"),
		}
		if l.Timed {
			t.When = p.dueTag(r.Frame, l.Objection)
			t.Tone = t.When.Tone
		}
		tasks = append(tasks, t)
	}
	return tasks, err
}
