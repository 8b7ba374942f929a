package web

import "github.com/a-h/templ"

// ModerationView is Moderasi: what waits for a person's decision, one case
// open, and what was decided.
type ModerationView struct {
	Tabs      []Link
	Done      bool // the tab of decisions
	Rows      []CaseRow
	Open      *CaseView
	Chosen    bool // the case was asked for: a phone shows it alone
	Decisions []DecisionRow
	Cut       Cut
	Waiting   int64
}

// CaseRow is one message in the queue, standing for its identical copies.
type CaseRow struct {
	Path, Platform, Text string
	Labels               []Tag
	Why                  string
	Suggest              string
	Age                  string
	Copies               int64
	Here                 bool
}

// CaseView is one message with why it is here and the form that decides.
type CaseView struct {
	ID, Platform, Handle, When string
	Text                       []Marked
	State                      *Tag // hidden, deleted: what it is now
	Link                       string
	Conversation               string
	Labels                     []Tag
	Reasons                    []ReasonLine
	Suggest                    string
	Copies                     int64
	Clauses                    []ClauseChoice
	Chosen, Reason             string // what was typed, after a refusal
	WithCopies                 bool
	Decide, Hide, Restore      bool
	Remove, Block              bool
	CannotHide                 string
	RemoveNote                 string // why it is deleted there and not hidden
	After                      []Consequence
	Past                       []DecisionRow
	Problems                   Problems
}

// Marked is a part of a message with the numbers of the reasons that matched it.
type Marked struct {
	Kind    string // "", "masked", "mark" or "mark bad"
	Text    string
	Numbers string // "1, 2" at the end of a match; "" inside
}

// ReasonLine is one rule and what it matched.
type ReasonLine struct {
	Number  int
	Label   Tag
	Rule    string
	Matched string
}

// ClauseChoice is a clause to decide by.
type ClauseChoice struct {
	Number, Title, Text, Basis string
	Severity                   string
	Protected                  bool
	Key                        string // "" beyond the ninth
}

// Consequence is a sentence with its sign.
type Consequence struct{ Icon, Text string }

// DecisionRow is one decision taken.
type DecisionRow struct {
	Number, Act, Clause, Reason string
	Tone, Icon                  string
	State                       Tag
	Explain                     string
	By, When                    string
	Platform                    string
	Targets                     int64
	Message                     string // address of the message
	ID                          string
	Hand                        []HandLine // to be done at the platform by a person
	Restore                     string     // id of the message to restore; "" when nothing is hidden
}

// HandLine is one message that a person deals with at the platform.
type HandLine struct{ Message, Page string }

func (v ModerationView) Head(f *Frame) Head {
	h := Head{Title: f.T("nav.moderation"), Sub: f.T("moderation.waiting", "n", v.Waiting), Nav: "moderation", Panes: true}
	if !v.Done {
		h.Hints = []Hint{{"J", "key.next"}, {"K", "key.previous"}}
	}
	if v.Open != nil && v.Open.Decide {
		h.Hints = append(h.Hints, Hint{"B", "key.keep"}, Hint{"S", "key.hide"}, Hint{"1-9", "key.clause"})
	}
	return h
}

func (v ModerationView) Body(f *Frame) templ.Component { return moderationPage(f, v) }
