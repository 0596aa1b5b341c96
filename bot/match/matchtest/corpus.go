// Package matchtest makes what matching is measured with: invented tips in any number, and copies
// of texts as they come back in chats. Everything follows from a seed; the same call gives the same
// texts on every machine.
//
// Its lists are not those of bot/match: a normaliser measured with its own list of abbreviations
// would flatter itself. Nothing in it is or resembles what a person sent.
package matchtest

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

//go:embed bahan.txt
var parts string

// Text is one text of a corpus.
type Text struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// family is the template a text was made from, and slots what was put into it; both are empty for
	// texts that were not made here.
	family string
	slots  []Slot
}

// Slot is a word or words of a text that say where, who, when or how many.
type Slot struct {
	Kind  string // place, name, number, date, authority
	Value string
}

// Source makes texts. It is not safe for several goroutines.
type Source struct {
	r     *rand.Rand
	parts map[string][]string
	// earlier are templates of texts made before.
	earlier []string
	// Words are what words are replaced with. By default they are those of the parts.
	Words []string
}

// New makes a Source from a seed.
func New(seed uint64) *Source {
	s := &Source{r: rand.New(rand.NewPCG(seed, 0x6a616d6269)), parts: map[string][]string{}}
	section := ""
	for line := range strings.Lines(parts) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			section = strings.Trim(line, "[]")
		default:
			s.parts[section] = append(s.parts[section], line)
		}
	}
	for _, name := range []string{"pelaku", "tindakan", "akibat", "rincian", "soal", "benda", "sifat"} {
		for _, line := range s.parts[name] {
			for _, w := range strings.Fields(line) {
				if w[0] != '{' {
					s.Words = append(s.Words, w)
				}
			}
		}
	}
	return s
}

func (s *Source) pick(name string) string { return one(s.r, s.parts[name]) }

func one(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// Corpus makes n texts with the ids 1 to n. One in ten is a sibling of an earlier one: the same
// template with other names, places, numbers and things. One in fifty is of a template that many share.
func (s *Source) Corpus(n int) []Text {
	out := make([]Text, n)
	for i := range out {
		out[i] = s.tip()
		out[i].ID = strconv.Itoa(i + 1)
	}
	return out
}

func (s *Source) tip() Text {
	family := ""
	switch s.r.IntN(50) {
	case 0:
		family = s.pick("pola")
	case 1, 2, 3, 4, 5:
		if len(s.earlier) > 0 {
			family = one(s.r, s.earlier)
		}
	}
	if family == "" {
		family = s.clauses()
		if len(s.earlier) < remembered {
			s.earlier = append(s.earlier, family)
		} else {
			s.earlier[s.r.IntN(remembered)] = family
		}
	}
	t := Text{family: family}
	t.Text, t.slots = s.fill(family)
	return t
}

// remembered is of how many earlier texts siblings are made.
const remembered = 5000

func (s *Source) clauses() string {
	b := []string{s.pick("pelaku") + " " + s.pick("tindakan") + " " + s.pick("soal"), s.pick("rincian")}
	for range s.r.IntN(3) {
		b = append(b, s.pick(one(s.r, []string{"soal", "soal", "rincian", "akibat"})))
	}
	return strings.Join(b, ", ")
}

// fill puts something into every slot of a template.
func (s *Source) fill(template string) (string, []Slot) {
	var (
		b     strings.Builder
		slots []Slot
	)
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), slots
		}
		var name string
		name, template, _ = strings.Cut(rest, "}")
		slot := s.slot(name)
		b.WriteString(slot.Value)
		slots = append(slots, slot)
	}
}

// Filler makes n texts out of phrases of others, three to seven words each, with names, places and
// numbers strewn in, so that their words and phrases are as frequent as in the others and their number of
// different words grows. They have the ids from first on.
func (s *Source) Filler(texts []Text, n, first int) []Text {
	words := make([][]string, len(texts))
	for i, t := range texts {
		words[i] = strings.Fields(t.Text)
	}
	slots := []string{"desa", "kab", "nama", "n", "uang", "tgl", "hp", "jam"}
	out := make([]Text, n)
	for i := range out {
		var b []string
		for length := 10 + s.r.IntN(32); len(b) < length; {
			w := words[s.r.IntN(len(words))]
			from, size := s.r.IntN(len(w)), 3+s.r.IntN(5)
			b = append(b, w[from:min(len(w), from+size)]...)
			if s.r.IntN(4) == 0 {
				b = append(b, s.slot(one(s.r, slots)).Value)
			}
		}
		out[i] = Text{ID: strconv.Itoa(first + i), Text: strings.Join(b, " ")}
	}
	return out
}

func (s *Source) slot(name string) Slot {
	switch name {
	case "desa":
		return Slot{"place", title(s.syllables("desa", 2+s.r.IntN(2)))}
	case "benda", "sifat":
		return Slot{"word", one(s.r, strings.Fields(s.parts[name][0]))}
	case "kab":
		return Slot{"place", s.pick("kab")}
	case "nama":
		return Slot{"name", title(s.syllables("nama", 2)) + " " + title(s.syllables("nama", 2+s.r.IntN(2)))}
	case "kantor":
		return Slot{"authority", s.pick("kantor")}
	case "tgl":
		return Slot{"date", strconv.Itoa(1+s.r.IntN(28)) + " " + s.pick("bulan")}
	case "jam":
		return Slot{"number", fmt.Sprintf("%02d.%02d", 1+s.r.IntN(23), s.r.IntN(12)*5)}
	case "uang":
		return Slot{"number", fmt.Sprintf("%d.%03d.000", 1+s.r.IntN(20), 50*s.r.IntN(20))}
	case "hp":
		return Slot{"number", fmt.Sprintf("0800%07d", s.r.IntN(10_000_000))} // no such prefix is in use
	case "d":
		return Slot{"number", strconv.Itoa(1 + s.r.IntN(9))}
	}
	return Slot{"number", strconv.Itoa(2 + s.r.IntN(60))}
}

func (s *Source) syllables(name string, n int) string {
	list := strings.Fields(s.parts[name][0])
	var b strings.Builder
	for range n {
		b.WriteString(one(s.r, list))
	}
	return b.String()
}

func title(w string) string { return strings.ToUpper(w[:1]) + w[1:] }
