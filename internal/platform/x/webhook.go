package x

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	//lint:ignore SA1019 no longer developed; the only client for contracts that still have v1.1
	"github.com/dghubble/go-twitter/twitter"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// sign is how X proves and wants proved: base64 HMAC-SHA256 with the app's
// secret. https://docs.x.com/x-api/webhooks/introduction
func sign(app platform.App, message []byte) string {
	_, secret := consumer(app)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(message)
	return "sha256=" + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func secretless(app platform.App) bool { _, secret := consumer(app); return secret == "" }

// Challenge implements platform.Listener: the challenge-response check.
func (c *Connector) Challenge(app platform.App, query map[string][]string) (string, bool) {
	token := query["crc_token"]
	if len(token) != 1 || token[0] == "" || secretless(app) {
		return "", false
	}
	answer, err := json.Marshal(map[string]string{"response_token": sign(app, []byte(token[0]))})
	return string(answer), err == nil
}

// Signed implements platform.Listener.
func (c *Connector) Signed(app platform.App, header map[string][]string, body []byte) error {
	given := http.Header(header).Get("x-twitter-webhooks-signature")
	if secretless(app) || !hmac.Equal([]byte(given), []byte(sign(app, body))) {
		return fault.New(fault.Denied, "platform.signature_invalid")
	}
	return nil
}

// envelope is what X pushes: the Activity API's, or the older Account
// Activity API's, whose tweets are v1.1-shaped.
type envelope struct {
	Data *activity `json:"data"`

	ForUser string          `json:"for_user_id"`
	Tweets  []twitter.Tweet `json:"tweet_create_events"`
	Deletes []struct {
		Status struct {
			ID     string `json:"id"`
			UserID string `json:"user_id"`
		} `json:"status"`
		TimestampMS string `json:"timestamp_ms"`
	} `json:"tweet_delete_events"`
	Directs []twitter.DirectMessageEvent `json:"direct_message_events"`
	Users   map[string]struct {
		ScreenName string `json:"screen_name"`
	} `json:"users"`
}

type activity struct {
	UUID   string `json:"event_uuid"`
	Type   string `json:"event_type"`
	Filter struct {
		UserID string `json:"user_id"`
	} `json:"filter"`
	Payload json.RawMessage `json:"payload"`
	timelineIncludes
}

type timelineIncludes struct {
	Includes includes `json:"includes"`
}

// Parse implements platform.Listener.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var e envelope
	if err := wire.Whole(body, &e); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	all := map[string][]platform.Item{}
	if e.Data != nil && e.Data.Filter.UserID != "" {
		item, ok, err := e.Data.item()
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
		}
		if ok {
			all[e.Data.Filter.UserID] = append(all[e.Data.Filter.UserID], item)
		}
	}
	if e.ForUser != "" {
		if items := e.accountActivity(); len(items) > 0 {
			all[e.ForUser] = append(all[e.ForUser], items...)
		}
	}
	return all, nil
}

// item is an Activity API event that concerns the inbox.
func (v *activity) item() (platform.Item, bool, error) {
	us := platform.Account{RemoteID: v.Filter.UserID}
	switch v.Type {
	case "post.create", "post.reply.create", "post.mention.create", "post.quote.create":
		var p post
		if err := json.Unmarshal(v.Payload, &p); err != nil || p.ID == "" {
			return platform.Item{}, false, err
		}
		i := p.item(us, v.Includes)
		if v.Type == "post.reply.create" && i.Kind == platform.Mention {
			i.Kind = platform.Comment
		}
		i.Seq = v.UUID
		return i, true, nil
	case "post.delete":
		var p post
		if err := json.Unmarshal(v.Payload, &p); err != nil || p.ID == "" {
			return platform.Item{}, false, err
		}
		i := p.item(us, includes{})
		i.Deleted, i.Seq = true, v.UUID
		return i, true, nil
	case "dm.received":
		return v.direct()
	}
	return platform.Item{}, false, nil // likes, follows and the like
}

// direct reads a direct message, v2's event or v1.1's inside the payload.
func (v *activity) direct() (platform.Item, bool, error) {
	var d struct {
		ID           string    `json:"id"`
		EventID      string    `json:"dm_event_id"`
		Text         string    `json:"text"`
		SenderID     string    `json:"sender_id"`
		Conversation string    `json:"dm_conversation_id"`
		CreatedAt    time.Time `json:"created_at"`
		Attachments  struct {
			MediaKeys []string `json:"media_keys"`
		} `json:"attachments"`
	}
	if err := json.Unmarshal(v.Payload, &d); err != nil {
		return platform.Item{}, false, err
	}
	if d.ID == "" {
		d.ID = d.EventID
	}
	if d.ID == "" || d.SenderID == "" || d.SenderID == v.Filter.UserID {
		return platform.Item{}, false, nil
	}
	if d.CreatedAt.IsZero() {
		d.CreatedAt = snowflake(d.ID)
	}
	if d.Conversation == "" {
		d.Conversation = between(d.SenderID, v.Filter.UserID)
	}
	return platform.Item{Kind: platform.Direct, RemoteID: d.ID, Thread: d.Conversation, AuthorID: d.SenderID, Files: v.Includes.files(d.Attachments.MediaKeys),
		Author: v.Includes.author(d.SenderID), Text: plain(d.Text, nil), At: d.CreatedAt.UTC(), Seq: v.UUID}, true, nil
}

// accountActivity reads the v1.1-shaped events through go-twitter's types.
func (e *envelope) accountActivity() []platform.Item {
	var items []platform.Item
	for _, t := range e.Tweets {
		if t.IDStr == "" || t.RetweetedStatus != nil {
			continue
		}
		i := itemV11(t, e.ForUser)
		i.Seq = "create:" + t.IDStr
		items = append(items, i)
	}
	for _, d := range e.Deletes {
		if d.Status.ID == "" {
			continue
		}
		i := platform.Item{Kind: platform.Mention, RemoteID: d.Status.ID, Thread: d.Status.ID, AuthorID: d.Status.UserID,
			Deleted: true, At: millis(d.TimestampMS), Seq: "delete:" + d.Status.ID}
		if d.Status.UserID == e.ForUser {
			i.Kind = platform.OwnPost
		}
		items = append(items, i)
	}
	for _, d := range e.Directs {
		m := d.Message
		if d.ID == "" || d.Type != "message_create" || m == nil || m.Data == nil || m.SenderID == e.ForUser {
			continue
		}
		items = append(items, platform.Item{Kind: platform.Direct, RemoteID: d.ID, Thread: between(m.SenderID, e.ForUser), AuthorID: m.SenderID,
			Author: e.Users[m.SenderID].ScreenName, Text: strings.TrimSpace(plain(m.Data.Text, nil)), At: millis(d.CreatedAt), Seq: "dm:" + d.ID})
	}
	return items
}

func millis(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
