package linkedin

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

const feedOwn = "own"

// Feeds implements platform.Puller: LinkedIn has no joined feed of comments;
// they are read post by post.
func (c *Connector) Feeds(platform.Account) []string { return []string{feedOwn} }

// mark is where the page's own posts were left.
type mark struct {
	At  int64    `json:"at"`            // everything changed before is stored
	IDs []string `json:"ids,omitempty"` // and of that very millisecond, these
}

// Pull implements platform.Puller: the page's own posts, as they were made or
// edited.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	if feed != feedOwn {
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	var from mark
	_ = json.Unmarshal([]byte(cursor), &from) // unreadable: from the newest page on
	next := mark{At: from.At, IDs: from.IDs}
	var items []platform.Item
	for n := range maxPages {
		var page posts
		if err := c.get(ctx, a, &page, "posts", byAuthor(a, "LAST_MODIFIED", pageSize, n*pageSize)); err != nil {
			return platform.Page{}, err
		}
		met := page.Paging.last(len(page.Elements))
		for _, p := range page.Elements {
			changed := max(p.Modified, p.Created)
			met = met || changed > 0 && changed < from.At
			if changed < from.At || changed == from.At && slices.Contains(from.IDs, p.ID) {
				continue
			}
			items = append(items, p.item(a))
			switch {
			case changed > next.At:
				next = mark{At: changed, IDs: []string{p.ID}}
			case changed == next.At:
				next.IDs = append(slices.Clone(next.IDs), p.ID)
			}
		}
		// The first visit takes the newest page only.
		if met || cursor == "" {
			break
		}
	}
	slices.Reverse(items)
	raw, err := json.Marshal(next)
	return platform.Page{Items: items, Cursor: string(raw)}, err
}

func (p post) item(a platform.Account) platform.Item {
	i := platform.Item{Kind: platform.OwnPost, RemoteID: p.ID, Thread: p.ID, AuthorID: p.Author, Author: a.Handle, Text: p.text(), URL: address(p.ID), At: p.at()}
	if p.Info.Edited {
		i.Edited = millis(p.Modified)
	}
	for range p.media() {
		i.Files = append(i.Files, kind(p.Content.Media.ID))
	}
	return i
}

// kind is what an URN of a file says it is.
func kind(urn string) string {
	if strings.HasPrefix(urn, "urn:li:video:") {
		return "video"
	}
	return "image"
}

// thread is what was read below one of our posts. It is how edits and
// deletions are known: LinkedIn tells neither.
type thread struct {
	Known map[string]known `json:"known,omitempty"`
	Turn  int              `json:"turn,omitempty"` // whose answers are looked through next
	Gone  bool             `json:"gone,omitempty"` // the post itself
}

type known struct {
	Changed int64  `json:"c"`
	Text    uint32 `json:"x"`           // its text's sum: two changes can share a millisecond
	Below   int    `json:"b,omitempty"` // answers counted
	Top     string `json:"t,omitempty"` // the comment that it answers
}

// again is how many threads whose number of answers did not change are looked
// through at one visit, in turn.
const again = 10

// PullThread implements platform.ThreadPuller.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	var from thread
	_ = json.Unmarshal([]byte(cursor), &from) // unreadable: everything again, the inbox drops doubles
	all, _, whole, err := c.comments(ctx, a, w.RemoteID)
	if gone(err) {
		return lost(a, w, from)
	}
	if err != nil {
		return platform.Page{}, err
	}
	v := visit{c: c, a: a, w: w, from: from, next: thread{Known: map[string]known{}, Turn: from.Turn}}
	for _, r := range all {
		v.see(r, "")
	}
	looked := map[string]bool{}
	for _, top := range v.due(all) {
		below, _, complete, err := c.comments(ctx, a, top)
		if err != nil && !gone(err) {
			return platform.Page{}, err
		}
		looked[top] = complete
		for _, r := range below {
			v.see(r, top)
		}
	}
	v.missing(whole, looked)
	raw, err := json.Marshal(v.next)
	return platform.Page{Items: v.items, Cursor: string(raw)}, err
}

// lost tells once that our post is gone, and with it what was below.
func lost(a platform.Account, w platform.Watch, from thread) (platform.Page, error) {
	raw, err := json.Marshal(thread{Gone: true})
	page := platform.Page{Cursor: string(raw)}
	if from.Gone || err != nil {
		return page, err
	}
	page.Items = append(page.Items, platform.Item{Kind: platform.OwnPost, RemoteID: w.RemoteID, Thread: w.RemoteID, AuthorID: a.RemoteID, Deleted: true})
	for _, urn := range slices.Sorted(maps.Keys(from.Known)) {
		page.Items = append(page.Items, platform.Item{Kind: platform.Comment, RemoteID: urn, Thread: w.RemoteID, Deleted: true})
	}
	return page, nil
}

// visit is one look at a thread.
type visit struct {
	c     *Connector
	a     platform.Account
	w     platform.Watch
	from  thread
	next  thread
	items []platform.Item
}

// see takes one comment; top is "" for one directly below the post.
func (v *visit) see(r remark, top string) {
	urn := r.urn()
	if urn == "" {
		return
	}
	changed := max(r.Modified.Time, r.Created.Time)
	was, old := v.from.Known[urn]
	sum := fnv.New32a()
	sum.Write([]byte(r.Message.Text))
	v.next.Known[urn] = known{Changed: changed, Text: sum.Sum32(), Below: r.replies(), Top: top}
	if old && was.Changed == changed && was.Text == sum.Sum32() {
		return
	}
	i := platform.Item{Kind: platform.Comment, RemoteID: urn, Thread: v.w.RemoteID, InReplyTo: v.w.RemoteID, AuthorID: r.Actor,
		Author: r.Actor[strings.LastIndexByte(r.Actor, ':')+1:], Text: r.Message.Text, URL: address(urn), At: millis(r.Created.Time)}
	if top != "" {
		i.InReplyTo = top
	}
	if r.Actor == v.a.RemoteID {
		i.Kind, i.Author = platform.OwnPost, v.a.Handle
	}
	if r.Created.Time > 0 && (r.Modified.Time > r.Created.Time || old && was.Text != sum.Sum32()) {
		i.Edited = millis(r.Modified.Time)
	}
	for range r.Content {
		i.Files = append(i.Files, "image")
	}
	v.items = append(v.items, i)
}

// due are the comments whose answers are read now: all whose number changed,
// and some of the others in turn, for edits.
func (v *visit) due(all []remark) []string {
	var due, quiet []string
	for _, r := range all {
		urn := r.urn()
		was, old := v.from.Known[urn]
		switch {
		case r.replies() == 0 && (!old || was.Below == 0):
		case !old || was.Below != r.replies():
			due = append(due, urn)
		default:
			quiet = append(quiet, urn)
		}
	}
	for i := range min(again, len(quiet)) {
		due = append(due, quiet[(v.next.Turn+i)%len(quiet)])
	}
	if len(quiet) > 0 {
		v.next.Turn = (v.next.Turn + again) % len(quiet)
	}
	return due
}

// missing tells what was known and is not there any more. What was not looked
// at stays known.
func (v *visit) missing(whole bool, looked map[string]bool) {
	for _, urn := range slices.Sorted(maps.Keys(v.from.Known)) {
		was := v.from.Known[urn]
		if _, still := v.next.Known[urn]; still {
			continue
		}
		_, standing := v.next.Known[was.Top]
		switch {
		case was.Top == "" && whole, was.Top != "" && looked[was.Top], was.Top != "" && !standing && whole:
			v.items = append(v.items, platform.Item{Kind: platform.Comment, RemoteID: urn, Thread: v.w.RemoteID, InReplyTo: was.Top, Deleted: true})
		default:
			v.next.Known[urn] = was
		}
	}
}
