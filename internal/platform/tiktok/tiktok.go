// Package tiktok speaks TikTok's Content Posting and Display APIs, and in the
// mode "business" the Business API, the only one that tells of comments.
//
// A film is public when its last byte arrives: that is the one visible call,
// and everything before it is preparation under a publish id that TikTok gave
// out first. One publish id is one post, and its state can be asked, so the
// same film can never become two posts. Pictures are fetched by TikTok itself,
// and the call that names their addresses is the visible one.
package tiktok

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
	"unicode/utf16"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.TikTok

// home is the API's own address; consent and uploads have hosts of their own.
const home = "https://open.tiktokapis.com"

// TikTok's limits, in UTF-16 units where it counts text.
const (
	maxCaption     = 2200 // of a film
	maxDescription = 4000 // of pictures
	maxPictures    = 35
	maxFilm        = 4 << 30
	maxLength      = 10 * time.Minute
)

// Connector speaks to TikTok.
type Connector struct {
	client *safehttp.Client
	films  sync.Map // comment id -> id of the post it is below
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(a platform.Account) platform.Capabilities {
	if a.Mode == Business {
		return businessCapabilities()
	}
	return platform.Capabilities{
		Platform: Name, MaxText: maxCaption, TextUnit: "characters",
		MaxMedia: maxPictures, MediaTypes: []string{"image/jpeg", "image/webp"}, MaxMediaBytes: 20_000_000, MaxMediaSide: 1080,
		VideoTypes: []string{"video/mp4", "video/webm", "video/quicktime"}, MaxVideoBytes: maxFilm, MaxVideo: maxLength,
		NeedsMedia: "any", PublicMedia: true, Idempotency: "container",
		ReplyNote: "cap.tiktok.comments", HideNote: "cap.tiktok.comments",
		Metrics: []string{"views", "likes", "shares", "replies"}, Settle: 5 * time.Minute,
		Connect: platform.Connect{Home: home, OAuth: true, Scopes: scopes()},
	}
}

// Count implements platform.Connector: a film's caption and the description of
// pictures have different lengths.
func (c *Connector) Count(a platform.Account, out platform.Outgoing) platform.Length {
	l := platform.Length{Used: len(utf16.Encode([]rune(platform.Compose(out)))), Limit: maxCaption}
	switch {
	case out.InReplyTo != "":
		l.Limit = maxReply
	case a.Mode == Business:
	case len(out.Media) > 0 && !out.Media[0].Video():
		l.Limit = maxDescription
	}
	return l
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	if out.InReplyTo != "" && a.Mode == Business {
		return checkBusiness(out, c.Count(a, out))
	}
	if out.InReplyTo != "" {
		return []*platform.Refusal{{Code: "platform.tiktok.no_comments", Fix: platform.FixNobody}}
	}
	var all []*platform.Refusal
	no := func(code, fix string) { all = append(all, &platform.Refusal{Code: code, Fix: fix}) }
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", platform.FixAuthor)
	}
	films := 0
	for _, m := range out.Media {
		if m.Video() {
			films++
		}
	}
	switch {
	case len(out.Media) == 0:
		no("platform.needs_media", platform.FixAuthor)
	case films > 0 && films < len(out.Media):
		no("platform.media_mixed", platform.FixAuthor)
	case films > 1 || len(out.Media) > maxPictures:
		no("platform.media_too_many", platform.FixAuthor)
	case films == 1:
		checkFilm(a, out.Media[0], no)
	default:
		checkPictures(out.Media, no)
	}
	return all
}

func checkFilm(a platform.Account, m platform.Media, no func(code, fix string)) {
	switch {
	case !slices.Contains([]string{"video/mp4", "video/webm", "video/quicktime"}, m.Type):
		no("platform.media_unsupported", platform.FixAuthor)
	case m.Size > maxFilm:
		no("platform.media_too_large", platform.FixAuthor)
	case m.Length > maxLength:
		no("platform.video_too_long", platform.FixAuthor)
	case a.Mode == Business && m.URL == "":
		no("platform.needs_public_media", platform.FixAdmin)
	}
}

func checkPictures(media []platform.Media, no func(code, fix string)) {
	for _, m := range media {
		switch {
		case m.Type != "image/jpeg" && m.Type != "image/webp":
			no("platform.tiktok.jpeg_only", platform.FixAuthor)
			return
		case m.URL == "":
			no("platform.needs_public_media", platform.FixAdmin)
			return
		}
	}
}

// Verify implements platform.Connector. GET /v2/user/info/.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	if a.Mode == Business {
		return c.verifyBusiness(ctx, a)
	}
	var data struct {
		User struct {
			OpenID   string `json:"open_id"`
			Name     string `json:"display_name"`
			Username string `json:"username"`
		} `json:"user"`
	}
	if err := c.get(ctx, a, &data, url.Values{"fields": {"open_id,display_name,username"}}, "v2", "user", "info"); err != nil {
		return platform.Profile{}, err
	}
	if data.User.OpenID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no open_id"}
	}
	return platform.Profile{RemoteID: data.User.OpenID, Handle: data.User.Username, Name: data.User.Name, URL: profile(data.User.Username)}, nil
}

func profile(handle string) string { return "https://www.tiktok.com/@" + url.PathEscape(handle) }

// Delete implements platform.Connector: TikTok deletes nothing through its API.
func (c *Connector) Delete(context.Context, platform.Account, string) error {
	return &platform.Refusal{Code: "platform.delete_unsupported", Fix: platform.FixNobody}
}

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	switch {
	case deed == "post":
		return "https://www.tiktok.com/tiktokstudio/upload"
	case remoteID != "":
		return profile(a.Handle) + "/video/" + url.PathEscape(remoteID)
	}
	return "https://www.tiktok.com/tiktokstudio/comment"
}
