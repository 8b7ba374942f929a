package web

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// ComposeView is Susun: one post being written. Fields are named as in faults,
// so that a finding stands beside what it concerns. The form posts to
// /unggahan/simpan: id ("" for a new post), revision, title, text, link, part
// (what continues the post, in order; empty ones are left out), first_comment,
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
	Parts       []string // what continues the post
	Comment     string   // its first comment
	Channels    []ComposeChannel
	Media       []ComposeMedia
	Soon        bool   // goes out as soon as it is approved
	Date, Time  string // "2026-11-23", "10:30"
	UntilDate   string // may be moved until, without a new signature
	UntilTime   string
	Zone        string // "WIB"
	Checks      []Check
	Costs       []Fact // what it costs at platforms that charge
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
	Hand                 bool   // a person publishes there
	Thread               bool   // it can be continued below itself
	FirstComment         bool
	Parts                []Count // of each continuation
	CommentCount         Count
}

// Count is a text by the platform's own counting.
type Count struct{ Used, Limit int }

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

// ComposeMedia is a picture or film of the post.
type ComposeMedia struct {
	ID, Name, Line, Src, Alt string
	Decorative               bool
	Film                     bool
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

// threaded are the picked channels on which the post is continued; when none of
// them can, those where it could be.
func (v ComposeView) threaded() []ComposeChannel {
	return v.those(func(c ComposeChannel) bool { return c.Thread })
}

// commented are those that take a first comment.
func (v ComposeView) commented() []ComposeChannel {
	return v.those(func(c ComposeChannel) bool { return c.FirstComment })
}

func (v ComposeView) those(able func(ComposeChannel) bool) (all []ComposeChannel) {
	for _, c := range v.picked() {
		if able(c) {
			all = append(all, c)
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, c := range v.Channels {
		if able(c) {
			all = append(all, c)
		}
	}
	return all
}

func namesOf(f *Frame, all []ComposeChannel) string {
	var names []string
	for _, c := range all {
		name := f.T("platform." + c.Platform)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return f.List(names)
}

// as is the channel's counter for something else than its main text.
func (c ComposeChannel) as(n Count) ComposeChannel {
	c.Used, c.Limit = n.Used, n.Limit
	return c
}

// partCounts are the counters of one continuation.
func (v ComposeView) partCounts(i int) (all []ComposeChannel) {
	for _, c := range v.picked() {
		if i < len(c.Parts) {
			all = append(all, c.as(c.Parts[i]))
		}
	}
	return all
}

func (v ComposeView) commentCounts() (all []ComposeChannel) {
	for _, c := range v.picked() {
		if c.FirstComment && v.Comment != "" {
			all = append(all, c.as(c.CommentCount))
		}
	}
	return all
}

// allParts ends with an empty field: without a script, saving the draft gives
// the next one.
func (v ComposeView) allParts() []string { return append(append([]string{}, v.Parts...), "") }

func partField(i int) string { return "parts." + itoa(i) }

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
