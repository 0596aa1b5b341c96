package match

// gap is a place where two texts differ: words of the query without a counterpart, and the words of
// the document that stand in their place. inner: both texts agree on either side of it.
type gap struct {
	query, doc []string
	inner      bool
}

// alignment says which words of two texts correspond.
type alignment struct {
	query, doc []int // of each word its counterpart, or -1
	matched    int
}

// Limits of the search for corresponding stretches.
const (
	near    = 8  // how far ahead the next stretch may begin and still follow the last
	longGap = 32 // words of a passage that is another one altogether, not a misspelt one
	longRun = 32 // how far a stretch is followed to see which is the longest
	moved   = 4  // words of a stretch that is believed to stand elsewhere
)

// aligner compares words of two texts. known tells words that many texts use.
type aligner struct {
	lex   *lexicon
	known func(string) bool
}

// align finds the stretches that two texts share. A stretch may have moved as a whole; a single word
// may not: "A beats B" is not "B beats A". Words in between that are only misspelt correspond.
func (a aligner) align(query, doc []string) alignment {
	m := alignment{fill(len(query)), fill(len(doc)), 0}
	places := make(map[string][]int, len(doc))
	for j, w := range doc {
		places[w] = append(places[w], j)
	}
	last := -1
	for i := 0; i < len(query); {
		j, run := a.longest(m, query, doc, i, last, places[query[i]])
		if run == 0 {
			i++
			continue
		}
		for k := range run {
			m.pair(i+k, j+k)
		}
		i += run
		last = j + run - 1
	}
	a.fillGaps(&m, query, doc)
	return m
}

// strays reports whether a single word may correspond to one that stands ahead further on. One that says
// who, where, when or how many must be nearly in its place.
func (a aligner) strays(w string, ahead int) bool {
	c := a.lex.class(w)
	return c&classCommon == 0 && (c&slot == 0 || ahead == 1)
}

func fill(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

func (m *alignment) pair(i, j int) {
	m.query[i], m.doc[j] = j, i
	m.matched++
}

// longest chooses, of the places where a stretch could go on that begins with the query's word i, the
// best believable one. run is 0 if there is none.
func (a aligner) longest(m alignment, query, doc []string, i, last int, places []int) (at, run int) {
	best := 0
	for _, j := range places {
		n := 0
		for n < longRun && i+n < len(query) && j+n < len(doc) && m.doc[j+n] < 0 && query[i+n] == doc[j+n] {
			n++
		}
		if n == 0 {
			continue
		}
		ahead := j - last - 1
		follows := ahead >= 0 && ahead <= near
		believable := n >= moved || follows && (n >= 2 || ahead == 0 || a.strays(query[i], ahead))
		if !believable {
			continue
		}
		value := 2 * n * near
		if follows {
			value += 6*near - ahead
		}
		if value > best {
			best, at, run = value, j, n
		}
	}
	return at, run
}

// fillGaps pairs what is equal or misspelt within the places where the texts differ.
func (a aligner) fillGaps(m *alignment, query, doc []string) {
	for from := 0; from < len(query); from++ {
		if m.query[from] >= 0 {
			continue
		}
		to := from
		for to < len(query) && m.query[to] < 0 {
			to++
		}
		for _, w := range m.windows(from, to, len(doc)) {
			a.pairWithin(m, query, doc, from, to, w)
		}
		from = to
	}
}

type window struct{ from, to int }

// windows are the unmatched stretches of the document that may stand for the query's words [from,to).
func (m *alignment) windows(from, to, end int) []window {
	var out []window
	if left := -1; from > 0 {
		left = m.query[from-1]
		w := window{left + 1, left + 1}
		for w.to < end && m.doc[w.to] < 0 {
			w.to++
		}
		if w.to > w.from {
			out = append(out, w)
		}
	}
	if to < len(m.query) {
		right := m.query[to]
		w := window{right, right}
		for w.from > 0 && m.doc[w.from-1] < 0 {
			w.from--
		}
		if w.to > w.from && (len(out) == 0 || out[0] != w) {
			out = append(out, w)
		}
	}
	if from == 0 && to == len(m.query) && end > 0 {
		out = append(out, window{0, end})
	}
	return out
}

// pairWithin pairs the query's words [from,to) with those of a window: what is equal first, then what is
// alike in between.
func (a aligner) pairWithin(m *alignment, query, doc []string, from, to int, w window) {
	if to-from > longGap || w.to-w.from > longGap {
		return
	}
	j := w.from
	for i := from; i < to; i++ {
		for k := j; k < w.to && m.query[i] < 0; k++ {
			if m.doc[k] < 0 && query[i] == doc[k] {
				m.pair(i, k)
				j = k + 1
			}
		}
	}
	j = w.from
	for i := from; i < to; i++ {
		if at := m.query[i]; at >= 0 {
			if at >= w.from && at < w.to {
				j = at + 1
			}
			continue
		}
		end := w.to
		for next := i + 1; next < to; next++ {
			if at := m.query[next]; at >= j && at < end {
				end = at
				break
			}
		}
		for k := j; k < end; k++ {
			if n := a.pairAlike(m, query, doc, i, k, to, end); n > 0 {
				j = k + n
				break
			}
		}
	}
}

// pairAlike pairs the query's word i with the document's word k if they are one: misspelt, or written as
// two words in one of the texts. It returns how many words of the document that took.
func (a aligner) pairAlike(m *alignment, query, doc []string, i, k, to, end int) int {
	switch {
	case m.doc[k] >= 0:
		return 0
	case a.alike(query[i], doc[k]):
		m.pair(i, k)
		return 1
	case k+1 < end && m.doc[k+1] < 0 && query[i] == doc[k]+doc[k+1]:
		m.pair(i, k)
		m.doc[k+1] = i
		return 2
	case i+1 < to && m.query[i+1] < 0 && query[i]+query[i+1] == doc[k]:
		m.pair(i, k)
		m.query[i+1] = k
		return 1
	}
	return 0
}

// gaps lists where the texts differ, including words of the document that the query lacks.
func (m *alignment) gaps(query, doc []string) []gap {
	var out []gap
	taken := make([]bool, len(doc))
	for from := 0; from < len(query); from++ {
		if m.query[from] >= 0 {
			continue
		}
		to := from
		for to < len(query) && m.query[to] < 0 {
			to++
		}
		g := gap{query: query[from:to]}
		for _, w := range m.windows(from, to, len(doc)) {
			g.doc = append(g.doc, doc[w.from:w.to]...)
			for k := w.from; k < w.to; k++ {
				taken[k] = true
			}
		}
		if from > 0 && to < len(query) {
			between := m.query[to] - m.query[from-1] - 1
			g.inner = between >= 0 && between <= len(g.doc)
		}
		out = append(out, g)
		from = to
	}
	for from := 0; from < len(doc); from++ {
		if m.doc[from] >= 0 || taken[from] {
			continue
		}
		to := from
		for to < len(doc) && m.doc[to] < 0 && !taken[to] {
			to++
		}
		inner := from > 0 && to < len(doc) && m.doc[from-1] >= 0 && m.doc[to] == m.doc[from-1]+1
		out = append(out, gap{doc: doc[from:to], inner: inner})
		from = to
	}
	return out
}
