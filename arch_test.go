package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rule says what a package may import: ours by path inside the module, others by module path.
// The standard library is free unless forbidden. why is told when the rule is broken.
type rule struct {
	ours, others, forbidden []string
	why                     string
}

// importRules is the picture of docs/decisions.md as a test. A new package needs a line here.
func importRules() map[string]rule {
	noIO := []string{"os", "os/exec", "net", "net/http", "database/sql", "io/ioutil"}
	adapter := "adapters, inbox and outbox know the vocabulary only, and never one another"
	return map[string]rule{
		".":       {ours: []string{"*"}, others: []string{"*"}},
		"bot":     {forbidden: noIO, why: "the vocabulary needs no library and does no I/O"},
		"locales": {ours: []string{"bot"}, others: []string{"github.com/BurntSushi/toml"}, why: "sentences know nothing of who says them"},
		"handlers": {ours: []string{"bot", "bot/match", "bot/gazetteer", "bot/calendar", "bot/digest", "bot/referral", "locales"}, forbidden: noIO,
			why: "handlers reach neither network nor disk; they have a bot.Tx and lookups passed to them"},
		"bot/inbox":    {ours: []string{"bot"}, why: adapter},
		"bot/outbox":   {ours: []string{"bot"}, others: []string{"golang.org/x/time"}, why: adapter},
		"bot/telegram": {ours: []string{"bot"}, others: []string{"github.com/go-telegram/bot"}, why: adapter},
		"bot/whatsapp": {ours: []string{"bot"}, others: []string{"go.mau.fi/whatsmeow", "go.mau.fi/libsignal",
			"google.golang.org/protobuf", "modernc.org/sqlite"}, why: adapter},
		"bot/sim":              {ours: []string{"bot"}, why: adapter},
		"bot/evidence":         {ours: []string{"bot"}, others: []string{"filippo.io/age", "github.com/gabriel-vasile/mimetype"}, why: "files know nothing of chats or cases"},
		"bot/digest":           {ours: []string{"bot", "bot/calendar", "locales"}, others: []string{"github.com/robfig/cron/v3"}, why: "a digest is computed from what it is given"},
		"bot/referral":         {ours: []string{"bot", "bot/calendar", "locales"}, forbidden: noIO, why: "a referral is computed from what it is given"},
		"bot/gazetteer":        {ours: []string{"bot"}, others: []string{"golang.org/x/text"}, why: "lookups are pure"},
		"bot/match":            {ours: []string{"bot"}, others: []string{"golang.org/x/text"}, forbidden: noIO, why: "matching is pure; files and the store are the caller's"},
		"bot/match/calibrate":  {ours: []string{"bot", "bot/match"}, forbidden: noIO, why: "measuring is pure; the command line opens the files"},
		"bot/catalog":          {ours: []string{"bot", "bot/match"}, why: "the catalog follows the store, whoever writes it"},
		"bot/match/matchtest":  {forbidden: noIO, why: "what makes the copies shares nothing with what recognises them"},
		"bench/peers":          {ours: []string{"bot", "bot/match", "bot/match/matchtest"}, others: []string{"*"}, why: "a module of its own, measured with and never built in"},
		"bot/calendar":         {ours: []string{"bot"}, others: []string{"golang.org/x/text"}, forbidden: noIO, why: "lookups are pure"},
		"bot/sim/simtest":      {others: []string{"github.com/chromedp"}, why: "who drives the page knows the page only"},
		"bot/telegram/fakeapi": {why: "a stand-in for the network shares nothing with the client it tests"},
		"bot/whatsapp/fakewa": {others: []string{"go.mau.fi/whatsmeow", "go.mau.fi/libsignal", "github.com/coder/websocket", "google.golang.org/protobuf"},
			why: "a stand-in for the network shares nothing with the client it tests"},
		"store":      {ours: []string{"bot", "store/bolt", "store/seal"}, why: "store chooses, it does not store"},
		"store/bolt": {ours: []string{"bot", "store/seal"}, others: []string{"go.etcd.io/bbolt"}, why: "a store knows the vocabulary only"},
		"store/seal": {ours: []string{"bot"}, others: []string{"filippo.io/age", "golang.org/x/crypto"}, why: "sealing knows nothing of what it seals"},
		"store/storetest": {ours: []string{"bot"}, others: []string{"github.com/google/go-cmp", "pgregory.net/rapid"},
			why: "the contract knows the vocabulary only, so that any store can run it"},
	}
}

func TestImportsFollowTheRules(t *testing.T) {
	rules := importRules()
	for _, f := range sources(t) {
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		r, ok := rules[f.dir]
		if !ok {
			t.Errorf("package %s has no import rule: add it to importRules", f.dir)
			rules[f.dir] = rule{ours: []string{"*"}, others: []string{"*"}}
			continue
		}
		for _, spec := range f.ast.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !r.allows(path) {
				t.Errorf("%s must not import %s (%s): %s", f.dir, path, f.path, r.why)
			}
		}
	}
}

func (r rule) allows(path string) bool {
	if own, ok := strings.CutPrefix(path, "awassiber/"); ok {
		return slices.Contains(r.ours, "*") || slices.Contains(r.ours, own)
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return !slices.Contains(r.forbidden, path)
	}
	return slices.ContainsFunc(r.others, func(m string) bool {
		return m == "*" || path == m || strings.HasPrefix(path, m+"/")
	})
}

// Test code may reach further, but helpers of tests must not become a way around the rules.
func TestRulesRefuse(t *testing.T) {
	rules := importRules()
	for _, c := range []struct {
		from, to string
		ok       bool
	}{
		{"handlers", "awassiber/store", false},
		{"handlers", "awassiber/bot/telegram", false},
		{"handlers", "net/http", false},
		{"handlers", "awassiber/locales", true},
		{"bot", "github.com/BurntSushi/toml", false},
		{"bot", "os", false},
		{"bot", "strings", true},
		{"bot/telegram", "awassiber/bot/sim", false},
		{"bot/telegram", "github.com/go-telegram/bot/models", true},
		{"bot/telegram", "github.com/go-telegram/bottom", false},
		{"store/bolt", "awassiber/handlers", false},
		{".", "awassiber/store", true},
	} {
		if got := rules[c.from].allows(c.to); got != c.ok {
			t.Errorf("%s -> %s: allowed is %v, want %v", c.from, c.to, got, c.ok)
		}
	}
}

const longestFile = 500

func TestSourcesKeepTheHouseRules(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]string{}
	for _, f := range sources(t) {
		if n := strings.Count(string(f.raw), "\n"); n > longestFile {
			t.Errorf("%s has %d lines, more than %d: split it by noun", f.path, n, longestFile)
		}
		for _, spec := range f.ast.Imports {
			if spec.Path.Value == `"C"` {
				t.Errorf("%s uses cgo: the program must build without a C compiler", f.path)
			}
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: nothing registers itself", f.path)
			}
		}
		if strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		seen[f.dir] = f.path
		if f.ast.Doc != nil {
			documented[f.dir] = true
		}
		for _, name := range undocumented(f.ast) {
			t.Errorf("%s: exported %s has no doc comment", f.path, name)
		}
	}
	for dir := range seen {
		if !documented[dir] {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// undocumented lists exported functions, methods of exported types, types, and values without a
// comment. A value may share the comment of its group.
func undocumented(f *ast.File) []string {
	var bare []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && receiverExported(d) {
				bare = append(bare, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && s.Doc == nil && (d.Doc == nil || len(d.Specs) > 1) {
						bare = append(bare, s.Name.Name)
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						bare = append(bare, s.Names[0].Name)
					}
				}
			}
		}
	}
	return bare
}

func receiverExported(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = id.IsExported()
			return false
		}
		return true
	})
	return exported
}

type source struct {
	path, dir string // relative to the module root, with slashes; dir of the root is "."
	raw       []byte
	ast       *ast.File
}

// sources parses every Go file of the module that git or an editor would not hide.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != "." && (name[0] == '.' || name == "testdata" || name == "data") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, raw, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(path), filepath.ToSlash(filepath.Dir(path)), raw, parsed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
