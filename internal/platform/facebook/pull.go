package facebook

import (
	"context"
	"slices"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// Feeds of a page.
const (
	feedOwn      = "own"
	feedMentions = "mentions"
	feedVisitors = "visitors"
	feedDirect   = "direct"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string {
	return []string{feedMentions, feedOwn, feedVisitors, feedDirect}
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	path, fields := "published_posts", "id,message,created_time,permalink_url,from"
	switch feed {
	case feedDirect:
		return c.inbox.Pull(ctx, a, cursor)
	case feedOwn:
	case feedMentions:
		path = "tagged"
	case feedVisitors:
		path = "visitor_posts"
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	from := graph.ReadPlace(cursor)
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
		from = from.After(n.ID, n.Created.Time)
		page.Cursor = from.String()
	}
	return page, nil
}

// newer walks a list from the newest back to the place where it was left, and
// gives what it met oldest first. The first visit reads one page.
func (c *Connector) newer(ctx context.Context, a platform.Account, path string, params fb.Params, from graph.Place, first bool) ([]node, error) {
	var found []node
	met := map[string]bool{}
	params["limit"] = "100"
	var more fb.Params
	for range deepest {
		l, next, _, err := c.page(ctx, a, path, params, more)
		if err != nil {
			return nil, err
		}
		whole, fresh := first || next == nil, false
		for _, n := range l.Data {
			if !n.Created.IsZero() && n.Created.Before(from.Since) {
				whole = true
			}
			if n.ID != "" && !from.Known(n.ID, n.Created.Time) && !met[n.ID] {
				met[n.ID], fresh = true, true
				found = append(found, n)
			}
		}
		// Facebook leaves out what we may not see: an empty page is not the end.
		if more = next; whole || !fresh && len(l.Data) > 0 {
			break
		}
	}
	slices.SortStableFunc(found, func(x, y node) int { return x.Created.Compare(y.Created.Time) })
	return found, nil
}

// deepest bounds the first reading of a thread: a hundred thousand comments.
const deepest = 1000

// PullThread implements platform.ThreadPuller: all comments below a post, both
// levels. Facebook tells nobody who polls that a comment was changed or taken
// away, so the newest thousand are read again and compared with what they were.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	params := fb.Params{"fields": "id,from,message,created_time,parent,is_hidden,permalink_url,attachment", "filter": "stream", "order": "reverse_chronological", "limit": "100"}
	memory := graph.ReadMemory(cursor)
	var read []platform.Item
	var more fb.Params
	whole := false
	for n := 0; n < deepest && !whole && !memory.Enough(n, read); n++ {
		l, next, _, err := c.page(ctx, a, escape(w.RemoteID, "comments"), params, more)
		if r := platform.AsRefusal(err); r != nil && r.Code == "platform.not_found" {
			return platform.Page{Cursor: cursor}, nil
		}
		if err != nil {
			return platform.Page{}, err
		}
		for _, p := range l.Data {
			read = append(read, p.comment(a, w.RemoteID))
		}
		more, whole = next, next == nil
	}
	news, now := memory.Compare(read, whole, w.RemoteID, time.Now().UTC())
	return platform.Page{Items: news, Cursor: now.String()}, nil
}
