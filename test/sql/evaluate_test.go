package sql

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// pkgScope is what a query of one package may be built from.
type pkgScope struct {
	consts map[string]ast.Expr
	funcs  map[string]*ast.FuncDecl
}

func (p pkgScope) collect(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				p.funcs[d.Name.Name] = d
			}
		case *ast.GenDecl:
			if d.Tok != token.CONST {
				continue
			}
			for _, s := range d.Specs {
				v := s.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						p.consts[name.Name] = v.Values[i]
					}
				}
			}
		}
	}
}

// evaluate joins literals, constants, arguments and functions of one return.
func (p pkgScope) evaluate(e ast.Expr, args map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return p.evaluate(e.X, args)
	case *ast.Ident:
		if s, ok := args[e.Name]; ok {
			return s, true
		}
		if c, ok := p.consts[e.Name]; ok {
			return p.evaluate(c, nil)
		}
	case *ast.BinaryExpr:
		left, ok1 := p.evaluate(e.X, args)
		right, ok2 := p.evaluate(e.Y, args)
		return left + right, ok1 && ok2 && e.Op == token.ADD
	case *ast.CallExpr:
		return p.call(e, args)
	}
	return "", false
}

func (p pkgScope) call(e *ast.CallExpr, args map[string]string) (string, bool) {
	var values []string
	for _, a := range e.Args {
		v, ok := p.evaluate(a, args)
		if !ok {
			return "", false
		}
		values = append(values, v)
	}
	switch fun := e.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && x.Name == "strings" && fun.Sel.Name == "ReplaceAll" && len(values) == 3 {
			return strings.ReplaceAll(values[0], values[1], values[2]), true
		}
	case *ast.Ident:
		f, ok := p.funcs[fun.Name]
		if !ok || len(f.Body.List) != 1 {
			return "", false
		}
		back, ok := f.Body.List[0].(*ast.ReturnStmt)
		if !ok || len(back.Results) != 1 {
			return "", false
		}
		names := map[string]string{}
		for _, field := range f.Type.Params.List {
			for _, name := range field.Names {
				if len(values) == 0 {
					return "", false
				}
				names[name.Name], values = values[0], values[1:]
			}
		}
		return p.evaluate(back.Results[0], names)
	}
	return "", false
}
