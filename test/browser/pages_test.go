package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"kentongan/cmd/kentongan/web"
	"kentongan/internal/identity"
	"kentongan/test/real"
)

// looks are the windows that people have: a desk, a small laptop, a phone.
var looks = [...]struct{ width, height int64 }{{1440, 900}, {1024, 768}, {390, 844}}

// lookers is one person for each role; of those who may see a page the first
// one looks at it.
var lookers = [...]struct {
	name string
	role identity.Role
}{
	{"rina", identity.Officer}, {"hendra", identity.Approver}, {"siti", identity.Moderator},
	{"bayu", identity.Admin}, {"agus", identity.Auditor}, {"dewi", identity.Leader},
}

// sight is one page of the site with its values filled in, and who looks.
type sight struct{ pattern, path, who string }

// TestEveryPage looks at every page that the server's own table has, light and
// dark, at three widths: no finding of axe under its default rules, no breach
// of the content policy, no complaint of the browser, nothing wider than the
// window. KENTONGAN_SHOTS=1 keeps pictures in .cache/shots.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	source, tw, chrome := axe(t), openTown(t), openBrowser(t)
	visitors := map[string]*visitor{"": tw.visitor(t, "")}
	for _, l := range lookers {
		visitors[l.name] = tw.visitor(t, l.name)
	}
	visitors["rina"].sendPicture(t)
	awaitCrowd(t, tw, visitors)
	sights := pagesOf(t, visitors)
	for _, theme := range []string{"light", "dark"} {
		windows := map[string]*person{}
		for _, s := range sights {
			p := windows[s.who]
			if p == nil {
				p = enter(t, chrome, tw, s.who)
				visitors[s.who].send(t, "/preferensi", url.Values{"theme": {"theme:" + theme}, "language": {"id"}})
				p.borrow(visitors[s.who])
				p.prefers(theme)
				windows[s.who] = p
			}
			t.Run(theme+" "+s.pattern, func(t *testing.T) {
				p.t = t
				p.visit(s.path)
				p.inspect(s, theme, source)
			})
		}
	}
}

// axe is the checker as npm installed it; the program does not contain it.
func axe(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "cmd", "kentongan", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		real.Missing(t, "axe-core", "make assets")
	}
	return string(src)
}

// sendPicture keeps a draft with a picture, so that there is one to look at.
func (v *visitor) sendPicture(t *testing.T) {
	t.Helper()
	raw, err := os.ReadFile(picture(t))
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("title", postTitle)
	form.WriteField("text", postText)
	form.WriteField("deed", "upload")
	file, err := form.CreateFormFile("file", "jembatan.png")
	if err == nil {
		_, err = file.Write(raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	form.Close()
	answer, err := v.Post(v.base+"/unggahan/simpan", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if !strings.HasSuffix(answer.Request.URL.Path, "/susun") {
		t.Fatalf("the picture was not taken in: %s %s", answer.Status, answer.Request.URL)
	}
}

// awaitCrowd waits until citizens have been heard and judged, so that lists
// are not empty.
func awaitCrowd(t *testing.T, tw town, visitors map[string]*visitor) {
	t.Helper()
	tw.say(t, tw.eventually(t, "an own post on X", func(p seen) bool { return p.Platform == "x" && p.Ours && p.Author == "tirtawangikota" }), gambling)
	for path, text := range map[string]string{"/kotak-masuk": "rungkad", "/moderasi": "rungkad"} {
		until(t, path+" has the comment", func() bool {
			_, page := visitors["siti"].read(t, path)
			return strings.Contains(page, text)
		})
	}
	refusedReply(t, tw, visitors["siti"])
	hiddenCopies(t, tw, visitors["siti"])
}

// hiddenCopies hides two copies of one fraud at once, so that a decision waits
// for a second person's look, with its evidence.
func hiddenCopies(t *testing.T, tw town, siti *visitor) {
	t.Helper()
	const fraud = "Selamat, nomor Anda menang undian 50 juta, klik bit.ly/undian-tirta dan transfer biaya admin"
	for range 2 {
		tw.say(t, tw.eventually(t, "an own post on X", func(p seen) bool { return p.Platform == "x" && p.Ours && p.Author == "tirtawangikota" }), fraud)
	}
	var row []string
	until(t, "the fraud waits in Moderasi", func() bool {
		_, page := siti.read(t, "/moderasi")
		row = regexp.MustCompile(`(?s)name="pick" value="([^"]+)"(?:[^<]|<[^l])*?undian-tirta`).FindStringSubmatch(page)
		return row != nil && strings.Count(page, "undian-tirta") > 0 && strings.Contains(page, "komentar sama")
	})
	siti.send(t, "/moderasi/keputusan", url.Values{"message": {row[1]}, "copies": {"1"}, "act": {"hide"}, "clause": {"3.1"}, "reason": {"Undian palsu yang meminta transfer"}})
	until(t, "the decision waits to be ratified", func() bool {
		_, page := siti.read(t, "/moderasi/orang-kedua")
		return strings.Contains(page, "/moderasi/bukti/")
	})
}

// refusedReply answers a citizen where the platform refuses, so that there is
// a delivery for which a person must decide.
func refusedReply(t *testing.T, tw town, siti *visitor) {
	t.Helper()
	fault, err := siti.Post(tw.world+"/sandbox/faults", "application/json", strings.NewReader(`{"platform":"x","op":"publish","kind":"403-problem","account":"tirtawangikota"}`))
	if err != nil {
		t.Fatal(err)
	}
	fault.Body.Close()
	_, list := siti.read(t, "/kotak-masuk")
	row := regexp.MustCompile(`(?s)href="(/kotak-masuk/[0-9a-f-]+)[^"]*"(?:[^<]|<[^l])*?rungkad`).FindStringSubmatch(list)
	if row == nil {
		t.Fatal("the comment is not in the list")
	}
	_, thread := siti.read(t, row[1])
	form := url.Values{"text": {answer}}
	for _, name := range []string{"revision", "in_reply_to"} {
		value := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(thread)
		if value == nil {
			t.Fatalf("the reply form has no %s", name)
		}
		form.Set(name, value[1])
	}
	siti.send(t, row[1]+"/balas", form)
	until(t, "the refused reply leads to its delivery", func() bool {
		_, thread = siti.read(t, row[1])
		return strings.Contains(thread, `href="/pengiriman/`)
	})
}

// pagesOf fills the table's patterns with what the pages themselves link to.
func pagesOf(t *testing.T, visitors map[string]*visitor) (all []sight) {
	t.Helper()
	links := map[string][]string{}
	for _, l := range lookers {
		links[l.name] = crawl(t, visitors[l.name])
	}
	server := web.NewServer(web.Core{}, (&web.Pages{}).Routes())
	for _, route := range server.Routes() {
		path, isPage := strings.CutPrefix(route.Pattern, "GET ")
		if !isPage || path == web.MediaPath+"/{name}" {
			continue // what a platform fetches by a name that no page shows
		}
		if path == web.ReturnPath || path == "/pengaturan/hubungkan/pilih/{id}" {
			continue // the way back from a platform's consent page: connect_test walks it
		}
		if path == "/t/{slug}/kasus/{number}" || path == "/moderasi/keberatan/{id}" {
			continue // numbers and receipts lead there, no link: roundtrip_test walks them
		}
		s, ok := sightOf(route, path, links)
		if !ok {
			t.Errorf("no page that anybody may see leads to %s", path)
			continue
		}
		answer, _ := visitors[s.who].read(t, s.path)
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s as %q: %s", s.path, s.who, answer.Status)
		}
		if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") || path == "/hitung" {
			continue // a picture, a stream, a part of a page
		}
		all = append(all, s)
	}
	return append(all, sight{"403", "/jejak", "siti"}, sight{"404", "/tidak-ada", "siti"})
}

// sightOf says who looks at a route and where. Without values in its path the
// first who may is asked; with values the first whom a page leads there.
func sightOf(route web.Route, path string, links map[string][]string) (sight, bool) {
	shape := regexp.MustCompile(`^` + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(strings.TrimSuffix(path, "{$}")), `[^/?"]+`) + `$`)
	for _, l := range lookersFor(route) {
		s := sight{pattern: strings.NewReplacer("/", "_", "{", "", "}", "", "$", "").Replace(strings.Trim(path, "/")), path: strings.TrimSuffix(path, "{$}"), who: l}
		if strings.Contains(path, "{") && !strings.HasSuffix(path, "{$}") {
			at := slices.IndexFunc(links[l], func(link string) bool { return shape.MatchString(link) && !strings.HasSuffix(link, "/baru") })
			if at < 0 {
				continue
			}
			s.path = links[l][at]
		}
		if route.Public {
			s.who = ""
		}
		return s, true
	}
	return sight{}, false
}

// lookersFor lists who may see a route, who may do most there first: powers
// stand in the table in that order.
func lookersFor(route web.Route) (names []string) {
	for _, power := range route.Powers {
		for _, l := range lookers {
			who := identity.NewActor("", "", "a", identity.Web, map[identity.AgencyID][]identity.Role{"a": {l.role}})
			if who.May(power, "a") && !slices.Contains(names, l.name) {
				names = append(names, l.name)
			}
		}
	}
	if len(route.Powers) == 0 {
		for _, l := range lookers {
			names = append(names, l.name)
		}
	}
	return names
}

var address = regexp.MustCompile(`(?:href|src)="(/[^"#?]*)"`)

// crawl lists where the pages lead that somebody is led to, two steps deep.
func crawl(t *testing.T, v *visitor) (found []string) {
	t.Helper()
	step := []string{"/hari-ini"}
	for range 3 {
		var next []string
		for _, path := range step {
			answer, page := v.read(t, path)
			if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
				continue
			}
			for _, m := range address.FindAllStringSubmatch(page, -1) {
				if !slices.Contains(found, m[1]) && !strings.HasPrefix(m[1], "/aset/") {
					found, next = append(found, m[1]), append(next, m[1])
				}
			}
		}
		step = next
	}
	return found
}

// borrow lets the person go on with a session that was opened without a browser.
func (p *person) borrow(v *visitor) {
	p.t.Helper()
	u, err := url.Parse(v.base)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range v.Jar.Cookies(u) {
		_, err := chromedp.Call(p.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: v.base})
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// prefers sets what the person's computer prefers, for pages without a session.
func (p *person) prefers(theme string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		p.t.Fatal(err)
	}
}

// findings are axe's, what is wider than the window, and panes that scroll
// sideways although they are not meant to.
const findings = `axe.run(document).then(r => JSON.stringify([
	...r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + (n.any[0]?.message ?? n.failureSummary ?? ""))),
	...(document.documentElement.scrollWidth > innerWidth + 1 ? ["wider than the window: " + document.documentElement.scrollWidth + " > " + innerWidth] : []),
	...[...document.querySelectorAll("body *")].filter(e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX) && !e.matches(".scroll-x, .panel-tabs, .views, textarea"))
		.map(e => "scrolls sideways: " + e.tagName + "." + e.className + " " + e.scrollWidth + " > " + e.clientWidth)]))`

// inspect looks at the page that is open through every window.
func (p *person) inspect(s sight, theme, source string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 2*patience)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](source+";true")); err != nil {
		p.t.Fatal(err)
	}
	for _, look := range looks {
		name := fmt.Sprintf("%s-%d-%s", s.pattern, look.width, theme)
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(look.width, look.height)); err != nil {
			p.t.Fatal(err)
		}
		raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](findings, chromedp.EvalAwaitPromise))
		if err != nil {
			p.t.Fatalf("%s: %v", name, err)
		}
		var found []string
		if err := json.Unmarshal([]byte(raw), &found); err != nil {
			p.t.Fatal(err)
		}
		for _, f := range found {
			p.t.Errorf("%s: %s", name, f)
		}
		p.shoot(ctx, name)
	}
	for _, c := range p.complaints() {
		if strings.Contains(c, "status of "+s.pattern) {
			continue // the page that refuses is meant to
		}
		p.t.Errorf("%s %s: %s", theme, s.path, c)
	}
}

// shoot keeps a picture of the window.
func (p *person) shoot(ctx context.Context, name string) {
	p.t.Helper()
	if os.Getenv("KENTONGAN_SHOTS") == "" {
		return
	}
	folder := filepath.Join("..", "..", ".cache", "shots")
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
