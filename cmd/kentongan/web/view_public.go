package web

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kentongan/moderation"
)

// PublicFrame is what all public pages of an office share.
type PublicFrame struct {
	Office Office
	Of     string // the agency above it
	Here   string // the page's key: "summary", "hidden", "waiting", "policy", "data"
	Title  string
}

func (p PublicFrame) Head(*Frame) Head {
	return Head{Title: p.Title + ", " + p.Office.Name, Bare: true, Feed: string(p.Office.path("/umpan.xml"))}
}

// tabs are the public pages there are.
func (p PublicFrame) tabs(f *Frame) (all []Link) {
	for _, t := range [...][2]string{{"summary", ""}, {"hidden", "/disembunyikan"}, {"waiting", "/respons"}, {"policy", "/pedoman"}} {
		all = append(all, Link{Text: f.T("account.tab." + t[0]), Path: string(p.Office.path(t[1])), Here: p.Here == t[0]})
	}
	return all
}

// PublicMonths is the choice of a month: a form that works without scripts.
type PublicMonths struct {
	Path    string // of the page
	Name    string // "Oktober 2026"
	Running bool
	All     []Choice
}

// PublicView is Ringkasan: what an office hid and why, in one month.
type PublicView struct {
	PublicFrame
	Months   PublicMonths
	Counted  string // what the numbers are made of, and as of when
	Figures  []Figure
	Clauses  []ClauseLine
	Channels []PlaceLine
	Quick    []Fact // times, people and program
	Examples []PublicExample
	Files    []DataFile
	Digest   string
}

// ClauseLine is one clause in one month.
type ClauseLine struct {
	Number, Title             string
	Count, Objected, Restored string
	Share                     int  // of the largest count that is told, 0 to 100
	Protected                 bool // nobody may hide by it
	Covered                   bool // the count is told as at least five
}

// PlaceLine is one platform in one month.
type PlaceLine struct {
	Platform string
	Count    string
	Share    int
	Covered  bool
}

// PublicExample is a decision in the office's own words.
type PublicExample struct {
	Tag    Tag
	Text   string
	Clause string // "3.1 Penipuan"
	Path   string // of the clause
	When   string // "Oktober 2026"
}

// DataFile is one file of open data.
type DataFile struct {
	Path, Name, Size, Digest string
}

// HiddenView is Yang disembunyikan: each clause on each channel.
type HiddenView struct {
	PublicFrame
	Months    PublicMonths
	Counted   string
	Platforms []string
	Tables    []HiddenTable
	People    []Fact
	Examples  []PublicExample
}

// HiddenTable is one measure: clauses down, channels across.
type HiddenTable struct {
	ID, Title, Note string
	Places          []string // headings
	Rows            []HiddenRow
	Sums            []string
	Empty           bool
}

// HiddenRow is one clause across the channels.
type HiddenRow struct {
	Number, Title string
	Cells         []string
	Sum           string
}

// WaitingView is Waktu jawab: how long citizens waited, month by month.
type WaitingView struct {
	PublicFrame
	Target string
	Rows   []WaitingRow
}

// WaitingRow is one month.
type WaitingRow struct {
	Month                                            string
	Received, Answered, Median, Part, Decided, Heard string
}

// DictionaryView is Kamus data: what the open data holds and how to read it.
type DictionaryView struct {
	PublicFrame
	Files    []DataFile
	Fields   []moderation.DataField
	Measures []Fact
	Example  string // how to compare the digest
}

// cellText is a number as everybody reads it.
func cellText(f *Frame, c moderation.Cell) string {
	switch c.Told {
	case moderation.Small:
		return "<" + strconv.Itoa(moderation.SmallestTold)
	case moderation.Covered:
		return "≥" + strconv.Itoa(moderation.SmallestTold)
	}
	return f.Int(c.N)
}

// cell is one count that stands by itself: nothing can be subtracted from it.
func cell(f *Frame, n int64) string {
	if n > 0 && n < moderation.SmallestTold {
		return cellText(f, moderation.Cell{Told: moderation.Small})
	}
	return f.Int(n)
}

// shareText is a part of a whole where both are told. Where the part or the
// rest is fewer than five, only a bound is told, made of the whole alone.
func shareText(f *Frame, part, whole int64) string {
	const few = moderation.SmallestTold - 1
	rest := whole - part
	switch {
	case whole < moderation.SmallestTold:
		return "–"
	case part > 0 && part <= few:
		return "≤ " + f.Percent(float64(few)/float64(whole))
	case rest > 0 && rest <= few:
		return "≥ " + f.Percent(float64(whole-few)/float64(whole))
	}
	return f.Percent(float64(part) / float64(whole))
}

// longish is a duration as coarse as a public median needs to be.
func longish(f *Frame, d time.Duration) string {
	switch {
	case d < time.Minute:
		return f.T("account.under_minute")
	case d >= 48*time.Hour:
		return f.T("account.days", "n", f.Decimal(d.Hours()/24, 1))
	}
	return f.Span(d)
}

func (v PublicView) Body(f *Frame) templ.Component     { return publicPage(f, v) }
func (v HiddenView) Body(f *Frame) templ.Component     { return hiddenPage(f, v) }
func (v WaitingView) Body(f *Frame) templ.Component    { return waitingPage(f, v) }
func (v DictionaryView) Body(f *Frame) templ.Component { return dictionaryPage(f, v) }

// coveredSeries marks a bar whose count is told as at least five.
func coveredSeries(covered bool) string {
	if covered {
		return "covered"
	}
	return ""
}

// shortDigest is a digest as it stands beside the files; the whole one is on
// the dictionary's page.
func shortDigest(s string) string {
	if len(s) < 12 {
		return s
	}
	return s[:4] + "…" + s[len(s)-4:]
}
