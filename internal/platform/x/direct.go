package x

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// maxDirect is the longest private message.
const maxDirect = 10_000

// direct says whether something goes out as a private message: its thread is a
// conversation ("a-b"), or the person.
func direct(out platform.Outgoing) bool {
	return out.To != "" && out.InReplyTo != "" && (out.Thread == out.To || strings.Contains(out.Thread, "-"))
}

// event is one private message. dm_events.
type event struct {
	ID           string    `json:"id"`
	Type         string    `json:"event_type"`
	Text         string    `json:"text"`
	SenderID     string    `json:"sender_id"`
	Conversation string    `json:"dm_conversation_id"`
	CreatedAt    time.Time `json:"created_at"`
	Entities     struct {
		URLs []link `json:"urls"`
	} `json:"entities"`
	Attachments struct {
		MediaKeys []string `json:"media_keys"`
	} `json:"attachments"`
}

func (e event) at() time.Time {
	if !e.CreatedAt.IsZero() {
		return e.CreatedAt.UTC()
	}
	return snowflake(e.ID)
}

type events struct {
	Data     []event  `json:"data"`
	Includes includes `json:"includes"`
	Meta     struct {
		Next  string `json:"next_token"`
		Count *int   `json:"result_count"`
	} `json:"meta"`
}

func (e events) told() bool { return e.Data != nil || e.Meta.Count != nil && *e.Meta.Count == 0 }

// directs reads one page of private messages, newest first; with is "" for
// everybody's.
func (c *Connector) directs(ctx context.Context, a platform.Account, with, token string) (page events, header http.Header, err error) {
	query := url.Values{
		"max_results": {"100"}, "event_types": {"MessageCreate"}, "dm_event.fields": {namesOf(a).direct},
		"expansions": {"sender_id,attachments.media_keys"}, "user.fields": {"username"},
	}
	if token != "" {
		query.Set("pagination_token", token)
	}
	path := []string{"2", "dm_events"}
	if with != "" {
		path = []string{"2", "dm_conversations", "with", with, "dm_events"}
	}
	req, err := wire.Request(ctx, http.MethodGet, c.path(a, path...), query)
	if err != nil {
		return page, nil, err
	}
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return page, nil, err
	}
	if err := wire.Decode(answer.Body, &page); err != nil {
		return page, nil, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return page, answer.Header, nil
}

// pullDirect reads one page of private messages after the cursor. There is no
// since_id: the walk goes back until it meets what is known, one page a call,
// for X allows fifteen in fifteen minutes.
func (c *Connector) pullDirect(ctx context.Context, a platform.Account, from place) (platform.Page, error) {
	page, _, err := c.directs(ctx, a, "", from.Token)
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" && from.Token != "" {
		return platform.Page{Cursor: place{Begun: from.Begun, Since: from.Since}.String(), More: true}, nil
	}
	if err != nil {
		return platform.Page{}, err
	}
	var items []platform.Item
	met := false
	for _, e := range page.Data {
		if from.Since != "" && !later(e.ID, from.Since) {
			met = true
			break
		}
		if later(e.ID, from.Newest) {
			from.Newest = e.ID
		}
		if e.ID != "" && e.SenderID != "" && e.SenderID != a.RemoteID && (e.Type == "" || e.Type == "MessageCreate") {
			items = append(items, e.item(page.Includes))
		}
	}
	slices.Reverse(items)
	if page.Meta.Next != "" && from.Begun && !met {
		from.Token = page.Meta.Next
		return platform.Page{Items: items, Cursor: from.String(), More: true}, nil
	}
	if later(from.Newest, from.Since) {
		from.Since = from.Newest
	}
	return platform.Page{Items: items, Cursor: place{Begun: true, Since: from.Since}.String()}, nil
}

func (e event) item(in includes) platform.Item {
	i := platform.Item{Kind: platform.Direct, RemoteID: e.ID, Thread: e.Conversation, AuthorID: e.SenderID, Author: in.author(e.SenderID),
		Text: strings.TrimSpace(plain(e.Text, e.Entities.URLs)), At: e.at(), Files: in.files(e.Attachments.MediaKeys)}
	if i.Thread == "" {
		i.Thread = e.SenderID
	}
	return i
}

// between is the conversation of two people as v2 names it, the smaller id
// first; v1.1 has no name for it.
func between(a, b string) string {
	if later(a, b) {
		a, b = b, a
	}
	return a + "-" + b
}

// publishDirect: POST /2/dm_conversations/with/:id/messages.
func (c *Connector) publishDirect(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	body := map[string]any{}
	if text := platform.Compose(out); text != "" {
		body["text"] = text
	}
	for _, m := range out.Media {
		id, ok := stagedMedia(n.Value(m.Key), time.Now())
		if !ok {
			return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
		}
		body["attachments"] = []map[string]string{{"media_id": id}}
	}
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, "2", "dm_conversations", "with", out.To, "messages"), body)
	if err != nil {
		return platform.Receipt{}, err
	}
	var made struct {
		Data struct {
			ID           string `json:"dm_event_id"`
			Conversation string `json:"dm_conversation_id"`
		} `json:"data"`
	}
	if err := c.read(ctx, a, req, &made); err != nil {
		return platform.Receipt{}, c.unpublished(ctx, err, out, n)
	}
	if made.Data.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusCreated, Said: "no message id"}
	}
	spent(ctx, priceDirect, 1)
	return platform.Receipt{RemoteID: made.Data.ID, URL: conversation(made.Data.Conversation), At: snowflake(made.Data.ID)}, nil
}

func conversation(id string) string { return "https://x.com/messages/" + url.PathEscape(id) }

// findDirect looks for a private message of ours in the conversation.
func (c *Connector) findDirect(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var seen []platform.Seen
	var from time.Time
	token := ""
	for n := range pages {
		page, header, err := c.directs(ctx, a, at.Out.To, token)
		if err != nil {
			return platform.Finding{}, err
		}
		if !page.told() {
			return platform.Finding{}, &platform.Unclear{Status: http.StatusOK, Said: "no list"}
		}
		if n == 0 {
			from = platform.WindowStart(at, header, time.Now())
		}
		whole := page.Meta.Next == ""
		for _, e := range page.Data {
			whole = whole || e.ID != "" && e.at().Before(from)
			if e.SenderID == a.RemoteID {
				seen = append(seen, platform.Seen{RemoteID: e.ID, URL: conversation(e.Conversation), Text: plain(e.Text, e.Entities.URLs),
					InReplyTo: at.Out.InReplyTo, At: e.at(), Media: len(e.Attachments.MediaKeys)})
			}
		}
		if token = page.Meta.Next; whole {
			return platform.Finding{Receipts: platform.Matching(at, from, seen, fold), Complete: true}, nil
		}
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, fold)}, nil
}
