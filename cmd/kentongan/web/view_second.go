package web

import "github.com/a-h/templ"

// SecondView is what needs another moderator.
type SecondView struct {
	Tabs      []Link
	Waiting   int64
	Proposals []ProposalRow
	Ratify    []RatifyRow
	Escalated []EscalationRow
}

// ProposalRow is a large order that waits for a second person.
type ProposalRow struct {
	ID, Act, Clause, Reason, By, When string
	Count                             int64
	Own                               bool
	Texts                             []SampleText
}

// SampleText is one of the texts that a row is about, masked.
type SampleText struct {
	Text, Path string
	Veiled     bool
}

// RatifyRow is a decision over many that a second person looks at.
type RatifyRow struct {
	ID       string
	Decision DecisionRow
	Due      string
	Late     bool
	Own      bool
	Texts    []SampleText
}

// EscalationRow is a message that somebody was asked about.
type EscalationRow struct {
	ID, Number, Asked, Note string
	Mine                    bool
	Texts                   []SampleText
}

// EscalatedView is what came to one person.
type EscalatedView struct {
	Moderates bool
	Rows      []EscalationRow
}

// EvidenceView is what a decision was made on.
type EvidenceView struct {
	ID       string
	Decision DecisionRow
	Purpose  string
	Open     bool
	Exhibits []ExhibitRow
	Problems Problems
}

// ExhibitRow is one message as it stood before the act.
type ExhibitRow struct {
	Text, Author, RemoteID, URL, Posted, Taken, Suggest string
	Version                                             int64
	Labels                                              []Tag
	Veiled                                              bool
}

// QualityView is how far moderators agree.
type QualityView struct {
	Tabs                      []Link
	Moderates                 bool
	Reviews                   int64
	Share, Decisions, Sampled string
	Overall                   AgreementRow
	Months, Clauses           []AgreementRow
	Differ                    []DifferRow
}

// AgreementRow is one line of the agreement.
type AgreementRow struct {
	Name, N, Agreed, Kappa, Range, Words string
	Percent                              int
}

// DifferRow is one message on which two moderators differ.
type DifferRow struct {
	Number, Text, First, FirstReason, Second, SecondReason string
	Veiled                                                 bool
}

// BlindView is one sampled message, blind. ID is "" when none is left.
type BlindView struct {
	Tabs               []Link
	ID, Platform, When string
	Text               []Marked
	Veiled             bool
	Labels             []Tag
	Reasons            []ReasonLine
	Clauses            []ClauseChoice
	Chosen, Reason     string
	Problems           Problems
}

// RestView is the reminder to rest.
type RestView struct {
	Items       int64
	Span        string
	MayPostpone bool
}

func (v SecondView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.moderation"), Sub: f.T("moderation.waiting", "n", v.Waiting), Nav: "moderation"}
}
func (v SecondView) Body(f *Frame) templ.Component { return secondPage(f, v) }

func (v EscalatedView) Head(f *Frame) Head {
	return Head{Title: f.T("escalation.title"), Nav: "moderation"}
}
func (v EscalatedView) Body(f *Frame) templ.Component { return escalatedPage(f, v) }

func (v EvidenceView) Head(f *Frame) Head {
	return Head{Title: f.T("evidence.title"), Sub: v.Decision.Number, Nav: "moderation"}
}
func (v EvidenceView) Body(f *Frame) templ.Component { return evidencePage(f, v) }

func (v QualityView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.moderation"), Sub: f.T("quality.title"), Nav: "moderation"}
}
func (v QualityView) Body(f *Frame) templ.Component { return qualityPage(f, v) }

func (v BlindView) Head(f *Frame) Head {
	h := Head{Title: f.T("nav.moderation"), Sub: f.T("quality.review.title"), Nav: "moderation"}
	if v.ID != "" {
		h.Hints = []Hint{{"B", "key.keep"}, {"S", "key.hide"}, {"1-9", "key.clause"}, {"V", "key.unveil"}}
	}
	return h
}
func (v BlindView) Body(f *Frame) templ.Component { return reviewDecidePage(f, v) }

func (v RestView) Head(f *Frame) Head            { return Head{Title: f.T("rest.title"), Nav: "moderation"} }
func (v RestView) Body(f *Frame) templ.Component { return restPage(f, v) }
