package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// TikTok's tokens (developers.tiktok.com/doc/oauth-user-access-token-management).
const (
	ttAccessLife  = 24 * time.Hour
	ttRefreshLife = 365 * 24 * time.Hour
)

// ttToken: POST /v2/oauth/token/, a form.
func (s *Sandbox) ttToken(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		ttNoToken(http.StatusBadRequest, "invalid_request", "The request parameters are malformed.").write(w)
		return
	}
	s.mu.Lock()
	out := s.ttTrade(c)
	s.mu.Unlock()
	out.write(w)
}

func ttNoToken(status int, code, text string) answer {
	return jsonAnswer(status, object{"error": code, "error_description": text, "log_id": ttLog()})
}

func (s *Sandbox) ttTrade(c *call) answer {
	app := s.app(TikTok)
	if c.form.Get("client_key") != app.ClientID || c.form.Get("client_secret") != app.ClientSecret {
		return ttNoToken(http.StatusUnauthorized, "invalid_client", "Client key or secret is incorrect.")
	}
	var next *token
	switch c.form.Get("grant_type") {
	case "refresh_token":
		t, err := s.ttRefresh(c.form.Get("refresh_token"), "", c.now)
		if err != nil {
			return ttNoToken(http.StatusBadRequest, "invalid_grant", "Refresh token is invalid or expired.")
		}
		next = t
	case "authorization_code":
		g, err := s.redeem(TikTok, c.form.Get("code"), c.form.Get("redirect_uri"), c.form.Get("code_verifier"), c.now)
		switch {
		case errors.Is(err, errCodeRedirect):
			return ttNoToken(http.StatusBadRequest, "invalid_request", "Redirect_uri is not matched with the uri when requesting code.")
		case err != nil || len(g.Accounts) == 0:
			return ttNoToken(http.StatusBadRequest, "invalid_grant", "Authorization code is expired.")
		}
		next = &token{Access: "act." + random(), Refresh: "rft." + random(), Account: at(TikTok, g.Accounts[0]), Scopes: slices.Clone(g.Scopes), Expires: c.now.Add(ttAccessLife)}
		if err := s.world.putToken(next); err != nil {
			return ttNoToken(http.StatusInternalServerError, "server_error", "Something went wrong.")
		}
	default:
		return ttNoToken(http.StatusBadRequest, "unsupported_grant_type", "Grant type is not supported.")
	}
	scope := "user.info.basic,user.info.profile,video.publish,video.list"
	if next.Scopes != nil {
		scope = strings.Join(next.Scopes, ",")
	}
	_, open, _ := strings.Cut(next.Account, "/")
	return jsonAnswer(http.StatusOK, object{
		"access_token": next.Access, "expires_in": int(ttAccessLife.Seconds()), "open_id": open, "refresh_token": next.Refresh,
		"refresh_expires_in": int(ttRefreshLife.Seconds()), "scope": scope, "token_type": "Bearer",
	})
}

// ttRefresh trades a refresh token of a mode for a new pair; the old one is spent.
func (s *Sandbox) ttRefresh(refresh, mode string, now time.Time) (*token, error) {
	var old *token
	for _, t := range s.world.tokens {
		if refresh != "" && t.Refresh == refresh && t.Mode == mode && strings.HasPrefix(t.Account, TikTok+"/") {
			old = t
		}
	}
	if old == nil || old.Revoked || old.Spent {
		return nil, errCodeUnknown
	}
	prefix := [2]string{"act.", "rft."}
	if mode == ttBusiness {
		prefix = [2]string{}
	}
	next := &token{Access: prefix[0] + random(), Refresh: prefix[1] + random(), Account: old.Account, Mode: mode, Scopes: old.Scopes, Expires: now.Add(ttAccessLife)}
	if err := s.world.putToken(next); err != nil {
		return nil, err
	}
	spent := *old
	spent.Spent = true
	return next, s.world.putToken(&spent)
}
