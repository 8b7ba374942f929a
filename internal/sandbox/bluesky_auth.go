package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Lives of a session's tokens.
const (
	skyAccessLife  = 2 * time.Hour
	skyRefreshLife = 90 * 24 * time.Hour
)

// Scopes of an access token (atproto packages/pds/src/auth-scope.ts): an app
// password may or may not read private messages.
const (
	skyScopeFull    = "com.atproto.appPassPrivileged"
	skyScopeLimited = "com.atproto.appPass"
	skyScopeRefresh = "com.atproto.refresh"
)

// skyJWT is a token in the shape of a PDS's own.
func skyJWT(kind string, claims object) string {
	head, _ := json.Marshal(object{"typ": kind, "alg": "HS256"})
	body, _ := json.Marshal(claims) // texts and numbers always marshal
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	h := hmac.New(sha256.New, []byte("sandbox"))
	h.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func skyPair(did, jti string, from time.Time, scope string) (access, refresh string) {
	const pds = "did:web:pds.bsky.example"
	claims := func(scope string, life time.Duration) object {
		return object{"scope": scope, "sub": did, "aud": pds, "jti": jti, "iat": from.Unix(), "exp": from.Add(life).Unix()}
	}
	return skyJWT("at+jwt", claims(scope, skyAccessLife)), skyJWT("refresh+jwt", claims(skyScopeRefresh, skyRefreshLife))
}

// skyFirstToken is the session an account has from the start; it does not end
// by itself, whatever its claims say.
func skyFirstToken(seed int64, a *Account) []*token {
	who := at(a.Platform, a.ID)
	access, refresh := skyPair(a.ID, derive(seed, "jti", who), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), skyScopeFull)
	return []*token{{Access: access, Refresh: refresh, Account: who}}
}

// skyPasswords are app passwords: four groups of four.
func skyPasswords(seed int64, a *Account) (whole, limited string) {
	shape := func(kind string) string {
		sum := sha256.Sum256([]byte(derive(seed, kind, at(a.Platform, a.ID))))
		t := lowerBase32.EncodeToString(sum[:10])
		return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:16]
	}
	return shape("app-password"), shape("app-password-limited")
}

// skyDescribe: com.atproto.server.describeServer.
func (s *Sandbox) skyDescribe(*call) answer {
	return jsonAnswer(http.StatusOK, object{
		"did": "did:web:pds.bsky.example", "availableUserDomains": []string{skyDomain}, "inviteCodeRequired": true,
		"links": object{}, "contact": object{"email": "humas@tirtawangi.example"},
	})
}

// skySignIn: com.atproto.server.createSession.
func (s *Sandbox) skySignIn(c *call) answer {
	c.account = nil
	who, password := strings.TrimPrefix(c.str("identifier"), "@"), c.str("password")
	if c.json == nil || !c.has("identifier") || !c.has("password") {
		return skyInvalid("Input must have the properties \"identifier\" and \"password\"")
	}
	a := s.world.account(Bluesky, strings.ToLower(who))
	wrong := skyError(http.StatusUnauthorized, "AuthenticationRequired", "Invalid identifier or password")
	if a == nil || who == "" {
		return wrong
	}
	whole, limited := skyPasswords(s.opt.Seed, a)
	scope := skyScopeFull
	switch password {
	case whole:
	case limited:
		scope = skyScopeLimited
	default:
		return wrong
	}
	t := s.skyFresh(at(Bluesky, a.ID), a.ID, scope, c.now)
	if err := s.world.putToken(t); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, s.skySessionJSON(c, a, t))
}

func (s *Sandbox) skyFresh(account, did, scope string, now time.Time) *token {
	t := &token{Account: account, Expires: now.Add(skyAccessLife), Scopes: []string{scope}}
	t.Access, t.Refresh = skyPair(did, random(), now, scope)
	return t
}

// skySessionJSON is a session; without t it is getSession's.
func (s *Sandbox) skySessionJSON(c *call, a *Account, t *token) object {
	out := object{"did": a.ID, "handle": a.Handle, "didDoc": skyDocument(c, a), "email": "humas@tirtawangi.example", "emailConfirmed": true, "active": true}
	if t != nil {
		out["accessJwt"], out["refreshJwt"] = t.Access, t.Refresh
	}
	return out
}

// skyDocument is the account's DID document; its PDS is this one.
func skyDocument(c *call, a *Account) object {
	return object{
		"@context": []string{"https://www.w3.org/ns/did/v1"}, "id": a.ID, "alsoKnownAs": []string{"at://" + a.Handle}, "verificationMethod": []any{},
		"service": []object{{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": c.base + "/bsky"}},
	}
}

// skySession: com.atproto.server.getSession.
func (s *Sandbox) skySession(c *call) answer {
	return jsonAnswer(http.StatusOK, s.skySessionJSON(c, c.account, nil))
}

// skyServiceAuth: com.atproto.server.getServiceAuth gives a token for another
// service; here all services are one place, so it is a session's own kind.
func (s *Sandbox) skyServiceAuth(c *call) answer {
	if !strings.HasPrefix(c.str("aud"), "did:") {
		return skyInvalid("Params must have the property \"aud\"")
	}
	t := &token{Account: at(Bluesky, c.account.ID), Expires: c.now.Add(30 * time.Minute), Mode: "service", Spent: true, Scopes: []string{c.str("lxm")}}
	t.Access = skyJWT("JWT", object{"iss": c.account.ID, "aud": c.str("aud"), "lxm": c.str("lxm"), "jti": random(), "iat": c.now.Unix(), "exp": t.Expires.Unix()})
	if err := s.world.putToken(t); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"token": t.Access})
}

// skyTokens serves a call whose bearer is the refresh token.
func (s *Sandbox) skyTokens(run func(*Sandbox, *call, *token) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := readCall(r, s.now())
		if err != nil {
			skyFace{}.unreadable().write(w)
			return
		}
		if len(r.TransferEncoding) > 0 || len(c.raw) > 0 { // an empty chunked body is one, too
			skyInvalid("A request body was provided when none was expected").write(w)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if bearer == "" {
			skyError(http.StatusUnauthorized, "AuthMissing", "Authentication Required").write(w)
			return
		}
		for _, t := range s.world.tokens {
			if t.Refresh == bearer && strings.HasPrefix(t.Account, Bluesky+"/") {
				run(s, c, t).write(w)
				return
			}
		}
		skyFace{}.revoked().write(w)
	}
}

// skyRefresh: com.atproto.server.refreshSession; a refresh token works once.
func (s *Sandbox) skyRefresh(c *call, old *token) answer {
	a := s.world.owner(old)
	if old.Revoked || old.Spent || a == nil {
		return skyError(http.StatusBadRequest, "ExpiredToken", "Token has been revoked")
	}
	scope := skyScopeFull
	if len(old.Scopes) > 0 {
		scope = old.Scopes[0]
	}
	next, spent := s.skyFresh(old.Account, a.ID, scope, c.now), *old
	// The new pair is written first: a kill between the two leaves both alive, never none.
	spent.Spent = true
	if s.world.putToken(next) != nil || s.world.putToken(&spent) != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, s.skySessionJSON(c, a, next))
}

// skySignOut: com.atproto.server.deleteSession.
func (s *Sandbox) skySignOut(_ *call, old *token) answer {
	gone := *old
	gone.Revoked, gone.Spent = true, true
	if err := s.world.putToken(&gone); err != nil {
		return skyBroken()
	}
	return skyDone()
}

// skyResolve: com.atproto.identity.resolveHandle.
func (s *Sandbox) skyResolve(c *call) answer {
	who := s.world.knows(Bluesky, strings.ToLower(c.str("handle")))
	if who == nil || c.str("handle") == "" {
		return skyInvalid("Unable to resolve handle")
	}
	return jsonAnswer(http.StatusOK, object{"did": who.ID})
}
