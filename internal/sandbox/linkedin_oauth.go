package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// How long LinkedIn's tokens live, for apps that are approved.
const (
	linkedinAccess  = 60 * 24 * time.Hour
	linkedinRefresh = 365 * 24 * time.Hour
)

// linkedinToken: POST /oauth/v2/accessToken, a form with the app's secret in it.
func (s *Sandbox) linkedinToken(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		oauthRefusal(http.StatusBadRequest, "invalid_request", "The request body could not be read").write(w)
		return
	}
	s.mu.Lock()
	out := s.linkedinTrade(c)
	s.mu.Unlock()
	out.write(w)
}

func (s *Sandbox) linkedinTrade(c *call) answer {
	app := s.app(LinkedIn)
	if c.str("client_id") != app.ClientID || c.str("client_secret") != app.ClientSecret {
		return oauthRefusal(http.StatusUnauthorized, "invalid_client", "Client authentication failed")
	}
	switch c.str("grant_type") {
	case "authorization_code":
		g, err := s.redeem(LinkedIn, c.str("code"), c.str("redirect_uri"), c.str("code_verifier"), c.now)
		switch {
		case errors.Is(err, errCodeRedirect):
			return oauthRefusal(http.StatusBadRequest, "invalid_redirect_uri", "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code.")
		case errors.Is(err, errCodeVerifier):
			return oauthRefusal(http.StatusBadRequest, "invalid_request", "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code.")
		case err != nil:
			return oauthRefusal(http.StatusBadRequest, "invalid_grant", "Unable to retrieve access token: authorization code not found")
		case len(g.Accounts) == 0:
			return oauthRefusal(http.StatusBadRequest, "invalid_grant", "no page was chosen")
		}
		t := &token{Access: "AQX" + random(), Refresh: "AQV" + random(), Account: at(LinkedIn, g.Accounts[0]), Expires: c.now.Add(linkedinAccess)}
		// A member's token speaks for every page that the member administers.
		t.Scopes = append(slices.Clone(g.Scopes), g.Accounts...)
		return s.linkedinGive(t)
	case "refresh_token":
		for _, old := range s.world.tokens {
			if old.Refresh != "" && old.Refresh == c.str("refresh_token") && strings.HasPrefix(old.Account, LinkedIn+"/") && !old.Revoked {
				// LinkedIn's refresh token stays the same until its year is over.
				return s.linkedinGive(&token{Access: "AQX" + random(), Refresh: old.Refresh, Account: old.Account, Scopes: old.Scopes, Expires: c.now.Add(linkedinAccess)})
			}
		}
		return oauthRefusal(http.StatusBadRequest, "invalid_grant", "The provided refresh token is invalid, expired or revoked")
	}
	return oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "grant_type is not supported")
}

func (s *Sandbox) linkedinGive(t *token) answer {
	if err := s.world.putToken(t); err != nil {
		return linkedinBroken()
	}
	scopes := []string{"r_organization_social", "w_organization_social", "rw_organization_admin"}
	if t.Scopes != nil {
		scopes = slices.DeleteFunc(slices.Clone(t.Scopes), func(s string) bool { return strings.HasPrefix(s, "urn:") })
	}
	return jsonAnswer(http.StatusOK, object{
		"access_token": t.Access, "expires_in": int(linkedinAccess.Seconds()), "token_type": "Bearer", "scope": strings.Join(scopes, ","),
		"refresh_token": t.Refresh, "refresh_token_expires_in": int(linkedinRefresh.Seconds()),
	})
}
