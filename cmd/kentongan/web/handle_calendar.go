package web

import (
	"strconv"
	"time"

	"kentongan/configs"
	"kentongan/internal/identity"
	"kentongan/publisher"
)

func (p *Pages) calendarRoutes() []Route {
	return []Route{{Pattern: "GET /kalender", Powers: []identity.Power{identity.ReadPosts}, Do: p.calendar}}
}

// A day of the month grid shows so many posts; the others are in the list.
const daySlots = 4

// mostUnplanned is how many drafts without a time stand beside the calendar.
const mostUnplanned = 12

// month is what a calendar page was asked for.
type month struct {
	first   time.Time // its first day at midnight, on the agency's wall clock
	list    bool
	channel string // only this one; "" for all
}

// path is the address of another view or month of the same calendar.
func (m month) path(first time.Time, list bool) string {
	path := "/kalender?v=bulan&t=" + first.Format("2006-01")
	if list {
		path = "/kalender?v=daftar&t=" + first.Format("2006-01")
	}
	return withQuery(path, "kanal", m.channel)
}

func (p *Pages) calendar(r *Request) (Answer, error) {
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	zone := l.agency.Location()
	today := p.Now().In(zone)
	m := month{list: r.FormValue("v") == "daftar", channel: r.FormValue("kanal")}
	if m.first, err = time.ParseInLocation("2006-01", r.FormValue("t"), zone); err != nil {
		m.first = time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, zone)
	}
	// Weeks begin on Monday.
	from := m.first.AddDate(0, 0, -(int(m.first.Weekday())+6)%7)
	last := m.first.AddDate(0, 1, -1)
	to := last.AddDate(0, 0, (7-int(last.Weekday()))%7+1)
	all, err := p.Publisher.Calendar(r.Context(), r.By, from, to)
	if err != nil {
		return nil, err
	}
	v := p.calendarFrame(r.Frame, m, today, l)
	v.Moves = r.By.May(identity.Compose, r.By.Agency)
	slots := map[string][]SlotRow{}
	for _, s := range all {
		if m.channel == "" || onChannel(s, m.channel) {
			day := s.Due.In(zone).Format(time.DateOnly)
			slots[day] = append(slots[day], p.slotRow(r, s, l))
		}
	}
	v.fill(r.Frame, m, days{from, to, today}, func(day time.Time) ([]SlotRow, string) {
		h, _ := p.Inbox.Calendar.Holiday(day)
		return slots[day.Format(time.DateOnly)], h.Name
	})
	v.Unplanned, err = p.unplanned(r, l)
	return Show{View: v}, err
}

// calendarFrame is everything around the days.
func (p *Pages) calendarFrame(f *Frame, m month, today time.Time, l lookUp) CalendarView {
	thisMonth := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, today.Location())
	v := CalendarView{
		Month: f.Month(m.first), List: m.list, Zone: today.Format("MST"), Unverified: unverified(m.first.Year()),
		Previous: m.path(m.first.AddDate(0, -1, 0), m.list), Next: m.path(m.first.AddDate(0, 1, 0), m.list), Today: m.path(thisMonth, m.list),
		Views: []Link{
			{Text: f.T("calendar.view.month"), Path: m.path(m.first, false), Here: !m.list},
			{Text: f.T("calendar.view.list"), Path: m.path(m.first, true), Here: m.list},
		},
	}
	all := m
	all.channel = ""
	v.Filters = []Link{{Text: f.T("calendar.filter.all"), Path: all.path(m.first, m.list), Here: m.channel == ""}}
	for _, ch := range channelsInOrder(l) {
		one := m
		one.channel = string(ch.ID)
		v.Filters = append(v.Filters, Link{Text: f.T("platform."+string(ch.Platform)) + " " + ch.Handle, Path: one.path(m.first, m.list), Here: m.channel == one.channel})
	}
	for i := range 7 {
		v.Weekdays = append(v.Weekdays, f.Weekday(time.Weekday((i+1)%7)))
	}
	for _, s := range []publisher.Summary{
		{Post: publisher.Post{State: publisher.PostDraft}, Status: publisher.StatusDraft},
		{Post: publisher.Post{State: publisher.PostReview}, Status: publisher.StatusReview},
		{Post: publisher.Post{State: publisher.PostScheduled}, Status: publisher.StatusScheduled},
		{Post: publisher.Post{State: publisher.PostDone}, Status: publisher.StatusPublished},
		{Post: publisher.Post{State: publisher.PostDone}, Status: publisher.StatusAttention},
	} {
		v.Legend = append(v.Legend, LegendLine{Beats: beatsOf(f, s)})
	}
	return v
}

// unverified says that no legal officer has compared a year's holidays.
func unverified(year int) bool {
	all, err := configs.Calendars()
	for _, c := range all {
		if c.Year == year {
			return c.VerifiedBy == ""
		}
	}
	return err != nil
}

// days is the stretch that a calendar shows, and today.
type days struct{ from, to, today time.Time }

// fill lays the days out: in weeks, or only those with something on them.
func (v *CalendarView) fill(f *Frame, m month, d days, on func(time.Time) ([]SlotRow, string)) {
	for day := d.from; day.Before(d.to); day = day.AddDate(0, 0, 1) {
		c := CalendarDay{
			ID: "d-" + day.Format(time.DateOnly), Full: f.Date(day), Label: strconv.Itoa(day.Day()), Outside: day.Month() != m.first.Month(),
			Today: day.Format(time.DateOnly) == d.today.Format(time.DateOnly),
		}
		c.Path = m.path(m.first, true) + "#" + c.ID
		c.Slots, c.Holiday = on(day)
		if m.list {
			if len(c.Slots) > 0 && !c.Outside {
				v.Days = append(v.Days, c)
			}
			continue
		}
		if over := len(c.Slots) - daySlots; over > 0 {
			c.Slots, c.More = c.Slots[:daySlots], f.T("calendar.more", "n", over)
		}
		if c.Outside && c.More != "" {
			c.Path = m.path(time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, day.Location()), true) + "#" + c.ID
		}
		if day.Weekday() == time.Monday {
			v.Weeks = append(v.Weeks, nil)
		}
		week := len(v.Weeks) - 1
		v.Weeks[week] = append(v.Weeks[week], c)
	}
}

func onChannel(s publisher.Summary, id string) bool {
	for _, leg := range s.Legs {
		if leg.Part {
			continue
		}
		if string(leg.Channel) == id {
			return true
		}
	}
	return false
}

var slotTones = map[publisher.Status]string{
	publisher.StatusDraft: "draft", publisher.StatusReview: "warn", publisher.StatusReturned: "bad", publisher.StatusScheduled: "set",
	publisher.StatusLeaving: "set", publisher.StatusByHand: "now", publisher.StatusAttention: "bad", publisher.StatusPartly: "bad", publisher.StatusPublished: "ok",
}

func (p *Pages) slotRow(r *Request, s publisher.Summary, l lookUp) SlotRow {
	row := SlotRow{
		ID: string(s.ID), Title: s.Title, Path: "/unggahan/" + string(s.ID), Author: s.AuthorName, Beats: beatsOf(r.Frame, s), Tone: slotTones[s.Status], Revision: s.Revision,
	}
	for _, leg := range s.Legs {
		if leg.Part {
			continue
		}
		row.Platforms = append(row.Platforms, string(l.channels[leg.Channel].Platform))
	}
	if s.Due.IsZero() {
		return row
	}
	row.Clock = r.Frame.Clock(s.Due)
	_, movable := s.State.Next(publisher.DeedMove)
	if movable && r.By.May(identity.Compose, r.By.Agency) && s.Due.After(p.Now()) {
		at := s.Due.In(l.agency.Location())
		row.Date, row.Time = at.Format(time.DateOnly), at.Format("15:04")
	}
	return row
}

// unplanned lists drafts that have no time yet.
func (p *Pages) unplanned(r *Request, l lookUp) (rows []SlotRow, err error) {
	for _, state := range []publisher.PostState{publisher.PostDraft, publisher.PostReturned} {
		all, err := p.Publisher.ListPosts(r.Context(), r.By, publisher.PostQuery{State: state, Limit: 100})
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			if s.Due.IsZero() && len(rows) < mostUnplanned {
				rows = append(rows, p.slotRow(r, s, l))
			}
		}
	}
	return rows, nil
}
