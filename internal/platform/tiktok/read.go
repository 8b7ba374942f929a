package tiktok

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// fields are what we read of a post (Display API, video object).
const fields = "id,create_time,video_description,title,share_url,view_count,like_count,comment_count,share_count"

// pages bound one look at our posts: 200.
const pages = 10

type post struct {
	ID          string `json:"id"`
	Created     number `json:"create_time"`
	Description string `json:"video_description"`
	Title       string `json:"title"`
	ShareURL    string `json:"share_url"`
	Views       number `json:"view_count"`
	Likes       number `json:"like_count"`
	Comments    number `json:"comment_count"`
	Shares      number `json:"share_count"`
}

func (p post) at() time.Time { return time.Unix(int64(p.Created), 0).UTC() }

func (p post) text() string { return cmp.Or(p.Description, p.Title) }

func (p post) address(a platform.Account) string {
	return cmp.Or(p.ShareURL, profile(a.Handle)+"/video/"+p.ID)
}

type postPage struct {
	Videos []post `json:"videos"`
	Cursor int64  `json:"cursor"`
	More   bool   `json:"has_more"`
}

// list reads a page of our posts, newest first. POST /v2/video/list/.
func (c *Connector) list(ctx context.Context, a platform.Account, cursor int64) (page postPage, answer safehttp.Answer, err error) {
	body := map[string]any{"max_count": 20}
	if cursor > 0 {
		body["cursor"] = cursor
	}
	answer, err = c.postFields(ctx, a, body, &page, "list")
	return page, answer, err
}

// query reads posts of ours by id. POST /v2/video/query/.
func (c *Connector) query(ctx context.Context, a platform.Account, ids []string) ([]post, error) {
	var page postPage
	_, err := c.postFields(ctx, a, map[string]any{"filters": map[string]any{"video_ids": ids}}, &page, "query")
	return page.Videos, err
}

func (c *Connector) postFields(ctx context.Context, a platform.Account, body, into any, call string) (safehttp.Answer, error) {
	req, err := wire.JSON(ctx, http.MethodPost, path(a, "v2", "video", call)+"?fields="+fields, body)
	if err != nil {
		return safehttp.Answer{}, err
	}
	return c.call(ctx, a, req, into)
}

// listed looks through our posts since the attempt, and says whether it got
// back that far.
func (c *Connector) listed(ctx context.Context, a platform.Account, at platform.Attempt) (found []platform.Receipt, whole bool, err error) {
	var seen []platform.Seen
	var from time.Time
	cursor := int64(0)
	for n := range pages {
		page, answer, err := c.list(ctx, a, cursor)
		if err != nil {
			return nil, false, err
		}
		if n == 0 {
			from = platform.WindowStart(at, answer.Header, time.Now())
		}
		whole = !page.More || page.Cursor == cursor
		for _, p := range page.Videos {
			whole = whole || p.at().Before(from)
			seen = append(seen, platform.Seen{RemoteID: p.ID, URL: p.address(a), Text: p.text(), At: p.at(), Media: -1})
		}
		if cursor = page.Cursor; whole {
			break
		}
	}
	return platform.Matching(at, from, seen, platform.Fold), whole, nil
}

// Measure implements platform.Measurer.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	if a.Mode == Business {
		return c.measureBusiness(ctx, a, remoteIDs)
	}
	all := map[string]platform.Counts{}
	for ids := range slices.Chunk(remoteIDs, 20) {
		posts, err := c.query(ctx, a, ids)
		if err != nil {
			return all, err
		}
		for _, p := range posts {
			if slices.Contains(ids, p.ID) {
				all[p.ID] = platform.Counts{"views": int64(p.Views), "likes": int64(p.Likes), "shares": int64(p.Shares), "replies": int64(p.Comments)}
			}
		}
	}
	return all, nil
}

// feedOwn are our own posts.
const feedOwn = "own"

// Feeds implements platform.Puller.
func (c *Connector) Feeds(a platform.Account) []string {
	if a.Mode == Business {
		return []string{feedComments, feedOwn}
	}
	return []string{feedOwn}
}

// overlap is how far the feed reads back behind its mark: a post appears some
// time after it was made.
const overlap = time.Hour

// mark is where the feed was left, with the ids that were given around it.
type mark struct {
	At   int64    `json:"at"`
	Seen []string `json:"seen,omitempty"`
}

func readMark(cursor string) (m mark) {
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	if json.Unmarshal([]byte(cursor), &m) != nil {
		return mark{}
	}
	return m
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	switch {
	case a.Mode == Business && feed == feedComments:
		return c.pullBusiness(ctx, a, cursor)
	case a.Mode == Business && feed == feedOwn:
		return c.pullOwnBusiness(ctx, a, cursor)
	case feed != feedOwn:
		return platform.Page{}, &platform.Refusal{Code: "platform.feed_unknown", Said: feed, Fix: platform.FixNobody}
	}
	page, _, err := c.list(ctx, a, 0)
	if err != nil {
		return platform.Page{}, err
	}
	return sightings(a, page.Videos, cursor)
}

// sightings are the posts, newest first as listed, that were not given before.
func sightings(a platform.Account, posts []post, cursor string) (platform.Page, error) {
	m := readMark(cursor)
	next, items := mark{At: m.At}, []platform.Item{}
	for _, p := range slices.Backward(posts) {
		next.At = max(next.At, int64(p.Created))
		if p.ID == "" || int64(p.Created) < m.At-int64(overlap.Seconds()) {
			continue
		}
		next.Seen = append(next.Seen, p.ID)
		if !slices.Contains(m.Seen, p.ID) {
			items = append(items, platform.Item{Kind: platform.OwnPost, RemoteID: p.ID, Thread: p.ID, AuthorID: a.RemoteID, Author: a.Handle,
				Text: p.text(), URL: p.address(a), At: p.at()})
		}
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return platform.Page{}, err
	}
	return platform.Page{Items: items, Cursor: string(raw)}, nil
}
