package inbox

import (
	"slices"
	"time"

	"kentongan/configs"
	"kentongan/internal/fault"
)

// Hours is a working week: the stretches of each day in minutes since
// midnight, by time.Weekday.
type Hours [7][]Stretch

// Stretch is a part of a day without a break.
type Stretch struct{ From, To int }

// day is a date without a zone.
type day struct {
	year  int
	month time.Month
	day   int
}

// Calendar is which days an agency works and during which hours, over the
// years that are known.
type Calendar struct {
	off       map[day]configs.Holiday
	uncertain map[day]bool // estimated holidays: they warn and close nothing
	years     map[int]bool
	fasting   [][2]day
	normal    Hours
	ramadan   Hours
	// leaveWorks: collective leave counts as working time, by the newest year.
	leaveWorks bool
}

// NewCalendar joins the years' data for an agency. places are the scopes that
// hold for it beside the national one: "province:51", "city:51.71".
func NewCalendar(years []configs.Calendar, places ...string) (Calendar, error) {
	c := Calendar{off: map[day]configs.Holiday{}, uncertain: map[day]bool{}, years: map[int]bool{}}
	if len(years) == 0 {
		return Calendar{}, fault.New(fault.Invalid, "calendar.none")
	}
	sorted := slices.SortedFunc(slices.Values(years), func(a, b configs.Calendar) int { return a.Year - b.Year })
	for _, y := range sorted {
		c.years[y.Year], c.leaveWorks = true, y.CollectiveLeaveWorks
		for _, h := range y.Holidays {
			if h.Scope != "national" && !slices.Contains(places, h.Scope) {
				continue
			}
			d, err := parseDay(h.Date)
			if err != nil {
				return Calendar{}, err
			}
			if h.Certainty == "estimate" {
				c.uncertain[d] = true
				continue
			}
			c.off[d] = h
		}
		if y.Ramadan.From != "" {
			from, err1 := parseDay(y.Ramadan.From)
			to, err2 := parseDay(y.Ramadan.To)
			if err1 != nil || err2 != nil {
				return Calendar{}, fault.New(fault.Invalid, "calendar.wrong", fault.Field("ramadan"))
			}
			c.fasting = append(c.fasting, [2]day{from, to})
		}
		var err error
		if c.normal, err = ParseHours(y.Hours.Normal); err != nil {
			return Calendar{}, err
		}
		if c.ramadan, err = ParseHours(y.Hours.Ramadan); err != nil {
			return Calendar{}, err
		}
	}
	return c, nil
}

// ParseHours reads a timetable. An empty one is a week without hours.
func ParseHours(t configs.Timetable) (Hours, error) {
	var h Hours
	for weekday, stretches := range t.Days() {
		last := 0
		for _, s := range stretches {
			from, to, ok := configs.ParseStretch(s)
			if !ok || from < last || to <= from {
				return Hours{}, fault.New(fault.Invalid, "calendar.wrong", fault.Field(time.Weekday(weekday).String()), fault.Arg("field", s))
			}
			h[weekday] = append(h[weekday], Stretch{from, to})
			last = to
		}
	}
	return h, nil
}

// Holiday returns what day off t's date is, if any.
func (c Calendar) Holiday(t time.Time) (configs.Holiday, bool) {
	h, ok := c.off[dayOf(t)]
	return h, ok
}

// Covers reports whether every day from a to b lies in a known year and none
// is an estimated holiday: only then is a deadline between them certain.
func (c Calendar) Covers(a, b time.Time) bool {
	for t := a; ; t = t.AddDate(0, 0, 1) {
		if !c.years[t.Year()] || c.uncertain[dayOf(t)] {
			return false
		}
		if dayOf(t) == dayOf(b) || t.After(b) {
			return true
		}
	}
}

func (c Calendar) fastingOn(d day) bool {
	for _, p := range c.fasting {
		if !d.before(p[0]) && !p[1].before(d) {
			return true
		}
	}
	return false
}

func (h Hours) empty() bool {
	for _, d := range h {
		if len(d) > 0 {
			return false
		}
	}
	return true
}

func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day{y, m, d}
}

func (d day) before(e day) bool {
	if d.year != e.year {
		return d.year < e.year
	}
	if d.month != e.month {
		return d.month < e.month
	}
	return d.day < e.day
}

func parseDay(s string) (day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return day{}, fault.Wrap(fault.Invalid, "calendar.wrong", err, fault.Field("d"), fault.Arg("field", s))
	}
	return dayOf(t), nil
}
