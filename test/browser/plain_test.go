package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestWithoutJavaScript does the same work with plain forms: signing in,
// composing with a picture, approving, answering.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	tw, chrome := openTown(t), openBrowser(t)
	rina, hendra, siti := enter(t, chrome, tw, "rina"), enter(t, chrome, tw, "hendra"), enter(t, chrome, tw, "siti")
	for _, p := range []*person{rina, hendra, siti} {
		p.withoutScripts()
		p.signIn()
		p.sees("a page that no script has touched", `document.documentElement.dataset.js === undefined`)
	}
	post := composesPlainly(t, rina)
	hendra.visit("/persetujuan/" + post)
	hendra.reads(".finals", postText)
	hendra.click(".confirm > summary") // the browser's own disclosure
	hendra.click("[data-confirm]")
	hendra.told("Disetujui")
	first := tw.eventually(t, "our post on Mastodon", ours("mastodon"))
	tw.say(t, first, question)
	answersPlainly(t, tw, siti)
	takesBackPlainly(t, tw, siti)
	for _, p := range []*person{rina, hendra, siti} {
		p.content()
	}
}

func composesPlainly(t *testing.T, rina *person) string {
	t.Helper()
	rina.click(`a.write[href="/unggahan/baru"]`)
	rina.arrives("/unggahan/baru")
	rina.write("#f-title", postTitle)
	rina.do("pick Mastodon", chromedp.Click(chromedp.Search(`//label[contains(@class,"chip")][.//*[contains(@aria-label,"Mastodon")]]`)))
	rina.write("#f-text", postText)
	rina.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{picture(t)}))
	rina.click("#compose button[value=upload]")
	rina.told("Draf disimpan")
	// Submitting without the alt text is refused, and nothing written is lost.
	rina.click("button[form=compose][value=submit]")
	rina.sees("what is missing", `document.querySelector("#error-summary").textContent.includes("teks alternatif")`)
	rina.sees("the text kept", `document.querySelector("#f-text").value.startsWith("Jembatan Wangi")`)
	rina.complaints() // the browser logs the 422 as it should
	rina.write(".media-line textarea", postAlt)
	rina.click("button[form=compose][value=submit]")
	rina.told("diajukan")
	return strings.TrimPrefix(rina.where(), "/unggahan/")
}

func answersPlainly(t *testing.T, tw town, siti *person) {
	t.Helper()
	until(t, "the question is in the inbox", func() bool {
		siti.visit("/kotak-masuk")
		return siti.ask(`document.querySelector("ul[data-rows]").textContent.includes("truk sampah")`)
	})
	siti.do("open the conversation", chromedp.Click(chromedp.Search(`//li[contains(@class,"conv")]/a[contains(.,"truk sampah")]`)))
	siti.arrives("/kotak-masuk/0")
	siti.write("#f-text", answer)
	siti.click(`form[action$="/balas"] button.primary`)
	siti.told("akan dikirim")
	tw.eventually(t, "our answer on Mastodon", func(p seen) bool {
		return p.Platform == "mastodon" && p.Ours && strings.Contains(p.Text, answer) && p.InReplyTo != ""
	})
	open := siti.where()
	until(t, "the answer is shown as published", func() bool {
		siti.visit(open)
		return siti.ask(`[...document.querySelectorAll("#messages .ours .tag")].some(e => e.textContent.includes("Tayang"))`)
	})
}

// takesBackPlainly takes the answer back that she has open.
func takesBackPlainly(t *testing.T, tw town, siti *person) {
	t.Helper()
	open := siti.where()
	siti.click(`#messages .ours details.more > summary`)
	siti.write(`form[action$="/tarik"] input[name=reason]`, "Jadwal truknya keliru")
	siti.click(`form[action$="/tarik"] button`)
	siti.told("akan ditarik")
	until(t, "the answer is shown as taken back, with the reason", func() bool {
		siti.visit(open)
		return siti.ask(`document.querySelector("#messages .ours").textContent.includes("Jadwal truknya keliru") && [...document.querySelectorAll("#messages .ours .tag")].some(e => e.textContent.includes("Ditarik"))`)
	})
	for _, p := range tw.posts(t) {
		if p.Ours && !p.Deleted && strings.Contains(p.Text, answer) {
			t.Errorf("it still stands on %s: %+v", p.Platform, p)
		}
	}
}
