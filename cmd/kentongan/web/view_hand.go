package web

import "github.com/a-h/templ"

// HandView is a task: something that was signed and is due, to be published by
// a person on the platform's own page. The form posts to
// /pengiriman/{id}/manual: url, and date and time when it was not now.
type HandView struct {
	ID               string
	Platform, Handle string
	Page             string // the account's own page
	Post             string // where the post is
	Part             string // what it is below the post; "" for the post itself
	Below            string // the address of what it goes below
	Text             string
	Rows             int
	Files            []HandFile
	Guide            string // where to write it
	Hosts            string // where its address may be
	Digest           string
	Due              string
	When, Tone       string // how late it is
	URL, Date, Clock string // what the person wrote
	Problems         Problems
}

// HandFile is one file to download.
type HandFile struct {
	Path, Name, Alt, Line string
	Film                  bool
}

func (v HandView) Head(f *Frame) Head {
	return Head{Title: f.T("hand.title", "name", f.T("platform."+v.Platform)), Nav: "posts"}
}

func (v HandView) Body(f *Frame) templ.Component { return handPage(f, v) }
