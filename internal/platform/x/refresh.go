package x

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Expired implements platform.Refresher. OAuth 2.0 access lives two hours;
// OAuth 1.0a tokens live until revoked.
func (c *Connector) Expired(a platform.Account, now time.Time) bool {
	return a.Token.Refresh != "" && !a.Token.Expires.IsZero() && now.Add(2*time.Minute).After(a.Token.Expires)
}

// Refresh implements platform.Refresher. POST /2/oauth2/token. The old refresh
// token is spent by the call, so the caller stores the new one before use.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	config := oauth2.Config{
		ClientID: a.App.ClientID, ClientSecret: a.App.ClientSecret,
		Endpoint: oauth2.Endpoint{TokenURL: wire.Path(a.BaseURL, "2", "oauth2", "token"), AuthStyle: oauth2.AuthStyleInHeader},
	}
	if a.App.ClientSecret == "" {
		config.Endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client names itself in the form
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, c.client.HTTP(c.client.Transport()))
	fresh, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: a.Token.Refresh}).Token()
	if err != nil {
		return platform.Token{}, unrefreshed(err, a)
	}
	t := platform.Token{Access: fresh.AccessToken, Refresh: fresh.RefreshToken, Expires: fresh.Expiry.UTC()}
	if t.Refresh == "" {
		t.Refresh = a.Token.Refresh
	}
	return t, nil
}

// unrefreshed tells a spent or revoked refresh token, which only a person can
// replace, from a call that did not work.
func unrefreshed(err error, a platform.Account) error {
	r, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return wire.Failed(err)
	}
	said := safehttp.Said([]byte(r.ErrorCode+" "+r.ErrorDescription), a.Token.Refresh, a.Token.Access, a.App.ClientSecret)
	if r.Response == nil {
		return &platform.Unclear{Said: said, Err: errors.New("token refresh failed")}
	}
	status := r.Response.StatusCode
	switch {
	case status == http.StatusTooManyRequests:
		return &platform.Throttle{Until: reset(r.Response.Header, time.Now()), Said: said}
	case status/100 == 4 && strings.TrimSpace(r.ErrorCode) != "":
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	}
	return &platform.Unclear{Status: status, Said: said}
}
