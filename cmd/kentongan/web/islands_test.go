package web

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"kentongan/internal/identity"
)

// islandSite serves pages whose scripts are tried in a real browser, with
// answers drawn by the same components as on the real site.
func islandSite(t *testing.T) (site *httptest.Server, ring chan string) {
	t.Helper()
	var log bytes.Buffer
	core := testCore(&log)
	ring = make(chan string)
	var late atomic.Bool
	core.Live = func(ctx context.Context, _ identity.Actor, changed func([]string) error) error {
		for {
			select {
			case kind := <-ring:
				late.Store(true)
				if err := changed([]string{kind}); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	core.Badges = func(context.Context, identity.Actor) (Badges, error) {
		if late.Load() {
			return Badges{Inbox: 13}, nil
		}
		return Badges{Inbox: 12}, nil
	}
	show := func(path string, view View) Route {
		return Route{Pattern: "GET " + path, Do: func(*Request) (Answer, error) { return Show{View: view}, nil }}
	}
	var revision atomic.Int64
	revision.Store(3)
	site = httptest.NewUnstartedServer(NewServer(core, []Route{
		show("/susun", composeSample()),
		show("/persetujuan/5", reviewSample(true)),
		{Pattern: "GET /kotak-masuk/1", Do: func(*Request) (Answer, error) {
			v := inboxSample(true)
			if late.Load() {
				v.Open.Items = append(v.Open.Items, ThreadItem{ID: "m9", Kind: "citizen", Who: "Warga W-7K3F", Meta: "08.41", Pieces: []Piece{{"kept", "Sudah menyala, terima kasih"}}})
			}
			return Show{View: v}, nil
		}},
		{Pattern: "GET /keluar-galeri", Do: func(r *Request) (Answer, error) {
			http.SetCookie(r.w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1})
			return streamed("text/plain", []byte("ok"))
		}},
		{Pattern: "POST /unggahan/periksa", Do: func(r *Request) (Answer, error) {
			v := composeSample()
			v.Text = r.PostFormValue("text")
			v.Channels[0].Used = 4242 // what a platform counts is not what a browser counts
			v.Checks = []Check{{"bad", "Terlalu panjang", "text"}}
			return Part{composeChecked(r.Frame, v)}, nil
		}},
		{Pattern: "POST /unggahan/simpan", Do: func(r *Request) (Answer, error) {
			v := composeSample()
			v.Revision, v.Saved = revision.Add(1), "Tersimpan sekarang"
			return Part{composeAutosaved(r.Frame, v)}, nil
		}},
	}))
	ctx, stop := context.WithCancel(context.Background())
	site.Config.BaseContext = baseContext(ctx)
	site.Start()
	t.Cleanup(func() { stop(); site.Close() })
	return site, ring
}

// setCookie gives the browser a cookie of the site.
func setCookie(url, name, value string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{URL: url, Name: name, Value: value})
		return chromedp.Void{}, err
	}
}

// step is something done in the page, and what must then become true.
type step struct{ what, do, until string }

// walk does the steps one after another; each has ten seconds to become true.
func walk(t *testing.T, ctx context.Context, steps []step) {
	t.Helper()
	for _, s := range steps {
		wait := `new Promise(done => { const end = performance.now() + 10000; (function look() { let ok = false; try { ok = !!(` + s.until + `) } catch {} if (ok || performance.now() > end) done(ok); else setTimeout(look, 30); })(); })`
		if s.do != "" {
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("{"+s.do+"};true")); err != nil {
				t.Fatalf("%s: %v", s.what, err)
			}
		}
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise))
		if err != nil || !ok {
			t.Fatalf("%s: did not come true (%v): %s", s.what, err, s.until)
		}
	}
}

const (
	press  = `const press = (key, on = document.activeElement ?? document.body) => on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));`
	typeIn = `const type = (id, text) => { const e = document.getElementById(id); e.value = text; e.dispatchEvent(new Event("input", { bubbles: true })); };`
)

func TestIslands(t *testing.T) {
	bundle(t)
	tab := browser(t)
	site, ring := islandSite(t)
	open := func(t *testing.T, path string) context.Context {
		t.Helper()
		ctx, stop := context.WithTimeout(tab, time.Minute)
		t.Cleanup(stop)
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900), setCookie(site.URL, sessionCookie, rina), chromedp.Navigate(site.URL+path)); err != nil {
			t.Fatal(err)
		}
		return ctx
	}
	t.Run("composing: the browser estimates, the server's count wins, drafts save themselves", func(t *testing.T) {
		walk(t, open(t, "/susun"), []step{
			{"tabs stand for picked channels only", "", `[...document.querySelectorAll(".panel-tabs button")].filter(b => !b.hidden).length === 3`},
			{"an estimate at once", typeIn + `type("f-text", "halo warga")`, `document.querySelector("#count-c1").textContent.includes("10 / ") || document.querySelector("#count-c1").textContent.includes("4.242")`},
			{"the server's count replaces it", "", `document.querySelector("#count-c1").textContent.includes("4.242")`},
			{"and its findings", "", `document.querySelector("#checks").textContent.includes("Terlalu panjang")`},
			{"and the preview", "", `document.querySelector("#previews").textContent.includes("halo warga")`},
			{"the draft is saved", "", `document.querySelector("#saved").textContent.includes("Tersimpan sekarang")`},
			{"under a new revision", "", `Number(document.querySelector("[name=revision]").value) > 3`},
			{"picking a channel shows its tab", `document.querySelector("[name=channels][value=c3]").click()`, `[...document.querySelectorAll(".panel-tabs button")].filter(b => !b.hidden).length === 4`},
			{"writing in a channel's tab makes the text its own", typeIn + `type("f-variants-c1-text", "khusus")`, `document.querySelector("[name='own.c1']").checked`},
			{"no complaint of the content policy", "", `ktPolicy.length === 0 && ktErrors.length === 0`},
		})
	})
	t.Run("the inbox by keys", func(t *testing.T) {
		walk(t, open(t, "/kotak-masuk/1"), []step{
			{"j goes to the next row", press + `press("j")`, `document.activeElement.getAttribute("href") === "/kotak-masuk/2"`},
			{"k goes back", press + `press("k")`, `document.activeElement.getAttribute("href") === "/kotak-masuk/1"`},
			{"n opens the note", press + `press("n")`, `document.activeElement.id === "f-note" && document.getElementById("f-text").closest("[role=tabpanel]").hidden`},
			{"letters typed in a field are letters", press + `press("r")`, `document.activeElement.id === "f-note"`},
			{"Esc leaves the field, r opens the reply", press + `press("Escape"); press("r", document.body)`, `document.activeElement.id === "f-text"`},
			{"t goes to the assignment", press + `press("Escape"); press("t", document.body)`, `document.activeElement.id === "assignee"`},
		})
	})
	t.Run("what changes elsewhere appears by itself", func(t *testing.T) {
		ctx := open(t, "/kotak-masuk/1")
		walk(t, ctx, []step{
			{"the page says that it is live", "", `document.getElementById("live").textContent.includes("Tersambung")`},
			{"nothing new yet", "", `document.querySelector("[data-new-pill]").hidden && !document.getElementById("m-m9")`},
		})
		ring <- "conversation"
		walk(t, ctx, []step{
			{"a pill offers the new list; rows stay", "", `!document.querySelector("[data-new-pill]").hidden`},
			{"the badge counts", "", `document.getElementById("n-inbox").textContent.includes("13")`},
			{"the message is in the thread", "", `document.getElementById("m-m9")`},
			{"what was being written is still there", "", `document.getElementById("f-text").value.startsWith("Mohon maaf")`},
		})
	})
	t.Run("a part in use waits, and an error takes nothing away", func(t *testing.T) {
		ctx := open(t, "/kotak-masuk/1")
		walk(t, ctx, []step{
			{"somebody opens the masked number to write a purpose", `document.querySelector("#m-m1 details").open = true; document.querySelector("#why-m1").focus()`, `document.activeElement.id === "why-m1"`},
			{"live", "", `document.getElementById("live").textContent.includes("Tersambung")`},
			{"an old message is taken away, to see the part come back", `document.getElementById("m-m2").remove()`, `true`},
		})
		ring <- "conversation"
		walk(t, ctx, []step{
			{"the badge was asked for", "", `!document.querySelector("[data-new-pill]").hidden`},
			{"the field is left alone", "", `document.querySelector("#m-m1 details").open && !document.getElementById("m-m2")`},
			{"closed, it is asked for again", `document.activeElement.blur(); document.querySelector("#m-m1 details").open = false`, `document.getElementById("m-m2")`},
			{"an ended session empties nothing", `document.cookie; fetch("/keluar-galeri").then(() => document.body.dispatchEvent(new CustomEvent("live-conversation")))`, `document.getElementById("live").textContent.includes("Sesi berakhir") && document.getElementById("m-m2")`},
		})
	})
	t.Run("approving names channels and time before it is done", func(t *testing.T) {
		walk(t, open(t, "/persetujuan/5"), []step{
			{"a opens the confirmation", press + `press("a", document.body)`, `document.querySelector("details.confirm").open && document.querySelector("[data-confirm]").offsetParent !== null`},
			{"which names a channel", "", `document.querySelector("details.confirm").textContent.includes("@tirtawangikota")`},
		})
	})
}
