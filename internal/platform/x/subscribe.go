package x

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// consumer is the app's API key and secret: what signs OAuth 1.0a calls and
// webhooks, and what app-only access is traded for. An app that uses OAuth 2.0
// has a client id and secret beside them; then its verify token holds
// "key:secret".
func consumer(app platform.App) (key, secret string) {
	if key, secret, ok := strings.Cut(app.VerifyToken, ":"); ok && key != "" && secret != "" {
		return key, secret
	}
	return app.ClientID, app.ClientSecret
}

// appOnly trades the app's key and secret for its bearer token.
// POST /oauth2/token grant_type=client_credentials
func (c *Connector) appOnly(ctx context.Context, a platform.Account) (platform.Account, error) {
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(a.BaseURL, "oauth2", "token"), url.Values{"grant_type": {"client_credentials"}})
	if err != nil {
		return a, err
	}
	key, secret := consumer(a.App)
	req.SetBasicAuth(url.QueryEscape(key), url.QueryEscape(secret))
	answer, err := c.client.Fetch(req)
	if err != nil {
		return a, wire.Failed(err)
	}
	var got struct {
		Type   string `json:"token_type"`
		Access string `json:"access_token"`
	}
	err = wire.Whole(answer.Body, &got)
	switch {
	case err == nil && answer.OK() && strings.EqualFold(got.Type, "bearer") && got.Access != "":
		a.Token = platform.Token{Access: got.Access}
		return a, nil
	case answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden:
		p, _ := readProblem(answer.Body)
		return a, wire.Consent(wire.ConsentSecret, p.words(), secret)
	}
	return a, &platform.Unclear{Status: answer.Status, Said: "no app-only token", Err: err}
}

// subscribed are the events that concern the inbox and the office's own posts.
// https://docs.x.com/x-api/activity/introduction
func subscribed() []string {
	return []string{"post.reply.create", "post.mention.create", "post.quote.create", "post.create", "post.delete", "dm.received"}
}

// Subscribe implements platform.Subscriber: the app's webhook, and what of the
// account is pushed to it. Both are looked up first, so that a repeat makes
// nothing double.
func (c *Connector) Subscribe(ctx context.Context, a platform.Account, address string) error {
	app, err := c.appOnly(ctx, a)
	if err != nil {
		return err
	}
	hook, err := c.webhook(ctx, app, address)
	if err != nil {
		return err
	}
	have, err := c.subscriptions(ctx, app, a.RemoteID, hook)
	if err != nil {
		return err
	}
	for _, event := range subscribed() {
		if have[event] {
			continue
		}
		body := map[string]any{"event_type": event, "filter": map[string]string{"user_id": a.RemoteID}, "webhook_id": hook, "tag": "kentongan"}
		// Private events need the account's own consent, so its token asks.
		req, err := wire.JSON(ctx, http.MethodPost, c.path(a, "2", "activity", "subscriptions"), body)
		if err != nil {
			return err
		}
		if _, err := c.call(ctx, a, req); err != nil {
			return err
		}
	}
	return nil
}

// webhook is the id of the address at X, registered now if it was not.
func (c *Connector) webhook(ctx context.Context, app platform.Account, address string) (string, error) {
	var known struct {
		Data []struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			Valid bool   `json:"valid"`
		} `json:"data"`
	}
	if err := c.get(ctx, app, &known, nil, "2", "webhooks"); err != nil {
		return "", err
	}
	for _, h := range known.Data {
		if h.URL != address || h.ID == "" {
			continue
		}
		if h.Valid {
			return h.ID, nil
		}
		// X gave it up: it is asked to try the address again.
		req, err := wire.Request(ctx, http.MethodPut, c.path(app, "2", "webhooks", h.ID), nil)
		if err != nil {
			return "", err
		}
		_, err = c.call(ctx, app, req)
		return h.ID, err
	}
	req, err := wire.JSON(ctx, http.MethodPost, c.path(app, "2", "webhooks"), map[string]string{"url": address})
	if err != nil {
		return "", err
	}
	var made struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := c.read(ctx, app, req, &made); err != nil {
		return "", err
	}
	if made.Data.ID == "" {
		return "", &platform.Unclear{Status: http.StatusOK, Said: "no webhook id"}
	}
	return made.Data.ID, nil
}

// subscriptions are the account's events that already go to the webhook.
func (c *Connector) subscriptions(ctx context.Context, app platform.Account, user, hook string) (map[string]bool, error) {
	have := map[string]bool{}
	token := ""
	for range 10 {
		query := url.Values{"max_results": {"1000"}}
		if token != "" {
			query.Set("pagination_token", token)
		}
		var page struct {
			Data []struct {
				Event  string `json:"event_type"`
				Hook   string `json:"webhook_id"`
				Filter struct {
					UserID string `json:"user_id"`
				} `json:"filter"`
			} `json:"data"`
			Meta struct {
				Next string `json:"next_token"`
			} `json:"meta"`
		}
		if err := c.get(ctx, app, &page, query, "2", "activity", "subscriptions"); err != nil {
			return nil, err
		}
		for _, s := range page.Data {
			if s.Filter.UserID == user && s.Hook == hook {
				have[s.Event] = true
			}
		}
		if token = page.Meta.Next; token == "" {
			break
		}
	}
	return have, nil
}

// scopes are what the office needs of OAuth 2.0. offline.access gives the
// refresh token.
func scopes() []string {
	return []string{"tweet.read", "tweet.write", "users.read", "media.write", "tweet.moderate.write", "dm.read", "dm.write", "offline.access"}
}

// ConsentURL implements platform.Authorizer: x.com's own page, or the base
// address's where it is not X's own.
func (c *Connector) ConsentURL(k platform.Consent) (string, error) {
	base := strings.TrimRight(k.BaseURL, "/")
	if base == canonical || base == "" {
		base = "https://x.com"
	}
	return base + "/i/oauth2/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {k.App.ClientID}, "redirect_uri": {k.Redirect}, "scope": {strings.Join(scopes(), " ")},
		"state": {k.State}, "code_challenge": {challenge(k.Verifier)}, "code_challenge_method": {"S256"},
	}.Encode(), nil
}

// Redeem implements platform.Authorizer. The code lives thirty seconds.
func (c *Connector) Redeem(ctx context.Context, k platform.Consent, back url.Values) ([]platform.Granted, error) {
	code, err := wire.Code(back, "code")
	if err != nil {
		return nil, err
	}
	if k.BaseURL == "" {
		k.BaseURL = canonical
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {k.Redirect}, "code_verifier": {k.Verifier}}
	if k.App.ClientSecret == "" {
		form.Set("client_id", k.App.ClientID) // a public client names itself in the form
	}
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(k.BaseURL, "2", "oauth2", "token"), form)
	if err != nil {
		return nil, err
	}
	if k.App.ClientSecret != "" {
		req.SetBasicAuth(url.QueryEscape(k.App.ClientID), url.QueryEscape(k.App.ClientSecret))
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return nil, wire.Failed(err)
	}
	t, given, err := redeemed(answer, code, k)
	if err != nil {
		return nil, err
	}
	missing := wire.Lacking(scopes(), given)
	a := platform.Account{Platform: Name, BaseURL: k.BaseURL, App: k.App, Token: t}
	who, err := c.Verify(ctx, a)
	if r := platform.AsRefusal(err); r != nil && len(missing) > 0 {
		return nil, wire.Consent(wire.ConsentPermission, "not granted: "+strings.Join(missing, " "))
	}
	if err != nil {
		return nil, err
	}
	return []platform.Granted{{Profile: who, Token: t, Missing: missing}}, nil
}

// redeemed reads the token address's answer.
func redeemed(answer safehttp.Answer, code string, k platform.Consent) (platform.Token, []string, error) {
	var got struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Life    int64  `json:"expires_in"`
		Scope   string `json:"scope"`
		Error   string `json:"error"`
		Words   string `json:"error_description"`
	}
	err := wire.Whole(answer.Body, &got)
	said := safehttp.Said([]byte(got.Error+" "+got.Words), code, k.Verifier, k.App.ClientSecret)
	switch {
	case err == nil && answer.OK() && got.Access != "":
		t := platform.Token{Access: got.Access, Refresh: got.Refresh}
		if got.Life > 0 && got.Life < 1<<31 {
			t.Expires = time.Now().Add(time.Duration(got.Life) * time.Second).UTC()
		}
		return t, strings.Fields(got.Scope), nil
	case answer.Status == http.StatusTooManyRequests:
		return platform.Token{}, nil, &platform.Throttle{Until: reset(answer.Header, time.Now()), Said: said}
	case err != nil || answer.Status/100 != 4 || got.Error == "":
		return platform.Token{}, nil, &platform.Unclear{Status: answer.Status, Said: said, Err: err}
	case got.Error == "unauthorized_client" || got.Error == "invalid_client" || answer.Status == http.StatusUnauthorized:
		return platform.Token{}, nil, wire.Consent(wire.ConsentSecret, said)
	}
	return platform.Token{}, nil, wire.Consent(wire.ConsentExpired, said)
}
