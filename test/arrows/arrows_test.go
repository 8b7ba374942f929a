// Package arrows keeps ARCHITECTURE.md and the house rules true: who may import
// whom, which outside packages live behind which door, where SQL is written,
// and how long a file may be.
package arrows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "kentongan/"

var root = filepath.Join("..", "..")

type file struct {
	name      string
	imports   []string
	ast       *ast.File
	fset      *token.FileSet
	generated bool
}

func TestArrows(t *testing.T) {
	t.Parallel()
	pkgs, arrows := load(t), block(t, "arrows")
	for pkg, files := range pkgs {
		allowed, ok := arrows[pkg]
		if !ok {
			t.Errorf("%s has no line in ARCHITECTURE.md; it imports %v", pkg, ours(files))
			continue
		}
		used := ours(files)
		for _, to := range used {
			if !slices.Contains(allowed, to) && !slices.Contains(allowed, "*") {
				t.Errorf("arrow %s -> %s is not drawn in ARCHITECTURE.md", pkg, to)
			}
		}
		for _, to := range allowed {
			if to != "*" && !slices.Contains(used, to) {
				t.Errorf("ARCHITECTURE.md draws %s -> %s, but no file follows it", pkg, to)
			}
		}
	}
	for pkg := range arrows {
		if pkgs[pkg] == nil {
			t.Errorf("ARCHITECTURE.md names %s, which does not exist", pkg)
		}
	}
}

// ours are the packages of this module that the files import, sorted.
func ours(files []file) []string {
	var all []string
	for _, f := range files {
		for _, imp := range f.imports {
			if to, ok := strings.CutPrefix(imp, module); ok {
				all = append(all, to)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Arrows point down, whatever ARCHITECTURE.md draws: a floor never imports one
// above it, nor another room on its own floor.
func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	floor := func(pkg string) int {
		top, _, _ := strings.Cut(pkg, "/")
		switch top {
		case "test":
			return 9 // helpers of tests; see TestOnlyTestsUseTestHelpers
		case "cmd":
			return 4
		case "moderation":
			return 3
		case "publisher", "inbox", "queue":
			return 2
		}
		return 1 // internal, configs
	}
	for pkg, files := range load(t) {
		for _, to := range ours(files) {
			a, _, _ := strings.Cut(pkg, "/")
			b, _, _ := strings.Cut(to, "/")
			if floor(to) > floor(pkg) && !testOnly(pkg) || floor(to) == floor(pkg) && floor(pkg) == 2 && a != b || a == "internal" && b == "configs" || a == "moderation" && b == "queue" {
				t.Errorf("%s -> %s points up or sideways", pkg, to)
			}
			if strings.HasPrefix(pkg, "internal/platform/") && !strings.HasPrefix(to, "internal/") {
				t.Errorf("%s -> %s: a connector knows no room", pkg, to)
			}
		}
	}
}

// testOnly are the packages that exist for tests.
func testOnly(pkg string) bool {
	return pkg == "test" || strings.HasPrefix(pkg, "test/") || strings.HasSuffix(pkg, "/dbtest") || strings.HasSuffix(pkg, "/platformtest")
}

func TestOnlyTestsUseTestHelpers(t *testing.T) {
	t.Parallel()
	for pkg, files := range load(t) {
		for _, f := range files {
			if testOnly(pkg) {
				continue
			}
			for _, imp := range f.imports {
				if imp == "testing" || testOnly(strings.TrimPrefix(imp, module)) {
					t.Errorf("%s imports %s: it would be built into the program", f.name, imp)
				}
			}
		}
	}
}

func TestOnlyBehindTheirDoor(t *testing.T) {
	t.Parallel()
	only := block(t, "only")
	used := map[string]bool{}
	for pkg, files := range load(t) {
		for _, f := range files {
			for _, imp := range f.imports {
				door := longest(only, imp)
				used[door] = true
				if door != "" && !testOnly(pkg) && !slices.ContainsFunc(only[door], func(d string) bool { return within(pkg, d) }) {
					t.Errorf("%s imports %s, which belongs to %v", f.name, imp, only[door])
				}
			}
		}
	}
	for door := range only {
		if !used[door] {
			t.Errorf("ARCHITECTURE.md guards %s, which nobody imports", door)
		}
	}
}

// longest is the guarded path that imp is or lies below.
func longest(only map[string][]string, imp string) (door string) {
	for path := range only {
		if (imp == path || strings.HasPrefix(imp, path+"/")) && len(path) > len(door) {
			door = path
		}
	}
	return door
}

// within says whether pkg is what the pattern names: "queue", or with "/..."
// everything below it.
func within(pkg, pattern string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == below || strings.HasPrefix(pkg, below+"/")
	}
	return pkg == pattern
}

var sql = regexp.MustCompile(`(?is)^\s*(SELECT\s|INSERT INTO\s|UPDATE\s+\w+\s+SET\s|DELETE FROM\s|WITH\s+\w+\s+AS\s*\()`)

func TestSQLLivesInStoreFiles(t *testing.T) {
	t.Parallel()
	for pkg, files := range load(t) {
		if pkg == "internal/db" || testOnly(pkg) {
			continue
		}
		for _, f := range files {
			if base := filepath.Base(f.name); base == "store.go" || strings.HasPrefix(base, "store_") {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, _ := strconv.Unquote(lit.Value); sql.MatchString(s) {
						t.Errorf("%s: SQL outside a store file: %.40q", f.fset.Position(lit.Pos()), s)
					}
				}
				return true
			})
		}
	}
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

var parsed = sync.OnceValues(func() (map[string][]file, error) {
	pkgs := map[string][]file{}
	err := walk(func(path, rel string) error {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, rel, raw, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f := file{name: rel, ast: tree, fset: fset, generated: generated.Match(raw)}
		for _, imp := range tree.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			f.imports = append(f.imports, p)
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		pkgs[pkg] = append(pkgs[pkg], f)
		return nil
	})
	return pkgs, err
})

func load(t *testing.T) map[string][]file {
	t.Helper()
	pkgs, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 10 {
		t.Fatalf("found only %d packages under %s", len(pkgs), root)
	}
	return pkgs
}

// walk visits every file that people wrote or commit.
func walk(visit func(path, rel string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			name := d.Name()
			skip := name == "node_modules" || name == "dist" || name == "bin" || name == "data" || strings.HasPrefix(name, ".") && name != ".ci"
			if rel != "." && skip {
				return filepath.SkipDir
			}
			return nil
		}
		return visit(path, filepath.ToSlash(rel))
	})
}

// block reads the fenced block called name: "key -> value value" or "key value value".
func block(t *testing.T, name string) map[string][]string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "```"+name+"\n")
	if !ok {
		t.Fatalf("ARCHITECTURE.md has no %s block", name)
	}
	text, _, _ := strings.Cut(rest, "```")
	rows := map[string][]string{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(strings.ReplaceAll(line, "->", " "))
		if len(fields) > 0 && fields[0] != "#" {
			rows[fields[0]] = fields[1:]
		}
	}
	return rows
}
