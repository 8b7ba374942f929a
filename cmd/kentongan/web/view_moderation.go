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
	Filters   CaseFilters
	Bulk      BulkForm
	Figures   []Figure
	VeilAll   bool // the person wants every message veiled
}

// CaseFilters narrow the queue.
type CaseFilters struct {
	Labels, Channels, Holdings []Choice
	Active                     bool
}

// BulkForm decides about the picked rows at once.
type BulkForm struct {
	Clauses  []ClauseChoice
	Advisers []Choice
	Picked   map[string]bool // what was picked, after a refusal
	Clause   string
	Reason   string
	Problems Problems
}

// CaseRow is one message in the queue, standing for its identical copies.
type CaseRow struct {
	ID                   string
	Version              string // of the message, as it is read here
	Path, Platform, Text string
	Account              string // "dikenal 3 hari, 14 komentar sama"
	Labels               []Tag
	Why                  string
	Suggest              string
	Clause               string
	Protected            bool // the clause protects it
	Age                  string
	Old                  bool // it has waited long
	Copies               int64
	Held                 string // who looks at it now, if another person does
	Veiled               bool
	Here                 bool
}

// CaseView is one message with why it is here and the form that decides.
type CaseView struct {
	ID, Platform, Handle, When string
	Version                    string // of the message, as it is read here
	Text                       []Marked
	Veiled                     bool // until somebody wants to see it
	State                      *Tag // hidden, deleted: what it is now
	Held                       string
	Link                       string
	Files                      string // what came along and is not shown
	Conversation               string
	Labels                     []Tag
	Reasons                    []ReasonLine
	Rules                      []RuleLine
	Suggest                    string
	Copies                     int64
	Clauses                    []ClauseChoice
	Chosen, Reason             string // what was typed, after a refusal
	WithCopies                 bool
	Decide, Hide, Restore      bool
	Remove, Block, Warn        bool
	CannotHide                 string
	RemoveNote                 string // why it is deleted there and not hidden
	Notice                     NoticeField
	Advisers                   []Choice
	Advice                     []AdviceLine
	After                      []Consequence
	Similar                    []PrecedentLine
	Account                    []string
	Wrote                      []WroteLine
	Past                       []DecisionRow
	Seen                       string // the latest decision that the person knows of
	Problems                   Problems
}

// NoticeField is what the citizen is told.
type NoticeField struct {
	Free  bool   // the words can be changed
	Draft string // as it goes out if nothing is written
	Typed string
	Note  string // why there is no way, or that it is told in public
}

// AdviceLine is what was asked of somebody, and the answer.
type AdviceLine struct{ Asked, Note, Answered, Answer string }

// PrecedentLine is an earlier decision that resembles the case.
type PrecedentLine struct {
	Like, Text, Decision, Reversed, Path string
	Veiled                               bool
	Tone                                 string
}

// WroteLine is another message of the same author.
type WroteLine struct {
	Text, When, State, Path string
	Veiled                  bool
}

// Marked is a part of a message with the numbers of the reasons that matched it.
type Marked struct {
	Kind    string // "", "masked", "mark" or "mark bad"
	Text    string
	Numbers string // "1, 2" at the end of a match; "" inside
	Veiled  bool
}

// ReasonLine is one rule and what it matched.
type ReasonLine struct {
	Number  int
	Label   Tag
	Rule    string
	Matched string
	Veiled  bool
}

// RuleLine is a rule of the policy that matched, and how precise it has been.
type RuleLine struct{ Title, Fact string }

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
	Undo                        bool       // the person may still take it back
	Marks                       []Tag      // automatic, to be ratified, takes another back
	Evidence                    bool
}

// HandLine is one message that a person deals with at the platform.
type HandLine struct{ Message, Page string }

func (v ModerationView) Head(f *Frame) Head {
	h := Head{Title: f.T("nav.moderation"), Sub: f.T("moderation.waiting", "n", v.Waiting), Nav: "moderation", Panes: true}
	if !v.Done {
		h.Hints = []Hint{{"J", "key.next"}, {"K", "key.previous"}, {f.T("key.space"), "key.pick"}}
	}
	if v.Open != nil && v.Open.Decide {
		h.Hints = append(h.Hints, Hint{"B", "key.keep"}, Hint{"S", "key.hide"}, Hint{"E", "key.escalate"}, Hint{"1-9", "key.clause"}, Hint{"V", "key.unveil"})
	}
	return h
}

func (v ModerationView) Body(f *Frame) templ.Component { return moderationPage(f, v) }
