package match

import (
	"slices"

	"awassiber/bot"
)

// Put makes docs the documents of a case, in place of those it had. What it has already stays untouched, and
// no query finds it half done. It returns ErrFull, and has then changed nothing.
func (x *Index) Put(id bot.CaseID, docs ...Doc) error {
	if id == 0 {
		return nil
	}
	var fresh []reading
	for _, d := range docs {
		if r := x.norm.read(d); !r.empty() && !slices.ContainsFunc(fresh, r.equal) {
			fresh = append(fresh, r)
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	gone := x.slots(id)
	fresh = slices.DeleteFunc(fresh, func(r reading) bool {
		i := slices.IndexFunc(gone, func(slot uint32) bool { return x.is(slot, r) })
		if i < 0 {
			return false
		}
		gone = slices.Delete(gone, i, i+1)
		return true
	})
	if len(gone) == 0 && len(fresh) == 0 {
		return nil
	}
	return x.change(id, gone, fresh)
}

// change takes documents of a case out and puts others in, at once. Whoever calls it holds writing.
func (x *Index) change(id bot.CaseID, gone []uint32, fresh []reading) error {
	if len(fresh) > x.docs.room()+len(gone) {
		return ErrFull
	}
	taken := make([][]feature, len(gone))
	fewer := map[feature]uint32{} // documents of what lists were dropped of
	for i, slot := range gone {
		keys, words := x.content(slot)
		taken[i] = x.features(id, reading{words, keys})
		for _, f := range taken[i] {
			if _, ok := x.post.frequent[f]; ok {
				fewer[f]++
			}
		}
	}
	added := make([][]feature, len(fresh))
	for i, r := range fresh {
		added[i] = x.features(id, r)
	}
	again := x.rareAgain(gone, fewer)
	x.mu.Lock()
	for i, slot := range gone {
		x.drop(slot, taken[i])
	}
	for f, list := range again {
		x.post.relist(f, list)
	}
	for i, r := range fresh {
		x.insert(id, r, added[i])
	}
	x.mu.Unlock()
	x.tidy()
	return nil
}

// features is what a document is found by.
func (x *Index) features(id bot.CaseID, r reading) []feature {
	all, said := x.norm.lex.hashes(r.words, nil, nil)
	return docFeatures(all, said, r.keys, id, nil)
}

func (x *Index) insert(id bot.CaseID, r reading, features []feature) {
	numbers := make([]uint32, len(r.words))
	for i, w := range r.words {
		numbers[i] = x.words.intern(w)
	}
	slot := x.docs.add(id, r.keys, numbers)
	for _, f := range features {
		x.post.add(f, slot)
	}
	x.live++
}

func (x *Index) drop(slot uint32, features []feature) {
	for _, f := range features {
		x.post.remove(f, slot)
	}
	x.docs.drop(slot)
	x.live--
}
