package configs_test

import (
	"slices"
	"strings"
	"testing"

	"kentongan/configs"
	"kentongan/internal/fault"
)

func TestShippedCalendar(t *testing.T) {
	all, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Year != 2026 {
			continue
		}
		count := map[string]int{}
		for _, h := range c.Holidays {
			count[h.Kind]++
		}
		if count[configs.National] != 17 || count[configs.CollectiveLeave] != 8 {
			t.Errorf("2026 has %v; the decree names 17 national holidays and 8 of collective leave", count)
		}
		return
	}
	t.Error("2026 is not shipped")
}

const good = `year: 2026
version: 1
authority: "SKB contoh"
status: official
scope: national
holidays:
  - {d: "2026-01-01", k: LN, n: "Tahun Baru", scope: national, source: "SKB contoh"}
hours:
  law: contoh
  normal:
    week: 8h
    mon: ["08:00-12:00", "13:00-17:00"]
`

func TestCalendarMistakesAreNamed(t *testing.T) {
	if _, err := configs.ParseCalendar("good.yaml", []byte(good)); err != nil {
		t.Fatalf("the good one is refused: %v", err)
	}
	for name, c := range map[string]struct{ old, new, field string }{
		"a day of another year":        {`"2026-01-01"`, `"2025-01-01"`, "holidays[0].d"},
		"a day that is none":           {`"2026-01-01"`, `"2026-02-30"`, "holidays[0].d"},
		"an unknown kind":              {"k: LN", "k: XX", "holidays[0].k"},
		"no source":                    {`, source: "SKB contoh"`, "", "holidays[0].source"},
		"a scope nobody knows":         {`scope: national, source`, `scope: bali, source`, "holidays[0].scope"},
		"hours that do not sum up":     {"8h", "7h30m", "hours.normal.week"},
		"stretches in the wrong order": {`["08:00-12:00", "13:00-17:00"]`, `["13:00-17:00", "08:00-12:00"]`, "hours.normal.mon"},
		"verified on a day by nobody":  {"scope: national\nholidays", "scope: national\nverified_on: \"2026-01-01\"\nholidays", "verified_on"},
		"no version":                   {"version: 1", "version: 0", "version"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configs.ParseCalendar("x.yaml", []byte(strings.Replace(good, c.old, c.new, 1)))
			if !slices.ContainsFunc(fault.All(err), func(f *fault.Fault) bool { return f.Field == c.field && f.Kind == fault.Invalid }) {
				t.Errorf("%s is not named in %v", c.field, err)
			}
		})
	}
	for name, raw := range map[string]string{"an unknown field": good + "holydays: []\n", "an empty file": "", "two documents": good + "---\n" + good, "no YAML": "\t{"} {
		if _, err := configs.ParseCalendar("x.yaml", []byte(raw)); fault.Code(err) != "calendar.unreadable" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseCalendar(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("year: 2026\nholidays: [{d: x}]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := configs.ParseCalendar("fuzz.yaml", raw)
		if err == nil && (c.Year < 2020 || len(c.Hours.Normal.Week) == 0) {
			t.Fatalf("taken: %q", raw)
		}
	})
}
