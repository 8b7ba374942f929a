package web

import "github.com/a-h/templ"

// HearingsView is Moderasi, Keberatan: what is to be decided by deadline, or
// what was.
type HearingsView struct {
	Tabs, Lists []Link
	Done        bool
	Rows        []HearingRow
}

// HearingRow is one objection in the list.
type HearingRow struct {
	Number, Path, Act, Clause string
	Filed                     string
	Words                     int64
	Due                       Tag
	State                     Tag
	Note                      string
	Mine                      string // why this person does not decide it; "" when she may
}

// HearingView is one objection with what its decision rests on.
type HearingView struct {
	Tabs         []Link
	ID           string
	Row          HearingRow
	State        Tag // of the decision
	Reason       string
	By, When     string
	Policy       string
	Targets      int64
	Evidence     string
	Case         string // address of the message, for who may read it
	Messages     []string
	MoreMessages int
	Said         []PleaWord
	Deadline     []string
	Late, Open   bool
	Notices      []NoticeRow
	Similar      []SimilarLine
	NotYou       []string
	MayUnmask    bool
	Form         *RulingForm
	Outcome      *CaseStep
	Undoing      *Tag
	UndoingWhy   string
}

// PleaWord is what one objector wrote.
type PleaWord struct {
	ID, Text, When string
	Added          bool
	Reveal         bool // there is more under the mask, and this person may see it
	Revealed       bool
	Problems       Problems
}

// NoticeRow is how one citizen was told.
type NoticeRow struct {
	State          Tag
	Way, Text, Why string
	Outcome        bool // of the objection's outcome, not of the decision
}

// SimilarLine is an earlier decision that may help.
type SimilarLine struct{ Line, Text string }

// RulingForm decides an objection.
type RulingForm struct {
	Act, Gives      string // what was done, and what granting does
	Clauses         []Choice
	Outcome, Reason string // what was typed, after a refusal
	Notice          string
	Way, WayWhy     string
	CanTell         bool
	Problems        Problems
}

func (v HearingsView) Head(f *Frame) Head {
	return Head{Title: f.T("hearing.title"), Nav: "moderation"}
}
func (v HearingsView) Body(f *Frame) templ.Component { return hearingsPage(f, v) }

func (v *HearingView) Head(f *Frame) Head {
	return Head{Title: f.T("hearing.one", "number", v.Row.Number), Nav: "moderation"}
}
func (v *HearingView) Body(f *Frame) templ.Component { return hearingPage(f, v) }
