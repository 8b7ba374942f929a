package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/publisher"
)

func (p *Pages) todayRoutes() []Route {
	return []Route{{Pattern: "GET /hari-ini", Do: p.today}}
}

// placeText and placeFrom carry a place in a list through an address.
func placeText(at inbox.Place) string {
	return strconv.FormatInt(at.Rank, 10) + "." + strconv.FormatInt(at.At, 10) + "." + string(at.ID)
}

func placeFrom(text string) (at inbox.Place) {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 3 {
		return at
	}
	rank, err1 := strconv.ParseInt(parts[0], 10, 64)
	when, err2 := strconv.ParseInt(parts[1], 10, 64)
	if err1 != nil || err2 != nil {
		return at
	}
	return inbox.Place{Rank: rank, At: when, ID: inbox.ConversationID(parts[2])}
}

// mostTasks is how many things to do the first page lists.
const mostTasks = 8

func (p *Pages) today(r *Request) (Answer, error) {
	f := r.Frame
	t, err := p.Insight.Today(r.Context(), r.By)
	if err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	v := TodayView{Lead: p.lead(f, t), Queue: p.queueTag(f), Figures: figures(f, t)}
	for _, gather := range []func(*Request, lookUp) ([]Task, error){p.plannedTasks, p.inboxTasks, p.reviewTasks, p.hearingTasks, p.askedTasks, p.moderationTasks} {
		tasks, err := gather(r, l)
		if err != nil {
			return nil, err
		}
		v.Tasks = append(v.Tasks, tasks...)
	}
	slices.SortStableFunc(v.Tasks, func(a, b Task) int {
		switch {
		case a.Life == b.Life:
			return 0
		case a.Life:
			return -1
		}
		return 1
	})
	if len(v.Tasks) > mostTasks {
		v.More, v.Tasks = len(v.Tasks)-mostTasks, v.Tasks[:mostTasks]
	}
	if v.Slots, err = p.slots(r, l); err != nil {
		return nil, err
	}
	for _, m := range channelsInOrder(l) {
		v.Channels = append(v.Channels, ChannelLine{Platform: string(m.Platform), Handle: m.Handle, Health: healthTag(f, m)})
	}
	return Show{View: v}, nil
}

func channelsInOrder(l lookUp) (all []channel.Channel) {
	for _, ch := range l.channels {
		all = append(all, ch)
	}
	for i := range all {
		for j := i; j > 0 && all[j].ID < all[j-1].ID; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all
}

func healthTag(f *Frame, ch channel.Channel) Tag {
	tone := "ok"
	switch {
	case ch.Broken():
		tone = "bad"
	case ch.Health == channel.Blocked:
		tone = "warn"
	}
	return Tag{Text: f.T("channel.health." + string(ch.Health)), Tone: tone}
}

func (p *Pages) lead(f *Frame, t insight.Today) string {
	switch w := t.Waiting; {
	case w.LifeSafety > 0:
		return f.T("today.lead.life", "n", w.LifeSafety)
	case w.Overdue > 0:
		return f.T("today.lead.overdue", "n", w.Overdue, "near", w.Near)
	case w.Near > 0:
		return f.T("today.lead.near", "n", w.Near)
	case w.Open > 0:
		return f.T("today.lead.open", "n", w.Open)
	}
	return f.T("today.lead.calm")
}

func (p *Pages) queueTag(f *Frame) Tag {
	type alive interface{ Alive() bool }
	if q, ok := p.Queue.(alive); ok && !q.Alive() {
		return Tag{Text: f.T("today.queue.stopped"), Tone: "bad"}
	}
	return Tag{Text: f.T("today.queue.normal"), Tone: "ok"}
}

// figures are the five numbers of the first page.
func figures(f *Frame, t insight.Today) []Figure {
	open := Figure{Label: f.T("today.unanswered"), Value: f.Int(t.Waiting.Open), Unit: f.T("unit.messages"), Note: f.T("today.unanswered.note", "late", t.Waiting.Overdue, "near", t.Waiting.Near), Icon: "clock", Tone: toneIf(t.Waiting.Overdue+t.Waiting.Near > 0, "warn")}
	median := Figure{Label: f.T("today.median"), Value: "–", Note: f.T("today.target", "time", f.Duration(t.Response.Target)), Icon: "history"}
	within := Figure{Label: f.T("today.within"), Value: "–", Note: f.T("today.within.none"), Icon: "circle-check"}
	if share, ok := t.Response.Share(); ok {
		median.Value = f.Duration(t.Response.Median)
		within.Value, within.Note, within.Tone = f.Percent(share), f.T("today.within.note", "n", t.Response.Answered), "ok"
	}
	review := Figure{Label: f.T("today.review"), Value: f.Int(t.Review), Unit: f.T("unit.posts"), Icon: "stamp", Note: f.T("today.review.none")}
	if !t.Next.IsZero() {
		review.Note = f.T("today.next", "time", f.Brief(t.Next))
	}
	failed := Figure{Label: f.T("today.failed"), Value: f.Int(t.Failed), Unit: f.T("unit.posts"), Icon: "circle-alert", Note: f.T("today.failed.none"), Tone: "ok"}
	if t.Failed > 0 {
		failed.Note, failed.Tone = f.T("today.failed.note"), "bad"
	}
	return []Figure{open, median, within, review, failed}
}

func toneIf(yes bool, tone string) string {
	if yes {
		return tone
	}
	return ""
}

// plannedTasks are deliveries that a person must decide about.
func (p *Pages) plannedTasks(r *Request, l lookUp) (tasks []Task, err error) {
	if !r.By.May(identity.ReadPosts, r.By.Agency) {
		return nil, nil
	}
	hands, err := p.handTasks(r, l)
	if err != nil {
		return nil, err
	}
	standing, err := p.Publisher.Standing(r.Context(), r.By)
	for _, d := range standing {
		ch := l.channels[d.Channel]
		t := Task{
			Icon: "circle-alert", Tone: "bad", Title: r.Frame.T("today.task.delivery", "state", r.Frame.T("delivery.state."+string(d.State)), "platform", r.Frame.T("platform."+string(ch.Platform))),
			Line: shorten(d.Payload.Text, 90), When: Tag{Text: r.Frame.T("delivery.state." + string(d.State)), Tone: "bad"}, Path: "/unggahan/" + d.OriginID, Verb: r.Frame.T("today.verb.mend"),
		}
		if d.Origin == publisher.OriginReply {
			t.Path = "/pengiriman/" + string(d.ID)
		}
		tasks = append(tasks, t)
	}
	return append(hands, tasks...), err
}

// handTasks are what this person could publish by hand now, the latest in red.
func (p *Pages) handTasks(r *Request, l lookUp) (tasks []Task, err error) {
	all, err := p.Publisher.AwaitingHands(r.Context(), r.By)
	for _, d := range all {
		if publisher.MayPublishByHand(r.By, d) != nil {
			continue
		}
		ch := l.channels[d.Channel]
		when := handTag(r.Frame, p.Publisher, d)
		tasks = append(tasks, Task{
			Icon: "hand", Tone: when.Tone, Title: r.Frame.T("today.task.by_hand", "platform", r.Frame.T("platform."+string(ch.Platform)), "name", ch.Handle),
			Line: shorten(d.Payload.Text, 90), When: when, Path: "/pengiriman/" + string(d.ID) + "/manual", Verb: r.Frame.T("today.verb.by_hand"),
		})
	}
	return tasks, err
}

// handTag is how late a task is: within the time in which the thing would have
// gone out by itself, past it, past what was signed.
func handTag(f *Frame, p *publisher.Publisher, d publisher.Delivery) Tag {
	switch late, over := p.HandLate(d); {
	case over:
		return Tag{Text: f.T("hand.over.short"), Tone: "bad", Icon: "clock"}
	case late:
		return Tag{Text: f.T("hand.late.short", "time", f.Duration(f.Now.Sub(d.Due).Round(time.Minute))), Tone: "bad", Icon: "clock"}
	}
	return Tag{Text: f.T("hand.due", "time", f.Brief(d.Due)), Tone: "warn", Icon: "clock"}
}

func (p *Pages) inboxTasks(r *Request, l lookUp) (tasks []Task, err error) {
	if !r.By.May(identity.Answer, r.By.Agency) {
		return nil, nil
	}
	all, err := p.Inbox.List(r.Context(), r.By, inbox.Query{View: inbox.Unanswered, Limit: 5})
	for _, c := range all {
		t := Task{
			Icon: "message-square", Tone: "warn", Title: "“" + c.Summary + "”", Path: threadPath(c.ID), Verb: r.Frame.T("today.verb.answer"),
			Line: r.Frame.T("platform."+string(l.channels[c.Channel].Platform)) + " · " + r.Frame.T("inbox.citizen", "code", c.Name),
		}
		if !c.Due.IsZero() {
			s := p.slitOf(r, c)
			t.When = Tag{Text: s.Words, Tone: s.Tone, Icon: "clock"}
		}
		if c.Class == inbox.LifeSafety {
			t.Icon, t.Tone, t.Life = "triangle-alert", "bad", true
		}
		tasks = append(tasks, t)
	}
	return tasks, err
}

func (p *Pages) reviewTasks(r *Request, _ lookUp) (tasks []Task, err error) {
	if !r.By.May(identity.Approve, r.By.Agency) {
		return nil, nil
	}
	all, err := p.Publisher.AwaitingApproval(r.Context(), r.By)
	for _, s := range all {
		t := Task{Icon: "stamp", Title: s.Title, Line: r.Frame.T("today.task.review", "name", s.AuthorName), Path: "/persetujuan/" + string(s.ID), Verb: r.Frame.T("today.verb.review")}
		if !s.Due.IsZero() {
			t.When = Tag{Text: r.Frame.Brief(s.Due)}
		}
		tasks = append(tasks, t)
	}
	return tasks, err
}

func (p *Pages) moderationTasks(r *Request, _ lookUp) ([]Task, error) {
	if !r.By.May(identity.Moderate, r.By.Agency) {
		return nil, nil
	}
	n, err := p.Moderation.Waiting(r.Context(), r.By)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Task{{Icon: "shield", Title: r.Frame.T("today.task.moderation", "n", n), Path: "/moderasi", Verb: r.Frame.T("today.verb.review")}}, nil
}

// slots is today's plan on the agency's wall clock.
func (p *Pages) slots(r *Request, l lookUp) (slots []Slot, err error) {
	if !r.By.May(identity.ReadPosts, r.By.Agency) {
		return nil, nil
	}
	y, m, d := p.Now().In(l.agency.Location()).Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, l.agency.Location())
	all, err := p.Publisher.Calendar(r.Context(), r.By, from, from.AddDate(0, 0, 1))
	next := false
	for _, s := range all {
		slot := Slot{Clock: r.Frame.Clock(s.Due), Title: s.Title, Path: "/unggahan/" + string(s.ID), Line: r.Frame.T("post.status." + string(s.Status)), Past: s.Due.Before(p.Now())}
		if !slot.Past && !next {
			slot.Next, next = true, true
		}
		for _, leg := range s.Legs {
			if leg.Part {
				continue
			}
			slot.Platforms = append(slot.Platforms, string(l.channels[leg.Channel].Platform))
		}
		slot.Beats = beatsOf(r.Frame, s)
		slots = append(slots, slot)
	}
	return slots, err
}

// beatsOf is ketukan: written, signed, published.
func beatsOf(f *Frame, s publisher.Summary) Beats {
	words := f.T("post.status." + string(s.Status))
	switch s.State {
	case publisher.PostDraft:
		return Beats{Each: []string{"now", "", ""}, Words: words}
	case publisher.PostReview:
		return Beats{Each: []string{"ok", "now", ""}, Words: words}
	case publisher.PostReturned, publisher.PostRejected:
		return Beats{Each: []string{"ok", "bad", ""}, Words: words}
	case publisher.PostScheduled:
		return Beats{Each: []string{"ok", "ok", "set"}, Words: words}
	case publisher.PostDone:
		last := "ok"
		if s.Status == publisher.StatusAttention {
			last = "bad"
		}
		return Beats{Each: []string{"ok", "ok", last}, Words: words}
	}
	return Beats{Each: []string{"", "", ""}, Words: words}
}

func shorten(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}
