package main

import (
	_ "embed"
	"errors"

	"awassiber/bot"
	"awassiber/bot/gazetteer"
)

// rujukan says whose matter what is, while no configuration file says otherwise.
//
//go:embed profil/rujukan.toml
var rujukan string

// builtinRules is how messages name the file that is inside the program.
const builtinRules = "profil/rujukan.toml"

const tableRegisters = "register"

// ruleKeys are the top-level tables that say which organisations there are and whose matter what is.
// Each one that a file has replaces the built-in one whole.
func ruleKeys() []string {
	return []string{tableRegisters, bot.TableBodies, bot.TableRoutes, bot.TablePhases}
}

// ruleSet is those tables as read. Entries keep the table they were read from, for its line.
type ruleSet struct {
	registers []registerEntry
	bodies    []bodyEntry
	routes    []bot.Route
	phases    []bot.PhaseRule
	tables    map[string][]*table // the entries of each table
	builtin   bool                // the bodies are those of the built-in file
}

// builtinRuleSet is what holds without a file.
func builtinRuleSet() (ruleSet, error) {
	top, err := parse(rujukan)
	if err != nil {
		return ruleSet{}, badTOML(builtinRules, err)
	}
	s, err := readRules(builtinRules, rujukan, top, ruleSet{})
	s.builtin = true
	return s, err
}

// readRules takes over the tables that a file has, whole, and leaves the others as they are.
func readRules(file, raw string, top map[string]any, over ruleSet) (ruleSet, error) {
	doc := &document{file: file, raw: raw}
	t := doc.top(top)
	s, lists := over, map[string][]*table{}
	for key, list := range over.tables {
		lists[key] = list
	}
	s.tables = lists
	if list, ok := t.tables(tableRegisters); ok {
		s.registers, lists[tableRegisters] = each(list, (*table).register), list
	}
	if list, ok := t.tables(bot.TableBodies); ok {
		s.bodies, lists[bot.TableBodies], s.builtin = each(list, (*table).body), list, false
	}
	if list, ok := t.tables(bot.TableRoutes); ok {
		s.routes, lists[bot.TableRoutes] = each(list, (*table).route), list
	}
	if list, ok := t.tables(bot.TablePhases); ok {
		s.phases, lists[bot.TablePhases] = each(list, (*table).phaseRule), list
	}
	return s, doc.err
}

// each reads every table of an array.
func each[T any](list []*table, read func(*table) T) []T {
	out := make([]T, len(list))
	for i, t := range list {
		out[i] = read(t)
		t.done()
	}
	return out
}

// routing makes the rules for the areas of the profile, and checks them.
func (f configFile) routing() (bot.Routing, error) {
	places, err := f.profile.places()
	if err != nil {
		return bot.Routing{}, usage("cli.bad.areas", "file", f.profile.Regions, "cause", err.Error())
	}
	return f.rules.routing(places)
}

func (s ruleSet) routing(places *gazetteer.Gazetteer) (bot.Routing, error) {
	forms, err := s.forms()
	if err != nil {
		return bot.Routing{}, s.explain(err, nil)
	}
	bodies, origin, err := s.expand(places)
	if err != nil {
		return bot.Routing{}, s.explain(err, nil)
	}
	for i := range bodies {
		bodies[i].Register = forms[bodies[i].Kind]
	}
	r, err := bot.NewRouting(bot.Rules{Areas: areaCodes(places), Organisations: bodies, Routes: s.routes, Phases: s.phases})
	return r, s.explain(err, origin)
}

// explain turns a mistake in the rules into a line that names file, line and key. origin leads from
// an organisation back to its entry.
func (s ruleSet) explain(err error, origin []int) error {
	var e *bot.RulesError
	if !errors.As(err, &e) {
		return err
	}
	at, other := e.Index, e.Other
	if e.Table == bot.TableBodies && origin != nil {
		at, other = origin[at], origin[other]
	}
	list := s.tables[e.Table]
	if at >= len(list) { // an empty table leaves every category without a route
		return usage("cli.bad.rules_empty", "table", e.Table, "value", e.Value)
	}
	t := list[at]
	t.fail(e.Key, usage("cli.bad.rules_"+string(e.Problem), "value", e.Value, "table", e.Table,
		"other", list[other].doc.line(list[other], "")))
	return t.doc.err
}
