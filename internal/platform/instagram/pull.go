package instagram

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// Feeds of an account.
const (
	feedMentions = "mentions"
	feedOwn      = "own"
	feedDirect   = "direct"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string {
	return []string{feedMentions, feedOwn, feedDirect}
}

// Pull implements platform.Puller. Mentions in the text of others come only by
// push; what can be read is where we are tagged.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	edge, kind := "tags", platform.Mention
	switch feed {
	case feedDirect:
		return c.inbox.Pull(ctx, a, cursor)
	case feedOwn:
		edge, kind = "media", platform.OwnPost
	case feedMentions:
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	from := graph.ReadPlace(cursor)
	found, err := graph.Newer[media](ctx, c.api, a, graph.Edge{
		Path: []string{a.RemoteID, edge}, Params: url.Values{"fields": {mediaFields}, "limit": {"50"}},
	}, from, cursor == "")
	if err != nil {
		return platform.Page{}, err
	}
	page := platform.Page{Cursor: from.String()}
	for _, m := range found {
		page.Items = append(page.Items, m.item(kind))
		from = from.After(m.ID, m.Moment())
		page.Cursor = from.String()
	}
	return page, nil
}

// deepest bounds the first reading of a thread: fifty thousand comments.
const deepest = 1000

// PullThread implements platform.ThreadPuller: the comments below a post, both
// levels. An answer may hang below an old comment, so the thread is read whole
// and compared with what it was.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	var read []platform.Item
	var long []comment // with more answers than the list shows
	memory, n, cut := graph.ReadMemory(cursor), 0, false
	whole, err := graph.Walk(ctx, c.api, a, graph.Edge{
		Path: []string{w.RemoteID, "comments"}, Params: url.Values{"fields": {commentFields}, "limit": {"50"}}, Pages: deepest,
	}, func(page []comment, _ http.Header) bool {
		for _, m := range page {
			read = append(read, m.item(a, w.RemoteID, w.RemoteID))
			if m.Replies == nil {
				continue
			}
			if m.Replies.Paging.Next != "" {
				long = append(long, m)
				continue
			}
			for _, r := range m.Replies.Data {
				read = append(read, r.item(a, w.RemoteID, m.ID))
			}
		}
		n++
		cut = memory.Enough(n, read)
		return cut
	})
	if graph.Gone(err) {
		return platform.Page{Cursor: cursor}, nil
	}
	if err != nil {
		return platform.Page{}, err
	}
	for _, m := range long {
		all, err := graph.Walk(ctx, c.api, a, graph.Edge{
			Path: []string{m.ID, "replies"}, Params: url.Values{"fields": {replyFields}, "limit": {"50"}}, Pages: pages,
		}, func(page []comment, _ http.Header) bool {
			for _, r := range page {
				read = append(read, r.item(a, w.RemoteID, m.ID))
			}
			return false
		})
		if err != nil {
			return platform.Page{}, err
		}
		whole = whole && all
	}
	news, now := memory.Compare(read, whole && !cut, w.RemoteID, time.Now().UTC())
	return platform.Page{Items: news, Cursor: now.String()}, nil
}
