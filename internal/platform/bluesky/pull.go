package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Feeds of an account.
const (
	feedMentions = "mentions"
	feedOwn      = "own"
	feedDirect   = "direct"
)

// Feeds implements platform.Puller. An app password without access to direct
// messages says so in the token.
func (c *Connector) Feeds(a platform.Account) []string {
	if claimsOf(a.Token.Access).Scope == scopeLimited {
		return []string{feedMentions, feedOwn}
	}
	return []string{feedMentions, feedOwn, feedDirect}
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	switch feed {
	case feedMentions:
		return c.pullMentions(ctx, a, cursor)
	case feedOwn:
		return c.pullOwn(ctx, a, cursor)
	case feedDirect:
		return c.pullDirect(ctx, a, cursor)
	}
	return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
}

// mark is where the notifications were left. They come newest first and by the
// time their author claims, so a late one may stand below what was read: the
// newest hundred are read again each time and known by name. One call of Pull
// reads one page; a walk over many is continued by the cursor.
type mark struct {
	Begun bool      `json:"begun"`
	Floor time.Time `json:"floor,omitzero"` // what is older was read before
	Seen  []string  `json:"seen,omitempty"` // what was read and is not older

	Next  string    `json:"next,omitempty"`  // server's cursor, within a walk
	Fresh []string  `json:"fresh,omitempty"` // the newest of this walk
	Edge  []string  `json:"edge,omitempty"`  // of the last instant of the page before
	Since time.Time `json:"since,omitzero"`  // time of the oldest in Fresh
}

// keep is how many of the newest are known by name.
const keep = 100

// maxGone is how many vanished messages are looked at in one call.
const maxGone = 25

func (c *Connector) pullMentions(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	var m mark
	_ = json.Unmarshal([]byte(cursor), &m) // a cursor we cannot read starts anew: the inbox drops doubles
	query := url.Values{"limit": {strconv.Itoa(pageSize)}, "reasons": {"mention", "reply", "quote"}}
	if m.Next != "" {
		query.Set("cursor", m.Next)
	}
	var list struct {
		Cursor        string     `json:"cursor"`
		Notifications []postView `json:"notifications"`
	}
	if err := c.get(ctx, a, "app.bsky.notification.listNotifications", query, &list); err != nil {
		return platform.Page{}, err
	}
	var page platform.Page
	reached := m.read(a, list.Notifications, &page)
	slices.Reverse(page.Items)
	if !reached && list.Cursor != "" && m.Begun {
		m.Next = overlap(list.Cursor, m.Next)
		page.More = true
	} else {
		vanished, err := c.vanished(ctx, a, m.Seen, platform.Mention)
		if err != nil {
			return platform.Page{}, err
		}
		page.Items = append(page.Items, vanished...)
		m = m.done(!m.Begun && list.Cursor != "" && len(list.Notifications) >= pageSize/2)
	}
	raw, err := canonical(m)
	page.Cursor = raw
	return page, err
}

// read goes through one page, newest first, and says whether it came to what
// was read before. What is left in Seen afterwards was not listed.
func (m *mark) read(a platform.Account, list []postView, page *platform.Page) (reached bool) {
	var edge []string
	last := time.Time{}
	for _, v := range list {
		if v.IndexedAt.Before(m.Floor) {
			return true
		}
		at, ok := parseAddress(v.URI)
		if !ok {
			continue
		}
		name := at.brief()
		known := slices.Contains(m.Fresh, name) || slices.Contains(m.Edge, name)
		if i := slices.Index(m.Seen, name); i >= 0 {
			m.Seen = slices.Delete(m.Seen, i, i+1)
			known = true
		}
		if !slices.Contains(m.Fresh, name) && (len(m.Fresh) < keep || v.IndexedAt.Equal(m.Since)) {
			m.Fresh, m.Since = append(m.Fresh, name), v.IndexedAt
		}
		if !v.IndexedAt.Equal(last) {
			edge, last = nil, v.IndexedAt
		}
		edge = append(edge, name)
		if known {
			continue
		}
		if i, ok := v.item(a); ok && i.Kind != platform.OwnPost {
			page.Items = append(page.Items, i)
		}
	}
	m.Edge = edge
	return false
}

// done is the mark after a walk. The first visit takes the newest page only:
// what is older stays unread.
func (m mark) done(cut bool) mark {
	next := mark{Begun: true, Floor: m.Floor, Seen: m.Fresh}
	if cut || len(m.Fresh) >= keep {
		next.Floor = m.Since
	}
	return next
}

// overlap asks for the last instant of a page again: the server's cursor is
// that instant, and what shares it would be passed over.
func overlap(cursor, before string) string {
	t, err := time.Parse(time.RFC3339, cursor)
	if err != nil {
		return cursor
	}
	next := datetime(t.Add(time.Millisecond))
	if next == before {
		return cursor // a whole page of one instant: go on below it
	}
	return next
}

// vanished looks at messages that are no longer told: deleted ones are items,
// hidden or blocked ones are still there.
func (c *Connector) vanished(ctx context.Context, a platform.Account, names []string, kind platform.ItemKind) ([]platform.Item, error) {
	var items []platform.Item
	for _, name := range names[:min(len(names), maxGone)] {
		at, ok := fromBrief(name)
		if !ok {
			continue
		}
		err := c.record(ctx, a, at, nil)
		if gone(err) {
			items = append(items, platform.Item{Kind: kind, RemoteID: at.String(), AuthorID: at.did, Deleted: true})
			continue
		}
		if r := platform.AsRefusal(err); err != nil && (r == nil || r.Auth) {
			return nil, err
		}
	}
	return items, nil
}
