package threads

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// post is a post or a reply. https://developers.facebook.com/docs/threads/reply-management
type post struct {
	ID        string     `json:"id"`
	Text      string     `json:"text"`
	Type      string     `json:"media_type"`
	Permalink string     `json:"permalink"`
	Timestamp graph.When `json:"timestamp"`
	Username  string     `json:"username"`
	Mine      bool       `json:"is_reply_owned_by_me"`
	Hide      string     `json:"hide_status"`
	Root      graph.ID   `json:"root_post"`
	Replied   graph.ID   `json:"replied_to"`
	Children  *struct {
		Data []graph.ID `json:"data"`
	} `json:"children"`
}

const (
	postFields  = "id,text,timestamp,media_type,permalink,username,children"
	replyFields = postFields + ",is_reply_owned_by_me,root_post,replied_to,hide_status"
)

// Key implements graph.Entry.
func (p post) Key() string { return p.ID }

// Moment implements graph.Entry.
func (p post) Moment() time.Time { return p.Timestamp.Time }

// files is how many files it shows; -1 when that is not told.
func (p post) files() int {
	switch {
	case p.Children != nil:
		return len(p.Children.Data)
	case p.Type == "TEXT_POST":
		return 0
	case p.Type == "IMAGE" || p.Type == "VIDEO":
		return 1
	}
	return -1
}

func (p post) kinds() []string {
	switch p.Type {
	case "IMAGE", "CAROUSEL_ALBUM":
		return []string{"image"}
	case "VIDEO":
		return []string{"video"}
	case "AUDIO":
		return []string{"audio"}
	}
	return nil
}

// item is a post in the contract's words. Of others only the name is told.
func (p post) item(a platform.Account, kind platform.ItemKind, root string) platform.Item {
	i := platform.Item{Kind: kind, RemoteID: p.ID, Thread: root, InReplyTo: p.Replied.ID, AuthorID: p.Username, Author: p.Username,
		Text: p.Text, URL: p.Permalink, At: p.Moment(), Hidden: p.Hide == "HIDDEN" || p.Hide == "COVERED" || p.Hide == "BLOCKED", Files: p.kinds()}
	if i.Thread == "" {
		i.Thread = p.ID
	}
	if p.Mine || p.Username != "" && p.Username == a.Handle {
		i.Kind, i.AuthorID = platform.OwnPost, a.RemoteID
	}
	return i
}

// Feeds of an account.
const (
	feedMentions = "mentions"
	feedOwn      = "own"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string { return []string{feedMentions, feedOwn} }

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	edge, kind := "mentions", platform.Mention
	switch feed {
	case feedMentions:
	case feedOwn:
		edge, kind = "threads", platform.OwnPost
	default:
		return platform.Page{}, fault.New(fault.Invalid, "platform.feed_unknown")
	}
	from := graph.ReadPlace(cursor)
	found, err := graph.Newer[post](ctx, c.api, a, graph.Edge{
		Path: []string{"me", edge}, Params: url.Values{"fields": {postFields}, "limit": {"50"}},
	}, from, cursor == "")
	if err != nil {
		return platform.Page{}, err
	}
	page := platform.Page{Cursor: from.String()}
	for _, p := range found {
		page.Items = append(page.Items, p.item(a, kind, p.Root.ID))
		from = from.After(p.ID, p.Moment())
		page.Cursor = from.String()
	}
	return page, nil
}

// deepest bounds the first reading of a thread: fifty thousand comments.
const deepest = 1000

// PullThread implements platform.ThreadPuller: GET /{post}/conversation has
// every level. It is read whole and compared with what it was, because a reply
// may hang below an old one, and deletions are told to nobody who polls.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	var read []platform.Item
	memory, n, cut := graph.ReadMemory(cursor), 0, false
	whole, err := graph.Walk(ctx, c.api, a, graph.Edge{
		Path: []string{w.RemoteID, "conversation"}, Params: url.Values{"fields": {replyFields}, "limit": {"50"}}, Pages: deepest,
	}, func(page []post, _ http.Header) bool {
		for _, p := range page {
			i := p.item(a, platform.Comment, w.RemoteID)
			if i.InReplyTo == "" {
				i.InReplyTo = w.RemoteID
			}
			read = append(read, i)
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
	news, now := memory.Compare(read, whole && !cut, w.RemoteID, time.Now().UTC())
	return platform.Page{Items: news, Cursor: now.String()}, nil
}
