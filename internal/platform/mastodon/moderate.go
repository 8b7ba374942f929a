package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// SetBlocked implements platform.Blocker. POST /api/v1/accounts/:id/block.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, authorID, remoteID string, blocked bool) error {
	deed := "unblock"
	if blocked {
		deed = "block"
	}
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(a.BaseURL, "api", "v1", "accounts", authorID, deed), nil)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req)
	return err
}

// Edit implements platform.Editor. PUT /api/v1/statuses/:id: files that the
// request does not name are taken off, and an answer keeps whom it addresses.
func (c *Connector) Edit(ctx context.Context, a platform.Account, remoteID string, out platform.Outgoing) error {
	if l := c.Count(a, out); l.Used > l.Limit {
		return &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	var old status
	if _, err := c.get(ctx, a, &old, nil, "api", "v1", "statuses", remoteID); err != nil {
		return err
	}
	form := url.Values{"status": {platform.Compose(out)}}
	for _, m := range old.Media {
		form.Add("media_ids[]", m.ID)
	}
	for _, m := range old.Mentions {
		if old.InReplyTo != "" && m.ID == old.InReplyToWho && !addresses(out.Text, m.Acct) {
			form.Set("status", "@"+m.Acct+" "+form.Get("status"))
		}
	}
	req, err := wire.Form(ctx, http.MethodPut, wire.Path(a.BaseURL, "api", "v1", "statuses", remoteID), form)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req)
	return err
}

// addresses says whether a text already names somebody.
func addresses(text, acct string) bool {
	name, _, _ := strings.Cut(acct, "@")
	return strings.Contains(strings.ToLower(text)+" ", "@"+strings.ToLower(name))
}

// Check implements platform.Checker: what every Mastodon refuses of files.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code string) {
		all = append(all, &platform.Refusal{Code: code, Fix: platform.FixAuthor})
	}
	films := 0
	for _, m := range out.Media {
		if m.Video() {
			films++
		}
	}
	if len(out.Media) > c.limitsOf(a).media {
		no(wire.TooManyMedia)
	}
	if films > 0 && len(out.Media) > 1 {
		no(wire.MixedMedia)
	}
	return all
}

// ByHand implements platform.Guide: the server's own pages.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, text string) string {
	switch deed {
	case "hide": // no hand can hide somebody's reply on Mastodon either
		return ""
	case "post":
		return wire.Path(a.BaseURL, "share") + "?" + url.Values{"text": {text}}.Encode()
	}
	// Every Mastodon leads from here to the status's own page.
	return wire.Path(a.BaseURL, "web", "statuses", remoteID)
}
