package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// message is chat.bsky.convo.defs#messageView, or a deleted one.
type message struct {
	Type   string          `json:"$type"`
	ID     string          `json:"id"`
	Rev    string          `json:"rev"`
	Text   string          `json:"text"`
	Facets json.RawMessage `json:"facets"`
	Embed  json.RawMessage `json:"embed"`
	Sender author          `json:"sender"`
	SentAt time.Time       `json:"sentAt"`
	Reply  struct {
		ID string `json:"id"`
	} `json:"replyTo"`
}

// convo is chat.bsky.convo.defs#convoView.
type convo struct {
	ID      string   `json:"id"`
	Rev     string   `json:"rev"`
	Members []author `json:"members"`
	Unread  int      `json:"unreadCount"`
	Last    message  `json:"lastMessage"`
}

const (
	deletedMessage = "chat.bsky.convo.defs#deletedMessageView"
	logCreate      = "chat.bsky.convo.defs#logCreateMessage"
	logDelete      = "chat.bsky.convo.defs#logDeleteMessage"
)

// item is a citizen's message as an item of ours; ok is false for our own and
// for what never was one.
func (m message) item(a platform.Account, convoID string, who []author) (i platform.Item, ok bool) {
	if m.ID == "" || m.Sender.DID == "" || m.Sender.DID == a.RemoteID {
		return platform.Item{}, false
	}
	i = platform.Item{Kind: platform.Direct, RemoteID: m.ID, Thread: convoID, InReplyTo: m.Reply.ID, AuthorID: m.Sender.DID, Author: m.Sender.DID,
		URL: pages + "/messages/" + convoID, At: m.SentAt.UTC()}
	for _, w := range who {
		if w.DID == m.Sender.DID {
			i.Author = w.name()
		}
	}
	var facets []facet
	_ = json.Unmarshal(m.Facets, &facets) // facets nobody understands change nothing
	i.Text = unfold(m.Text, facets)
	if e := (post{Embed: m.Embed}).embed(); e.Type != "" {
		shared := embed{Record: e.Record}
		if page := shared.quoted(); page != "" {
			i.Text = strings.TrimSpace(i.Text + "\n\n" + page)
		} else {
			i.Files = []string{"file"}
		}
	}
	return i, true
}

// talkMark is where the direct messages were left.
type talkMark struct {
	Begun bool   `json:"begun"`
	Rev   string `json:"rev,omitempty"`
}

// pullDirect reads chat.bsky.convo.getLog, which tells everything that
// happened after a revision, deletions too.
func (c *Connector) pullDirect(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	var m talkMark
	_ = json.Unmarshal([]byte(cursor), &m) // a cursor we cannot read starts anew: the inbox drops doubles
	if m.Rev == "" {
		return c.beginDirect(ctx, a, m)
	}
	var said struct {
		Cursor string `json:"cursor"`
		Logs   []struct {
			Type    string   `json:"$type"`
			Rev     string   `json:"rev"`
			ConvoID string   `json:"convoId"`
			Message message  `json:"message"`
			Related []author `json:"relatedProfiles"`
		} `json:"logs"`
	}
	if err := c.get(ctx, a, "chat.bsky.convo.getLog", url.Values{"cursor": {m.Rev}}, &said); err != nil {
		return platform.Page{}, err
	}
	var page platform.Page
	next := m
	for _, l := range said.Logs {
		if l.Rev <= m.Rev {
			continue
		}
		next.Rev = max(next.Rev, l.Rev)
		i, ok := l.Message.item(a, l.ConvoID, l.Related)
		switch {
		case !ok:
		case l.Type == logDelete:
			i.Deleted, i.Text = true, ""
			page.Items = append(page.Items, i)
		case l.Type == logCreate && l.Message.Type != deletedMessage:
			if i.Author == i.AuthorID {
				who, err := c.members(ctx, a, l.ConvoID)
				if err != nil {
					return platform.Page{}, err
				}
				i, _ = l.Message.item(a, l.ConvoID, who)
			}
			page.Items = append(page.Items, i)
		}
	}
	page.More = next.Rev > m.Rev
	raw, err := canonical(next)
	page.Cursor = raw
	return page, err
}

func (c *Connector) members(ctx context.Context, a platform.Account, convoID string) ([]author, error) {
	var said struct{ Convo convo }
	err := c.get(ctx, a, "chat.bsky.convo.getConvo", url.Values{"convoId": {convoID}}, &said)
	return said.Convo.Members, err
}

// beginDirect reads the conversations until there is a revision to go on from.
// The first visit takes what is unread at the end of each; if there was none
// yet, everything that came since.
func (c *Connector) beginDirect(ctx context.Context, a platform.Account, m talkMark) (platform.Page, error) {
	var page platform.Page
	next := talkMark{Begun: true}
	cursor := ""
	for range maxPages {
		query := url.Values{"limit": {strconv.Itoa(pageSize)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		var said struct {
			Cursor string  `json:"cursor"`
			Convos []convo `json:"convos"`
		}
		if err := c.get(ctx, a, "chat.bsky.convo.listConvos", query, &said); err != nil {
			return platform.Page{}, err
		}
		for _, v := range said.Convos {
			next.Rev = max(next.Rev, v.Rev)
			messages := []message{v.Last}
			if m.Begun {
				all, err := c.messages(ctx, a, v.ID, time.Time{})
				if err != nil {
					return platform.Page{}, err
				}
				messages = all
			} else if v.Unread == 0 {
				continue
			}
			for _, one := range messages {
				if i, ok := one.item(a, v.ID, v.Members); ok && one.Type != deletedMessage {
					page.Items = append(page.Items, i)
				}
			}
		}
		if cursor = said.Cursor; cursor == "" || len(said.Convos) == 0 {
			break
		}
	}
	slices.SortStableFunc(page.Items, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	raw, err := canonical(next)
	page.Cursor = raw
	return page, err
}

// messages reads a conversation back to a time; the newest come first.
func (c *Connector) messages(ctx context.Context, a platform.Account, convoID string, from time.Time) ([]message, error) {
	all, _, err := c.walkMessages(ctx, a, convoID, "", from)
	return all, err
}

// walkMessages reads a conversation back to a message or a time, and says
// whether it got there.
func (c *Connector) walkMessages(ctx context.Context, a platform.Account, convoID, until string, from time.Time) (all []message, whole bool, err error) {
	cursor := ""
	for range maxPages {
		query := url.Values{"convoId": {convoID}, "limit": {strconv.Itoa(pageSize)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		var said struct {
			Cursor   string    `json:"cursor"`
			Messages []message `json:"messages"`
		}
		if err := c.list(ctx, a, "chat.bsky.convo.getMessages", "messages", query, &said); err != nil {
			return all, false, err
		}
		for _, m := range said.Messages {
			if m.ID == until && until != "" || !m.SentAt.IsZero() && m.SentAt.Before(from) {
				return all, true, nil
			}
			all = append(all, m)
		}
		if cursor = said.Cursor; cursor == "" || len(said.Messages) == 0 {
			return all, true, nil
		}
	}
	return all, false, nil
}

// nothing is noted where a conversation was empty: an empty note means unknown.
const nothing = "-"

// stageDirect remembers the newest message: a message has no key of ours, so
// what an attempt made is looked for after it.
func (c *Connector) stageDirect(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if n.Value(noteBefore) != "" {
		return nil
	}
	var said struct{ Messages []message }
	err := c.list(ctx, a, "chat.bsky.convo.getMessages", "messages", url.Values{"convoId": {out.Thread}, "limit": {"1"}}, &said)
	if gone(err) {
		return &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return err
	}
	newest := nothing
	if len(said.Messages) > 0 && said.Messages[0].ID != "" {
		newest = said.Messages[0].ID
	}
	return n.Save(ctx, noteBefore, newest)
}

// publishDirect: chat.bsky.convo.sendMessage.
func (c *Connector) publishDirect(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if n.Value(noteBefore) == "" {
		return platform.Receipt{}, notStaged()
	}
	text := written(out)
	in := map[string]any{"text": text, "replyTo": map[string]string{"messageId": out.InReplyTo}}
	if facets := facetsOf(text, nil); len(facets) > 0 {
		in["facets"] = facets
	}
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "chat.bsky.convo.sendMessage"), map[string]any{"convoId": out.Thread, "message": in})
	if err != nil {
		return platform.Receipt{}, err
	}
	var made message
	answer, err := c.call(ctx, a, req, &made)
	if gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if made.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no message id"}
	}
	return platform.Receipt{RemoteID: made.ID, URL: pages + "/messages/" + out.Thread, At: made.SentAt.UTC()}, nil
}

// findDirect looks for our message in its conversation.
func (c *Connector) findDirect(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	before := ""
	if at.Notes != nil {
		before = at.Notes.Value(noteBefore)
	}
	from := at.Started.Add(-platform.Margin)
	all, whole, err := c.walkMessages(ctx, a, at.Out.Thread, before, from)
	if gone(err) {
		return platform.Finding{Complete: true}, nil
	}
	if err != nil {
		return platform.Finding{}, err
	}
	var seen []platform.Seen
	for _, m := range slices.Backward(all) {
		if m.Sender.DID != a.RemoteID || m.Type == deletedMessage {
			continue
		}
		s := platform.Seen{RemoteID: m.ID, URL: pages + "/messages/" + at.Out.Thread, Text: m.Text, InReplyTo: m.Reply.ID, At: m.SentAt.UTC(), Media: -1}
		if s.InReplyTo == "" {
			s.InReplyTo = at.Out.InReplyTo // a service that does not keep what is answered
		}
		seen = append(seen, s)
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: whole}, nil
}
