package web

import (
	"strings"

	"github.com/a-h/templ"
)

// ReviewView is Persetujuan: what waits for a signature, and one post.
type ReviewView struct {
	Filters []Link
	Rows    []ReviewRow
	Cut     Cut
	Open    *Review
}

// ReviewRow is one post in the list of those that wait.
type ReviewRow struct {
	Path, Title string
	Platforms   []string
	When        string
	Beats       Beats
	Here        bool
}

// Review is one post as the approver signs it. The decision is posted to
// /persetujuan/{id}/setujui, /perbaikan or /tolak with the digest that the
// page showed.
type Review struct {
	ID       string
	Title    string
	Author   string
	Line     string // who submitted which version when
	When     string // when it goes out
	Window   string
	Compared []Link // which versions are compared
	Before   string // heading of the earlier version; "" when there is none
	After    string
	Fields   []FieldCompared
	Channels []ReviewChannel
	Link     string
	Media    []MediaShown
	Checks   []Check
	Costs    []Fact
	Chain    []Person
	Digest   string
	Stand    string // why this person may sign, or may not
	May      bool
	Reason   string
	Problems Problems
	Comments []Comment
}

// ReviewChannel is what one channel gets.
type ReviewChannel struct {
	Platform, Handle string
	Used, Limit      int
	Text             string
	Below            []BelowSaid
	Hand             bool // a person publishes there
}

// FieldCompared is one field of two versions.
type FieldCompared struct {
	Name    string
	Changed bool
	Before  []Piece
	After   []Piece
}

// grouped writes a digest in fours, as people compare it.
func grouped(digest string) string {
	var b strings.Builder
	for i, r := range digest {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// SplitPieces makes the two columns of a comparison from one list of pieces.
func SplitPieces(all []Piece) (before, after []Piece) {
	for _, p := range all {
		if p.Kind != "inserted" {
			before = append(before, p)
		}
		if p.Kind != "deleted" {
			after = append(after, p)
		}
	}
	return before, after
}

func (v ReviewView) Head(f *Frame) Head {
	h := Head{Title: f.T("nav.review"), Nav: "review", Panes: true, Hints: []Hint{{"J", "key.next"}, {"K", "key.previous"}}}
	if v.Open != nil && v.Open.May {
		h.Hints = append(h.Hints, Hint{"A", "key.approve"}, Hint{"P", "key.return"}, Hint{"X", "key.reject"})
	}
	return h
}

func (v ReviewView) Body(f *Frame) templ.Component { return reviewPage(f, v) }
