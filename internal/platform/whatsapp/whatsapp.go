// Package whatsapp speaks the Cloud API of the WhatsApp Business Platform: an
// inbox, answers inside the 24 hours after a citizen's message, and templates
// that Meta approved. Nothing goes out to the public here: WhatsApp Channels
// have no interface that a government may use, and broadcasts are off.
//
// Three facts shape it. There is nothing to pull: what is missed by webhook is
// gone. An acceptance is not a delivery: what became of a message comes later
// as a status. And a message's id holds the citizen's number, so ids are
// personal data: they are never logged, never put into errors, never read.
// https://developers.facebook.com/documentation/business-messaging/whatsapp
package whatsapp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.WhatsApp

// Version of the Graph API that the connector was tested with.
const Version = "v25.0"

// Provider is the Mode of an account that a solution provider carries: the key
// stands in a header of its own and names the number, so that paths do not.
const Provider = "d360"

const home = "https://graph.facebook.com"

// Connector speaks to WhatsApp.
type Connector struct {
	client *safehttp.Client
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Limits of a message.
const (
	maxText    = 4096
	maxCaption = 1024
	maxPicture = 5 << 20
	maxFilm    = 16 << 20
	window     = 24 * time.Hour
)

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxText, TextUnit: "characters", NoPosts: true,
		MaxMedia: 1, MediaTypes: []string{"image/jpeg", "image/png"}, MaxMediaBytes: maxPicture,
		VideoTypes: []string{"video/mp4"}, MaxVideoBytes: maxFilm,
		Idempotency: "sighting", Hears: []platform.ItemKind{platform.Direct},
		ReplyDirect: true, ReplyWindow: window, ReplyNote: "cap.whatsapp.window", Templates: true,
		HideNote: "cap.whatsapp.private", Block: true, Push: true, Quota: true, Settle: 30 * time.Second,
		Connect: platform.Connect{
			Home: home, Fields: []string{"account", "access"}, Scopes: scopes(), App: []string{"client_id", "client_secret", "verify_token"},
		},
	}
}

// scopes are what a system user's token needs.
func scopes() []string {
	return []string{"whatsapp_business_management", "whatsapp_business_messaging"}
}

// Versions implements platform.Versioner.
func (c *Connector) Versions() []platform.Version { return graph.Versions() }

// Count implements platform.Connector.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	l := platform.Length{Used: utf8.RuneCountInString(platform.Compose(out)), Limit: maxText}
	if len(out.Media) > 0 {
		l.Limit = maxCaption
	}
	return l
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) (all []*platform.Refusal) {
	no := func(code, fix string) { all = append(all, &platform.Refusal{Code: code, Fix: fix}) }
	if out.To == "" && out.Thread == "" && out.InReplyTo == "" {
		no("platform.no_posts", platform.FixNobody)
	}
	if out.Template != nil {
		return all // its text was approved as it is
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", platform.FixAuthor)
	}
	if platform.Compose(out) == "" && len(out.Media) == 0 {
		no("platform.invalid", platform.FixAuthor)
	}
	if len(out.Media) > 1 {
		no("platform.media_too_many", platform.FixAuthor)
	}
	for _, m := range out.Media {
		caps := c.Capabilities(a)
		types, most := caps.MediaTypes, caps.MaxMediaBytes
		if m.Video() {
			types, most = caps.VideoTypes, caps.MaxVideoBytes
		}
		switch {
		case !slices.Contains(types, m.Type):
			no("platform.media_unsupported", platform.FixAuthor)
		case m.Size > most:
			no("platform.media_too_large", platform.FixAuthor)
		}
	}
	return all
}

// provider says that the account is carried by a solution provider.
func provider(a platform.Account) bool {
	return a.Mode == Provider || strings.Contains(a.BaseURL, "360dialog.io")
}

// path is the address of something that belongs to an id. A provider's key
// names the number by itself (docs.360dialog.com, Messaging API).
func path(a platform.Account, id string, edge ...string) string {
	if provider(a) {
		return wire.Path(a.BaseURL, edge...)
	}
	version := a.Version
	if version == "" {
		version = Version
	}
	return wire.Path(a.BaseURL, append([]string{version, id}, edge...)...)
}

// waba is the WhatsApp Business Account that the number belongs to.
func waba(a platform.Account) (string, error) {
	if len(a.Also) == 0 && !provider(a) {
		return "", &platform.Refusal{Code: "platform.forbidden", Said: "the business account is not known", Fix: platform.FixAdmin}
	}
	return strings.Join(a.Also[:min(len(a.Also), 1)], ""), nil
}

// phone is a number as Meta knows it.
type phone struct {
	ID      string `json:"id"`
	Display string `json:"display_phone_number"`
	Name    string `json:"verified_name"`
	Limit   string `json:"whatsapp_business_manager_messaging_limit"`
}

// Verify implements platform.Connector.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	if provider(a) {
		return c.carried(ctx, a)
	}
	if len(a.Also) == 0 { // connecting: which business account is it?
		p, _, err := c.owned(ctx, a)
		return p, err
	}
	var p phone
	query := url.Values{"fields": {"id,display_phone_number,verified_name"}}
	if err := c.get(ctx, a, &p, query, path(a, a.RemoteID)); err != nil {
		return platform.Profile{}, err
	}
	if p.ID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no phone number id"}
	}
	return p.profile(a.Also), nil
}

func (p phone) profile(also []string) platform.Profile {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, p.Display)
	return platform.Profile{RemoteID: p.ID, Handle: p.Display, Name: p.Name, URL: "https://wa.me/" + digits, Also: also}
}

// carried asks a provider which number a key is for.
func (c *Connector) carried(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var health struct {
		Health struct {
			Entities []struct {
				Type string `json:"entity_type"`
				ID   string `json:"id"`
			} `json:"entities"`
		} `json:"health_status"`
	}
	if err := c.get(ctx, a, &health, nil, path(a, "", "health_status")); err != nil {
		return platform.Profile{}, err
	}
	p := platform.Profile{}
	for _, e := range health.Health.Entities {
		switch e.Type {
		case "PHONE_NUMBER":
			p.RemoteID, p.Handle, p.Name = e.ID, e.ID, e.ID
		case "WABA":
			p.Also = []string{e.ID}
		}
	}
	if p.RemoteID == "" {
		return p, &platform.Unclear{Status: http.StatusOK, Said: "no phone number id"}
	}
	return p, nil
}

// Find implements platform.Connector. message_history tells neither recipient
// nor text, so nothing in it proves anything; what landed is told by a status
// with our own key, and absence proves nothing at all.
func (c *Connector) Find(context.Context, platform.Account, platform.Attempt) (platform.Finding, error) {
	return platform.Finding{}, nil
}

// Delete implements platform.Connector: what was sent cannot be called back.
func (c *Connector) Delete(context.Context, platform.Account, string) error {
	return &platform.Refusal{Code: "platform.delete_unsupported", Fix: platform.FixNobody}
}

// Quota implements platform.Quoter: how many people a day may be written to
// outside their windows. Meta tells the limit, not how much of it is used.
func (c *Connector) Quota(ctx context.Context, a platform.Account) ([]platform.Allowance, error) {
	if provider(a) {
		return nil, nil
	}
	var p phone
	if err := c.get(ctx, a, &p, url.Values{"fields": {"whatsapp_business_manager_messaging_limit"}}, path(a, a.RemoteID)); err != nil {
		return nil, err
	}
	limit := map[string]int64{"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000}[p.Limit]
	if limit == 0 {
		return nil, nil // without limit, or one that we do not know
	}
	return []platform.Allowance{{Name: "new_people", Limit: limit, Window: 24 * time.Hour}}, nil
}
