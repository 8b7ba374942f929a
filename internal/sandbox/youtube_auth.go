package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ytAccessLife is how long Google's access tokens live.
const ytAccessLife = time.Hour

// ytToken: POST https://oauth2.googleapis.com/token, a form. A refresh token
// is good many times and stays the same (developers.google.com/identity/protocols/oauth2/web-server).
func (s *Sandbox) ytToken(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		oauthRefusal(http.StatusBadRequest, "invalid_request", "Bad Request").write(w)
		return
	}
	s.mu.Lock()
	out := s.ytTrade(c)
	s.mu.Unlock()
	out.write(w)
}

func (s *Sandbox) ytTrade(c *call) answer {
	app := s.app(YouTube)
	switch {
	case c.form.Get("client_id") != app.ClientID:
		return oauthRefusal(http.StatusUnauthorized, "invalid_client", "The OAuth client was not found.")
	case c.form.Get("client_secret") != app.ClientSecret:
		return oauthRefusal(http.StatusUnauthorized, "invalid_client", "Unauthorized")
	}
	switch c.form.Get("grant_type") {
	case "refresh_token":
		return s.ytRefresh(c)
	case "authorization_code":
		return s.ytRedeem(c)
	}
	return oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "Invalid grant_type: "+c.form.Get("grant_type"))
}

func (s *Sandbox) ytRefresh(c *call) answer {
	var old *token
	for _, t := range s.world.tokens {
		if r := c.form.Get("refresh_token"); r != "" && t.Refresh == r && strings.HasPrefix(t.Account, YouTube+"/") {
			old = t
		}
	}
	if old == nil || old.Revoked {
		return oauthRefusal(http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
	}
	next := &token{Access: "ya29." + random(), Refresh: old.Refresh, Account: old.Account, Scopes: old.Scopes, Expires: c.now.Add(ytAccessLife)}
	if err := s.world.putToken(next); err != nil {
		return oauthRefusal(http.StatusInternalServerError, "internal_failure", "Backend Error")
	}
	return ytGranted(next, false)
}

func (s *Sandbox) ytRedeem(c *call) answer {
	g, err := s.redeem(YouTube, c.form.Get("code"), c.form.Get("redirect_uri"), c.form.Get("code_verifier"), c.now)
	switch {
	case errors.Is(err, errCodeRedirect):
		return oauthRefusal(http.StatusBadRequest, "redirect_uri_mismatch", "Bad Request")
	case errors.Is(err, errCodeVerifier):
		return oauthRefusal(http.StatusBadRequest, "invalid_grant", "Invalid code verifier.")
	case err != nil:
		return oauthRefusal(http.StatusBadRequest, "invalid_grant", "Malformed auth code.")
	case len(g.Accounts) == 0:
		return oauthRefusal(http.StatusBadRequest, "invalid_grant", "Bad Request")
	}
	// Google's page lets a person choose one channel.
	next := &token{Access: "ya29." + random(), Refresh: "1//" + random(), Account: at(YouTube, g.Accounts[0]), Scopes: slices.Clone(g.Scopes), Expires: c.now.Add(ytAccessLife)}
	if err := s.world.putToken(next); err != nil {
		return oauthRefusal(http.StatusInternalServerError, "internal_failure", "Backend Error")
	}
	return ytGranted(next, true)
}

func ytGranted(t *token, withRefresh bool) answer {
	scope := "https://www.googleapis.com/auth/youtube.force-ssl https://www.googleapis.com/auth/youtube.upload"
	if t.Scopes != nil {
		scope = strings.Join(t.Scopes, " ")
	}
	out := object{"access_token": t.Access, "expires_in": int(ytAccessLife.Seconds()) - 1, "scope": scope, "token_type": "Bearer"}
	if withRefresh {
		out["refresh_token"] = t.Refresh
	}
	return jsonAnswer(http.StatusOK, out)
}
