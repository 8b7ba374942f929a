// Package mastodon speaks the Mastodon API, which many servers have: Mastodon,
// snac2, GoToSocial and others. They differ in three ways that matter here:
// not every server honours the idempotency key, ids need not be numbers, and
// refusals come in three dialects. So a post that may have arrived is always
// looked for among our own statuses before it is sent again.
package mastodon

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name platform.Name = "mastodon"

// Connector speaks to Mastodon-like servers.
type Connector struct {
	client *safehttp.Client
	limits sync.Map // base address -> limits, as the server told them
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// limits of one server; Mastodon's own defaults until it has been asked.
type limits struct {
	text, url, media int
	bytes, film      int64
	types            []string
	stream           string // where events are told; "" is nowhere
}

func (c *Connector) limitsOf(a platform.Account) limits {
	if l, ok := c.limits.Load(a.BaseURL); ok {
		return l.(limits)
	}
	return limits{text: 500, url: 23, media: 4, bytes: 16 << 20, film: 99 << 20,
		types: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}}
}

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(a platform.Account) platform.Capabilities {
	l := c.limitsOf(a)
	return platform.Capabilities{
		Platform: Name,
		Connect:  platform.Connect{OAuth: true, Register: true, Fields: []string{"access"}, Scopes: scopes()},
		MaxText:  l.text, TextUnit: "characters", URLLength: l.url,
		MaxMedia: l.media, MediaTypes: l.types, MaxMediaBytes: l.bytes, MaxAlt: 1500,
		VideoTypes: []string{"video/mp4", "video/webm", "video/quicktime"}, MaxVideoBytes: l.film,
		Thread: true, FirstComment: true, Edit: true,
		// The key is sent, but no server is trusted to honour it.
		Idempotency: "read-back", Reply: true, ReplyDirect: true, PrivateReply: always, Delete: true,
		// There is no hiding of somebody's answer: a block, or the server's own moderators.
		HideNote: "cap.mastodon.hide", Block: true, Stream: true, Edits: true, Deletions: true,
		Hears:   []platform.ItemKind{platform.Mention, platform.Comment, platform.Direct},
		Metrics: []string{"likes", "shares", "replies"}, Settle: 10 * time.Second,
	}
}

// always is longer than anybody waits.
const always = 100 * 365 * 24 * time.Hour

// learn asks the server for its limits once.
func (c *Connector) learn(ctx context.Context, a platform.Account) error {
	if _, ok := c.limits.Load(a.BaseURL); ok {
		return nil
	}
	var instance struct {
		Configuration struct {
			Statuses struct {
				MaxCharacters    int `json:"max_characters"`
				MaxMedia         int `json:"max_media_attachments"`
				CharactersPerURL int `json:"characters_reserved_per_url"`
			} `json:"statuses"`
			Media struct {
				Types     []string `json:"supported_mime_types"`
				ImageSize int64    `json:"image_size_limit"`
				VideoSize int64    `json:"video_size_limit"`
			} `json:"media_attachments"`
			URLs struct {
				Streaming string `json:"streaming"`
			} `json:"urls"`
		} `json:"configuration"`
		URLs struct {
			Streaming string `json:"streaming_api"`
		} `json:"urls"`
	}
	_, err := c.get(ctx, a, &instance, nil, "api", "v2", "instance")
	if gone(err) { // snac2 has only the older document
		_, err = c.get(ctx, a, &instance, nil, "api", "v1", "instance")
	}
	if err != nil {
		return err
	}
	l := c.limitsOf(a)
	if s := instance.Configuration.Statuses; s.MaxCharacters > 0 {
		l.text = s.MaxCharacters
		if s.CharactersPerURL > 0 {
			l.url = s.CharactersPerURL
		}
		if s.MaxMedia > 0 {
			l.media = s.MaxMedia
		}
	}
	if m := instance.Configuration.Media; m.ImageSize > 0 {
		l.bytes = m.ImageSize
		if m.VideoSize > 0 {
			l.film = m.VideoSize
		}
	}
	l.stream = overHTTP(instance.Configuration.URLs.Streaming)
	if l.stream == "" {
		l.stream = overHTTP(instance.URLs.Streaming)
	}
	c.limits.Store(a.BaseURL, l)
	return nil
}

// overHTTP is the address of a WebSocket as one of plain HTTP, which the same
// server speaks for events.
func overHTTP(address string) string {
	if rest, ok := strings.CutPrefix(address, "ws"); ok {
		return "http" + rest
	}
	return address
}

// Verify implements platform.Connector.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var who account
	if _, err := c.get(ctx, a, &who, nil, "api", "v1", "accounts", "verify_credentials"); err != nil {
		return platform.Profile{}, err
	}
	if who.ID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	// The limits are a service to the editor; without them the defaults hold.
	if err := c.learn(ctx, a); err != nil && lost(err) {
		return platform.Profile{}, err
	}
	return platform.Profile{RemoteID: who.ID, Handle: who.Acct, Name: who.DisplayName, URL: who.URL}, nil
}

var (
	links         = regexp.MustCompile(`https?://[^\s<>"']+`)
	remoteMention = regexp.MustCompile(`(@\w[\w.-]*)@[\w-]+(?:\.[\w-]+)+`)
)

// Count implements platform.Connector: every link counts as 23 and a mention
// without its server, as Mastodon does. Mastodon counts grapheme clusters; we
// count code points, which is never less, because other servers do that.
func (c *Connector) Count(a platform.Account, out platform.Outgoing) platform.Length {
	l := c.limitsOf(a)
	text := norm.NFC.String(platform.Compose(out))
	used := 0
	text = links.ReplaceAllStringFunc(text, func(string) string { used += l.url; return "" })
	text = remoteMention.ReplaceAllString(text, "$1")
	return platform.Length{Used: used + utf8.RuneCountInString(text), Limit: l.text}
}

// Delete implements platform.Connector. What is already gone is deleted; a
// server that cannot delete through this API (snac2) answers the same 404, so
// we look whether the status is still there.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	req, err := wire.Request(ctx, http.MethodDelete, wire.Path(a.BaseURL, "api", "v1", "statuses", remoteID), nil)
	if err != nil {
		return err
	}
	answer, err := c.call(ctx, a, req)
	if err == nil {
		return wire.Done(answer)
	}
	if !gone(err) {
		return err
	}
	switch _, err := c.get(ctx, a, &status{}, nil, "api", "v1", "statuses", remoteID); {
	case gone(err):
		return nil
	case err != nil:
		return err
	}
	return &platform.Refusal{Code: "platform.delete_unsupported", Said: "404", Fix: platform.FixNobody}
}

// Measure implements platform.Measurer.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for _, id := range remoteIDs {
		var s status
		_, err := c.get(ctx, a, &s, nil, "api", "v1", "statuses", id)
		if gone(err) {
			continue
		}
		if err != nil {
			return all, err
		}
		all[id] = platform.Counts{"likes": s.Favourites, "shares": s.Reblogs, "replies": s.Replies}
	}
	return all, nil
}

// get reads a JSON document.
func (c *Connector) get(ctx context.Context, a platform.Account, into any, query url.Values, path ...string) (safehttp.Answer, error) {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(a.BaseURL, path...), query)
	if err != nil {
		return safehttp.Answer{}, err
	}
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return answer, err
	}
	if err := wire.Decode(answer.Body, into); err != nil || string(bytes.TrimSpace(answer.Body)) == "null" {
		// null is no empty list: it says nothing of what is there.
		return answer, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return answer, nil
}
