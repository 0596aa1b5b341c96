package match

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"awassiber/bot"
)

// feature is something to look a document up by: a word, a pair of words, the whole text, a key, or
// the case. It is a hash of featureBits bits; documents found by chance of a collision are sorted
// out when they are verified.
type feature uint32

const featureBits = 27

// Kinds of feature, mixed into the hash.
const (
	kindWord = iota + 1
	kindPair
	kindTriple
	kindRun
	kindText
	kindKey
	kindCase
)

// docAnchors and docSpan: a document is listed under pairs and triples of its anchors, the words with the
// lowest hashes; which words these are survives editing, cutting and reordering (bottom-k sampling, Broder
// 1997). Those are listed that lie within docSpan. A query asks for those of its
// queryAnchors lowest that lie within querySpan: words put in push others apart. Pairs survive much editing; triples stay rare where everybody uses
// the same words.
//
// docRuns and queryRuns: it is also listed under the docRuns lowest of its runs of three words that say
// something; they find what was cut off in the middle.
const (
	docAnchors   = 8
	docSpan      = 2
	queryAnchors = 12
	querySpan    = 5
	docRuns      = 20
	queryRuns    = 40
)

// mix spreads the bits of x (the finaliser of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// hash is FNV-1a with its bits spread. It must never change: snapshots hold what it says.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

func featureOf(kind, x uint64) feature {
	return feature(mix(x+kind*0x9e3779b97f4a7c15) >> (64 - featureBits))
}

// keyOf is the stored form of an exact key; its last bit says whether it is a link.
func keyOf(by Evidence, s string) uint64 {
	sum := sha256.Sum256([]byte(string(by) + ":" + s))
	k := binary.BigEndian.Uint64(sum[:]) &^ 1
	if by == ByLink {
		k |= 1
	}
	return k
}

// evidence is what a key was made of.
func evidence(key uint64) Evidence {
	if key&1 != 0 {
		return ByLink
	}
	return ByFile
}

// textHash is of a sequence of words, by their hashes.
func textHash(hashes []uint64) uint64 {
	t := uint64(len(hashes))
	for _, h := range hashes {
		t = mix(t ^ h)
	}
	return t
}

// telltale reports whether a document may be looked up by a word.
func (l *lexicon) telltale(w string) bool {
	return (len(w) > 2 || len(w) == 2 && isDigit(w[0])) && l.classes[w]&classCommon == 0
}

// hashes appends the hashes of words, and of those that say something, in their order.
func (l *lexicon) hashes(words []string, all, said []uint64) (_, _ []uint64) {
	for _, w := range words {
		h := hash(w)
		all = append(all, h)
		if l.telltale(w) {
			said = append(said, h)
		}
	}
	return all, said
}

// distinct appends the distinct ones of hashes to into, lowest first.
func distinct(hashes, into []uint64) []uint64 {
	into = append(into[:0], hashes...)
	slices.Sort(into)
	return slices.Compact(into)
}

// runs appends the features of the lowest runs of three words, each once, at most limit.
func runs(said []uint64, limit int, into []feature) []feature {
	from := len(into)
	for i := 2; i < len(said); i++ {
		into = append(into, featureOf(kindRun, mix(said[i-2])^mix(said[i-1]+1)^said[i]))
	}
	slices.Sort(into[from:])
	into = slices.Compact(into)
	return into[:min(len(into), from+limit)]
}

// tuples appends the features of pairs and triples of the first words of content that lie within span.
func tuples(content []uint64, anchors, span int, into []feature) []feature {
	content = content[:min(anchors, len(content))]
	for i, a := range content {
		rest := content[i+1 : min(len(content), i+1+span)]
		for j, b := range rest {
			pair := a ^ mix(b)
			into = append(into, featureOf(kindPair, pair))
			for _, c := range rest[j+1:] {
				into = append(into, featureOf(kindTriple, mix(pair)^mix(c)))
			}
		}
	}
	return into
}

// docFeatures appends what a document is found by, each once. all and said are the hashes of its words.
func docFeatures(all, said, keys []uint64, id bot.CaseID, out []feature) []feature {
	content := distinct(said, nil)
	out = slices.Grow(out, len(content)+2*docAnchors*docSpan+docRuns+len(keys)+2)
	for _, h := range content {
		out = append(out, featureOf(kindWord, h))
	}
	out = tuples(content, docAnchors, docSpan, out)
	out = runs(said, docRuns, out)
	for _, k := range keys {
		out = append(out, featureOf(kindKey, k))
	}
	if len(all) > 0 {
		out = append(out, featureOf(kindText, textHash(all)))
	}
	out = append(out, featureOf(kindCase, uint64(id)))
	slices.Sort(out)
	return slices.Compact(out)
}
