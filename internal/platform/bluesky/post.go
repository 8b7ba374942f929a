package bluesky

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// ref names a record and its state (com.atproto.repo.strongRef).
type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// refs is what an answer hangs on (app.bsky.feed.post#replyRef).
type refs struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

// post is a record of app.bsky.feed.post as others wrote it: any part may be
// missing or of another kind, so the parts are read one by one.
type post struct {
	Text    string          `json:"text"`
	Created string          `json:"createdAt"`
	Facets  json.RawMessage `json:"facets"`
	Reply   json.RawMessage `json:"reply"`
	Embed   json.RawMessage `json:"embed"`
}

func (p post) reply() refs {
	var r refs
	_ = json.Unmarshal(p.Reply, &r) // none, or not one we understand: it answers nothing
	return r
}

// embed is what hangs on a post, as far as we look.
type embed struct {
	Type     string            `json:"$type"`
	Images   []json.RawMessage `json:"images"`
	Items    []json.RawMessage `json:"items"` // app.bsky.embed.gallery
	External struct {
		URI string `json:"uri"`
	} `json:"external"`
	Record json.RawMessage `json:"record"`
	Media  *embed          `json:"media"`
}

func (p post) embed() embed {
	var e embed
	if json.Unmarshal(p.Embed, &e) != nil {
		return embed{}
	}
	return e
}

// files are the kinds of what came along.
func (e embed) files() []string {
	switch e.Type {
	case "app.bsky.embed.images", "app.bsky.embed.gallery":
		var all []string
		for range max(len(e.Images), len(e.Items), 1) {
			all = append(all, "image")
		}
		return all
	case "app.bsky.embed.video":
		return []string{"video"}
	case "app.bsky.embed.recordWithMedia":
		if e.Media != nil && e.Media.Media == nil {
			return e.Media.files()
		}
	case "", "app.bsky.embed.external", "app.bsky.embed.record":
		return nil
	}
	return []string{"file"} // something newer than this program
}

// link is the card's address or the quoted post's.
func (e embed) link() string {
	switch e.Type {
	case "app.bsky.embed.external":
		return e.External.URI
	case "app.bsky.embed.recordWithMedia":
		if e.Media != nil && e.Media.Type == "app.bsky.embed.external" {
			return e.Media.External.URI
		}
	}
	return ""
}

// quoted is the page of the post that is quoted.
func (e embed) quoted() string {
	var direct ref
	var inner struct{ Record ref }
	_ = json.Unmarshal(e.Record, &direct) // one of the two shapes, or none
	_ = json.Unmarshal(e.Record, &inner)
	if at, ok := parseAddress(direct.URI + inner.Record.URI); ok && at.collection == posts {
		return at.page("")
	}
	return ""
}

// plain is the whole text that a reader sees: shortened links in full, the
// card's address below.
func (p post) plain() string {
	var facets []facet
	_ = json.Unmarshal(p.Facets, &facets) // facets nobody understands change nothing
	text := unfold(p.Text, facets)
	e := p.embed()
	if link := e.link(); link != "" && !strings.Contains(text, link) {
		text = strings.TrimPrefix(text+"\n\n"+link, "\n\n")
	}
	if text == "" {
		return e.quoted()
	}
	return text
}

// at is when its author says it was written.
func (p post) at(fallback time.Time) time.Time {
	t, err := time.Parse(time.RFC3339, p.Created)
	if err != nil || t.Year() < 2000 {
		return fallback
	}
	return t.UTC()
}

// author is app.bsky.actor.defs#profileView, as far as we look.
type author struct {
	DID    string `json:"did"`
	Handle string `json:"handle"`
}

func (a author) name() string {
	if a.Handle == "" || a.Handle == invalidHandle {
		return a.DID
	}
	return a.Handle
}

// postView is app.bsky.feed.defs#postView; the notification's fields are the
// same.
type postView struct {
	URI        string          `json:"uri"`
	CID        string          `json:"cid"`
	Author     author          `json:"author"`
	Record     json.RawMessage `json:"record"`
	IndexedAt  time.Time       `json:"indexedAt"`
	Reason     string          `json:"reason"` // of a notification
	Likes      int64           `json:"likeCount"`
	Reposts    int64           `json:"repostCount"`
	Replies    int64           `json:"replyCount"`
	Quotes     int64           `json:"quoteCount"`
	Threadgate *struct {
		Record struct {
			Hidden []string `json:"hiddenReplies"`
		} `json:"record"`
	} `json:"threadgate"`
}

// item is the post as an item of ours; ok is false when it is none.
func (v postView) item(a platform.Account) (i platform.Item, ok bool) {
	at, ok := parseAddress(v.URI)
	var p post
	if !ok || at.collection != posts || json.Unmarshal(v.Record, &p) != nil {
		return platform.Item{}, false
	}
	if v.Author.DID == "" {
		v.Author.DID = at.did
	}
	reply := p.reply()
	i = platform.Item{
		Kind: platform.Mention, RemoteID: v.URI, Thread: v.URI, InReplyTo: reply.Parent.URI,
		AuthorID: v.Author.DID, Author: v.Author.name(), Text: p.plain(), URL: at.page(v.Author.Handle),
		At: p.at(v.IndexedAt), Files: p.embed().files(),
	}
	if !v.IndexedAt.IsZero() && i.At.After(v.IndexedAt) {
		i.At = v.IndexedAt.UTC() // its author's clock runs ahead of when the network saw it
	}
	if reply.Root.URI != "" {
		i.Thread = reply.Root.URI
	}
	root, _ := parseAddress(i.Thread)
	switch {
	case v.Author.DID == a.RemoteID:
		i.Kind = platform.OwnPost
	case reply.Parent.URI != "" && root.did == a.RemoteID:
		i.Kind = platform.Comment
	}
	return i, true
}

// canonical is JSON without the spaces and escapes that Go would add.
func canonical(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSpace(b.String()), err
}
