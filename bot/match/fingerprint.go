package match

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Fingerprint stands for what documents say, whoever sends them: it is equal for documents of the same
// normalised words, files and links, in any order. It is not secret: who knows a text can compute it. False
// if what they say is too little to be sure of: no file or link that tells, and fewer than MinWords words.
func (n *Normaliser) Fingerprint(docs ...Doc) (print [16]byte, ok bool) {
	var sums []string
	for _, d := range docs {
		r := n.read(d)
		if r.empty() {
			continue
		}
		ok = ok || len(r.keys) > 0 || len(r.words) >= MinWords
		sums = append(sums, r.sum())
	}
	slices.Sort(sums)
	h := sha256.New()
	for _, s := range slices.Compact(sums) {
		h.Write([]byte(s))
	}
	copy(print[:], h.Sum(nil))
	return print, ok
}

// sum hashes a reading.
func (r reading) sum() string {
	var b []byte
	for _, k := range r.keys {
		b = binary.LittleEndian.AppendUint64(b, k)
	}
	b = append(b, 0)
	for _, w := range r.words {
		b = append(append(b, w...), ' ')
	}
	h := sha256.Sum256(b)
	return string(h[:])
}

// Telling reports whether a document says enough to contradict: MinWords words, or a file or link that
// tells. A greeting or a question beside a forward does not.
func (n *Normaliser) Telling(d Doc) bool {
	r := n.read(d)
	return len(r.keys) > 0 || len(r.words) >= MinWords
}
