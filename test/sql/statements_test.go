// Package sql holds every SQL statement of the program against both databases.
package sql

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..")

// statement is one SQL text as the program sends it.
type statement struct {
	at   string // file and line
	text string
}

var (
	isStatement = regexp.MustCompile(`(?is)^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)
	parameter   = regexp.MustCompile(`\$(\d+)`)
)

// parameters is how many values the statement takes.
func (s statement) parameters() (n int) {
	for _, m := range parameter.FindAllStringSubmatch(s.text, -1) {
		i, _ := strconv.Atoi(m[1])
		n = max(n, i)
	}
	return n
}

// statements reads every store file. It fails the test for a query that it
// cannot work out: then nobody would have prepared it.
func statements(t *testing.T) (all []statement) {
	t.Helper()
	folders := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range folders {
		all = append(all, inFolder(t, files)...)
	}
	return all
}

func isStore(path string) bool {
	base := filepath.Base(path)
	return base == "store.go" || strings.HasPrefix(base, "store_")
}

// inFolder reads the store files of one package.
func inFolder(t *testing.T, files []string) (all []statement) {
	t.Helper()
	fset, scope := token.NewFileSet(), pkgScope{consts: map[string]ast.Expr{}, funcs: map[string]*ast.FuncDecl{}}
	var stores []*ast.File
	for _, path := range files {
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		scope.collect(f)
		if isStore(path) {
			stores = append(stores, f)
		}
	}
	for _, f := range stores {
		ast.Inspect(f, func(n ast.Node) bool {
			query := queryArgument(n)
			if query == nil {
				return true
			}
			at := fset.Position(query.Pos()).String()
			switch text, ok := scope.evaluate(query, nil); {
			case !ok:
				t.Errorf("%s: cannot work out this query: make it constants, or functions of one return", at)
			case !isStatement.MatchString(text):
				t.Errorf("%s: not a statement this test knows: %.60q", at, text)
			default:
				all = append(all, statement{at, text})
			}
			return true
		})
	}
	return all
}

// queryArgument is the SQL of a call that sends some: tx.Exec(ctx, SQL, …),
// db.All(ctx, tx, read, SQL, …), db.One(ctx, tx, code, read, SQL, …).
func queryArgument(n ast.Node) ast.Expr {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	fun := call.Fun
	if i, ok := fun.(*ast.IndexExpr); ok { // db.All[T]
		fun = i.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	at, pkg := 0, ""
	if x, ok := sel.X.(*ast.Ident); ok {
		pkg = x.Name
	}
	switch {
	case sel.Sel.Name == "Exec":
		at = 1
	case pkg == "db" && sel.Sel.Name == "All":
		at = 3
	case pkg == "db" && sel.Sel.Name == "One":
		at = 4
	}
	if at == 0 || len(call.Args) <= at {
		return nil
	}
	return call.Args[at]
}

func TestTheScanSeesConcatenatedStatements(t *testing.T) {
	var joined, plain bool
	for _, s := range statements(t) {
		if strings.Contains(s.text, "SELECT kind, key, agency_id, lane, class") && strings.HasSuffix(s.text, "WHERE kind = $1 AND key = $2") {
			joined = true
		}
		plain = plain || strings.HasPrefix(s.text, "DELETE FROM live")
	}
	if !joined || !plain {
		t.Errorf("blind: joined %v, plain %v", joined, plain)
	}
}
