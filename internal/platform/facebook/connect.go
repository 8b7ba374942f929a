package facebook

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

func scopes() []string {
	return strings.Fields("pages_show_list pages_manage_posts pages_read_engagement pages_manage_engagement pages_read_user_engagement pages_manage_metadata pages_messaging read_insights")
}

// ConsentURL implements platform.Authorizer.
// https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
func (c *Connector) ConsentURL(k platform.Consent) (string, error) {
	base := k.BaseURL
	if base == home {
		base = consentAt
	}
	query := url.Values{"client_id": {k.App.ClientID}, "redirect_uri": {k.Redirect}, "response_type": {"code"}, "scope": {strings.Join(scopes(), ",")}, "state": {k.State}}
	return wire.Path(base, Version, "dialog", "oauth") + "?" + query.Encode(), nil
}

// Redeem implements platform.Authorizer: code, token of an hour, token of
// sixty days, and the Pages it leads to. A Page's token that comes from a
// long-lived one has no end.
func (c *Connector) Redeem(ctx context.Context, k platform.Consent, back url.Values) ([]platform.Granted, error) {
	code, err := wire.Code(back, "code")
	if err != nil {
		return nil, err
	}
	app := url.Values{"client_id": {k.App.ClientID}, "client_secret": {k.App.ClientSecret}}
	short, err := c.trade(ctx, k, app, url.Values{"redirect_uri": {k.Redirect}, "code": {code}}, code)
	if err != nil {
		return nil, err
	}
	long, err := c.trade(ctx, k, app, url.Values{"grant_type": {"fb_exchange_token"}, "fb_exchange_token": {short.Access}}, short.Access)
	if err != nil {
		return nil, err
	}
	person := platform.Account{Platform: Name, BaseURL: k.BaseURL, App: k.App, Token: long.Token(time.Now())}
	missing, err := c.missing(ctx, person)
	if err != nil {
		return nil, err
	}
	return c.pagesOf(ctx, person, missing)
}

// trade is GET /oauth/access_token.
func (c *Connector) trade(ctx context.Context, k platform.Consent, app, more url.Values, secret string) (graph.Granted, error) {
	for name, v := range app {
		more[name] = v
	}
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(k.BaseURL, Version, "oauth", "access_token"), more)
	if err != nil {
		return graph.Granted{}, err
	}
	return graph.Trade(ctx, c.client, req, secret, k.App.ClientSecret)
}

// missing are the permissions that the person did not give.
func (c *Connector) missing(ctx context.Context, person platform.Account) ([]string, error) {
	var given []string
	_, err := graph.Walk(ctx, c.graph, person, graph.Edge{Path: []string{"me", "permissions"}, Pages: pages},
		func(page []struct{ Permission, Status string }, _ http.Header) bool {
			for _, p := range page {
				if p.Status == "granted" {
					given = append(given, p.Permission)
				}
			}
			return false
		})
	return wire.Lacking(scopes(), given), err
}

type ownPage struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Link     string `json:"link"`
	Access   string `json:"access_token"`
}

// pagesOf are the Pages that the person may speak for.
func (c *Connector) pagesOf(ctx context.Context, person platform.Account, missing []string) ([]platform.Granted, error) {
	var all []platform.Granted
	_, err := graph.Walk(ctx, c.graph, person, graph.Edge{Path: []string{"me", "accounts"}, Pages: pages,
		Params: url.Values{"fields": {"id,name,username,link,access_token"}, "limit": {"100"}}},
		func(page []ownPage, _ http.Header) bool {
			for _, p := range page {
				if p.ID == "" || p.Access == "" {
					continue
				}
				g := platform.Granted{Missing: missing, Token: platform.Token{Access: p.Access},
					Profile: platform.Profile{RemoteID: p.ID, Handle: p.Username, Name: p.Name, URL: p.Link}}
				if g.Profile.Handle == "" {
					g.Profile.Handle = p.ID
				}
				if g.Profile.URL == "" {
					g.Profile.URL = "https://www.facebook.com/" + p.ID
				}
				all = append(all, g)
			}
			return false
		})
	if err != nil {
		return nil, graph.Unopened(err, missing)
	}
	if len(all) == 0 {
		return nil, wire.Consent(wire.ConsentPermission, "no Page was chosen: "+strings.Join(missing, ", "))
	}
	return all, nil
}
