package youtube

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

// scopes are what we ask for: uploading, and everything else that we do.
func scopes() []string {
	return []string{"https://www.googleapis.com/auth/youtube.force-ssl", "https://www.googleapis.com/auth/youtube.upload"}
}

// Google's hosts for consent and tokens; elsewhere they lie below the base.
func consentPage(base string) string {
	if base == home {
		return "https://accounts.google.com/o/oauth2/v2/auth"
	}
	return wire.Path(base, "o", "oauth2", "v2", "auth")
}

func tokenPage(base string) string {
	if base == home {
		return "https://oauth2.googleapis.com/token"
	}
	return wire.Path(base, "token")
}

// ConsentURL implements platform.Authorizer. access_type=offline and
// prompt=consent make Google give a refresh token each time.
func (c *Connector) ConsentURL(g platform.Consent) (string, error) {
	sum := sha256.Sum256([]byte(g.Verifier))
	return consentPage(g.BaseURL) + "?" + url.Values{
		"client_id": {g.App.ClientID}, "redirect_uri": {g.Redirect}, "response_type": {"code"}, "scope": {strings.Join(scopes(), " ")},
		"state": {g.State}, "access_type": {"offline"}, "prompt": {"consent"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode(), nil
}

// Redeem implements platform.Authorizer.
func (c *Connector) Redeem(ctx context.Context, g platform.Consent, back url.Values) ([]platform.Granted, error) {
	code := back.Get("code")
	if back.Get("error") != "" || code == "" {
		return nil, &platform.Refusal{Code: "platform.consent.denied", Said: safehttp.Said([]byte(back.Get("error"))), Fix: platform.FixAdmin}
	}
	made, err := c.trade(ctx, g.BaseURL, g.App, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {g.Redirect}, "code_verifier": {g.Verifier},
	})
	if err != nil {
		if r := platform.AsRefusal(err); r != nil && r.Auth {
			return nil, &platform.Refusal{Code: "platform.consent.expired", Said: r.Said, Fix: platform.FixAdmin}
		}
		return nil, err
	}
	var missing []string
	given := strings.Fields(made.Scope)
	for _, s := range scopes() {
		if !slices.Contains(given, s) {
			missing = append(missing, s)
		}
	}
	a := platform.Account{Platform: Name, BaseURL: g.BaseURL, App: g.App, Token: made.token("")}
	if slices.Contains(missing, scopes()[0]) {
		// Without it not even the channel's name can be read.
		return nil, &platform.Refusal{Code: "platform.consent.missing_permission", Said: strings.Join(missing, " "), Fix: platform.FixAdmin}
	}
	who, err := c.Verify(ctx, a)
	if err != nil {
		return nil, err
	}
	return []platform.Granted{{Profile: who, Token: a.Token, Missing: missing}}, nil
}

// Expired implements platform.Refresher: access lives an hour.
func (c *Connector) Expired(a platform.Account, now time.Time) bool {
	return a.Token.Refresh != "" && !a.Token.Expires.IsZero() && now.Add(2*time.Minute).After(a.Token.Expires)
}

// Refresh implements platform.Refresher. Google's refresh token stays the same.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	made, err := c.trade(ctx, a.BaseURL, a.App, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.Token.Refresh}})
	if err != nil {
		return platform.Token{}, err
	}
	return made.token(a.Token.Refresh), nil
}

type granted struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Expires int64  `json:"expires_in"`
	Scope   string `json:"scope"`
	Error   string `json:"error"`
	Words   string `json:"error_description"`
}

func (g granted) token(refresh string) platform.Token {
	t := platform.Token{Access: g.Access, Refresh: g.Refresh}
	if t.Refresh == "" {
		t.Refresh = refresh
	}
	if g.Expires > 0 && g.Expires < 1<<31 {
		t.Expires = time.Now().UTC().Add(time.Duration(g.Expires) * time.Second)
	}
	return t
}

// trade calls the token address (RFC 6749, 5.1 and 5.2).
func (c *Connector) trade(ctx context.Context, base string, app platform.App, form url.Values) (g granted, err error) {
	form.Set("client_id", app.ClientID)
	form.Set("client_secret", app.ClientSecret)
	req, err := wire.Form(ctx, http.MethodPost, tokenPage(base), form)
	if err != nil {
		return g, err
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return g, wire.Failed(err)
	}
	unread := wire.Decode(answer.Body, &g)
	said := safehttp.Said([]byte(strings.TrimSpace(g.Error+" "+g.Words)), app.ClientSecret, form.Get("code"), form.Get("refresh_token"))
	switch {
	case answer.Status == http.StatusTooManyRequests:
		return g, &platform.Throttle{Until: later(answer.Header, time.Now(), time.Minute), Said: said}
	case answer.OK() && unread == nil && g.Access != "":
		return g, nil
	case answer.Status/100 != 4 || unread != nil || g.Error == "":
		return g, &platform.Unclear{Status: answer.Status, Said: said}
	case g.Error == "redirect_uri_mismatch":
		return g, &platform.Refusal{Code: "platform.consent.redirect", Said: said, Fix: platform.FixAdmin}
	case g.Error == "invalid_client" || g.Error == "unauthorized_client":
		return g, &platform.Refusal{Code: "platform.consent.wrong_secret", Said: said, Fix: platform.FixAdmin}
	}
	return g, &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
}
