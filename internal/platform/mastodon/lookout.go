package mastodon

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"kentongan/internal/platform"
)

// Mastodon tells of a change or a deletion only where one looks. So the newest
// mentions are looked at again with every poll, and a thread is compared with
// what was there before.

// lookout is how many mentions are looked at again: what one call takes
// (GET /api/v1/statuses, since 4.3).
const lookout = 20

// looked is something that was given and may change.
type looked struct {
	ID     string            `json:"id"`
	Thread string            `json:"thread"`
	Kind   platform.ItemKind `json:"kind"`
	By     string            `json:"by"`
	Edited time.Time         `json:"edited,omitzero"`
}

func lookedAt(i platform.Item) looked {
	return looked{ID: i.RemoteID, Thread: i.Thread, Kind: i.Kind, By: i.AuthorID, Edited: i.Edited}
}

func (l looked) deleted() platform.Item {
	return platform.Item{Kind: l.Kind, RemoteID: l.ID, Thread: l.Thread, AuthorID: l.By, Deleted: true}
}

// again looks at what was given and gives what changed since, and what there
// is to look at from now on. It is a second look: where it fails, or an older
// server does not know the call, the first still counts, and what is to be
// looked at stays.
func (c *Connector) again(ctx context.Context, a platform.Account, known []looked) (changed []platform.Item, left []looked, err error) {
	if len(known) == 0 {
		return nil, nil, nil
	}
	query := url.Values{}
	for _, l := range known {
		query.Add("id[]", l.ID)
	}
	var list []status
	if _, err := c.get(ctx, a, &list, query, "api", "v1", "statuses"); err != nil {
		if lost(err) {
			return nil, nil, err
		}
		return nil, known, nil
	}
	there := map[string]status{}
	for _, s := range list {
		there[s.ID] = s
	}
	for _, l := range known {
		s, ok := there[l.ID]
		if !ok {
			if away, err := c.away(ctx, a, l.ID); err == nil && away {
				changed = append(changed, l.deleted())
				continue
			}
		}
		if ok && s.EditedAt.After(l.Edited) {
			i := s.item(a, l.Thread)
			changed, l.Edited = append(changed, i), i.Edited
		}
		left = append(left, l)
	}
	return changed, left, nil
}

// away makes sure that a status is gone: a list may leave it out for less.
func (c *Connector) away(ctx context.Context, a platform.Account, id string) (bool, error) {
	_, err := c.get(ctx, a, &status{}, nil, "api", "v1", "statuses", id)
	if gone(err) {
		return true, nil
	}
	return false, err
}

// remembered is a thread as it was read last: when each status was changed.
type remembered map[string]time.Time

// most is how many statuses of a thread are remembered; older ones are given
// again, and the inbox drops doubles.
const most = 500

func readThread(cursor string) remembered {
	r := remembered{}
	_ = json.Unmarshal([]byte(cursor), &r) // unreadable: the thread is given anew
	return r
}

// compare gives what is new, changed or gone in a thread, and the new cursor.
func (c *Connector) compare(ctx context.Context, a platform.Account, root, cursor string, now []status) (platform.Page, error) {
	before, after := readThread(cursor), remembered{}
	var page platform.Page
	for n, s := range now {
		if len(now)-n <= most {
			after[s.ID] = s.EditedAt
		}
		if at, known := before[s.ID]; !known || s.EditedAt.After(at) {
			page.Items = append(page.Items, s.item(a, root))
		}
		delete(before, s.ID)
	}
	for id, edited := range before {
		away, err := c.away(ctx, a, id)
		switch {
		case err != nil:
			return platform.Page{}, err
		case away:
			page.Items = append(page.Items, looked{ID: id, Thread: root, Kind: platform.Comment}.deleted())
		default:
			after[id] = edited
		}
	}
	raw, err := json.Marshal(after)
	page.Cursor = string(raw)
	return page, err
}
