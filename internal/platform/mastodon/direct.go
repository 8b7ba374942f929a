package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kentongan/internal/platform"
)

// pullDirect reads private talks. GET /api/v1/conversations names the newest
// status of each; what else is new in it stands above that one. A server may
// keep strangers' private mentions out of the notifications, not out of here.
func (c *Connector) pullDirect(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	from := readMark(cursor)
	page := platform.Page{Cursor: from.String()}
	talks, err := c.talks(ctx, a, from, cursor == "")
	if gone(err) {
		return page, nil // a server without conversations
	}
	if err != nil {
		return platform.Page{}, err
	}
	next, known := from, map[string]bool{}
	for _, last := range slices.Backward(talks) {
		list, root := []status{last}, last.ID
		if last.InReplyTo != "" {
			around, err := c.context(ctx, a, last.ID)
			if err != nil && !gone(err) {
				return platform.Page{}, err
			}
			if len(around.Ancestors) > 0 {
				list, root = append(around.Ancestors, last), around.Ancestors[0].ID
			}
		}
		for _, s := range list {
			if s.item(a, root).Kind == platform.Direct && s.Account.ID != a.RemoteID && from.news(s) && !known[s.ID] {
				known[s.ID] = true
				page.Items = append(page.Items, s.item(a, root))
			}
		}
		next = next.and(last)
	}
	page.Cursor = next.String()
	return page, nil
}

// talks are the newest statuses of the talks since the mark; the first time,
// one page of them.
func (c *Connector) talks(ctx context.Context, a platform.Account, from mark, first bool) ([]status, error) {
	var all []status
	maxID, known := "", map[string]bool{}
	for range maxPages {
		query := url.Values{"limit": {strconv.Itoa(pageSize)}}
		if maxID != "" {
			query.Set("max_id", maxID)
		}
		var list []struct {
			ID   string  `json:"id"`
			Last *status `json:"last_status"`
		}
		answer, err := c.get(ctx, a, &list, query, "api", "v1", "conversations")
		if err != nil {
			return nil, err
		}
		fresh := false
		for _, talk := range list {
			if talk.Last == nil || known[talk.ID] || !from.news(*talk.Last) {
				continue
			}
			known[talk.ID], fresh = true, true
			all = append(all, *talk.Last)
		}
		if first || !fresh || len(list) < pageSize {
			return all, nil
		}
		maxID = nextPage(answer.Header, list[len(list)-1].Last)
	}
	return all, nil
}

func nextPage(h http.Header, last *status) string {
	if last == nil {
		return older(h, "")
	}
	return older(h, last.ID)
}

// news says whether a status came after the mark.
func (m mark) news(s status) bool {
	return s.CreatedAt.After(m.At) || s.CreatedAt.Equal(m.At) && s.ID != m.ID && !slices.Contains(m.Same, s.ID)
}

// and is the mark with a status behind it.
func (m mark) and(s status) mark {
	switch {
	case s.CreatedAt.After(m.At):
		return mark{ID: s.ID, At: s.CreatedAt}
	case s.CreatedAt.Equal(m.At) && s.ID != m.ID && !slices.Contains(m.Same, s.ID):
		m.Same = append(slices.Clip(m.Same), s.ID)
	}
	return m
}
