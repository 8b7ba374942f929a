package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// The gallery shows every page with invented data, so that looks and access
// are tested without rooms. The pages over the real rooms are walked by the
// journey test.

// sample is one page of the gallery.
type sample struct {
	name string
	view View
	role identity.Role // who looks; "" for nobody signed in
}

// gallerySamples is every sample there is.
func gallerySamples() []sample {
	return append(append(append(writingSamples(), readingSamples()...), objectionSamples()...), secondSamples()...)
}

var galleryNow = time.Date(2026, 11, 23, 1, 42, 0, 0, time.UTC)

// galleryPeople lets anybody in whose cookie says who they are:
// "role.language.theme".
type galleryPeople struct{}

func (galleryPeople) SignIn(context.Context, string, string) (string, error) {
	return "", fault.New(fault.Invalid, "sign_in.wrong")
}

func (galleryPeople) Session(_ context.Context, cookie string) (identity.Actor, identity.Session, error) {
	p := strings.Split(cookie, ".")
	if len(p) != 3 {
		return identity.Actor{}, identity.Session{}, identity.ErrNoSession
	}
	roles := map[identity.AgencyID][]identity.Role{"a1": {identity.Role(p[0])}, "a2": {identity.Role(p[0])}}
	if p[0] == string(identity.Officer) {
		roles["a1"] = append(roles["a1"], identity.Moderator)
	}
	s := identity.Session{Agency: "a1", Preference: identity.Preference{Language: p[1], Theme: p[2]}}
	return identity.NewActor("p1", "Rina Wulandari", "a1", identity.Web, roles), s, nil
}
func (galleryPeople) SignOut(context.Context, string) error                             { return nil }
func (galleryPeople) Switch(context.Context, string, identity.AgencyID) error           { return nil }
func (galleryPeople) Prefer(context.Context, identity.Actor, identity.Preference) error { return nil }

func gallery(t *testing.T) *httptest.Server {
	t.Helper()
	core := Core{
		Sessions: galleryPeople{},
		Agencies: func(context.Context, identity.Actor) ([]identity.Agency, error) {
			return []identity.Agency{
				{ID: "a1", Slug: "diskominfo", Name: "Dinas Kominfo", Zone: "Asia/Jakarta", Parent: "a0"},
				{ID: "a2", Slug: "protokol", Name: "Bagian Protokol dan Komunikasi Pimpinan", Zone: "Asia/Jakarta", Parent: "a0"},
				{ID: "a0", Slug: "tirtawangi", Name: "Kota Tirtawangi", Zone: "Asia/Jakarta"},
			}, nil
		},
		Badges: func(context.Context, identity.Actor) (Badges, error) {
			return Badges{Inbox: 12, InboxLate: 1, Moderation: 7, Review: 3}, nil
		},
		Live: func(ctx context.Context, _ identity.Actor, _ func([]string) error) error {
			<-ctx.Done()
			return ctx.Err()
		},
		Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return galleryNow },
	}
	var routes []Route
	for _, s := range gallerySamples() {
		routes = append(routes, Route{Pattern: "GET /galeri/" + s.name, Public: true, Do: func(*Request) (Answer, error) { return Show{View: s.view}, nil }})
	}
	routes = append(routes,
		Route{Pattern: "GET /galeri/sebagai/{who}", Public: true, Do: func(r *Request) (Answer, error) {
			http.SetCookie(r.w, &http.Cookie{Name: sessionCookie, Value: r.PathValue("who"), Path: "/"})
			return streamed("text/plain", []byte("ok"))
		}},
		Route{Pattern: "GET /galeri/poster.svg", Public: true, Do: func(*Request) (Answer, error) {
			return streamed("image/svg+xml", []byte(poster))
		}},
	)
	site := httptest.NewUnstartedServer(NewServer(core, routes))
	ctx, stop := context.WithCancel(context.Background())
	site.Config.BaseContext = baseContext(ctx)
	site.Start()
	t.Cleanup(func() { stop(); site.Close() })
	return site
}

// baseContext ends live streams when the test ends: a server does not close
// while one is open.
func baseContext(ctx context.Context) func(net.Listener) context.Context {
	return func(net.Listener) context.Context { return ctx }
}

const poster = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 500"><rect width="1200" height="500" fill="#1F2B55"/><text x="70" y="240" font-family="sans-serif" font-weight="700" font-size="86" fill="#fff">Layanan Sabtu</text><text x="70" y="340" font-family="sans-serif" font-weight="700" font-size="72" fill="#E6BE8A">08.00–12.00</text></svg>`

// browser starts Chromium, or says which test needs it. In CI a missing server
// is a failure, not a skip.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no chromium: run .ci/servers.sh")
		}
		t.Skip("no chromium: run .ci/servers.sh")
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.Call(tab, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{
		Source: `window.ktPolicy=[];document.addEventListener("securitypolicyviolation",e=>ktPolicy.push(e.violatedDirective+" "+e.blockedURI+" "+(e.sample||"")));window.ktErrors=[];addEventListener("error",e=>ktErrors.push(e.message));`,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// axe is the checker's source, read from node_modules at run time: an embed of
// a file that may be absent would not compile.
func axe(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no axe-core: run `make assets`")
		}
		t.Skip("no axe-core: run `make assets`")
	}
	return string(src)
}

// audited runs axe with its default rules and no exclusions, and returns what
// it found and what the content policy and scripts complained about.
func audited(ctx context.Context, source string) ([]string, error) {
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](source+";true")); err != nil {
		return nil, err
	}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document).then(r => JSON.stringify([
		...r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary ?? ""))),
		...ktPolicy.map(p => "content policy: " + p), ...ktErrors.map(e => "script: " + e),
		...(document.documentElement.scrollWidth > innerWidth + 1 ? ["wider than the window: " + document.documentElement.scrollWidth + " > " + innerWidth] : [])]))`, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	var found []string
	return found, json.Unmarshal([]byte(raw), &found)
}

// TestGallery looks at every page as people see it: three widths, light and
// dark, both languages. KENTONGAN_SHOTS names a folder for the pictures.
func TestGallery(t *testing.T) {
	source, tab, site := axe(t), browser(t), gallery(t)
	shots := os.Getenv("KENTONGAN_SHOTS")
	only := os.Getenv("KENTONGAN_SHOTS_ONLY")
	for _, s := range gallerySamples() {
		if only != "" && !strings.Contains(s.name, only) {
			continue
		}
		for _, look := range []struct {
			width, height   int64
			language, theme string
		}{{1440, 900, "id", "light"}, {1440, 900, "en", "dark"}, {1024, 768, "id", "light"}, {390, 844, "id", "light"}, {390, 844, "id", "dark"}} {
			name := fmt.Sprintf("%s-%d-%s", s.name, look.width, look.theme)
			t.Run(name, func(t *testing.T) {
				ctx, stop := context.WithTimeout(tab, 40*time.Second)
				defer stop()
				who := "-"
				if s.role != "" {
					who = string(s.role) + "." + look.language + "." + look.theme
				}
				err := chromedp.Do(ctx, chromedp.EmulateViewport(look.width, look.height), chromedp.Navigate(site.URL+"/galeri/sebagai/"+who), chromedp.Navigate(site.URL+"/galeri/"+s.name))
				if err != nil {
					t.Fatal(err)
				}
				found, err := audited(ctx, source)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range found {
					t.Error(f)
				}
				if shots == "" {
					return
				}
				picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(shots, name+".png"), picture, 0o644); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// streamed answers with bytes in memory.
func streamed(kind string, body []byte) (Answer, error) {
	file, err := platform.Bytes(body)()
	return Stream{Type: kind, Body: file}, err
}
