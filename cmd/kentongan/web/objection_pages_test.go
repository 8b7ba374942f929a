package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/moderation"
)

const (
	pleaNIK   = "3174052505900003"
	pleaPhone = "081298765432"
	pleaName  = "Bambang Sutrisno"
)

// pleaOffice is an office that hears objections, with one decided case and a
// log that the test reads.
type pleaOffice struct {
	*readingOffice
	number string
	log    *bytes.Buffer
}

func newPleaOffice(t *testing.T, d *db.DB) pleaOffice {
	t.Helper()
	o := pleaOffice{readingOffice: newReadingOffice(t, d), log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	years, err := configs.Calendars()
	must(t, err)
	calendar, err := inbox.NewCalendar(years)
	must(t, err)
	data, err := configs.ObjectionData("")
	must(t, err)
	p := o.pages
	p.Log, p.Inbox.Calendar = log, calendar
	p.Moderation.Inbox, p.Moderation.Publisher, p.Moderation.Classifier, p.Moderation.Log = p.Inbox, p.Publisher, moderation.NewClassifier(), log
	p.Moderation.Objections, p.Moderation.PublicURL = moderation.ObjectionRules{Objection: data, Chosen: []string{"adm.objection", "adm.objdecide"}}, p.PublicURL
	core := testCore(nil)
	core.Sessions, core.Log = o.readingOffice, log
	o.Server = NewServer(core, p.Routes())
	a := o.agencies["diskominfo"]
	box, err := sandbox.New(sandbox.Options{Seed: 7, Now: p.Now})
	must(t, err)
	town := httptest.NewServer(box.Handler())
	t.Cleanup(func() { town.Close(); _ = box.Close() })
	p.Channels.Connectors[platform.Mastodon] = mastodon.New(safehttp.New(safehttp.Options{AllowLoopback: true}))
	account := box.Credentials(town.URL)[slices.IndexFunc(box.Credentials(town.URL), func(c sandbox.Credential) bool { return c.Platform == "mastodon" })]
	ch, err := p.Channels.ConnectSandbox(t.Context(), a.ID, channel.Credential{
		Platform: platform.Mastodon, BaseURL: account.BaseURL, App: platform.App{ClientID: account.App.ClientID, ClientSecret: account.App.ClientSecret},
		Token: platform.Token{Access: account.Token.Access}, Of: platform.Profile{RemoteID: account.AccountID, Handle: account.Handle},
	})
	must(t, err)
	must(t, d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := p.Inbox.Receive(t.Context(), tx, ch, []platform.Item{{
			Kind: platform.Mention, RemoteID: "9", Thread: "9", AuthorID: "77", Author: "bambang", Text: "Kalimat asli warga yang tidak boleh tampil", At: galleryNow,
		}}, galleryNow)
		return err
	}))
	var msg string
	must(t, d.View(t.Context(), func(tx *db.Tx) error {
		msg, err = db.One(t.Context(), tx, "", db.Value[string], `SELECT id FROM message`)
		return err
	}))
	dec, err := p.Moderation.Decide(t.Context(), o.actor("moderator.diskominfo"), moderation.Order{Messages: []inbox.MessageID{inbox.MessageID(msg)}, Act: moderation.Block, Clause: "3.4", Reason: "Promosi judi daring berulang"})
	must(t, err)
	o.number = dec.Number
	// As if the platform had carried it out: none is there.
	must(t, d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE decision_target SET state = 'done'`)
		if err == nil {
			_, err = tx.Exec(t.Context(), `UPDATE decision SET state = 'done'`)
		}
		return err
	}))
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// visit sends what a browser without an account sends.
func (o pleaOffice) visit(method, path string, form url.Values, from string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://kentongan.example"+path, strings.NewReader(form.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://kentongan.example")
	}
	r.Header.Set("Accept-Language", "id")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

const home = "203.0.113.5:5000"

var formKey, receiptCode = regexp.MustCompile(`name="form" value="([^"]+)"`), regexp.MustCompile(`id="receipt">([^<]+)<`)

func match(t *testing.T, re *regexp.Regexp, page string) string {
	t.Helper()
	m := re.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %v in %.400s", re, page)
	}
	return m[1]
}

func (o pleaOffice) plea(t *testing.T, number, why string) url.Values {
	t.Helper()
	w := o.visit("GET", "/t/diskominfo/keberatan?kasus="+o.number, nil, home)
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("the form: %d, %q", w.Code, w.Header().Get("Cache-Control"))
	}
	return url.Values{"number": {number}, "why": {why}, "form": {match(t, formKey, w.Body.String())}, "alamat_situs": {""}}
}

func TestACitizenObjectsWithoutAnAccountAndNothingPersonalIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newPleaOffice(t, d)
		form := o.plea(t, strings.ToLower(o.number), "Saya "+pleaName+", NIK "+pleaNIK+", telepon "+pleaPhone+". Ini bukan promosi.")
		w := o.visit("POST", "/t/diskominfo/keberatan", form, home)
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Location") != "" {
			t.Fatalf("filed: %d %q %.300s", w.Code, w.Header().Get("Location"), w.Body)
		}
		receipt := match(t, receiptCode, w.Body.String())
		if again := o.visit("POST", "/t/diskominfo/keberatan", form, home); again.Code != http.StatusOK || match(t, receiptCode, again.Body.String()) != receipt {
			t.Errorf("the same form again: %d", again.Code)
		}
		page := o.visit("GET", "/t/diskominfo/kasus/"+o.number, nil, home).Body.String()
		mine := o.visit("POST", "/t/diskominfo/keberatan/tanda", url.Values{"receipt": {strings.ToLower(receipt)}}, home)
		added := o.visit("POST", "/t/diskominfo/keberatan/tambah", url.Values{"receipt": {receipt}, "form": {match(t, formKey, mine.Body.String())}, "why": {"Hubungi " + pleaPhone + " bila perlu ya"}}, home)
		if mine.Code != http.StatusOK || added.Code != http.StatusOK {
			t.Fatalf("with the receipt: %d, %d", mine.Code, added.Code)
		}
		for what, text := range map[string]string{"the case's page": page, "the receipt's page": mine.Body.String(), "after adding": added.Body.String()} {
			for _, secret := range []string{pleaNIK, pleaPhone, pleaName, "bambang", "Kalimat asli", "mastodon", "Rina Wulandari"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s tells %q", what, secret)
				}
			}
			if !strings.Contains(text, "3.4 Judi daring") || !strings.Contains(text, "Promosi judi daring berulang") || !strings.Contains(text, "8 Desember 2026") && !strings.Contains(text, "7 Desember 2026") {
				t.Errorf("%s does not say clause, reason or deadline", what)
			}
		}
		if !strings.Contains(page, "2 tulisan") && strings.Contains(page, receipt) {
			t.Error("the public page shows a receipt")
		}
		if text := o.log.String(); strings.Contains(text, pleaNIK) || strings.Contains(text, pleaPhone) || strings.Contains(text, receipt) || strings.Contains(text, "203.0.113") {
			t.Errorf("the log tells: %s", text)
		}
		must(t, d.View(t.Context(), func(tx *db.Tx) error {
			all, err := audit.List(t.Context(), tx, audit.Query{Agency: o.agencies["diskominfo"].ID, Limit: 100})
			told := 0
			for _, e := range all {
				row := e.Deed + e.Subject + e.Detail
				if strings.HasPrefix(e.Deed, "objection.") {
					told++
				}
				for _, secret := range []string{pleaNIK, pleaPhone, pleaName, receipt} {
					if strings.Contains(row, secret) {
						t.Errorf("the trail tells %q", row)
					}
				}
			}
			if told != 2 {
				t.Errorf("%d deeds of the objection are in the trail", told)
			}
			return err
		}))
	})
}

func TestWhatAnObjectionsFormRefuses(t *testing.T) {
	t.Parallel()
	o := newPleaOffice(t, dbtest.New(t))
	const typed = "Tulisan saya yang panjang dan tidak boleh hilang"
	for what, c := range map[string]struct {
		change func(url.Values)
		header []string
		code   int
		says   string
	}{
		"a number that is none":           {func(f url.Values) { f.Set("number", "tidak tahu") }, nil, 422, "Bentuknya MOD-2026-00042-K7QX"},
		"a number nobody has":             {func(f url.Values) { f.Set("number", "MOD-2026-00999-K7QX") }, nil, 422, "tidak menemukan kasus"},
		"a number without its suffix":     {func(f url.Values) { f.Set("number", o.number[:14]) }, nil, 422, "tidak menemukan kasus"},
		"a program that fills everything": {func(f url.Values) { f.Set("alamat_situs", "https://x.example") }, nil, 422, "kolom yang tidak terlihat"},
		"a form without its key":          {func(f url.Values) { f.Del("form") }, nil, 422, "Formulir ini tidak lengkap"},
		"another site's form":             {func(url.Values) {}, []string{"Origin", "https://jahat.example"}, 403, ""},
		"another site's form, by name":    {func(url.Values) {}, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		"more than a form may hold":       {func(f url.Values) { f.Set("why", strings.Repeat("a", 40<<10)) }, nil, 422, "terlalu besar"},
		"more letters than we read":       {func(f url.Values) { f.Set("why", strings.Repeat("ab ", 800)) }, nil, 422, "batasnya 2.000"},
	} {
		form := o.plea(t, o.number, typed)
		c.change(form)
		w := o.visit("POST", "/t/diskominfo/keberatan", form, "198.51.100."+what[:1]+":9", c.header...)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, without %q", what, w.Code, c.says)
		}
		if form.Get("why") == typed && c.code == 422 && !strings.Contains(w.Body.String(), typed) {
			t.Errorf("%s: what was typed is lost", what)
		}
	}
	suffix := strings.ToLower(o.number[15:])
	for path, code := range map[string]int{
		"/t/tidak-ada/keberatan": 404, "/t/diskominfo/kasus/MOD-2026-00999-K7QX": 404, "/t/diskominfo/kasus/MOD-2026-00001": 404, "/t/protokol/kasus/" + o.number: 404, "/t/diskominfo/kasus?nomor=abc": 422,
		"/t/diskominfo/kasus?nomor=mod+2026+1+" + suffix: 303, "/t/diskominfo/kasus/mod-2026-1-" + suffix: 303, "/t/diskominfo/kasus/%3Cscript%3E": 404,
	} {
		w := o.visit("GET", path, nil, home)
		if w.Code != code || strings.Contains(w.Body.String(), "<script>alert") || code == 303 && w.Header().Get("Location") != "/t/diskominfo/kasus/"+o.number {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
		}
	}
}

// Whoever walks through the numbers sees the same page for those that exist and
// those that do not, and is stopped soon; whoever has a number is not.
func TestWalkingCasePagesTellsNothing(t *testing.T) {
	t.Parallel()
	o := newPleaOffice(t, dbtest.New(t))
	look := func(number, from string) (int, string) {
		w := o.visit("GET", "/t/diskominfo/kasus/"+number, nil, from)
		return w.Code, strings.ReplaceAll(w.Body.String(), number, "…")
	}
	code, unknown := look("MOD-2026-00999-K7QX", home)
	if code != http.StatusNotFound || !strings.Contains(unknown, "tidak menemukan kasus") {
		t.Fatalf("%d %.300s", code, unknown)
	}
	for _, number := range []string{o.number[:14], o.number[:14] + "-AAAA", "MOD-2026-00998"} {
		if c, page := look(number, home); number != o.number && (c != code || page != unknown) {
			t.Errorf("%s: %d, a page that is another than the unknown number's", number, c)
		}
	}
	stopped := 0
	for n := range misses.burst + 5 {
		if c, _ := look(fmt.Sprintf("MOD-2026-00001-A%03d", n), "198.51.100.9:1"); c == http.StatusTooManyRequests {
			stopped++
		}
	}
	if stopped != 5 {
		t.Errorf("%d of %d guesses were stopped", stopped, misses.burst+5)
	}
	form := o.plea(t, "MOD-2026-00001-A000", "Keberatan yang menebak nomor kasus orang lain")
	if w := o.visit("POST", "/t/diskominfo/keberatan", form, "198.51.100.9:1"); w.Code != http.StatusTooManyRequests {
		t.Errorf("guessing on by the form: %d", w.Code)
	}
	for range misses.burst + 5 {
		if c, _ := look(o.number, "198.51.100.10:1"); c != http.StatusOK {
			t.Fatalf("who has the number waits: %d", c)
		}
	}
}

func TestFloodsOfObjectionsAreSlowedDownInAFriendlyWay(t *testing.T) {
	t.Parallel()
	o := newPleaOffice(t, dbtest.New(t))
	slowed := 0
	for range filings.burst + 3 {
		w := o.visit("POST", "/t/diskominfo/keberatan", o.plea(t, o.number, "Keberatan yang dikirim berkali-kali oleh satu jaringan"), home)
		if w.Code == http.StatusTooManyRequests {
			slowed++
			if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Coba lagi setelah") || !strings.Contains(w.Body.String(), "berkali-kali oleh satu") {
				t.Fatalf("what a slowed citizen reads: %.600s", w.Body)
			}
		} else if w.Code != http.StatusOK {
			t.Fatalf("%d", w.Code)
		}
	}
	if slowed != 3 {
		t.Errorf("%d of %d were slowed down", slowed, filings.burst+3)
	}
	if w := o.visit("POST", "/t/diskominfo/keberatan", o.plea(t, o.number, "Keberatan dari jaringan yang lain sama sekali"), "198.51.100.77:1"); w.Code != http.StatusOK {
		t.Errorf("somebody else is slowed down too: %d", w.Code)
	}
	wrong := 0
	for range receipts.burst + 2 {
		if w := o.visit("POST", "/t/diskominfo/keberatan/tanda", url.Values{"receipt": {"00000-00000-00000-00000"}}, home); w.Code == http.StatusTooManyRequests {
			wrong++
		}
	}
	if wrong != 2 {
		t.Errorf("guessing receipts: %d were slowed down", wrong)
	}
}

func TestWhoReadsAndDecidesObjections(t *testing.T) {
	t.Parallel()
	o := newPleaOffice(t, dbtest.New(t))
	if w := o.visit("POST", "/t/diskominfo/keberatan", o.plea(t, o.number, "NIK saya "+pleaNIK+", ini bukan promosi"), home); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	list := ask(o, "GET", "/moderasi/keberatan", "approver.diskominfo").Body.String()
	path := match(t, regexp.MustCompile(`href="(/moderasi/keberatan/[0-9a-f-]{36})"`), list)
	for cookie, code := range map[string]int{"moderator.diskominfo": 200, "leader.diskominfo": 200, "auditor.diskominfo": 200, "officer.diskominfo": 403, "moderator.protokol": 404, "": 303} {
		if w := ask(o, "GET", path, cookie); w.Code != code {
			t.Errorf("%q reads it: %d, want %d", cookie, w.Code, code)
		}
	}
	page := ask(o, "GET", path, "moderator.diskominfo").Body.String()
	if strings.Contains(page, pleaNIK) || !strings.Contains(page, "31••") || strings.Contains(page, `name="outcome"`) || !strings.Contains(page, "Anda ikut dalam keputusan ini") {
		t.Error("who decided sees what is masked, or the form")
	}
	word := match(t, regexp.MustCompile(`action="(/moderasi/keberatan/[0-9a-f-]+/buka/[0-9a-f-]+)"`), page)
	if w := o.post(word, "moderator.diskominfo", url.Values{"purpose": {""}}); w.Code != 422 || strings.Contains(w.Body.String(), pleaNIK) {
		t.Errorf("opened without a purpose: %d", w.Code)
	}
	if w := o.post(word, "moderator.diskominfo", url.Values{"purpose": {"Mencocokkan bukti"}}); w.Code != 200 || !strings.Contains(w.Body.String(), pleaNIK) {
		t.Errorf("opened: %d", w.Code)
	}
	ruling := url.Values{"outcome": {"denied"}, "reason": {"pendek"}}
	if w := o.post(path+"/putusan", "moderator.diskominfo", ruling); w.Code != 403 {
		t.Errorf("decided by the same person: %d", w.Code)
	}
	if w := o.post(path+"/putusan", "approver.diskominfo", ruling); w.Code != 422 || !strings.Contains(w.Body.String(), ">pendek</textarea>") {
		t.Errorf("too short a reason: %d", w.Code)
	}
	ruling.Set("reason", "Promosi yang sama dikirim lima kali dalam sehari.")
	if w := o.post(path+"/putusan", "approver.diskominfo", ruling); w.Code != 303 {
		t.Errorf("decided: %d %.300s", w.Code, w.Body)
	}
	if w := o.post(path+"/putusan", "leader.diskominfo", ruling); w.Code != 409 {
		t.Errorf("decided a second time: %d", w.Code)
	}
	if w := o.visit("GET", "/t/diskominfo/kasus/"+o.number, nil, home); !strings.Contains(w.Body.String(), "Keberatan ditolak") || !strings.Contains(w.Body.String(), "Ombudsman") {
		t.Error("the public page does not say the outcome and the other ways")
	}
}

func TestADeadlineTurnsAmberBeforeItsEarlierDateAndRedAfterItsOwn(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 4, 6, 9, 0, 0, 0, time.UTC)
	o := moderation.Objection{State: moderation.ObjectionOpen, Timed: true, Clock: moderation.Running{Due: due, OtherDue: due.AddDate(0, 0, -7)}}
	for what, c := range map[string]struct {
		now  time.Time
		tone string
	}{
		"long before": {due.AddDate(0, 0, -20), ""},
		"a day before the earlier reading's date":  {due.AddDate(0, 0, -8), "warn"},
		"between the two dates":                    {due.AddDate(0, 0, -3), "warn"},
		"after the date of the office's own count": {due.Add(time.Hour), "bad"},
	} {
		p := &Pages{Now: func() time.Time { return c.now }}
		if tag := p.dueTag(words(t), o); tag.Tone != c.tone {
			t.Errorf("%s: %+v", what, tag)
		}
	}
}
