package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module that is part of the product.
type source struct {
	path, dir string // from the module's root, with slashes
	file      *ast.File
	set       *token.FileSet
}

func (f source) at(n ast.Node) string {
	return f.path + ":" + strconv.Itoa(f.set.Position(n.Pos()).Line)
}

// sources parses the module's Go files, but for tests and what only tests import.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != ".." && (name[0] == '.' || slices.Contains([]string{"testdata", "data", "fakeapi", "simtest", "storetest"}, name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(filepath.ToSlash(path), "../")
		dir := filepath.ToSlash(filepath.Dir(filepath.FromSlash(rel)))
		all = append(all, source{path: rel, dir: dir, file: file, set: set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// literal is the value of a string literal.
func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// constants are the values, not empty, of a package's string constants of a type and with a prefix.
func constants(src []source, dir, typ, prefix string) []string {
	var out []string
	for _, f := range src {
		if f.dir != dir {
			continue
		}
		for _, d := range f.file.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				id, typed := v.Type.(*ast.Ident)
				if (typ != "") != typed || typed && id.Name != typ || !strings.HasPrefix(v.Names[0].Name, prefix) || len(v.Values) == 0 {
					continue
				}
				if s, ok := literal(v.Values[0]); ok && s != "" {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// literalsIn are the string literals of a function; of one field only, if field is not empty.
func literalsIn(src []source, dir, function, field string) []string {
	var out []string
	for _, f := range src {
		if f.dir != dir {
			continue
		}
		for _, d := range f.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != function {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				kv, isPair := n.(*ast.KeyValueExpr)
				if isPair && field != "" {
					if key, ok := kv.Key.(*ast.Ident); ok && key.Name == field {
						if s, ok := literal(kv.Value); ok {
							out = append(out, s)
						}
					}
				}
				if s, ok := literal(n); ok && field == "" {
					out = append(out, s)
				}
				return true
			})
		}
	}
	return out
}

// leftmost is what a concatenation begins with; composed is false if e is none.
func leftmost(e ast.Expr) (first ast.Expr, composed bool) {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok || sum.Op != token.ADD {
			return e, composed
		}
		e, composed = sum.X, true
	}
}

// callee is the name of the function or method that is called.
func callee(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		return fn.Sel.Name
	}
	return ""
}

// snippet is a module of one file, for testing the scan.
func snippet(t *testing.T, code string) []source {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "x.go", code, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return []source{{path: "x.go", dir: ".", file: file, set: set}}
}
