package web

import "github.com/a-h/templ"

// ExampleView is Contoh: decisions told to everybody, written by one person
// and released by another.
type ExampleView struct {
	Typed    ExampleForm
	MayWrite bool
	Clauses  []Choice
	Rows     []ExampleRow
	Public   string // the public list
	Problems Problems
}

// ExampleForm is what was typed.
type ExampleForm struct{ Number, Clause, Text string }

// ExampleRow is one example as the office sees it.
type ExampleRow struct {
	ID, Number, Clause, Month, Text string
	State                           Tag
	Who                             string
	Draft, MayRelease, MayDiscard   bool
	MayWithdraw                     bool
	Problems                        Problems
	Reason                          string
}

func (v *ExampleView) Head(f *Frame) Head {
	return Head{Title: f.T("example.title"), Nav: "moderation"}
}

func (v *ExampleView) Body(f *Frame) templ.Component { return examplePage(f, v) }
