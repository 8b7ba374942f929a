package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// An account is connected in a real browser, on every platform that the page
// offers: through the platform's consent page or by what is typed. A platform
// that gets a connector joins here by itself.
func TestAnAccountOfEachPlatformIsConnected(t *testing.T) {
	t.Parallel()
	tw, browser := openTown(t), openBrowser(t)
	admin := enter(t, browser, tw, "bayu")
	admin.signIn()
	names := admin.platforms()
	if len(names) != 13 {
		t.Fatalf("%d platforms are offered: %q", len(names), names)
	}
	through := 0
	var chosen []string // platforms where one consent opened several accounts
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			p := admin.within(t)
			p.visit("/pengaturan/hubungkan/" + name)
			switch ways := p.ways(); {
			case slices.Contains(ways, "izin"):
				through++
				p.consent(tw, "")
				p.sees("accounts to let us into", `(() => { const all = document.querySelectorAll("input[name=account]"); all.forEach(i => i.checked = true); return all.length > 1 })()`)
				p.allow()
				if p.chooseAll() {
					chosen = append(chosen, name)
				}
				p.isConnected(name)
				p.consentFails(tw, name)
			case slices.Contains(ways, "isian"):
				p.submit("isian")
				p.isConnected(name)
				p.typingFails(tw, name)
			}
			if name == "x" {
				p.visit("/pengaturan/hubungkan/x?mode=v1.1") // contracts from before 2023
				p.submit("isian")
				p.isConnected(name)
				p.reads("#channel-list", "v1.1")
			}
			p.byHand(name)
			p.content()
		})
	}
	approver := enter(t, browser, tw, "hendra")
	approver.signIn()
	approver.visit("/pengaturan/kanal")
	approver.reads("h2", "Akun yang tersambung")
	if approver.ask(`document.querySelector('a[href="/pengaturan/hubungkan"]')`) {
		t.Error("who approves posts is offered to connect accounts")
	}
	approver.visit("/pengaturan/hubungkan/x")
	approver.sees("that it is not for approvers", `document.title && !document.querySelector("input[name=way]")`)
	if through < 5 || len(chosen) < 2 {
		t.Errorf("only %d platforms have a consent page, and there was a choice on %q", through, chosen)
	}
}

// within is the same window in a subtest.
func (p *person) within(t *testing.T) *person {
	q := &person{t: t, ctx: p.ctx, base: p.base, name: p.name}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the window shows: %s", q.page())
		}
	})
	p.complaints()
	return q
}

// words evaluates an expression that is a list of words.
func (p *person) words(js string) []string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`(`+js+`).join("\n")`))
	if err != nil {
		p.t.Fatal(err)
	}
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// platforms are those that the page offers.
func (p *person) platforms() []string {
	p.t.Helper()
	p.visit("/pengaturan/hubungkan")
	p.arrives("/pengaturan/hubungkan")
	return p.words(`[...document.querySelectorAll(".tile")].map(a => a.getAttribute("href").split("/").pop())`)
}

// ways are the forms on a platform's page.
func (p *person) ways() []string {
	p.t.Helper()
	return p.words(`[...document.querySelectorAll("input[name=way]")].map(i => i.value)`)
}

// fill types into a form's field, wherever it is folded away; secret fields
// are typed into as well. Nothing is typed that is not there: that fails.
func (p *person) fill(way, field, text string) {
	p.t.Helper()
	form := `document.querySelector("input[name=way][value=` + way + `]").form`
	p.sees("the field "+field, `(() => { const i = `+form+`.elements[`+strconv.Quote(field)+`]; i.closest("details")?.setAttribute("open", ""); i.value = `+quoteJS(text)+`; return true })()`)
}

// submit sends a form by its button.
func (p *person) submit(way string) {
	p.t.Helper()
	p.sees("the form "+way, `(() => { const f = document.querySelector("input[name=way][value=`+way+`]").form; f.closest("details")?.setAttribute("open", ""); f.querySelector("button").id = "send-`+way+`"; return true })()`)
	p.click("#send-" + way)
}

// consent leads to the platform's consent page. A secret that is not empty is
// typed instead of the right one.
func (p *person) consent(tw town, secret string) {
	p.t.Helper()
	if secret != "" {
		p.fill("izin", "client_secret", secret)
	}
	p.submit("izin")
	p.sees("the way out", `document.querySelector("#leave")`)
	p.click("#leave")
	p.sees("the platform's page", `location.origin === `+strconv.Quote(tw.world)+` && document.querySelector("button[value=allow]")`)
}

// allow says yes on the platform's page and comes back.
func (p *person) allow() {
	p.t.Helper()
	p.click("button[value=allow]")
	p.comesBack()
}

func (p *person) comesBack() {
	p.t.Helper()
	p.sees("our own page again", `location.origin === `+strconv.Quote(p.base)+` && document.readyState === "complete"`)
}

// chooseAll picks every account that the consent opened, if there is a choice.
func (p *person) chooseAll() bool {
	p.t.Helper()
	if !strings.HasPrefix(p.where(), "/pengaturan/hubungkan/pilih/") {
		return false
	}
	p.sees("accounts", `(() => { const all = document.querySelectorAll("input[name=account]"); all.forEach(i => i.checked = true); return all.length > 0 })()`)
	p.click("main form button")
	return true
}

func (p *person) isConnected(name string) {
	p.t.Helper()
	p.sees("the list of channels", `location.pathname === "/pengaturan/kanal" && document.readyState === "complete"`)
	p.told("tersambung")
	p.sees("the account in the list", `document.querySelector('#channel-list use[href$="#p-`+name+`"]')`)
}

// refused waits for one of these sentences, said by the page.
func (p *person) refused(what string, sentences ...string) {
	p.t.Helper()
	var any []string
	for _, s := range sentences {
		any = append(any, `document.body.innerText.includes(`+quoteJS(s)+`)`)
	}
	p.sees(what, `location.origin === `+strconv.Quote(p.base)+` && document.readyState === "complete" && (`+strings.Join(any, " || ")+`)`)
	// The page's own status is an error's; the browser writes it down.
	p.complaints()
}

// Sentences as an administrator reads them.
const (
	saidDenied  = "Izin tidak diberikan di halaman platform"
	saidExpired = "Kode dari platform sudah terlalu lama atau pernah dipakai"
	saidSecret  = "Platform tidak menerima id atau rahasia aplikasi kita"
	saidMissing = "Platform tidak diizinkan memberi izin yang kita perlukan"
	saidLacking = "Izin yang tidak diberikan"
	saidLost    = "Platform tidak lagi menerima kredensial kanal ini"
)

// consentFails walks into every way a consent can fail.
func (p *person) consentFails(tw town, name string) {
	p.t.Helper()
	page := "/pengaturan/hubungkan/" + name
	p.visit(page)
	p.consent(tw, "")
	p.click("button[value=deny]")
	p.refused("that permission was refused", saidDenied)

	p.visit(page)
	p.consent(tw, "")
	p.sees("permissions taken away", `(() => { document.querySelectorAll("input[name=scope]").forEach(i => i.checked = false); return true })()`)
	p.allow()
	p.refused("that a permission is missing", saidMissing, saidLacking)

	p.visit(page)
	p.consent(tw, "")
	late := p.code()
	tw.forward(p.t, time.Minute)
	p.do("come back late", chromedp.Navigate(late))
	p.refused("that the code has expired", saidExpired)
	p.do("come back with the same code", chromedp.Navigate(late))
	p.refused("that the way back was used", "sudah pernah dipakai")

	p.visit(page)
	if !p.ask(`document.querySelector("input[name=way][value=izin]").form.elements["client_secret"]`) {
		return // the server hands out our secret by itself: nobody can type a wrong one
	}
	p.consent(tw, "rahasia-yang-salah-sama-sekali")
	p.allow()
	p.refused("that the secret is wrong", saidSecret)
}

// code says yes as the browser would, and keeps the address it is sent back to.
func (p *person) code() string {
	p.t.Helper()
	pairs := p.words(`[...new FormData(document.querySelector("form"), document.querySelector("button[value=allow]"))].flat()`)
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Add(pair[0], append(pair, "")[1])
	}
	action := p.words(`[document.querySelector("form").action]`)[0]
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(action, form)
	if err != nil {
		p.t.Fatal(err)
	}
	answer.Body.Close()
	back := answer.Header.Get("Location")
	if !strings.HasPrefix(back, p.base) || !strings.Contains(back, "code=") {
		p.t.Fatalf("the platform sends back to %q", back)
	}
	return back
}

// forward puts the pretended platforms' clock forward.
func (tw town) forward(t *testing.T, by time.Duration) {
	t.Helper()
	answer, err := http.Post(tw.world+"/sandbox/clock", "application/json", strings.NewReader(fmt.Sprintf(`{"seconds": %d}`, int(by.Seconds()))))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(answer.Body)
		t.Fatalf("the clock stays: %s %s", answer.Status, why)
	}
}

// typingFails types what cannot be right: a secret that opens nothing, and one
// that does not open enough.
func (p *person) typingFails(tw town, name string) {
	p.t.Helper()
	page, secret := "/pengaturan/hubungkan/"+name, "access"
	p.visit(page)
	if p.ask(`document.querySelector("input[name=way][value=isian]").form.elements["password"]`) {
		secret = "password"
	}
	p.fill("isian", secret, "1234567890:bukan-token-yang-benar")
	p.submit("isian")
	p.refused("that the secret is wrong", saidLost, saidSecret, "tidak menerima nama akun dan kata sandi")
	if p.ask(`document.body.innerHTML.includes("bukan-token-yang-benar")`) {
		p.t.Error("what was typed in secret is printed back")
	}
	p.visit(page)
	switch limited := tw.limited(p.t, name); {
	case limited != "":
		p.fill("isian", "password", limited)
		p.submit("isian")
		p.isConnected(name)
		p.refused("what will not work", saidLacking)
	case secret == "access":
		p.fill("isian", "account", "987654321")
		p.submit("isian")
		p.refused("that the token does not open this account", "Platform menolak tindakan ini untuk akun kita", "Nomor dengan ID ini tidak ditemukan", "bukan kanal Telegram")
	}
}

// limited is a password that the platform gives out with fewer rights; "" when
// it has none.
func (tw town) limited(t *testing.T, name string) string {
	t.Helper()
	answer, err := http.Get(tw.world + "/sandbox/credentials")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var all []struct {
		Platform string
		Limited  string `json:"password_limited"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Platform == name {
			return c.Limited
		}
	}
	return ""
}

// byHand keeps an account that a person writes.
func (p *person) byHand(name string) {
	p.t.Helper()
	p.visit("/pengaturan/hubungkan/" + name)
	p.fill("tangan", "handle", "Tangan "+name)
	p.fill("tangan", "url", "https://halaman.example/"+name)
	p.submit("tangan")
	p.sees("the list of channels", `location.pathname === "/pengaturan/kanal" && document.readyState === "complete"`)
	p.reads("#channel-list", "Tangan "+name)
	p.click(`#channel-list li a[href^="/pengaturan/kanal/"]`)
	p.arrives("/pengaturan/kanal/")
	p.reads("h2", "Yang bisa dan yang tidak")
}
