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
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name platform.Name = "facebook"

// Version of the Graph API; v25.0 lives until 29 July 2028.
// https://developers.facebook.com/docs/graph-api/changelog/versions
const Version = "v25.0"

// Limits of a Page's posts and comments.
const (
	maxPost    = 63206
	maxComment = 8000
	maxPicture = 10 << 20
)

// Connector speaks to Facebook.
type Connector struct {
	client  *safehttp.Client
	version string
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client, version: Version} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxPost, TextUnit: "characters",
		MaxMedia: 10, MediaTypes: []string{"image/jpeg", "image/png", "image/gif", "image/webp"}, MaxMediaBytes: maxPicture, MaxAlt: 1000,
		Idempotency: "read-back", Reply: true, Hide: true, Delete: true,
		Hears:   []platform.ItemKind{platform.Mention, platform.Comment, platform.Direct},
		Metrics: []string{"likes", "shares", "replies"}, Push: true, Settle: 20 * time.Second,
	}
}

// Count implements platform.Connector.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	limit := maxPost
	if out.InReplyTo != "" {
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
	s.BaseURL, s.Version = strings.TrimRight(a.BaseURL, "/")+"/", c.version
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
	usage(ctx, seen.Header)
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

// Measure implements platform.Measurer. These counters are stable; most of the
// insights metrics were withdrawn in 2025.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for _, id := range remoteIDs {
		result, _, err := c.api(ctx, a, fb.GET, escape(id), fb.Params{"fields": "shares,reactions.summary(total_count).limit(0),comments.summary(true).limit(0)"})
		if r := platform.AsRefusal(err); r != nil && (r.Code == "platform.not_found" || r.Code == "platform.invalid") {
			continue
		}
		if err != nil {
			return all, err
		}
		counts := platform.Counts{"shares": 0} // left out by the platform while there is none
		for name, field := range map[string]string{"shares": "shares.count", "likes": "reactions.summary.total_count", "replies": "comments.summary.total_count"} {
			var n int64
			if result.DecodeField(field, &n) == nil {
				counts[name] = n
			}
		}
		all[id] = counts
	}
	return all, nil
}

func text(r fb.Result, field string) string {
	var s string
	if r.DecodeField(field, &s) != nil {
		return ""
	}
	return s
}
