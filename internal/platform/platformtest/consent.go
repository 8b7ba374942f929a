package platformtest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kentongan/internal/platform"
)

// person is somebody at the platform's consent page.
type person struct {
	decision string
	without  string // a scope that is not ticked
	none     bool   // no scope is ticked
}

// consenting walks through the platform's own page, as a browser does.
func consenting(t *testing.T, s *suite) {
	z, ok := s.Connector.(platform.Authorizer)
	if !ok || !s.caps.Connect.OAuth {
		s.lacks(t, "consent", "", "")
	}
	c := platform.Consent{BaseURL: s.Account.BaseURL, App: s.Account.App, Redirect: "http://127.0.0.1:1/connect/back",
		State: "state-1", Verifier: strings.Repeat("v", 64)}
	if r, ok := s.Connector.(platform.Registrar); ok {
		app, err := r.Register(t.Context(), c.BaseURL, c.Redirect)
		if err != nil || app.ClientID == "" || app.ClientSecret == "" {
			t.Fatalf("register: %+v %v", app, err)
		}
		c.App = app
	}
	back, scopes := s.visit(t, z, c, person{decision: "allow"})
	if back.Get("state") != c.State {
		t.Errorf("the state is lost: %v", back)
	}
	s.granted(t, z, c, back)
	s.refusals(t, z, c, back)
	if len(scopes) == 0 {
		t.Error("no scope was asked for")
	}
	for _, scope := range scopes {
		back, _ := s.visit(t, z, c, person{decision: "allow", without: scope})
		all, err := z.Redeem(t.Context(), c, back)
		missing := err != nil && refusedAs(err, "platform.consent.missing_permission")
		for _, g := range all {
			missing = missing || slices.Contains(g.Missing, scope)
		}
		if !missing {
			t.Errorf("without %s: %+v %v", scope, all, err)
		}
	}
	s.powerless(t, z, c)
	s.yes("consent", "")
}

// granted: what a consent opens can be used.
func (s *suite) granted(t *testing.T, z platform.Authorizer, c platform.Consent, back url.Values) {
	t.Helper()
	all, err := z.Redeem(t.Context(), c, back)
	if err != nil || len(all) == 0 {
		t.Fatalf("redeem: %+v %v", all, err)
	}
	known := false
	for _, g := range all {
		known = known || g.Profile.RemoteID == s.Account.RemoteID
		if g.Profile.RemoteID == "" || g.Profile.Handle == "" || g.Token.Access == "" || len(g.Missing) > 0 {
			t.Errorf("granted %+v, missing %v", g.Profile, g.Missing)
		}
		a := s.Account
		a.RemoteID, a.Token, a.App = g.Profile.RemoteID, g.Token, c.App
		if p, err := s.Connector.Verify(t.Context(), a); err != nil || p.RemoteID != g.Profile.RemoteID {
			t.Errorf("with the new token: %+v %v", p, err)
		}
	}
	if !known {
		t.Errorf("our account is not among %+v", all)
	}
}

// refusals: each way to fail has its own sentence. used is a page's answer
// whose code was redeemed already.
func (s *suite) refusals(t *testing.T, z platform.Authorizer, c platform.Consent, used url.Values) {
	t.Helper()
	fails := func(what, code string, c platform.Consent, back url.Values) {
		t.Helper()
		if all, err := z.Redeem(t.Context(), c, back); !refusedAs(err, code) {
			t.Errorf("%s: got %+v %v, want %s", what, all, err, code)
		}
	}
	fails("a code used twice", "platform.consent.expired", c, used)
	denied, _ := s.visit(t, z, c, person{decision: "deny"})
	fails("denied", "platform.consent.denied", c, denied)
	wrong := c
	wrong.App.ClientSecret = "salah" + c.App.ClientSecret[5:]
	back, _ := s.visit(t, z, c, person{decision: "allow"})
	fails("a wrong secret", "platform.consent.wrong_secret", wrong, back)
	back, _ = s.visit(t, z, c, person{decision: "allow"})
	s.control(t, http.MethodPost, "/sandbox/clock", map[string]any{"seconds": 3600}, nil)
	fails("a code that is too old", "platform.consent.expired", c, back)
	fails("nothing at all", "platform.consent.denied", c, url.Values{})
}

// powerless: a credential without permissions is refused, and by whom it can
// be mended is said.
func (s *suite) powerless(t *testing.T, z platform.Authorizer, c platform.Consent) {
	t.Helper()
	back, _ := s.visit(t, z, c, person{decision: "allow", none: true})
	all, err := z.Redeem(t.Context(), c, back)
	if err != nil {
		if !refusedAs(err, "platform.consent.missing_permission") {
			t.Errorf("without any permission: %v", err)
		}
		return
	}
	a := s.Account
	a.RemoteID, a.Token, a.App = all[0].Profile.RemoteID, all[0].Token, c.App
	bare := *s
	bare.Account = a
	if s.caps.NoPosts {
		return
	}
	r, _, err := bare.send(t, platform.Outgoing{Key: "k", Text: "Tanpa izin"})
	if no := platform.AsRefusal(err); platform.Classify(r, err) != platform.Refused || no.Fix != platform.FixAdmin {
		t.Errorf("published without permission: %+v %v", r, err)
	}
}

func refusedAs(err error, code string) bool {
	r := platform.AsRefusal(err)
	return r != nil && r.Code == code && r.Fix != ""
}

// visit opens the consent page, ticks and decides, and gives what the person
// is sent back with, and the scopes that were offered.
func (s *suite) visit(t *testing.T, z platform.Authorizer, c platform.Consent, who person) (back url.Values, scopes []string) {
	t.Helper()
	address, err := z.ConsentURL(c)
	if err != nil || !strings.HasPrefix(address, c.BaseURL) || strings.Contains(address, c.App.ClientSecret) {
		t.Fatalf("consent page: %s %v", address, err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	form := url.Values{"decision": {who.decision}}
	for _, f := range fields(t, page) {
		if f.name == "scope" {
			scopes = append(scopes, f.value)
			if who.none || f.value == who.without {
				continue
			}
		}
		form.Add(f.name, f.value)
	}
	answer, err := browser.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	to, err := answer.Location()
	if err != nil || !strings.HasPrefix(to.String(), c.Redirect) {
		t.Fatalf("sent back with %s to %v: %v", answer.Status, to, err)
	}
	return to.Query(), scopes
}

type field struct{ name, value string }

// fields are a form's hidden fields and its ticked boxes.
func fields(t *testing.T, page *http.Response) []field {
	t.Helper()
	if page.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(page.Body)
		t.Fatalf("consent page: %s %s", page.Status, said)
	}
	var all []field
	z := html.NewTokenizer(page.Body)
	for z.Next() != html.ErrorToken {
		tag := z.Token()
		if tag.Data != "input" {
			continue
		}
		attr := map[string]string{}
		for _, a := range tag.Attr {
			attr[a.Key] = a.Val
		}
		if _, ticked := attr["checked"]; ticked || attr["type"] == "hidden" {
			all = append(all, field{attr["name"], attr["value"]})
		}
	}
	return all
}
