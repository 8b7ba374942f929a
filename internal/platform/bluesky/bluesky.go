// Package bluesky speaks the AT Protocol: to the account's own server (PDS)
// for writing, and through it to the AppView for what others wrote and to the
// chat service for direct messages.
//
// A post's key is chosen by us, noted before anything is sent, and its record
// is frozen with it: writing the same record under the same key again changes
// nothing (com.atproto.repo.putRecord), and reading the key tells whether it is
// there. So a post whose answer was lost is neither doubled nor doubtful.
package bluesky

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.Bluesky

// home is Bluesky's own entry server; films go to a service beside it.
const (
	home      = "https://bsky.social"
	videoHome = "https://video.bsky.app"
	pages     = "https://bsky.app" // where people read, whichever server an account has
)

// Limits of the lexicons app.bsky.feed.post, app.bsky.embed.* and
// chat.bsky.convo.defs#messageInput.
const (
	maxText       = 300 // grapheme clusters
	maxBytes      = 3000
	maxMessage    = 1000
	maxMessageRaw = 10000
	maxImages     = 4
	maxImage      = 2_000_000
	maxVideo      = 300_000_000
	maxLength     = 3 * time.Minute
	maxHidden     = 300
)

// Connector speaks to servers of the AT Protocol.
type Connector struct{ client *safehttp.Client }

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxText, TextUnit: "graphemes",
		MaxMedia: maxImages, MediaTypes: []string{"image/jpeg", "image/png", "image/webp"}, MaxMediaBytes: maxImage, MaxAlt: 2000,
		VideoTypes: []string{"video/mp4"}, MaxVideoBytes: maxVideo, MaxVideo: maxLength,
		Idempotency: "client-id", Thread: true, FirstComment: true,
		Hears: []platform.ItemKind{platform.Mention, platform.Comment, platform.Direct}, Edits: true, Deletions: true,
		Reply: true, ReplyDirect: true, Hide: true, HideNote: "cap.bluesky.threadgate", Block: true, Delete: true,
		Metrics: []string{"likes", "shares", "replies", "quotes"}, Settle: 5 * time.Second,
		Connect: platform.Connect{Home: home, Fields: []string{"account", "password"}},
	}
}

// direct says that a thing answers a private message: its conversation has no
// address.
func direct(out platform.Outgoing) bool {
	return out.InReplyTo != "" && !strings.HasPrefix(out.InReplyTo, "at://")
}

// card says that the link goes out as a card: a post has pictures or a card.
func card(out platform.Outgoing) bool {
	return out.Link != "" && len(out.Media) == 0 && !direct(out)
}

// written is the text as it will be in the record: with a card the link need
// not be in it.
func written(out platform.Outgoing) string {
	if card(out) {
		return out.Text
	}
	return platform.Compose(out)
}

// Count implements platform.Connector: grapheme clusters of the text.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	l := platform.Length{Used: uniseg.GraphemeClusterCount(written(out)), Limit: maxText}
	if direct(out) {
		l.Limit = maxMessage
	}
	return l
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code string) {
		all = append(all, &platform.Refusal{Code: code, Fix: platform.FixAuthor})
	}
	l, raw := c.Count(a, out), maxBytes
	if direct(out) {
		raw = maxMessageRaw
	}
	if l.Used > l.Limit || len(written(out)) > raw {
		no("platform.text_too_long")
	}
	films := 0
	for _, m := range out.Media {
		switch {
		case direct(out):
			no("platform.media_unsupported") // the chat service takes text only
		case m.Video():
			films++
			if m.Type != "video/mp4" {
				no("platform.media_unsupported")
			}
			if m.Size > maxVideo {
				no("platform.media_too_large")
			}
			if m.Length > maxLength {
				no("platform.video_too_long")
			}
		case !strings.HasPrefix(m.Type, "image/"):
			no("platform.media_unsupported")
		case m.Size > maxImage:
			no("platform.media_too_large")
		}
	}
	if films > 0 && len(out.Media) > 1 {
		no("platform.media_mixed")
	} else if len(out.Media) > maxImages {
		no("platform.media_too_many")
	}
	return all
}

// Verify implements platform.Connector.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var s session
	if err := c.get(ctx, a, "com.atproto.server.getSession", nil, &s); err != nil {
		return platform.Profile{}, err
	}
	if err := s.usable(); err != nil {
		return platform.Profile{}, err
	}
	p := platform.Profile{RemoteID: s.DID, Handle: s.Handle, Name: s.Handle, URL: pages + "/profile/" + s.Handle}
	var shown struct {
		DisplayName string `json:"displayName"`
	}
	// The name is the AppView's to tell; without it the handle does.
	if c.get(ctx, a, "app.bsky.actor.getProfile", url.Values{"actor": {s.DID}}, &shown) == nil && shown.DisplayName != "" {
		p.Name = shown.DisplayName
	}
	return p, nil
}

// Delete implements platform.Connector. What is not there is deleted.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	at, ok := parseAddress(remoteID)
	if !ok {
		// A direct message can only be taken out of our own view.
		return &platform.Refusal{Code: "platform.delete_unsupported", Fix: platform.FixNobody}
	}
	if at.did != a.RemoteID {
		return &platform.Refusal{Code: "platform.forbidden", Said: "not in our repository", Fix: platform.FixNobody}
	}
	return c.post(ctx, a, "com.atproto.repo.deleteRecord", map[string]any{"repo": at.did, "collection": at.collection, "rkey": at.rkey}, nil)
}

// Measure implements platform.Measurer. app.bsky.feed.getPosts takes 25.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	query := url.Values{}
	ask := func() error {
		if len(query) == 0 {
			return nil
		}
		var said struct{ Posts []postView }
		if err := c.get(ctx, a, "app.bsky.feed.getPosts", query, &said); err != nil {
			return err
		}
		for _, p := range said.Posts {
			all[p.URI] = platform.Counts{"likes": p.Likes, "shares": p.Reposts, "replies": p.Replies, "quotes": p.Quotes}
		}
		query = url.Values{}
		return nil
	}
	for _, id := range remoteIDs {
		if _, ok := parseAddress(id); !ok {
			continue // a direct message has no figures
		}
		if query.Add("uris", id); len(query["uris"]) == 25 {
			if err := ask(); err != nil {
				return all, err
			}
		}
	}
	return all, ask()
}

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, text string) string {
	switch deed {
	case "post":
		return pages + "/intent/compose?" + url.Values{"text": {text}}.Encode()
	case "reply", "hide":
		if at, ok := parseAddress(remoteID); ok {
			return at.page("")
		}
		return pages + "/messages"
	}
	return pages + "/profile/" + a.RemoteID
}
