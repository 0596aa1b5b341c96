package match

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"awassiber/bot"
)

// ErrFull is returned by Add when the index holds as many documents as it can number, two million.
var ErrFull = errors.New("match: the index is full")

// Doc is something people forward: a text, links that stand beside it rather than in it, and exact
// keys of what else it consists of, such as "tg:…" (the platform's own file hash) or "sha256:…".
// Links in the text count too. The zero value is a document that matches nothing.
type Doc struct {
	Text  string
	Links []string
	Keys  []string
}

// Index finds the cases a document may belong to. It may be used from several goroutines: queries
// run beside each other, and wait only while a document is being put in or taken out (tens of
// microseconds). Add, Remove and WriteSnapshot wait for one another. Make one with New.
type Index struct {
	norm *Normaliser
	pool sync.Pool // of *scratch

	// writing is held by whoever may change the index, from before looking until after the change; mu,
	// besides, for the change itself.
	writing sync.Mutex
	mu      sync.RWMutex
	post    *postings
	words   *vocabulary
	docs    *documents
	live    int
}

// New makes an empty index.
func New(n *Normaliser) *Index { return newIndex(n, maxFrequency) }

// newIndex makes an index that looks documents up by what at most limit of them have.
func newIndex(n *Normaliser, limit int) *Index {
	return &Index{norm: n, post: newPostings(limit), words: newVocabulary(), docs: newDocuments()}
}

// reading is a document, normalised.
type reading struct {
	words []string
	keys  []uint64 // of files and telling links, ascending
}

func (n *Normaliser) read(d Doc) reading {
	words, links := n.parse(d.Text)
	r := reading{words: words}
	for _, l := range d.Links {
		if c, ok := CanonicalURL(l); ok {
			links = append(links, c)
		}
	}
	for _, l := range links[:min(len(links), maxLinks)] {
		if telling(l) {
			r.keys = append(r.keys, keyOf(ByLink, l))
		}
	}
	for _, k := range d.Keys[:min(len(d.Keys), maxLinks)] {
		r.keys = append(r.keys, keyOf(ByFile, k))
	}
	slices.Sort(r.keys)
	r.keys = slices.Compact(r.keys)
	return r
}

// empty reports whether a document matches nothing.
func (r reading) empty() bool { return len(r.words) == 0 && len(r.keys) == 0 }

func (r reading) equal(o reading) bool {
	return slices.Equal(r.keys, o.keys) && slices.Equal(r.words, o.words)
}

// Add puts a document of a case into the index. A case may have several: every variant that was
// received makes it easier to find. The same document of the same case is put in once, so that
// events may be replayed; one that says nothing is not put in. It returns ErrFull.
func (x *Index) Add(id bot.CaseID, d Doc) error {
	r := x.norm.read(d)
	if r.empty() || id == 0 {
		return nil
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.has(id, r) {
		return nil
	}
	return x.change(id, nil, []reading{r})
}

// has reports whether a case has this very document.
func (x *Index) has(id bot.CaseID, r reading) bool {
	return slices.ContainsFunc(x.slots(id), func(slot uint32) bool { return x.is(slot, r) })
}

// is reports whether a document says this.
func (x *Index) is(slot uint32, r reading) bool {
	keys, words := x.content(slot)
	return r.equal(reading{words, keys})
}

// slots returns where the documents of a case are.
func (x *Index) slots(id bot.CaseID) []uint32 {
	var out []uint32
	list, n := x.post.find(featureOf(kindCase, uint64(id)))
	if n > len(list) { // a case with a thousand variants
		for slot, owner := range x.docs.ids {
			if owner == id {
				out = append(out, uint32(slot))
			}
		}
		return out
	}
	for _, e := range list {
		if slot := e & maxSlots; x.docs.ids[slot] == id {
			out = append(out, slot)
		}
	}
	return out
}

// content returns the keys and words of a document.
func (x *Index) content(slot uint32) ([]uint64, []string) {
	keys, numbers := x.docs.read(slot, nil, nil)
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = string(x.words.word(n))
	}
	return keys, words
}

// Size says what an index holds.
type Size struct {
	Docs  int // documents in it
	Words int // distinct words of theirs, and of some that were taken out
	Bytes int // memory held, without what the collector has not yet taken back
}

// String is for logs.
func (s Size) String() string {
	return fmt.Sprintf("%d documents, %d words, %d bytes", s.Docs, s.Words, s.Bytes)
}

// Size looks through the whole index; it is for metrics, not for every query.
func (x *Index) Size() Size {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return Size{x.live, len(x.words.at), x.post.bytes() + x.words.bytes() + x.docs.bytes()}
}
