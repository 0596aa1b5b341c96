package match

import (
	"encoding/binary"

	"awassiber/bot"
)

// documents keeps what each document says: its exact keys and the numbers of its words, in order.
type documents struct {
	pages [][]byte
	ids   []bot.CaseID // of a slot; 0: nothing is in it. Slot 0 is never used.
	at    []uint32     // of a slot: the page of its record and where in it
	free  []uint32     // slots that nothing is in any more
	// used is the bytes of all records, wasted those of records that are in no slot any more, and slack how
	// many of these are put up with in any case.
	used, wasted, slack int
}

const (
	recordBits = 20
	// maxRecord is the most bytes a record takes.
	maxRecord = 2*binary.MaxVarintLen16 + maxKeys*8 + maxWords*binary.MaxVarintLen32
	maxKeys   = 2 * maxLinks
)

func newDocuments() *documents {
	return &documents{ids: make([]bot.CaseID, 1), at: make([]uint32, 1), slack: 1 << recordBits}
}

// room is how many further documents can be numbered.
func (d *documents) room() int { return maxSlots + 1 - len(d.ids) + len(d.free) }

// add keeps a document and returns its slot.
func (d *documents) add(id bot.CaseID, keys []uint64, words []uint32) uint32 {
	return d.put(id, appendRecord(nil, keys, words))
}

// appendRecord appends the stored form of a document: its keys and the numbers of its words.
func appendRecord(b []byte, keys []uint64, words []uint32) []byte {
	b = binary.AppendUvarint(b, uint64(len(keys)))
	for _, k := range keys {
		b = binary.LittleEndian.AppendUint64(b, k)
	}
	b = binary.AppendUvarint(b, uint64(len(words)))
	for _, w := range words {
		b = binary.AppendUvarint(b, uint64(w))
	}
	return b
}

// put keeps the record of a document and returns its slot.
func (d *documents) put(id bot.CaseID, record []byte) uint32 {
	at := d.write(record)
	if last := len(d.free) - 1; last >= 0 {
		slot := d.free[last]
		d.free = d.free[:last]
		d.ids[slot], d.at[slot] = id, at
		return slot
	}
	d.ids = append(d.ids, id)
	d.at = append(d.at, at)
	return uint32(len(d.ids) - 1)
}

// write keeps a record and returns where it is.
func (d *documents) write(record []byte) uint32 {
	last := len(d.pages) - 1
	if last < 0 || len(d.pages[last])+len(record) > 1<<recordBits {
		d.pages = append(d.pages, make([]byte, 0, 1<<recordBits))
		last++
	}
	at := uint32(last)<<recordBits | uint32(len(d.pages[last]))
	d.pages[last] = append(d.pages[last], record...)
	d.used += len(record)
	return at
}

// drop frees a slot.
func (d *documents) drop(slot uint32) {
	keys, words := d.read(slot, nil, nil)
	d.wasted += len(appendRecord(nil, keys, words))
	d.ids[slot] = 0
	d.free = append(d.free, slot)
}

// read appends the keys and words of a document to the slices given.
func (d *documents) read(slot uint32, keys []uint64, words []uint32) ([]uint64, []uint32) {
	at := d.at[slot]
	b := d.pages[at>>recordBits][at&(1<<recordBits-1):]
	n, size := binary.Uvarint(b)
	b = b[size:]
	for range n {
		keys = append(keys, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	n, size = binary.Uvarint(b)
	b = b[size:]
	for range n {
		w := uint32(b[0])
		if w < 0x80 { // the commonest words have the lowest numbers
			b = b[1:]
		} else {
			x, size := binary.Uvarint(b)
			w, b = uint32(x), b[size:]
		}
		words = append(words, w)
	}
	return keys, words
}

func (d *documents) bytes() int { return len(d.pages)<<recordBits + cap(d.ids)*8 + cap(d.at)*4 }
