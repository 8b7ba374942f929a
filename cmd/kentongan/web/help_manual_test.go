package web

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"kentongan/internal/locale"
)

var update = flag.Bool("update", false, "write docs/admission.md")

const manualPage = "../../../docs/admission.md"

// The manual's checklists are what the page of connections shows: one source,
// in both languages, for every platform there is.
func TestTheManualTellsHowEachPlatformAdmitsAnApp(t *testing.T) {
	var page strings.Builder
	page.WriteString("# What each platform wants before it admits an office's app\n\n" +
		"Made from `internal/locale/messages/en/admission.json` by `go test ./cmd/kentongan/web -run Manual -update`; the program shows the same, in both languages, under Kanal > Hubungkan. Times are what offices usually meet, not promises. " +
		"While a platform has not admitted the app, its account works as one that is published by hand: the post counts, its deadline and its register entry too.\n")
	for _, lang := range locale.Languages() {
		f := &Frame{Printer: locale.New(lang)}
		for _, name := range platformNames() {
			v := admission(f, string(name))
			if v.Time == "" || len(v.Steps) < 3 {
				t.Errorf("%s: %s has %d steps and %q", lang, name, len(v.Steps), v.Time)
			}
			if lang != "en" {
				continue
			}
			page.WriteString("\n## " + f.T("platform."+string(name)) + "\n\n" + f.T("help.time") + ": " + v.Time + "\n\n")
			for i, s := range v.Steps {
				page.WriteString(strconv.Itoa(i+1) + ". " + s + "\n")
			}
		}
	}
	if *update {
		if err := os.WriteFile(manualPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(manualPage); err != nil || string(got) != page.String() {
		t.Errorf("docs/admission.md is stale: go test ./cmd/kentongan/web -run Manual -update (%v)", err)
	}
}
