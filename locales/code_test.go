package locales

import (
	"go/ast"
	"regexp"
	"testing"
)

// stopWords are words that stand in nearly every Indonesian sentence and in no English one.
func stopWords() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|\s)(yang|tidak|sudah|untuk|dengan|silakan|belum|akan|adalah|kami|maaf|kakak)[ ,]+\p{L}+`)
}

func TestNoSentenceInCode(t *testing.T) {
	words := stopWords()
	for _, s := range []string{"Maaf, ini tidak bisa.", "kabar yang benar", "Silakan coba"} {
		if !words.MatchString(s) {
			t.Fatalf("stopWords does not know %q", s)
		}
	}
	for _, f := range sources(t) {
		if f.dir == "locales" {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, ok := literal(n); ok && words.MatchString(s) {
					t.Errorf("%s: a sentence for people: %q", f.at(n), s)
				}
			case *ast.CompositeLit:
				if s, ok := spoken(n); ok {
					t.Errorf("%s: a message with a text of its own: %q", f.at(n), s)
				}
			}
			return true
		})
	}
}

// spoken is the literal text of a Message, if it is made with one.
func spoken(c *ast.CompositeLit) (string, bool) {
	name := ""
	switch t := c.Type.(type) {
	case *ast.Ident:
		name = t.Name
	case *ast.SelectorExpr:
		name = t.Sel.Name
	}
	if name != "Message" {
		return "", false
	}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if field, ok := kv.Key.(*ast.Ident); ok && field.Name == "Text" {
				s, ok := literal(kv.Value)
				return s, ok && s != ""
			}
		}
	}
	return "", false
}
