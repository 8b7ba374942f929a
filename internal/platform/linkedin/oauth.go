package linkedin

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

// scopes are what a page's office needs (Community Management API).
func scopes() []string {
	return []string{"w_organization_social", "r_organization_social", "rw_organization_admin"}
}

// consents is where people are asked and codes are traded: LinkedIn's web host,
// or the base address itself where it is not LinkedIn's own.
func consents(base string) string {
	if base = strings.TrimRight(base, "/"); base == home || base == "" {
		return "https://www.linkedin.com/oauth/v2/"
	}
	return base + "/oauth/v2/"
}

// ConsentURL implements platform.Authorizer. LinkedIn's web flow has no PKCE.
func (c *Connector) ConsentURL(k platform.Consent) (string, error) {
	return consents(k.BaseURL) + "authorization?" + url.Values{
		"response_type": {"code"}, "client_id": {k.App.ClientID}, "redirect_uri": {k.Redirect}, "state": {k.State}, "scope": {strings.Join(scopes(), " ")},
	}.Encode(), nil
}

// Redeem implements platform.Authorizer: one credential for each page that the
// person administers.
func (c *Connector) Redeem(ctx context.Context, k platform.Consent, back url.Values) ([]platform.Granted, error) {
	code, err := wire.Code(back, "code")
	if err != nil {
		return nil, err
	}
	t, given, err := c.trade(ctx, k.BaseURL, k.App, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {k.Redirect}}, code)
	if err != nil {
		return nil, err
	}
	base := k.BaseURL
	if base == "" {
		base = home
	}
	a := platform.Account{Platform: Name, BaseURL: base, App: k.App, Token: t}
	missing := wire.Lacking(scopes(), given)
	pages, err := c.pages(ctx, a)
	if err != nil {
		return nil, err
	}
	var all []platform.Granted
	for _, p := range pages {
		a.RemoteID = p
		profile, err := c.page(ctx, a)
		if err != nil {
			return nil, err
		}
		all = append(all, platform.Granted{Profile: profile, Token: t, Missing: missing})
	}
	if len(all) == 0 {
		return nil, &platform.Refusal{Code: codeNoPage, Said: "no page with the role ADMINISTRATOR", Fix: platform.FixAdmin}
	}
	return all, nil
}

// Expired implements platform.Refresher: sixty days, renewed a day before.
func (c *Connector) Expired(a platform.Account, now time.Time) bool {
	return a.Token.Refresh != "" && !a.Token.Expires.IsZero() && now.Add(24*time.Hour).After(a.Token.Expires)
}

// Refresh implements platform.Refresher.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	t, _, err := c.trade(ctx, a.BaseURL, a.App, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.Token.Refresh}}, a.Token.Refresh)
	if r := platform.AsRefusal(err); r != nil && r.Code == wire.ConsentExpired {
		return t, &platform.Refusal{Code: "platform.auth_lost", Said: r.Said, Fix: platform.FixAdmin, Auth: true}
	}
	if err == nil && t.Refresh == "" {
		t.Refresh = a.Token.Refresh
	}
	return t, err
}

// trade is one call of the token address.
func (c *Connector) trade(ctx context.Context, base string, app platform.App, form url.Values, secret string) (platform.Token, []string, error) {
	form.Set("client_id", app.ClientID)
	form.Set("client_secret", app.ClientSecret)
	req, err := wire.Form(ctx, http.MethodPost, consents(base)+"accessToken", form)
	if err != nil {
		return platform.Token{}, nil, err
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return platform.Token{}, nil, wire.Failed(err)
	}
	var got struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Life    int64  `json:"expires_in"`
		Scope   string `json:"scope"`
		Error   string `json:"error"`
		Words   string `json:"error_description"`
	}
	err = wire.Whole(answer.Body, &got)
	said := safehttp.Said([]byte(got.Error+" "+got.Words), secret, app.ClientSecret)
	switch {
	case err == nil && answer.OK() && got.Access != "":
		given := strings.FieldsFunc(got.Scope, func(r rune) bool { return r == ',' || r == ' ' })
		t := platform.Token{Access: got.Access, Refresh: got.Refresh}
		if got.Life > 0 && got.Life < 1<<31 {
			t.Expires = time.Now().Add(time.Duration(got.Life) * time.Second).UTC()
		}
		return t, given, nil
	case answer.Status == http.StatusTooManyRequests:
		return platform.Token{}, nil, &platform.Throttle{Until: reset(got.Words, answer.Header, time.Now()), Said: said}
	case err != nil || answer.Status/100 != 4 || got.Error == "":
		return platform.Token{}, nil, &platform.Unclear{Status: answer.Status, Said: said, Err: err}
	case got.Error == "invalid_client" || answer.Status == http.StatusUnauthorized:
		return platform.Token{}, nil, wire.Consent(wire.ConsentSecret, said)
	case got.Error == "invalid_grant" || strings.Contains(got.Words, "code"):
		return platform.Token{}, nil, wire.Consent(wire.ConsentExpired, said)
	}
	return platform.Token{}, nil, wire.Consent(wire.ConsentDenied, said)
}
