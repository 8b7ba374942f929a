package telegram

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// Challenge implements platform.Listener: Telegram checks no address.
func (c *Connector) Challenge(platform.App, map[string][]string) (string, bool) { return "", false }

// Signed implements platform.Listener: Telegram sends along the secret that it
// was given with setWebhook; the body itself is not signed.
func (c *Connector) Signed(app platform.App, header map[string][]string, _ []byte) error {
	got := http.Header(header).Get("X-Telegram-Bot-Api-Secret-Token")
	if app.VerifyToken == "" || subtle.ConstantTimeCompare([]byte(got), []byte(app.VerifyToken)) != 1 {
		return fault.New(fault.Denied, "platform.signature_invalid")
	}
	return nil
}

// Parse implements platform.Listener. A message to the bot itself does not say
// which bot it is: its account is "", which means the address's own.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var u update
	if err := wire.Whole(body, &u); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	if u.ID == 0 {
		return nil, fault.New(fault.Invalid, "platform.body_unreadable")
	}
	all := map[string][]platform.Item{}
	i, chat, ok := c.item(u)
	if m, _ := u.heard(); ok && i.Kind == platform.OwnPost && m.Album != "" && m.Caption == "" {
		// An album comes one picture at a time and in any order; the one with
		// the words is the post.
		return all, nil
	}
	if ok {
		all[chat] = []platform.Item{i}
	}
	return all, nil
}

// secretForm is what Telegram takes as a secret.
var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// Subscribe implements platform.Subscriber. An address of "" ends pushing: the
// updates can be polled again.
func (c *Connector) Subscribe(ctx context.Context, a platform.Account, address string) error {
	var done bool
	if address == "" {
		return c.ask(ctx, a, "deleteWebhook", nil, &done)
	}
	if !secretForm.MatchString(a.App.VerifyToken) {
		return &platform.Refusal{Code: "platform.verify_token_unfit", Fix: platform.FixAdmin}
	}
	ours, err := url.Parse(address)
	if err != nil {
		return &platform.Refusal{Code: "platform.address_refused", Fix: platform.FixAdmin}
	}
	q := ours.Query()
	q.Set(mark, "kentongan")
	ours.RawQuery = q.Encode()
	return c.ask(ctx, a, "setWebhook", fields{"url": ours.String(), "secret_token": a.App.VerifyToken, "allowed_updates": wanted()}, &done)
}

// mark stands in the address that we give: a webhook without it is somebody
// else's, and what it takes is lost to us.
const mark = "by"

// pushedToUs says that the webhook which keeps us from polling is our own. One
// on this machine is a test's: Telegram itself cannot reach it.
func (c *Connector) pushedToUs(ctx context.Context, a platform.Account) bool {
	var info struct {
		URL string `json:"url"`
	}
	if a.App.VerifyToken == "" || c.ask(ctx, a, "getWebhookInfo", nil, &info) != nil {
		return false
	}
	address, err := url.Parse(info.URL)
	if err != nil {
		return false
	}
	host := address.Hostname()
	ip, err := netip.ParseAddr(host)
	return address.Query().Get(mark) == "kentongan" || host == "localhost" || err == nil && ip.IsLoopback()
}
