package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// codeLife is how long a code can be redeemed: X's thirty seconds, the shortest
// that any of the platforms has.
const codeLife = 30 * time.Second

// consent is a code that a consent page gave out, and what for.
type consent struct {
	Platform, Redirect string
	Accounts           []string // ids
	Scopes             []string
	Challenge          string // PKCE, S256; "" without
	Given              time.Time
	Used               bool
}

// Why a code is not worth anything; faces say it in their platform's words.
var (
	errCodeUnknown  = errors.New("the code is not known")
	errCodeExpired  = errors.New("the code has expired")
	errCodeUsed     = errors.New("the code was used already")
	errCodeRedirect = errors.New("the redirect address is another one")
	errCodeVerifier = errors.New("the code verifier does not fit")
)

// redeem trades a code, once.
func (s *Sandbox) redeem(platform, code, redirect, verifier string, now time.Time) (*consent, error) {
	g := s.world.codes[code]
	switch {
	case g == nil || g.Platform != platform:
		return nil, errCodeUnknown
	case g.Used:
		return nil, errCodeUsed
	case now.Sub(g.Given) > codeLife:
		return nil, errCodeExpired
	case g.Redirect != redirect:
		return nil, errCodeRedirect
	}
	sum := sha256.Sum256([]byte(verifier))
	if g.Challenge != "" && g.Challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		return nil, errCodeVerifier
	}
	g.Used = true
	return g, nil
}

// consentPage serves a platform's consent page: the person chooses accounts
// and scopes, allows or refuses, and is sent back as OAuth 2.0 says (RFC 6749,
// 4.1). separator stands between scopes; idName is what the platform calls the
// client id.
func (s *Sandbox) consentPage(m *http.ServeMux, platform, path, separator, idName string) {
	m.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { s.askConsent(w, r, platform, separator, idName) })
	m.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { s.giveConsent(w, r, platform) })
}

func (s *Sandbox) askConsent(w http.ResponseWriter, r *http.Request, platform, separator, idName string) {
	q := r.URL.Query()
	s.mu.Lock()
	app := s.app(platform)
	var accounts []*Account
	for _, a := range s.world.accounts {
		if a.Platform == platform {
			accounts = append(accounts, a)
		}
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get(idName) != app.ClientID && platform != Mastodon:
		w.WriteHeader(http.StatusBadRequest)
		_ = consentError.Execute(w, "Unknown app: "+idName+" is not registered.")
		return
	case q.Get("response_type") != "code" || err != nil || !redirect.IsAbs():
		w.WriteHeader(http.StatusBadRequest)
		_ = consentError.Execute(w, "response_type must be code and redirect_uri an absolute address.")
		return
	}
	scopes := slices.DeleteFunc(strings.Split(q.Get("scope"), separator), func(s string) bool { return s == "" })
	_ = consentForm.Execute(w, map[string]any{
		"Platform": platform, "Accounts": accounts, "Scopes": scopes, "Redirect": q.Get("redirect_uri"),
		"State": q.Get("state"), "Challenge": q.Get("code_challenge"),
	})
}

func (s *Sandbox) giveConsent(w http.ResponseWriter, r *http.Request, platform string) {
	if err := r.ParseForm(); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	back, err := url.Parse(r.PostForm.Get("redirect"))
	if err != nil || !back.IsAbs() {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	q := back.Query()
	q.Set("state", r.PostForm.Get("state"))
	if r.PostForm.Get("decision") != "allow" {
		q.Set("error", "access_denied")
		q.Set("error_description", "The user denied the request")
	} else {
		code := random()
		s.mu.Lock()
		s.world.codes[code] = &consent{
			Platform: platform, Redirect: r.PostForm.Get("redirect"), Accounts: r.PostForm["account"],
			Scopes: append([]string{}, r.PostForm["scope"]...), Challenge: r.PostForm.Get("challenge"), Given: s.now(),
		}
		s.mu.Unlock()
		q.Set("code", code)
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

var consentError = template.Must(template.New("error").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title><h1>Sandbox</h1><p>{{.}}</p></html>`))

var consentForm = template.Must(template.New("consent").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox: {{.Platform}}</title>
<main><h1>Sandbox: {{.Platform}}</h1><p>An app asks to speak for your accounts.</p>
<form method="post">
<input type="hidden" name="redirect" value="{{.Redirect}}"><input type="hidden" name="state" value="{{.State}}"><input type="hidden" name="challenge" value="{{.Challenge}}">
<fieldset><legend>Accounts</legend>{{range $i, $a := .Accounts}}<p><label><input type="checkbox" name="account" value="{{$a.ID}}" {{if eq $i 0}}checked{{end}}> {{$a.Name}} (@{{$a.Handle}})</label></p>{{end}}</fieldset>
<fieldset><legend>Permissions</legend>{{range .Scopes}}<p><label><input type="checkbox" name="scope" value="{{.}}" checked> {{.}}</label></p>{{end}}</fieldset>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
</form></main></html>`))
