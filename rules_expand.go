package main

import (
	"slices"
	"strings"

	"awassiber/bot"
	"awassiber/bot/gazetteer"
)

// What an organisation's entry may have in its code and name: the area it is for, as a code, as its
// full name ("Kabupaten Tebo", "Provinsi Jambi") and as its name alone ("Tebo", "Kota Jambi", "Jambi").
const (
	inCode  = "{wilayah}"
	inName  = "{nama_wilayah}"
	inShort = "{nama}"
)

// areaCodes lists the areas an event can be in: provinces first, then kabupaten and kota.
func areaCodes(places *gazetteer.Gazetteer) []string {
	var provinces, regencies []string
	for _, a := range places.Regencies() {
		regencies = append(regencies, a.Code)
		if !slices.Contains(provinces, a.Parent) {
			provinces = append(provinces, a.Parent)
		}
	}
	return append(provinces, regencies...)
}

// expand turns the entries into organisations. An entry with {wilayah} in its code stands for one
// organisation in each of its areas that no entry of the same kind names by itself, so that an
// exception is one more entry. origin has the entry of each organisation.
//
// The built-in entries are those of one province. Where the table of areas is another's, what they
// say about areas outside of it does not apply; an operator's own entry may not name such an area.
func (s ruleSet) expand(places *gazetteer.Gazetteer) (all []bot.Organisation, origin []int, err error) {
	known := areaCodes(places)
	for i, e := range s.bodies {
		bad := func(key, value string, p bot.Problem) error {
			return &bot.RulesError{Table: bot.TableBodies, Index: i, Key: key, Value: value, Problem: p}
		}
		areas := areasOf(e.areas, known)
		strange := func(a string) bool { return !slices.Contains(known, a) }
		if s.builtin {
			areas = slices.DeleteFunc(areas, strange)
		}
		for _, c := range e.contacts {
			named := areasOf(c.areas, known)
			if at := slices.IndexFunc(named, strange); at >= 0 && !s.builtin {
				return nil, nil, bad("kontak", named[at], bot.UnknownArea)
			}
		}
		each := strings.Contains(e.code, inCode)
		switch {
		case each && len(e.areas) == 0:
			return nil, nil, bad("wilayah", "", bot.BadValue)
		case !each && len(e.areas) > 0 && len(areas) == 0:
			continue
		case !each && (strings.Contains(e.name, inName) || strings.Contains(e.name, inShort)) && len(areas) != 1:
			return nil, nil, bad("nama", e.name, bot.BadValue)
		}
		groups := [][]string{areas}
		if each {
			groups = slices.Collect(slices.Chunk(s.unnamed(e.kind, areas, known), 1))
		}
		for _, group := range groups {
			all = append(all, e.organisation(group, known, places))
			origin = append(origin, i)
		}
	}
	return all, origin, nil
}

// areasOf puts the codes for the words that stand for many.
func areasOf(words, known []string) []string {
	var out []string
	for _, w := range words {
		switch w {
		case bot.AnyProvince, bot.AnyRegency:
			for _, a := range known {
				if strings.Contains(a, ".") == (w == bot.AnyRegency) {
					out = append(out, a)
				}
			}
		default:
			out = append(out, w)
		}
	}
	return out
}

// unnamed leaves out the areas that an entry of the kind without {wilayah} names.
func (s ruleSet) unnamed(kind string, areas, known []string) []string {
	return slices.DeleteFunc(slices.Clone(areas), func(a string) bool {
		return slices.ContainsFunc(s.bodies, func(e bodyEntry) bool {
			return e.kind == kind && !strings.Contains(e.code, inCode) && slices.Contains(areasOf(e.areas, known), a)
		})
	})
}

// organisation is an entry for some areas.
func (e bodyEntry) organisation(areas, known []string, places *gazetteer.Gazetteer) bot.Organisation {
	o := bot.Organisation{Code: e.code, Name: e.name, Kind: e.kind, Areas: areas}
	if len(areas) == 1 {
		name := places.Name(areas[0])
		short := strings.TrimPrefix(name, "Kabupaten ")
		if !strings.Contains(areas[0], ".") {
			name = "Provinsi " + name
		}
		o.Code = strings.ReplaceAll(o.Code, inCode, areas[0])
		o.Name = strings.NewReplacer(inName, name, inShort, short).Replace(o.Name)
	}
	for _, c := range e.contacts {
		own := areasOf(c.areas, known)
		if len(own) == 0 || slices.ContainsFunc(areas, func(a string) bool { return slices.Contains(own, a) }) {
			o.Contacts = append(o.Contacts, c.line)
		}
	}
	return o
}
