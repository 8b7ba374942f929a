package youtube

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// looked is how many pages of a hundred comments one look at a film reads.
const looked = 10

// PullThread implements platform.ThreadPuller: every comment on one film and
// every answer. What was there at the last look and is gone now was deleted.
func (c *Connector) PullThread(ctx context.Context, a platform.Account, w platform.Watch, cursor string) (platform.Page, error) {
	if !c.may(a, 1) {
		return platform.Page{Cursor: cursor}, nil
	}
	m := readMark(cursor)
	there, err := c.newest(ctx, a, w.RemoteID)
	if gone(err) {
		return platform.Page{Cursor: cursor}, nil // the film itself is gone
	}
	if err != nil {
		return platform.Page{}, err
	}
	page := platform.Page{}
	present := map[string]bool{}
	for _, one := range there {
		present[one.ID] = true
		page.Items = one.give(page.Items, m, one.item(a, w.RemoteID, false))
	}
	slices.SortStableFunc(page.Items, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	var missing []string
	for _, id := range slices.Sorted(maps.Keys(m.Seen)) {
		if !present[id] {
			missing = append(missing, id)
		}
	}
	gone, err := c.deleted(ctx, a, missing)
	if err != nil {
		return platform.Page{}, err
	}
	for _, id := range gone {
		delete(m.Seen, id)
		page.Items = append(page.Items, platform.Item{Kind: platform.Comment, RemoteID: id, Thread: w.RemoteID, Deleted: true, At: time.Now().UTC()})
	}
	page.Cursor = m.String()
	return page, nil
}

// newest reads the newest thousand comments on a film with all their answers.
func (c *Connector) newest(ctx context.Context, a platform.Account, film string) (all []comment, err error) {
	token := ""
	for range looked {
		query := url.Values{"part": {"snippet,replies"}, "videoId": {film}, "order": {"time"}, "maxResults": {"100"}, "textFormat": {"plainText"}}
		list, _, err := c.threads(ctx, a, query, token)
		if err != nil {
			return nil, err
		}
		for _, t := range list.Items {
			if t.Snippet.Top.ID == "" {
				continue
			}
			all = append(all, t.Snippet.Top)
			answers := t.Replies.Comments
			if t.Snippet.Total > len(answers) {
				c.may(a, 1) // counted; a look that was begun is finished
				if answers, err = c.allAnswers(ctx, a, t.Snippet.Top.ID); err != nil {
					return nil, err
				}
			}
			all = append(all, answers...)
		}
		if token = list.Next; token == "" {
			return all, nil
		}
	}
	return all, nil
}

func (c *Connector) allAnswers(ctx context.Context, a platform.Account, parent string) (all []comment, err error) {
	token := ""
	for range looked {
		list, next, _, err := c.answers(ctx, a, parent, token)
		if gone(err) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if token = next; token == "" {
			return all, nil
		}
	}
	return all, nil
}

// deleted asks for comments by id: what is held back is still told to us, what
// was deleted is not.
func (c *Connector) deleted(ctx context.Context, a platform.Account, ids []string) (gone []string, err error) {
	for batch := range slices.Chunk(ids, 50) {
		var list struct {
			Items []comment `json:"items"`
		}
		if _, err := c.list(ctx, a, &list, url.Values{"part": {"id"}, "id": {strings.Join(batch, ",")}}, "comments"); err != nil {
			return nil, err
		}
		there := map[string]bool{}
		for _, one := range list.Items {
			there[one.ID] = true
		}
		for _, id := range batch {
			if !there[id] {
				gone = append(gone, id)
			}
		}
	}
	return gone, nil
}
