package bolt

// arena hands out memory that lives until reset. bbolt keeps the values it is given until the
// commit, so that they cannot share one buffer; the arena spares an allocation for each.
type arena struct {
	chunk []byte
}

// arenaChunk is the size of the chunk that is kept between transactions.
const arenaChunk = 256 << 10

// grab returns an empty slice with room for n bytes.
func (a *arena) grab(n int) []byte {
	if n > arenaChunk/4 {
		return make([]byte, 0, n)
	}
	if cap(a.chunk)-len(a.chunk) < n {
		a.chunk = make([]byte, 0, arenaChunk)
	}
	at := len(a.chunk)
	a.chunk = a.chunk[:at+n]
	return a.chunk[at : at : at+n]
}

// reset takes everything back. Nothing that was handed out may be used any more.
func (a *arena) reset() { a.chunk = a.chunk[:0] }
