package main

import (
	_ "embed"
	"regexp"
	"time"

	"github.com/BurntSushi/toml"

	"awassiber/bot"
)

// The rules of a kind of election, and the holidays, while no configuration file says otherwise.
var (
	//go:embed profil/pilkada.toml
	pilkadaRules string
	//go:embed profil/pemilu.toml
	pemiluRules string
	//go:embed profil/libur.toml
	nationalHolidays string
)

// electoral is what the tables [[pemilihan]], [[libur]] and [janji] say.
type electoral struct {
	elections bot.Elections
	holidays  []bot.Holiday
	promises  bot.Promises
}

// electoralKeys are the top-level tables that readElectoral reads.
func electoralKeys() []string { return []string{"pemilihan", "libur", "janji"} }

// in gives the elections the zone they are held in and the holidays that are kept there.
func (e electoral) in(zone *time.Location) bot.Elections {
	for i := range e.elections {
		e.elections[i].Zone, e.elections[i].Holidays = zone, e.holidays
	}
	return e.elections
}

// builtinElectoral is what holds without a file: the elections and promises of the built-in profile.
func builtinElectoral() (electoral, error) {
	var e electoral
	for _, f := range []struct{ name, raw string }{{"profil/libur.toml", nationalHolidays}, {"profil/jambi.toml", string(jambi)}} {
		top, err := parse(f.raw)
		if err != nil {
			return e, badTOML(f.name, err)
		}
		if e, err = readElectoral(f.name, f.raw, top, e, nil); err != nil {
			return e, err
		}
	}
	return e, nil
}

func parse(raw string) (top map[string]any, err error) {
	_, err = toml.Decode(raw, &top)
	return top, err
}

// readElectoral reads the tables of a file over what holds without it. Elections and holidays are
// replaced whole, promises key by key. regency tells whether a code is that of a kabupaten or kota;
// nil accepts every code of the right form.
func readElectoral(file, raw string, top map[string]any, over electoral, regency func(string) bool) (electoral, error) {
	doc := &document{file: file, raw: raw}
	t := doc.top(top)
	if list, ok := t.tables("libur"); ok {
		over.holidays = nil
		for _, h := range list {
			over.holidays = append(over.holidays, h.holiday())
		}
	}
	if p := t.table("janji"); p != nil {
		p.promises(&over.promises)
	}
	if list, ok := t.tables("pemilihan"); ok {
		rules, err := kindRules()
		if err != nil {
			return over, err
		}
		over.elections = nil
		for _, e := range list {
			over.elections = append(over.elections, e.election(rules, regency))
		}
		unique(list, func(i int) string { return over.elections[i].Code })
	}
	return over, doc.err
}

// kindRules are the built-in rules of each kind of election.
func kindRules() (map[bot.ElectionKind]bot.Election, error) {
	out := map[bot.ElectionKind]bot.Election{}
	for kind, raw := range map[bot.ElectionKind]string{bot.Pilkada: pilkadaRules, bot.Pemilu: pemiluRules} {
		file := "profil/" + string(kind) + ".toml"
		top, err := parse(raw)
		if err != nil {
			return nil, badTOML(file, err)
		}
		doc := &document{file: file, raw: raw}
		e := bot.Election{Kind: kind}
		t := doc.top(top)
		t.rules(&e)
		t.done()
		if doc.err != nil {
			return nil, doc.err
		}
		out[kind] = e
	}
	return out, nil
}

var codeForm = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// election reads one [[pemilihan]]: what it is, over the rules of its kind.
func (t *table) election(rules map[bot.ElectionKind]bot.Election, regency func(string) bool) bot.Election {
	t.need("kode", "nama", "jenis")
	var kind bot.ElectionKind
	choice(t, "jenis", &kind, bot.ElectionKinds())
	e := rules[kind]
	t.text("kode", &e.Code)
	if e.Code != "" && !codeForm.MatchString(e.Code) {
		t.fail("kode", usage("cli.bad.rule_code", "value", e.Code))
	}
	t.text("nama", &e.Name)
	t.rules(&e)
	spans, _ := t.tables("fase")
	for _, s := range spans {
		e.Spans = append(e.Spans, s.span(regency))
	}
	overlaps(spans, e.Spans)
	sides, _ := t.tables("peserta")
	for _, s := range sides {
		e.Sides = append(e.Sides, s.side(regency))
	}
	unique(sides, func(i int) string { return e.Sides[i].Code + " " + e.Sides[i].Area })
	t.done()
	return e
}

// unique refuses a table whose kode another before it has.
func unique(list []*table, code func(int) string) {
	seen := map[string]bool{}
	for i, t := range list {
		if seen[code(i)] {
			t.fail("kode", usage("cli.bad.rule_twice", "value", t.values["kode"]))
		}
		seen[code(i)] = true
	}
}
