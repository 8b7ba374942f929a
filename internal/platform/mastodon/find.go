package mastodon

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kentongan/internal/platform"
)

var errNotStaged = errors.New("not staged")

// pageSize and maxPages bound one look: 800 statuses of one account.
const (
	pageSize = 40
	maxPages = 20
)

// ownPage reads one page of our own statuses, newest first, and the max_id of
// the next older page.
func (c *Connector) ownPage(ctx context.Context, a platform.Account, maxID string, limit int) ([]status, http.Header, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if maxID != "" {
		query.Set("max_id", maxID)
	}
	var page []status
	answer, err := c.get(ctx, a, &page, query, "api", "v1", "accounts", a.RemoteID, "statuses")
	return page, answer.Header, err
}

// walk reads our own statuses from the newest back until one is older than
// from or is until itself, and says whether it got there.
func (c *Connector) walk(ctx context.Context, a platform.Account, until string, from func(http.Header) time.Time) (found []status, whole bool, err error) {
	known := map[string]bool{}
	maxID, fresh := "", true
	var since time.Time
	for n := 0; n < maxPages && fresh; n++ {
		page, header, err := c.ownPage(ctx, a, maxID, pageSize)
		if err != nil {
			return found, false, err
		}
		if n == 0 {
			since = from(header)
		}
		if len(page) == 0 {
			return found, true, nil
		}
		fresh = false
		reached := false
		for _, s := range page {
			if s.ID == until {
				return found, true, nil
			}
			if !s.CreatedAt.IsZero() && s.CreatedAt.Before(since) {
				reached = true // the page is read to its end: it may be out of order
				continue
			}
			if !known[s.ID] {
				known[s.ID], fresh = true, true
				found = append(found, s)
			}
		}
		if reached || !fresh && len(page) < pageSize {
			// A server without paging (snac2) gave us all it has.
			return found, true, nil
		}
		maxID = older(header, page[len(page)-1].ID)
	}
	return found, false, nil
}

// below are our answers directly below what an attempt answered: a server may
// leave private ones out of our own list (snac2).
func (c *Connector) below(ctx context.Context, a platform.Account, parent string) ([]status, error) {
	if parent == "" {
		return nil, nil
	}
	around, err := c.context(ctx, a, parent)
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(around.Descendants, func(s status) bool { return s.Account.ID != a.RemoteID || s.InReplyTo != parent }), nil
}

// Find implements platform.Connector: our own statuses since the attempt.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var start time.Time
	before := ""
	if at.Notes != nil {
		before = at.Notes.Value(noteBefore)
	}
	own, whole, err := c.walk(ctx, a, before, func(h http.Header) time.Time {
		start = platform.WindowStart(at, h, time.Now())
		return start
	})
	if err != nil {
		return platform.Finding{}, err
	}
	below, err := c.below(ctx, a, at.Out.InReplyTo)
	if err != nil {
		return platform.Finding{}, err
	}
	own = append(own, below...)
	var seen []platform.Seen
	for _, s := range own {
		seen = append(seen, platform.Seen{RemoteID: s.ID, URL: s.address(), Text: plain(s.Content),
			InReplyTo: s.InReplyTo, At: s.CreatedAt.UTC(), Media: len(s.Media)})
	}
	slices.SortFunc(seen, func(x, y platform.Seen) int { return x.At.Compare(y.At) })
	return platform.Finding{Receipts: platform.Matching(at, start, seen, fold), Complete: whole}, nil
}
