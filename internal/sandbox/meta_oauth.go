package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Lives of Meta's tokens. https://developers.facebook.com/docs/facebook-login/guides/access-tokens
const (
	metaShort = time.Hour
	metaLong  = 60 * 24 * time.Hour
)

// graphTrade answers the calls that give out tokens; nil for every other call.
func (s *Sandbox) graphTrade(f graphFace, c *call, method, path string) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out answer
	switch {
	case path == "oauth/access_token" && c.str("grant_type") == "fb_exchange_token" && f.name == Facebook:
		out = s.metaExchange(f, c, c.str("fb_exchange_token"), true)
	case path == "oauth/access_token" && (f.name == Facebook || method == http.MethodPost):
		out = s.metaCode(f, c)
	case path == "access_token" && f.name == Instagram && c.str("grant_type") == "ig_exchange_token",
		path == "access_token" && f.name == Threads && c.str("grant_type") == "th_exchange_token":
		out = s.metaExchange(f, c, metaGiven(c), false)
	case path == "refresh_access_token" && f.name == Instagram && c.str("grant_type") == "ig_refresh_token",
		path == "refresh_access_token" && f.name == Threads && c.str("grant_type") == "th_refresh_token":
		out = s.metaRefresh(f, c)
	default:
		return nil
	}
	return &out
}

func metaGiven(c *call) string {
	if t, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	return c.str("access_token")
}

// metaNo refuses a trade: Graph's error object, or the flat one that
// Instagram's and Threads' first step has.
func metaNo(f graphFace, code, subcode int, message string) answer {
	if f.name == Facebook {
		return graphError(http.StatusBadRequest, code, subcode, "OAuthException", message)
	}
	return jsonAnswer(http.StatusBadRequest, object{"error_type": "OAuthException", "code": http.StatusBadRequest, "error_message": message})
}

// metaCode trades a consent's code for a short-lived token.
func (s *Sandbox) metaCode(f graphFace, c *call) answer {
	app := s.app(f.name)
	switch {
	case c.str("client_id") != app.ClientID && f.name == Facebook:
		return metaNo(f, 101, 0, "Error validating application. Cannot get application info due to a system error.")
	case c.str("client_id") != app.ClientID:
		return metaNo(f, 0, 0, "Invalid platform app")
	case c.str("client_secret") != app.ClientSecret:
		return metaNo(f, 1, 0, "Error validating client secret.")
	case f.name != Facebook && c.str("grant_type") != "authorization_code":
		return metaNo(f, 0, 0, "Invalid grant_type: "+c.str("grant_type"))
	}
	g, err := s.redeem(f.name, c.str("code"), c.str("redirect_uri"), "", c.now)
	switch {
	case errors.Is(err, errCodeExpired):
		return metaNo(f, 100, 36007, "This authorization code has expired.")
	case errors.Is(err, errCodeUsed):
		return metaNo(f, 100, 36009, "This authorization code has been used.")
	case errors.Is(err, errCodeRedirect):
		return metaNo(f, 100, 36008, "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request")
	case err != nil:
		return metaNo(f, 100, 0, "Invalid verification code format.")
	}
	t := &token{Access: "EAA" + random(), Account: f.name + "/", Expires: c.now.Add(metaShort), Scopes: g.Scopes}
	if f.name == Facebook {
		// A person's token: it leads to the Pages that the person chose.
		t.Mode = "user:" + strings.Join(g.Accounts, ",")
	}
	if len(g.Accounts) > 0 {
		t.Account = at(f.name, g.Accounts[0])
	} else if f.name != Facebook {
		return metaNo(f, 100, 0, "Invalid verification code format.")
	} else {
		t.Account = at(f.name, s.world.account(f.name, "").ID)
	}
	if err := s.world.putToken(t); err != nil {
		return graphBroken()
	}
	if f.name == Facebook {
		return jsonAnswer(http.StatusOK, object{"access_token": t.Access, "token_type": "bearer", "expires_in": int(metaShort.Seconds())})
	}
	out := object{"access_token": t.Access, "user_id": g.Accounts[0]}
	if f.name == Instagram {
		out["permissions"] = g.Scopes
	}
	return jsonAnswer(http.StatusOK, out)
}

// metaExchange trades a short-lived token for one of sixty days.
func (s *Sandbox) metaExchange(f graphFace, c *call, given string, named bool) answer {
	app := s.app(f.name)
	switch {
	case named && c.str("client_id") != app.ClientID:
		return graphError(http.StatusBadRequest, 101, 0, "OAuthException", "Error validating application. Cannot get application info due to a system error.")
	case c.str("client_secret") != app.ClientSecret:
		return graphError(http.StatusBadRequest, 1, 0, "OAuthException", "Error validating client secret.")
	}
	return s.metaLonger(f, c, given)
}

func (s *Sandbox) metaLonger(f graphFace, c *call, given string) answer {
	old := s.world.tokens[given]
	if old == nil || !strings.HasPrefix(old.Account, f.name+"/") {
		return graphError(http.StatusBadRequest, 190, 0, "OAuthException", "Invalid OAuth access token - Cannot parse access token")
	}
	if old.dead(c.now) {
		return graphError(http.StatusBadRequest, 190, 463, "OAuthException", "Error validating access token: Session has expired.")
	}
	next := &token{Access: "EAA" + random(), Account: old.Account, Mode: old.Mode, Scopes: old.Scopes, Expires: c.now.Add(metaLong)}
	if err := s.world.putToken(next); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"access_token": next.Access, "token_type": "bearer", "expires_in": int(metaLong.Seconds())})
}

// metaRefresh gives a long-lived token another sixty days.
func (s *Sandbox) metaRefresh(f graphFace, c *call) answer {
	return s.metaLonger(f, c, metaGiven(c))
}

// metaNeeds wraps a route with the permission it takes.
func metaNeeds(rt route, scope string) route {
	run := rt.run
	rt.run = func(s *Sandbox, c *call) answer {
		if scope != "" && c.token != nil && !c.token.may(scope) {
			return graphDenied("Requires " + scope + " permission to manage the object")
		}
		return run(s, c)
	}
	return rt
}

// graphPages are the Pages that a person's token leads to; nil for a Page's own.
func (t *token) graphPages() []string {
	ids, ok := strings.CutPrefix(t.Mode, "user:")
	if !ok {
		return nil
	}
	return slices.DeleteFunc(strings.Split(ids, ","), func(id string) bool { return id == "" })
}

// graphPageToken is the Page's token that a person's token leads to. It ends
// with nothing when that one was long-lived.
func (s *Sandbox) graphPageToken(c *call, a *Account) (string, error) {
	page := "EAA" + derive(s.world.seed, "page", a.ID, c.token.Access)
	if s.world.tokens[page] != nil {
		return page, nil
	}
	t := &token{Access: page, Account: at(Facebook, a.ID), Scopes: c.token.Scopes}
	if c.token.Expires.Sub(c.now) < 2*metaShort {
		t.Expires = c.token.Expires
	}
	return page, s.world.putToken(t)
}

// graphPermissions: GET /me/permissions of a person's token.
func (s *Sandbox) graphPermissions(c *call, _ string) answer {
	if c.token.graphPages() == nil && !strings.HasPrefix(c.token.Mode, "user:") {
		return graphMissing("get", "me")
	}
	data := []object{}
	for _, scope := range c.token.Scopes {
		data = append(data, object{"permission": scope, "status": "granted"})
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}
