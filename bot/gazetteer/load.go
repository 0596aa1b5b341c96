package gazetteer

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Load reads the tables of a province: the areas (columns kode, nama, jenis, kode_induk), the
// aliases (alias, kode, nama, jenis_alias, catatan) and the words to ask about (kata, kode,
// catatan). alias and tanya may be nil. Errors name the table and the line.
func Load(wilayah, alias, tanya io.Reader) (*Gazetteer, error) {
	g := &Gazetteer{areas: map[string]Area{}, index: map[string][]named{}}
	if err := g.loadAreas(wilayah); err != nil {
		return nil, fmt.Errorf("wilayah: %w", err)
	}
	if alias != nil {
		if err := g.loadAliases(alias); err != nil {
			return nil, fmt.Errorf("alias: %w", err)
		}
	}
	if tanya != nil {
		if err := g.loadQuestions(tanya); err != nil {
			return nil, fmt.Errorf("tanya: %w", err)
		}
	}
	g.finish()
	return g, nil
}

// rows calls fn with every row after a header that must be as given.
func rows(r io.Reader, header []string, fn func(row []string) error) error {
	c := csv.NewReader(r)
	c.FieldsPerRecord = len(header)
	first, err := c.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("empty")
	}
	if err == nil {
		first[0] = strings.TrimPrefix(first[0], "\ufeff")
		if !slices.Equal(first, header) {
			err = fmt.Errorf("line 1: header is %q, want %q", first, header)
		}
	}
	for err == nil {
		var row []string
		if row, err = c.Read(); err != nil {
			break
		}
		if e := fn(row); e != nil {
			line, _ := c.FieldPos(0)
			err = fmt.Errorf("line %d: %w", line, e)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (g *Gazetteer) loadAreas(r io.Reader) error {
	err := rows(r, []string{"kode", "nama", "jenis", "kode_induk"}, func(row []string) error {
		a := Area{Code: row[0], Name: row[1], Short: row[1], Kind: Kind(row[2]), Parent: row[3]}
		if err := g.check(a); err != nil {
			return err
		}
		rank := byVillage
		switch {
		case a.Kind.regency():
			rank = byRegency
			a.Short = strings.TrimPrefix(a.Name, "Kabupaten ")
			g.regencies = append(g.regencies, a)
			g.add(a.Short, named{rank: rank, area: a, regency: a.Code})
		case a.Kind == Kecamatan:
			rank = byDistrict
		}
		g.areas[a.Code] = a
		if a.Kind != Provinsi {
			g.add(a.Name, named{rank: rank, area: a, regency: regencyOf(a.Code)})
		}
		return nil
	})
	if err == nil && len(g.regencies) == 0 {
		err = errors.New("no kabupaten or kota")
	}
	slices.SortFunc(g.regencies, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	return err
}

// check validates a row against those before it.
func (g *Gazetteer) check(a Area) error {
	if key(a.Name) == "" {
		return errors.New("no name")
	}
	if _, dup := g.areas[a.Code]; dup {
		return fmt.Errorf("code %s twice", a.Code)
	}
	if level := isCode(a.Code); level == 0 || level != a.Kind.level() {
		return fmt.Errorf("%q is not a code of a %s", a.Code, a.Kind)
	}
	if i := strings.LastIndexByte(a.Code, '.'); i < 0 && a.Parent != "" || i >= 0 && a.Parent != a.Code[:i] {
		return fmt.Errorf("%s cannot lie in %q", a.Code, a.Parent)
	}
	if _, ok := g.areas[a.Parent]; !ok && a.Kind != Provinsi {
		return fmt.Errorf("%s lies in %s, which does not come before it", a.Code, a.Parent)
	}
	return nil
}

// level is the number of parts a code of that kind has; zero for an unknown kind.
func (k Kind) level() int {
	switch k {
	case Provinsi:
		return 1
	case Kabupaten, Kota:
		return 2
	case Kecamatan:
		return 3
	case Kelurahan, Desa:
		return 4
	}
	return 0
}

// isCode returns how many parts a Kemendagri code has (two digits each, the fourth part four),
// or 0 if s is none.
func isCode(s string) int {
	level := 0
	for part := range strings.SplitSeq(s, ".") {
		level++
		want := 2
		if level == 4 {
			want = 4
		}
		if level > 4 || len(part) != want || strings.Trim(part, "0123456789") != "" {
			return 0
		}
	}
	return level
}

func (g *Gazetteer) loadAliases(r io.Reader) error {
	return rows(r, []string{"alias", "kode", "nama", "jenis_alias", "catatan"}, func(row []string) error {
		a, err := g.regency(row[0], row[1])
		if err != nil {
			return err
		}
		if a.Name != row[2] {
			return fmt.Errorf("%s is called %q, not %q", a.Code, a.Name, row[2])
		}
		for _, n := range g.index[key(row[0])] {
			if n.rank == byRegency && n.regency != a.Code {
				return fmt.Errorf("%q already means %s", row[0], n.regency)
			}
		}
		g.add(row[0], named{rank: byRegency, area: a, regency: a.Code})
		if row[3] == "singkatan" {
			g.shorten(a, row[0])
		}
		return nil
	})
}

func (g *Gazetteer) loadQuestions(r io.Reader) error {
	return rows(r, []string{"kata", "kode", "catatan"}, func(row []string) error {
		a, err := g.regency(row[0], row[1])
		if err != nil {
			return err
		}
		g.add(row[0], named{rank: byQuestion, area: a, regency: a.Code})
		return nil
	})
}

// regency finds the kabupaten or kota that a word was given for.
func (g *Gazetteer) regency(word, code string) (Area, error) {
	a, ok := g.areas[code]
	switch {
	case key(word) == "":
		return Area{}, errors.New("no word")
	case !ok || !a.Kind.regency():
		return Area{}, fmt.Errorf("%q is not the code of a kabupaten or kota", code)
	}
	return a, nil
}

// shorten makes the first short form that keeps the last word of the official name the name for
// lists: "tanjab barat", but not "srl".
func (g *Gazetteer) shorten(a Area, form string) {
	last := strings.ToLower(a.Name[strings.LastIndexByte(a.Name, ' ')+1:])
	if a.Kind != Kabupaten || "Kabupaten "+a.Short != a.Name || !strings.HasSuffix(form, " "+last) {
		return
	}
	words := strings.Fields(form)
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	a.Short = strings.Join(words, " ")
	g.areas[a.Code] = a
}

// add gives a name one more meaning.
func (g *Gazetteer) add(name string, n named) {
	k := key(name)
	for _, old := range g.index[k] {
		if old.rank == n.rank && old.area.Code == n.area.Code {
			return
		}
	}
	g.index[k] = append(g.index[k], n)
}

// finish brings the short names, known only after the aliases, to the rows that carry a copy of
// the area, lets words to ask about win, and lists what misspellings are compared with.
func (g *Gazetteer) finish() {
	for i, r := range g.regencies {
		g.regencies[i] = g.areas[r.Code]
	}
	for k, meanings := range g.index {
		asked := slices.ContainsFunc(meanings, func(n named) bool { return n.rank == byQuestion })
		meanings = slices.DeleteFunc(meanings, func(n named) bool { return asked && n.rank != byQuestion })
		for i, n := range meanings {
			meanings[i].area, meanings[i].home = g.areas[n.area.Code], g.areas[n.regency]
		}
		g.index[k] = meanings
		switch {
		case meanings[0].rank == byQuestion || len(k) < minTypo:
		case slices.ContainsFunc(meanings, func(n named) bool { return n.rank != byVillage }):
			g.loose = append(g.loose, k)
		default:
			g.villages = append(g.villages, k)
		}
	}
	slices.Sort(g.loose)
	slices.Sort(g.villages)
}
