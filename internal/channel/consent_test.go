package channel_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// fair is a platform with a consent page: two pages may be spoken for.
type fair struct {
	*paper
	last       platform.Consent // as the consent page was asked
	registered atomic.Int64
	subscribed []string
	answer     error // to a subscription
}

func (f *fair) Name() platform.Name { return "fair" }
func (f *fair) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{Platform: "fair", Connect: platform.Connect{Home: "https://fair.example", OAuth: true}}
}

func (f *fair) Verify(_ context.Context, a platform.Account) (platform.Profile, error) {
	id, ok := strings.CutPrefix(a.Token.Access, "page-")
	if !ok {
		return platform.Profile{}, &platform.Refusal{Code: "platform.auth_lost", Auth: true}
	}
	return platform.Profile{RemoteID: id, Handle: "halaman" + id, Name: "Halaman " + id}, nil
}

func (f *fair) ConsentURL(c platform.Consent) (string, error) {
	f.last = c
	return c.BaseURL + "/consent?" + url.Values{"state": {c.State}, "client_id": {c.App.ClientID}}.Encode(), nil
}

func (f *fair) Redeem(_ context.Context, c platform.Consent, back url.Values) ([]platform.Granted, error) {
	switch {
	case back.Get("error") != "":
		return nil, &platform.Refusal{Code: "platform.consent.denied", Fix: platform.FixAdmin}
	case back.Get("code") == "late":
		return nil, &platform.Refusal{Code: "platform.consent.expired", Fix: platform.FixAdmin}
	case c.App.ClientSecret != "app-secret":
		return nil, &platform.Refusal{Code: "platform.consent.wrong_secret", Fix: platform.FixAdmin}
	case c.Verifier != f.last.Verifier || c.Redirect != f.last.Redirect:
		return nil, &platform.Refusal{Code: "platform.consent.expired", Fix: platform.FixAdmin}
	case back.Get("code") == "none":
		return nil, nil
	}
	one := func(id string, missing ...string) platform.Granted {
		return platform.Granted{Profile: platform.Profile{RemoteID: id, Handle: "halaman" + id}, Token: platform.Token{Access: "page-" + id}, Missing: missing}
	}
	return []platform.Granted{one("1"), one("2", "hide_comments")}, nil
}

func (f *fair) Register(_ context.Context, _, redirect string) (platform.App, error) {
	f.registered.Add(1)
	return platform.App{ClientID: "given-for-" + redirect, ClientSecret: "app-secret"}, nil
}

func (f *fair) Subscribe(_ context.Context, _ platform.Account, address string) error {
	f.subscribed = append(f.subscribed, address)
	return f.answer
}

func openFair(t *testing.T, d *db.DB) (*office, *fair) {
	t.Helper()
	o := newOffice(t, d)
	f := &fair{paper: o.paper}
	o.Connectors["fair"] = f
	o.Redirect = "https://kantor.example/pengaturan/hubungkan/kembali"
	o.update(t, func(tx *db.Tx) error {
		for _, id := range []identity.PersonID{"bayu", "galih"} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO person (id, agency_id, username, name, password_hash, created_at) VALUES ($1, 'diskominfo', $1, $1, '', 1)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	return o, f
}

const browser identity.SessionID = "browser-1"

func (o *office) begin(t *testing.T) url.Values {
	t.Helper()
	address, err := o.Begin(t.Context(), o.admin, channel.Beginning{Platform: "fair", App: platform.App{ClientID: "client", ClientSecret: "app-secret"}, Session: browser})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "fair.example" {
		t.Fatalf("%s, %v", address, err)
	}
	return url.Values{"state": {u.Query().Get("state")}, "code": {"good"}}
}

func TestAConsentConnectsWhatWasChosen(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, f := openFair(t, d)
		back := o.begin(t)
		if len(back.Get("state")) < 43 || len(f.last.Verifier) < 43 || len(f.last.Verifier) > 128 {
			t.Errorf("state %d, verifier %d letters", len(back.Get("state")), len(f.last.Verifier))
		}
		offer, err := o.Return(t.Context(), o.admin, browser, back)
		if err != nil || len(offer.Accounts) != 2 || !slices.Equal(offer.Accounts[1].Missing, []string{"hide_comments"}) {
			t.Fatalf("%+v, %v", offer, err)
		}
		if again, err := o.Offered(t.Context(), o.admin, browser, offer.ID); err != nil || len(again.Accounts) != 2 {
			t.Errorf("a page that is loaded again: %+v, %v", again, err)
		}
		if _, err := o.Choose(t.Context(), o.admin, browser, offer.ID, nil); code(err) != "channel.consent.none_chosen" {
			t.Errorf("nothing chosen: %v", err)
		}
		all, err := o.Choose(t.Context(), o.admin, browser, offer.ID, []string{"2"})
		if err != nil || len(all) != 1 || all[0].RemoteID != "2" || all[0].BaseURL != "https://fair.example" || !slices.Equal(all[0].Missing, []string{"hide_comments"}) {
			t.Fatalf("%+v, %v", all, err)
		}
		if a, err := o.Account(t.Context(), all[0]); err != nil || a.Token.Access != "page-2" || a.App.ClientID != "client" {
			t.Errorf("%v", err)
		}
		if _, err := o.Choose(t.Context(), o.admin, browser, offer.ID, []string{"1"}); code(err) != "channel.consent.unknown" {
			t.Errorf("chosen twice: %v", err)
		}
		if n := o.count(t, `SELECT count(*) FROM consent`); n != 0 {
			t.Errorf("%d consents remain with their secrets", n)
		}
	})
}

func TestAConsentThatFailsConnectsNothing(t *testing.T) {
	t.Parallel()
	o, f := openFair(t, dbtest.New(t))
	wrong := channel.Beginning{Platform: "fair", App: platform.App{ClientID: "other", ClientSecret: "wrong"}, Session: browser}
	for _, row := range []struct {
		what string
		do   func(back url.Values) error
		want string
	}{
		{"refused on the platform's page", func(b url.Values) error {
			return o.back(t, o.admin, browser, url.Values{"state": b["state"], "error": {"access_denied"}})
		}, "platform.consent.denied"},
		{"a code that has expired", func(b url.Values) error {
			return o.back(t, o.admin, browser, url.Values{"state": b["state"], "code": {"late"}})
		}, "platform.consent.expired"},
		{"nobody to speak for", func(b url.Values) error {
			return o.back(t, o.admin, browser, url.Values{"state": b["state"], "code": {"none"}})
		}, "channel.consent.no_account"},
		{"a state that somebody made up", func(b url.Values) error {
			return o.back(t, o.admin, browser, url.Values{"state": {"guessed"}, "code": {"good"}})
		}, "channel.consent.unknown"},
		{"no state at all", func(b url.Values) error { return o.back(t, o.admin, browser, url.Values{"code": {"good"}}) }, "channel.consent.unknown"},
		{"the same person at another browser", func(b url.Values) error { return o.back(t, o.admin, "browser-2", b) }, "channel.consent.unknown"},
		{"another person", func(b url.Values) error { return o.back(t, o.outsider, browser, b) }, "channel.consent.unknown"},
		{"an approver", func(b url.Values) error { return o.back(t, o.approver, browser, b) }, "channel.connect.no_power"},
		{"sent back twice", func(b url.Values) error {
			return errors.Join(o.back(t, o.admin, browser, url.Values{"state": b["state"], "error": {"x"}}), o.back(t, o.admin, browser, b))
		}, "platform.consent.denied channel.consent.used"},
		{"the wrong secret", func(url.Values) error {
			address, err := o.Begin(t.Context(), o.admin, wrong)
			if err != nil {
				return err
			}
			u, _ := url.Parse(address)
			return o.back(t, o.admin, browser, url.Values{"state": {u.Query().Get("state")}, "code": {"good"}})
		}, "platform.consent.wrong_secret"},
		{"too long on the platform's page", func(b url.Values) error {
			o.Now = func() time.Time { return noon.Add(15*time.Minute + time.Second) }
			defer func() { o.Now = func() time.Time { return noon } }()
			return o.back(t, o.admin, browser, b)
		}, "channel.consent.too_late"},
	} {
		if got := strings.Join(codes(row.do(o.begin(t))), " "); got != row.want {
			t.Errorf("%s: %s", row.what, got)
		}
	}
	if n := o.count(t, `SELECT (SELECT count(*) FROM channel) + (SELECT count(*) FROM app) + (SELECT count(*) FROM audit)`); n != 0 {
		t.Errorf("%d rows", n)
	}
	if _, err := o.Begin(t.Context(), o.approver, wrong); code(err) != "channel.connect.no_power" {
		t.Errorf("an approver begins: %v", err)
	}
	if _, err := o.Begin(t.Context(), o.admin, channel.Beginning{Platform: "paper", BaseURL: "https://paper.example", Session: browser}); code(err) != "channel.consent.not_offered" {
		t.Errorf("a platform without a consent page: %v", err)
	}
	o.Allowed = func(string) error { return errors.New("not there") }
	if _, err := o.Begin(t.Context(), o.admin, channel.Beginning{Platform: "fair", BaseURL: "https://10.0.0.1", Session: browser}); err == nil || f.registered.Load() != 0 {
		t.Errorf("an address that may not be asked: %v", err)
	}
}

// back is a return and, if it opened something, all of it chosen.
func (o *office) back(t *testing.T, by identity.Actor, s identity.SessionID, back url.Values) error {
	t.Helper()
	offer, err := o.Return(t.Context(), by, s, back)
	if err != nil {
		return err
	}
	_, err = o.Choose(t.Context(), by, s, offer.ID, []string{"1", "2"})
	return err
}

func codes(err error) (all []string) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			all = append(all, code(e))
		}
		return all
	}
	return []string{code(err)}
}

// A server that gives out registrations by itself is asked once, and again
// when our own address has changed.
func TestAServerRegistersUsOnceForEachAddress(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, f := openFair(t, d)
		again := func() string {
			address, err := o.Begin(t.Context(), o.admin, channel.Beginning{Platform: "fair", BaseURL: "https://server.example", Session: browser})
			if err != nil {
				t.Fatal(err)
			}
			return address
		}
		first := again()
		if second := again(); f.registered.Load() != 1 || !strings.Contains(first, "given-for-https") || !strings.HasPrefix(second, "https://server.example/") {
			t.Errorf("registered %d times: %s", f.registered.Load(), second)
		}
		o.Redirect = "https://baru.example/kembali"
		if third := again(); f.registered.Load() != 2 || !strings.Contains(third, "baru.example") {
			t.Errorf("after moving: %d, %s", f.registered.Load(), third)
		}
		if n := o.count(t, `SELECT count(*) FROM app`); n != 1 {
			t.Errorf("%d registrations", n)
		}
	})
}

// What waits for its way back tells a reader of the database nothing.
func TestAConsentOnItsWayIsSealed(t *testing.T) {
	t.Parallel()
	o, f := openFair(t, dbtest.New(t))
	back := o.begin(t)
	if _, err := o.Return(t.Context(), o.admin, browser, back); err != nil {
		t.Fatal(err)
	}
	o.update(t, func(tx *db.Tx) error {
		rows, err := db.All(t.Context(), tx, func(scan func(...any) error) (string, error) {
			var id, redirect string
			var secrets, result []byte
			err := scan(&id, &redirect, &secrets, &result)
			return id + redirect + string(secrets) + string(result), err
		}, `SELECT id, redirect, secrets, result FROM consent`)
		for _, row := range rows {
			for _, secret := range []string{back.Get("state"), f.last.Verifier, "app-secret", "page-1"} {
				if strings.Contains(row, secret) {
					t.Errorf("%q stands in clear", secret)
				}
			}
		}
		if len(rows) != 1 {
			t.Errorf("%d rows", len(rows))
		}
		return err
	})
	o.Now = func() time.Time { return noon.Add(14 * time.Minute) }
	if err := o.Forget(t.Context()); err != nil || o.count(t, `SELECT count(*) FROM consent`) != 1 {
		t.Errorf("forgotten too early: %v", err)
	}
	o.Now = func() time.Time { return noon.Add(16 * time.Minute) }
	if err := o.Forget(t.Context()); err != nil || o.count(t, `SELECT count(*) FROM consent`) != 0 {
		t.Errorf("nobody came back, and the credentials are still here: %v", err)
	}
}

// The platform is told where to push after the connection, by a promise: what
// fails for the moment is asked again, a clear no is shown.
func TestAPlatformIsToldWhereToPush(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, f := openFair(t, d)
		hook := ""
		o.Hook = func(c channel.Channel) string {
			if hook == "" {
				return ""
			}
			return hook + string(c.App)
		}
		connect := func() channel.Channel {
			return o.connect(t, channel.Credential{Platform: "fair", Token: platform.Token{Access: "page-7"}, App: platform.App{ClientID: "c"}})
		}
		connect()
		if n := o.count(t, `SELECT count(*) FROM promise`); n != 0 {
			t.Errorf("%d promises although the platform cannot reach us", n)
		}
		hook = "https://kantor.example/webhook/"
		c := connect()
		ring := func() (state string) {
			o.update(t, func(tx *db.Tx) error {
				row, err := outbox.One(t.Context(), tx, channel.KindSubscribe, string(c.ID))
				state = row.State
				if err == nil && row.State == outbox.Open {
					o.Now = func() time.Time { return row.Due }
				}
				return err
			})
			var row outbox.Row
			o.update(t, func(tx *db.Tx) (err error) {
				row, err = outbox.One(t.Context(), tx, channel.KindSubscribe, string(c.ID))
				return err
			})
			if err := o.Subscribe(t.Context(), outbox.Ring{Kind: row.Kind, Key: row.Key, Epoch: row.Epoch}); err != nil {
				t.Error(err)
			}
			o.update(t, func(tx *db.Tx) (err error) {
				row, err = outbox.One(t.Context(), tx, channel.KindSubscribe, string(c.ID))
				return err
			})
			return row.State
		}
		f.answer = &platform.Unclear{Status: 503}
		if state := ring(); state != outbox.Open || !o.load(t, c.ID).PushAt.IsZero() {
			t.Errorf("after no clear answer: %s", state)
		}
		f.answer = nil
		if state := ring(); state != outbox.Done || o.load(t, c.ID).PushAt.IsZero() || f.subscribed[1] != hook+string(c.App) {
			t.Errorf("after a yes: %s, %q", state, f.subscribed)
		}
		connect()
		f.answer = &platform.Refusal{Code: "platform.forbidden"}
		if state := ring(); state != outbox.Done || o.load(t, c.ID).PushCode != "platform.forbidden" || !o.load(t, c.ID).PushAt.IsZero() {
			t.Errorf("after a no: %s, %+v", state, o.load(t, c.ID))
		}
		connect()
		f.answer = &platform.Refusal{Code: "platform.auth_lost", Auth: true}
		if state := ring(); state != outbox.Done || o.load(t, c.ID).Health != channel.AuthLost {
			t.Errorf("without a credential: %s, %s", state, o.load(t, c.ID).Health)
		}
		if n := o.count(t, `SELECT count(*) FROM audit WHERE deed = 'channel.auth_lost'`); n != 1 {
			t.Errorf("%d lines in the trail", n)
		}
	})
}

func TestAnAccountWrittenByHandNeedsNoSecret(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.Connected = func(context.Context, *db.Tx, channel.Channel) error { return errors.New("nothing reads it") }
		page := channel.Manual{Platform: platform.WhatsAppChannel, Handle: "Kanal Kota Tirtawangi", URL: "https://whatsapp.com/channel/0029Va"}
		c, err := o.ConnectManual(t.Context(), o.admin, page)
		if err != nil || !c.Manual() || c.Health != channel.OK || c.URL != page.URL {
			t.Fatalf("%+v, %v", c, err)
		}
		if again, err := o.ConnectManual(t.Context(), o.admin, page); err != nil || again.ID != c.ID {
			t.Errorf("the same page became a second channel: %v", err)
		}
		if a, err := o.Account(t.Context(), c); err != nil || a.Mode != platform.Manual || a.Token.Access != "" {
			t.Errorf("%+v, %v", a.Mode, err)
		}
		if err := o.Probe(t.Context(), c); err != nil {
			t.Error(err)
		}
		if beside, err := o.ConnectManual(t.Context(), o.admin, channel.Manual{Platform: "paper", Handle: "x", URL: "https://paper.example/x"}); err != nil || !beside.Manual() {
			t.Errorf("a platform that has not admitted the app yet: %v", err)
		}
		for what, m := range map[string]channel.Manual{
			"no name": {Platform: platform.WhatsAppChannel, URL: page.URL}, "no address": {Platform: platform.WhatsAppChannel, Handle: "x"},
			"a script for an address": {Platform: platform.WhatsAppChannel, Handle: "x", URL: "javascript:alert(1)"}, "a platform nobody knows": {Platform: "smoke", Handle: "x", URL: page.URL},
		} {
			if _, err := o.ConnectManual(t.Context(), o.admin, m); err == nil {
				t.Errorf("%s is taken", what)
			}
		}
		if _, err := o.ConnectManual(t.Context(), o.approver, page); code(err) != "channel.connect.no_power" {
			t.Errorf("an approver connects: %v", err)
		}
	})
}
