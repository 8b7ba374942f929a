package web

import "github.com/a-h/templ"

// FailView says what happened, what is safe and what to do next.
type FailView struct {
	Status   int
	Problems Problems
	Back     string
}

func (v FailView) Head(f *Frame) Head {
	return Head{Title: f.T("fail." + itoa(v.group()) + ".title"), Bare: !f.SignedIn}
}

// group is the status whose words fit: rarer ones share them.
func (v FailView) group() int {
	switch v.Status {
	case 401, 403, 404, 409, 422, 503:
		return v.Status
	}
	return 500
}

func (v FailView) Body(f *Frame) templ.Component { return failPage(f, v) }
