package match

import (
	"slices"

	"awassiber/bot"
)

// Remove takes all documents of a case out. It does nothing for a case that has none. Once in a great many
// removals it looks through all documents; queries do not wait for that.
func (x *Index) Remove(id bot.CaseID) {
	_ = x.Put(id) // there is always room for nothing
}

// rareAgain returns lists to be made anew, of documents other than those without, if a feature becomes rare
// enough to be looked up by when fewer documents have it. All that may be kept are made then, so that
// this happens once in as many removals as a list must lose until it is needed.
func (x *Index) rareAgain(without []uint32, fewer map[feature]uint32) map[feature][]uint32 {
	needed := false
	for f, n := range fewer {
		needed = needed || int(x.post.frequent[f]-n) <= x.post.limit
	}
	if !needed {
		return nil
	}
	lists := map[feature][]uint32{}
	for f, n := range x.post.frequent {
		if int(n-fewer[f]) <= x.post.keepTo {
			lists[f] = nil
		}
	}
	x.eachFeature(func(slot uint32, f feature) {
		if list, ok := lists[f]; ok && !slices.Contains(without, slot) {
			lists[f] = append(list, slot)
		}
	})
	return lists
}

// eachFeature hands over the features of all documents.
func (x *Index) eachFeature(hand func(slot uint32, f feature)) {
	hashes, tells := make([]uint64, len(x.words.at)), make([]bool, len(x.words.at))
	for n := range hashes {
		w := string(x.words.word(uint32(n)))
		hashes[n], tells[n] = hash(w), x.norm.lex.telltale(w)
	}
	var (
		keys, all, said []uint64
		words           []uint32
		features        []feature
	)
	for slot := 1; slot < len(x.docs.ids); slot++ {
		id := x.docs.ids[slot]
		if id == 0 {
			continue
		}
		keys, words = x.docs.read(uint32(slot), keys[:0], words[:0])
		all, said = all[:0], said[:0]
		for _, n := range words {
			all = append(all, hashes[n])
			if tells[n] {
				said = append(said, hashes[n])
			}
		}
		features = docFeatures(all, said, keys, id, features[:0])
		for _, f := range features {
			hand(uint32(slot), f)
		}
	}
}

// tidy writes documents and words anew once half of what is kept is of documents that were taken out.
// Queries wait only while the new takes the place of the old.
func (x *Index) tidy() {
	if x.docs.wasted <= x.docs.slack+x.docs.used/2 {
		return
	}
	docs, words := newDocuments(), newVocabulary()
	docs.slack, docs.free = x.docs.slack, x.docs.free
	docs.ids, docs.at = x.docs.ids, make([]uint32, len(x.docs.at))
	var keys []uint64
	var numbers []uint32
	for slot := 1; slot < len(docs.ids); slot++ {
		if docs.ids[slot] == 0 {
			continue
		}
		keys, numbers = x.docs.read(uint32(slot), keys[:0], numbers[:0])
		for i, n := range numbers {
			numbers[i] = words.intern(string(x.words.word(n)))
		}
		docs.at[slot] = docs.write(appendRecord(nil, keys, numbers))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.docs, x.words = docs, words
}
