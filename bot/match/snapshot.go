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

const snapshotMagic = "awas-match-1\n"

// WriteSnapshot writes the index, so that the next start need not read every case. What is written
// holds the words of what people sent: the caller must seal it. Queries run meanwhile, Add waits.
// position is whatever tells how far the index has come in the log of events; it comes back from
// ReadSnapshot. The bytes depend on the documents alone.
func (x *Index) WriteSnapshot(w io.Writer, position uint64) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := &frameWriter{w: w}
	out.bytes([]byte(snapshotMagic))
	stamp, err := x.norm.stamp()
	if err != nil {
		return err
	}
	out.bytes(stamp[:])
	out.number(position)
	out.number(uint64(len(x.words.at)))
	for id := range x.words.at {
		out.word(x.words.word(uint32(id)))
	}
	slots := x.writeDocs(out)
	x.writePostings(out, slots)
	out.end()
	return out.err
}

// writeDocs writes the documents that are left, and returns what their slots will be when read.
func (x *Index) writeDocs(out *frameWriter) []uint32 {
	slots := make([]uint32, len(x.docs.ids))
	out.number(uint64(x.live))
	var keys []uint64
	var words []uint32
	next := uint32(1)
	for slot := 1; slot < len(x.docs.ids); slot++ {
		if x.docs.ids[slot] == 0 {
			continue
		}
		slots[slot] = next
		next++
		keys, words = x.docs.read(uint32(slot), keys[:0], words[:0])
		record := appendRecord(out.room[:0], keys, words)
		out.room = record
		out.number(uint64(x.docs.ids[slot]))
		out.number(uint64(len(record)))
		out.bytes(record)
	}
	return slots
}

func (x *Index) writePostings(out *frameWriter, slots []uint32) {
	for _, list := range x.post.lists {
		out.number(uint64(len(list)))
		for _, e := range list {
			out.fixed(e&^maxSlots | slots[e&maxSlots])
		}
	}
	frequent := make([]feature, 0, len(x.post.frequent))
	for f := range x.post.frequent {
		frequent = append(frequent, f)
	}
	slices.Sort(frequent)
	out.number(uint64(len(frequent)))
	for _, f := range frequent {
		out.number(uint64(f))
		out.number(uint64(x.post.frequent[f]))
	}
}

// ReadSnapshot makes an index from what WriteSnapshot wrote, and returns its position. n must be made
// of the same word lists. It returns ErrSnapshot, or the reader's error.
func ReadSnapshot(r io.Reader, n *Normaliser) (x *Index, position uint64, err error) {
	in := &frameReader{r: r}
	stamp, err := n.stamp()
	if err != nil {
		return nil, 0, err
	}
	if string(in.bytes(len(snapshotMagic))) != snapshotMagic || string(in.bytes(len(stamp))) != string(stamp[:]) {
		return nil, 0, in.fail("other version or word lists")
	}
	x = New(n)
	position = in.number()
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
