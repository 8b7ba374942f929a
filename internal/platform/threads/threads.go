// Package threads speaks to Threads (graph.threads.net).
//
// Posts and replies are made in two steps: a container that nobody sees, then
// its publishing. The container's id is saved before, and its state says
// afterwards whether it was published; auto_publish_text, which skips the
// first step, is never used. Threads fetches every file itself, so files need a
// public address.
package threads

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.Threads

// Hosts of Threads.
const (
	home      = "https://graph.threads.net"
	consentAt = "https://www.threads.net"
)

// Version of the API; it has one.
const Version = "v1.0"

// Limits. https://developers.facebook.com/docs/threads/overview
const (
	maxText    = 500
	maxLinks   = 5
	maxFiles   = 20
	maxAlt     = 1000
	maxPicture = 8 << 20
	maxFilm    = 1 << 30
	maxLength  = 5 * time.Minute
)

// Connector speaks to Threads.
type Connector struct {
	api graph.API
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector {
	return &Connector{api: graph.API{Client: client, Version: Version}}
}

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxText, TextUnit: "characters",
		MaxMedia: maxFiles, MediaTypes: []string{"image/jpeg", "image/png"}, MaxMediaBytes: maxPicture, MaxAlt: maxAlt,
		VideoTypes: []string{"video/mp4", "video/quicktime"}, MaxVideoBytes: maxFilm, MaxVideo: maxLength,
		PublicMedia: true, PublicVideo: true,
		Idempotency: "container", Thread: true, FirstComment: true,
		Reply: true, Hide: true, HideNote: "cap.threads.top_level", Delete: true,
		Hears: []platform.ItemKind{platform.Comment, platform.Mention}, Edits: true, Deletions: true,
		Metrics: []string{"likes", "replies", "views", "shares", "reposts", "quotes"}, Push: true, Quota: true, Settle: 30 * time.Second,
		Connect: platform.Connect{Home: home, OAuth: true, App: []string{"verify_token"}, Scopes: scopes()},
	}
}

// Count implements platform.Connector: characters, and emoji by their bytes in
// UTF-8, as Threads does.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	return platform.Length{Used: weigh(platform.Compose(out)), Limit: maxText}
}

func weigh(text string) int {
	n := 0
	for _, r := range text {
		if emoji(r) {
			n += utf8.RuneLen(r)
			continue
		}
		n++
	}
	return n
}

// emoji is wide on purpose: a sign that Threads counts as one character and we
// as three is a text that is a little shorter, never one that is refused.
func emoji(r rune) bool {
	switch {
	case r >= 0x1F000, r >= 0x2300 && r <= 0x23FF, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF:
		return true
	case r >= 0x2190 && r <= 0x21FF, r == 0xFE0F, r == 0x200D, r == 0x20E3, r == 0x203C, r == 0x2049, r == 0x3030, r == 0x303D, r == 0x3297, r == 0x3299:
		return true
	}
	return false
}

// Verify implements platform.Connector. GET /me
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var me struct {
		ID       graph.Text `json:"id"`
		Username string     `json:"username"`
		Name     string     `json:"name"`
	}
	if _, err := c.api.Get(ctx, a, &me, url.Values{"fields": {"id,username,name"}}, "me"); err != nil {
		return platform.Profile{}, err
	}
	if me.ID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	return platform.Profile{RemoteID: string(me.ID), Handle: me.Username, Name: me.Name, URL: profilePage(me.Username)}, nil
}

func profilePage(handle string) string { return "https://www.threads.com/@" + url.PathEscape(handle) }

// Delete implements platform.Connector: DELETE /{post} of our own.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	if err := c.api.Delete(ctx, a, remoteID); !graph.Gone(err) {
		return err
	}
	return nil
}

// SetHidden implements platform.Hider: POST /{reply}/manage_reply. Only replies
// of the first level; what stands below follows.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	var done graph.Success
	hide := "false"
	if hidden {
		hide = "true"
	}
	_, err := c.api.Post(ctx, a, &done, url.Values{"hide": {hide}}, remoteID, "manage_reply")
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.invalid" {
		r.Code, r.Fix = "platform.hide_unsupported", platform.FixNobody
	}
	if err != nil {
		return err
	}
	return done.Confirmed()
}

// Measure implements platform.Measurer.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for _, id := range remoteIDs {
		counts := platform.Counts{}
		names := map[string]string{}
		for _, n := range c.Capabilities(a).Metrics {
			names[n] = n
		}
		err := graph.Insights(ctx, c.api, a, id, names, counts)
		if err != nil && !graph.Gone(err) {
			return all, err
		}
		if len(counts) > 0 {
			all[id] = counts
		}
	}
	return all, nil
}

type quota struct {
	Total    int64 `json:"quota_total"`
	Duration int64 `json:"quota_duration"`
}

// Quota implements platform.Quoter. GET /me/threads_publishing_limit
func (c *Connector) Quota(ctx context.Context, a platform.Account) ([]platform.Allowance, error) {
	var l graph.List[struct {
		Posts   int64 `json:"quota_usage"`
		Config  quota `json:"config"`
		Replies int64 `json:"reply_quota_usage"`
		Reply   quota `json:"reply_config"`
	}]
	if _, err := c.api.Get(ctx, a, &l, url.Values{"fields": {"quota_usage,config,reply_quota_usage,reply_config"}}, "me", "threads_publishing_limit"); err != nil {
		return nil, err
	}
	var all []platform.Allowance
	for _, q := range l.Data {
		for _, one := range []struct {
			name string
			used int64
			of   quota
		}{{"posts", q.Posts, q.Config}, {"replies", q.Replies, q.Reply}} {
			if one.of.Total > 0 {
				all = append(all, platform.Allowance{Name: one.name, Used: one.used, Limit: one.of.Total, Window: time.Duration(one.of.Duration) * time.Second})
			}
		}
	}
	return all, nil
}

// ByHand implements platform.Guide.
// https://developers.facebook.com/docs/threads/threads-web-intents
func (c *Connector) ByHand(a platform.Account, deed, _, text string) string {
	switch deed {
	case "post":
		return "https://www.threads.com/intent/post?text=" + url.QueryEscape(text)
	case "reply", "hide":
		return profilePage(a.Handle)
	}
	return ""
}

// Versions implements platform.Versioner.
func (c *Connector) Versions() []platform.Version { return []platform.Version{{Name: Version}} }

func scopes() []string {
	return strings.Fields("threads_basic threads_content_publish threads_manage_replies threads_read_replies threads_manage_insights threads_manage_mentions threads_delete")
}
