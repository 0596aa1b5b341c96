package main

import (
	"regexp"
	"slices"

	"awassiber/bot"
)

// registerEntry is the form of the register numbers of all organisations of a kind.
type registerEntry struct {
	kind, pattern, example string
	spelling               []string
}

// bodyEntry is an organisation, or one for each area if its code has the area in it.
type bodyEntry struct {
	code, name, kind string
	areas            []string
	contacts         []contactEntry
}

// contactEntry is a way to reach an organisation; areas picks those of a bodyEntry it is for.
type contactEntry struct {
	line  bot.ContactLine
	areas []string
}

func (t *table) register() (e registerEntry) {
	t.need("golongan", "pola", "contoh")
	t.text("golongan", &e.kind)
	t.text("pola", &e.pattern)
	t.text("contoh", &e.example)
	t.texts("ejaan", &e.spelling)
	t.source()
	return e
}

func (t *table) body() (e bodyEntry) {
	t.need("kode", "nama", "golongan")
	t.text("kode", &e.code)
	t.text("nama", &e.name)
	t.text("golongan", &e.kind)
	t.texts("wilayah", &e.areas)
	contacts, _ := t.tables("kontak")
	for _, c := range contacts {
		var k contactEntry
		c.need("baris")
		c.text("baris", &k.line.Text)
		c.texts("wilayah", &k.areas)
		k.line.Source = c.source()
		c.done()
		e.contacts = append(e.contacts, k)
	}
	return e
}

func (t *table) route() (r bot.Route) {
	t.need("jenis", "lembaga", "alasan")
	words(t, "jenis", &r.Categories)
	t.texts("wilayah", &r.Areas)
	words(t, "fase", &r.Phases)
	var owners []string
	var reason string
	t.texts("lembaga", &owners)
	t.text("alasan", &reason)
	for _, to := range owners {
		r.Legs = append(r.Legs, bot.Leg{To: to, Part: bot.Owner, Reason: reason})
	}
	r.Legs = slices.Concat(r.Legs, t.legs("tembusan", bot.Copy), t.legs("lanjutan", bot.Onward))
	t.text("darurat", &r.Emergency)
	r.Source = t.source()
	return r
}

// legs reads those besides the owners: each with a reason of its own.
func (t *table) legs(key string, part bot.Part) (all []bot.Leg) {
	list, _ := t.tables(key)
	for _, l := range list {
		leg := bot.Leg{Part: part}
		l.need("lembaga", "alasan")
		l.text("lembaga", &leg.To)
		l.text("alasan", &leg.Reason)
		l.done()
		all = append(all, leg)
	}
	return all
}

func (t *table) phaseRule() (r bot.PhaseRule) {
	t.need("fase", "jenis", "tambah")
	words(t, "fase", &r.Phases)
	words(t, "jenis", &r.Categories)
	var add string
	t.text("tambah", &add)
	r.Add = bot.Category(add)
	r.Source = t.source()
	return r
}

// words reads a list of texts of a type of their own.
func words[T ~string](t *table, key string, into *[]T) {
	var list []string
	t.texts(key, &list)
	for _, w := range list {
		*into = append(*into, T(w))
	}
}

// forms makes the forms of register numbers, by kind.
func (s ruleSet) forms() (map[string]bot.RegisterForm, error) {
	forms := map[string]bot.RegisterForm{}
	for i, e := range s.registers {
		bad := func(key, value string, p bot.Problem) error {
			return &bot.RulesError{Table: tableRegisters, Index: i, Key: key, Value: value, Problem: p}
		}
		if !slices.ContainsFunc(s.bodies, func(b bodyEntry) bool { return b.kind == e.kind }) {
			return nil, bad("golongan", e.kind, bot.UnknownBody)
		}
		if _, ok := forms[e.kind]; ok {
			return nil, &bot.RulesError{Table: tableRegisters, Index: i, Key: "golongan", Value: e.kind, Problem: bot.Twice,
				Other: slices.IndexFunc(s.registers, func(o registerEntry) bool { return o.kind == e.kind })}
		}
		pattern, err := regexp.Compile(`^(?:` + e.pattern + `)$`)
		if err != nil {
			return nil, bad("pola", e.pattern, bot.BadValue)
		}
		if forms[e.kind], err = bot.NewRegisterForm(pattern, e.example, e.spelling); err != nil {
			return nil, bad("contoh", e.example, bot.BadValue)
		}
	}
	return forms, nil
}
