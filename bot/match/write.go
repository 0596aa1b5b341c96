package match

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
)

// WriteSnapshot writes the index, so that the next start need not read every case. What is written
// holds the words of what people sent: the caller must seal it. Queries run meanwhile, Add and Remove
// wait. position is whatever tells how far the index has come in the log of events; it comes back from
// ReadSnapshot. The bytes depend on the documents and the position alone; nothing of documents that
// were taken out is among them.
func (x *Index) WriteSnapshot(w io.Writer, position uint64) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	out := &frameWriter{w: w}
	out.bytes([]byte(snapshotMagic))
	stamp, err := x.norm.stamp()
	if err != nil {
		return err
	}
	out.bytes(stamp[:])
	out.number(position)
	out.number(uint64(x.post.limit))
	slots := make([]uint32, 0, x.live)
	for slot := 1; slot < len(x.docs.ids); slot++ {
		if x.docs.ids[slot] != 0 {
			slots = append(slots, uint32(slot))
		}
	}
	slices.SortFunc(slots, x.order)
	x.writeDocs(out, slots, x.writeWords(out, slots))
	x.writePostings(out, slots)
	out.end()
	return out.err
}

// writeWords writes the words of documents, the most frequent ones first, and returns what their numbers
// will be when read.
func (x *Index) writeWords(out *frameWriter, slots []uint32) []uint32 {
	counts := make([]uint32, len(x.words.at))
	var keys []uint64
	var words []uint32
	for _, slot := range slots {
		keys, words = x.docs.read(slot, keys[:0], words[:0])
		for _, w := range words {
			counts[w]++
		}
	}
	used := make([]uint32, 0, len(counts))
	for w, n := range counts {
		if n > 0 {
			used = append(used, uint32(w))
		}
	}
	slices.SortFunc(used, func(a, b uint32) int {
		if counts[a] != counts[b] {
			return cmp.Compare(counts[b], counts[a])
		}
		return bytes.Compare(x.words.word(a), x.words.word(b))
	})
	out.number(uint64(len(used)))
	for i, w := range used {
		out.word(x.words.word(w))
		counts[w] = uint32(i)
	}
	return counts
}

// writeDocs writes documents, their words under their new numbers.
func (x *Index) writeDocs(out *frameWriter, slots, numbers []uint32) {
	out.number(uint64(len(slots)))
	var keys []uint64
	var words []uint32
	for _, slot := range slots {
		keys, words = x.docs.read(slot, keys[:0], words[:0])
		for i, w := range words {
			words[i] = numbers[w]
		}
		record := appendRecord(out.room[:0], keys, words)
		out.room = record
		out.number(uint64(x.docs.ids[slot]))
		out.number(uint64(len(record)))
		out.bytes(record)
	}
}

// writePostings writes the lists a query reads, and how many documents other features have.
func (x *Index) writePostings(out *frameWriter, slots []uint32) {
	places := make([]uint32, len(x.docs.ids)) // what slots will be when read
	for i, slot := range slots {
		places[slot] = uint32(i + 1)
	}
	frequent := maps.Clone(x.post.frequent)
	var kept []uint32
	for shard, list := range x.post.lists {
		kept = kept[:0]
		for from := 0; from < len(list); {
			low := list[from] >> slotBits
			to := from
			for to < len(list) && list[to]>>slotBits == low {
				kept = append(kept, list[to]&^maxSlots|places[list[to]&maxSlots])
				to++
			}
			if to-from > x.post.limit {
				frequent[feature(uint32(shard)<<tagBits|low)] = uint32(to - from)
				kept = kept[:len(kept)-(to-from)]
			}
			from = to
		}
		slices.Sort(kept)
		out.number(uint64(len(kept)))
		for _, e := range kept {
			out.fixed(e)
		}
	}
	out.number(uint64(len(frequent)))
	for _, f := range slices.Sorted(maps.Keys(frequent)) {
		out.number(uint64(f))
		out.number(uint64(frequent[f]))
	}
}
