package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
)

func (p *Pages) reportRoutes() []Route {
	return []Route{{Pattern: "GET /laporan", Powers: []identity.Power{identity.ReadReport}, Do: p.report}}
}

// report reads the days that were asked for, both included; this month
// otherwise.
func (p *Pages) report(r *Request) (Answer, error) {
	f := r.Frame
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	zone := l.agency.Location()
	y, m, d := p.Now().In(zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, zone)
	from, to := dayOr(r.FormValue("dari"), time.Date(y, m, 1, 0, 0, 0, 0, zone)), dayOr(r.FormValue("sampai"), today)
	v := ReportView{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), SpanWords: f.T("report.words", "from", f.Day(from), "to", f.Day(to))}
	v.Spans = reportSpans(f, today, v)
	rep, err := p.Insight.Report(r.Context(), r.By, from, to.AddDate(0, 0, 1))
	if fault.KindOf(err) == fault.Invalid {
		v.Problems = f.Fault(err)
		return Show{View: v, Status: statusOf(fault.Invalid)}, nil
	}
	if err != nil {
		return nil, err
	}
	v.Headline, v.Lead = reportHeadline(f, rep), reportLead(f, rep)
	v.Figures = reportFigures(f, rep)
	v.channels(f, rep)
	v.waiting(f, rep.Waiting, p.Now())
	v.days(f, rep.Days, zone)
	v.Target = f.T("today.target", "time", f.Duration(rep.Response.Target))
	return Show{View: v}, nil
}

func dayOr(text string, other time.Time) time.Time {
	if t, err := time.ParseInLocation(time.DateOnly, text, other.Location()); err == nil {
		return t
	}
	return other
}

// reportSpans are the stretches that are asked for most.
func reportSpans(f *Frame, today time.Time, v ReportView) (links []Link) {
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, today.Location())
	for _, s := range []struct {
		key      string
		from, to time.Time
	}{
		{"report.span.today", today, today}, {"report.span.week", today.AddDate(0, 0, -6), today},
		{"report.span.month", first, today}, {"report.span.last_month", first.AddDate(0, -1, 0), first.AddDate(0, 0, -1)},
	} {
		from, to := s.from.Format(time.DateOnly), s.to.Format(time.DateOnly)
		links = append(links, Link{Text: f.T(s.key), Path: "/laporan?dari=" + from + "&sampai=" + to, Here: v.From == from && v.To == to})
	}
	return links
}

// reportHeadline is the finding, in one sentence: what is wrong first.
func reportHeadline(f *Frame, r insight.Report) string {
	switch share, answered := r.Response.Share(); {
	case r.Waiting.LifeSafety > 0:
		return f.T("report.headline.life", "n", r.Waiting.LifeSafety)
	case r.Waiting.Overdue > 0:
		return f.T("report.headline.overdue", "n", r.Waiting.Overdue)
	case answered && r.Response.Median > r.Response.Target:
		return f.T("report.headline.slow", "time", f.Duration(r.Response.Median), "target", f.Duration(r.Response.Target))
	case answered:
		return f.T("report.headline.good", "time", f.Duration(r.Response.Median), "share", f.Percent(share))
	case r.Sent > 0:
		return f.T("report.headline.sent", "n", r.Posts)
	}
	return f.T("report.headline.nothing")
}

func reportLead(f *Frame, r insight.Report) string {
	parts := []string{f.T("report.lead.sent", "posts", r.Posts, "sent", r.Sent, "reactions", r.Total.Reactions)}
	if r.Total.HasReach {
		parts = append(parts, f.T("report.lead.reach", "n", r.Total.Reach))
	}
	parts = append(parts, f.T("report.lead.waiting", "answered", r.Response.Answered, "open", r.Waiting.Open))
	if r.Failed > 0 {
		parts = append(parts, f.T("report.lead.failed", "n", r.Failed))
	}
	return strings.Join(parts, " ")
}

func reportFigures(f *Frame, r insight.Report) []Figure {
	reach := Figure{Label: f.T("report.reach"), Value: reachText(f, r.Total), Note: f.T("report.reach.note")}
	median := Figure{Label: f.T("report.median"), Value: "–", Note: f.T("today.target", "time", f.Duration(r.Response.Target)), Icon: "history"}
	within := Figure{Label: f.T("report.within"), Value: "–", Note: f.T("report.within.none")}
	if share, ok := r.Response.Share(); ok {
		median.Value, median.Tone, median.Icon = f.Duration(r.Response.Median), "ok", "circle-check"
		if r.Response.Median > r.Response.Target {
			median.Tone, median.Icon = "warn", "clock"
		}
		within.Value, within.Note = f.Percent(share), f.T("report.within.of", "n", r.Response.Answered)
	}
	waiting := Figure{Label: f.T("report.waiting"), Value: f.Int(r.Waiting.Open), Unit: f.T("unit.messages"), Note: f.T("today.unanswered.note", "late", r.Waiting.Overdue, "near", r.Waiting.Near)}
	waiting.Tone = toneIf(r.Waiting.Overdue > 0, "bad")
	return []Figure{
		{Label: f.T("report.posts"), Value: f.Int(r.Posts), Unit: f.T("unit.posts"), Note: f.T("report.posts.note", "n", r.Sent)},
		reach, {Label: f.T("report.reactions"), Value: f.Int(r.Total.Reactions), Note: f.T("report.reactions.note")}, median, within, waiting,
	}
}

// reachText is a dash where no platform tells how many saw it: zero would be
// another statement.
func reachText(f *Frame, figures insight.Figures) string {
	if !figures.HasReach {
		return "–"
	}
	return f.Int(figures.Reach)
}

func (v *ReportView) channels(f *Frame, r insight.Report) {
	var reach, reactions int64
	for _, c := range r.Channels {
		reach, reactions = max(reach, c.Figures.Reach), max(reactions, c.Figures.Reactions)
	}
	for _, c := range r.Channels {
		line := ChannelFigures{
			Platform: string(c.Platform), Handle: c.Handle, Posts: c.Posts, Replies: c.Replies, Reach: reachText(f, c.Figures), Reactions: c.Figures.Reactions,
			ReachShare: share(c.Figures.Reach, reach), ReactionShare: share(c.Figures.Reactions, reactions),
		}
		var named []string
		for _, name := range []string{"likes", "shares", "replies", "quotes", "bookmarks"} {
			if n, told := c.Figures.ByName[name]; told {
				named = append(named, strings.ToLower(f.T("count."+name))+" "+f.Int(n))
			}
		}
		line.Named = strings.Join(named, ", ")
		v.Channels = append(v.Channels, line)
		v.Response = append(v.Response, responseLine(f, c))
	}
}

func share(n, of int64) int {
	if of == 0 {
		return 0
	}
	return int(100 * n / of)
}

func responseLine(f *Frame, c insight.ChannelReport) ResponseLine {
	line := ResponseLine{Platform: string(c.Platform), Handle: c.Handle, Answered: c.Response.Answered, Within: "–", Median: "–"}
	if part, ok := c.Response.Share(); ok {
		line.Within, line.Median, line.Share, line.Tone = f.Percent(part), f.Duration(c.Response.Median), int(100*part), "ok"
		if c.Response.Median > c.Response.Target {
			line.Tone = "warn"
		}
	}
	return line
}

func (v *ReportView) waiting(f *Frame, w insight.Waiting, now time.Time) {
	count := func(key string, n int64, tone string) {
		fact := Fact{Name: f.T(key), Value: f.Int(n)}
		if n > 0 && tone != "" {
			fact.Tag = &Tag{Text: f.Int(n), Tone: tone}
		}
		v.Waiting = append(v.Waiting, fact)
	}
	count("report.waiting.life", w.LifeSafety, "bad")
	count("report.waiting.overdue", w.Overdue, "bad")
	count("report.waiting.near", w.Near, "warn")
	count("report.waiting.unassigned", w.Unassigned, "")
	count("report.waiting.open", w.Open, "")
	if !w.OldestDue.IsZero() {
		v.Waiting = append(v.Waiting, Fact{Name: f.T("report.waiting.oldest"), Value: f.DateTime(w.OldestDue)})
	}
}

func (v *ReportView) days(f *Frame, all []insight.Day, zone *time.Location) {
	for _, d := range all {
		name := d.Date
		if t, err := time.ParseInLocation(time.DateOnly, d.Date, zone); err == nil {
			name = f.Day(t)
		}
		v.Days = append(v.Days, DayFigures{Day: name, Posts: d.Posts, Messages: d.Messages, Answered: d.Answered})
		v.Tallest = max(v.Tallest, d.Posts, d.Messages, d.Answered)
	}
	if len(v.Days) > 0 {
		v.FirstDay, v.LastDay = v.Days[0].Day, v.Days[len(v.Days)-1].Day
	}
	v.HasDays = v.Tallest > 0
}

// dayBars places three bars a day in a field of 1000 by 180.
func dayBars(all []DayFigures, tallest int64) (bars []ChartBar) {
	if tallest == 0 {
		return nil
	}
	slot := 1000 / float64(len(all))
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	for i, d := range all {
		for j, n := range []int64{d.Posts, d.Messages, d.Answered} {
			height := 178 * float64(n) / float64(tallest)
			bars = append(bars, ChartBar{
				X: number(slot*float64(i) + slot*(0.1+0.27*float64(j))), Y: number(179 - height), Width: number(slot * 0.24), Height: number(height),
				Class: [...]string{"posts", "messages", "answered"}[j],
			})
		}
	}
	return slices.DeleteFunc(bars, func(b ChartBar) bool { return b.Height == "0.0" })
}
