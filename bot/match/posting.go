package match

import "slices"

// slotBits is how many bits number a document: two million of them.
const (
	slotBits = 21
	maxSlots = 1<<slotBits - 1
	tagBits  = 32 - slotBits
	shards   = 1 << (featureBits - tagBits)
)

// postings lists, for every feature, the documents that have it. A shard holds the lists of 2^11
// features, one after the other, as sorted entries: the feature's low bits, then the document. A list
// costs four bytes a document and nothing else, and its length is the feature's frequency.
type postings struct {
	lists [shards][]uint32
	// frequent counts the documents of features whose list was dropped for its length.
	frequent map[feature]uint32
	// limit is how many documents a feature may have to be looked up by. Lists of up to keepTo are kept
	// all the same, so that a feature at the limit is not dropped and listed again all the time.
	limit, keepTo int
}

func newPostings(limit int) *postings {
	return &postings{frequent: map[feature]uint32{}, limit: limit, keepTo: limit + limit/2}
}

func entry(f feature, slot uint32) uint32 { return uint32(f)<<slotBits | slot }

// span returns the shard of a feature and where its entries are in it.
func (p *postings) span(f feature) (list []uint32, from, to int) {
	list = p.lists[f>>tagBits]
	low := uint32(f) << slotBits
	from = guess(list, low)
	to = from
	for to < len(list) && list[to]>>slotBits == low>>slotBits {
		if step := to + 64; step < len(list) && list[step]>>slotBits == low>>slotBits {
			to = step
			continue
		}
		to++
	}
	return list, from, to
}

// guess returns the place of the first entry not below x. Hashes are spread evenly, so it is looked for
// around where it should be: of a long list few cache lines are touched.
func guess(list []uint32, x uint32) int {
	at := int(uint64(x) * uint64(len(list)) >> 32)
	step := 8
	from, to := at, at
	for from > 0 && list[from-1] >= x {
		from = max(0, from-step)
		to = from + step
		step *= 2
	}
	if from == at { // it is here or further on
		for to < len(list) && list[to] < x {
			from = to + 1
			to = min(len(list), to+step)
			step *= 2
		}
	} else {
		to = min(to, at)
	}
	return from + search(list[from:to], x)
}

// search returns the place of the first entry not below x.
func search(list []uint32, x uint32) int {
	from, to := 0, len(list)
	for from < to {
		if mid := int(uint(from+to) >> 1); list[mid] < x {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// find returns the entries of a feature and how many documents have it. There are no entries if
// they are more than the limit.
func (p *postings) find(f feature) ([]uint32, int) {
	list, from, to := p.span(f)
	if from == to {
		return nil, int(p.frequent[f])
	}
	if to-from > p.limit {
		return nil, to - from
	}
	return list[from:to], to - from
}

// add lists a document, which is not yet listed, under a feature.
func (p *postings) add(f feature, slot uint32) {
	if n, ok := p.frequent[f]; ok {
		p.frequent[f] = n + 1
		return
	}
	list, from, to := p.span(f)
	if to-from >= p.keepTo {
		p.frequent[f] = uint32(to - from + 1)
		p.lists[f>>tagBits] = slices.Delete(list, from, to)
		return
	}
	at := from + search(list[from:to], entry(f, slot))
	if len(list) == cap(list) { // grow by an eighth, not by half: memory is what a case costs
		grown := make([]uint32, len(list), len(list)+len(list)/8+4)
		copy(grown, list)
		list = grown
	}
	p.lists[f>>tagBits] = slices.Insert(list, at, entry(f, slot))
}

// remove takes a document off a feature's list. If that makes the feature rare enough to be looked up by
// although its list was dropped, relist must follow.
func (p *postings) remove(f feature, slot uint32) {
	if n, ok := p.frequent[f]; ok {
		p.frequent[f] = n - 1
		return
	}
	list, from, to := p.span(f)
	if at := from + search(list[from:to], entry(f, slot)); at < to && list[at] == entry(f, slot) {
		p.lists[f>>tagBits] = slices.Delete(list, at, at+1)
	}
}

// relist makes the list of a feature anew.
func (p *postings) relist(f feature, slots []uint32) {
	delete(p.frequent, f)
	for _, s := range slots {
		p.add(f, s)
	}
}

// bytes is the memory held.
func (p *postings) bytes() int {
	n := shards*24 + len(p.frequent)*16
	for _, l := range p.lists {
		n += cap(l) * 4
	}
	return n
}
