package publisher

import (
	"time"

	"kentongan/internal/fault"
)

// SoonWindow is how long an approver may take with a post that is to leave as
// soon as it is approved. After it nobody can be sure that it is still meant.
const SoonWindow = 24 * time.Hour

// wallLayout is what the browser's date and time field sends; exactLayout is
// an instant between two minutes, as a command or a program may choose it.
const (
	wallLayout  = "2006-01-02T15:04"
	exactLayout = "2006-01-02T15:04:05.999999"
)

// At reads a wall time in its zone.
func at(wall, zone, field string) (time.Time, error) {
	if wall == "" {
		return time.Time{}, nil
	}
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return time.Time{}, fault.Wrap(fault.Invalid, "post.zone_unknown", err, fault.Field("zone"))
	}
	t, err := time.ParseInLocation(wallLayout, wall, where)
	if err != nil {
		t, err = time.ParseInLocation(exactLayout, wall, where)
	}
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Invalid, "post.time_unreadable", err, fault.Field(field))
	}
	return t.UTC(), nil
}

// Due is the chosen instant; zero for as soon as approved.
func (w When) Due() (time.Time, error) { return at(w.Wall, w.Zone, "due") }

// Until is the end of the window that the person chose; zero for none.
func (w When) Until() (time.Time, error) { return at(w.MoveUntil, w.Zone, "move_until") }

// moved is the same choice at another instant, in the same zone.
func (w When) moved(due time.Time) When {
	where, err := time.LoadLocation(w.Zone)
	if err != nil || w.Zone == "" {
		where = due.Location()
		w.Zone = where.String()
	}
	layout := wallLayout
	if !due.Truncate(time.Minute).Equal(due) {
		layout = exactLayout
	}
	w.Wall = due.In(where).Format(layout)
	return w
}

// windowAt is the window that a submission at now puts to the approver.
func windowAt(w When, now time.Time, lateness time.Duration) (due time.Time, win Window, err error) {
	if due, err = w.Due(); err != nil {
		return due, win, err
	}
	if w.Soon() {
		return time.Time{}, Window{NotBefore: now, NotAfter: now.Add(SoonWindow)}, nil
	}
	until, err := w.Until()
	if err != nil {
		return due, win, err
	}
	if until.IsZero() {
		until = due.Add(lateness)
	}
	return due, Window{NotBefore: due, NotAfter: until}, nil
}

// Holds says whether the instant lies inside the window.
func (w Window) Holds(t time.Time) bool { return !t.Before(w.NotBefore) && !t.After(w.NotAfter) }

// instant is when a thing approved at now leaves: at its due time, or at once
// when that has come, inside the window. ok is false when the window is over.
func (w Window) instant(due, now time.Time) (t time.Time, ok bool) {
	t = due
	if t.Before(now) {
		t = now
	}
	if t.Before(w.NotBefore) {
		t = w.NotBefore
	}
	return t, !t.After(w.NotAfter)
}
