package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/locale"
)

// sources are the files a person wrote: templates and Go without tests.
func sources(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, p := range patterns {
		names, err := filepath.Glob(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if strings.HasSuffix(n, "_test.go") || strings.HasSuffix(n, "_templ.go") {
				continue
			}
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			all[n] = string(b)
		}
	}
	if len(all) == 0 {
		t.Fatal("no sources: the test is blind")
	}
	return all
}

// The content policy forbids inline script and style; so do we, at the source.
func TestNoInlineCode(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\s(style|on[a-z]+|hx-on[:\w-]*|hx-vals)\s*=\s*["'{]|<style|javascript:|<script>`)
	if !forbidden.MatchString(`<p style="x">`) || !forbidden.MatchString(`<b onclick={ x }>`) || !forbidden.MatchString(`<b hx-on:click="x">`) {
		t.Fatal("the pattern is blind")
	}
	for name, text := range sources(t, "*.templ") {
		for i, line := range strings.Split(text, "\n") {
			if m := forbidden.FindString(line); m != "" {
				t.Errorf("%s:%d: %q is inline code; the content policy would stop it", name, i+1, strings.TrimSpace(m))
			}
		}
	}
}

// Every key that a page says has its words.
func TestEveryKeyHasWords(t *testing.T) {
	key := regexp.MustCompile(`\.T\("([a-z0-9_.]+)"[,)]`)
	found := 0
	for name, text := range sources(t, "*.templ", "*.go") {
		for _, m := range key.FindAllStringSubmatch(text, -1) {
			found++
			for _, lang := range locale.Languages() {
				if !locale.New(lang).Has(m[1]) {
					t.Errorf("%s: no %s text for %q", name, lang, m[1])
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d keys found: the pattern is blind", found)
	}
}

// Words for keys that pages build from parts.
func TestBuiltKeysHaveWords(t *testing.T) {
	var keys []string
	for _, n := range menu() {
		keys = append(keys, "nav."+n.Key)
	}
	for _, theme := range []string{"", "light", "dark"} {
		keys = append(keys, "theme."+themeWord(theme))
	}
	for _, s := range []int{401, 403, 404, 409, 422, 500, 503} {
		keys = append(keys, "fail."+itoa(s)+".title")
	}
	for h := range 24 {
		keys = append(keys, greeting(h))
	}
	for _, lang := range locale.Languages() {
		for _, k := range keys {
			if !locale.New(lang).Has(k) {
				t.Errorf("no %s text for %q", lang, k)
			}
		}
	}
}

// Every icon and platform mark that a page names is in the sprite.
func TestEveryIconIsInTheSprite(t *testing.T) {
	build, err := os.ReadFile("build.mjs")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)const icons = \[(.*?)\]`).FindStringSubmatch(string(build))
	if list == nil {
		t.Fatal("no list of icons in build.mjs")
	}
	var there []string
	for _, m := range regexp.MustCompile(`"([a-z0-9-]+)"`).FindAllStringSubmatch(list[1], -1) {
		there = append(there, m[1])
	}
	named := regexp.MustCompile(`(?:icon(?:Sized)?\(f, |empty\(f, |Icon: )"([a-z0-9-]+)"`)
	used := 0
	for name, text := range sources(t, "*.templ", "*.go") {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			used++
			if !slices.Contains(there, m[1]) {
				t.Errorf("%s: icon %q is not in build.mjs", name, m[1])
			}
		}
	}
	if used < 20 {
		t.Errorf("only %d icons found: the pattern is blind", used)
	}
}

// The committed Go is what the generator makes of the templates.
func TestTemplatesAreGenerated(t *testing.T) {
	dir := t.TempDir()
	templates := sources(t, "*.templ")
	for name, text := range templates {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("go", "run", "github.com/a-h/templ/cmd/templ@v0.3.977", "generate", "-path", dir).CombinedOutput()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the generator does not run: %v\n%s", err, out)
		}
		t.Skipf("the generator does not run here: %v", err)
	}
	for name := range templates {
		made := strings.TrimSuffix(name, ".templ") + "_templ.go"
		want, err := os.ReadFile(filepath.Join(dir, made))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(made)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is stale: run go generate ./cmd/kentongan/web", made)
		}
	}
}

// bundle reads the manifest, or says which test needs it.
func bundle(t *testing.T) manifest {
	t.Helper()
	b, err := os.ReadFile("static/dist/manifest.json")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no bundle: run `make assets`")
		}
		t.Skip("no bundle: run `make assets`")
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBundleIsFresh(t *testing.T) {
	m := bundle(t)
	files := []string{"package.json", "package-lock.json", "build.mjs"}
	for _, pattern := range []string{"static/css/*", "static/js/*", "static/*"} {
		names, _ := filepath.Glob(pattern)
		for _, n := range names {
			if info, err := os.Stat(n); err == nil && info.Mode().IsRegular() {
				files = append(files, n)
			}
		}
	}
	slices.Sort(files)
	h := sha256.New()
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(append([]byte(f+"\x00"), b...))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != m.Inputs {
		t.Error("static/dist is stale: run `make assets`")
	}
}
