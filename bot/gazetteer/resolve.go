package gazetteer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// hit is a stretch of the answer that is a name.
type hit struct {
	from, to int // words
	meanings []named
	marked   bool // a word such as "kecamatan" stood before it
}

// rank is the hit's best one.
func (h hit) rank() rank { return h.meanings[0].rank }

// has reports whether one of the meanings leads to a kabupaten or kota.
func (h hit) has(code string) bool {
	return slices.ContainsFunc(h.meanings, func(n named) bool { return n.regency == code })
}

// Resolve reads the answer to "which kabupaten or kota?". It looks at the first thousand bytes.
//
// Of all names in the answer only those count that are not part of a longer one, so "Tebo Jaya"
// (in Bungo) is not Tebo. A named kabupaten decides, unless a kecamatan or desa beside it lies
// elsewhere. Kecamatan and desa decide if all of them fit one kabupaten; a desa amid other words
// may be no place at all ("selamat", "pasar baru") and is only offered. Words to ask about matter
// when nothing else was found. A name of six letters or more with one slip in it (a letter
// missing, added, changed, or two swapped) is offered, never taken.
func (g *Gazetteer) Resolve(answer string) Match {
	if m, ok := g.code(answer); ok {
		return m
	}
	w := words(answer)
	if !slices.ContainsFunc(w, lettered) {
		return g.digits(w)
	}
	all := g.hits(w)
	hits := slices.DeleteFunc(slices.Clone(all), func(h hit) bool { return denied(w, h, all) })
	var regencies, inside, asked []hit
	for _, h := range hits {
		switch h.rank() {
		case byRegency:
			regencies = append(regencies, h)
		case byQuestion:
			asked = append(asked, h)
		default:
			inside = append(inside, h)
		}
	}
	firm := slices.DeleteFunc(slices.Clone(inside), func(h hit) bool { return weak(w, h, hits) })
	switch {
	case len(regencies) > 0:
		return one(regencies, firm)
	case len(firm) > 0:
		return one(firm, nil)
	case len(inside) > 0:
		return ask(inside...)
	case len(all) == 0 || len(asked) > 0:
		return ask(append(g.misspelt(w), asked...)...)
	}
	return Match{Decision: None}
}

// code resolves an answer that is a Kemendagri code, of a kabupaten or anything in one.
func (g *Gazetteer) code(answer string) (Match, bool) {
	s := strings.Trim(strings.TrimSpace(answer[:min(len(answer), 32)]), ".,;!?")
	if isCode(s) < 2 {
		return Match{}, false
	}
	a, ok := g.areas[s]
	if !ok {
		return Match{Decision: None}, true
	}
	c := Candidate{Area: g.areas[regencyOf(s)]}
	if !a.Kind.regency() {
		c.Via = []Area{a}
	}
	return Match{One, []Candidate{c}}, true
}

// digits reads an answer without a letter: a word to ask about (a code of the other system) or
// nothing. "9" is a choice from some list, not the village Sembilan.
func (g *Gazetteer) digits(w []string) Match {
	if len(w) == 1 {
		if m := g.index[w[0]]; len(m) > 0 && m[0].rank == byQuestion {
			return ask(hit{meanings: m})
		}
	}
	return Match{Decision: None}
}

// hits finds all names that are not inside a longer one.
func (g *Gazetteer) hits(w []string) []hit {
	var out []hit
	end := 0 // of the names so far: a name that ends no later lies inside one
	for from := range w {
		for to := min(from+maxWindow, len(w)); to > max(from, end); to-- {
			if m := g.index[squash(w[from:to])]; len(m) > 0 {
				out = append(out, mark(w, hit{from: from, to: to, meanings: m}))
				end = to
				break
			}
		}
	}
	return out
}

// mark narrows the meanings of a hit to the rank that the word before it announces, else to the
// named kabupaten if it is one.
func mark(w []string, h hit) hit {
	want := anyRank
	if h.from > 0 {
		want = marker(w[h.from-1])
	}
	keep := func(r rank) bool {
		var left []named
		for _, n := range h.meanings {
			if n.rank == r {
				left = append(left, n)
			}
		}
		if len(left) > 0 {
			h.meanings = left
		}
		return len(left) > 0
	}
	h.marked = want != anyRank && keep(want)
	if !h.marked && !keep(byRegency) {
		h.meanings = slices.Clone(h.meanings)
		slices.SortStableFunc(h.meanings, func(a, b named) int { return cmp.Compare(a.rank, b.rank) })
	}
	return h
}

// denied reports whether the words before a hit exclude it. A denying word that is part of a name
// ("Jambi Luar Kota") does not count.
func denied(w []string, h hit, all []hit) bool {
	for i := h.from - 1; i >= 0; i-- {
		inName := slices.ContainsFunc(all, func(o hit) bool { return o.from <= i && i < o.to })
		switch {
		case inName:
			return false
		case negation(w[i]):
			return true
		case !filler(w[i]):
			return false
		}
	}
	return false
}

// weak reports whether a hit may be an ordinary word: a desa, or a kecamatan of one word, that
// nothing marks as a place, in an answer that says other things too.
func weak(w []string, h hit, hits []hit) bool {
	if h.marked || h.rank() == byDistrict && h.to-h.from > 1 {
		return false
	}
	for i, word := range w {
		named := slices.ContainsFunc(hits, func(o hit) bool { return o.from <= i && i < o.to })
		if !named && !filler(word) {
			return true
		}
	}
	return false
}

// one takes the kabupaten that all hits have in common, if there is exactly one, and if every
// hit of also can lie in it. Otherwise all are candidates.
func one(hits, also []hit) Match {
	var common []string
	for _, n := range hits[0].meanings {
		fits := func(h hit) bool { return h.has(n.regency) }
		if every(hits, fits) && every(also, fits) && !slices.Contains(common, n.regency) {
			common = append(common, n.regency)
		}
	}
	m := ask(append(slices.Clone(hits), also...)...)
	if len(common) == 0 {
		return m
	}
	m.Candidates = slices.DeleteFunc(m.Candidates, func(c Candidate) bool {
		return !slices.Contains(common, c.Area.Code)
	})
	if len(common) == 1 {
		m.Decision = One
	}
	return m
}

// lettered reports whether a word has a letter in it.
func lettered(w string) bool { return strings.ContainsFunc(w, unicode.IsLetter) }

func every(hits []hit, ok func(hit) bool) bool {
	return !slices.ContainsFunc(hits, func(h hit) bool { return !ok(h) })
}
