package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
)

// table reads one table of a configuration file key by key, and says with file, line and key what is
// wrong. The TOML library's own decoder cannot: it has no lines inside arrays of tables. The first
// mistake is kept in the document and later ones are ignored, so that readers need no error checks.
type table struct {
	doc    *document
	parent *table
	name   string // of the table in its parent; empty at the top
	index  int    // in an array of tables, else -1
	values map[string]any
	read   map[string]bool // keys somebody asked for
}

// document is a configuration file being read.
type document struct {
	file string
	raw  string
	err  error
}

func (d *document) top(values map[string]any) *table {
	return &table{doc: d, index: -1, values: values, read: map[string]bool{}}
}

// fail keeps a usage error about a key, with where it is.
func (t *table) fail(key string, err error) {
	u, ok := err.(usageError)
	if t.doc.err != nil || !ok {
		return
	}
	u.Args["file"], u.Args["line"], u.Args["key"] = t.doc.file, t.doc.line(t, key), strings.TrimPrefix(t.plain()+"."+key, ".")
	t.doc.err = u
}

// plain is the table's path as people write it in a header.
func (t *table) plain() string {
	if t.parent == nil {
		return ""
	}
	return strings.TrimPrefix(t.parent.plain()+"."+t.name, ".")
}

// take returns a key's value, if the table has it.
func (t *table) take(key string) (v any, ok bool) {
	t.read[key] = true
	v, ok = t.values[key]
	return v, ok
}

// need refuses a table that lacks one of the keys.
func (t *table) need(keys ...string) {
	for _, key := range keys {
		if _, ok := t.values[key]; !ok {
			t.fail(key, usage("cli.bad.rule_missing"))
		}
	}
}

// done refuses keys that nobody read: a typing mistake must not silently leave a default in force.
func (t *table) done() {
	for _, key := range slices.Sorted(maps.Keys(t.values)) {
		if !t.read[key] {
			t.fail(key, usage("cli.bad.rule_unknown"))
		}
	}
}

func (t *table) text(key string, into *string) {
	if v, ok := t.take(key); ok {
		if s, ok := v.(string); ok && strings.TrimSpace(s) != "" {
			*into = s
			return
		}
		t.fail(key, usage("cli.bad.rule_text"))
	}
}

func (t *table) texts(key string, into *[]string) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	list, ok := v.([]any)
	texts := make([]string, len(list))
	for i := range list {
		text, isText := list[i].(string)
		texts[i], ok = text, ok && isText
	}
	if !ok {
		t.fail(key, usage("cli.bad.rule_texts"))
		return
	}
	*into = texts
}

func (t *table) number(key string, into *int, from, to int) {
	if v, ok := t.take(key); ok {
		if n, ok := v.(int64); ok && n >= int64(from) && n <= int64(to) {
			*into = int(n)
			return
		}
		t.fail(key, usage("cli.bad.rule_number", "from", from, "to", to))
	}
}

func (t *table) flag(key string, into *bool) {
	if v, ok := t.take(key); ok {
		if *into, ok = v.(bool); !ok {
			t.fail(key, usage("cli.bad.rule_flag"))
		}
	}
}

// day reads a TOML local date. The library marks it by the name of its zone.
func (t *table) day(key string, into *bot.Day) {
	if v, ok := t.take(key); ok {
		if at, ok := v.(time.Time); ok && at.Location().String() == "date-local" {
			*into = bot.NewDay(at.Date())
			return
		}
		t.fail(key, usage("cli.bad.rule_date"))
	}
}

// choice reads a text that must be one of the words.
func choice[T ~string](t *table, key string, into *T, words []T) {
	var s string
	if t.text(key, &s); s == "" {
		return
	}
	if !slices.Contains(words, T(s)) {
		t.fail(key, usage("cli.bad.rule_choice", "value", s, "choices", strings.Trim(fmt.Sprint(words), "[]")))
		return
	}
	*into = T(s)
}

// table returns a sub-table, nil if there is none.
func (t *table) table(key string) *table {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	values, ok := v.(map[string]any)
	if !ok {
		t.fail(key, usage("cli.bad.rule_table"))
		return nil
	}
	return t.child(key, -1, values)
}

// tables returns the tables of an array. found tells an empty array from none.
func (t *table) tables(key string) (list []*table, found bool) {
	v, found := t.take(key)
	ok := !found
	switch v := v.(type) {
	case []map[string]any:
		ok = true
		for i := range v {
			list = append(list, t.child(key, i, v[i]))
		}
	case []any: // written in one line
		ok = true
		for i := range v {
			values, isTable := v[i].(map[string]any)
			list, ok = append(list, t.child(key, i, values)), ok && isTable
		}
	}
	if !ok {
		t.fail(key, usage("cli.bad.rule_tables"))
		return nil, false
	}
	return list, found
}

func (t *table) child(name string, index int, values map[string]any) *table {
	return &table{doc: t.doc, parent: t, name: name, index: index, values: values, read: map[string]bool{}}
}

// source reads where a table's figures are from. Figures without that are refused.
func (t *table) source() (s bot.Source) {
	t.need("sumber", "terakhir_diverifikasi")
	t.text("sumber", &s.Text)
	t.day("terakhir_diverifikasi", &s.Verified)
	return s
}
