package arrows

import (
	"bytes"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	longestFile     = 500
	longestFunction = 80
	mostParameters  = 5 // after ctx, t and the receiver
)

// Long files hide what they hold. Generated and recorded files are exempt.
func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	kinds := []string{".go", ".templ", ".js", ".mjs", ".css", ".sh", ".sql", ".yaml", ".json", ".md"}
	seen := 0
	err := walk(func(path, rel string) error {
		if !slices.Contains(kinds, filepath.Ext(rel)) || strings.Contains(rel, "testdata/") || filepath.Base(rel) == "package-lock.json" {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := bytes.Count(raw, []byte("\n")); n > longestFile && !generated.Match(raw) {
			t.Errorf("%s has %d lines; at most %d", rel, n, longestFile)
		}
		seen++
		return nil
	})
	if err != nil || seen < 50 {
		t.Fatalf("looked at %d files: %v", seen, err)
	}
}

// STYLE: short functions, few parameters, no init, no panic outside main.
func TestHouseRules(t *testing.T) {
	t.Parallel()
	for pkg, files := range load(t) {
		for _, f := range files {
			if f.generated {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if lines := f.fset.Position(n.End()).Line - f.fset.Position(n.Pos()).Line + 1; lines > longestFunction {
						t.Errorf("%s: %s has %d lines; at most %d", f.fset.Position(n.Pos()), n.Name.Name, lines, longestFunction)
					}
					if p := parameters(n.Type); p > mostParameters {
						t.Errorf("%s: %s has %d parameters after ctx; at most %d", f.fset.Position(n.Pos()), n.Name.Name, p, mostParameters)
					}
					if n.Recv == nil && n.Name.Name == "init" {
						t.Errorf("%s: no init", f.fset.Position(n.Pos()))
					}
				case *ast.CallExpr:
					if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" && f.ast.Name.Name != "main" && !testOnly(pkg) {
						t.Errorf("%s: no panic", f.fset.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
}

// parameters counts those after ctx and the test, and takes a transaction for
// part of the context: it says in which one the function works.
func parameters(f *ast.FuncType) int {
	n := 0
	for _, field := range f.Params.List {
		switch typeName(field.Type) {
		case "context.Context", "db.Tx", "testing.TB", "testing.T":
			continue
		}
		n += max(1, len(field.Names))
	}
	return n
}

func typeName(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return pkg.Name + "." + sel.Sel.Name
}
