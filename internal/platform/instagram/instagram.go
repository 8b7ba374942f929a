// Package instagram speaks to Instagram's professional accounts through
// Instagram Login (graph.instagram.com).
//
// A post is made in two steps: a container that nobody sees, then its
// publishing. The container's id is saved before it is published, and its
// state says afterwards whether it was: that is nearly an idempotency key.
// Instagram fetches pictures itself, so they need a public address; films are
// uploaded in bytes.
package instagram

import (
	"context"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.Instagram

// Hosts of Instagram Login, and of uploads.
const (
	home      = "https://graph.instagram.com"
	consentAt = "https://www.instagram.com"
	tokenAt   = "https://api.instagram.com"
	uploadAt  = "https://rupload.facebook.com"
	inboxPage = "https://www.instagram.com/direct/inbox/"
)

// Version of the API; v25.0 lives until 29 July 2028.
// https://developers.facebook.com/docs/graph-api/changelog/versions
const Version = "v25.0"

// Limits. https://developers.facebook.com/docs/instagram-platform/content-publishing
// and /instagram-graph-api/reference/ig-media/comments for what we write below.
const (
	maxCaption = 2200
	maxTags    = 30
	maxNames   = 20
	maxFiles   = 10
	maxAlt     = 1000
	maxPicture = 8 << 20
	maxFilm    = 300 << 20
	maxLength  = 15 * time.Minute
	maxComment = 300
	maxDirect  = 1000 // bytes
)

// Connector speaks to Instagram.
type Connector struct {
	api   graph.API
	inbox graph.Inbox
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector {
	api := graph.API{Client: client, Version: Version, Proof: true}
	return &Connector{api: api, inbox: graph.Inbox{API: api, Platform: "INSTAGRAM", Page: inboxPage}}
}

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxCaption, TextUnit: "characters",
		MaxMedia: maxFiles, MediaTypes: []string{"image/jpeg"}, MaxMediaBytes: maxPicture, MaxAlt: maxAlt,
		VideoTypes: []string{"video/mp4", "video/quicktime"}, MaxVideoBytes: maxFilm, MaxVideo: maxLength,
		NeedsMedia: "any", PublicMedia: true,
		Idempotency: "container", FirstComment: true,
		Reply: true, MaxReply: maxComment, ReplyDirect: true, ReplyWindow: 24 * time.Hour, ReplyNote: "cap.instagram.two_levels", PrivateReply: 7 * 24 * time.Hour, PrivateOnce: true,
		Hide: true, Remove: true,
		// Our comments can be deleted, a media object cannot: only Facebook Login
		// has a call for that.
		Delete: false,
		Hears:  []platform.ItemKind{platform.Comment, platform.Mention, platform.Direct}, Edits: true, Deletions: true,
		Metrics: []string{"likes", "replies", "views", "reach", "shares", "saves"}, Push: true, Quota: true, Settle: 30 * time.Second,
		Connect: platform.Connect{Home: home, OAuth: true, App: []string{"verify_token"}, Scopes: scopes()},
	}
}

// Count implements platform.Connector: characters of a caption or a comment,
// bytes of a private message.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	text := platform.Compose(out)
	switch {
	case graph.Direct(out):
		return platform.Length{Used: len(text), Limit: maxDirect}
	case out.InReplyTo != "":
		return platform.Length{Used: utf8.RuneCountInString(text), Limit: maxComment}
	}
	return platform.Length{Used: utf8.RuneCountInString(text), Limit: maxCaption}
}

// Verify implements platform.Connector. GET /me: user_id is the account's id
// in webhooks and paths.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var me struct {
		ID       string     `json:"id"`
		UserID   graph.Text `json:"user_id"`
		Username string     `json:"username"`
		Name     string     `json:"name"`
	}
	if _, err := c.api.Get(ctx, a, &me, url.Values{"fields": {"id,user_id,username,name"}}, "me"); err != nil {
		return platform.Profile{}, err
	}
	p := platform.Profile{RemoteID: string(me.UserID), Handle: me.Username, Name: me.Name, URL: "https://www.instagram.com/" + me.Username}
	if p.RemoteID == "" {
		p.RemoteID = me.ID
	}
	if p.RemoteID == "" {
		return p, &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	return p, nil
}

// Delete implements platform.Connector: our own comments. What is already gone
// is deleted; Instagram Login says the same of a media object that it cannot
// delete, so we look whether it is still there.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	err := c.api.Delete(ctx, a, remoteID)
	if !graph.Gone(err) {
		return err
	}
	var still graph.ID
	switch _, err := c.api.Get(ctx, a, &still, url.Values{"fields": {"id"}}, remoteID); {
	case graph.Gone(err):
		return nil
	case err != nil:
		return err
	}
	return &platform.Refusal{Code: "platform.delete_unsupported", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
}

// Remove implements platform.Remover: DELETE /{comment}.
func (c *Connector) Remove(ctx context.Context, a platform.Account, remoteID string) error {
	if err := c.api.Delete(ctx, a, remoteID); !graph.Gone(err) {
		return err
	}
	return nil
}

// SetHidden implements platform.Hider. Our own comments cannot be hidden.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	var done graph.Success
	hide := "false"
	if hidden {
		hide = "true"
	}
	if _, err := c.api.Post(ctx, a, &done, url.Values{"hide": {hide}}, remoteID); err != nil {
		return err
	}
	return done.Confirmed()
}

// Subscribe implements platform.Subscriber. The address itself is set on the
// app's page; the account says here which of its events go there.
// POST /{ig}/subscribed_apps
func (c *Connector) Subscribe(ctx context.Context, a platform.Account, _ string) error {
	var done graph.Success
	if _, err := c.api.Post(ctx, a, &done, url.Values{"subscribed_fields": {"comments,mentions,messages"}}, a.RemoteID, "subscribed_apps"); err != nil {
		return err
	}
	return done.Confirmed()
}

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	switch deed {
	case "post":
		return "https://www.instagram.com/" + url.PathEscape(a.Handle) + "/"
	case "reply", "hide":
		return "https://www.instagram.com/" + url.PathEscape(a.Handle) + "/"
	}
	return ""
}

// Versions implements platform.Versioner.
func (c *Connector) Versions() []platform.Version { return graph.Versions() }

// host is the platform's own host, or a path of a.BaseURL elsewhere.
func host(base, official string) string {
	if base == home {
		return official
	}
	return base
}

func uploadAddress(a platform.Account, container string) string {
	version := a.Version
	if version == "" {
		version = Version
	}
	return wire.Path(host(a.BaseURL, uploadAt), "ig-api-upload", version, container)
}
