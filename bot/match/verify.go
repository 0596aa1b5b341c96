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

// text is a document whose similarity to the query was measured.
type text struct {
	slot  uint32
	id    bot.CaseID
	alike float64
	grams int
	words int
	// doubts are set for the first of those that score at least MaybeAt.
	doubts  []Doubt
	checked bool
}

// byText adds to s.found what resembles the query's words, and returns what it compared.
func (x *Index) byText(s *scratch, r reading) []text {
	if len(r.words) == 0 {
		return nil
	}
	x.gather(s, r.words)
	s.query.clear()
	for _, w := range r.words {
		s.query.add([]byte(w), nil)
	}
	texts := make([]text, 0, len(s.hits))
	for _, h := range s.hits {
		texts = append(texts, x.measure(s, h.slot))
	}
	slices.SortFunc(texts, better)
	best, n := 0.0, 0
	if len(texts) > 0 {
		best = texts[0].alike
	}
	for n < min(compared, len(texts)) && texts[n].alike >= max(compareAt, best*compareShare) {
		x.check(s, r, &texts[n])
		n++
	}
	slices.SortFunc(texts[:n], better)
	for i := n; i > 0 && i < len(texts); i++ { // what was not compared stands behind what was
		texts[i].alike = min(texts[i].alike, texts[n-1].alike)
	}
	x.rivals(r, texts)
	for _, t := range texts {
		s.found = append(s.found, Candidate{Case: t.id, Score: t.score(), By: ByText, Doubts: t.doubts})
	}
	return texts
}

// better orders by likeness; of equal ones the older case stands first.
func better(a, b text) int {
	return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(a.id, b.id), cmp.Compare(a.slot, b.slot))
}

// measure counts the letter triples a document shares with the query.
func (x *Index) measure(s *scratch, slot uint32) text {
	s.keys, s.words = x.docs.read(slot, s.keys[:0], s.words[:0])
	s.doc.clear()
	both := 0
	for _, n := range s.words {
		both += s.doc.add(x.words.word(n), &s.query)
	}
	return text{slot: slot, id: x.docs.ids[slot], alike: similarity(both, s.query.n, s.doc.n), grams: s.doc.n, words: len(s.words)}
}

// score is what a candidate shows. One with a doubt stays below SameAt, and in its order.
func (t text) score() float64 {
	if t.alike < SameAt || t.checked && len(t.doubts) == 0 {
		return t.alike
	}
	return SameAt - (1-t.alike)*doubtful - 0.001
}

// doubtful is the width of the band below SameAt in which scores with a doubt lie.
const doubtful = 0.05

// check compares a document with the query word by word.
func (x *Index) check(s *scratch, r reading, t *text) {
	_, words := x.content(t.slot)
	t.checked = true
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
		if t := &texts[i]; t.checked && len(t.doubts) == 0 && t.alike >= SameAt {
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

// byKeys adds the documents that have a file or link of the query.
func (x *Index) byKeys(s *scratch, r reading, texts []text) {
	for _, k := range r.keys {
		list, n := x.post.find(featureOf(kindKey, k))
		for _, e := range list {
			slot := e & maxSlots
			keys, words := x.content(slot)
			if !slices.Contains(keys, k) {
				continue
			}
			c := Candidate{Case: x.docs.ids[slot], Score: 1, By: evidence(k)}
			if n > sharers {
				c.Doubts = append(c.Doubts, Shared)
			}
			if len(r.words) >= MinWords && !slices.ContainsFunc(texts, func(t text) bool {
				return t.slot == slot && t.checked && len(t.doubts) == 0 && t.alike >= MaybeAt
			}) && !slices.Equal(words, r.words) {
				c.Doubts = append(c.Doubts, Caption)
			}
			if len(c.Doubts) > 0 {
				c.Score = SameAt - 0.001
			}
			s.found = append(s.found, c)
		}
	}
}

// sharers is in how many documents a link or file may be before it says little about any of them.
const sharers = 8
