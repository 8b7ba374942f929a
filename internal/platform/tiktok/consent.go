package tiktok

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// scopes are what we ask for.
func scopes() []string {
	return []string{"user.info.basic", "user.info.profile", "video.publish", "video.list"}
}

func scopesOf(base string) []string {
	if isBusiness(base) {
		return businessScopes()
	}
	return scopes()
}

// ConsentURL implements platform.Authorizer.
func (c *Connector) ConsentURL(g platform.Consent) (string, error) {
	page := wire.Path(g.BaseURL, "v2", "auth", "authorize") + "/"
	if g.BaseURL == home || g.BaseURL == businessHome {
		page = "https://www.tiktok.com/v2/auth/authorize/"
	}
	return page + "?" + url.Values{
		"client_key": {g.App.ClientID}, "redirect_uri": {g.Redirect}, "response_type": {"code"},
		"scope": {strings.Join(scopesOf(g.BaseURL), ",")}, "state": {g.State},
	}.Encode(), nil
}

// Redeem implements platform.Authorizer.
func (c *Connector) Redeem(ctx context.Context, g platform.Consent, back url.Values) ([]platform.Granted, error) {
	code := back.Get("code")
	if back.Get("error") != "" || code == "" {
		return nil, &platform.Refusal{Code: "platform.consent.denied", Said: safehttp.Said([]byte(back.Get("error"))), Fix: platform.FixAdmin}
	}
	a := platform.Account{Platform: Name, BaseURL: g.BaseURL, App: g.App}
	var made granted
	var err error
	if isBusiness(g.BaseURL) {
		a.Mode = Business
		made, err = c.redeemBusiness(ctx, g, code)
	} else {
		made, err = c.trade(ctx, g.BaseURL, g.App, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {g.Redirect}})
	}
	if err != nil {
		if r := platform.AsRefusal(err); r != nil && r.Auth {
			return nil, &platform.Refusal{Code: "platform.consent.expired", Said: r.Said, Fix: platform.FixAdmin}
		}
		return nil, err
	}
	var missing []string
	given := strings.FieldsFunc(made.Scope, func(r rune) bool { return r == ',' || r == ' ' })
	for _, s := range scopesOf(g.BaseURL) {
		if !slices.Contains(given, s) {
			missing = append(missing, s)
		}
	}
	if slices.Contains(missing, "user.info.basic") || slices.Contains(missing, "user.info.profile") || slices.Contains(missing, "user.info.username") {
		// Without them not even the account's name can be read.
		return nil, &platform.Refusal{Code: "platform.consent.missing_permission", Said: strings.Join(missing, ","), Fix: platform.FixAdmin}
	}
	a.Token, a.RemoteID = made.token(), made.OpenID
	who, err := c.Verify(ctx, a)
	if err != nil {
		return nil, err
	}
	return []platform.Granted{{Profile: who, Token: a.Token, Missing: missing}}, nil
}

// Expired implements platform.Refresher: access lives a day.
func (c *Connector) Expired(a platform.Account, now time.Time) bool {
	return a.Token.Refresh != "" && !a.Token.Expires.IsZero() && now.Add(10*time.Minute).After(a.Token.Expires)
}

// Refresh implements platform.Refresher. TikTok may give another refresh token.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	var made granted
	var err error
	if a.Mode == Business {
		made, err = c.tradeBusiness(ctx, a.BaseURL, a.App, map[string]any{"grant_type": "refresh_token", "refresh_token": a.Token.Refresh}, "refresh_token")
	} else {
		made, err = c.trade(ctx, a.BaseURL, a.App, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.Token.Refresh}})
	}
	if err != nil {
		return platform.Token{}, err
	}
	t := made.token()
	if t.Refresh == "" {
		t.Refresh = a.Token.Refresh
	}
	return t, nil
}

type granted struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	OpenID  string `json:"open_id"`
	Expires int64  `json:"expires_in"`
	Scope   string `json:"scope"`
	Error   string `json:"error"`
	Words   string `json:"error_description"`
}

func (g granted) token() platform.Token {
	t := platform.Token{Access: g.Access, Refresh: g.Refresh}
	if g.Expires > 0 && g.Expires < 1<<31 {
		t.Expires = time.Now().UTC().Add(time.Duration(g.Expires) * time.Second)
	}
	return t
}

// trade calls POST /v2/oauth/token/. Errors may come with status 200.
func (c *Connector) trade(ctx context.Context, base string, app platform.App, form url.Values) (g granted, err error) {
	form.Set("client_key", app.ClientID)
	form.Set("client_secret", app.ClientSecret)
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(base, "v2", "oauth", "token")+"/", form)
	if err != nil {
		return g, err
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return g, wire.Failed(err)
	}
	unread := wire.Decode(answer.Body, &g)
	said := safehttp.Said([]byte(strings.TrimSpace(g.Error+" "+g.Words)), app.ClientSecret, form.Get("code"), form.Get("refresh_token"))
	no := func(code string) error { return &platform.Refusal{Code: code, Said: said, Fix: platform.FixAdmin} }
	switch {
	case answer.Status == http.StatusTooManyRequests:
		return g, &platform.Throttle{Until: time.Now().Add(time.Minute), Said: said}
	case answer.Status >= 500 || unread != nil || g.Error == "" && g.Access == "":
		return g, &platform.Unclear{Status: answer.Status, Said: said}
	case answer.OK() && g.Error == "":
		return g, nil
	case g.Error == "invalid_client" || g.Error == "unauthorized_client":
		return g, no("platform.consent.wrong_secret")
	case g.Error == "invalid_request" && strings.Contains(strings.ToLower(g.Words), "redirect"):
		return g, no("platform.consent.redirect")
	}
	return g, &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
}
