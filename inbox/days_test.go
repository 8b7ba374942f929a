package inbox_test

import (
	"testing"
	"time"

	"kentongan/inbox"
)

// The dates were worked out by hand from SKB 1497/2025, 2/2025, 5/2025.
func TestWorkingDaysAreCountedInBothReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		received string
		n        int
		without  string // collective leave is a day off
		counting string // collective leave is a working day
	}{
		{"2026-03-13", 3, "2026-03-25", "2026-03-18"},
		{"2026-03-13", 5, "2026-03-27", "2026-03-23"},
		{"2026-03-13", 10, "2026-04-06", "2026-03-30"},
		{"2026-03-13", 17, "2026-04-15", "2026-04-09"},
		{"2026-03-17", 1, "2026-03-25", "2026-03-18"},
		{"2026-03-17", 21, "2026-04-23", "2026-04-17"},
		{"2026-05-13", 3, "2026-05-20", "2026-05-19"},
		{"2026-05-13", 10, "2026-06-03", "2026-05-29"},
		{"2026-05-26", 1, "2026-05-29", "2026-05-28"},
		{"2026-12-01", 10, "2026-12-15", "2026-12-15"},
		{"2026-12-01", 17, "2026-12-28", "2026-12-24"},
	} {
		k := clock(t, inbox.Terms{Zone: "WIT"})
		zone, err := inbox.Zone("WIT")
		if err != nil {
			t.Fatal(err)
		}
		// Early in the morning in Jayapura, still the day before in UTC.
		start, err := time.ParseInLocation("2006-01-02 15:04", c.received+" 06:30", zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := k.WorkingDays(start, c.n).In(zone); got.Format(time.DateOnly) != c.without || got.Hour() < 15 {
			t.Errorf("%s + %d without leave: %v, want %s", c.received, c.n, got, c.without)
		}
		if got := k.CountingLeave(true).WorkingDays(start, c.n).In(zone); got.Format(time.DateOnly) != c.counting || got.Hour() < 15 {
			t.Errorf("%s + %d counting leave: %v, want %s", c.received, c.n, got, c.counting)
		}
	}
}

func TestCalendarDaysEndWithTheirDay(t *testing.T) {
	t.Parallel()
	k := clock(t, inbox.Terms{Zone: "WIB"})
	zone, err := inbox.Zone("WIB")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 23, 23, 59, 0, 0, zone)
	if got := k.Days(start, 3).In(zone); got.Format(time.DateTime) != "2026-11-26 23:59:59" {
		t.Errorf("three days after the last minute of the 23rd: %v", got)
	}
	if got := k.WorkingDays(start, 0); !got.Equal(start) {
		t.Errorf("no day at all: %v", got)
	}
}
