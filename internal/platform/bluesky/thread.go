package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// node is one post of a thread: app.bsky.feed.defs#threadViewPost, or what is
// left of one (notFoundPost, blockedPost).
type node struct {
	Type    string            `json:"$type"`
	URI     string            `json:"uri"` // of what is left
	Post    postView          `json:"post"`
	Replies []json.RawMessage `json:"replies"`
}

// thread is a thread taken apart: items, and the addresses of all that is
// there, shown or not.
type thread struct {
	items  []platform.Item
	listed []string
	hidden []string
	// versions are the ends of the items' CIDs: a record can be changed.
	versions []string
}

// maxNodes bounds what one thread may make us read.
const maxNodes = 5000

// readThread walks the replies below a post, the oldest first on each level.
func readThread(a platform.Account, root node) thread {
	var t thread
	if g := root.Post.Threadgate; g != nil {
		t.hidden = g.Record.Hidden
	}
	level := root.Replies
	for len(level) > 0 && len(t.listed) < maxNodes {
		var below []json.RawMessage
		for _, raw := range slices.Backward(level) {
			var n node
			if json.Unmarshal(raw, &n) != nil {
				continue
			}
			if n.Post.URI == "" {
				t.listed = append(t.listed, n.URI)
				continue
			}
			t.listed = append(t.listed, n.Post.URI)
			below = append(below, n.Replies...)
			if i, ok := n.Post.item(a); ok {
				if i.Thread == i.RemoteID {
					i.Thread = root.Post.URI
				}
				i.Hidden = slices.Contains(t.hidden, i.RemoteID)
				t.items = append(t.items, i)
				t.versions = append(t.versions, n.Post.CID[max(0, len(n.Post.CID)-6):])
			}
		}
		level = below
	}
	return t
}

// threadMark is what of a thread was told already, the newest keepThread of it:
// "ADDRESS VERSION", with "!" before a hidden one.
type threadMark struct {
	Seen []string `json:"seen,omitempty"`
}

const keepThread = 200

// PullThread implements platform.ThreadPuller: app.bsky.feed.getPostThread. It
// gives what is new, what was hidden or shown since, and what was deleted.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	var last, next threadMark
	_ = json.Unmarshal([]byte(cursor), &last) // a cursor we cannot read starts anew: the inbox drops doubles
	page := platform.Page{Cursor: cursor}
	if _, ok := parseAddress(w.RemoteID); !ok {
		return page, nil
	}
	var said struct{ Thread node }
	err := c.get(ctx, a, "app.bsky.feed.getPostThread", url.Values{"uri": {w.RemoteID}, "depth": {"100"}, "parentHeight": {"0"}}, &said)
	if gone(err) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	if said.Thread.Post.URI == "" {
		return page, nil // the post itself is not there, or blocked
	}
	t := readThread(a, said.Thread)
	before, missing := map[string]string{}, []string(nil)
	for _, name := range last.Seen {
		where, version, _ := strings.Cut(strings.TrimPrefix(name, "!"), " ")
		before[where] = version
		if at, ok := fromBrief(where); ok && !slices.Contains(t.listed, at.String()) {
			missing = append(missing, where)
		}
	}
	for n, i := range t.items {
		at, _ := parseAddress(i.RemoteID)
		name := at.brief() + " " + t.versions[n]
		if i.Hidden {
			name = "!" + name
		}
		next.Seen = append(next.Seen, name)
		if slices.Contains(last.Seen, name) {
			continue
		}
		if version, known := before[at.brief()]; known && version != t.versions[n] {
			i.Edited = time.Now().UTC() // the network does not tell when
		}
		page.Items = append(page.Items, i)
	}
	deleted, err := c.vanished(ctx, a, missing, platform.Comment)
	if err != nil {
		return platform.Page{}, err
	}
	for i := range deleted {
		deleted[i].Thread = w.RemoteID
	}
	page.Items = append(page.Items, deleted...)
	next.Seen = next.Seen[max(0, len(next.Seen)-keepThread):]
	page.Cursor, err = canonical(next)
	return page, err
}
