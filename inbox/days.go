package inbox

import (
	"time"

	"kentongan/internal/identity"
)

// ClockOf is an agency's own clock, with its calendar, zone and hours.
func (in *Inbox) ClockOf(a identity.Agency) (Clock, error) { return in.clock(a) }

// WorkingDays returns when n working days after start are over: the day of
// start does not count, and the last one ends with its working hours, in the
// unit's own zone. A day is worked when the week has hours for it and it is
// no day off.
func (k Clock) WorkingDays(start time.Time, n int) time.Time {
	if n <= 0 {
		return start.UTC()
	}
	d := k.midnight(start)
	if !k.working {
		return d.AddDate(0, 0, n+1).UTC()
	}
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if len(k.on(d)) > 0 {
			n--
		}
	}
	hours := k.on(d)
	return k.at(d, hours[len(hours)-1].To).UTC()
}

// Days returns when n calendar days after start are over: at the end of the
// day, in the unit's own zone.
func (k Clock) Days(start time.Time, n int) time.Time {
	return k.midnight(start).AddDate(0, 0, n+1).Add(-time.Microsecond).UTC()
}
