package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/safehttp"
	"kentongan/internal/vault"
	"kentongan/moderation"
	"kentongan/publisher"
)

// readingOffice is two agencies of an invented city with the pages over a real
// database. A cookie says who somebody is: "moderator.protokol".
type readingOffice struct {
	galleryPeople
	*Server
	db       *db.DB
	agencies map[string]identity.Agency
	pages    *Pages
}

func (o *readingOffice) actor(cookie string) identity.Actor {
	role, slug, _ := strings.Cut(cookie, ".")
	a := o.agencies[slug]
	return identity.NewActor(identity.PersonID(role), "Rina Wulandari", a.ID, identity.Web, map[identity.AgencyID][]identity.Role{a.ID: {identity.Role(role)}})
}

func (o *readingOffice) Session(_ context.Context, cookie string) (identity.Actor, identity.Session, error) {
	by := o.actor(cookie)
	return by, identity.Session{Agency: by.Agency, Preference: identity.Preference{Language: "id"}}, nil
}

func newReadingOffice(t *testing.T, d *db.DB) *readingOffice {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return galleryNow }
	note := func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return nil
	}
	o := &readingOffice{db: d, agencies: map[string]identity.Agency{}}
	people := identity.NewDesk(d, v, now, note)
	for slug, name := range map[string]string{"diskominfo": "Dinas Komunikasi dan Informatika", "protokol": "Bagian Protokol dan Komunikasi Pimpinan"} {
		if o.agencies[slug], err = people.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: slug, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	samples, err := configs.Policies()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := moderation.NewPolicy(samples[0])
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	channels := &channel.Desk{DB: d, Vault: v, Now: now, Connectors: map[platform.Name]platform.Connector{mastodon.Name: mastodon.New(safehttp.New(safehttp.Options{}))}}
	o.pages = &Pages{
		Log: log, DB: d, Now: now, People: people, Channels: channels, PublicURL: "https://kentongan.example",
		Publisher:  &publisher.Publisher{DB: d, Channels: channels, Log: log, Now: now},
		Inbox:      &inbox.Inbox{DB: d, Vault: v, Channels: channels, Log: log, Now: now},
		Moderation: &moderation.Moderation{DB: d, Vault: v, Channels: channels, Policy: policy, Log: log, Now: now},
		Insight:    &insight.Insight{DB: d, Channels: channels, Log: log, Now: now},
	}
	core := testCore(nil)
	core.Sessions, core.Log = o, log
	core.Agencies = func(_ context.Context, by identity.Actor) ([]identity.Agency, error) {
		for _, a := range o.agencies {
			if a.ID == by.Agency {
				return []identity.Agency{a}, nil
			}
		}
		return nil, nil
	}
	o.Server = NewServer(core, o.pages.Routes())
	return o
}

func (o *readingOffice) post(path, cookie string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://kentongan.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

// Each page opens for whom it is meant on an empty office, and for nobody else.
func TestReadingPagesAreForTheirRoles(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newReadingOffice(t, d)
		for path, open := range map[string]string{
			"/kalender": "officer approver moderator leader auditor admin", "/kalender?v=daftar&t=2026-12": "officer approver moderator leader auditor admin",
			"/kalender?t=kapan": "officer", "/moderasi": "moderator", "/moderasi?status=putusan": "moderator",
			"/laporan": "officer approver moderator leader auditor", "/antrean": "auditor admin", "/jejak": "approver leader auditor admin",
			"/pengaturan/kanal": "approver leader admin", "/pengaturan/hubungkan": "admin", "/pengaturan/hubungkan/whatsapp_channel": "admin",
		} {
			for _, role := range identity.Roles {
				want := http.StatusForbidden
				if strings.Contains(open, string(role)) {
					want = http.StatusOK
				}
				if path == "/kalender?t=kapan" {
					want = http.StatusOK
				}
				if w := ask(o, "GET", path, string(role)+".diskominfo"); w.Code != want {
					t.Errorf("%s as %s: %d, want %d", path, role, w.Code, want)
				}
			}
			if w := ask(o, "GET", path, ""); w.Code != http.StatusSeeOther {
				t.Errorf("%s without a session: %d", path, w.Code)
			}
		}
	})
}

func TestTheTrailIsPagedAndShowsOneAgency(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newReadingOffice(t, d)
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			for i := range trailSize + 5 {
				deed := audit.Deed{Name: "post.approve", Subject: fmt.Sprintf("post/%08d", i), Detail: fmt.Sprintf("keterangan-%d.", i)}
				if err := audit.Note(t.Context(), tx, o.actor("approver.diskominfo"), galleryNow.Add(time.Duration(i)*time.Second), deed); err != nil {
					return err
				}
			}
			return audit.Note(t.Context(), tx, o.actor("approver.protokol"), galleryNow, audit.Deed{Name: "post.reject", Subject: "post/x", Detail: "rahasia-protokol"})
		})
		if err != nil {
			t.Fatal(err)
		}
		first := ask(o, "GET", "/jejak", "leader.diskominfo").Body.String()
		if !strings.Contains(first, "menyetujui unggahan") || !strings.Contains(first, "keterangan-64.") || strings.Contains(first, "keterangan-4.") {
			t.Error("the first page does not hold the newest deeds only")
		}
		if strings.Contains(first, "rahasia-protokol") {
			t.Error("another agency's deed is shown")
		}
		_, older, _ := strings.Cut(first, `href="/jejak?sebelum=`)
		older, _, _ = strings.Cut(older, `"`)
		second := ask(o, "GET", "/jejak?sebelum="+older, "leader.diskominfo").Body.String()
		for i := range trailSize + 5 {
			word, onFirst := fmt.Sprintf("keterangan-%d.", i), i >= 5
			if strings.Contains(first, word) != onFirst || strings.Contains(second, word) == onFirst {
				t.Errorf("deed %d: on the first page %v, on the second %v", i, strings.Contains(first, word), strings.Contains(second, word))
			}
		}
		one := ask(o, "GET", "/jejak?tentang=post/00000007", "leader.diskominfo").Body.String()
		if !strings.Contains(one, "keterangan-7.") || strings.Contains(one, "keterangan-8.") {
			t.Error("the trail of one thing is not its own")
		}
	})
}

func TestTheQueueShowsWhatIsPromisedWithoutAQueueHere(t *testing.T) {
	t.Parallel()
	o := newReadingOffice(t, dbtest.New(t))
	mine, theirs := o.agencies["diskominfo"].ID, o.agencies["protokol"].ID
	err := o.db.Update(t.Context(), func(tx *db.Tx) error {
		for _, p := range []outbox.Promise{
			{Kind: publisher.KindDeliver, Key: "satu-dua-tiga", Agency: mine, Class: outbox.Publish, Due: galleryNow.Add(3 * time.Minute)},
			{Kind: inbox.KindPoll, Key: "empat-lima-enam", Agency: mine, Class: outbox.Inbox, Due: galleryNow.Add(-5 * time.Minute)},
			{Kind: inbox.KindParse, Key: "milik-protokol", Agency: theirs, Class: outbox.Inbox, Due: galleryNow},
		} {
			if err := outbox.Put(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	page := ask(o, "GET", "/antrean", "auditor.diskominfo").Body.String()
	for _, want := range []string{"Kirim", "dalam 3 menit", "Ambil", "sejak 5 menit lalu", "Tanpa pekerja di sini"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "protokol</") || strings.Contains(page, "Baca kiriman") {
		t.Error("another agency's promise is shown")
	}
}

func TestWhatIsWrongIsSaidOnThePage(t *testing.T) {
	t.Parallel()
	o := newReadingOffice(t, dbtest.New(t))
	w := ask(o, "GET", "/laporan?dari=2026-11-20&sampai=2026-11-01", "leader.diskominfo")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="f-to-wrong"`) {
		t.Errorf("a span that ends before it begins: %d", w.Code)
	}
	secret := "token-rahasia-sekali"
	w = o.post("/pengaturan/hubungkan/myspace", "admin.diskominfo", url.Values{"way": {"isian"}, "access": {secret}})
	if w.Code != http.StatusNotFound {
		t.Errorf("an unknown platform: %d", w.Code)
	}
	w = o.post("/pengaturan/hubungkan/whatsapp_channel", "admin.diskominfo", url.Values{"way": {"tangan"}, "handle": {"Kanal Kota"}, "url": {"http://whatsapp.example"}, "access": {secret}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#f-url"`) || !strings.Contains(w.Body.String(), `value="Kanal Kota"`) {
		t.Errorf("an address without TLS: %d", w.Code)
	}
	if strings.Contains(w.Body.String(), secret) {
		t.Error("the token is printed back")
	}
	for path, cookie := range map[string]string{"/pengaturan/hubungkan/x": "approver.diskominfo", "/pengaturan/hubungkan/pilih/x": "approver.diskominfo", "/pengaturan/kanal/x/buka": "admin.diskominfo", "/moderasi/keputusan": "officer.diskominfo"} {
		if w := o.post(path, cookie, url.Values{}); w.Code != http.StatusForbidden {
			t.Errorf("%s as %s: %d", path, cookie, w.Code)
		}
	}
	for path, cookie := range map[string]string{"/pengaturan/kanal/x/buka": "approver.diskominfo", "/moderasi/keputusan": "moderator.diskominfo"} {
		if w := o.post(path, cookie, url.Values{"message": {"x"}, "act": {"hide"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s of a thing that is not there: %d", path, w.Code)
		}
	}
}
