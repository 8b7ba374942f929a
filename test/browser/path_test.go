package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// picture is a small real PNG on disk.
func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 180))
	for i := range img.Pix {
		img.Pix[i] = byte(i)
	}
	img.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "jembatan.png")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	postTitle = "Jembatan Wangi dibuka lagi"
	postText  = "Jembatan Wangi dibuka lagi untuk kendaraan ringan mulai pukul 06.00. Ikuti rambu dan arahan petugas."
	postAlt   = "Jembatan Wangi dengan rambu batas muatan tiga ton"
	question  = "Min, kalau truk sampah boleh lewat jembatan itu tidak? Kampung kami menunggu."
	answer    = "Truk sampah belum boleh melintas. Pengangkutan sementara lewat Jalan Anggrek setiap pagi. Terima kasih sudah bertanya."
	gambling  = "Gabung s1t0s g4c0r malam ini, slot maxwin anti rungkad, depo 10rb bisa WD jutaan, daftar di bio"
)

// TestTheWholePath is the main job, from draft to answer, by the people who do
// it, by keyboard and by mouse.
func TestTheWholePath(t *testing.T) {
	t.Parallel()
	tw, chrome := openTown(t), openBrowser(t)
	rina, hendra, siti := enter(t, chrome, tw, "rina"), enter(t, chrome, tw, "hendra"), enter(t, chrome, tw, "siti")
	for _, p := range []*person{rina, hendra, siti} {
		p.signIn()
	}
	post := composes(t, rina)
	approves(t, hendra, post)
	published(t, tw, rina, post)
	answers(t, tw, siti)
	moderates(t, tw, siti)
	leaderReads(t, enter(t, chrome, tw, "dewi"))
	auditorReads(t, enter(t, chrome, tw, "agus"), post)
	anybodyReads(t, enter(t, chrome, tw, "warga"))
	for _, p := range []*person{rina, hendra, siti} {
		p.content()
	}
}

// composes writes a post with a picture by keyboard and mouse and submits it.
func composes(t *testing.T, rina *person) (id string) {
	t.Helper()
	rina.keys("c") // the key on the button
	rina.arrives("/unggahan/baru")
	rina.sees("the tabs that scripts make", `document.querySelector("[role=tablist]")`)
	rina.write("#f-title", postTitle)
	for _, channel := range []string{"x", "facebook", "mastodon"} {
		rina.do("pick "+channel, chromedp.Click(chromedp.Search(`//label[contains(@class,"chip")][.//*[contains(translate(@aria-label,"XFM","xfm"),"`+channel+`")]]`)))
	}
	rina.sees("three channels picked", `document.querySelectorAll("[name=channels]:checked").length === 3`)
	rina.write("#f-text", postText)
	rina.reads("#previews", "06.00")                                           // the server's preview, while writing
	rina.sees("counters", `document.querySelectorAll(".counter").length >= 3`) // each platform counts in its own way
	rina.do("upload", chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{picture(t)}))
	rina.arrives("/unggahan/0") // uploading keeps the draft under its own address
	rina.reads("#checks", "teks alternatif")
	rina.write(".media-line textarea", postAlt)
	rina.click("button[form=compose][value=submit]")
	rina.told("diajukan")
	return strings.TrimPrefix(rina.where(), "/unggahan/")
}

// approves opens what waits by key, reads it, and signs it with a.
func approves(t *testing.T, hendra *person, post string) {
	t.Helper()
	hendra.keys("gp")
	hendra.arrives("/persetujuan")
	hendra.do("open the post", chromedp.Click(chromedp.CSS(`a.review-row[href="/persetujuan/`+post+`"]`)))
	hendra.arrives("/persetujuan/" + post)
	hendra.reads(".finals", postText)
	hendra.reads("figcaption", postAlt)
	hendra.sees("the digest", `document.querySelector(".decision .digest code").textContent.trim().length >= 32`)
	hendra.keys("a")
	hendra.click("[data-confirm]")
	hendra.told("Disetujui")
}

// published waits on the page that the author has open, which changes by
// itself, and then asks the platforms.
func published(t *testing.T, tw town, rina *person, post string) {
	t.Helper()
	rina.sees("every channel published, without reloading", `document.querySelectorAll("#post .delivery").length === 3 &&
		[...document.querySelectorAll("#post .delivery .tag")].every(e => e.textContent.includes("Tayang"))`)
	for _, platform := range []string{"x", "facebook", "mastodon"} {
		var all []seen
		for _, p := range tw.posts(t) {
			if p.Platform == platform && p.Ours && strings.HasPrefix(p.Text, postText) {
				all = append(all, p)
			}
		}
		if len(all) != 1 {
			t.Errorf("%s has the post %d times", platform, len(all))
			continue
		}
		if len(all[0].Media) != 1 || all[0].Media[0].Alt != postAlt {
			t.Errorf("%s shows the picture as %+v", platform, all[0].Media)
		}
	}
	// What has left can be changed no more: the page offers it no longer, and
	// the address of the form says why.
	rina.visit("/unggahan/" + post)
	rina.sees("no way to change or withdraw it", `!document.querySelector("a[href$='/susun']:not(.write)") && !document.querySelector("form[action$='/tarik']")`)
	rina.content()
	rina.visit("/unggahan/" + post + "/susun")
	rina.reads("main", "tidak dapat diubah lagi")
	rina.complaints() // the browser logs the 409 as it should
}

// ours is our post on a platform.
func ours(platform string) func(seen) bool {
	return func(p seen) bool { return p.Platform == platform && p.Ours && strings.HasPrefix(p.Text, postText) }
}

// answers finds the citizen's question with j, opens it with Enter, and
// replies with r.
func answers(t *testing.T, tw town, siti *person) {
	t.Helper()
	siti.keys("gk")
	siti.arrives("/kotak-masuk")
	tw.say(t, tw.eventually(t, "our post on X", ours("x")), question)
	siti.sees("that something came in", `!document.querySelector("[data-new-pill]").hidden`)
	until(t, "the question is in the inbox", func() bool {
		siti.visit("/kotak-masuk")
		return siti.ask(`document.querySelector("ul[data-rows]").textContent.includes("truk sampah")`)
	})
	for range 60 { // j goes down the list until the row is reached
		siti.keys("j")
		if siti.ask(`document.activeElement.textContent.includes("truk sampah")`) {
			break
		}
	}
	siti.keys("\r")
	siti.arrives("/kotak-masuk/0")
	siti.reads("#messages", "truk sampah")
	siti.keys("r")
	siti.sees("the caret in the answer", `document.activeElement.name === "text"`)
	siti.keys(answer)
	siti.click(`form[action$="/balas"] button.primary`)
	siti.told("akan dikirim")
	siti.sees("the answer published, without reloading", `[...document.querySelectorAll("#messages .ours .tag")].some(e => e.textContent.includes("Tayang"))`)
	tw.eventually(t, "our answer on X", func(p seen) bool { return p.Ours && strings.Contains(p.Text, answer) && p.InReplyTo != "" })
}

// moderates hides a gambling comment by its clause, with a reason.
func moderates(t *testing.T, tw town, siti *person) {
	t.Helper()
	tw.say(t, tw.eventually(t, "our post on Facebook", ours("facebook")), gambling)
	until(t, "the gambling comment waits in Moderasi", func() bool {
		siti.visit("/moderasi")
		return siti.ask(`document.querySelector("#case-list").textContent.includes("rungkad")`)
	})
	siti.do("open the case", chromedp.Click(chromedp.Search(`//li[contains(@class,"case-row")]/a[contains(.,"rungkad")]`)))
	siti.arrives("/moderasi/pesan/")
	siti.reads(".quoted", "rungkad")
	siti.sees("why it was noticed", `document.querySelectorAll(".reasons li").length > 0`)
	// Hiding without a ground is refused, and nothing that was typed is lost.
	siti.write("#f-reason", "Promosi judi daring dengan huruf samaran.")
	siti.do("leave the field", chromedp.Blur(chromedp.CSS("#f-reason")))
	siti.keys("s")
	siti.sees("the refusal", `document.querySelector("#error-summary")`)
	siti.sees("the reason kept", `document.querySelector("#f-reason").value.includes("huruf samaran")`)
	siti.complaints() // the browser logs the 422 as it should
	siti.click(`input[name=clause][value="` + clauseOf(siti, "judi") + `"]`)
	siti.keys("s")
	siti.reads("kt-toast", "disembunyikan")
	tw.eventually(t, "the comment hidden on Facebook", func(p seen) bool { return p.Text == gambling && p.Hidden })
}

// clauseOf is the number of the clause whose title has the word.
func clauseOf(p *person, word string) string {
	p.t.Helper()
	number, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](
		`[...document.querySelectorAll(".clauses label")].find(e => e.textContent.toLowerCase().includes("`+word+`"))?.querySelector("input").value ?? ""`))
	if err != nil || number == "" {
		p.t.Fatalf("no clause about %s: %v", word, err)
	}
	return number
}

// leaderReads sees what went out and how quickly citizens were answered.
func leaderReads(t *testing.T, dewi *person) {
	t.Helper()
	dewi.signIn()
	dewi.keys("gr")
	dewi.arrives("/laporan")
	dewi.reads(".report-lead", "4 unggahan tayang 26 kali") // three of the demo's own, and this one
	dewi.reads(".report-lead", "1 pesan dijawab")
	dewi.visit("/unggahan")
	dewi.reads("#posts", postTitle)
	dewi.content()
}

// auditorReads finds every deed of the path in the trail.
func auditorReads(t *testing.T, agus *person, post string) {
	t.Helper()
	agus.signIn()
	agus.visit("/jejak?tentang=post/" + post)
	for _, deed := range []string{"menyusun unggahan", "mengajukan unggahan", "menyetujui unggahan"} {
		agus.reads(".trail-table", deed)
	}
	agus.visit("/jejak")
	for _, who := range []string{"Rina Wulandari", "Hendra Saputra", "Siti Nurjanah"} {
		agus.reads(".trail-table", who)
	}
	agus.content()
}

// anybodyReads the public register without an account.
func anybodyReads(t *testing.T, warga *person) {
	t.Helper()
	warga.visit("/t/diskominfo")
	warga.arrives("/t/diskominfo")
	warga.reads("main", "Judi")
	if warga.ask(`document.body.textContent.includes("rungkad")`) {
		t.Error("the public register quotes a citizen")
	}
	warga.content()
}
