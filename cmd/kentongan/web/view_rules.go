package web

import (
	"time"

	"github.com/a-h/templ"
)

// RulesView is the tab Aturan: the policy in force and its rules.
type RulesView struct {
	Tabs                []Link
	Policy, PolicyTitle string
	Pending, PendingWhy string // a version that waits to be put in force, and why it cannot be
	FellBack            []string
	Rules               []RuleRow
	Clauses             []RuleClause
	History             []PolicyRow
	Trial               TrialForm
	Result              *TrialResult
	Problems            Problems
	Govern, Try         bool
}

// RuleRow is one rule with what is known of it.
type RuleRow struct {
	Name, Title, When, Suggest, Clause string
	Mode                               Tag
	Modes                              []RuleChoice
	Month                              string
	Precision, Interval, Counts        string // "" while nobody has decided
	Set, AutoNote                      string
	MayAuto, Copies, Open              bool
}

// RuleChoice is one entry of a list to choose from.
type RuleChoice struct {
	Value, Text string
	Here        bool
}

// RuleClause is one clause with its examples.
type RuleClause struct {
	Number, Title, Text, Basis, Severity, Acts string
	Covered, NotCovered                        []string
	Protected                                  bool
}

// PolicyRow is one version that was in force.
type PolicyRow struct {
	ID, Since, By, Digest, YAML string
	Here                        bool
}

// TrialForm asks what to try on earlier messages.
type TrialForm struct {
	Rules, Days []RuleChoice
	Draft       string
}

// TrialResult is what it found.
type TrialResult struct {
	Policy, Looked, Cut string
	Whole               bool
	Rules               []TrialRule
}

// TrialRule is what one rule would have done.
type TrialRule struct {
	Title, Found, Softer, Precision, More string
	Months                                []TrialMonthRow
	Messages                              []TrialMessage
}

// TrialMonthRow is one month of it.
type TrialMonthRow struct{ Month, Matched, Followed, Left, Undecided string }

// TrialMessage is one message, masked.
type TrialMessage struct{ Path, Platform, Text, When string }

func (v RulesView) Head(f *Frame) Head {
	return Head{Title: f.T("rules.title"), Sub: f.T("rules.in_force", "policy", v.Policy), Nav: "moderation"}
}

func (v RulesView) Body(f *Frame) templ.Component { return rulesPage(f, v) }

// monthText is "November 2026" for "2026-11".
func monthText(f *Frame, name string) string {
	t, err := time.Parse("2006-01", name)
	if err != nil {
		return name
	}
	return f.In(time.UTC).Month(t)
}
