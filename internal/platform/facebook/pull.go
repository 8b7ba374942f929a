package facebook

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Feeds of a page.
const (
	feedOwn      = "own"
	feedMentions = "mentions"
	feedVisitors = "visitors"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string {
	return []string{feedOwn, feedMentions, feedVisitors}
}

// place is where a list was left: the last second read, and which of its
// entries, because Graph's times have whole seconds.
type place struct {
	Since time.Time `json:"since,omitzero"`
	IDs   []string  `json:"ids,omitempty"`
}

func readPlace(cursor string) (p place) {
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	_ = json.Unmarshal([]byte(cursor), &p)
	return p
}

func (p place) String() string {
	raw, _ := json.Marshal(p) // a time and strings always marshal
	return string(raw)
}

// known says that an entry was given before.
func (p place) known(n node) bool {
	return n.Created.Before(p.Since) || n.Created.Equal(p.Since) && slices.Contains(p.IDs, n.ID)
}

// after is the place behind an entry.
func (p place) after(n node) place {
	if n.Created.After(p.Since) {
		return place{Since: n.Created.Time, IDs: []string{n.ID}}
	}
	p.IDs = append(p.IDs, n.ID)
	return p
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	path, fields := "published_posts", "id,message,created_time,permalink_url,from"
	switch feed {
	case feedOwn:
	case feedMentions:
		path = "tagged"
	case feedVisitors:
		path = "visitor_posts"
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	from := readPlace(cursor)
	found, err := c.newer(ctx, a, escape(a.RemoteID, path), fb.Params{"fields": fields}, from, cursor == "")
	if err != nil {
		return platform.Page{}, err
	}
	// From the second visit on every page is read, also when the first one
	// found nothing.
	page := platform.Page{Cursor: from.String()}
	for _, n := range found {
		i := n.comment(a, n.ID)
		i.InReplyTo = ""
		if i.Kind = platform.Mention; feed == feedOwn {
			i.Kind = platform.OwnPost
		}
		page.Items = append(page.Items, i)
		from = from.after(n)
		page.Cursor = from.String()
	}
	return page, nil
}

// newer walks a list from the newest back to the place where it was left, and
// gives what it met oldest first. The first visit reads one page.
func (c *Connector) newer(ctx context.Context, a platform.Account, path string, params fb.Params, from place, first bool) ([]node, error) {
	var found []node
	met := map[string]bool{}
	params["limit"] = "100"
	var more fb.Params
	for {
		l, next, _, err := c.page(ctx, a, path, params, more)
		if err != nil {
			return nil, err
		}
		whole, fresh := first || next == nil, false
		for _, n := range l.Data {
			if n.Created.Before(from.Since) {
				whole = true
			}
			if n.ID != "" && !from.known(n) && !met[n.ID] {
				met[n.ID], fresh = true, true
				found = append(found, n)
			}
		}
		if more = next; whole || !fresh {
			break
		}
	}
	slices.SortStableFunc(found, func(x, y node) int { return x.Created.Compare(y.Created.Time) })
	return found, nil
}

// PullThread implements platform.ThreadPuller: all comments below a post, also
// the second level, since the cursor.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	from := readPlace(cursor)
	params := fb.Params{"fields": "id,from,message,created_time,parent,is_hidden,permalink_url", "filter": "stream", "order": "reverse_chronological"}
	found, err := c.newer(ctx, a, escape(w.RemoteID, "comments"), params, from, false)
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.not_found" {
		return platform.Page{Cursor: cursor}, nil
	}
	if err != nil {
		return platform.Page{}, err
	}
	page := platform.Page{Cursor: cursor}
	for _, n := range found {
		page.Items = append(page.Items, n.comment(a, w.RemoteID))
		from = from.after(n)
		page.Cursor = from.String()
	}
	return page, nil
}
