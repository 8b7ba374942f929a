package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Account is one of our own accounts on a pretended platform.
type Account struct {
	Platform, ID, Handle, Name, Bio string
	App                             App
}

// App is the registration through which an account is used.
type App struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	VerifyToken  string `json:"verify_token"`
}

// Person is somebody who is not us.
type Person struct {
	Platform, ID, Handle, Name string
}

// token is a credential and what became of it.
type token struct {
	Access  string    `json:"access"`
	Secret  string    `json:"secret,omitempty"`
	Refresh string    `json:"refresh,omitempty"`
	Account string    `json:"account"` // platform/id
	Mode    string    `json:"mode,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	Scopes  []string  `json:"scopes,omitempty"` // nil: everything
	Revoked bool      `json:"revoked,omitempty"`
	Spent   bool      `json:"spent,omitempty"` // its refresh token was used
}

// may says whether the credential was given a scope.
func (t *token) may(scope string) bool { return t.Scopes == nil || slices.Contains(t.Scopes, scope) }

func (t *token) dead(now time.Time) bool {
	return t.Revoked || (!t.Expires.IsZero() && now.After(t.Expires))
}

// ownAccounts are the two offices' accounts of the invented city.
func ownAccounts(seed int64) []*Account {
	var rows []*Account
	for _, h := range habits() {
		rows = append(rows, h.accounts...)
	}
	for _, a := range rows {
		a.App = App{
			ClientID:     "sandbox-" + a.Platform,
			ClientSecret: derive(seed, "app", a.Platform),
			VerifyToken:  derive(seed, "verify", a.Platform)[:24],
		}
	}
	return rows
}

// derive makes the sandbox's secrets from its seed, so that a restarted or
// separate process knows the same ones.
func derive(seed int64, parts ...string) string {
	h := hmac.New(sha256.New, fmt.Appendf(nil, "kentongan sandbox %d", seed))
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

func firstTokens(seed int64, a *Account) []*token {
	if h := habitOf(a.Platform); h.tokens != nil {
		return h.tokens(seed, a)
	}
	return plainToken("")(seed, a)
}

// Token is a credential's secret part as the control page gives it.
type Token struct {
	Access  string    `json:"access"`
	Secret  string    `json:"secret,omitempty"`
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// Credential is everything a connector needs for one account.
type Credential struct {
	Platform  string `json:"platform"`
	Mode      string `json:"mode"`
	BaseURL   string `json:"base_url"`
	AccountID string `json:"account_id"`
	Handle    string `json:"handle"`
	Name      string `json:"name"`
	Token     Token  `json:"token"`
	App       App    `json:"app"`
	// Where an account is connected by signing in: an app password, and one
	// without access to private messages.
	Password string `json:"password,omitempty"`
	Limited  string `json:"password_limited,omitempty"`
}

// Credentials lists the accounts, reached at base (scheme://host).
func (s *Sandbox) Credentials(base string) []Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Credential
	for _, mode := range []string{"", "v1.1", ttBusiness} {
		for _, a := range s.world.accounts {
			if t := s.world.current(a, mode); t != nil {
				c := Credential{
					Platform: a.Platform, Mode: mode, BaseURL: base + mounts(a.Platform),
					AccountID: a.ID, Handle: a.Handle, Name: a.Name, App: a.App,
					Token: Token{Access: t.Access, Secret: t.Secret, Refresh: t.Refresh, Expires: t.Expires},
				}
				if mode == ttBusiness { // an API of its own, below its own address
					c.BaseURL += "/open_api"
				}
				if h := habitOf(a.Platform); h.passwords != nil {
					c.Password, c.Limited = h.passwords(s.opt.Seed, a)
				}
				out = append(out, c)
			}
		}
	}
	return out
}

func mounts(platform string) string { return habitOf(platform).mount }

// current is the account's newest credential of a mode: the one whose refresh
// token has not been spent.
func (w *world) current(a *Account, mode string) *token {
	var best *token
	for _, t := range w.tokens {
		if t.Account != at(a.Platform, a.ID) || t.Mode != mode || t.Spent {
			continue
		}
		if best == nil || t.Expires.After(best.Expires) {
			best = t
		}
	}
	return best
}

// owner is the account a token speaks for.
func (w *world) owner(t *token) *Account {
	for _, a := range w.accounts {
		if at(a.Platform, a.ID) == t.Account {
			return a
		}
	}
	return nil
}

// person knows a citizen by handle, the same one every time.
func (w *world) person(platform, handle, name string) *Person {
	h := fnv.New32a()
	h.Write([]byte(platform + handle))
	p := &Person{Platform: platform, ID: fmt.Sprintf("20%010d", h.Sum32()), Handle: handle, Name: name}
	if own := habitOf(platform).person; own != nil {
		p.ID, p.Handle = own(handle)
	}
	if known := w.people[at(platform, p.ID)]; known != nil {
		return known
	}
	w.people[at(platform, p.ID)] = p
	return p
}

// remember learns people from what they said, after a restart.
func (w *world) remember(p *Post) {
	if w.people[at(p.Platform, p.AuthorID)] == nil {
		w.people[at(p.Platform, p.AuthorID)] = &Person{Platform: p.Platform, ID: p.AuthorID, Handle: p.Author, Name: displayName(p.Author)}
	}
}
