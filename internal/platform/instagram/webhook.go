package instagram

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

// push is a webhook's body. https://developers.facebook.com/docs/instagram-platform/webhooks
type push struct {
	Object string `json:"object"`
	Entry  []struct {
		ID      graph.Text `json:"id"`
		Time    int64      `json:"time"`
		Changes []struct {
			Field string `json:"field"`
			Value change `json:"value"`
		} `json:"changes"`
		Messaging []graph.Messaging `json:"messaging"`
	} `json:"entry"`
}

type change struct {
	ID     graph.Text `json:"id"`
	Text   string     `json:"text"`
	Parent graph.Text `json:"parent_id"`
	From   struct {
		ID       graph.Text `json:"id"`
		Username string     `json:"username"`
	} `json:"from"`
	Media struct {
		ID graph.Text `json:"id"`
	} `json:"media"`
	// A mention may be told by its ids only.
	MediaID   graph.Text `json:"media_id"`
	CommentID graph.Text `json:"comment_id"`
}

// Parse implements platform.Listener.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var p push
	if err := wire.Whole(body, &p); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	all := map[string][]platform.Item{}
	if p.Object != "instagram" {
		return all, nil
	}
	for _, e := range p.Entry {
		us := string(e.ID)
		if us == "" {
			continue
		}
		for _, ch := range e.Changes {
			if i, ok := ch.Value.item(us, ch.Field, moment(e.Time)); ok {
				all[us] = append(all[us], i)
			}
		}
		for _, m := range e.Messaging {
			if i, ok := m.Item(us); ok {
				i.URL = inboxPage
				all[us] = append(all[us], i)
			}
		}
	}
	return all, nil
}

// moment reads a time in seconds or, as with messages, milliseconds.
func moment(n int64) time.Time {
	if n > 1e11 {
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

func (v change) item(us, field string, told time.Time) (platform.Item, bool) {
	i := platform.Item{RemoteID: string(v.ID), Thread: string(v.Media.ID), InReplyTo: string(v.Parent), Text: v.Text, At: told,
		AuthorID: string(v.From.ID), Author: v.From.Username, URL: "https://www.instagram.com/"}
	if i.AuthorID == "" {
		i.AuthorID = i.Author
	}
	switch field {
	case "comments", "live_comments":
		i.Kind = platform.Comment
		if i.InReplyTo == "" {
			i.InReplyTo = i.Thread
		}
	case "mentions":
		i.Kind = platform.Mention
		if v.MediaID != "" {
			// Ids only: what was said must be looked up by a person.
			i.RemoteID, i.Thread, i.Files = string(v.MediaID), string(v.MediaID), []string{"image"}
			if v.CommentID != "" {
				i.RemoteID = string(v.CommentID)
			}
		}
		if i.Thread == "" {
			i.Thread = i.RemoteID
		}
		i.Thread = mentioned + i.Thread
	default:
		return i, false
	}
	if i.AuthorID == us {
		i.Kind = platform.OwnPost
	}
	i.Seq = fmt.Sprintf("%s:%s:add", i.RemoteID, field)
	return i, i.RemoteID != "" && i.Thread != ""
}
