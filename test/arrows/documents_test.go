package arrows

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every direct dependency has its reason, every reason its dependency.
func TestEveryDependencyHasAReason(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	modules, packages, ok := strings.Cut(string(doc), "## npm packages")
	if !ok {
		t.Fatal("docs/dependencies.md has no npm part")
	}
	compare(t, "go.mod", direct(t), reasons(modules))
	compare(t, "package.json", npm(t), reasons(packages))
}

func compare(t *testing.T, where string, have, told []string) {
	t.Helper()
	if len(have) == 0 {
		t.Errorf("%s: found no dependency", where)
	}
	for _, name := range have {
		if !slices.Contains(told, name) {
			t.Errorf("%s has %s, which docs/dependencies.md does not explain", where, name)
		}
	}
	for _, name := range told {
		if !slices.Contains(have, name) {
			t.Errorf("docs/dependencies.md explains %s, which is not in %s", name, where)
		}
	}
}

var row = regexp.MustCompile(`(?m)^\| ([^ |]+[/.a-z][^ |]*) \| [^|]{10,} \|$`)

func reasons(text string) []string {
	var all []string
	for _, m := range row.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	return all
}

var required = regexp.MustCompile(`(?m)^\s+(\S+) v\S+$`)

// direct are the modules that go.mod requires without "// indirect".
func direct(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range required.FindAllStringSubmatch(string(raw), -1) {
		all = append(all, m[1])
	}
	return all
}

func npm(t *testing.T) []string {
	t.Helper()
	var all []string
	err := walk(func(path, _ string) error {
		if filepath.Base(path) != "package.json" {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var p struct{ Dependencies, DevDependencies map[string]string }
		if err := json.Unmarshal(raw, &p); err != nil {
			return err
		}
		all = slices.AppendSeq(slices.AppendSeq(all, maps.Keys(p.Dependencies)), maps.Keys(p.DevDependencies))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A module that nobody imports is not a dependency; nobody runs `go mod tidy`
// here, because it asks the proxy for a version it does not serve.
func TestEveryModuleIsImported(t *testing.T) {
	t.Parallel()
	var imported strings.Builder
	err := walk(func(path, rel string) error {
		if filepath.Ext(path) != ".go" {
			return nil
		}
		raw, err := os.ReadFile(path)
		imported.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range direct(t) {
		if !regexp.MustCompile(`"` + regexp.QuoteMeta(name) + `(/[^"]*)?"`).MatchString(imported.String()) {
			t.Errorf("go.mod requires %s, which no file imports", name)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)

// Documents point at what is there.
func TestLinksInDocumentsHold(t *testing.T) {
	t.Parallel()
	seen := 0
	err := walk(func(path, rel string) error {
		if filepath.Ext(path) != ".md" {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(raw), -1) {
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s points at %s, which is not there", rel, m[1])
			}
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("looked at %d links: %v", seen, err)
	}
}
