package facebook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Challenge implements platform.Listener.
// https://developers.facebook.com/docs/graph-api/webhooks/getting-started
func (c *Connector) Challenge(app platform.App, query map[string][]string) (string, bool) {
	first := func(name string) string {
		if v := query[name]; len(v) == 1 {
			return v[0]
		}
		return ""
	}
	known := app.VerifyToken != "" && subtle.ConstantTimeCompare([]byte(first("hub.verify_token")), []byte(app.VerifyToken)) == 1
	if first("hub.mode") != "subscribe" || !known || first("hub.challenge") == "" {
		return "", false
	}
	return first("hub.challenge"), true
}

// Signed implements platform.Listener: over the raw bytes, because Meta writes
// Unicode as escapes that a decoder would lose.
func (c *Connector) Signed(app platform.App, header map[string][]string, body []byte) error {
	h := hmac.New(sha256.New, []byte(app.ClientSecret))
	h.Write(body)
	want := "sha256=" + hex.EncodeToString(h.Sum(nil))
	if app.ClientSecret == "" || !hmac.Equal([]byte(http.Header(header).Get("X-Hub-Signature-256")), []byte(want)) {
		return fault.New(fault.Denied, "platform.signature_invalid")
	}
	return nil
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
		Messaging []messaging `json:"messaging"`
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
}

type messaging struct {
	Sender struct {
		ID string `json:"id"`
	} `json:"sender"`
	Timestamp int64 `json:"timestamp"`
	Message   *struct {
		ID   string `json:"mid"`
		Text string `json:"text"`
		Echo bool   `json:"is_echo"`
	} `json:"message"`
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
			if i, ok := m.item(e.ID); ok {
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
	i := platform.Item{AuthorID: v.From.ID, Author: v.From.Name, Text: v.Message, URL: v.Permalink, Thread: v.PostID}
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

// item is a message to the page through Messenger.
func (m messaging) item(page string) (platform.Item, bool) {
	if m.Message == nil || m.Message.ID == "" || m.Message.Echo || m.Sender.ID == page || m.Sender.ID == "" {
		return platform.Item{}, false
	}
	return platform.Item{Kind: platform.Direct, RemoteID: m.Message.ID, Thread: m.Sender.ID, AuthorID: m.Sender.ID,
		Text: m.Message.Text, At: time.UnixMilli(m.Timestamp).UTC(), Seq: m.Message.ID}, true
}
