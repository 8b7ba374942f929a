package threads

import (
	"fmt"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// Challenge implements platform.Listener.
func (c *Connector) Challenge(app platform.App, query map[string][]string) (string, bool) {
	return graph.Challenge(app, query)
}

// Signed implements platform.Listener.
func (c *Connector) Signed(app platform.App, header map[string][]string, body []byte) error {
	return graph.Signed(app, header, body)
}

// push is a webhook's body: one change. https://developers.facebook.com/docs/threads/webhooks
type push struct {
	Target graph.Text `json:"target_id"`
	Time   int64      `json:"time"`
	Values *struct {
		Field string `json:"field"`
		Value value  `json:"value"`
	} `json:"values"`
}

type value struct {
	post
	RootPost struct {
		ID    graph.Text `json:"id"`
		Owner graph.Text `json:"owner_id"`
	} `json:"root_post"`
	DeletedAt graph.When `json:"deleted_at"`
}

// Parse implements platform.Listener.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var p push
	if err := wire.Whole(body, &p); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	all := map[string][]platform.Item{}
	us := string(p.Target)
	if us == "" || p.Values == nil || p.Values.Value.ID == "" {
		return all, nil
	}
	v := p.Values.Value
	i := v.item(platform.Account{}, platform.Comment, string(v.RootPost.ID))
	if i.At.IsZero() {
		i.At = time.Unix(p.Time, 0).UTC()
	}
	switch p.Values.Field {
	case "replies":
		if i.InReplyTo == "" {
			i.InReplyTo = i.Thread
		}
	case "mentions":
		i.Kind = platform.Mention
	case "publish":
		i.Kind, i.AuthorID = platform.OwnPost, us
	case "delete":
		i.Kind, i.AuthorID, i.Deleted = platform.OwnPost, us, true
	default:
		return all, nil
	}
	i.Seq = fmt.Sprintf("%s:%s", i.RemoteID, p.Values.Field)
	all[us] = append(all[us], i)
	return all, nil
}
