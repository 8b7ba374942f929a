package configs

import (
	"embed"
	"fmt"
	"path"
	"time"

	"kentongan/internal/fault"
)

//go:embed calendars/*.yaml
var calendarFiles embed.FS

// Calendar is one year of holidays and the lawful office hours, as data with
// its source. LEGAL clocks count by it.
type Calendar struct {
	Year                 int       `yaml:"year"`
	Version              int       `yaml:"version"`
	Supersedes           int       `yaml:"supersedes"`
	Authority            string    `yaml:"authority"`
	Status               string    `yaml:"status"` // official, provisional
	Scope                string    `yaml:"scope"`
	VerifiedBy           string    `yaml:"verified_by"`
	VerifiedOn           string    `yaml:"verified_on"`
	CollectiveLeaveWorks bool      `yaml:"collective_leave_works"`
	Holidays             []Holiday `yaml:"holidays"`
	Ramadan              Period    `yaml:"ramadan"`
	Hours                struct {
		Law     string    `yaml:"law"`
		Normal  Timetable `yaml:"normal"`
		Ramadan Timetable `yaml:"ramadan"`
	} `yaml:"hours"`
}

// The two kinds of day off.
const (
	National        = "LN" // libur nasional
	CollectiveLeave = "CB" // cuti bersama
)

// Holiday is one day off.
type Holiday struct {
	Date      string `yaml:"d"` // 2026-01-31
	Kind      string `yaml:"k"` // LN, CB
	Name      string `yaml:"n"`
	Scope     string `yaml:"scope"` // national, province:51, city:51.71
	Source    string `yaml:"source"`
	Isbat     bool   `yaml:"isbat"`     // the sidang isbat may move it by a day
	Certainty string `yaml:"certainty"` // "", fixed, computable, estimate
}

// Period is a stretch of days, both included.
type Period struct {
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	Status string `yaml:"status"`
}

// Timetable is a working week. Each day lists its stretches: "07:30-12:00".
type Timetable struct {
	Week string   `yaml:"week"` // the sum, as a check: 37h30m
	Mon  []string `yaml:"mon"`
	Tue  []string `yaml:"tue"`
	Wed  []string `yaml:"wed"`
	Thu  []string `yaml:"thu"`
	Fri  []string `yaml:"fri"`
	Sat  []string `yaml:"sat"`
	Sun  []string `yaml:"sun"`
}

// Days returns the week from Sunday, as time.Weekday counts.
func (t Timetable) Days() [7][]string {
	return [7][]string{t.Sun, t.Mon, t.Tue, t.Wed, t.Thu, t.Fri, t.Sat}
}

// Calendars returns the years shipped with the program.
func Calendars() ([]Calendar, error) {
	entries, err := calendarFiles.ReadDir("calendars")
	if err != nil {
		return nil, fmt.Errorf("configs: calendars: %w", err)
	}
	var all []Calendar
	for _, e := range entries {
		name := path.Join("calendars", e.Name())
		raw, err := calendarFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("configs: %s: %w", name, err)
		}
		c, err := ParseCalendar(name, raw)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// ParseCalendar reads one calendar file and names everything wrong in it.
func ParseCalendar(name string, raw []byte) (Calendar, error) {
	var c Calendar
	if err := decodeStrict(raw, &c); err != nil {
		return Calendar{}, fault.Wrap(fault.Invalid, "calendar.unreadable", err, fault.Arg("file", name), fault.Arg("what", err.Error()))
	}
	w := wrong{file: name, code: "calendar.wrong"}
	w.unless(c.Year >= 2020 && c.Year <= 2100, "year", "a year between 2020 and 2100")
	w.unless(c.Version >= 1, "version", "1 or more")
	w.unless(c.Supersedes < c.Version, "supersedes", "an earlier version")
	w.unless(c.Authority != "", "authority", "the decree it comes from")
	w.unless(c.Status == "official" || c.Status == "provisional", "status", "official or provisional")
	w.unless((c.VerifiedBy == "") == (c.VerifiedOn == ""), "verified_on", "a name and a day, or neither")
	w.unless(c.VerifiedOn == "" || isDay(c.VerifiedOn), "verified_on", "a day such as 2026-01-31")
	seen := map[string]bool{}
	for i, h := range c.Holidays {
		at := fmt.Sprintf("holidays[%d]", i)
		w.unless(isDay(h.Date) && h.Date[:4] == fmt.Sprint(c.Year), at+".d", fmt.Sprintf("a day of %d such as %d-01-31", c.Year, c.Year))
		w.unless(h.Kind == National || h.Kind == CollectiveLeave, at+".k", "LN or CB")
		w.unless(h.Name != "", at+".n", "the holiday's name")
		w.unless(h.Source != "", at+".source", "the decree it comes from")
		w.unless(isScope(h.Scope), at+".scope", "national, province:51 or city:51.71")
		w.unless(h.Certainty == "" || h.Certainty == "fixed" || h.Certainty == "computable" || h.Certainty == "estimate", at+".certainty", "fixed, computable or estimate")
		w.unless(!seen[h.Date+h.Scope], at+".d", "each day once in its scope")
		seen[h.Date+h.Scope] = true
	}
	w.unless(c.Ramadan.From == "" && c.Ramadan.To == "" || isDay(c.Ramadan.From) && isDay(c.Ramadan.To) && c.Ramadan.From <= c.Ramadan.To, "ramadan", "two days in order")
	w.timetable("hours.normal", c.Hours.Normal)
	if c.Ramadan.From != "" {
		w.timetable("hours.ramadan", c.Hours.Ramadan)
	}
	if err := w.err(); err != nil {
		return Calendar{}, err
	}
	return c, nil
}

func (w *wrong) timetable(field string, t Timetable) {
	var sum time.Duration
	for i, day := range t.Days() {
		last := 0
		for _, stretch := range day {
			from, to, ok := ParseStretch(stretch)
			w.unless(ok && from >= last && from < to, field+"."+[...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[i], `stretches in order such as "07:30-12:00"`)
			sum += time.Duration(to-from) * time.Minute
			last = to
		}
	}
	want, err := time.ParseDuration(t.Week)
	w.unless(err == nil && sum == want && sum > 0, field+".week", fmt.Sprintf("the sum of the days, %s", sum))
}

// ParseStretch reads "07:30-12:00" as minutes since midnight.
func ParseStretch(s string) (from, to int, ok bool) {
	if len(s) != 11 || s[5] != '-' {
		return 0, 0, false
	}
	from, ok1 := minutes(s[:5])
	to, ok2 := minutes(s[6:])
	return from, to, ok1 && ok2
}

func minutes(s string) (int, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == 5
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
