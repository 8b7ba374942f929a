package publisher

import (
	"slices"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/internal/platform"
)

// PostID is a UUIDv7 as text.
type PostID string

// PostState is where a post stands between its author and its approver.
type PostState string

const (
	PostDraft     PostState = "draft"
	PostReview    PostState = "review"    // waits for a second person
	PostReturned  PostState = "returned"  // the approver asked for changes
	PostScheduled PostState = "scheduled" // signed; its deliveries are under way
	PostDone      PostState = "done"      // no delivery can leave by itself any more
	PostWithdrawn PostState = "withdrawn"
	PostRejected  PostState = "rejected"
)

// PostStates in the order the pages list them.
var PostStates = [...]PostState{PostDraft, PostReview, PostReturned, PostScheduled, PostDone, PostWithdrawn, PostRejected}

// Deed is what a person does to a post.
type Deed string

const (
	DeedEdit     Deed = "edit"
	DeedSubmit   Deed = "submit"
	DeedApprove  Deed = "approve"
	DeedReturn   Deed = "return"
	DeedReject   Deed = "reject"
	DeedMove     Deed = "move"    // inside the window that was signed
	DeedReplan   Deed = "replan"  // outside of it: what was signed is void
	DeedComment  Deed = "comment" // a word in the thread; changes nothing
	DeedWithdraw Deed = "withdraw"
	DeedFinish   Deed = "finish" // nothing of it can leave by itself any more
	DeedResume   Deed = "resume" // a delivery that stood still was released
)

// Next is the state after a deed; ok is false when the deed is not possible.
func (s PostState) Next(d Deed) (next PostState, ok bool) {
	switch s {
	case PostDraft, PostReturned:
		switch d {
		case DeedEdit, DeedMove, DeedReplan:
			return s, true
		case DeedSubmit:
			return PostReview, true
		case DeedWithdraw:
			return PostWithdrawn, true
		}
	case PostReview:
		switch d {
		case DeedEdit, DeedReplan:
			return PostDraft, true
		case DeedMove:
			return s, true
		case DeedApprove:
			return PostScheduled, true
		case DeedReturn:
			return PostReturned, true
		case DeedReject:
			return PostRejected, true
		case DeedWithdraw:
			return PostWithdrawn, true
		}
	case PostScheduled:
		switch d {
		case DeedEdit, DeedReplan:
			return PostDraft, true
		case DeedMove:
			return s, true
		case DeedWithdraw:
			return PostWithdrawn, true
		case DeedFinish:
			return PostDone, true
		case DeedResume:
			return s, true
		}
	case PostDone: // perhaps nothing of it left: then it can be mended or given up
		switch d {
		case DeedEdit, DeedReplan:
			return PostDraft, true
		case DeedWithdraw:
			return PostWithdrawn, true
		case DeedResume:
			return PostScheduled, true
		}
	}
	return s, false
}

// Post is one announcement, and how each channel gets it.
type Post struct {
	ID        PostID
	Agency    identity.AgencyID
	Author    identity.PersonID
	Editors   []identity.PersonID // everyone who has changed it after the author
	Title     string              // for the office only: never sent
	Text      string              // what every channel says that has no text of its own
	Link      string
	Parts     []string  // continuations, on channels that have threads
	Comment   string    // the first comment, on channels that have one
	Variants  []Variant // by channel id: the order that the page's digest covers
	Media     []Attached
	State     PostState
	Revision  int64
	When      When
	Due       time.Time // zero: as soon as it is approved
	Window    Window    // frozen at submission; zero before
	Digest    Digest    // of the page that was submitted; "" before
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Variant is the post as one channel gets it.
type Variant struct {
	Channel channel.ID
	Own     bool    // has a text of its own
	Text    string  // its own text
	Digest  Digest  // frozen at submission; "" before
	Payload Payload // frozen at submission: exactly what will be sent
	Below   []Frozen
}

// Frozen is what goes below a post on one channel, as it was submitted.
type Frozen struct {
	Payload Payload `json:"payload"`
	Digest  Digest  `json:"digest"`
}

// below is what goes below the post on a channel with these abilities.
func (p Post) below(can platform.Capabilities) (all []Payload) {
	if can.Thread {
		for i, text := range p.Parts {
			all = append(all, Payload{Text: strings.TrimSpace(text), Part: PartThread, Below: i})
		}
	}
	if can.FirstComment && p.Comment != "" {
		all = append(all, Payload{Text: strings.TrimSpace(p.Comment), Part: PartComment})
	}
	return all
}

// Says is the text that the variant's channel gets.
func (p Post) Says(v Variant) string {
	if v.Own {
		return v.Text
	}
	return p.Text
}

// Attached is a picture or film of the post. A picture that carries no meaning is
// marked decorative and needs no alt text (WCAG 2.2, 1.1.1).
type Attached struct {
	Media      media.ID
	Alt        string
	Decorative bool
}

// When is what the person chose: a wall time with its zone, kept as chosen so
// that it still means the same if the zone's rules change.
type When struct {
	Wall      string // "2026-11-23T08:30"; "" for as soon as approved
	Zone      string // IANA name: "Asia/Jakarta"
	MoveUntil string // wall time until which it may be moved without a new signature; "" for none
}

// Soon says that the post goes out as soon as it is approved.
func (w When) Soon() bool { return w.Wall == "" }

// WroteIt says that the person wrote or changed the post: such a person never
// signs it.
func (p Post) WroteIt(id identity.PersonID) bool {
	return p.Author == id || slices.Contains(p.Editors, id)
}

// do moves the post by a deed, or says why it cannot.
func (p Post) do(d Deed) (Post, error) {
	next, ok := p.State.Next(d)
	if !ok {
		return p, fault.New(fault.Conflict, "post.not_now", fault.Arg("state", string(p.State)))
	}
	p.State = next
	return p, nil
}

// MayEdit says why the actor cannot change the post now; nil when it can.
func (p Post) MayEdit(by identity.Actor) error {
	if !by.May(identity.Compose, p.Agency) {
		return fault.New(fault.Denied, "post.edit.no_power")
	}
	_, err := p.do(DeedEdit)
	return err
}

// edited is the post after a change by the actor: back with its author, with
// nothing signed and nothing frozen.
func (p Post) edited(by identity.Actor, d Deed, now time.Time) (Post, error) {
	if err := p.MayEdit(by); err != nil {
		return p, err
	}
	p, err := p.do(d)
	if err != nil {
		return p, err
	}
	if !p.WroteIt(by.ID) {
		p.Editors = append(slices.Clone(p.Editors), by.ID)
	}
	p.Revision++
	p.UpdatedAt = now
	p.Window, p.Digest = Window{}, ""
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		p.Variants[i].Digest, p.Variants[i].Payload, p.Variants[i].Below = "", Payload{}, nil
	}
	return p, nil
}

// content is what a revision says.
func (p Post) content() Content {
	c := Content{Title: p.Title, Text: p.Text, Link: p.Link, Parts: p.Parts, Comment: p.Comment, When: p.When, Media: p.Media}
	for _, v := range p.Variants {
		c.Variants = append(c.Variants, VariantContent{Channel: v.Channel, Own: v.Own, Text: v.Text})
	}
	return c
}

// titleOf names a post that its author left unnamed: the first words of it.
func titleOf(title, text string) string {
	if title = strings.TrimSpace(title); title != "" {
		return title
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	runes := []rune(strings.TrimSpace(line))
	if len(runes) <= 70 {
		return string(runes)
	}
	cut := strings.TrimRight(string(runes[:69]), " ")
	if at := strings.LastIndexByte(cut, ' '); at > 30 {
		cut = cut[:at]
	}
	return cut + "…"
}
