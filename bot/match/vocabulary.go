package match

// vocabulary numbers words. Words are never taken out: a word that no document has any more costs
// its letters and eight bytes until the index is read from a snapshot.
type vocabulary struct {
	pages [][]byte // each word as its length and its bytes
	at    []uint32 // of a word's number: its page and where in it
	table []uint32 // open addressing: a word's number plus one; 0 is free
}

const pageBits = 16

func newVocabulary() *vocabulary { return &vocabulary{table: make([]uint32, 1<<12)} }

// word returns the bytes of a word. They must not be changed.
func (v *vocabulary) word(id uint32) []byte {
	at := v.at[id]
	page, off := v.pages[at>>pageBits], at&(1<<pageBits-1)
	n := uint32(page[off])
	return page[off+1 : off+1+n]
}

// find returns the number of a word, and whether it has one.
func (v *vocabulary) find(w string) (uint32, bool) {
	mask := uint64(len(v.table) - 1)
	for i := hash(w) & mask; v.table[i] != 0; i = (i + 1) & mask {
		if id := v.table[i] - 1; string(v.word(id)) == w {
			return id, true
		}
	}
	return 0, false
}

// intern returns the number of a word of at most 255 bytes, giving it one if it has none.
func (v *vocabulary) intern(w string) uint32 {
	if id, ok := v.find(w); ok {
		return id
	}
	if len(v.at)*4 >= len(v.table)*3 {
		v.grow()
	}
	last := len(v.pages) - 1
	if last < 0 || len(v.pages[last])+1+len(w) > 1<<pageBits {
		v.pages = append(v.pages, make([]byte, 0, 1<<pageBits))
		last++
	}
	id := uint32(len(v.at))
	v.at = append(v.at, uint32(last)<<pageBits|uint32(len(v.pages[last])))
	v.pages[last] = append(append(v.pages[last], byte(len(w))), w...)
	v.place(w, id)
	return id
}

func (v *vocabulary) place(w string, id uint32) {
	mask := uint64(len(v.table) - 1)
	i := hash(w) & mask
	for v.table[i] != 0 {
		i = (i + 1) & mask
	}
	v.table[i] = id + 1
}

func (v *vocabulary) grow() {
	v.table = make([]uint32, 2*len(v.table))
	for id := range v.at {
		v.place(string(v.word(uint32(id))), uint32(id))
	}
}

func (v *vocabulary) bytes() int { return len(v.pages)<<pageBits + cap(v.at)*4 + len(v.table)*4 }

// idSet is a set of at most maxWords numbers of words. Its zero value is empty.
type idSet struct {
	slots [4 * maxWords]uint32 // open addressing: a number plus one; 0 is free
	used  []uint16
}

func (s *idSet) clear() {
	for _, at := range s.used {
		s.slots[at] = 0
	}
	s.used = s.used[:0]
}

// place returns where a number is, or would be.
func (s *idSet) place(id uint32) uint32 {
	const mask = uint32(len(s.slots) - 1)
	at := id * 0x9e3779b1 >> 16 & mask
	for s.slots[at] != 0 && s.slots[at] != id+1 {
		at = (at + 1) & mask
	}
	return at
}

func (s *idSet) add(id uint32) {
	if at := s.place(id); s.slots[at] == 0 {
		s.slots[at] = id + 1
		s.used = append(s.used, uint16(at))
	}
}

// has returns 1 if the number is in the set, else 0.
func (s *idSet) has(id uint32) int { return number01(s.slots[s.place(id)] != 0) }
