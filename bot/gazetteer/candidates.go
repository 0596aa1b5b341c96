package gazetteer

import "slices"

// ask offers every kabupaten that the hits lead to, in the order of the hits.
func ask(hits ...hit) Match {
	m := Match{Decision: None}
	for _, h := range hits {
		for _, n := range h.meanings {
			m.offer(n)
		}
	}
	return m
}

// offer adds a meaning to the candidates.
func (m *Match) offer(n named) {
	m.Decision = Ask
	i := slices.IndexFunc(m.Candidates, func(c Candidate) bool { return c.Area.Code == n.regency })
	if i < 0 {
		i = len(m.Candidates)
		m.Candidates = append(m.Candidates, Candidate{Area: n.home})
	}
	c := &m.Candidates[i]
	if n.area.Code != n.regency && !slices.Contains(c.Via, n.area) {
		c.Via = append(c.Via, n.area)
	}
}

// misspelt finds names that differ by one slip from a stretch of the answer. Desa and kelurahan
// are compared with the whole answer only: among 1,500 of them something fits almost any word.
func (g *Gazetteer) misspelt(w []string) []hit {
	var out []hit
	find := func(names []string, from, to int) {
		typed := squash(w[from:to])
		if len(typed) < minTypo || len(g.index[typed]) > 0 { // spelt right
			return
		}
		for _, name := range names {
			if slip(typed, name) {
				out = append(out, mark(w, hit{from: from, to: to, meanings: g.index[name]}))
			}
		}
	}
	const reach = 16 // words looked at: this is the slow way
	n := min(len(w), reach)
	for from := range n {
		for to := from + 1; to <= min(from+4, n); to++ {
			find(g.loose, from, to)
		}
	}
	if len(out) == 0 {
		from, to := 0, len(w)
		for from < to && filler(w[from]) {
			from++
		}
		for to > from && filler(w[to-1]) {
			to--
		}
		find(g.villages, from, to)
	}
	return slices.DeleteFunc(out, func(h hit) bool { return denied(w, h, nil) })
}

// slip reports whether a becomes b by adding, dropping or changing one byte, or by swapping two
// neighbours. Names in the tables are ASCII.
func slip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
