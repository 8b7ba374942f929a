package browser

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// lures are gambling comments of six people, no two alike, so that each is a
// case of its own. The first one is the citizen's who objects.
func lures() (all []string) {
	for _, when := range []string{"pagi", "siang", "sore", "petang", "malam", "subuh"} {
		all = append(all, fmt.Sprintf("Gabung s1t0s g4c0r %s ini, slot maxwin anti rungkad, depo 10rb bisa WD jutaan, tanya kami tiap %s", when, when))
	}
	return all
}

const pleaText = "Saya bertanya soal bansos dan akun saya diambil alih. Tolong diperiksa lagi oleh orang lain."

// TestFromACommentToThePublicAccountAndBack is a hide and its way back: hidden
// by a clause, told, objected to without an account and without scripts,
// restored by another moderator, counted for everybody.
func TestFromACommentToThePublicAccountAndBack(t *testing.T) {
	t.Parallel()
	tw, chrome := openTown(t), openBrowser(t)
	siti, putri, warga := enter(t, chrome, tw, "siti"), enter(t, chrome, tw, "putri"), enter(t, chrome, tw, "warga")
	warga.withoutScripts()
	siti.signIn()
	putri.signIn()
	public := tw.visitor(t, "")
	if got := public.told(t, "hidden", "3.4", "*"); got != "0" {
		t.Errorf("before anything happened the data says %q", got)
	}
	post := tw.eventually(t, "an own post on Instagram", func(p seen) bool { return p.Platform == "instagram" && p.Ours && p.Author == "tirtawangikota" })
	for _, text := range lures() {
		tw.say(t, post, text)
	}
	number := ""
	for _, text := range lures() {
		hidesByClause(t, siti, text)
		tw.eventually(t, "hidden on Instagram: "+text, func(p seen) bool { return p.Text == text && p.Hidden })
		if number == "" {
			number = siti.latestCase()
		}
	}
	tw.eventually(t, "the notice with the case number, told to her alone", func(p seen) bool {
		return p.Ours && strings.Contains(p.Text, number) && strings.Contains(p.Text, "/t/diskominfo/kasus/")
	})
	until(t, "six hides in the open data", func() bool { return public.told(t, "hidden", "3.4", "*") == "6" })
	warga.visit("/t/diskominfo")
	warga.reads("#menurut-klausul tr", "3.4 Judi daring")
	warga.sees("six on the page", `[...document.querySelectorAll("#menurut-klausul tr")].some(e => e.textContent.includes("3.4") && e.querySelector("td.w7").textContent.trim() === "6")`)
	objects(t, warga, number)
	anotherDecides(t, tw, siti, putri, number)
	tw.eventually(t, "the comment shown again on Instagram", func(p seen) bool { return p.Text == lures()[0] && !p.Hidden })
	until(t, "the objection in the open data, as fewer than five", func() bool { return public.told(t, "objection", "3.4", "granted") == "<5" })
	if got := public.told(t, "hidden", "3.4", "*"); got != "6" {
		t.Errorf("six were hidden, whatever became of it: %q", got)
	}
	warga.visit("/t/diskominfo/kasus/" + number)
	warga.reads("main", number)
	warga.reads("main", "Keberatan dikabulkan")
	nothingOfTheirs(t, public)
	verifies(t, tw)
	for _, p := range []*person{siti, putri, warga} {
		p.content()
	}
}

// hidesByClause opens the case by its words and hides it.
func hidesByClause(t *testing.T, siti *person, text string) {
	t.Helper()
	mark := text[strings.LastIndex(text, "tiap "):]
	until(t, "waits in Moderasi: "+mark, func() bool {
		siti.visit("/moderasi")
		return siti.ask(`document.querySelector("#case-list")?.textContent.includes("` + mark + `")`)
	})
	siti.do("open the case", chromedp.Click(chromedp.Search(`//li[contains(@class,"case-row")]//a[contains(.,"`+mark+`")]`)))
	siti.arrives("/moderasi/pesan/")
	siti.reads(".quoted", mark)
	siti.click(`input[name=clause][value="3.4"]`)
	siti.do("write the reason", chromedp.SetValue(chromedp.CSS("#f-reason"), "Promosi judi daring dengan huruf samaran."))
	siti.click(`button.grow[name=act][value=hide]`)
	siti.sees("the next case", `location.pathname === "/moderasi" && document.readyState === "complete"`)
}

// latestCase is the number of the decision that was made last.
func (p *person) latestCase() string {
	p.t.Helper()
	p.visit("/moderasi?status=putusan")
	p.reads("main", "MOD-")
	number, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.querySelector("main").textContent.match(/MOD-\d{4}-\d{5}-[0-9A-Z]{4}/)[0]`))
	if err != nil {
		p.t.Fatal(err)
	}
	return number
}

// objects is the citizen's part: from the number she was told to a receipt,
// by plain forms.
func objects(t *testing.T, warga *person, number string) {
	t.Helper()
	warga.write("#check-number", strings.ToLower(number))
	warga.click(`form[action$="/kasus"] button`)
	warga.arrives("/t/diskominfo/kasus/" + number)
	warga.reads("main", "3.4")
	warga.click(`a[href$="/keberatan?kasus=` + number + `"]`)
	warga.arrives("/t/diskominfo/keberatan")
	warga.sees("the number filled in", `document.querySelector("[name=number]").value === "`+number+`"`)
	warga.write("#f-why", pleaText)
	warga.click(`form[action$="/keberatan"] button.primary`)
	warga.reads("#receipt", "-")
	warga.sees("no script has touched the page", `document.documentElement.dataset.js === undefined`)
}

// anotherDecides: who hid it is refused, another moderator takes it back.
func anotherDecides(t *testing.T, tw town, siti, putri *person, number string) {
	t.Helper()
	putri.visit("/moderasi/keberatan")
	putri.do("open the objection", chromedp.Click(chromedp.Search(`//a[contains(@href,"/moderasi/keberatan/")][contains(.,"`+number+`") or contains(.,"Tinjau")]`)))
	putri.arrives("/moderasi/keberatan/0")
	path := putri.where()
	siti.visit(path)
	siti.reads("main", number)
	siti.sees("no form for who took part", `!document.querySelector("form[action$='/putusan']")`)
	first := tw.visitor(t, "siti")
	refused := first.send(t, path+"/putusan", url.Values{"outcome": {"granted"}, "reason": {"Saya sendiri yang memutus dan saya batalkan lagi."}})
	if refused.StatusCode != http.StatusForbidden {
		t.Errorf("the first moderator decides the objection: %s", refused.Status)
	}
	putri.reads("main", "akun saya diambil alih")
	putri.click(`input[name=outcome][value=granted]`)
	putri.write("#f-reason", "Akun itu diambil alih; pemiliknya bertanya tentang layanan.")
	putri.click(`form[action$="/putusan"] button.primary`)
	putri.sees("that it is decided", `document.readyState === "complete" && !document.querySelector("form[action$='/putusan']")`)
}

// told is a number of the open data, of the month that runs.
func (v *visitor) told(t *testing.T, measure, clause, where string) string {
	t.Helper()
	answer, body := v.read(t, "/t/diskominfo/data.csv")
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("data.csv: %s %s", answer.Status, answer.Header.Get("Content-Type"))
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows { // month, measure, clause, channel, outcome, by, count; the running month first
		if r[1] == measure && r[2] == clause && r[5] == "*" && (r[3] == where && r[4] == "" || r[4] == where && measure == "objection") {
			return r[6]
		}
	}
	return ""
}

// nothingOfTheirs reads everything public: no word of a citizen's stands there.
func nothingOfTheirs(t *testing.T, v *visitor) {
	t.Helper()
	for _, path := range []string{"", "/disembunyikan", "/respons", "/pedoman", "/kamus-data", "/data.csv", "/data.json", "/datapackage.json", "/umpan.xml"} {
		answer, body := v.read(t, "/t/diskominfo"+path)
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, answer.Status)
		}
		for _, theirs := range []string{"rungkad", "g4c0r", "diambil alih"} {
			if strings.Contains(body, theirs) {
				t.Errorf("%s holds %q", path, theirs)
			}
		}
	}
}

var agreed = regexp.MustCompile(`Akun publik cocok: [7-9] keputusan dan keberatan`)

// verifies asks the program itself, beside the running one: six hides and an
// objection, in the trail as in the tables.
func verifies(t *testing.T, tw town) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "kentongan.yaml")
	if err := os.WriteFile(config, []byte("data: "+tw.data+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tw.bin, "audit", "verify", "--config", config)
	cmd.Env = append(os.Environ(), "LANG=id_ID.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil || !agreed.Match(out) {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}
