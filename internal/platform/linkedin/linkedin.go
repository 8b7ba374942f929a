// Package linkedin speaks LinkedIn's versioned Marketing API for an
// organisation's page (learn.microsoft.com/linkedin, Posts, Comments, Images,
// Videos APIs).
//
// LinkedIn has no idempotency key and answers a new post with an empty body and
// an id in a header: after an unclear answer the post is looked for among the
// page's own posts. Comments cannot be hidden, only deleted below our own
// posts. Its limits come without headers.
package linkedin

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.LinkedIn

// home is LinkedIn's own API.
const home = "https://api.linkedin.com"

// version is what the connector was tested with.
const version = "202601"

// Connector speaks to LinkedIn.
type Connector struct{ client *safehttp.Client }

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Limits of LinkedIn. A picture may have 36,152,320 pixels: 6,012 a side.
const (
	maxText     = 3000
	maxComment  = 1250
	maxAlt      = 4086
	maxPictures = 20
	maxPicture  = 10 << 20
	maxSide     = 6012
	maxFilm     = 500 << 20
	maxLength   = 30 * time.Minute
)

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxText, TextUnit: "characters",
		MaxMedia: maxPictures, MediaTypes: []string{"image/jpeg", "image/png", "image/gif"}, MaxMediaBytes: maxPicture, MaxMediaSide: maxSide,
		VideoTypes: []string{"video/mp4"}, MaxVideoBytes: maxFilm, MaxVideo: maxLength, MaxAlt: maxAlt,
		Idempotency: "read-back", FirstComment: true, Edit: true,
		Reply: true, MaxReply: maxComment, Hears: []platform.ItemKind{platform.Comment}, Edits: true, Deletions: true,
		HideNote: "cap.linkedin.no_hide", Remove: true, Delete: true,
		Metrics: []string{"likes", "shares", "replies", "views", "clicks"}, Settle: time.Minute,
		Connect: platform.Connect{Home: home, OAuth: true, Fields: []string{"access", "refresh"}, Scopes: scopes()},
	}
}

// Versions implements platform.Versioner: each month's version lives a year.
// learn.microsoft.com/linkedin/marketing/versioning
func (c *Connector) Versions() []platform.Version {
	return []platform.Version{{Name: version, Ends: time.Date(2027, time.January, 31, 0, 0, 0, 0, time.UTC)}}
}

// Count implements platform.Connector: what people will read, in UTF-16 units.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	limit := maxText
	if out.InReplyTo != "" {
		limit = maxComment
	}
	return platform.Length{Used: len(utf16.Encode([]rune(words(out)))), Limit: limit}
}

// words are the text of a post: its link is there unless it becomes a card.
func words(out platform.Outgoing) string {
	if card(out) {
		return out.Text
	}
	return platform.Compose(out)
}

// card says whether the link is shown as an article below the text.
func card(out platform.Outgoing) bool {
	return out.Link != "" && len(out.Media) == 0 && out.InReplyTo == ""
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	no := func(code string) []*platform.Refusal {
		return []*platform.Refusal{{Code: code, Fix: platform.FixAuthor}}
	}
	films := 0
	for _, m := range out.Media {
		if m.Video() {
			films++
		}
		if m.Length > maxLength {
			return no(wire.VideoTooLong)
		}
	}
	switch {
	case out.InReplyTo != "" && len(out.Media) > 0:
		return no("platform.media_unsupported")
	case films > 0 && len(out.Media) > 1:
		return no(wire.MixedMedia)
	case len(out.Media) > maxPictures:
		return no(wire.TooManyMedia)
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		return no("platform.text_too_long")
	}
	return nil
}

// Verify implements platform.Connector: the credential's pages, and ours among them.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	pages, err := c.pages(ctx, a)
	if err != nil {
		return platform.Profile{}, err
	}
	for _, p := range pages {
		if p == a.RemoteID || a.RemoteID == "" {
			a.RemoteID = p
			return c.page(ctx, a)
		}
	}
	return platform.Profile{}, &platform.Refusal{Code: codeNoPage, Said: "not an administrator of " + a.RemoteID, Fix: platform.FixAdmin}
}

// codeNoPage: the person who let us in administers no page, or not this one.
const codeNoPage = "platform.linkedin.no_page"

// pages are the organisations that the credential's owner may post for.
func (c *Connector) pages(ctx context.Context, a platform.Account) ([]string, error) {
	var page struct {
		Elements []struct {
			Organization string `json:"organization"`
			Target       string `json:"organizationTarget"` // its name before version 202401
			Role         string `json:"role"`
			State        string `json:"state"`
		} `json:"elements"`
	}
	if err := c.get(ctx, a, &page, "organizationAcls", "q=roleAssignee&count=100"); err != nil {
		return nil, err
	}
	var all []string
	for _, e := range page.Elements {
		urn := e.Organization + e.Target
		if e.State == "APPROVED" && strings.HasPrefix(urn, "urn:li:organization:") && (e.Role == "ADMINISTRATOR" || strings.HasPrefix(e.Role, "CONTENT_ADMIN")) {
			all = append(all, urn)
		}
	}
	return all, nil
}

func (c *Connector) page(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var o struct {
		Name   string `json:"localizedName"`
		Vanity string `json:"vanityName"`
	}
	number := strings.TrimPrefix(a.RemoteID, "urn:li:organization:")
	if err := c.get(ctx, a, &o, "organizations/"+url.QueryEscape(number), ""); err != nil {
		return platform.Profile{}, err
	}
	if o.Vanity == "" {
		o.Vanity = number
	}
	return platform.Profile{RemoteID: a.RemoteID, Handle: o.Vanity, Name: o.Name, URL: "https://www.linkedin.com/company/" + o.Vanity}, nil
}

// Delete implements platform.Connector. DELETE /rest/posts/:urn is idempotent;
// a comment of ours is deleted as any other.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	if strings.HasPrefix(remoteID, "urn:li:comment:") {
		return c.Remove(ctx, a, remoteID)
	}
	req, err := wire.Request(ctx, http.MethodDelete, c.path(a, "posts/"+url.QueryEscape(remoteID)), nil)
	if err != nil {
		return err
	}
	err = c.change(ctx, a, req)
	if gone(err) {
		return nil
	}
	return err
}

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	if deed == "post" || remoteID == "" {
		return "https://www.linkedin.com/company/" + strings.TrimPrefix(a.RemoteID, "urn:li:organization:") + "/admin/page-posts/published/?share=true"
	}
	return address(remoteID)
}

// address is where people see a post, or a comment below it.
func address(urn string) string {
	const feed = "https://www.linkedin.com/feed/update/"
	if activity, _, ok := comment(urn); ok {
		return feed + activity + "?commentUrn=" + url.QueryEscape(urn)
	}
	return feed + urn
}
