package facebook

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

type push struct {
	Object string `json:"object"`
	Entry  []struct {
		ID      string `json:"id"`
		Time    int64  `json:"time"`
		Changes []struct {
			Field string `json:"field"`
			Value change `json:"value"`
		} `json:"changes"`
		Messaging []graph.Messaging `json:"messaging"`
	} `json:"entry"`
}

type change struct {
	Item      string `json:"item"`
	Verb      string `json:"verb"`
	PostID    string `json:"post_id"`
	CommentID string `json:"comment_id"`
	ParentID  string `json:"parent_id"`
	From      struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"from"`
	Message   string `json:"message"`
	Created   int64  `json:"created_time"`
	Hidden    bool   `json:"is_hidden"`
	Published *int   `json:"published"`
	Permalink string `json:"permalink_url"`
	// Files of a comment or of a visitor's post.
	Photo  string   `json:"photo"`
	Photos []string `json:"photos"`
	Video  string   `json:"video"`
}

func (v change) files() []string {
	var kinds []string
	if v.Photo != "" || len(v.Photos) > 0 || v.Item == "photo" {
		kinds = append(kinds, "image")
	}
	if v.Video != "" || v.Item == "video" {
		kinds = append(kinds, "video")
	}
	return kinds
}

// Parse implements platform.Listener.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var p push
	if err := wire.Whole(body, &p); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	all := map[string][]platform.Item{}
	if p.Object != "page" {
		return all, nil
	}
	for _, e := range p.Entry {
		if e.ID == "" {
			continue
		}
		for _, ch := range e.Changes {
			if i, ok := ch.Value.item(e.ID, ch.Field, time.Unix(e.Time, 0).UTC()); ok {
				all[e.ID] = append(all[e.ID], i)
			}
		}
		for _, m := range e.Messaging {
			if i, ok := m.Item(e.ID); ok {
				i.URL = inboxPage
				all[e.ID] = append(all[e.ID], i)
			}
		}
	}
	return all, nil
}

// item is a change of the page's feed as an item, if it concerns the inbox.
func (v change) item(page, field string, told time.Time) (platform.Item, bool) {
	if field != "feed" && field != "mention" {
		return platform.Item{}, false
	}
	i := platform.Item{AuthorID: v.From.ID, Author: v.From.Name, Text: v.Message, URL: v.Permalink, Thread: v.PostID, Files: v.files()}
	switch {
	case v.Item == "comment" && v.CommentID != "":
		i.Kind, i.RemoteID, i.InReplyTo = platform.Comment, v.CommentID, v.ParentID
		if i.InReplyTo == "" {
			i.InReplyTo = v.PostID
		}
	case (v.Item == "post" || v.Item == "status" || v.Item == "photo" || v.Item == "video" || v.Item == "share") && v.PostID != "":
		i.Kind, i.RemoteID = platform.Mention, v.PostID
		if v.Published != nil && *v.Published == 0 {
			return i, false // an unpublished upload: nobody has seen it
		}
	default:
		return i, false // reactions and the like
	}
	if field == "mention" && i.Kind == platform.Comment {
		i.Kind = platform.Mention
	}
	if v.From.ID == page {
		i.Kind = platform.OwnPost
	}
	if i.At = told; v.Created > 0 {
		i.At = time.Unix(v.Created, 0).UTC()
	}
	switch v.Verb {
	case "edited", "edit":
		i.Edited = told
	case "remove", "delete":
		i.Deleted = true
	case "hide":
		i.Hidden = true
	case "add", "unhide":
		i.Hidden = v.Hidden
	default:
		return i, false
	}
	if i.URL == "" {
		i.URL = "https://www.facebook.com/" + i.RemoteID
	}
	// Retried pushes are the same event; an edit later is another.
	i.Seq = fmt.Sprintf("%s:%s:%d", i.RemoteID, v.Verb, v.Created)
	if !i.Edited.IsZero() || v.Verb == "hide" || v.Verb == "unhide" {
		i.Seq = fmt.Sprintf("%s:%s:%d", i.RemoteID, v.Verb, told.Unix())
	}
	return i, true
}
