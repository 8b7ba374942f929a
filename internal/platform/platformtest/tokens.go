package platformtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// refreshing: a token is renewed before or after its end; one that rotates is
// good once.
func refreshing(t *testing.T, s *suite) {
	r, ok := s.Connector.(platform.Refresher)
	if endless := s.Account.Token.Refresh == "" && s.Account.Token.Expires.IsZero(); !ok || endless && s.Account.Mode != "" {
		s.lacks(t, "refresh", "", "tokens do not run out")
	}
	a := s.Account
	if a.Token.Refresh != "" { // else the access token renews itself, while it lives
		s.alter(t, "expire", map[string]any{"account": a.RemoteID})
		_, err := s.Connector.Verify(t.Context(), a)
		if no := platform.AsRefusal(err); no == nil || !no.Auth {
			t.Errorf("a token that ran out: %v", err)
		}
		a.Token.Expires = time.Now().Add(-time.Minute)
		if !r.Expired(a, time.Now()) {
			t.Error("a token that ran out does not count as such")
		}
	}
	next, err := r.Refresh(t.Context(), a)
	if err != nil || next.Access == "" {
		t.Fatalf("refresh: %+v %v", next, err)
	}
	renewed := a
	renewed.Token = next
	if r.Expired(renewed, time.Now()) {
		t.Errorf("the new token counts as run out: %v", next.Expires)
	}
	if _, err := s.Connector.Verify(t.Context(), renewed); err != nil {
		t.Errorf("with the new token: %v", err)
	}
	note := ""
	if next.Refresh != a.Token.Refresh {
		note = "each refresh token once"
		_, err := r.Refresh(t.Context(), a)
		if no := platform.AsRefusal(err); no == nil || !no.Auth {
			t.Errorf("a refresh token that was used: %v", err)
		}
		if again, err := r.Refresh(t.Context(), renewed); err != nil || again.Access == next.Access {
			t.Errorf("refreshing again: %v", err)
		}
	}
	s.yes("refresh", note)
}

// revoked: every call says that the credential is lost, and says it as a
// refusal that names the administrator.
func revoked(t *testing.T, s *suite) {
	calls := map[string]func() error{
		"verify": func() error { _, err := s.Connector.Verify(t.Context(), s.Account); return err },
	}
	if !s.caps.NoPosts {
		calls["publish"] = func() error { _, _, err := s.send(t, platform.Outgoing{Key: "k", Text: "Halo"}); return err }
	}
	if p, ok := s.Connector.(platform.Puller); ok {
		calls["pull"] = func() error { _, err := p.Pull(t.Context(), s.Account, p.Feeds(s.Account)[0], ""); return err }
	}
	for op, call := range calls {
		s.fault(t, "any", "revoked", map[string]any{"count": -1})
		err := call()
		s.calm(t)
		if r := platform.AsRefusal(err); r == nil || !r.Auth || r.Fix != platform.FixAdmin {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// limits: the allowance that the platform tells, and what its headers say.
func limits(t *testing.T, s *suite) {
	if q, ok := s.Connector.(platform.Quoter); ok && s.caps.Quota {
		all, err := q.Quota(t.Context(), s.Account)
		if err != nil || len(all) == 0 {
			t.Fatalf("quota: %+v %v", all, err)
		}
		if !s.caps.NoPosts {
			s.sent(t, platform.Outgoing{Key: "q", Text: "Menghitung jatah"})
		}
		later, err := q.Quota(t.Context(), s.Account)
		if err != nil || len(later) != len(all) {
			t.Fatalf("quota: %+v %v", later, err)
		}
		grown := s.caps.NoPosts
		for i, one := range later {
			if one.Name == "" || one.Limit <= 0 || one.Used < 0 || one.Used > one.Limit {
				t.Errorf("%+v", one)
			}
			grown = grown || one.Used > all[i].Used
		}
		if !grown {
			t.Errorf("a post used nothing: %+v, then %+v", all, later)
		}
		s.yes("quota", "")
	} else {
		s.no("quota", "", "")
	}
	var seen []platform.Quota
	ctx := platform.WithQuota(t.Context(), func(q platform.Quota) { seen = append(seen, q) })
	if _, err := s.Connector.Verify(ctx, s.Account); err != nil {
		t.Fatal(err)
	}
	if len(seen) == 0 {
		s.no("pace", "", "")
		return
	}
	for _, q := range seen {
		if q.Remaining < 0 || q.Reset.Before(time.Now().Add(-time.Minute)) {
			t.Errorf("the headers say %+v", q)
		}
	}
	s.yes("pace", "")
}

func templates(t *testing.T, s *suite) {
	l, ok := s.Connector.(platform.Templater)
	if !ok || !s.caps.Templates {
		s.lacks(t, "templates", "", "")
	}
	all, err := l.Templates(t.Context(), s.Account)
	if err != nil {
		t.Fatal(err)
	}
	approved := 0
	for _, one := range all {
		if one.Name == "" || one.Language == "" || one.State == "" || one.Body == "" {
			t.Errorf("%+v", one)
		}
		if one.State == "APPROVED" {
			approved++
		}
	}
	if approved == 0 {
		t.Errorf("none is approved: %+v", all)
	}
	s.yes("templates", "")
}

// streaming: the kept connection wakes us when somebody speaks, and ends with
// its context.
func streaming(t *testing.T, s *suite) {
	st, ok := s.Connector.(platform.Streamer)
	if !ok || !s.caps.Stream {
		s.lacks(t, "stream", "", "")
	}
	ctx, stop := context.WithCancel(t.Context())
	woken, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- st.Stream(ctx, s.Account, func() { woken <- struct{}{} }) }()
	kind := s.kinds()[0]
	if kind == platform.Comment {
		t.Fatal("a comment needs a post: Hears must begin with what needs none")
	}
	// Nobody says when the connection stands: somebody speaks until it is told.
	heard := false
	for n := 0; n < 100 && !heard; n++ {
		s.say(t, map[string]any{"text": fmt.Sprintf("@%s halo %d", s.Account.Handle, n), "kind": string(kind)})
		select {
		case <-woken:
			heard = true
		case err := <-ended:
			t.Fatalf("the connection ended: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
	stop()
	if err := <-ended; !heard || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("heard %v, ended with %v", heard, err)
	}
	wrong := s.Account
	wrong.Token.Access = "0-wrong"
	if err := st.Stream(t.Context(), wrong, func() {}); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Errorf("with a wrong token: %v", err)
	}
	s.yes("stream", "")
}

// typing connects by what a person types instead of a consent page.
func typing(t *testing.T, s *suite) {
	si, ok := s.Connector.(platform.Signer)
	if !ok {
		if len(s.caps.Connect.Fields) > 0 {
			s.yes("sign_in", "")
			return
		}
		s.lacks(t, "sign_in", "", "")
	}
	if s.Form.BaseURL == "" {
		t.Fatal("Setup.Form is empty: what does a person type?")
	}
	g, err := si.SignIn(t.Context(), s.Form)
	if err != nil || g.Profile.RemoteID != s.Account.RemoteID {
		t.Fatalf("sign in: %+v %v", g.Profile, err)
	}
	a := s.Account
	a.Token = g.Token
	if p, err := s.Connector.Verify(t.Context(), a); err != nil || p.RemoteID != s.Account.RemoteID {
		t.Errorf("with what was given: %+v %v", p, err)
	}
	wrong := s.Form
	wrong.Password, wrong.Token.Access, wrong.App.ClientSecret = wrong.Password+"x", wrong.Token.Access+"x", wrong.App.ClientSecret+"x"
	if _, err := si.SignIn(t.Context(), wrong); platform.AsRefusal(err) == nil {
		t.Errorf("with a wrong secret: %v", err)
	}
	s.yes("sign_in", "")
}
