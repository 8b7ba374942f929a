package web

import (
	"context"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func (p *Pages) inboxRoutes() []Route {
	read, answer := []identity.Power{identity.ReadInbox}, []identity.Power{identity.Answer}
	return []Route{
		{Pattern: "GET /kotak-masuk", Powers: read, Do: p.inboxList},
		{Pattern: "GET /kotak-masuk/{id}", Powers: read, Do: p.inboxThread},
		{Pattern: "POST /kotak-masuk/{id}/balas", Powers: answer, Do: p.reply},
		{Pattern: "POST /kotak-masuk/{id}/catatan", Powers: answer, Do: p.conversationNote},
		{Pattern: "POST /kotak-masuk/{id}/tugaskan", Powers: answer, Do: p.assign},
		{Pattern: "POST /kotak-masuk/{id}/selesai", Powers: answer, Do: p.closeConversation},
		{Pattern: "POST /kotak-masuk/{id}/buka", Powers: answer, Do: p.reopenConversation},
		{Pattern: "POST /kotak-masuk/{id}/eskalasi", Powers: answer, Do: p.escalate},
		{Pattern: "POST /kotak-masuk/{id}/pesan/{message}/buka-pii", Powers: []identity.Power{identity.Unmask}, Do: p.unmask},
		{Pattern: "POST /kotak-masuk/{id}/balasan/{reply}/tarik", Powers: []identity.Power{identity.Moderate}, Do: p.takeBack},
		{Pattern: "POST /kotak-masuk/{id}/balasan/{reply}/sudah-dihapus", Powers: []identity.Power{identity.Moderate}, Do: p.tookBackByHand},
		{Pattern: "POST /kotak-masuk/balasan/{reply}/setujui", Powers: answer, Do: p.approveReply},
	}
}

// inboxSize is how many conversations one page of the list holds.
const inboxSize = 40

func (p *Pages) inboxList(r *Request) (Answer, error) {
	v, err := p.inboxView(r)
	return Show{View: v}, err
}

func (p *Pages) inboxThread(r *Request) (Answer, error) {
	v, err := p.inboxWith(r, inbox.ConversationID(r.PathValue("id")), nil)
	return Show{View: v}, err
}

// inboxWith is the inbox with one conversation open, and what was wrong with
// the form that was sent from it.
func (p *Pages) inboxWith(r *Request, id inbox.ConversationID, problems Problems) (InboxView, error) {
	k, err := p.Inbox.Load(r.Context(), r.By, id)
	if err != nil {
		return InboxView{}, err
	}
	v, err := p.inboxView(r)
	if err != nil {
		return v, err
	}
	for i := range v.List {
		v.List[i].Here = strings.HasPrefix(v.List[i].Path, threadPath(id))
	}
	t, err := p.threadOf(r, k)
	t.Problems = problems
	if problems != nil {
		t.Reply.AsPrivate, t.Reply.Template, t.Reply.Values = r.PostFormValue("private") != "", r.PostFormValue("template"), r.PostFormValue("values")
		t.Reply.Text, t.NoteText = r.PostFormValue("text"), r.PostFormValue("note")
	}
	v.Open = &t
	return v, err
}

func threadPath(id inbox.ConversationID) string { return "/kotak-masuk/" + string(id) }

// inboxView is the lists' names, and the one that is chosen.
func (p *Pages) inboxView(r *Request) (v InboxView, err error) {
	view := inbox.View(r.FormValue("tampilan"))
	q := inbox.Query{View: inbox.Unanswered, Limit: inboxSize}
	counts, err := p.Insight.Views(r.Context(), r.By)
	if err != nil {
		return v, err
	}
	for _, name := range inbox.Views {
		if name == view {
			q.View = name
		}
	}
	for _, name := range inbox.Views {
		v.Views = append(v.Views, Link{
			Text: r.Frame.T("inbox.view." + string(name)), Path: "/kotak-masuk?tampilan=" + string(name), Here: name == q.View,
			Count: int(counts[string(name)]), Icon: inboxIcons[name], Tone: viewTone(name, counts[string(name)]),
		})
	}
	v.Title, v.Back = r.Frame.T("inbox.view."+string(q.View)), "/kotak-masuk?tampilan="+string(q.View)
	q.After = placeFrom(r.FormValue("sesudah"))
	all, err := p.Inbox.List(r.Context(), r.By, q)
	if err != nil {
		return v, err
	}
	look, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	for _, c := range all {
		v.List = append(v.List, p.rowOf(r, c, q.View, look))
	}
	if len(all) == inboxSize {
		v.Cut.Older = v.Back + "&sesudah=" + placeText(all[len(all)-1].Place(q.View))
	}
	if q.After != (inbox.Place{}) {
		v.Cut.Newer = v.Back
	}
	return v, nil
}

var inboxIcons = map[inbox.View]string{
	inbox.Unanswered: "inbox", inbox.Mine: "user", inbox.NearDue: "clock", inbox.Unassigned: "users", inbox.Done: "check",
}

func viewTone(v inbox.View, n int64) string {
	if v == inbox.NearDue && n > 0 {
		return "warn"
	}
	return ""
}

// lookUp is what rows need beside themselves: channels and people's names.
type lookUp struct {
	channels map[channel.ID]channel.Channel
	names    map[identity.PersonID]string
	agency   identity.Agency
	members  []identity.Member
	policy   moderation.Policy // in force now
}

func (p *Pages) lookUp(r *Request) (l lookUp, err error) {
	l.channels = map[channel.ID]channel.Channel{}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		all, err := channel.List(r.Context(), tx, r.By.Agency)
		if err != nil {
			return err
		}
		for _, ch := range all {
			l.channels[ch.ID] = ch
		}
		if l.names, err = identity.Names(r.Context(), tx); err != nil {
			return err
		}
		if l.agency, err = identity.AgencyByID(r.Context(), tx, r.By.Agency); err != nil {
			return err
		}
		l.members, err = identity.Members(r.Context(), tx, r.By.Agency)
		return err
	})
	if err == nil {
		l.policy, err = p.Moderation.PolicyIn(r.Context(), r.By.Agency)
	}
	return l, err
}

func (p *Pages) rowOf(r *Request, c inbox.Conversation, view inbox.View, l lookUp) ConversationRow {
	row := ConversationRow{
		Path: threadPath(c.ID) + "?tampilan=" + string(view), Platform: string(l.channels[c.Channel].Platform), Citizen: r.Frame.T("inbox.citizen", "code", c.Name),
		Summary: c.Summary, Tags: mainTags(r.Frame, c.Labels), Assignee: l.names[c.Assignee], Life: c.Class == inbox.LifeSafety,
	}
	switch {
	case !c.AnsweredAt.IsZero():
		row.When = r.Frame.T("inbox.answered_at", "time", r.Frame.Time(c.AnsweredAt))
	case c.Status == inbox.Closed:
		row.When = r.Frame.T("inbox.closed")
	case !c.Due.IsZero():
		row.Slit = p.slitOf(r, c)
	default:
		row.When = r.Frame.Time(c.LastAt)
	}
	return row
}

// slitOf is the time that is left. In a list it is the wall clock's; the open
// conversation counts working time.
func (p *Pages) slitOf(r *Request, c inbox.Conversation) *Slit {
	left, whole := c.Due.Sub(p.Now()), c.Due.Sub(c.From)
	return slitFor(r.Frame, left, whole)
}

func slitFor(f *Frame, left, whole time.Duration) *Slit {
	s := &Slit{}
	if whole > 0 {
		s.Left = int(100 * left / whole)
	}
	switch {
	case left <= 0:
		s.Left, s.Tone, s.Words = 0, "bad", f.T("inbox.overdue", "time", f.Span(-left))
	default:
		if s.Left <= 25 {
			s.Tone = "warn"
		}
		s.Words = f.T("inbox.left", "time", f.Span(left))
	}
	return s
}

var labelTones = map[moderation.Label]string{
	moderation.SafetyPlea: "bad", moderation.Gambling: "bad", moderation.Fraud: "bad", moderation.Abusive: "bad", moderation.PersonalData: "warn",
	moderation.Complaint: "warn", moderation.Criticism: "info", moderation.Question: "info", moderation.Thanks: "ok",
}

func labelTags(f *Frame, labels []string) (tags []Tag) {
	for _, known := range moderation.Labels() {
		for _, l := range labels {
			if l == string(known) {
				tags = append(tags, Tag{Text: f.T("label." + l), Tone: labelTones[known]})
			}
		}
	}
	return tags
}

// tried shows the conversation again with what was wrong, keeping the words.
func (p *Pages) tried(r *Request, err error) (Answer, error) {
	if fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.Conflict {
		return nil, err
	}
	v, verr := p.inboxWith(r, inbox.ConversationID(r.PathValue("id")), r.Frame.Fault(err))
	if verr != nil {
		return nil, verr
	}
	return Show{View: v, Status: statusOf(fault.KindOf(err))}, nil
}

// after goes back to the conversation after a deed.
func (p *Pages) after(ctx context.Context, r *Request, err error, flash string) (Answer, error) {
	if err != nil {
		return p.tried(r, err)
	}
	return GoTo{Path: threadPath(inbox.ConversationID(r.PathValue("id"))), Flash: &Flash{Key: flash}}, nil
}
