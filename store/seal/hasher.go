package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
)

// hasher computes HMAC-SHA256 under one key, reusing the keyed state: marks are made several times
// a transaction.
type hasher struct{ pool sync.Pool }

type hashState struct {
	mac      hash.Hash
	buf, out []byte
}

func newHasher(key []byte) *hasher {
	return &hasher{pool: sync.Pool{New: func() any { return &hashState{mac: hmac.New(sha256.New, key)} }}}
}

// sum hashes its arguments, each preceded by its length, and keeps the first MarkSize bytes.
func (h *hasher) sum(first string, rest ...string) (m Mark) {
	s := h.pool.Get().(*hashState)
	defer h.pool.Put(s)
	s.buf = appendPart(s.buf[:0], first)
	for _, p := range rest {
		s.buf = appendPart(s.buf, p)
	}
	s.mac.Reset()
	s.mac.Write(s.buf)
	s.out = s.mac.Sum(s.out[:0])
	copy(m[:], s.out)
	return m
}

func appendPart(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
