package web

import (
	"strings"

	"github.com/a-h/templ"
)

// ComposeView is Susun: one post being written. Fields are named as in faults,
// so that a finding stands beside what it concerns. The form posts to
// /unggahan/simpan: id ("" for a new post), revision, title, text, link,
// channels (ids), own.<channel>, variants.<channel>.text, media (ids in order),
// alt.<media>, decorative.<media>, remove (ids), file, when (soon or at), date,
// time, until_date, until_time, and deed (save, upload or submit).
type ComposeView struct {
	ID          string
	Revision    int64
	State       Tag
	Saved       string // "Tersimpan 08.44 · versi 3"; "" before the first time
	Title       string
	Text        string
	Link        string
	Channels    []ComposeChannel
	Media       []ComposeMedia
	Soon        bool   // goes out as soon as it is approved
	Date, Time  string // "2026-11-23", "10:30"
	UntilDate   string // may be moved until, without a new signature
	UntilTime   string
	Zone        string // "WIB"
	Checks      []Check
	Chain       []Person
	Voids       bool   // editing makes an approval void
	Returned    string // why an approver sent it back
	Problems    Problems
	Conflict    *ComposeConflict
	MayWithdraw bool
}

// ComposeChannel is a channel the post may go to.
type ComposeChannel struct {
	ID, Platform, Handle string
	Picked               bool
	Own                  bool // has a text of its own
	Text                 string
	Used, Limit          int // by the platform's own counting; Limit 0 when unknown
	Unit                 string
	Note                 string // a restriction of the platform
	Broken               string // why nothing can go out there now
}

// Count is the counter in words; its tone repeats them.
func (c ComposeChannel) left() int { return c.Limit - c.Used }

// tone is amber in the last fifth, red past the limit.
func (c ComposeChannel) tone() string {
	switch {
	case c.Limit > 0 && c.left() < 0:
		return "bad"
	case c.Limit > 0 && c.left()*5 <= c.Limit:
		return "warn"
	}
	return ""
}

// ComposeMedia is a picture of the post.
type ComposeMedia struct {
	ID, Name, Line, Src, Alt string
	Decorative               bool
}

// Check is one finding, or that there is none.
type Check struct {
	Tone  string // "ok", "warn" or "bad"
	Text  string
	Field string
}

// ComposeConflict says that somebody else has saved meanwhile.
type ComposeConflict struct {
	Who, When string
	Revision  int64
	Fields    []FieldCompared
}

func (v ComposeView) says(c ComposeChannel) string {
	if c.Own {
		return c.Text
	}
	return v.Text
}

func (v ComposeView) picked() []ComposeChannel {
	var all []ComposeChannel
	for _, c := range v.Channels {
		if c.Picked {
			all = append(all, c)
		}
	}
	return all
}

// counterID names the counter of a channel, for the server's answer.
func counterID(channel string) string { return "count-" + channel }

func variantField(channel string) string { return "variants." + channel + ".text" }

func mediaField(position int) string { return "media." + itoa(position) + ".alt" }

// checkIcon repeats a finding's tone.
func checkIcon(tone string) string {
	switch tone {
	case "ok":
		return "circle-check"
	case "bad":
		return "circle-alert"
	}
	return "triangle-alert"
}

// trimScheme shows an address the way platforms do.
func trimScheme(link string) string {
	return strings.TrimPrefix(strings.TrimPrefix(link, "https://"), "http://")
}

func (v ComposeView) Head(f *Frame) Head {
	title := f.T("compose.title.new")
	if v.ID != "" {
		title = f.T("compose.title")
	}
	return Head{Title: title, Nav: "posts", Panes: true, Actions: composeActions(f, v)}
}

func (v ComposeView) Body(f *Frame) templ.Component { return composePage(f, v) }
