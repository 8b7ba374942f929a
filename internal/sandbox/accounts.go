package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
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
	Revoked bool      `json:"revoked,omitempty"`
	Spent   bool      `json:"spent,omitempty"` // its refresh token was used
}

func (t *token) dead(now time.Time) bool {
	return t.Revoked || (!t.Expires.IsZero() && now.After(t.Expires))
}

// ownAccounts are the two offices' accounts of the invented city. X allows
// fifteen characters in a name.
func ownAccounts(seed int64) []*Account {
	const bioKota = "Akun resmi Pemerintah Kota Tirtawangi. Layanan aduan dijawab pada jam kerja."
	const bioProtokol = "Bagian Protokol dan Komunikasi Pimpinan, Sekretariat Daerah Kota Tirtawangi."
	rows := []*Account{
		{Platform: X, ID: "1580021000000001024", Handle: "tirtawangikota", Name: "Pemkot Tirtawangi", Bio: bioKota},
		{Platform: X, ID: "1580021000000002048", Handle: "protokol_tirta", Name: "Protokol Tirtawangi", Bio: bioProtokol},
		{Platform: Facebook, ID: "104500000000101", Handle: "tirtawangikota", Name: "Pemerintah Kota Tirtawangi", Bio: bioKota},
		{Platform: Facebook, ID: "104500000000202", Handle: "protokol_tirtawangi", Name: "Protokol Kota Tirtawangi", Bio: bioProtokol},
		{Platform: Mastodon, ID: "110000000000000101", Handle: "tirtawangikota", Name: "Pemkot Tirtawangi", Bio: bioKota},
		{Platform: Mastodon, ID: "110000000000000202", Handle: "protokol_tirtawangi", Name: "Protokol Tirtawangi", Bio: bioProtokol},
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
	who := at(a.Platform, a.ID)
	t := &token{Access: derive(seed, "access", who), Account: who}
	switch a.Platform {
	case Facebook:
		t.Access = "EAA" + t.Access
	case X:
		t.Refresh = derive(seed, "refresh", who)
		return []*token{t, {
			Access: a.ID + "-" + derive(seed, "oauth1", who), Secret: derive(seed, "oauth1-secret", who),
			Account: who, Mode: "v1.1",
		}}
	}
	return []*token{t}
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
}

// Credentials lists the accounts, reached at base (scheme://host).
func (s *Sandbox) Credentials(base string) []Credential {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Credential
	for _, mode := range []string{"", "v1.1"} {
		for _, a := range s.world.accounts {
			if t := s.world.current(a, mode); t != nil {
				out = append(out, Credential{
					Platform: a.Platform, Mode: mode, BaseURL: base + mounts(a.Platform),
					AccountID: a.ID, Handle: a.Handle, Name: a.Name, App: a.App,
					Token: Token{Access: t.Access, Secret: t.Secret, Refresh: t.Refresh, Expires: t.Expires},
				})
			}
		}
	}
	return out
}

func mounts(platform string) string {
	return map[string]string{X: "/x", Facebook: "/fb", Mastodon: "/masto"}[platform]
}

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
