package web

import (
	"time"

	"kentongan/moderation"
)

func (b *books) frame(here string) PublicFrame {
	return PublicFrame{Office: Office{Name: b.agency.Name, Slug: b.agency.Slug}, Of: b.above.Name, Here: here, Title: b.f.T("account.title." + here)}
}

func (b *books) choice(path string) PublicMonths {
	m := PublicMonths{Path: b.home + path, Name: b.f.Month(b.month().First), Running: b.month().Running}
	for i, other := range b.months {
		m.All = append(m.All, Choice{Value: other.Name, Text: b.f.Month(other.First), Picked: i == b.chosen})
	}
	return m
}

// counted says what the numbers are made of. The day is all it tells of when:
// a month that is over was counted when it ended.
func (b *books) counted() string {
	at := b.now
	if m := b.month(); !m.Running {
		at = m.First.AddDate(0, 1, 0)
	}
	return b.f.T("account.counted", "month", b.f.Month(b.month().First), "day", b.f.Day(at))
}

func (b *books) clause(number string) (title string, protected bool) {
	if c, known := b.policy.Clause(number); known {
		return c.Title.In(b.f.Lang()), c.Protected
	}
	for _, v := range b.versions { // of an earlier policy
		if c, known := v.policy.Clause(number); known {
			return c.Title.In(b.f.Lang()), c.Protected
		}
	}
	if number == "" {
		return b.f.T("account.no_clause"), false
	}
	return "", false
}

func summary(b *books) View {
	f, m := b.f, b.month()
	v := PublicView{PublicFrame: b.frame("summary"), Months: b.choice(""), Counted: b.counted(), Figures: b.figures(m)}
	hidden, heard := m.Table(moderation.MeasureHidden), m.Table(moderation.MeasureObjection)
	largest := int64(1)
	for _, n := range hidden.Clauses {
		largest = max(largest, hidden.At(n, moderation.Every).N)
	}
	for _, n := range rowsOf(hidden, heard) {
		c := hidden.At(n, moderation.Every)
		line := ClauseLine{Number: n, Count: cellText(f, c), Share: lengthOf(c, largest), Covered: c.Told == moderation.Covered}
		line.Title, line.Protected = b.clause(n)
		line.Objected, line.Restored = cellText(f, heard.At(n, moderation.Every)), cellText(f, heard.At(n, moderation.OutcomeGranted))
		v.Clauses = append(v.Clauses, line)
	}
	largest = 1
	for _, p := range hidden.Places {
		largest = max(largest, hidden.At(moderation.Every, p).N)
	}
	for _, p := range hidden.Places {
		c := hidden.At(moderation.Every, p)
		v.Channels = append(v.Channels, PlaceLine{Platform: p, Count: cellText(f, c), Share: lengthOf(c, largest), Covered: c.Told == moderation.Covered})
	}
	v.Quick = append(b.people(m), b.times(m)...)
	if v.Examples = b.told(); len(v.Examples) > 3 {
		v.Examples = v.Examples[:3]
	}
	v.Files, v.Digest = b.files()
	return v
}

// rowsOf are the clauses of two tables, which name the same ones first.
func rowsOf(a, b moderation.Table) (all []string) {
	seen := map[string]bool{}
	for _, t := range []moderation.Table{a, b} {
		for _, n := range t.Clauses {
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// lengthOf is how long a bar is. What is not told has one length for all.
func lengthOf(c moderation.Cell, largest int64) int {
	switch {
	case c.Told == moderation.Small:
		return 1
	case c.Told == moderation.Covered:
		return 3
	}
	return share(c.N, largest)
}

func (b *books) figures(m moderation.MonthAccount) []Figure {
	f := b.f
	received := b.heard[m.Name].Received
	all := m.Table(moderation.MeasureHidden).At(moderation.Every, moderation.Every)
	heard := m.Table(moderation.MeasureObjection)
	decided, granted := heard.At(moderation.Every, moderation.Every), heard.At(moderation.Every, moderation.OutcomeGranted)
	hidden := Figure{Label: f.T("public.hidden"), Value: cellText(f, all), Note: f.T("account.hidden.note")}
	if all.Told == moderation.Exact && all.N > 0 && received >= moderation.SmallestTold {
		hidden.Unit = f.Percent(float64(all.N) / float64(received))
	}
	restored := Figure{Label: f.T("public.restored"), Value: cellText(f, granted), Note: f.T("account.restored.note")}
	if decided.Told == moderation.Exact && granted.Told == moderation.Exact && decided.N > 0 {
		restored.Unit = f.Percent(float64(granted.N) / float64(decided.N))
	}
	return []Figure{
		{Label: f.T("public.received"), Value: cell(f, received), Note: f.T("public.received.note")}, hidden,
		{Label: f.T("account.decided"), Value: cellText(f, decided), Note: f.T("account.decided.note")}, restored,
	}
}

// people says who decided to hide: persons and the program apart.
func (b *books) people(m moderation.MonthAccount) []Fact {
	t := m.Table(moderation.MeasureHidden)
	return []Fact{
		{Name: b.f.T("account.by.person"), Value: cellText(b.f, t.By(moderation.ByPerson))},
		{Name: b.f.T("account.by.program"), Value: cellText(b.f, t.By(moderation.ByProgram))},
		{Name: b.f.T("account.corrected"), Value: cellText(b.f, m.Table(moderation.MeasureCorrected).At(moderation.Every, moderation.Every))},
	}
}

// times are the month's medians, each where at least five went into it.
func (b *books) times(m moderation.MonthAccount) []Fact {
	decided, heard := b.medians(m)
	answered, _ := b.answered(m.Name)
	return []Fact{
		{Name: b.f.T("account.time.decide"), Value: decided}, {Name: b.f.T("account.time.answer"), Value: answered},
		{Name: b.f.T("account.time.objection"), Value: heard},
	}
}

func (b *books) medians(m moderation.MonthAccount) (decided, heard string) {
	decided, heard = "–", "–"
	if m.Timely {
		decided = longish(b.f, m.Decided)
	}
	if m.HeardToo {
		heard = longish(b.f, m.Heard)
	}
	return decided, heard
}

// answered tells how long citizens waited, where enough of them did.
func (b *books) answered(month string) (median, part string) {
	r := b.heard[month].Response
	if r.Answered < moderation.SmallestTold {
		return "–", "–"
	}
	return b.f.Duration(r.Median), shareText(b.f, r.Within, r.Answered)
}

func (b *books) told() (all []PublicExample) {
	for _, e := range b.examples {
		title, _ := b.clause(e.Clause)
		x := PublicExample{Text: e.Text, Clause: e.Clause + " " + title, Path: b.home + "/pedoman#klausul-" + e.Clause, When: e.Month}
		if at, err := time.ParseInLocation("2006-01", e.Month, b.zone()); err == nil {
			x.When = b.f.Month(at)
		}
		switch e.Act {
		case moderation.Keep:
			x.Tag = Tag{Text: b.f.T("account.example.kept"), Tone: "ok"}
		case moderation.Restore:
			x.Tag = Tag{Text: b.f.T("public.restored"), Tone: "ok"}
		case moderation.Warn:
			x.Tag = Tag{Text: b.f.T("account.measure.warned"), Tone: "warn"}
		case moderation.Block:
			x.Tag = Tag{Text: b.f.T("account.measure.blocked"), Tone: "bad"}
		default:
			x.Tag = Tag{Text: b.f.T("public.hidden"), Tone: "bad"}
		}
		all = append(all, x)
	}
	return all
}

func hidden(b *books) View {
	m := b.month()
	v := HiddenView{PublicFrame: b.frame("hidden"), Months: b.choice("/disembunyikan"), Counted: b.counted(), People: append(b.people(m), b.times(m)...), Examples: b.told()}
	for _, t := range m.Tables {
		v.Tables = append(v.Tables, b.table(t))
	}
	return v
}

// table is one measure as it is drawn. Where nothing happened at all it is one
// sentence.
func (b *books) table(t moderation.Table) HiddenTable {
	f := b.f
	h := HiddenTable{ID: "t-" + t.Measure, Title: f.T("account.measure." + t.Measure), Note: f.T("account.measure." + t.Measure + ".note")}
	all := t.At(moderation.Every, moderation.Every)
	h.Empty = all.Told == moderation.Exact && all.N == 0
	for _, p := range t.Places {
		if t.Measure == moderation.MeasureObjection {
			h.Places = append(h.Places, f.T("account.outcome."+p))
		} else {
			h.Places = append(h.Places, f.T("platform."+p))
		}
		h.Sums = append(h.Sums, cellText(f, t.At(moderation.Every, p)))
	}
	h.Sums = append(h.Sums, cellText(f, all))
	for _, n := range t.Clauses {
		row := HiddenRow{Number: n, Sum: cellText(f, t.At(n, moderation.Every))}
		row.Title, _ = b.clause(n)
		for _, p := range t.Places {
			row.Cells = append(row.Cells, cellText(f, t.At(n, p)))
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

func waiting(b *books) View {
	v := WaitingView{PublicFrame: b.frame("waiting"), Target: b.f.T("today.target", "time", b.f.Duration(b.agency.Answer))}
	for _, m := range b.months {
		h := b.heard[m.Name]
		row := WaitingRow{Month: b.f.Month(m.First), Received: cell(b.f, h.Received), Answered: cell(b.f, h.Response.Answered)}
		row.Median, row.Part = b.answered(m.Name)
		row.Decided, row.Heard = b.medians(m)
		v.Rows = append(v.Rows, row)
	}
	return v
}
