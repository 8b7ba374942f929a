package web

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
	"kentongan/publisher"
)

// sameRevision fails when the conversation is no longer the one on the page.
func (p *Pages) sameRevision(r *Request) error {
	seen, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return fault.Wrap(fault.Invalid, "page.no_revision", err)
	}
	return p.DB.View(r.Context(), func(tx *db.Tx) error {
		c, err := inbox.LoadConversation(r.Context(), tx, r.By.Agency, r.conversation())
		if err == nil && c.Revision != seen {
			err = fault.New(fault.Conflict, "conversation.changed_meanwhile")
		}
		return err
	})
}

// threadOf draws one case.
func (p *Pages) threadOf(r *Request, k inbox.Case) (t Thread, err error) {
	f := r.Frame
	l, err := p.lookUp(r)
	if err != nil {
		return t, err
	}
	ch := l.channels[k.Channel]
	t = Thread{
		ID: string(k.ID), Path: threadPath(k.ID), Platform: string(ch.Platform), Title: k.Summary, Revision: k.Revision,
		Line:     f.T("inbox.kind."+string(k.Kind)) + " · " + ch.Handle,
		Status:   Tag{Text: f.T("inbox.status." + string(k.Status))},
		Assignee: l.names[k.Assignee], Mine: k.Assignee == r.By.ID,
		May: p.mayOf(r, k),
	}
	if !k.AnsweredAt.IsZero() {
		t.Status = Tag{Text: f.T("inbox.answered_after", "time", f.Span(k.Spent)), Tone: "ok"}
	} else if k.Status == inbox.Open && !k.Due.IsZero() {
		t.Slit = p.slitOf(r, k.Conversation)
		if k.Left > 0 {
			t.Slit.Words = f.T("inbox.left", "time", f.Span(k.Left))
		}
		if !k.Running {
			t.Note = f.T("inbox.paused")
		}
	}
	t.People = append(t.People, Choice{Value: "", Text: f.T("inbox.nobody"), Picked: k.Assignee == ""})
	for _, m := range l.members {
		if holdsAny(m.Roles, identity.Officer, identity.Moderator) {
			t.People = append(t.People, Choice{Value: string(m.ID), Text: m.Name, Picked: k.Assignee == m.ID})
		}
	}
	if err := p.items(r, k, l, &t); err != nil {
		return t, err
	}
	t.About = p.about(r, k, l)
	return t, p.replyForm(r, k, &t)
}

func holdsAny(roles []identity.Role, any ...identity.Role) bool {
	return slices.ContainsFunc(roles, func(r identity.Role) bool { return slices.Contains(any, r) })
}

func (p *Pages) mayOf(r *Request, k inbox.Case) ThreadMay {
	answers := r.By.May(identity.Answer, r.By.Agency)
	open := k.Status == inbox.Open
	m := ThreadMay{Answer: answers, Note: answers, Assign: answers, Close: answers && open, Reopen: answers && !open, Escalate: answers}
	if !answers {
		m.WhyNot = r.Frame.T("inbox.why_not.role")
	}
	return m
}

// items puts everything that was said in the order of time.
func (p *Pages) items(r *Request, k inbox.Case, l lookUp, t *Thread) error {
	f := r.Frame
	back, err := p.Moderation.TakeBacks(r.Context(), r.By, k.ID)
	if err != nil {
		return err
	}
	type timed struct {
		at   int64
		item ThreadItem
	}
	var all []timed
	for _, m := range k.Messages {
		all = append(all, timed{m.PostedAt.UnixMicro(), p.messageItem(r, k, m)})
	}
	for _, n := range k.Notes {
		all = append(all, timed{n.At.UnixMicro(), ThreadItem{ID: n.ID, Kind: "note", Who: l.names[n.By], Meta: f.Time(n.At), Pieces: []Piece{{Kind: "kept", Text: n.Text}}}})
	}
	for _, s := range k.Replies {
		it := replyItem(f, s, l)
		it.TakeBack = takeBackOf(r, k, s, back, l.names)
		all = append(all, timed{s.CreatedAt.UnixMicro(), it})
	}
	slices.SortStableFunc(all, func(a, b timed) int { return int(max(-1, min(1, a.at-b.at))) })
	for _, one := range all {
		t.Items = append(t.Items, one.item)
	}
	return nil
}

func (p *Pages) messageItem(r *Request, k inbox.Case, m inbox.Message) ThreadItem {
	f := r.Frame
	it := ThreadItem{
		ID: string(m.ID), Kind: "citizen", Who: f.T("inbox.citizen", "code", k.Name), Meta: f.Brief(m.PostedAt) + " · " + f.T("inbox.kind."+string(m.Kind)),
		Pieces: maskedPieces(m), Link: m.URL,
	}
	if len(m.Files) > 0 {
		var kinds []string
		for _, kind := range m.Files {
			kinds = append(kinds, f.T("inbox.file."+kind))
		}
		it.Files = f.T("inbox.files", "kinds", strings.Join(kinds, ", "))
	}
	if !m.EditedAt.IsZero() {
		it.Meta += " · " + f.T("inbox.edited")
	}
	for _, v := range k.Versions[m.ID] {
		if v.Masked != m.Masked {
			it.Earlier = append(it.Earlier, v.Masked)
		}
	}
	switch {
	case !m.DeletedAt.IsZero():
		it.Gone = f.T("inbox.gone.deleted")
	case !m.HiddenAt.IsZero():
		it.Gone = f.T("inbox.gone.hidden")
	}
	if len(m.Marks) > 0 && r.By.May(identity.Unmask, r.By.Agency) {
		it.Reveal = threadPath(k.ID) + "/pesan/" + string(m.ID) + "/buka-pii"
	}
	if r.By.May(identity.Moderate, r.By.Agency) && m.DeletedAt.IsZero() {
		it.Hide = "/moderasi/pesan/" + string(m.ID)
	}
	return it
}

// maskedPieces shows where personal data was.
func maskedPieces(m inbox.Message) (pieces []Piece) {
	at := 0
	for _, mark := range m.Marks {
		if mark.Start < at || mark.End > len(m.Masked) {
			continue
		}
		if mark.Start > at {
			pieces = append(pieces, Piece{Kind: "kept", Text: m.Masked[at:mark.Start]})
		}
		pieces = append(pieces, Piece{Kind: "masked", Text: m.Masked[mark.Start:mark.End]})
		at = mark.End
	}
	if at < len(m.Masked) || at == 0 {
		pieces = append(pieces, Piece{Kind: "kept", Text: m.Masked[at:]})
	}
	return pieces
}

func replyItem(f *Frame, s inbox.Sent, l lookUp) ThreadItem {
	it := ThreadItem{ID: string(s.ID), Kind: "ours", Who: l.names[s.By], Meta: f.Brief(s.CreatedAt), Pieces: []Piece{{Kind: "kept", Text: s.Text}}, Link: s.URL}
	state, tone := string(s.State), "info"
	if s.State == inbox.ReplyQueued && s.DeliveryState != "" {
		state = s.DeliveryState
	}
	switch {
	case state == string(inbox.ReplyPublished):
		tone = "ok"
	case s.State == inbox.ReplyTakenBack:
		tone, it.Link = "warn", "" // what it led to is gone
	case publisher.State(state).NeedsReview():
		tone = "bad"
		it.Delivery = "/pengiriman/" + s.Delivery
	}
	it.State = &Tag{Text: f.T("reply.state." + state), Tone: tone}
	if s.Private {
		it.Meta += " · " + f.T("inbox.reply.private_tag")
	}
	if s.Template != "" {
		it.Meta += " · " + f.T("inbox.reply.template_tag")
	}
	if s.Code != "" {
		it.Explain = f.T("fault." + s.Code)
	}
	return it
}

// replyForm prepares an answer to the citizen's newest message.
func (p *Pages) replyForm(r *Request, k inbox.Case, t *Thread) error {
	t.Reply.Second = p.secondSigns(r)
	for _, m := range k.Messages {
		if m.DeletedAt.IsZero() {
			t.Reply.InReplyTo = string(m.ID)
		}
	}
	if t.Reply.InReplyTo == "" {
		t.May.Answer, t.May.WhyNot = false, r.Frame.T("inbox.why_not.deleted")
	}
	if t.Reply.InReplyTo == "" {
		return nil
	}
	return p.reachOf(r, t)
}

// reachOf says how the citizen's newest message can be answered.
func (p *Pages) reachOf(r *Request, t *Thread) error {
	id := inbox.MessageID(t.Reply.InReplyTo)
	var reach moderation.Reach
	err := p.DB.View(r.Context(), func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(r.Context(), tx, r.By.Agency, id)
		if err == nil {
			reach, err = p.Moderation.ReachOf(r.Context(), tx, msg)
		}
		return err
	})
	if err != nil {
		return err
	}
	f := r.Frame
	t.Reply.Limit, t.Reply.Unit, t.Reply.Private = reach.Limit, f.T("unit."+reach.Unit), reach.Private
	if reach.Note != "" {
		t.Reply.Note = f.T(reach.Note)
	}
	switch {
	case !t.May.Answer:
	case !reach.Public && !reach.Private:
		t.May.Answer, t.May.WhyNot = false, f.T("inbox.why_not.platform")
	case !reach.Open && reach.Template:
		t.Reply.Closed, t.Reply.Templates = f.T("inbox.reply.closed", "time", f.Brief(reach.Closes)), p.templates(r, id)
	case !reach.Open:
		t.May.Answer, t.May.WhyNot = false, f.T("inbox.reply.closed_none", "time", f.Brief(reach.Closes))
	case !reach.Closes.IsZero():
		t.Reply.Window = f.T("inbox.reply.closes", "time", f.Brief(reach.Closes))
	}
	return nil
}

// templates are the approved ones; none when the platform does not answer soon.
func (p *Pages) templates(r *Request, id inbox.MessageID) (all []TemplateChoice) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	known, err := p.Moderation.Templates(ctx, r.By, id)
	if err != nil {
		p.Log.WarnContext(ctx, "templates cannot be read", slog.String("code", fault.Code(err)))
	}
	for _, k := range known {
		if k.State == "APPROVED" {
			all = append(all, TemplateChoice{Value: k.Name + "/" + k.Language, Name: k.Name + " (" + k.Language + ")", Body: k.Body})
		}
	}
	return all
}

func (p *Pages) secondSigns(r *Request) bool {
	rule := identity.Own
	_ = p.DB.View(r.Context(), func(tx *db.Tx) error {
		a, err := identity.AgencyByID(r.Context(), tx, r.By.Agency)
		rule = a.ReplyRule
		return err
	})
	return rule == identity.Second
}

// about is what may be known of the citizen, and why the message was labelled.
func (p *Pages) about(r *Request, k inbox.Case, l lookUp) CitizenView {
	f := r.Frame
	v := CitizenView{Name: f.T("inbox.citizen", "code", k.Name)}
	if len(k.Messages) > 0 {
		v.Handle = k.Messages[0].HandleMasked
	}
	v.Facts = append(v.Facts, Fact{Name: f.T("inbox.fact.class"), Value: f.T("inbox.class." + string(k.Class))})
	if !k.Due.IsZero() {
		v.Facts = append(v.Facts, Fact{Name: f.T("inbox.fact.due"), Value: f.Brief(k.Due)})
	}
	for _, m := range k.Messages {
		for _, reason := range moderation.VerdictOf(m).Reasons {
			words := f.T("rule." + string(reason.Rule))
			if !slices.Contains(v.Why, words) {
				v.Why = append(v.Why, words)
			}
		}
	}
	for _, o := range k.Others {
		line := PastLine{When: f.Date(o.LastAt), Title: o.Summary, Path: threadPath(o.ID), Result: f.T("inbox.status." + string(o.Status))}
		if !o.AnsweredAt.IsZero() {
			line.Result, line.Tone = f.T("inbox.answered_after", "time", f.Span(o.Spent)), "ok"
		}
		v.Past = append(v.Past, line)
	}
	for _, e := range k.History {
		who := l.names[e.Actor]
		if who == "" {
			who = f.T("audit.system")
		}
		v.Trail = append(v.Trail, f.Time(e.At)+" "+f.T("deed."+e.Deed, "who", who))
	}
	return v
}
