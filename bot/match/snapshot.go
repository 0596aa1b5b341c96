package match

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	gohash "hash"
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
	out := &snapshotWriter{w: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	out.bytes([]byte(snapshotMagic))
	stamp, err := x.norm.stamp()
	if err != nil {
		return err
	}
	out.bytes(stamp[:])
	out.number(position)
	out.number(uint64(len(x.words.at)))
	for id := range x.words.at {
		word := x.words.word(uint32(id))
		out.bytes([]byte{byte(len(word))})
		out.bytes(word)
	}
	slots := x.writeDocs(out)
	x.writePostings(out, slots)
	out.end()
	return out.err
}

// writeDocs writes the documents that are left, and returns what their slots will be when read.
func (x *Index) writeDocs(out *snapshotWriter) []uint32 {
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

func (x *Index) writePostings(out *snapshotWriter, slots []uint32) {
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
	in := &snapshotReader{sum: sha256.New()}
	in.r = bufio.NewReaderSize(r, 1<<16)
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
		x.words.intern(string(in.bytes(int(in.byte()))))
	}
	x.readDocs(in)
	x.readPostings(in)
	if !in.end() {
		return nil, 0, in.fail("damaged")
	}
	return x, position, nil
}

func (x *Index) readDocs(in *snapshotReader) {
	for count := in.number(); count > 0 && in.err == nil; count-- {
		id, size := in.number(), in.number()
		if id == 0 || size > maxRecord || len(x.docs.ids) > maxSlots {
			in.err = cmpErr(in.err, io.ErrUnexpectedEOF)
			return
		}
		x.docs.put(bot.CaseID(id), in.bytes(int(size)))
		x.live++
	}
}

func (x *Index) readPostings(in *snapshotReader) {
	for i := range x.post.lists {
		n := in.number()
		if n > maxSlots || in.err != nil {
			in.err = cmpErr(in.err, io.ErrUnexpectedEOF)
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

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// snapshotWriter writes and sums up; the first error stays.
type snapshotWriter struct {
	w    *bufio.Writer
	sum  gohash.Hash
	err  error
	room []byte
	buf  [binary.MaxVarintLen64]byte
}

func (o *snapshotWriter) bytes(b []byte) {
	if o.err == nil {
		o.sum.Write(b)
		_, o.err = o.w.Write(b)
	}
}

func (o *snapshotWriter) number(n uint64) { o.bytes(binary.AppendUvarint(o.buf[:0], n)) }

func (o *snapshotWriter) fixed(n uint32) { o.bytes(binary.LittleEndian.AppendUint32(o.buf[:0], n)) }

func (o *snapshotWriter) end() {
	o.bytes(o.sum.Sum(nil))
	if o.err == nil {
		o.err = o.w.Flush()
	}
}

// snapshotReader reads and sums up; the first error stays, and everything read after it is zero.
type snapshotReader struct {
	r    *bufio.Reader
	sum  gohash.Hash
	err  error
	room []byte
}

// bytes returns n bytes, valid until the next call.
func (i *snapshotReader) bytes(n int) []byte {
	i.room = slices.Grow(i.room[:0], n)[:n]
	if i.err == nil {
		_, i.err = io.ReadFull(i.r, i.room)
	}
	if i.err != nil {
		clear(i.room)
	}
	i.sum.Write(i.room)
	return i.room
}

func (i *snapshotReader) byte() byte { return i.bytes(1)[0] }

func (i *snapshotReader) number() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := i.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	i.err = cmpErr(i.err, io.ErrUnexpectedEOF)
	return 0
}

// fixed returns n numbers. It grows as they are read: n may be a lie.
func (i *snapshotReader) fixed(n int) []uint32 {
	const share = 1 << 14
	out := make([]uint32, 0, min(n, share))
	for len(out) < n && i.err == nil {
		b := i.bytes(4 * min(n-len(out), share))
		for ; len(b) > 0; b = b[4:] {
			out = append(out, binary.LittleEndian.Uint32(b))
		}
	}
	return out
}

// end reports whether everything was there and adds up.
func (i *snapshotReader) end() bool {
	want := i.sum.Sum(nil)
	return i.err == nil && string(i.bytes(len(want))) == string(want) && i.err == nil
}

func (i *snapshotReader) fail(why string) error {
	if i.err != nil && !errors.Is(i.err, io.EOF) && !errors.Is(i.err, io.ErrUnexpectedEOF) {
		return i.err
	}
	return fmt.Errorf("%w: %s", ErrSnapshot, why)
}
