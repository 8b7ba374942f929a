package web

import "github.com/a-h/templ"

// PostsView is Unggahan: every post by its state.
type PostsView struct {
	Filters []Link
	Rows    []PostRow
	Cut     Cut
}

// PostRow is one post in a list.
type PostRow struct {
	Path, Title, Author string
	Platforms           []string
	When                string
	Status              Tag
	Beats               Beats
	Line                string // "2 dari 3 kanal tayang"
}

func (v PostsView) Head(f *Frame) Head { return Head{Title: f.T("nav.posts"), Nav: "posts"} }

func (v PostsView) Body(f *Frame) templ.Component { return postsPage(f, v) }

// PostView is one post and what became of it on each channel.
type PostView struct {
	ID         string
	Title      string
	Line       string // "Disusun Rina Wulandari, versi 4"
	Status     Tag
	Beats      Beats
	Revision   int64
	When       string
	Window     string // until when it may be moved
	Edit       string // address; "" when this person cannot now
	EditVoids  bool
	Review     string // address; "" when there is nothing to decide for this person
	Withdraw   bool
	Deliveries []DeliveryRow
	Texts      []TextSaid
	Link       string
	Media      []MediaShown
	Chain      []Person
	Digest     string
	History    []RevisionLine
	Comments   []Comment
	MayComment bool
	Moves      *MoveForm // "Jadwalkan ke…": nil when it cannot be moved
	Problems   Problems
}

// DeliveryRow is one thing on its way to a channel. Its deeds are posted to
// /pengiriman/{id}/….
type DeliveryRow struct {
	ID, Platform, Handle string
	State                Tag
	Due                  string
	Explain              string // what it means, what is safe, what to do
	Said                 string // the platform's own words
	Fix                  string // who can mend it
	Receipt              string // "Tayang 08.30.02 WIB"
	URL, RemoteID        string
	Evidence             []string
	Counts               []Fact // engagement
	Confirm              bool   // exit: "it is there", with its address
	Resend               bool   // exit: send again
	Cancel               bool
	Attempts             []string
	Part                 string // what it is below the post: "Sambungan 2"; "" for the post itself
	Task                 string // address of the task to publish it by hand; "" when there is none
	Answer               *HandAnswer
	ByHand               string // who published it by hand
	Parts                []DeliveryRow
}

// HandAnswer is what a person needs to give a refused answer on the platform's
// own page.
type HandAnswer struct {
	Open  string // the platform's page; "" when it is not known
	Label string // "Buka di X"
}

// TextSaid is a text and who gets it.
type TextSaid struct {
	Platforms []string
	Handles   string
	Text      string
	Below     []BelowSaid
}

// BelowSaid is what goes below a post.
type BelowSaid struct{ Name, Text string }

// MediaShown is a picture or film with its alt text.
type MediaShown struct {
	Src, Alt, Line string
	Film           bool
}

// RevisionLine is one version of a post.
type RevisionLine struct{ Number, Who, When, What, Path string }

// Comment is a word among colleagues about a version.
type Comment struct{ Who, When, Text string }

// MoveForm moves a post in time.
type MoveForm struct {
	Date, Time, Zone string
	Inside           string // until when the signature stays
}

func (v PostView) Head(f *Frame) Head {
	return Head{Title: v.Title, Nav: "posts"}
}

func (v PostView) Body(f *Frame) templ.Component { return postPage(f, v) }
