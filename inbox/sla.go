package inbox

import (
	"time"

	"kentongan/configs"
	"kentongan/internal/fault"
)

// Clock counts working time in an agency's own zone: by its hours, without
// weekends and holidays. The zero Clock runs round the clock.
//
// The unit's zone counts, not the citizen's and not UTC (LEGAL: Perpres
// 21/2023 pasal 4). The three zones of Indonesia know no daylight saving.
type Clock struct {
	calendar   Calendar
	zone       *time.Location
	hours      Hours
	ramadan    Hours
	leaveWorks bool // collective leave counts as working
	working    bool // false: round the clock
}

// Terms are an agency's own hours, where they differ from the calendar's.
type Terms struct {
	Zone                 string // WIB, WITA, WIT or an IANA name
	Hours                Hours  // empty: those of the calendar
	CollectiveLeaveWorks bool   // also when the calendar says no
}

// NewClock makes an agency's clock.
func NewClock(c Calendar, t Terms) (Clock, error) {
	zone, err := Zone(t.Zone)
	if err != nil {
		return Clock{}, err
	}
	k := Clock{calendar: c, zone: zone, hours: t.Hours, ramadan: t.Hours, leaveWorks: t.CollectiveLeaveWorks || c.leaveWorks, working: true}
	if t.Hours.empty() {
		k.hours, k.ramadan = c.normal, c.ramadan
	}
	if k.hours.empty() {
		return Clock{}, fault.New(fault.Invalid, "calendar.no_hours")
	}
	if k.ramadan.empty() {
		k.ramadan = k.hours
	}
	return k, nil
}

// Zone returns the location of WIB, WITA, WIT or an IANA name (Keppres 41/1987).
func Zone(name string) (*time.Location, error) {
	iana := name
	switch name {
	case "WIB":
		iana = "Asia/Jakarta"
	case "WITA":
		iana = "Asia/Makassar"
	case "WIT":
		iana = "Asia/Jayapura"
	case "", "Local":
		return nil, fault.New(fault.Invalid, "calendar.zone", fault.Field("zone"), fault.Arg("zone", name))
	}
	zone, err := time.LoadLocation(iana)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "calendar.zone", err, fault.Field("zone"), fault.Arg("zone", name))
	}
	return zone, nil
}

// For returns the clock of a class: life safety never pauses.
func (k Clock) For(c Class) Clock {
	if c == LifeSafety {
		return Clock{zone: k.zone}
	}
	return k
}

// CountingLeave returns the same clock with collective leave counted as
// working time or not: where the law can be read in both ways, both dates are
// computed.
func (k Clock) CountingLeave(works bool) Clock {
	k.leaveWorks = works
	return k
}

// Due returns the instant at which target working time after start is used up.
func (k Clock) Due(start time.Time, target time.Duration) time.Time {
	if target <= 0 {
		return start
	}
	if !k.working {
		return start.Add(target)
	}
	for d := k.midnight(start); ; d = d.AddDate(0, 0, 1) {
		for _, s := range k.on(d) {
			from, to := k.at(d, s.From), k.at(d, s.To)
			if from.Before(start) {
				from = start
			}
			span := to.Sub(from)
			if span <= 0 {
				continue
			}
			if target <= span {
				return from.Add(target).UTC()
			}
			target -= span
		}
	}
}

// Spent returns the working time between two instants; 0 if end is not after
// start.
func (k Clock) Spent(start, end time.Time) time.Duration {
	if !end.After(start) {
		return 0
	}
	if !k.working {
		return end.Sub(start)
	}
	var sum time.Duration
	for d := k.midnight(start); d.Before(end); d = d.AddDate(0, 0, 1) {
		for _, s := range k.on(d) {
			from, to := k.at(d, s.From), k.at(d, s.To)
			if from.Before(start) {
				from = start
			}
			if to.After(end) {
				to = end
			}
			if to.After(from) {
				sum += to.Sub(from)
			}
		}
	}
	return sum
}

// Left returns the working time until due, and after it the working time since
// as a negative one.
func (k Clock) Left(now, due time.Time) time.Duration {
	if now.After(due) {
		return -k.Spent(due, now)
	}
	return k.Spent(now, due)
}

// Open reports whether the clock runs at an instant.
func (k Clock) Open(at time.Time) bool {
	if !k.working {
		return true
	}
	d := k.midnight(at)
	for _, s := range k.on(d) {
		if !at.Before(k.at(d, s.From)) && at.Before(k.at(d, s.To)) {
			return true
		}
	}
	return false
}

// Certain reports whether the time between two instants lies in known years
// without estimated holidays, so that a clock may close on it.
func (k Clock) Certain(start, end time.Time) bool {
	return !k.working || k.calendar.Covers(start.In(k.zone), end.In(k.zone))
}

// on returns the working stretches of the day that begins at midnight d.
func (k Clock) on(d time.Time) []Stretch {
	h, off := k.calendar.Holiday(d)
	if off && (h.Kind != configs.CollectiveLeave || !k.leaveWorks) {
		return nil
	}
	if k.calendar.fastingOn(dayOf(d)) {
		return k.ramadan[d.Weekday()]
	}
	return k.hours[d.Weekday()]
}

func (k Clock) midnight(t time.Time) time.Time {
	y, m, d := t.In(k.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, k.zone)
}

// at is the wall clock's minute of the day that begins at midnight d.
func (k Clock) at(d time.Time, minute int) time.Time {
	y, m, n := d.Date()
	return time.Date(y, m, n, minute/60, minute%60, 0, 0, k.zone)
}
