package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kentongan/internal/platform"
)

// Inbox is the private messages of a Page (Messenger) or of an Instagram account.
type Inbox struct {
	API
	Platform string // of the conversations edge: "MESSENGER", "INSTAGRAM"
	Page     string // where people read the inbox
}

type person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

func (p person) handle() string {
	if p.Username != "" {
		return p.Username
	}
	return p.Name
}

type message struct {
	ID          string `json:"id"`
	Text        string `json:"message"`
	Created     When   `json:"created_time"`
	From        person `json:"from"`
	Attachments struct {
		Data []struct {
			MIME string `json:"mime_type"`
		} `json:"data"`
	} `json:"attachments"`
}

// Key implements Entry.
func (m message) Key() string { return m.ID }

// Moment implements Entry.
func (m message) Moment() time.Time { return m.Created.Time }

// is says that it is us: by id, or by name, because Instagram may name
// us by another id inside a conversation.
func (p person) is(a platform.Account) bool {
	return p.ID == a.RemoteID || p.Username != "" && p.Username == a.Handle
}

func (m message) files() []string {
	var kinds []string
	for _, a := range m.Attachments.Data {
		kind := "file"
		for _, k := range []string{"image", "video", "audio"} {
			if len(a.MIME) > len(k) && a.MIME[:len(k)] == k {
				kind = k
			}
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

type conversation struct {
	ID           string        `json:"id"`
	Updated      When          `json:"updated_time"`
	Messages     List[message] `json:"messages"`
	Participants struct {
		Data []person `json:"data"`
	} `json:"participants"`
}

const messageFields = "id,message,created_time,from,attachments"

func (in Inbox) edge(a platform.Account) Edge {
	return Edge{Path: []string{a.RemoteID, "conversations"}, Pages: 20, Params: url.Values{
		"platform": {in.Platform}, "limit": {"50"}, "fields": {"id,updated_time,participants,messages.limit(50){" + messageFields + "}"},
	}}
}

// Pull reads the messages that people wrote since the cursor.
func (in Inbox) Pull(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	from, first := ReadPlace(cursor), cursor == ""
	var found []conversation
	_, err := Walk(ctx, in.API, a, in.edge(a), func(page []conversation, _ http.Header) bool {
		enough := first
		for _, c := range page {
			enough = enough || !c.Updated.IsZero() && c.Updated.Before(from.Since)
			found = append(found, c)
		}
		return enough
	})
	if err != nil {
		return platform.Page{}, err
	}
	var items []platform.Item
	for _, c := range found {
		if !c.Updated.IsZero() && c.Updated.Before(from.Since) {
			continue
		}
		fresh, err := in.fresh(ctx, a, c, from, first)
		if err != nil {
			return platform.Page{}, err
		}
		items = append(items, fresh...)
	}
	slices.SortStableFunc(items, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	page := platform.Page{Cursor: from.String()}
	for _, i := range items {
		from = from.After(i.RemoteID, i.At)
		if i.Kind != platform.OwnPost {
			page.Items = append(page.Items, i)
		}
		page.Cursor = from.String()
	}
	return page, nil
}

// fresh are one conversation's messages behind the place; where more came than
// the list of conversations shows, they are read apart.
func (in Inbox) fresh(ctx context.Context, a platform.Account, c conversation, from Place, first bool) ([]platform.Item, error) {
	all := c.Messages.Data
	if n := len(all); c.Messages.Paging.Next != "" && n > 0 && !first && !from.Known(all[n-1].ID, all[n-1].Created.Time) {
		more, err := Newer[message](ctx, in.API, a, Edge{Path: []string{c.ID, "messages"},
			Params: url.Values{"fields": {messageFields}, "limit": {"50"}}}, from, false)
		if err != nil {
			return nil, err
		}
		all = more
	}
	them := ""
	for _, p := range c.Participants.Data {
		if !p.is(a) {
			them = p.ID
		}
	}
	var items []platform.Item
	for _, m := range all {
		if m.ID == "" || from.Known(m.ID, m.Created.Time) {
			continue
		}
		i := platform.Item{Kind: platform.Direct, RemoteID: m.ID, Thread: them, AuthorID: m.From.ID, Author: m.From.handle(),
			Text: m.Text, At: m.Created.Time, Files: m.files(), URL: in.Page}
		if m.From.is(a) {
			i.Kind = platform.OwnPost // ours: an answer given here or in Meta's own inbox
		}
		if i.Thread == "" {
			i.Thread = m.From.ID
		}
		items = append(items, i)
	}
	return items, nil
}

// Direct says that something answers a private message, or privately.
func Direct(out platform.Outgoing) bool {
	return out.Private || out.To != "" && out.Thread == out.To
}

// Send answers a private message, or a public comment privately.
// POST /{page}/messages
func (in Inbox) Send(ctx context.Context, a platform.Account, out platform.Outgoing) (platform.Receipt, error) {
	recipient := map[string]string{"id": out.To}
	form := url.Values{"messaging_type": {"RESPONSE"}}
	if out.Private {
		recipient = map[string]string{"comment_id": out.InReplyTo}
		form = url.Values{}
	}
	to, err := json.Marshal(recipient)
	if err != nil {
		return platform.Receipt{}, &platform.NotSent{Err: err}
	}
	words, err := json.Marshal(map[string]string{"text": platform.Compose(out)})
	if err != nil {
		return platform.Receipt{}, &platform.NotSent{Err: err}
	}
	form.Set("recipient", string(to))
	form.Set("message", string(words))
	var sent struct {
		ID string `json:"message_id"`
	}
	answer, err := in.Post(ctx, a, &sent, form, a.RemoteID, "messages")
	if Gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if sent.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no message id"}
	}
	return platform.Receipt{RemoteID: sent.ID, URL: in.Page, At: Served(answer.Header)}, nil
}

// Find looks for a private answer among what we wrote to the person.
func (in Inbox) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if at.Out.To == "" {
		return platform.Finding{}, nil // nobody to look with: a person must
	}
	e := in.edge(a)
	e.Params.Set("user_id", at.Out.To)
	var seen []platform.Seen
	var from time.Time
	covered := true
	whole, err := Walk(ctx, in.API, a, e, func(page []conversation, h http.Header) bool {
		if from.IsZero() {
			from = platform.WindowStart(at, h, time.Now())
		}
		for _, c := range page {
			all := c.Messages.Data
			covered = covered && (c.Messages.Paging.Next == "" || len(all) > 0 && all[len(all)-1].Created.Before(from))
			for _, m := range all {
				if m.From.is(a) {
					seen = append(seen, platform.Seen{RemoteID: m.ID, URL: in.Page, Text: m.Text, InReplyTo: at.Out.InReplyTo, At: m.Created.Time, Media: -1})
				}
			}
		}
		return false
	})
	if err != nil {
		return platform.Finding{}, err
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: whole && covered}, nil
}
