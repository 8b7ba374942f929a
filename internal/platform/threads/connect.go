package threads

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// ConsentURL implements platform.Authorizer.
// https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
func (c *Connector) ConsentURL(k platform.Consent) (string, error) {
	base := k.BaseURL
	if base == home {
		base = consentAt
	}
	query := url.Values{"client_id": {k.App.ClientID}, "redirect_uri": {k.Redirect}, "response_type": {"code"}, "scope": {strings.Join(scopes(), ",")}, "state": {k.State}}
	return wire.Path(base, "oauth", "authorize") + "?" + query.Encode(), nil
}

// Redeem implements platform.Authorizer: code, token of an hour, token of
// sixty days, and which permissions it has.
func (c *Connector) Redeem(ctx context.Context, k platform.Consent, back url.Values) ([]platform.Granted, error) {
	code, err := wire.Code(back, "code")
	if err != nil {
		return nil, err
	}
	req, err := graph.Code(ctx, wire.Path(k.BaseURL, "oauth", "access_token"), strings.TrimSuffix(code, "#_"), k)
	if err != nil {
		return nil, err
	}
	short, err := graph.Trade(ctx, c.api.Client, req, code, k.App.ClientSecret)
	if err != nil {
		return nil, err
	}
	long, err := c.longer(ctx, k.BaseURL, "access_token", short.Access, url.Values{"grant_type": {"th_exchange_token"}, "client_secret": {k.App.ClientSecret}})
	if err != nil {
		return nil, err
	}
	g := platform.Granted{Token: long.Token(time.Now())}
	a := platform.Account{Platform: Name, BaseURL: k.BaseURL, App: k.App, Token: g.Token}
	var debug struct {
		Data struct {
			Scopes []string `json:"scopes"`
		} `json:"data"`
	}
	if _, err := c.api.Get(ctx, a, &debug, url.Values{"input_token": {g.Token.Access}}, "debug_token"); err == nil && debug.Data.Scopes != nil {
		g.Missing = wire.Lacking(scopes(), debug.Data.Scopes)
	}
	if g.Profile, err = c.Verify(ctx, a); err != nil {
		return nil, graph.Unopened(err, g.Missing)
	}
	return []platform.Granted{g}, nil
}

// longer trades a token for one of sixty days.
func (c *Connector) longer(ctx context.Context, base, path, access string, query url.Values) (graph.Granted, error) {
	query.Set("access_token", access)
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(base, path), query)
	if err != nil {
		return graph.Granted{}, err
	}
	return graph.Trade(ctx, c.api.Client, req, access, query.Get("client_secret"))
}

// Expired implements platform.Refresher.
func (c *Connector) Expired(a platform.Account, now time.Time) bool { return graph.Aging(a.Token, now) }

// Refresh implements platform.Refresher. GET /refresh_access_token. A token
// that has ended cannot be renewed: the account must be connected again.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	g, err := c.longer(ctx, a.BaseURL, "refresh_access_token", a.Token.Access, url.Values{"grant_type": {"th_refresh_token"}})
	if err != nil {
		return platform.Token{}, err
	}
	return g.Token(time.Now()), nil
}
