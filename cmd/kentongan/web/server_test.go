package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/locale"
)

func testCore(log *bytes.Buffer) Core {
	return Core{
		Sessions: galleryPeople{},
		Agencies: func(context.Context, identity.Actor) ([]identity.Agency, error) {
			return []identity.Agency{{ID: "a1", Slug: "diskominfo", Name: "Dinas Kominfo", Zone: "Asia/Jakarta"}}, nil
		},
		Badges: func(context.Context, identity.Actor) (Badges, error) { return Badges{Inbox: 12}, nil },
		Live: func(ctx context.Context, _ identity.Actor, changed func([]string) error) error {
			if err := changed([]string{"conversation"}); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		},
		Log: slog.New(slog.NewTextHandler(log, nil)),
		Now: func() time.Time { return galleryNow },
	}
}

func ask(s http.Handler, method, path, cookie string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://kentongan.example"+path, nil)
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const rina, auditor = "officer.id.light", "auditor.id.light"

func TestOneFunctionAnswersErrors(t *testing.T) {
	var log bytes.Buffer
	secret := io.ErrUnexpectedEOF
	failing := func(err error) Handler { return func(*Request) (Answer, error) { return nil, err } }
	s := NewServer(testCore(&log), []Route{
		{Pattern: "GET /broken", Do: failing(secret)},
		{Pattern: "GET /denied", Do: failing(fault.New(fault.Denied, "page.no_power"))},
		{Pattern: "GET /conflict", Do: failing(fault.New(fault.Conflict, "page.not_found"))},
		{Pattern: "GET /invalid", Do: failing(fault.New(fault.Invalid, "page.too_large", fault.Arg("limit", 64)))},
		{Pattern: "GET /later", Do: failing(fault.New(fault.Transient, "page.not_found"))},
		{Pattern: "GET /approvers", Powers: []identity.Power{identity.Approve}, Do: failing(nil)},
	})
	for _, row := range []struct {
		what, path, cookie string
		status             int
		says               string
	}{
		{"our own mistake tells no detail", "/broken", rina, 500, "Gangguan di sistem kami"},
		{"a refusal", "/denied", rina, 403, "Tidak berwenang"},
		{"a change meanwhile", "/conflict", rina, 409, "Sudah berubah"},
		{"a wrong request", "/invalid", rina, 422, "lebih besar dari 64 MB"},
		{"a passing trouble", "/later", rina, 503, "Coba lagi"},
		{"an address that is none", "/nowhere", rina, 404, "Tidak ditemukan"},
		{"a page beyond the role", "/approvers", rina, 403, "Peran Anda tidak mencakup"},
		{"an address that is none, for a visitor", "/nowhere", "", 404, "Kentongan"},
	} {
		w := ask(s, "GET", row.path, row.cookie, "Accept-Language", "id")
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.says) {
			t.Errorf("%s: got %d, page says %q: %v", row.what, w.Code, row.says, strings.Contains(w.Body.String(), row.says))
		}
		if strings.Contains(w.Body.String(), secret.Error()) {
			t.Errorf("%s: the page shows the inner error", row.what)
		}
	}
	if !strings.Contains(log.String(), secret.Error()) {
		t.Error("the log does not hold the inner error")
	}
}

func TestWithoutASession(t *testing.T) {
	var log bytes.Buffer
	s := NewServer(testCore(&log), []Route{
		{Pattern: "GET /hari-ini", Do: func(*Request) (Answer, error) { t.Error("a page was shown to nobody"); return nil, nil }},
		{Pattern: "POST /tulis", Do: func(*Request) (Answer, error) { t.Error("a deed was done by nobody"); return nil, nil }},
	})
	if w := ask(s, "GET", "/hari-ini?a=b", ""); w.Code != 303 || w.Header().Get("Location") != "/masuk?kembali=%2Fhari-ini%3Fa%3Db" {
		t.Errorf("reading leads to %d %q", w.Code, w.Header().Get("Location"))
	}
	if w := ask(s, "GET", "/hari-ini", "stale"); w.Code != 303 {
		t.Errorf("a cookie that opens nothing: %d", w.Code)
	}
	if w := ask(s, "POST", "/tulis", ""); w.Code != 401 {
		t.Errorf("writing answers %d", w.Code)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	var log bytes.Buffer
	done := 0
	s := NewServer(testCore(&log), []Route{{Pattern: "POST /tulis", Do: func(*Request) (Answer, error) { done++; return GoTo{Path: "/x"}, nil }}})
	for _, row := range []struct {
		what    string
		headers []string
		status  int
	}{
		{"another site, as browsers tell it", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another origin, as older browsers tell it", []string{"Origin", "https://jahat.example"}, 403},
		{"our own page", []string{"Sec-Fetch-Site", "same-origin"}, 303},
	} {
		before := done
		w := ask(s, "POST", "/tulis", rina, row.headers...)
		if w.Code != row.status || (done > before) != (row.status == 303) {
			t.Errorf("%s: got %d, done %v", row.what, w.Code, done > before)
		}
	}
}

func TestPolicyAndCaching(t *testing.T) {
	var log bytes.Buffer
	s := NewServer(testCore(&log), []Route{{Pattern: "GET /hari-ini", Do: func(*Request) (Answer, error) { return Show{View: todaySample()}, nil }}})
	w := ask(s, "GET", "/hari-ini", rina)
	if p := w.Header().Get("Content-Security-Policy"); strings.Contains(p, "unsafe") || !strings.Contains(p, "default-src 'none'") {
		t.Errorf("content policy: %q", p)
	}
	if c := w.Header().Get("Cache-Control"); c != "no-store" {
		t.Errorf("a person's page is kept: %q", c)
	}
	if w := ask(s, "GET", "/aset/css/tokens.css", ""); w.Code != 200 || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("our own css: %d %q", w.Code, w.Header().Get("Cache-Control"))
	}
	for _, path := range []string{"/aset/../server.go", "/aset/dist/manifest.json", "/aset/css/nothing.css", "/aset/css"} {
		if w := ask(s, "GET", path, ""); w.Code == 200 {
			t.Errorf("%s is served", path)
		}
	}
}

// What a first load costs, cold: the page, its styles, scripts, icons and
// letters, compressed. UI.md: never above 100 KB.
func TestFirstLoadFitsSlowLines(t *testing.T) {
	m := bundle(t)
	total := 0
	for _, name := range []string{"app.css", "app.js", "icons.svg", "public-sans-latin-wght-normal.woff2", "plus-jakarta-sans-latin-700-normal.woff2"} {
		file := filepath.Join("static/dist", m.Files[name])
		if !strings.HasSuffix(file, ".woff2") {
			file += ".gz"
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		total += int(info.Size())
	}
	var log bytes.Buffer
	s := NewServer(testCore(&log), []Route{{Pattern: "GET /kotak-masuk", Do: func(*Request) (Answer, error) { return Show{View: inboxSample(true)}, nil }}})
	w := ask(s, "GET", "/kotak-masuk", rina, "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Error("the page is not compressed")
	}
	total += w.Body.Len()
	t.Logf("first load: %.1f KB, of which the page %.1f KB", float64(total)/1024, float64(w.Body.Len())/1024)
	if total > 100*1024 {
		t.Errorf("first load is %d bytes, above 100 KB", total)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if page, err := io.ReadAll(z); err != nil || !bytes.HasSuffix(bytes.TrimSpace(page), []byte("</html>")) {
		t.Errorf("the page is cut: %v", err)
	}
}

// Built without `make assets`, pages name our own files one by one.
func TestPlainWithoutABundle(t *testing.T) {
	files := fstest.MapFS{}
	err := fs.WalkDir(static, "static", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, "static/dist") {
			return err
		}
		body, err := fs.ReadFile(static, path)
		files[path] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a := assetsOf(files)
	if len(a.CSS) < 5 || a.CSS[0] != "/aset/css/tokens.css" || a.JS != "/aset/js/plain.js" || a.Sprite != "" {
		t.Fatalf("plain assets: %+v", a)
	}
	for _, path := range append(a.CSS, a.JS, a.Dark) {
		if _, err := files.Open("static" + strings.TrimPrefix(path, "/aset")); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestStreamNamesWhatChanged(t *testing.T) {
	var log bytes.Buffer
	site := httptest.NewServer(NewServer(testCore(&log), nil))
	defer site.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r, _ := http.NewRequestWithContext(ctx, "GET", site.URL+"/alur", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: auditor})
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	want := ": tersambung\n\nevent: live-conversation\ndata: \"conversation\"\n\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(answer.Body, got); err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
	stop()
}

func TestFlashSaysOnlyOurWords(t *testing.T) {
	for _, row := range []struct {
		what string
		set  *Flash
		want bool
	}{
		{"our own sentence", &Flash{Key: "flash.signed_out"}, true},
		{"another key", &Flash{Key: "nav.today"}, false},
	} {
		w := httptest.NewRecorder()
		setFlash(w, false, row.set)
		r := httptest.NewRequest("GET", "/", nil)
		for _, c := range w.Result().Cookies() {
			r.AddCookie(c)
		}
		if got := takeFlash(httptest.NewRecorder(), r); (got != nil) != row.want {
			t.Errorf("%s: %v", row.what, got)
		}
	}
	for path, own := range map[string]bool{"/a": true, "//jahat.example": false, "https://jahat.example": false, "/\\jahat.example": false, "": false} {
		if ownPath(path) != own {
			t.Errorf("%q: own is %v", path, !own)
		}
	}
}

func TestMenuShowsWhatTheRoleHas(t *testing.T) {
	f := func(role identity.Role) string {
		var keys []string
		by := identity.NewActor("p", "P", "a1", identity.Web, map[identity.AgencyID][]identity.Role{"a1": {role}})
		for _, n := range navFor(by, "diskominfo", Badges{}) {
			keys = append(keys, n.Key)
		}
		return strings.Join(keys, " ")
	}
	for role, want := range map[identity.Role]string{
		identity.Officer:   "today inbox calendar posts review report transparency",
		identity.Approver:  "today calendar posts review report transparency audit channels",
		identity.Moderator: "today inbox moderation calendar posts report transparency",
		identity.Admin:     "today moderation calendar posts transparency queue audit channels",
	} {
		if got := f(role); got != want {
			t.Errorf("%s sees %q, want %q", role, got, want)
		}
	}
}

func TestBriefTimes(t *testing.T) {
	f := &Frame{Printer: locale.New("id"), Now: galleryNow}
	for _, row := range []struct{ what, got, want string }{
		{"today", f.Brief(galleryNow), "hari ini 08.42 WIB"},
		{"today, in the agency's zone, is not the day in London", f.Brief(galleryNow.Add(-8 * time.Hour)), "hari ini 00.42 WIB"},
		{"yesterday", f.Brief(galleryNow.Add(-9 * time.Hour)), "kemarin 23.42 WIB"},
		{"tomorrow", f.Brief(galleryNow.Add(24 * time.Hour)), "besok 08.42 WIB"},
		{"this year", f.Brief(galleryNow.AddDate(0, -1, 0)), "23 Oktober, 08.42 WIB"},
		{"another year", f.Brief(galleryNow.AddDate(1, 0, 0)), "23 November 2027, 08.42 WIB"},
		{"minutes, rounded down", f.Span(9*time.Minute + 59*time.Second), "9 menit"},
		{"hours", f.Span(-12*time.Hour - 45*time.Minute), "12 jam"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.what, row.got, row.want)
		}
	}
}
