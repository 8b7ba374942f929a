package locale

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

var placeholder = regexp.MustCompile(`\{[a-z0-9_]+\}`)

func TestFragmentsAreWhole(t *testing.T) {
	c := messages()
	for _, problem := range c.problems {
		t.Error(problem)
	}
	id, en := c.texts["id"], c.texts["en"]
	for _, key := range slices.Sorted(maps.Keys(id)) {
		if strings.TrimSpace(id[key]) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%q: empty or missing (id %q, en %q)", key, id[key], en[key])
			continue
		}
		a, b := placeholders(id[key]), placeholders(en[key])
		if !slices.Equal(a, b) {
			t.Errorf("%q: placeholders differ: id %v, en %v", key, a, b)
		}
	}
	for key := range en {
		if _, ok := id[key]; !ok {
			t.Errorf("%q is in English only", key)
		}
	}
}

func placeholders(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(text, -1))))
}

// Every code that the program can hand to a person must have its sentence.
func TestEveryFaultHasASentence(t *testing.T) {
	codes := faultCodes(t)
	if len(codes) == 0 {
		t.Fatal("the scan found no fault.New at all: it is blind")
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		for lang, texts := range messages().texts {
			if texts["fault."+code] == "" {
				t.Errorf("%s: no %s text for \"fault.%s\"", codes[code], lang, code)
			}
		}
	}
}

// faultCodes finds the literal codes of fault.New and fault.Wrap calls, except
// those of kind Internal, which are never shown.
func faultCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	eachFile(t, func(name string, fset *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 || !isFault(call.Fun, "New", "Wrap") || isFault(call.Args[0], "Internal") {
				return true
			}
			if code := literal(call.Args[1]); code != "" {
				codes[code] = fset.Position(call.Args[1].Pos()).String()
			}
			return true
		})
	})
	return codes
}

// A refusal's code is written as "platform.…" in the connectors; what a page
// says is written as T("…") everywhere. Both must have a text.
func TestEveryLiteralKeyHasAText(t *testing.T) {
	keys := map[string]string{}
	eachFile(t, func(name string, fset *token.FileSet, f *ast.File) {
		connector := strings.Contains(filepath.ToSlash(name), "internal/platform/")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text := literal(n); connector && refusal.MatchString(text) {
					keys["fault."+text] = fset.Position(n.Pos()).String()
				}
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "T" && len(n.Args) > 0 && literal(n.Args[0]) != "" {
					keys[literal(n.Args[0])] = fset.Position(n.Pos()).String()
				}
			}
			return true
		})
	})
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		for lang, texts := range messages().texts {
			if texts[key] == "" {
				t.Errorf("%s: no %s text for %q", keys[key], lang, key)
			}
		}
	}
}

// identifiers are all names in the code, packages included.
func identifiers(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	eachFile(t, func(_ string, _ *token.FileSet, f *ast.File) {
		names[f.Name.Name] = true
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				names[id.Name] = true
			}
			return true
		})
	})
	return names
}

var refusal = regexp.MustCompile(`^platform\.[a-z_]+$`)

func literal(n ast.Node) string {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

func isFault(n ast.Node, names ...string) bool {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "fault" && slices.Contains(names, sel.Sel.Name)
}

func eachFile(t *testing.T, visit func(name string, fset *token.FileSet, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		visit(path, fset, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type word struct {
	ID   string   `json:"id"`
	EN   string   `json:"en"`
	Code string   `json:"code"`
	Not  []string `json:"not"` // Indonesian words that the pages do not use for it
}

// One thing has one word: on the pages, in English and in the code.
func TestGlossary(t *testing.T) {
	raw, err := os.ReadFile("glossary.json")
	if err != nil {
		t.Fatal(err)
	}
	var words []word
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	taken, names := map[string]bool{}, identifiers(t)
	for _, w := range words {
		if !names[w.Code] {
			t.Errorf("%+v: the code has no %s", w, w.Code)
		}
		for column, name := range map[string]string{"id": w.ID, "en": w.EN, "code": w.Code} {
			if name == "" || taken[column+name] {
				t.Errorf("%+v: %s is empty or names another thing, too", w, column)
			}
			taken[column+name] = true
		}
		for _, avoided := range w.Not {
			pattern := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(avoided) + `(an|nya)?\b`)
			for key, text := range messages().texts["id"] {
				if pattern.MatchString(placeholder.ReplaceAllString(text, "")) {
					t.Errorf("%q says %q; our word is %q", key, avoided, w.ID)
				}
			}
		}
	}
	if len(words) < 20 {
		t.Errorf("only %d words", len(words))
	}
}
