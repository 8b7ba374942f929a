package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"kentongan/internal/platform"
)

// listed is one entry of com.atproto.repo.listRecords.
type listed struct {
	URI   string          `json:"uri"`
	CID   string          `json:"cid"`
	Value json.RawMessage `json:"value"`
}

// records reads one page of our own repository, newest key first.
func (c *Connector) records(ctx context.Context, a platform.Account, collection, cursor string) ([]listed, string, error) {
	query := url.Values{"repo": {a.RemoteID}, "collection": {collection}, "limit": {strconv.Itoa(pageSize)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var page struct {
		Records []listed `json:"records"`
		Cursor  string   `json:"cursor"`
	}
	err := c.list(ctx, a, "com.atproto.repo.listRecords", "records", query, &page)
	if len(page.Records) == 0 {
		page.Cursor = ""
	}
	return page.Records, page.Cursor, err
}

// ownMark is where the feed of our own posts was left: the newest keys, so
// that a deletion and a key that was chosen too low are noticed, too.
type ownMark struct {
	Begun bool     `json:"begun"`
	Floor string   `json:"floor,omitempty"` // what is below was read before
	Seen  []string `json:"seen,omitempty"`
}

// pullOwn reads our own repository, which our server has whole and at once.
func (c *Connector) pullOwn(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	var last, next ownMark
	_ = json.Unmarshal([]byte(cursor), &last) // a cursor we cannot read starts anew: the inbox drops doubles
	next.Begun = true
	var page platform.Page
	reached, from := false, ""
	for n := 0; n < maxPages && !reached; n++ {
		list, older, err := c.records(ctx, a, posts, from)
		if err != nil {
			return platform.Page{}, err
		}
		for _, r := range list {
			at, ok := parseAddress(r.URI)
			if !ok {
				continue
			}
			if last.Floor != "" && at.rkey < last.Floor {
				reached = true
				break
			}
			next.Seen = append(next.Seen, at.rkey)
			if slices.Contains(last.Seen, at.rkey) {
				continue
			}
			if i, ok := (postView{URI: r.URI, Author: author{a.RemoteID, a.Handle}, Record: r.Value}).item(a); ok {
				page.Items = append(page.Items, i)
			}
		}
		from = older
		// The first visit takes the newest page only.
		if older == "" || !last.Begun {
			reached = true
			if older != "" && len(next.Seen) > 0 {
				next.Floor = next.Seen[len(next.Seen)-1]
			}
		}
	}
	for _, key := range last.Seen {
		if !slices.Contains(next.Seen, key) && reached {
			page.Items = append(page.Items, platform.Item{Kind: platform.OwnPost, RemoteID: address{a.RemoteID, posts, key}.String(), AuthorID: a.RemoteID, Author: a.Handle, Deleted: true})
		}
	}
	if next.Floor == "" {
		next.Floor = last.Floor
	}
	if len(next.Seen) > pageSize {
		next.Seen = next.Seen[:pageSize]
		next.Floor = next.Seen[pageSize-1]
	}
	slices.Reverse(page.Items)
	raw, err := canonical(next)
	page.Cursor = raw
	return page, err
}
