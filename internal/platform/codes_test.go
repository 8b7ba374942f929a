package platform

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every code a connector can give has a sentence in both languages, and no
// sentence is left without a use.
func TestCodesHaveSentences(t *testing.T) {
	used := map[string]string{}
	code := regexp.MustCompile(`"((?:platform\.|cap\.)[a-z_.]+)"`)
	for _, root := range []string{".", "../safehttp"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == "platform.go" {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, m := range code.FindAllStringSubmatch(string(raw), -1) {
				key := m[1]
				if strings.HasPrefix(key, "platform.") {
					key = "fault." + key
				}
				used[key] = path
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(used) < 15 {
		t.Fatalf("only %d codes found", len(used))
	}
	said := saidElsewhere(t, code)
	for _, lang := range []string{"id", "en"} {
		texts := sentences(t, lang)
		for key, path := range used {
			if texts[key] == "" {
				t.Errorf("%s: %s has no text for %q", path, lang, key)
			}
		}
		for key := range texts {
			if used[key] == "" && !said[key] {
				t.Errorf("%s: nobody says %q", lang, key)
			}
		}
	}
}

// saidElsewhere are the connectors' codes that the rooms give: a channel's
// version that has ended, a window that has closed.
func saidElsewhere(t *testing.T, code *regexp.Regexp) map[string]bool {
	t.Helper()
	said := map[string]bool{}
	for _, root := range []string{"../channel", "../../publisher", "../../inbox", "../../moderation", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && d.Name() == "node_modules" {
				return fs.SkipDir
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, m := range code.FindAllStringSubmatch(string(raw), -1) {
				said[strings.Replace("fault."+m[1], "fault.cap.", "cap.", 1)] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return said
}

// sentences are the connectors' texts of every fragment.
func sentences(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../locale/messages/" + lang + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fragments: %v", err)
	}
	all := map[string]string{}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatal(err)
		}
		for key, text := range texts {
			if strings.HasPrefix(key, "fault.platform.") || strings.HasPrefix(key, "cap.") {
				all[key] = text
			}
		}
	}
	return all
}
