package browser

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kentongan/test/real"
)

// openBrowser starts Chromium; every person gets a window of their own in it.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(real.Chromium(t)), chromedp.NoSandbox, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "id"), chromedp.Flag("accept-lang", "id"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// person is somebody at a window of their own: own cookies, own tab.
type person struct {
	t        *testing.T
	ctx      context.Context
	base     string
	name     string
	mu       sync.Mutex
	troubles []string // what the browser complained about
}

// watchPolicy makes a breach of the content policy an error of the console,
// also where the browser's own log stays silent.
const watchPolicy = `addEventListener("securitypolicyviolation", e => console.error("content policy: " + e.violatedDirective + " " + e.blockedURI))`

// enter opens a window for somebody.
func enter(t *testing.T, browser context.Context, tw town, name string) *person {
	t.Helper()
	p := &person{t: t, base: tw.base, name: name}
	ctx, leave := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	t.Cleanup(leave)
	p.ctx = ctx
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: watchPolicy})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *person) listen(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = "script: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			for _, a := range e.Args {
				said += string(a.Value) + a.Description + " "
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			said = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if said != "" {
		p.mu.Lock()
		p.troubles = append(p.troubles, said)
		p.mu.Unlock()
	}
}

// complaints are what the browser said since the last time.
func (p *person) complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.troubles
	p.troubles = nil
	return all
}

// content fails the test when the browser complained about anything.
func (p *person) content() {
	p.t.Helper()
	for _, c := range p.complaints() {
		p.t.Errorf("%s's browser: %s", p.name, c)
	}
}

// do carries out steps that a person would, and shows the page when one fails.
func (p *person) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %s: %v\n%s", p.name, what, err, p.page())
	}
}

// page is where the person is and what can be read there.
func (p *person) page() string {
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.pathname + " " + document.title + "\n" + document.body.innerText.slice(0, 2500)`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (p *person) visit(path string) {
	p.t.Helper()
	p.do("visit "+path, chromedp.Navigate(p.base+path))
}

func (p *person) click(css string) {
	p.t.Helper()
	p.do("click "+css, chromedp.Click(chromedp.CSS(css)))
}

func (p *person) write(css, text string) {
	p.t.Helper()
	p.do("write into "+css, chromedp.SendKeys(chromedp.CSS(css), text))
}

// keys are pressed wherever the person is.
func (p *person) keys(keys string) {
	p.t.Helper()
	p.do("press "+keys, chromedp.KeyEvent(keys))
}

// ask evaluates an expression; a page that is just being left says no.
func (p *person) ask(js string) bool {
	ctx, stop := context.WithTimeout(p.ctx, 5*time.Second)
	defer stop()
	yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+js+`)`))
	return err == nil && yes
}

// sees waits until an expression is true on the page.
func (p *person) sees(what, js string) {
	p.t.Helper()
	beat := time.NewTicker(40 * time.Millisecond)
	defer beat.Stop()
	for over := time.After(patience); !p.ask(js); {
		select {
		case <-over:
			p.t.Fatalf("%s never saw %s (%s)\n%s", p.name, what, js, p.page())
		case <-beat.C:
		}
	}
}

// reads waits until an element holds a text.
func (p *person) reads(css, text string) {
	p.t.Helper()
	p.sees(fmt.Sprintf("%q", text), fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))`, strconv.Quote(css), quoteJS(text)))
}

// arrives waits until a page of that path has been loaded.
func (p *person) arrives(prefix string) {
	p.t.Helper()
	p.sees("the page "+prefix, `location.pathname.startsWith(`+strconv.Quote(prefix)+`) && document.readyState === "complete"`)
}

// told waits for the sentence about what just happened.
func (p *person) told(text string) {
	p.t.Helper()
	p.reads("kt-toast", text)
}

func quoteJS(text string) string { return strconv.QuoteToASCII(strings.ToValidUTF8(text, "")) }

// signIn comes in by the door.
func (p *person) signIn() {
	p.t.Helper()
	p.visit("/")
	p.arrives("/masuk")
	p.write("#f-username", p.name)
	p.write("#f-password", password)
	p.keys("\r") // Enter sends, as everywhere
	p.arrives("/hari-ini")
}

// withoutScripts switches JavaScript off in the person's window.
func (p *person) withoutScripts() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) where() string {
	p.t.Helper()
	path, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.pathname`))
	if err != nil {
		p.t.Fatal(err)
	}
	return path
}
