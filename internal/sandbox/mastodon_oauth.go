package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// mastoApp: POST /api/v1/apps. The secret follows from the id, so an app lives
// as long as the world's seed.
func (s *Sandbox) mastoApp(c *call) answer {
	name, redirects := c.str("client_name"), c.texts("redirect_uris")
	if len(redirects) == 1 {
		redirects = strings.Fields(redirects[0])
	}
	switch {
	case name == "":
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Application name can't be blank")
	case len(redirects) == 0:
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: Redirect URI must be an absolute URI.")
	}
	scopes := c.str("scopes")
	if scopes == "" {
		scopes = "read"
	}
	id := random()
	return jsonAnswer(http.StatusOK, object{
		"id": s.world.nextID(Mastodon, c.now), "name": name, "website": nil, "scopes": strings.Fields(scopes), "redirect_uri": strings.Join(redirects, "\n"),
		"redirect_uris": redirects, "vapid_key": "BCk-QqERU0q-CfYZjcuB6lnyyOYfJ2AifKqfeGIm7Z-HiTU5T9eTG5GxVA0_OH5mMlI4UkkDTpaZwozy0TzdZ2M=",
		"client_id": id, "client_secret": derive(s.world.seed, "masto-app", id), "client_secret_expires_at": 0,
	})
}

// mastoClient says whether an app's id and secret belong together.
func (s *Sandbox) mastoClient(id, secret string) bool {
	own := s.app(Mastodon)
	return id != "" && (id == own.ClientID && secret == own.ClientSecret || secret == derive(s.world.seed, "masto-app", id))
}

// mastoToken: POST /oauth/token, in Doorkeeper's words.
func (s *Sandbox) mastoToken(c *call) answer {
	id, secret := c.str("client_id"), c.str("client_secret")
	if user, pass, ok := c.r.BasicAuth(); ok {
		id, secret = user, pass
	}
	refuse := func(status int, code, text string) answer {
		return jsonAnswer(status, object{"error": code, "error_description": text})
	}
	if !s.mastoClient(id, secret) {
		return refuse(http.StatusUnauthorized, "invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.")
	}
	if c.str("grant_type") != "authorization_code" {
		return refuse(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
	}
	g, err := s.redeem(Mastodon, c.str("code"), c.str("redirect_uri"), c.str("code_verifier"), c.now)
	if err != nil || len(g.Accounts) == 0 {
		return refuse(http.StatusBadRequest, "invalid_grant", "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.")
	}
	t := &token{Access: random(), Account: at(Mastodon, g.Accounts[0]), Scopes: g.Scopes}
	if err := s.world.putToken(t); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	return jsonAnswer(http.StatusOK, object{"access_token": t.Access, "token_type": "Bearer", "scope": strings.Join(t.Scopes, " "), "created_at": c.now.Unix()})
}

// mastoRevoke: POST /oauth/revoke. An unknown token is revoked, too (RFC 7009).
func (s *Sandbox) mastoRevoke(c *call) answer {
	if !s.mastoClient(c.str("client_id"), c.str("client_secret")) {
		return jsonAnswer(http.StatusForbidden, object{"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"})
	}
	if t := s.world.tokens[c.str("token")]; t != nil && strings.HasPrefix(t.Account, Mastodon+"/") {
		dead := *t
		dead.Revoked = true
		if err := s.world.putToken(&dead); err != nil {
			return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
		}
	}
	return jsonAnswer(http.StatusOK, object{})
}

// mastoMay: a scope holds all below it: "write" is "write:statuses", too.
func mastoMay(t *token, scope string) bool {
	whole, _, _ := strings.Cut(scope, ":")
	return t == nil || scope == "" || t.may(scope) || slices.Contains(t.Scopes, whole)
}

func mastodonOutside() answer {
	return mastodonError(http.StatusForbidden, "This action is outside the authorized scopes")
}
