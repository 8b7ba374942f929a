package web

import "github.com/a-h/templ"

// CalendarView is Kalender: a month as a grid, or as a list.
type CalendarView struct {
	Month                 string // "November 2026"
	Previous, Next, Today string // addresses
	Views                 []Link
	Filters               []Link // by channel
	List                  bool
	Weekdays              []string
	Weeks                 [][]CalendarDay
	Days                  []CalendarDay // the list: days with something only
	Unplanned             []SlotRow     // drafts without a time
	Legend                []LegendLine
	Zone                  string
	Unverified            bool // the holidays have not been checked by a legal officer
	Moves                 bool // this person may move posts
}

// CalendarDay is one day with what goes out.
type CalendarDay struct {
	ID      string // "d-2026-11-23"
	Label   string // "23" or "1 Des" in the grid
	Full    string // "Senin, 23 November 2026"
	Holiday string
	Outside bool // of the month
	Today   bool
	Slots   []SlotRow
	More    string // "3 lagi"; "" for none
	Path    string // the day in the list
}

// SlotRow is one post in the calendar.
type SlotRow struct {
	Clock, Title, Path string
	Author             string
	Platforms          []string
	Beats              Beats
	Tone               string // "", "ok", "warn", "bad", "set" or "draft"
	ID                 string
	Revision           int64
	Date, Time         string // for moving; "" when it cannot be moved
}

// LegendLine says what beats mean.
type LegendLine struct {
	Beats Beats
}

func (v CalendarView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.calendar"), Sub: f.T("calendar.zone", "zone", v.Zone), Nav: "calendar"}
}

func (v CalendarView) Body(f *Frame) templ.Component { return calendarPage(f, v) }
