package youtube

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"hash/crc32"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// Feeds of an account: what citizens wrote below any of our films, what
// YouTube itself or a moderator holds back, and our own films.
const (
	feedComments = "comments"
	feedHeld     = "held"
	feedOwn      = "own"
)

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string {
	return []string{feedComments, feedHeld, feedOwn}
}

// overlap is how far a feed reads back behind its mark: comments appear in the
// API some time after they were written.
const overlap = time.Hour

// mark is where a feed was left, with what was given of the time around it.
type mark struct {
	At   int64              `json:"at"`             // newest that was given, in seconds
	Seen map[string]version `json:"seen,omitempty"` // by id, of what is not older than overlap
	Next string             `json:"next,omitempty"` // page to go on with, newest first
	Top  int64              `json:"top,omitempty"`  // newest of this round, the mark when it ends
}

// version is one writing of a thing: when, and a checksum of the words, because
// the API's times have whole seconds.
type version [2]int64

func versionOf(at time.Time, text string) version {
	return version{at.Unix(), int64(crc32.ChecksumIEEE([]byte(text)))}
}

func readMark(cursor string) (m mark) {
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	if json.Unmarshal([]byte(cursor), &m) != nil {
		m = mark{}
	}
	if m.Seen == nil {
		m.Seen = map[string]version{}
	}
	return m
}

// kept bounds what a cursor remembers.
const kept = 1000

func (m mark) String() string {
	if len(m.Seen) > kept {
		type entry struct {
			id string
			at int64
		}
		var all []entry
		for id, at := range m.Seen {
			all = append(all, entry{id, at[0]})
		}
		slices.SortFunc(all, func(x, y entry) int { return cmp.Or(cmp.Compare(x.at, y.at), strings.Compare(x.id, y.id)) })
		for _, e := range all[:len(all)-kept] {
			delete(m.Seen, e.id)
		}
	}
	raw, _ := json.Marshal(m) // numbers and strings always marshal
	return string(raw)
}

// fresh notes a version and says whether it was unknown, and whether an earlier
// one was known.
func (m mark) fresh(id string, v version) (unknown, changed bool) {
	old, known := m.Seen[id]
	if m.Seen[id] = v; known && old == v {
		return false, false
	}
	return true, known && old[1] != v[1]
}

// Pull implements platform.Puller.
func (c *Connector) Pull(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	if !c.may(a, 1) {
		return platform.Page{Cursor: cursor}, nil
	}
	switch feed {
	case feedOwn:
		return c.pullOwn(ctx, a, cursor)
	case feedComments, feedHeld:
		return c.pullComments(ctx, a, feed, cursor)
	}
	return platform.Page{}, &platform.Refusal{Code: "platform.feed_unknown", Said: feed, Fix: platform.FixNobody}
}

// pullComments reads one page of the newest comments on all our films, and the
// answers that come with them. The newest page is read every time, so that
// edits and new answers in young conversations are seen; older conversations
// are PullThread's.
func (c *Connector) pullComments(ctx context.Context, a platform.Account, feed, cursor string) (platform.Page, error) {
	m := readMark(cursor)
	query := url.Values{"part": {"snippet,replies"}, "allThreadsRelatedToChannelId": {a.RemoteID}, "order": {"time"}, "maxResults": {"100"}, "textFormat": {"plainText"}}
	if feed == feedHeld {
		query.Set("moderationStatus", "heldForReview")
	}
	list, _, err := c.threads(ctx, a, query, m.Next)
	if m.Next != "" && refusedPage(err) {
		// The page's token has run out: the round begins anew.
		m.Next = ""
		query.Del("pageToken")
		list, _, err = c.threads(ctx, a, query, "")
	}
	if err != nil {
		return platform.Page{}, err
	}
	since := m.At - int64(overlap.Seconds())
	reached := list.Next == "" || cursor == "" // the first visit takes the newest page only
	page := platform.Page{}
	for _, t := range list.Items {
		// A time that cannot be read says nothing of where the mark is.
		at := t.Snippet.Top.Snippet.PublishedAt
		reached = reached || m.At > 0 && !at.IsZero() && at.Unix() < since
		for _, one := range append([]comment{t.Snippet.Top}, t.Replies.Comments...) {
			if v := one.version(); one.ID != "" && (v[0] >= since || v[0] < 0) {
				page.Items = one.give(page.Items, m, one.item(a, t.Snippet.VideoID, feed == feedHeld))
				m.Top = max(m.Top, v[0])
			}
		}
	}
	slices.SortStableFunc(page.Items, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	if m.Next = list.Next; reached {
		m.At, m.Top, m.Next = max(m.At, m.Top), 0, ""
		m.forget(m.At - int64(overlap.Seconds()))
	}
	page.Cursor, page.More = m.String(), !reached
	return page, nil
}

// forget drops what is older than the overlap: it is not given again anyway.
func (m mark) forget(before int64) {
	for id, v := range m.Seen {
		if v[0] < before {
			delete(m.Seen, id)
		}
	}
}

func refusedPage(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.invalid"
}

// playlist is where YouTube lists everything the channel uploaded.
func (c *Connector) playlist(ctx context.Context, a platform.Account) (string, error) {
	key := a.BaseURL + " " + a.RemoteID
	if p, ok := c.uploads.Load(key); ok {
		return p.(string), nil
	}
	var list struct {
		Items []channel `json:"items"`
	}
	if err := c.get(ctx, a, &list, url.Values{"part": {"contentDetails"}, "id": {a.RemoteID}}, "channels"); err != nil {
		return "", err
	}
	if len(list.Items) == 0 || list.Items[0].ContentDetails.Related.Uploads == "" {
		return "", &platform.Refusal{Code: "platform.youtube.no_channel", Fix: platform.FixAdmin}
	}
	id := list.Items[0].ContentDetails.Related.Uploads
	c.uploads.Store(key, id)
	return id, nil
}

type playlistItem struct {
	Snippet struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"snippet"`
	Content struct {
		VideoID   string `json:"videoId"`
		Published stamp  `json:"videoPublishedAt"` // missing while it is private
	} `json:"contentDetails"`
	Status struct {
		Privacy string `json:"privacyStatus"`
	} `json:"status"`
}

func (i playlistItem) public() bool  { return i.Content.VideoID != "" && i.Status.Privacy == "public" }
func (i playlistItem) at() time.Time { return i.Content.Published.UTC() }
func (i playlistItem) text() string  { return join(i.Snippet.Title, i.Snippet.Description) }

type playlistPage struct {
	Items []playlistItem `json:"items"`
	Next  string         `json:"nextPageToken"`
}

func (c *Connector) uploaded(ctx context.Context, a platform.Account, token string) (page playlistPage, header http.Header, err error) {
	list, err := c.playlist(ctx, a)
	if err != nil {
		return page, nil, err
	}
	query := url.Values{"part": {"snippet,contentDetails,status"}, "playlistId": {list}, "maxResults": {"50"}}
	if token != "" {
		query.Set("pageToken", token)
	}
	answer, err := c.list(ctx, a, &page, query, "playlistItems")
	return page, answer.Header, err
}

// pullOwn reads our newest fifty uploads and gives those that became public
// since the mark: what is still private is nobody's sighting.
func (c *Connector) pullOwn(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	m := readMark(cursor)
	list, _, err := c.uploaded(ctx, a, "")
	if err != nil {
		return platform.Page{}, err
	}
	since := m.At - int64(overlap.Seconds())
	page := platform.Page{}
	for _, i := range slices.Backward(list.Items) {
		v := versionOf(i.at(), "")
		if !i.public() || v[0] < since {
			continue
		}
		if unknown, _ := m.fresh(i.Content.VideoID, v); !unknown {
			continue
		}
		m.At = max(m.At, v[0])
		page.Items = append(page.Items, platform.Item{
			Kind: platform.OwnPost, RemoteID: i.Content.VideoID, Thread: i.Content.VideoID, AuthorID: a.RemoteID, Author: a.Handle,
			Text: i.text(), URL: watch(i.Content.VideoID, ""), At: i.at(), Files: []string{"video"},
		})
	}
	m.forget(m.At - int64(overlap.Seconds()))
	page.Cursor = m.String()
	return page, nil
}
