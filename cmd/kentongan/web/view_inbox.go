package web

import (
	"slices"

	"github.com/a-h/templ"
)

// InboxView is Kotak Masuk: views, the list by deadline, and one conversation.
type InboxView struct {
	Views []Link
	Team  []TeamLine
	Title string // of the list: the view's name
	List  []ConversationRow
	Cut   Cut
	Back  string // the list, for the phone's way back
	Open  *Thread
}

// TeamLine is how much an officer has in hand.
type TeamLine struct {
	Name  string
	Count int
}

// ConversationRow is one conversation in the list.
type ConversationRow struct {
	Path, Platform, Citizen, Summary string
	Slit                             *Slit  // nil when no clock runs
	When                             string // instead of a clock: "dijawab 08.36"
	Tags                             []Tag
	Assignee                         string
	Life, Here                       bool
}

// Thread is one conversation, open.
type Thread struct {
	ID       string
	Path     string // "/kotak-masuk/{id}": the deeds are below it
	Platform string
	Title    string // what it is about, masked
	Line     string // where: "Komentar pada …"
	Revision int64
	Slit     *Slit
	Note     string // about the clock: paused outside service hours
	Status   Tag
	Assignee string
	People   []Choice // who it may be given to
	Mine     bool
	Items    []ThreadItem
	May      ThreadMay
	Reply    ReplyForm
	NoteText string
	Problems Problems
	About    CitizenView
}

// ThreadMay is what this person can do here and now.
type ThreadMay struct {
	Answer, Note, Assign, Close, Reopen, Escalate, HandOver bool
	WhyNot                                                  string // instead of the reply form
}

// ThreadItem is one thing said: by the citizen, by us, or among ourselves.
type ThreadItem struct {
	ID       string
	Kind     string // "citizen", "ours" or "note"
	Who      string
	Meta     string // when, and how: "07.49 · komentar publik"
	Pieces   []Piece
	Files    string // what came along: "Lampiran: gambar"
	Gone     string // "disembunyikan", "dihapus warga": why it is shown dashed
	Earlier  []string
	State    *Tag   // of an answer on its way
	Explain  string // what its state means and what to do
	Link     string // at the platform
	Reveal   string // POST address to see personal data; "" when there is none or not allowed
	Hide     string // where to decide about it; "" when not allowed
	Delivery string // the delivery's page, for who may mend it
	TakeBack TakeBackView
}

// ReplyForm is an answer being written.
type ReplyForm struct {
	Text       string
	Limit      int
	Unit       string
	Note       string // a restriction of the platform
	Second     bool   // the agency wants a second person to sign replies
	InReplyTo  string
	Suggestion string
	Private    bool   // may go to the author alone
	AsPrivate  bool   // was asked to, when the form is shown again
	Window     string // until when the platform lets it be answered
	Templates  []TemplateChoice
	Closed     string // the window is over: only a template goes out
	Template   string // chosen, and its values, when the form is shown again
	Values     string
}

// TemplateChoice is one approved template.
type TemplateChoice struct{ Value, Name, Body string }

// CitizenView is what may be known about the citizen.
type CitizenView struct {
	Name, Handle string
	Facts        []Fact
	Past         []PastLine
	Trail        []string
	Why          []string // why it was labelled so
}

// Fact is a word and its value.
type Fact struct {
	Name, Value string
	Tag         *Tag
}

// PastLine is an earlier conversation of the same citizen.
type PastLine struct {
	When, Title, Path, Result, Tone string
}

// hides says whether there is something here that this person may hide.
func (t Thread) hides() bool {
	return slices.ContainsFunc(t.Items, func(m ThreadItem) bool { return m.Hide != "" })
}

func (v InboxView) Head(f *Frame) Head {
	h := Head{Title: f.T("nav.inbox"), Nav: "inbox", Panes: true, Hints: []Hint{{"J", "key.next"}, {"K", "key.previous"}}}
	if v.Open == nil {
		return h
	}
	for _, k := range []struct {
		may  bool
		hint Hint
	}{
		{v.Open.May.Answer, Hint{"R", "key.reply"}}, {v.Open.May.Note, Hint{"N", "key.note"}}, {v.Open.May.Assign, Hint{"T", "key.assign"}},
		{v.Open.hides(), Hint{"S", "key.hide"}}, {v.Open.May.Escalate, Hint{"E", "key.escalate"}},
	} {
		if k.may {
			h.Hints = append(h.Hints, k.hint)
		}
	}
	return h
}

func (v InboxView) Body(f *Frame) templ.Component { return inboxPage(f, v) }
