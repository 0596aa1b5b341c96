package match

import (
	"cmp"
	"math/bits"
	"slices"

	"awassiber/bot"
)

// Candidate is a case that a document may belong to.
type Candidate struct {
	Case bot.CaseID
	// Score is how alike the texts are, from 0 (nothing in common) to 1 (the same), in letters and, if
	// they were compared, in words. A link or file in common is at least worth asking about.
	Score float64
	// By says what was recognised.
	By Evidence
	// Doubts are why it must not be taken without asking, whatever the score.
	Doubts []Doubt
}

// Evidence is what a candidate was recognised by.
type Evidence string

// Evidence.
const (
	ByText Evidence = "text"
	ByLink Evidence = "link"
	ByFile Evidence = "file"
)

// hit is a document under consideration.
type hit struct {
	slot   uint32
	weight uint32 // how much it shares of what is rare
}

// scratch is what a query needs, kept for the next.
type scratch struct {
	query, doc grams
	known      idSet
	all, said  []uint64 // hashes of the query's words, and of those that say something
	content    []uint64 // the latter, each once
	tuples     []feature
	lists      []list
	slots      [1 << 14]uint32 // open addressing: documents seen
	weights    [1 << 14]uint32
	seen       []uint16
	hits       []hit
	keys       []uint64
	words      []uint32
	found      []Candidate
}

// list is the postings of a feature of the query.
type list struct {
	feature feature
	slots   []uint32
	count   int
}

// Query returns the cases that a document may belong to, best first, at most Offered, each once.
// Those without doubt stand first.
func (x *Index) Query(d Doc) []Candidate {
	r := x.norm.read(d)
	if r.empty() {
		return nil
	}
	s, _ := x.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer x.pool.Put(s)
	x.mu.RLock()
	defer x.mu.RUnlock()
	s.found = s.found[:0]
	texts := x.byText(s, r)
	x.byKeys(s, r, texts)
	return ranked(s.found)
}

// sure reports whether a candidate is taken without asking.
func (c Candidate) sure() bool { return c.Score >= SameAt && len(c.Doubts) == 0 }

// ranked sorts candidates, keeps the best of each case, and copies them out.
func ranked(found []Candidate) []Candidate {
	slices.SortFunc(found, func(a, b Candidate) int {
		if a.sure() != b.sure() {
			return cmp.Compare(number01(b.sure()), number01(a.sure()))
		}
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(a.Doubts), len(b.Doubts)), cmp.Compare(a.Case, b.Case), cmp.Compare(a.By, b.By), slices.Compare(a.Doubts, b.Doubts))
	})
	out := make([]Candidate, 0, Offered)
	for _, c := range found {
		if len(out) == Offered {
			break
		}
		if !slices.ContainsFunc(out, func(o Candidate) bool { return o.Case == c.Case }) {
			out = append(out, c)
		}
	}
	return out
}

// gather fills s.lists with the features of the query that documents can be looked up by, rarest
// first.
func (x *Index) gather(s *scratch, words []string) {
	s.all, s.said = x.norm.lex.hashes(words, s.all[:0], s.said[:0])
	s.content = distinct(s.said, s.content)
	s.lists = s.lists[:0]
	for _, h := range s.content {
		s.look(x.post, featureOf(kindWord, h))
	}
	s.tuples = tuples(s.content, queryAnchors, querySpan, s.tuples[:0])
	s.tuples = runs(s.said, queryRuns, s.tuples)
	for _, f := range s.tuples {
		s.look(x.post, f)
	}
	slices.SortFunc(s.lists, func(a, b list) int {
		return cmp.Or(cmp.Compare(a.count, b.count), cmp.Compare(a.feature, b.feature))
	})
	s.lists = s.lists[:min(len(s.lists), maxFeatures)]
	for _, at := range s.seen {
		s.slots[at] = 0
	}
	s.seen = s.seen[:0]
}

// sift reads further lists within a budget of postings, and leaves in s.hits the n documents, not among
// those done, that have most of what was read.
func (x *Index) sift(s *scratch, budget, n int, done []text) {
	i := 0
	for ; i < len(s.lists); i++ {
		l := s.lists[i]
		if budget -= l.count; budget < 0 {
			break
		}
		s.count(l, uint32(bits.Len(uint(x.live/l.count)))+1)
	}
	s.lists = s.lists[i:]
	x.best(s, n, done)
}

// same adds to s.hits, in front, the documents that have all words of the query in their order.
func (x *Index) same(s *scratch, words []string) {
	list, _ := x.post.find(featureOf(kindText, textHash(s.all)))
	for _, slot := range x.ordered(list, Offered) {
		if _, other := x.content(slot); slices.Equal(words, other) && !slices.ContainsFunc(s.hits, func(h hit) bool { return h.slot == slot }) {
			s.hits = append(s.hits, hit{slot: slot})
		}
	}
}

// look adds a feature to s.lists if documents can be looked up by it.
func (s *scratch) look(p *postings, f feature) {
	if slots, n := p.find(f); len(slots) > 0 {
		s.lists = append(s.lists, list{f, slots, n})
	}
}

// count adds weight to every document of a list.
func (s *scratch) count(l list, weight uint32) {
	const mask = uint32(len(s.slots) - 1)
	for _, e := range l.slots {
		slot := e & maxSlots
		at := slot * 0x9e3779b1 >> (32 - 14) & mask
		for s.slots[at] != 0 && s.slots[at] != slot {
			at = (at + 1) & mask
		}
		if s.slots[at] == 0 {
			if len(s.seen) > len(s.slots)*3/4 {
				return
			}
			s.slots[at], s.weights[at] = slot, 0
			s.seen = append(s.seen, uint16(at))
		}
		s.weights[at] += weight
	}
}

// best leaves in s.hits the n documents of most weight that are not done; of equal ones, those that come
// first in order.
func (x *Index) best(s *scratch, n int, done []text) {
	s.hits = s.hits[:0]
	var counts [256]int
	for _, at := range s.seen {
		counts[min(s.weights[at], 255)]++
	}
	least, above := uint32(255), 0
	for ; least > 0; least-- {
		if above += counts[least]; above >= n+len(done) {
			break
		}
	}
	for _, at := range s.seen {
		if slot := s.slots[at]; s.weights[at] >= least && !slices.ContainsFunc(done, func(t text) bool { return t.slot == slot }) {
			s.hits = append(s.hits, hit{slot, s.weights[at]})
		}
	}
	slices.SortFunc(s.hits, func(a, b hit) int {
		if a.weight != b.weight {
			return cmp.Compare(b.weight, a.weight)
		}
		return x.order(a.slot, b.slot)
	})
	s.hits = s.hits[:min(len(s.hits), n)]
}
