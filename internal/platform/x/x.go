// Package x speaks to X: API v2 through a thin client, and API v1.1 through
// dghubble/go-twitter for offices whose contract still has it.
//
// X has no idempotency key: after an unclear answer the post is looked for in
// our own timeline, and the platform's "duplicate content" is evidence, never
// proof. Since February 2026 self-serve plans may answer only people who
// mention the account; that refusal is told apart so that the office can
// answer by hand.
package x

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name platform.Name = "x"

// V11 is the account mode for API v1.1.
const V11 = "v1.1"

// Connector speaks to X.
type Connector struct {
	client *safehttp.Client
	look   time.Duration // how often known posts are looked for again, see recheck
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client, look: 6 * time.Hour} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Limits of X. https://docs.x.com/x-api/media/quickstart/best-practices
const (
	maxWeight     = 280
	maxPictures   = 4
	maxPicture    = 5 << 20
	maxFilm       = 512 << 20
	maxFilmLength = 140 * time.Second
	maxAlt        = 1000
)

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(a platform.Account) platform.Capabilities {
	all := platform.Capabilities{
		Platform: Name, MaxText: maxWeight, TextUnit: "weighted", URLLength: urlWeight,
		MaxMedia: maxPictures, MediaTypes: []string{"image/jpeg", "image/png", "image/webp", "image/gif"}, MaxMediaBytes: maxPicture, MaxAlt: maxAlt,
		VideoTypes: []string{"video/mp4", "video/quicktime"}, MaxVideoBytes: maxFilm, MaxVideo: maxFilmLength,
		Idempotency: "read-back", Thread: true, FirstComment: true, Reply: true, ReplyNote: "cap.x.summoned", ReplyDirect: true,
		Hears: []platform.ItemKind{platform.Mention, platform.Comment, platform.Direct}, Edits: true, Deletions: true,
		Hide: true, Delete: true, Metrics: []string{"likes", "shares", "replies", "quotes", "bookmarks", "views"},
		Push: true, Settle: 30 * time.Second,
		Connect: platform.Connect{Home: canonical, OAuth: true, Fields: []string{"access", "secret", "refresh"}, Scopes: scopes(), App: []string{"verify_token"}},
	}
	if a.Mode == V11 {
		all.MaxMedia, all.MediaTypes, all.MaxMediaBytes, all.MaxAlt = 0, nil, 0, 0
		all.VideoTypes, all.MaxVideoBytes, all.MaxVideo = nil, 0, 0
		all.Hide, all.Metrics, all.ReplyDirect, all.Edits = false, []string{"likes", "shares"}, false, false
		all.Connect.OAuth, all.Connect.Scopes = false, nil
	}
	return all
}

// Count implements platform.Connector.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	if direct(out) {
		return platform.Length{Used: utf8.RuneCountInString(platform.Compose(out)), Limit: maxDirect}
	}
	return platform.Length{Used: Weigh(platform.Compose(out)), Limit: maxWeight}
}

// Verify implements platform.Connector. GET /2/users/me.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	if a.Mode == V11 {
		return c.verifyV11(ctx, a)
	}
	var me struct {
		Data user `json:"data"`
	}
	if err := c.get(ctx, a, &me, nil, "2", "users", "me"); err != nil {
		return platform.Profile{}, err
	}
	if me.Data.ID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	return platform.Profile{RemoteID: me.Data.ID, Handle: me.Data.Username, Name: me.Data.Name, URL: "https://x.com/" + me.Data.Username}, nil
}

// Delete implements platform.Connector. DELETE /2/tweets/:id.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	if a.Mode == V11 {
		return c.deleteV11(ctx, a, remoteID)
	}
	req, err := wire.Request(ctx, http.MethodDelete, c.path(a, "2", "tweets", remoteID), nil)
	if err != nil {
		return err
	}
	var done struct {
		Data struct {
			Deleted bool `json:"deleted"`
		} `json:"data"`
	}
	switch err := c.read(ctx, a, req, &done); {
	case gone(err):
		return nil
	case err != nil:
		return err
	case !done.Data.Deleted:
		return &platform.Unclear{Status: http.StatusOK, Said: "not deleted"}
	}
	spent(ctx, priceDelete, 1)
	return nil
}

// SetHidden implements platform.Hider. PUT /2/tweets/:id/hidden.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	if a.Mode == V11 {
		return &platform.Refusal{Code: "platform.hide_unsupported", Said: "API v1.1", Fix: platform.FixAdmin}
	}
	req, err := wire.JSON(ctx, http.MethodPut, c.path(a, "2", "tweets", remoteID, "hidden"), map[string]bool{"hidden": hidden})
	if err != nil {
		return err
	}
	var done struct {
		Data struct {
			Hidden *bool `json:"hidden"`
		} `json:"data"`
	}
	if err := c.read(ctx, a, req, &done); err != nil {
		return err
	}
	if done.Data.Hidden == nil || *done.Data.Hidden != hidden {
		return &platform.Unclear{Status: http.StatusOK, Said: "hidden state not confirmed"}
	}
	spent(ctx, priceHide, 1)
	return nil
}

// Measure implements platform.Measurer. GET /2/tweets?ids=, 100 at a time.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	if a.Mode == V11 {
		return c.measureV11(ctx, a, remoteIDs)
	}
	all := map[string]platform.Counts{}
	for len(remoteIDs) > 0 {
		n := min(len(remoteIDs), 100)
		var page timeline
		query := namesOf(a).only("public_metrics")
		query.Set("ids", strings.Join(remoteIDs[:n], ","))
		if err := c.get(ctx, a, &page, query, "2", "tweets"); err != nil {
			return all, err
		}
		spent(ctx, priceRead, len(page.Data))
		for _, p := range page.Data {
			if m := p.Metrics; m != nil {
				all[p.first()] = m.counts()
			}
		}
		remoteIDs = remoteIDs[n:]
	}
	return all, nil
}

// path is the address of a call. OAuth 1.0a signs the address X itself knows,
// and the transport below leads it to the account's base address.
func (c *Connector) path(a platform.Account, elements ...string) string {
	if a.Token.Secret != "" {
		return wire.Path(canonical, elements...)
	}
	return wire.Path(a.BaseURL, elements...)
}

func (c *Connector) get(ctx context.Context, a platform.Account, into any, query url.Values, path ...string) error {
	req, err := wire.Request(ctx, http.MethodGet, c.path(a, path...), query)
	if err != nil {
		return err
	}
	return c.read(ctx, a, req, into)
}

// read sends req and decodes a successful answer.
func (c *Connector) read(ctx context.Context, a platform.Account, req *http.Request, into any) error {
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return err
	}
	if err := wire.Decode(answer.Body, into); err != nil {
		return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return nil
}

func gone(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.not_found"
}
