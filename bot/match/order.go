package match

import (
	"bytes"
	"cmp"
	"slices"
)

// order sorts documents by case, and those of one case by what they say: wherever two are equally good, and
// whatever they are numbered, the same one stands first.
func (x *Index) order(a, b uint32) int {
	if c := cmp.Compare(x.docs.ids[a], x.docs.ids[b]); c != 0 || a == b {
		return c
	}
	keysA, wordsA := x.docs.read(a, nil, nil)
	keysB, wordsB := x.docs.read(b, nil, nil)
	if c := slices.Compare(keysA, keysB); c != 0 {
		return c
	}
	return slices.CompareFunc(wordsA, wordsB, func(v, w uint32) int { return bytes.Compare(x.words.word(v), x.words.word(w)) })
}

// ordered returns the first n documents of a list of postings.
func (x *Index) ordered(list []uint32, n int) []uint32 {
	slots := make([]uint32, len(list))
	for i, e := range list {
		slots[i] = e & maxSlots
	}
	slices.SortFunc(slots, x.order)
	return slots[:min(n, len(slots))]
}
