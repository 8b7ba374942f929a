// Package facebook speaks to Facebook Pages through huandu/facebook.
//
// The library never looks at the HTTP status and takes "503 {}" for a success,
// so it stands on a guard that does, and nothing counts as published without
// an id. Facebook has no idempotency key: after an unclear answer the post is
// looked for among the page's own, and code 506 ("duplicate") is evidence.
package facebook

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name platform.Name = "facebook"

// Version of the Graph API; v25.0 lives until 29 July 2028.
// https://developers.facebook.com/docs/graph-api/changelog/versions
const Version = "v25.0"

// Hosts of the platform's own API.
const (
	home      = "https://graph.facebook.com"
	videoAt   = "https://graph-video.facebook.com"
	consentAt = "https://www.facebook.com"
	inboxPage = "https://business.facebook.com/latest/inbox/"
)

// Limits of a Page's posts and comments.
const (
	maxPost    = 63206
	maxComment = 8000
	maxDirect  = 2000
	maxPicture = 10 << 20
	maxPhotos  = 10
	maxAlt     = 1000
	maxFilm    = 10 << 30
	maxLength  = 4 * time.Hour
)

// Connector speaks to Facebook: through the library where it serves, and
// through our own client for films, private messages and consent.
type Connector struct {
	client *safehttp.Client
	graph  graph.API
	inbox  graph.Inbox
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector {
	api := graph.API{Client: client, Version: Version, Proof: true}
	return &Connector{client: client, graph: api, inbox: graph.Inbox{API: api, Platform: "MESSENGER", Page: inboxPage}}
}

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxPost, TextUnit: "characters",
		MaxMedia: maxPhotos, MediaTypes: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}, MaxMediaBytes: maxPicture, MaxAlt: maxAlt,
		VideoTypes: []string{"video/mp4", "video/quicktime"}, MaxVideoBytes: maxFilm, MaxVideo: maxLength,
		Idempotency: "read-back", FirstComment: true, Edit: true,
		Reply: true, MaxReply: maxComment, ReplyDirect: true, ReplyWindow: 24 * time.Hour, PrivateReply: 7 * 24 * time.Hour, PrivateOnce: true,
		Hide: true, Remove: true, Block: true, Delete: true,
		Hears: []platform.ItemKind{platform.Comment, platform.Mention, platform.Direct}, Edits: true, Deletions: true,
		Metrics: []string{"likes", "shares", "replies", "views", "reach"}, Push: true, Settle: 20 * time.Second,
		Connect: platform.Connect{Home: home, OAuth: true, App: []string{"verify_token"}, Scopes: scopes()},
	}
}

// Count implements platform.Connector.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	limit := maxPost
	switch {
	case graph.Direct(out):
		limit = maxDirect
	case out.InReplyTo != "":
		limit = maxComment
	}
	return platform.Length{Used: utf8.RuneCountInString(message(out)), Limit: limit}
}

// message is the text as sent. A link has a field of its own, which makes the
// card, unless pictures take its place or it stands in a comment.
func message(out platform.Outgoing) string {
	if out.InReplyTo != "" || len(out.Media) > 0 {
		return platform.Compose(out)
	}
	return out.Text
}

// session is the library's, good for one call: it caches without a lock.
func (c *Connector) session(ctx context.Context, a platform.Account, seen *safehttp.Answer) (*fb.Session, error) {
	app := fb.New(a.App.ClientID, a.App.ClientSecret)
	s := app.Session(a.Token.Access)
	s.BaseURL, s.Version = strings.TrimRight(a.BaseURL, "/")+"/", Version
	if a.Version != "" {
		s.Version = a.Version
	}
	s.HttpClient = c.client.HTTP(&safehttp.StatusGuard{
		Base: c.client.Transport(),
		Saw:  func(answer safehttp.Answer) { *seen = answer },
		Pass: func(answer safehttp.Answer) bool { return spoken(answer.Body) },
	})
	s.UseAuthorizationHeader()
	if a.App.ClientSecret != "" {
		if err := s.EnableAppsecretProof(true); err != nil {
			return nil, &platform.NotSent{Err: err}
		}
	}
	return s.WithContext(ctx), nil
}

// api makes one call; its error is one of the contract's.
func (c *Connector) api(ctx context.Context, a platform.Account, method fb.Method, path string, params fb.Params) (fb.Result, safehttp.Answer, error) {
	var seen safehttp.Answer
	s, err := c.session(ctx, a, &seen)
	if err != nil {
		return nil, seen, err
	}
	result, err := s.Api(path, method, params)
	graph.Usage(ctx, seen.Header)
	if err != nil {
		return nil, seen, refused(err, seen, a, time.Now())
	}
	return result, seen, nil
}

// escape is a path element of an id that came from outside.
func escape(elements ...string) string {
	var b strings.Builder
	for _, e := range elements {
		b.WriteString("/" + url.PathEscape(e))
	}
	return b.String()
}

// Verify implements platform.Connector. GET /me names the page of the token.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	result, _, err := c.api(ctx, a, fb.GET, "/me", fb.Params{"fields": "id,name,username,link"})
	if err != nil {
		return platform.Profile{}, err
	}
	p := platform.Profile{RemoteID: text(result, "id"), Name: text(result, "name"), Handle: text(result, "username"), URL: text(result, "link")}
	if p.RemoteID == "" {
		return p, &platform.Unclear{Status: http.StatusOK, Said: "no page id"}
	}
	if p.Handle == "" {
		p.Handle = p.RemoteID
	}
	if p.URL == "" {
		p.URL = "https://www.facebook.com/" + p.RemoteID
	}
	return p, nil
}

// Delete implements platform.Connector.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	result, _, err := c.api(ctx, a, fb.DELETE, escape(remoteID), fb.Params{})
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.not_found" {
		return nil
	}
	return done(result, err)
}

// SetHidden implements platform.Hider. A hidden comment stays visible to its
// author and the author's friends.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	result, _, err := c.api(ctx, a, fb.POST, escape(remoteID), fb.Params{"is_hidden": hidden})
	return done(result, err)
}

// done wants the platform's own word that something was done.
func done(result fb.Result, err error) error {
	if err != nil {
		return err
	}
	var ok bool
	if err := result.DecodeField("success", &ok); err != nil || !ok {
		return &platform.Unclear{Status: http.StatusOK, Said: "not confirmed", Err: err}
	}
	return nil
}

func text(r fb.Result, field string) string {
	var s string
	if r.DecodeField(field, &s) != nil {
		return ""
	}
	return s
}
