package web

import (
	"strconv"

	"github.com/a-h/templ"
)

// PublicView is Transparansi: what an office hid and why, and how long it let
// citizens wait. Anybody may read it; it names no citizen and quotes none.
type PublicView struct {
	Agency, Of   string
	Slug         string
	Month        string
	Running      bool // the month is not over
	Figures      []Figure
	Platforms    []string
	Rows         []PublicRow
	Restored     PublicRow
	History      []PublicMonth
	PolicyTitle  string
	PolicyNote   string
	PolicyID     string
	Clauses      []PublicClause
	ResponseNote string
}

// PublicRow is one clause in one month: a cell for each platform, and a sum.
type PublicRow struct {
	Clause, Title string
	Cells         []string
	Sum           string
	Share         int // of the largest sum, 0 to 100
}

// PublicMonth is one month of the register.
type PublicMonth struct {
	Name, Path                                         string
	Here                                               bool
	Received, Hidden, Restored, Answered, Median, Part string
}

// PublicClause is one clause of the policy.
type PublicClause struct {
	Number, Title, Text, Basis, Severity string
	Protected                            bool
}

// smallest is the least number that is told: below it a person could be
// recognized by who knows one of the few.
const smallest = 5

// blurred is a count as the public sees it.
type blurred struct {
	known  int64 // what the shown cells add up to
	hidden int64 // cells that were blurred: each is at least one
}

func (b *blurred) add(n int64) {
	if n > 0 && n < smallest {
		b.hidden++
		return
	}
	b.known += n
}

// join adds another sum's cells.
func (b *blurred) join(o blurred) { b.known, b.hidden = b.known+o.known, b.hidden+o.hidden }

// least is what the shown cells prove. A sum is never exact where a cell in it
// is blurred: the difference would tell the cell.
func (b blurred) least() int64 { return b.known + b.hidden }

func (b blurred) text(f *Frame) string {
	switch {
	case b.hidden == 0:
		return f.Int(b.known)
	case b.hidden == 1 && b.known == 0:
		return "<" + strconv.Itoa(smallest)
	}
	return "≥ " + f.Int(b.least())
}

// cell is one count by itself.
func cell(f *Frame, n int64) string {
	var b blurred
	b.add(n)
	return b.text(f)
}

// line names the office and the month.
func (v PublicView) line(f *Frame) string {
	line := v.Agency
	if v.Of != "" {
		line += ", " + v.Of
	}
	line += " · " + v.Month
	if v.Running {
		line += " · " + f.T("public.running")
	}
	return line
}

func (v PublicView) Head(f *Frame) Head {
	return Head{Title: f.T("public.title") + ", " + v.Agency, Bare: true}
}

func (v PublicView) Body(f *Frame) templ.Component { return publicPage(f, v) }
