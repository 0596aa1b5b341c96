package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Problem is what is wrong with a table of rules: a machine word.
type Problem string

// Problems, in the order they are looked for.
const (
	BadValue        Problem = "value"    // empty, or not of the form it must have
	UnknownCategory Problem = "category" // not one of Categories
	UnknownPhase    Problem = "phase"    // not one of Phases
	UnknownArea     Problem = "area"     // not in the table of areas
	UnknownBody     Problem = "body"     // no organisation of that code or kind
	NoSource        Problem = "source"   // nobody could check it
	Twice           Problem = "twice"    // said before, at Other
	Shadowed        Problem = "shadowed" // earlier routes take everything this one is for; Other is the first of them
	Unrouted        Problem = "unrouted" // a category has no route, at some place or in some phase
	Unserved        Problem = "unserved" // a route has no owner for some place it is for
)

// Tables and keys of the configuration that a RulesError names.
const (
	TableBodies = "lembaga"
	TableRoutes = "rute"
	TablePhases = "jenis_menurut_fase"
)

// RulesError is a mistake in the rules: which entry of which table, counted from 0, and which key.
type RulesError struct {
	Table   string
	Index   int
	Key     string // empty: the entry as a whole
	Value   string
	Problem Problem
	Other   int // another entry of the same table, where there is one
}

// Error says it for the log; people are told in the words of locales/, with the line.
func (e *RulesError) Error() string {
	return fmt.Sprintf("%s[%d].%s %q: %s", e.Table, e.Index, e.Key, e.Value, e.Problem)
}

// check looks for every problem, and reports the first.
func (r Routing) check() error {
	for i := range r.rules.Organisations {
		if e := r.checkBody(i); e != nil {
			return e
		}
	}
	for i, t := range r.rules.Routes {
		if e := r.checkRoute(t); e != nil {
			e.Table, e.Index = TableRoutes, i
			return e
		}
	}
	for i, p := range r.rules.Phases {
		if e := checkPhaseRule(p); e != nil {
			e.Table, e.Index = TablePhases, i
			return e
		}
	}
	return r.checkReach()
}

// checkBody looks at one organisation, and whether an earlier one is the same or serves the same.
func (r Routing) checkBody(i int) error {
	o := r.rules.Organisations[i]
	bad := func(key, value string, p Problem) *RulesError {
		return &RulesError{Table: TableBodies, Index: i, Key: key, Value: value, Problem: p}
	}
	switch {
	case !regexp.MustCompile(`^[A-Z][A-Z0-9_.]*$`).MatchString(o.Code):
		return bad("kode", o.Code, BadValue)
	case strings.TrimSpace(o.Name) == "":
		return bad("nama", o.Name, BadValue)
	case !regexp.MustCompile(`^[a-z][a-z_]*$`).MatchString(o.Kind):
		return bad("golongan", o.Kind, BadValue)
	}
	if a, ok := r.strange(o.Areas); ok {
		return bad("wilayah", a, UnknownArea)
	}
	for _, c := range o.Contacts {
		if strings.TrimSpace(c.Text) == "" {
			return bad("kontak", c.Text, BadValue)
		}
		if !c.Source.known() {
			return bad("kontak", c.Text, NoSource)
		}
	}
	for j, old := range r.rules.Organisations[:i] {
		var e *RulesError
		switch {
		case old.Code == o.Code:
			e = bad("kode", o.Code, Twice)
		case old.Kind == o.Kind && len(old.Areas)+len(o.Areas) == 0:
			e = bad("golongan", o.Kind, Twice)
		case old.Kind == o.Kind && slices.ContainsFunc(o.Areas, func(a string) bool { return slices.Contains(old.Areas, a) }):
			e = bad("wilayah", strings.Join(o.Areas, ", "), Twice)
		default:
			continue
		}
		e.Other = j
		return e
	}
	return nil
}

// strange returns the first area that does not exist.
func (r Routing) strange(areas []string) (string, bool) {
	for _, a := range areas {
		if !slices.Contains(r.rules.Areas, a) {
			return a, true
		}
	}
	return "", false
}
