package web

import "github.com/a-h/templ"

// SignInView is the sign-in page.
type SignInView struct {
	Username string
	Back     string // where the person wanted to go
	Problems Problems
}

func (v SignInView) Head(f *Frame) Head {
	return Head{Title: f.T("sign_in.title"), Bare: true}
}

func (v SignInView) Body(f *Frame) templ.Component { return signInPage(f, v) }
