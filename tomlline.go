package main

import (
	"fmt"
	"regexp"
	"strings"
)

// headerForm and keyForm are the lines that tell where a table or a key stands. Text in triple quotes
// could look like them and mislead about a line, never about what is wrong.
var (
	headerForm = regexp.MustCompile(`^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(#.*)?$`)
	keyForm    = regexp.MustCompile(`^\s*"?([A-Za-z0-9_\-]+)"?\s*=`)
)

// place is the table's path with the numbers of arrays: "pemilihan[1].fase[0]".
func (t *table) place() string {
	if t.parent == nil {
		return ""
	}
	name := t.name
	if t.index >= 0 {
		name = fmt.Sprintf("%s[%d]", name, t.index)
	}
	return strings.TrimPrefix(t.parent.place()+"."+name, ".")
}

// line returns the line of a key, or of the header or the key its table is written under, or 1.
func (d *document) line(t *table, key string) int {
	if n := d.find(t.place(), key); n > 0 {
		return n
	}
	if t.parent != nil {
		return d.line(t.parent, t.name)
	}
	return 1
}

// find returns the line of a key in the table at a place, or else of the table's header, or 0.
func (d *document) find(place, key string) int {
	at, header, n := "", 0, 0
	seen := map[string]int{} // how many tables of an array began so far
	for line := range strings.SplitSeq(d.raw, "\n") {
		n++
		if m := headerForm.FindStringSubmatch(line); m != nil {
			at = resolve(strings.Split(m[2], "."), m[1] == "[[", seen)
			if at == place {
				header = n
			}
		} else if m := keyForm.FindStringSubmatch(line); m != nil && at == place && m[1] == key {
			return n
		}
	}
	return header
}

// resolve turns the names of a header into a place: each array stands for its latest table.
func resolve(names []string, begins bool, seen map[string]int) string {
	place := ""
	for i, name := range names {
		place = strings.TrimPrefix(place+"."+name, ".")
		if begins && i == len(names)-1 {
			seen[place]++
		}
		if seen[place] > 0 {
			place = fmt.Sprintf("%s[%d]", place, seen[place]-1)
		}
	}
	return place
}
