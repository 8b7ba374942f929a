package bluesky

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// session is what createSession, refreshSession and getSession tell.
type session struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	DID     string `json:"did"`
	Handle  string `json:"handle"`
	Active  *bool  `json:"active"`
	Status  string `json:"status"`
	DIDDoc  struct {
		Service []struct {
			ID       string `json:"id"`
			Endpoint string `json:"serviceEndpoint"`
		} `json:"service"`
	} `json:"didDoc"`
}

// usable refuses an account that its server has put aside.
func (s session) usable() error {
	if !strings.HasPrefix(s.DID, "did:") {
		return &platform.Unclear{Status: http.StatusOK, Said: "no account id"}
	}
	if s.Active != nil && !*s.Active {
		return &platform.Refusal{Code: "platform.account_blocked", Said: s.Status, Fix: platform.FixAdmin, Block: true}
	}
	return nil
}

// scopeLimited is an app password's without access to direct messages.
const scopeLimited = "com.atproto.appPass"

// claims is what an access token says of itself. It is read, not trusted: the
// server checks it.
type claims struct {
	Scope   string `json:"scope"`
	Issued  int64  `json:"iat"`
	Expires int64  `json:"exp"`
}

func claimsOf(token string) (cl claims) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || wire.Whole(raw, &cl) != nil {
		return claims{}
	}
	return cl
}

// token is a session's credential. Its end is told in the server's time; only
// its length counts here, because clocks differ.
func (s session) token(now time.Time) platform.Token {
	t := platform.Token{Access: s.Access, Refresh: s.Refresh}
	cl := claimsOf(s.Access)
	if life := time.Duration(cl.Expires-cl.Issued) * time.Second; cl.Issued > 0 && life > 0 && life < 366*24*time.Hour {
		t.Expires = now.Add(life).UTC()
	} else {
		t.Expires = now.Add(time.Hour).UTC() // a token that says nothing is changed early
	}
	return t
}

// SignIn implements platform.Signer: com.atproto.server.createSession. It is
// called once; from then on tokens are refreshed (30 sign-ins in five minutes
// and 300 a day are all an account has).
func (c *Connector) SignIn(ctx context.Context, f platform.Form) (platform.Granted, error) {
	who := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(f.Account), "@"))
	a := platform.Account{Platform: Name, BaseURL: f.BaseURL}
	if a.BaseURL == "" {
		a.BaseURL = home
	}
	password := strings.TrimSpace(f.Password)
	if who == "" || password == "" {
		return platform.Granted{}, &platform.Refusal{Code: "platform.bluesky.wrong_password", Fix: platform.FixAdmin}
	}
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "com.atproto.server.createSession"), map[string]string{"identifier": who, "password": password})
	if err != nil {
		return platform.Granted{}, err
	}
	var s session
	answer, err := c.bearing(ctx, a, "", req, &s)
	if err != nil {
		return platform.Granted{}, unsigned(err, complaintOf(answer.Body).Name)
	}
	if err := s.usable(); err != nil {
		return platform.Granted{}, err
	}
	if s.Access == "" || s.Refresh == "" {
		return platform.Granted{}, &platform.Unclear{Status: answer.Status, Said: "no tokens"}
	}
	g := platform.Granted{Token: s.token(time.Now()), Profile: platform.Profile{RemoteID: s.DID, Handle: s.Handle, Name: s.Handle, URL: pages + "/profile/" + s.Handle}}
	a.Token, a.RemoteID = g.Token, s.DID
	if p, err := c.Verify(ctx, a); err == nil {
		g.Profile = p
	}
	if claimsOf(s.Access).Scope == scopeLimited {
		g.Missing = []string{"chat.bsky.convo"}
	}
	return g, nil
}

// unsigned says why a sign-in failed, in words for whoever typed it.
func unsigned(err error, name string) error {
	r := platform.AsRefusal(err)
	if r == nil || r.Block {
		return err
	}
	code := "platform.bluesky.wrong_password"
	if name == "AuthFactorTokenRequired" {
		code = "platform.bluesky.second_factor" // the account's own password was typed
	}
	return &platform.Refusal{Code: code, Said: r.Said, Fix: platform.FixAdmin}
}

// Expired implements platform.Refresher. An access token lives two hours; the
// margin covers a long upload.
func (c *Connector) Expired(a platform.Account, now time.Time) bool {
	return a.Token.Refresh != "" && !a.Token.Expires.IsZero() && now.Add(10*time.Minute).After(a.Token.Expires)
}

// Refresh implements platform.Refresher: com.atproto.server.refreshSession. The
// refresh token is spent by it.
func (c *Connector) Refresh(ctx context.Context, a platform.Account) (platform.Token, error) {
	req, err := wire.Request(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "com.atproto.server.refreshSession"), nil)
	if err != nil {
		return platform.Token{}, err
	}
	var s session
	answer, err := c.bearing(ctx, a, a.Token.Refresh, req, &s)
	if err != nil {
		return platform.Token{}, err
	}
	if s.Access == "" || s.Refresh == "" {
		return platform.Token{}, &platform.Unclear{Status: answer.Status, Said: "no tokens"}
	}
	if a.RemoteID != "" && s.DID != a.RemoteID {
		return platform.Token{}, &platform.Refusal{Code: "platform.auth_lost", Said: "the session is another account's", Fix: platform.FixAdmin, Auth: true}
	}
	return s.token(time.Now()), nil
}
