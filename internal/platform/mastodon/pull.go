package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
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

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	switch feed {
	case feedOwn:
		return c.pullOwn(ctx, a, cursor)
	case feedDirect:
		return c.pullDirect(ctx, a, cursor)
	}
	return c.pullMentions(ctx, a, cursor)
}

// mark is where a feed was left: ids need not be ordered, so the time is kept.
type mark struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Same []string  `json:"same,omitempty"` // others of the same instant, where the feed is read by time
	Seen []looked  `json:"seen,omitempty"` // what is looked at again
}

func readMark(cursor string) (m mark) {
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	_ = json.Unmarshal([]byte(cursor), &m)
	return m
}

func (m mark) String() string {
	raw, _ := json.Marshal(m) // a string and a time always marshal
	return string(raw)
}

// pullMentions reads notifications after the cursor, oldest first: min_id asks
// for the page that follows the cursor immediately, so nothing is skipped.
func (c *Connector) pullMentions(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	from := readMark(cursor)
	list, err := c.notifications(ctx, a, url.Values{"min_id": {from.ID}})
	if err != nil {
		return platform.Page{}, err
	}
	fresh := after(list, from)
	more := false
	if len(list) >= pageSize && cursor != "" {
		// Some servers answer min_id with the newest page, as since_id: then
		// the older ones between it and the cursor must be fetched, too.
		gap, err := c.between(ctx, a, from, list[len(list)-1].ID)
		if err != nil {
			return platform.Page{}, err
		}
		fresh = append(fresh, gap...)
		more = true
	}
	page := platform.Page{Cursor: cursor, More: more && len(fresh) > 0}
	if cursor == "" {
		// The first visit takes the newest page only. From now on nothing is
		// skipped, also when there was nothing yet.
		page.Cursor = mark{}.String()
	}
	changed, seen, err := c.again(ctx, a, from.Seen)
	if err != nil {
		return platform.Page{}, err
	}
	page.Items = changed
	known := map[string]bool{}
	for _, n := range slices.Backward(fresh) {
		if n.Status == nil || n.Type != "mention" || known[n.Status.ID] {
			continue
		}
		known[n.Status.ID] = true
		root, err := c.root(ctx, a, *n.Status)
		if err != nil {
			return platform.Page{}, err
		}
		i := n.Status.item(a, root)
		page.Items = append(page.Items, i)
		seen = append(seen, lookedAt(i))
	}
	next := mark{ID: from.ID, At: from.At, Seen: seen[max(len(seen)-lookout, 0):]}
	if len(fresh) > 0 {
		newest := fresh[0]
		for _, n := range fresh {
			if n.CreatedAt.After(newest.CreatedAt) {
				newest = n
			}
		}
		next.ID, next.At = newest.ID, newest.CreatedAt
	}
	if len(fresh) > 0 || len(from.Seen) > 0 {
		page.Cursor = next.String()
	}
	return page, nil
}

func (c *Connector) notifications(ctx context.Context, a platform.Account, query url.Values) ([]notification, error) {
	for key, v := range query {
		if len(v) == 1 && v[0] == "" {
			delete(query, key)
		}
	}
	query.Set("types[]", "mention")
	// Since 4.3 strangers' private mentions are set aside unless asked for.
	query.Set("include_filtered", "true")
	query.Set("limit", strconv.Itoa(pageSize))
	var list wire.Rows[notification] // one that cannot be read must not stop the others
	_, err := c.get(ctx, a, &list, query, "api", "v1", "notifications")
	return list, err
}

// after keeps what is newer than the mark, also on servers that ignore it.
func after(list []notification, m mark) []notification {
	var fresh []notification
	for _, n := range list {
		if n.ID != m.ID && !n.CreatedAt.Before(m.At) {
			fresh = append(fresh, n)
		}
	}
	return fresh
}

// between reads backwards from maxID to the mark.
func (c *Connector) between(ctx context.Context, a platform.Account, m mark, maxID string) ([]notification, error) {
	var all []notification
	known := map[string]bool{maxID: true}
	for range maxPages {
		list, err := c.notifications(ctx, a, url.Values{"max_id": {maxID}, "since_id": {m.ID}})
		if err != nil {
			return nil, err
		}
		fresh := slices.DeleteFunc(after(list, m), func(n notification) bool { return known[n.ID] })
		if len(fresh) == 0 {
			return all, nil
		}
		for _, n := range fresh {
			known[n.ID] = true
		}
		all = append(all, fresh...)
		maxID = fresh[len(fresh)-1].ID
	}
	return all, nil
}

// root is the first status of the conversation a status belongs to.
func (c *Connector) root(ctx context.Context, a platform.Account, s status) (string, error) {
	if s.InReplyTo == "" {
		return s.ID, nil
	}
	around, err := c.context(ctx, a, s.ID)
	switch {
	case gone(err):
		return s.InReplyTo, nil
	case err != nil:
		return "", err
	case len(around.Ancestors) == 0:
		return s.InReplyTo, nil
	}
	return around.Ancestors[0].ID, nil
}

type thread struct {
	Ancestors   []status `json:"ancestors"`
	Descendants []status `json:"descendants"`
}

func (c *Connector) context(ctx context.Context, a platform.Account, id string) (t thread, err error) {
	_, err = c.get(ctx, a, &t, nil, "api", "v1", "statuses", id, "context")
	return t, err
}

// pullOwn reads our own statuses since the cursor; the first time, one page.
func (c *Connector) pullOwn(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	from := readMark(cursor)
	var own []status
	var err error
	if cursor == "" {
		own, _, err = c.ownPage(ctx, a, "", pageSize)
	} else {
		// Where even 800 do not reach back, the oldest are left out: this
		// feed is a watch over our own account, not a record of citizens.
		own, _, err = c.walk(ctx, a, from.ID, func(http.Header) time.Time { return from.At })
	}
	if err != nil {
		return platform.Page{}, err
	}
	page := platform.Page{Cursor: from.String()}
	for _, s := range slices.Backward(own) {
		page.Items = append(page.Items, s.item(a, s.ID))
		if !s.CreatedAt.Before(from.At) {
			from = mark{ID: s.ID, At: s.CreatedAt}
			page.Cursor = from.String()
		}
	}
	return page, nil
}

// PullThread implements platform.ThreadPuller. A server tells a thread whole
// each time, and answers from other servers may arrive late: the cursor holds
// what was given.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	around, err := c.context(ctx, a, w.RemoteID)
	if gone(err) {
		return platform.Page{Cursor: cursor}, nil
	}
	if err != nil {
		return platform.Page{}, err
	}
	return c.compare(ctx, a, w.RemoteID, cursor, around.Descendants)
}
