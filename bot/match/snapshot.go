package match

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"awassiber/bot"
)

// ErrSnapshot is returned by ReadSnapshot for a snapshot that is damaged, of another version, or made
// with other word lists. The index must then be built from the cases.
var ErrSnapshot = errors.New("match: snapshot unusable")

const snapshotMagic = "awas-match-2\n"

// ReadSnapshot makes an index from what WriteSnapshot wrote, and returns its position. n must be made
// of the same word lists. It returns ErrSnapshot, or the reader's error.
func ReadSnapshot(r io.Reader, n *Normaliser) (x *Index, position uint64, err error) {
	return readSnapshot(r, newIndex(n, maxFrequency))
}

// readSnapshot fills an empty index.
func readSnapshot(r io.Reader, x *Index) (_ *Index, position uint64, err error) {
	in := &frameReader{r: r}
	n := x.norm
	stamp, err := n.stamp()
	if err != nil {
		return nil, 0, err
	}
	if string(in.bytes(len(snapshotMagic))) != snapshotMagic || string(in.bytes(len(stamp))) != string(stamp[:]) {
		return nil, 0, in.fail("other version or word lists")
	}
	position = in.number()
	if in.number() != uint64(x.post.limit) {
		return nil, 0, in.fail("other limits")
	}
	for count := in.number(); count > 0 && in.err == nil; count-- {
		x.words.intern(string(in.word()))
	}
	x.readDocs(in)
	x.readPostings(in)
	if !in.end() {
		return nil, 0, in.fail("damaged")
	}
	return x, position, nil
}

func (x *Index) readDocs(in *frameReader) {
	for count := in.number(); count > 0 && in.err == nil; count-- {
		id, size := in.number(), in.number()
		if id == 0 || size > maxRecord || len(x.docs.ids) > maxSlots {
			in.spoil()
			return
		}
		x.docs.put(bot.CaseID(id), in.bytes(int(size)))
		x.live++
	}
}

func (x *Index) readPostings(in *frameReader) {
	for i := range x.post.lists {
		n := in.number()
		if n > maxSlots || in.err != nil {
			in.spoil()
			return
		}
		x.post.lists[i] = in.fixed(int(n))
	}
	for count := in.number(); count > 0 && in.err == nil; count-- {
		f := feature(in.number())
		x.post.frequent[f] = uint32(in.number())
	}
}

// stamp is of everything that decides what the words of a text are.
func (n *Normaliser) stamp() ([sha256.Size]byte, error) {
	h := sha256.New()
	err := fs.WalkDir(kata, "kata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := kata.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n", path, len(raw))
		h.Write(raw)
		return err
	})
	words := make([]string, 0, len(n.lex.classes))
	for w, c := range n.lex.classes {
		if c&classPlace != 0 {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	fmt.Fprintln(h, words)
	return [sha256.Size]byte(h.Sum(nil)), err
}
