package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// Names of our notes beside the media's own keys. The record is the last one:
// what is in it goes out as it is.
const (
	noteKey      = "bluesky.rkey"
	noteCreated  = "bluesky.created"
	noteMentions = "bluesky.mentions"
	noteReply    = "bluesky.reply"
	noteRecord   = "bluesky.record"
	noteBefore   = "bluesky.before" // newest message of a conversation before the first attempt
)

var errNotStaged = errors.New("not staged")

func notStaged() error { return &platform.NotSent{Err: errNotStaged} }

// record is what we write (app.bsky.feed.post).
type record struct {
	Type    string  `json:"$type"`
	Text    string  `json:"text"`
	Created string  `json:"createdAt"`
	Facets  []facet `json:"facets,omitempty"`
	Reply   *refs   `json:"reply,omitempty"`
	Embed   any     `json:"embed,omitempty"`
}

// Stage implements platform.Connector: it chooses the post's key and time,
// looks up whom it names and answers, uploads the media, and freezes the
// record.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	if direct(out) {
		return c.stageDirect(ctx, a, out, n)
	}
	if n.Value(noteRecord) != "" {
		return nil
	}
	now := time.Now()
	for name, value := range map[string]string{noteKey: newTID(now), noteCreated: datetime(now)} {
		if n.Value(name) == "" {
			if err := n.Save(ctx, name, value); err != nil {
				return err
			}
		}
	}
	r := record{Type: posts, Text: written(out), Created: n.Value(noteCreated)}
	known, err := c.stageMentions(ctx, a, r.Text, n)
	if err != nil {
		return err
	}
	r.Facets = facetsOf(r.Text, known)
	if out.InReplyTo != "" {
		if r.Reply, err = c.stageReply(ctx, a, out.InReplyTo, n); err != nil {
			return err
		}
	}
	if r.Embed, err = c.stageEmbed(ctx, a, out, n); err != nil {
		return err
	}
	raw, err := canonical(r)
	if err != nil {
		return &platform.NotSent{Err: err}
	}
	return n.Save(ctx, noteRecord, raw)
}

// stageMentions looks up the handles in a text, once.
func (c *Connector) stageMentions(ctx context.Context, a platform.Account, text string, n platform.Notes) (map[string]string, error) {
	known := map[string]string{}
	names := mentions(text)
	if len(names) == 0 {
		return known, nil
	}
	if note := n.Value(noteMentions); note != "" && json.Unmarshal([]byte(note), &known) == nil {
		return known, nil
	}
	for _, name := range names {
		var said struct {
			DID string `json:"did"`
		}
		err := c.get(ctx, a, "com.atproto.identity.resolveHandle", url.Values{"handle": {name}}, &said)
		if r := platform.AsRefusal(err); r != nil && !r.Auth && !r.Block {
			continue // nobody has this handle: it stays text
		}
		if u, ok := errors.AsType[*platform.Unclear](err); ok && u.Status >= 500 {
			continue // a name that a server stumbles over may not hold the post back
		}
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(said.DID, "did:") {
			known[name] = said.DID
		}
	}
	raw, err := canonical(known)
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	return known, n.Save(ctx, noteMentions, raw)
}

// stageReply reads what is answered: an answer names its parent and the
// thread's root, each with the state that was answered.
func (c *Connector) stageReply(ctx context.Context, a platform.Account, parent string, n platform.Notes) (*refs, error) {
	var r refs
	if note := n.Value(noteReply); note != "" && json.Unmarshal([]byte(note), &r) == nil {
		return &r, nil
	}
	gonePost := &platform.Refusal{Code: "platform.parent_gone", Fix: platform.FixNobody}
	at, ok := parseAddress(parent)
	if !ok {
		return nil, gonePost
	}
	var p struct {
		URI   string `json:"uri"`
		CID   string `json:"cid"`
		Value post   `json:"value"`
	}
	err := c.record(ctx, a, at, &p)
	if gone(err) {
		gonePost.Said = platform.AsRefusal(err).Said
		return nil, gonePost
	}
	if err != nil {
		return nil, err
	}
	if p.CID == "" {
		return nil, &platform.Unclear{Said: "the message answered has no version"}
	}
	r.Parent = ref{URI: at.String(), CID: p.CID}
	if r.Root = p.Value.reply().Root; r.Root.URI == "" || r.Root.CID == "" {
		r.Root = r.Parent
	}
	raw, err := canonical(r)
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	return &r, n.Save(ctx, noteReply, raw)
}
