package web

import "github.com/a-h/templ"

// AuditView is Jejak: who did what, the latest first.
type AuditView struct {
	Rows    []AuditRow
	People  []Choice
	Subject string // only this thing; "" for everything
	Cut     Cut
}

// AuditRow is one deed.
type AuditRow struct {
	Day     string // a heading before the first row of a day; "" for the others
	Clock   string
	Who     string
	System  bool
	Did     string
	Subject string
	About   string // where the whole trail of that thing is
	Path    string // the thing itself; "" when it has no page
	Detail  string
	Digest  string // shortened
	Sealed  string // the row's own hash, shortened
}

func (v AuditView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.audit"), Sub: f.T("trail.sub"), Nav: "audit"}
}

func (v AuditView) Body(f *Frame) templ.Component { return auditPage(f, v) }
