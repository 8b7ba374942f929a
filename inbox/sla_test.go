package inbox_test

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata"

	"kentongan/configs"
	"kentongan/inbox"
)

func clock(t *testing.T, terms inbox.Terms, places ...string) inbox.Clock {
	t.Helper()
	years, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	c, err := inbox.NewCalendar(years, places...)
	if err != nil {
		t.Fatal(err)
	}
	if terms.Zone == "" {
		terms.Zone = "WIB"
	}
	k, err := inbox.NewClock(c, terms)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func wib(s string) time.Time { return in("Asia/Jakarta", s) }

func in(zone, s string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDue(t *testing.T) {
	k := clock(t, inbox.Terms{})
	for name, c := range map[string]struct {
		start  string
		target time.Duration
		want   string
	}{
		"two hours in the morning":                           {"2026-11-23 08:00", 2 * time.Hour, "2026-11-23 10:00"},
		"the lunch break does not count":                     {"2026-11-23 11:30", time.Hour, "2026-11-23 13:30"},
		"Friday's break is longer":                           {"2026-11-20 11:00", time.Hour, "2026-11-20 13:30"},
		"over night":                                         {"2026-11-23 15:30", time.Hour, "2026-11-24 08:00"},
		"before opening":                                     {"2026-11-23 04:00", time.Hour, "2026-11-23 08:30"},
		"exactly until closing":                              {"2026-11-23 15:00", time.Hour, "2026-11-23 16:00"},
		"over the weekend":                                   {"2026-11-20 16:00", time.Hour, "2026-11-23 08:00"},
		"arrived on Sunday":                                  {"2026-11-22 12:00", time.Hour, "2026-11-23 08:30"},
		"over Christmas: leave, holiday, weekend":            {"2026-12-23 15:30", time.Hour, "2026-12-28 08:00"},
		"over Lebaran: 18 to 24 March are off":               {"2026-03-17 14:30", time.Hour, "2026-03-25 08:00"},
		"in Ramadan the day ends at 15.00":                   {"2026-02-23 14:30", time.Hour, "2026-02-24 08:30"},
		"in Ramadan the break is half an hour":               {"2026-02-23 11:45", 30 * time.Minute, "2026-02-23 12:45"},
		"the first day after Ramadan's calendar is ordinary": {"2026-03-25 07:30", 30 * time.Minute, "2026-03-25 08:00"},
		"a whole week of 37.5 hours":                         {"2026-11-16 07:30", 37*time.Hour + 30*time.Minute, "2026-11-20 16:30"},
		"nothing to wait for":                                {"2026-11-22 12:00", 0, "2026-11-22 12:00"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := k.Due(wib(c.start), c.target), wib(c.want); !got.Equal(want) {
				t.Errorf("due %s, want %s", got.In(want.Location()), want)
			}
		})
	}
}

// The vectors of working days around the long holidays of 2026: a working day
// is 7.5 hours, so n days after a day's end are due at the end of day n.
func TestWorkingDaysInBothReadings(t *testing.T) {
	for _, c := range []struct {
		received       string
		days           int
		without, leave string
	}{
		{"2026-05-13", 3, "2026-05-20", "2026-05-19"},
		{"2026-05-13", 5, "2026-05-22", "2026-05-21"},
		{"2026-05-13", 10, "2026-06-03", "2026-05-29"},
		{"2026-05-26", 1, "2026-05-29", "2026-05-28"},
		{"2026-05-26", 3, "2026-06-03", "2026-06-02"},
		{"2026-05-26", 5, "2026-06-05", "2026-06-04"},
		{"2026-12-01", 10, "2026-12-15", "2026-12-15"},
		{"2026-12-01", 17, "2026-12-28", "2026-12-24"},
	} {
		k := clock(t, inbox.Terms{})
		target := time.Duration(c.days) * (7*time.Hour + 30*time.Minute)
		end := wib(c.received + " 23:00") // the day of receipt is not counted
		if got := k.Due(end, target).In(end.Location()).Format(time.DateOnly); got != c.without {
			t.Errorf("%s + %d days is %s, want %s", c.received, c.days, got, c.without)
		}
		if got := k.CountingLeave(true).Due(end, target).In(end.Location()).Format(time.DateOnly); got != c.leave {
			t.Errorf("%s + %d days counting leave is %s, want %s", c.received, c.days, got, c.leave)
		}
	}
}

func TestZonesAndClasses(t *testing.T) {
	opened := wib("2026-11-23 07:30") // 08:30 WITA, 09:30 WIT
	for zone, closes := range map[string]time.Time{
		"WIB": in("Asia/Jakarta", "2026-11-23 16:00"), "WITA": in("Asia/Makassar", "2026-11-23 16:00"),
		"WIT": in("Asia/Jayapura", "2026-11-23 16:00"), "Asia/Pontianak": in("Asia/Jakarta", "2026-11-23 16:00"),
	} {
		k := clock(t, inbox.Terms{Zone: zone})
		if !k.Open(opened) || !k.Open(closes.Add(-time.Minute)) || k.Open(closes) {
			t.Errorf("%s is not open until %s", zone, closes)
		}
	}
	k := clock(t, inbox.Terms{})
	night := wib("2026-12-25 02:00")
	if got := k.For(inbox.LifeSafety).Due(night, 15*time.Minute); !got.Equal(night.Add(15 * time.Minute)) {
		t.Errorf("life safety on Christmas night is due %s", got)
	}
	if !k.For(inbox.LifeSafety).Open(night) || k.For(inbox.Normal).Open(night) {
		t.Error("only life safety is open on Christmas night")
	}
	if got := k.Left(wib("2026-11-23 17:00"), wib("2026-11-23 15:00")); got != -time.Hour {
		t.Errorf("two hours late, one of them working: %s", got)
	}
}

func TestClockRefusesWhatItCannotCount(t *testing.T) {
	years, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	c, err := inbox.NewCalendar(years)
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"", "Local", "Asia/Tirtawangi"} {
		if _, err := inbox.NewClock(c, inbox.Terms{Zone: zone}); err == nil {
			t.Errorf("zone %q is taken", zone)
		}
	}
	if _, err := inbox.NewCalendar(nil); err == nil {
		t.Error("a calendar of no year is taken")
	}
	k := clock(t, inbox.Terms{})
	if !k.Certain(wib("2026-11-23 08:00"), wib("2026-12-31 23:00")) {
		t.Error("a deadline inside a known year is not certain")
	}
	if k.Certain(wib("2026-12-30 08:00"), wib("2027-01-05 10:00")) {
		t.Error("a deadline in an unknown year is certain")
	}
}

func TestLocalHolidaysCountOnlyThere(t *testing.T) {
	years, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	years[0].Holidays = append(years[0].Holidays,
		configs.Holiday{Date: "2026-11-24", Kind: configs.National, Name: "Galungan", Scope: "province:51", Source: "contoh"},
		configs.Holiday{Date: "2026-11-25", Kind: configs.National, Name: "perkiraan", Scope: "national", Source: "contoh", Certainty: "estimate"})
	for place, want := range map[string]string{"province:51": "2026-11-25 08:00", "province:32": "2026-11-24 08:00"} {
		c, err := inbox.NewCalendar(years, place)
		if err != nil {
			t.Fatal(err)
		}
		k, err := inbox.NewClock(c, inbox.Terms{Zone: "WIB"})
		if err != nil {
			t.Fatal(err)
		}
		if got := k.Due(wib("2026-11-23 15:30"), time.Hour); !got.Equal(wib(want)) {
			t.Errorf("%s: due %s, want %s", place, got, want)
		}
		if k.Certain(wib("2026-11-24 08:00"), wib("2026-11-26 08:00")) {
			t.Errorf("%s: an estimated holiday leaves the deadline certain", place)
		}
	}
}

// TestClockProperties tries random instants and targets over the whole year, in
// all zones, classes and readings.
func TestClockProperties(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	own := inbox.Hours{time.Sunday: {{0, 24 * 60}}, time.Wednesday: {{22 * 60, 24 * 60}}, time.Thursday: {{0, 6 * 60}}}
	clocks := []inbox.Clock{clock(t, inbox.Terms{}), clock(t, inbox.Terms{Zone: "WITA"}), clock(t, inbox.Terms{Zone: "WIT", CollectiveLeaveWorks: true}),
		clock(t, inbox.Terms{Hours: own}), clock(t, inbox.Terms{}).For(inbox.LifeSafety)}
	begin := wib("2026-01-01 00:00")
	for range 3000 {
		k := clocks[r.IntN(len(clocks))]
		start := begin.Add(time.Duration(r.Int64N(int64(330 * 24 * time.Hour))))
		target := time.Duration(r.Int64N(int64(60 * time.Hour)))
		due := k.Due(start, target)
		if due.Before(start) {
			t.Fatalf("start %s + %s is due before it: %s", start, target, due)
		}
		if got := k.Spent(start, due); got != target {
			t.Fatalf("start %s, target %s, due %s: spent %s", start, target, due, got)
		}
		if target > 0 && k.Spent(start, due.Add(-time.Nanosecond)) >= target {
			t.Fatalf("start %s, target %s: due %s is not the first such instant", start, target, due)
		}
		later := start.Add(time.Duration(r.Int64N(int64(72 * time.Hour))))
		if k.Due(later, target).Before(due) {
			t.Fatalf("a later start %s is due earlier than %s", later, start)
		}
		if k.Due(start, target+time.Minute).Before(due) {
			t.Fatalf("a longer target is due earlier: %s + %s", start, target)
		}
		end := later.Add(time.Duration(r.Int64N(int64(200 * time.Hour))))
		if k.Spent(start, later)+k.Spent(later, end) != k.Spent(start, end) {
			t.Fatalf("time is not additive at %s, %s, %s", start, later, end)
		}
		if k.Left(start, due) != target || k.Left(due, start) > 0 {
			t.Fatalf("left at %s until %s is %s", start, due, k.Left(start, due))
		}
		if spent := k.Spent(start, end); spent > end.Sub(start) || spent < 0 {
			t.Fatalf("%s between %s and %s", spent, start, end)
		}
	}
}
