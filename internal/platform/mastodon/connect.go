package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// scopes are the least that the connector needs (docs.joinmastodon.org: OAuth
// scopes). Servers that know only the old ones give all below them.
func scopes() []string {
	return []string{"read:accounts", "read:statuses", "read:notifications", "write:statuses", "write:media", "write:blocks"}
}

// Register implements platform.Registrar. POST /api/v1/apps: every server
// gives out app credentials by itself.
func (c *Connector) Register(ctx context.Context, baseURL, redirect string) (platform.App, error) {
	var app struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	err := c.ask(ctx, wire.Path(baseURL, "api", "v1", "apps"), url.Values{
		"client_name": {"Kentongan"}, "redirect_uris": {redirect}, "scopes": {strings.Join(scopes(), " ")},
	}, &app)
	if err != nil {
		return platform.App{}, err
	}
	if app.ID == "" || app.Secret == "" {
		return platform.App{}, &platform.Unclear{Status: http.StatusOK, Said: "no app credentials"}
	}
	return platform.App{ClientID: app.ID, ClientSecret: app.Secret}, nil
}

// ConsentURL implements platform.Authorizer. GET /oauth/authorize, with PKCE,
// which Mastodon knows since 4.3 and older servers pass over.
func (c *Connector) ConsentURL(w platform.Consent) (string, error) {
	sum := sha256.Sum256([]byte(w.Verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {w.App.ClientID}, "redirect_uri": {w.Redirect}, "scope": {strings.Join(scopes(), " ")},
		"state": {w.State}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	return wire.Path(w.BaseURL, "oauth", "authorize") + "?" + query.Encode(), nil
}

// Redeem implements platform.Authorizer. POST /oauth/token.
func (c *Connector) Redeem(ctx context.Context, w platform.Consent, back url.Values) ([]platform.Granted, error) {
	code, err := wire.Code(back, "code")
	if err != nil {
		return nil, err
	}
	var given struct {
		Access string `json:"access_token"`
		Scope  string `json:"scope"`
	}
	err = c.ask(ctx, wire.Path(w.BaseURL, "oauth", "token"), url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {w.App.ClientID}, "client_secret": {w.App.ClientSecret},
		"redirect_uri": {w.Redirect}, "code_verifier": {w.Verifier},
	}, &given)
	if err != nil {
		return nil, err
	}
	if given.Access == "" {
		return nil, &platform.Unclear{Status: http.StatusOK, Said: "no access token"}
	}
	a := platform.Account{Platform: Name, BaseURL: w.BaseURL, App: w.App, Token: platform.Token{Access: given.Access}}
	who, err := c.Verify(ctx, a)
	if err != nil {
		return nil, err
	}
	return []platform.Granted{{Profile: who, Token: a.Token, Missing: lacking(strings.Fields(given.Scope))}}, nil
}

// lacking are the scopes we need and were not given; "write" gives every
// "write:…", and a server that does not say has given what was asked.
func lacking(given []string) []string {
	if len(given) == 0 {
		return nil
	}
	for _, want := range scopes() {
		if whole, _, _ := strings.Cut(want, ":"); slices.Contains(given, whole) {
			given = append(given, want)
		}
	}
	return wire.Lacking(scopes(), given)
}

// ask posts a form without a token and says why it was refused in the words of
// a consent: Doorkeeper's errors (RFC 6749, 5.2).
func (c *Connector) ask(ctx context.Context, address string, form url.Values, into any) error {
	req, err := wire.Form(ctx, http.MethodPost, address, form)
	if err != nil {
		return err
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return wire.Failed(err)
	}
	if answer.OK() {
		if err := wire.Decode(answer.Body, into); err != nil {
			return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
		}
		return nil
	}
	var no struct {
		Error string `json:"error"`
	}
	_ = wire.Whole(answer.Body, &no) // another body has no such code
	words, _ := said(answer.Body)
	secrets := []string{form.Get("client_secret"), form.Get("code"), form.Get("code_verifier")}
	switch no.Error {
	case "invalid_client", "unauthorized_client":
		return wire.Consent(wire.ConsentSecret, string(words), secrets...)
	case "invalid_grant":
		return wire.Consent(wire.ConsentExpired, string(words), secrets...)
	case "invalid_scope":
		return wire.Consent(wire.ConsentPermission, string(words), secrets...)
	}
	return refused(answer, safehttp.Said(words, secrets...), time.Now())
}
