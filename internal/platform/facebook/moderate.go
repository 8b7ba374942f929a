package facebook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// Edit implements platform.Editor: POST /{post} or /{comment}. Files stay.
func (c *Connector) Edit(ctx context.Context, a platform.Account, remoteID string, out platform.Outgoing) error {
	if l := c.Count(a, out); l.Used > l.Limit {
		return &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	result, _, err := c.api(ctx, a, fb.POST, escape(remoteID), fb.Params{"message": message(out)})
	return done(result, err)
}

// Remove implements platform.Remover: DELETE /{comment}.
func (c *Connector) Remove(ctx context.Context, a platform.Account, remoteID string) error {
	return c.Delete(ctx, a, remoteID)
}

// SetBlocked implements platform.Blocker: POST or DELETE /{page}/blocked. The
// person is named by the id that Facebook made for our Page.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, authorID, _ string, blocked bool) error {
	if authorID == "" {
		return &platform.Refusal{Code: "platform.not_found", Said: "Facebook does not tell who wrote it", Fix: platform.FixNobody}
	}
	path := []string{a.RemoteID, "blocked"}
	if !blocked {
		return c.graph.DeleteWith(ctx, a, url.Values{"psid": {authorID}}, path...)
	}
	ids, err := json.Marshal([]string{authorID})
	if err != nil {
		return &platform.NotSent{Err: err}
	}
	var done map[string]bool
	if _, err := c.graph.Post(ctx, a, &done, url.Values{"psid": {string(ids)}}, path...); err != nil {
		return err
	}
	if !done[authorID] && !done["success"] {
		return &platform.Unclear{Status: http.StatusOK, Said: "not confirmed"}
	}
	return nil
}

// Subscribe implements platform.Subscriber. The address itself is set on the
// app's page; the Page says here which of its events go there.
// POST /{page}/subscribed_apps
func (c *Connector) Subscribe(ctx context.Context, a platform.Account, _ string) error {
	var done graph.Success
	form := url.Values{"subscribed_fields": {"feed,mention,messages,message_edits"}}
	if _, err := c.graph.Post(ctx, a, &done, form, a.RemoteID, "subscribed_apps"); err != nil {
		return err
	}
	return done.Confirmed()
}

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	switch deed {
	case "post":
		return "https://www.facebook.com/" + url.PathEscape(a.RemoteID)
	case "reply", "hide":
		return "https://www.facebook.com/" + url.PathEscape(remoteID)
	}
	return ""
}

// Versions implements platform.Versioner.
func (c *Connector) Versions() []platform.Version { return graph.Versions() }
