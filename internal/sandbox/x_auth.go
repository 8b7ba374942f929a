package sandbox

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// xCredential finds whose call it is: an OAuth 2.0 bearer token or an OAuth
// 1.0a signature.
func (s *Sandbox) xCredential(c *call) bool {
	auth := c.r.Header.Get("Authorization")
	if bearer, ok := strings.CutPrefix(auth, "Bearer "); ok {
		return s.xUse(c, s.world.tokens[bearer], "")
	}
	params, ok := strings.CutPrefix(auth, "OAuth ")
	if !ok {
		return false
	}
	given := oauthParams(params)
	t := s.world.tokens[given["oauth_token"]]
	if t == nil || !s.xUse(c, t, "v1.1") {
		return false
	}
	signed := given["oauth_consumer_key"] == c.account.App.ClientID && given["oauth_signature_method"] == "HMAC-SHA1" &&
		c.oauthSigned(given, c.account.App.ClientSecret, t.Secret)
	if !signed {
		c.account, c.token = nil, nil
	}
	return signed
}

func (s *Sandbox) xUse(c *call, t *token, mode string) bool {
	if t == nil || t.Mode != mode || t.dead(c.now) || !strings.HasPrefix(t.Account, X+"/") {
		return false
	}
	c.token, c.account = t, s.world.owner(t)
	return c.account != nil
}

// oauthParams takes an Authorization header apart: key="value", key="value".
func oauthParams(header string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok {
			continue
		}
		value, err := url.PathUnescape(strings.Trim(v, `"`))
		if err == nil {
			out[k] = value
		}
	}
	return out
}

// oauthSigned checks a signature (RFC 5849 3.4). Clients sign the address
// they know: the real one behind a rewriting transport, or the sandbox's own.
// Timestamps and nonces are let be: a recorded request stays valid.
func (c *call) oauthSigned(given map[string]string, appSecret, tokenSecret string) bool {
	var pairs []string
	add := func(k, v string) { pairs = append(pairs, oauthEscape(k)+"="+oauthEscape(v)) }
	for k, v := range given {
		if k != "oauth_signature" && k != "realm" {
			add(k, v)
		}
	}
	sources := []url.Values{c.query}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		sources = append(sources, c.form)
	}
	for _, from := range sources {
		for k, vs := range from {
			for _, v := range vs {
				add(k, v)
			}
		}
	}
	slices.Sort(pairs)
	path := c.r.URL.EscapedPath()
	inner := strings.TrimPrefix(path, "/x")
	for _, address := range []string{
		"https://api.x.com" + inner, "https://api.twitter.com" + inner, "https://upload.x.com" + inner, "https://upload.twitter.com" + inner,
		c.base + path, "http://" + c.r.Host + path, "https://" + c.r.Host + path, "http://" + c.r.Host + inner, "https://" + c.r.Host + inner,
	} {
		base := c.r.Method + "&" + oauthEscape(address) + "&" + oauthEscape(strings.Join(pairs, "&"))
		h := hmac.New(sha1.New, []byte(oauthEscape(appSecret)+"&"+oauthEscape(tokenSecret)))
		h.Write([]byte(base))
		if hmac.Equal([]byte(base64.StdEncoding.EncodeToString(h.Sum(nil))), []byte(given["oauth_signature"])) {
			return true
		}
	}
	return false
}

// oauthEscape is RFC 3986 percent-encoding, which url.QueryEscape is not.
func oauthEscape(s string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(plain, s[i]) >= 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[s[i]>>4])
		b.WriteByte(hexDigits[s[i]&15])
	}
	return b.String()
}

// xToken: POST /2/oauth2/token, form (golang.org/x/oauth2) or JSON
// (twitter-api-v2); the app proves itself by Basic auth or in the body.
func (s *Sandbox) xToken(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		oauthRefusal(http.StatusBadRequest, "invalid_request", "Missing required parameter [grant_type].").write(w)
		return
	}
	s.mu.Lock()
	out := s.xTrade(c)
	s.mu.Unlock()
	out.write(w)
}

func oauthRefusal(status int, code, text string) answer {
	return jsonAnswer(status, object{"error": code, "error_description": text})
}

func (s *Sandbox) xTrade(c *call) answer {
	id, secret, basic := c.r.BasicAuth()
	if !basic {
		id, secret = c.str("client_id"), c.str("client_secret")
	}
	app := s.app(X)
	if id != app.ClientID || (secret != app.ClientSecret && secret != "") || basic && secret == "" {
		return oauthRefusal(http.StatusUnauthorized, "unauthorized_client", "Missing valid authorization header")
	}
	var t *token
	var err error
	switch c.str("grant_type") {
	case "refresh_token":
		if t, err = s.world.refresh(c.str("refresh_token"), c.now); err != nil {
			return oauthRefusal(http.StatusBadRequest, "invalid_request", "Value passed for the token was invalid.")
		}
	case "authorization_code":
		g, bad := s.redeem(X, c.str("code"), c.str("redirect_uri"), c.str("code_verifier"), c.now)
		if bad != nil || len(g.Accounts) == 0 {
			return oauthRefusal(http.StatusBadRequest, "invalid_request", "Value passed for the authorization code was invalid.")
		}
		t = &token{Access: random(), Account: at(X, g.Accounts[0]), Scopes: g.Scopes, Expires: c.now.Add(accessLife)}
		if slices.Contains(g.Scopes, "offline.access") {
			t.Refresh = random()
		}
		if err := s.world.putToken(t); err != nil {
			return xBroken()
		}
	default:
		return oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "grant_type is not supported")
	}
	scope := "tweet.read tweet.write users.read media.write tweet.moderate.write dm.read dm.write offline.access"
	if t.Scopes != nil {
		scope = strings.Join(t.Scopes, " ")
	}
	out := object{"token_type": "bearer", "expires_in": int(accessLife.Seconds()), "access_token": t.Access, "scope": scope}
	if t.Refresh != "" {
		out["refresh_token"] = t.Refresh
	}
	return jsonAnswer(http.StatusOK, out)
}

// xRevoke: POST /2/oauth2/revoke, an access or a refresh token.
func (s *Sandbox) xRevoke(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil || c.str("token") == "" {
		oauthRefusal(http.StatusBadRequest, "invalid_request", "Missing required parameter [token].").write(w)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret, basic := c.r.BasicAuth()
	if app := s.app(X); basic && (id != app.ClientID || secret != app.ClientSecret) {
		oauthRefusal(http.StatusUnauthorized, "unauthorized_client", "Missing valid authorization header").write(w)
		return
	}
	for _, t := range s.world.tokens {
		if strings.HasPrefix(t.Account, X+"/") && (t.Access == c.str("token") || t.Refresh != "" && t.Refresh == c.str("token")) {
			dead := *t
			dead.Revoked = true
			if err := s.world.putToken(&dead); err != nil {
				xBroken().write(w)
				return
			}
		}
	}
	jsonAnswer(http.StatusOK, object{"revoked": true}).write(w)
}
