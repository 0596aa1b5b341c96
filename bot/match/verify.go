package match

import (
	"cmp"
	"slices"

	"awassiber/bot"
)

// compared is how many of the best candidates are compared word by word; compareAt is what their
// letter triples must have in common to be worth it, and compareShare in parts of the best one.
const (
	compared     = 5
	compareAt    = 0.25
	compareShare = 0.6
)

// weighed is how many of the verified candidates are measured by letters at most, after all were by words;
// beyond the first few only those that have weighShare of the best one's words.
const (
	weighed    = 20
	few        = 4
	weighShare = 0.5
)

// text is a document whose similarity to the query was measured.
type text struct {
	slot  uint32
	id    bot.CaseID
	alike float64
	grams int
	// doubts are what a comparison word by word gave; Unread if there was none.
	doubts []Doubt
}

// sure reports whether a text is taken for the query's without asking.
func (t text) sure() bool { return t.alike >= SameAt && len(t.doubts) == 0 }

// byText adds to s.found what resembles the query's words, and returns it.
func (x *Index) byText(s *scratch, r reading) []text {
	if len(r.words) == 0 {
		return nil
	}
	texts := x.nearest(s, r.words)
	best, n := 0.0, 0
	if len(texts) > 0 {
		best = texts[0].alike
	}
	for n < min(compared, len(texts)) && texts[n].alike >= max(compareAt, best*compareShare) {
		x.check(s, r, &texts[n])
		n++
	}
	slices.SortFunc(texts[:n], x.better)
	for i := n; i > 0 && i < len(texts); i++ { // what was not compared stands behind what was
		texts[i].alike = min(texts[i].alike, texts[n-1].alike)
	}
	x.rivals(r, texts)
	for _, t := range texts {
		s.found = append(s.found, Candidate{Case: t.id, Score: t.alike, By: ByText, Doubts: t.doubts})
	}
	return texts
}

// nearest finds the documents that are most like the query, best first. If none of those that share
// its rarest features is clearly it, more is read.
func (x *Index) nearest(s *scratch, words []string) []text {
	x.gather(s, words)
	s.query.clear()
	s.known.clear()
	for _, w := range words {
		s.query.add([]byte(w), nil)
		if id, ok := x.words.find(w); ok {
			s.known.add(id)
		}
	}
	x.sift(s, firstPostings, firstVerified, nil)
	x.same(s, words)
	texts := x.measure(s, words)
	if len(texts) > 0 && texts[0].alike >= clearly || len(s.lists) == 0 {
		return texts
	}
	x.sift(s, maxPostings-firstPostings, Verified-firstVerified-Offered, texts)
	texts = append(texts, x.measure(s, words)...)
	slices.SortFunc(texts, x.better)
	return texts
}

// measure reads the documents of s.hits and returns the likest by words, with what their letters have
// in common with the query, best first.
func (x *Index) measure(s *scratch, words []string) []text {
	texts := make([]text, 0, len(s.hits))
	for _, h := range s.hits {
		s.keys, s.words = x.docs.read(h.slot, s.keys[:0], s.words[:0])
		both := 0
		for _, id := range s.words {
			both += s.known.has(id)
		}
		texts = append(texts, text{slot: h.slot, id: x.docs.ids[h.slot], doubts: unread(), alike: similarity(min(both, len(words)), len(words), len(s.words))})
	}
	slices.SortFunc(texts, x.better)
	n := 0
	for n < min(len(texts), weighed) && (n < few || texts[n].alike >= texts[0].alike*weighShare) {
		n++
	}
	for i := range texts[:n] {
		x.weigh(s, &texts[i])
	}
	slices.SortFunc(texts[:n], x.better)
	for i := n; i > 0 && i < len(texts); i++ { // what was not weighed stands behind what was
		texts[i].alike = min(texts[i].alike, texts[n-1].alike)
	}
	return texts
}

// weigh measures what a document's letters have in common with the query's.
func (x *Index) weigh(s *scratch, t *text) {
	s.keys, s.words = x.docs.read(t.slot, s.keys[:0], s.words[:0])
	s.doc.clear()
	both := 0
	for _, id := range s.words {
		both += s.doc.add(x.words.word(id), &s.query)
	}
	t.grams = s.doc.n
	t.alike = similarity(both, s.query.n, s.doc.n)
}

func unread() []Doubt { return []Doubt{Unread} }

// better sorts by likeness; of equal ones the older case stands first.
func (x *Index) better(a, b text) int {
	if a.alike != b.alike {
		return cmp.Compare(b.alike, a.alike)
	}
	return x.order(a.slot, b.slot)
}

// check compares a document with the query word by word.
func (x *Index) check(s *scratch, r reading, t *text) {
	_, words := x.content(t.slot)
	t.doubts = nil
	if !slices.Equal(words, r.words) {
		var share float64
		t.doubts, share = x.aligner().doubts(r.words, words)
		t.alike = (t.alike + share) / 2
	}
	if min(len(words), len(r.words)) < MinWords || min(t.grams, s.query.n) < MinGrams {
		t.doubts = append(t.doubts, Short)
	}
}

func (x *Index) aligner() aligner {
	return aligner{x.norm.lex, func(w string) bool {
		_, n := x.post.find(featureOf(kindWord, hash(w)))
		return n >= known
	}}
}

// known is in how many documents a word must occur to be no misspelling.
const known = 3

// rivals doubts the best candidate if the next one, of another case and without doubt as well, is
// about as near and claims something else: what would tell them apart is missing in the query.
func (x *Index) rivals(r reading, texts []text) {
	var sure []*text
	for i := range texts {
		if t := &texts[i]; t.sure() {
			sure = append(sure, t)
		}
	}
	if len(sure) < 2 {
		return
	}
	_, first := x.content(sure[0].slot)
	if slices.Equal(first, r.words) {
		return
	}
	for _, t := range sure[1:] {
		if t.id == sure[0].id || t.alike < sure[0].alike-Rivals {
			continue
		}
		_, other := x.content(t.slot)
		if doubts, _ := x.aligner().doubts(first, other); len(doubts) > 0 {
			sure[0].doubts = append(sure[0].doubts, Rival)
			t.doubts = append(t.doubts, Rival)
			return
		}
	}
}

// byKeys adds documents that have a file or link of the query: those whose text was measured, and the
// first few others of each.
func (x *Index) byKeys(s *scratch, r reading, texts []text) {
	for _, k := range r.keys {
		list, n := x.post.find(featureOf(kindKey, k))
		slots := x.ordered(list, Offered)
		for _, t := range texts {
			if !slices.Contains(slots, t.slot) && slices.ContainsFunc(list, func(e uint32) bool { return e&maxSlots == t.slot }) {
				slots = append(slots, t.slot)
			}
		}
		for _, slot := range slots {
			if c, ok := x.byKey(k, slot, r, texts); ok {
				if n > sharers {
					c.Doubts = append(c.Doubts, Shared)
				}
				s.found = append(s.found, c)
			}
		}
	}
}

// byKey makes a candidate of a document that has a key, unless it only seemed to.
func (x *Index) byKey(k uint64, slot uint32, r reading, texts []text) (Candidate, bool) {
	keys, words := x.content(slot)
	c := Candidate{Case: x.docs.ids[slot], Score: 1, By: evidence(k)}
	alike, sure := 0.0, len(r.words) < MinWords || slices.Equal(words, r.words)
	for _, t := range texts {
		if t.slot == slot {
			alike, sure = t.alike, sure || len(t.doubts) == 0 && t.alike >= MaybeAt
		}
	}
	if !sure {
		c.Doubts = append(c.Doubts, Caption)
		c.Score = max(alike, MaybeAt)
	}
	return c, slices.Contains(keys, k)
}

// sharers is in how many documents a link or file may be before it says little about any of them.
const sharers = 8
