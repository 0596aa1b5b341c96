package match

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// frameSize bounds a frame of a snapshot: its length, its bytes, and the SHA-256 of both and of the sum of
// the frame before, so that frames can be neither changed, lost nor exchanged. An empty frame ends it.
const frameSize = 1 << 20

// frameWriter writes frames; the first error stays.
type frameWriter struct {
	w    io.Writer
	buf  []byte
	last [sha256.Size]byte
	err  error
	room []byte // for a record
}

func (o *frameWriter) bytes(b []byte) {
	if len(o.buf)+len(b) > frameSize {
		o.flush()
	}
	o.buf = append(o.buf, b...)
}

func (o *frameWriter) number(n uint64) {
	o.buf = binary.AppendUvarint(o.buf, n)
	o.full()
}

func (o *frameWriter) fixed(n uint32) {
	o.buf = binary.LittleEndian.AppendUint32(o.buf, n)
	o.full()
}

// word writes at most 255 bytes and their number, in one frame.
func (o *frameWriter) word(w []byte) {
	if len(o.buf)+1+len(w) > frameSize {
		o.flush()
	}
	o.buf = append(append(o.buf, byte(len(w))), w...)
}

func (o *frameWriter) full() {
	if len(o.buf) > frameSize-binary.MaxVarintLen64 {
		o.flush()
	}
}

func (o *frameWriter) flush() {
	frame := binary.LittleEndian.AppendUint32(nil, uint32(len(o.buf)))
	o.last = chained(o.last, frame, o.buf)
	for _, b := range [][]byte{frame, o.buf, o.last[:]} {
		if o.err == nil {
			_, o.err = o.w.Write(b)
		}
	}
	o.buf = o.buf[:0]
}

func (o *frameWriter) end() {
	if len(o.buf) > 0 {
		o.flush()
	}
	o.flush()
}

func chained(last [sha256.Size]byte, parts ...[]byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(last[:])
	for _, p := range parts {
		h.Write(p)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// frameReader reads frames, each whole and checked before anything of it is used. The first error stays,
// and everything read after it is zero.
type frameReader struct {
	r    io.Reader
	buf  []byte
	rest []byte // of buf, what was not used yet
	last [sha256.Size]byte
	err  error
	zero []byte
}

// next reads a frame. It reports whether there is one with something in it.
func (i *frameReader) next() bool {
	var size [4]byte
	var sum [sha256.Size]byte
	if i.err == nil {
		_, i.err = io.ReadFull(i.r, size[:])
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n > frameSize+binary.MaxVarintLen64 {
		i.spoil()
	}
	if i.err != nil {
		return false
	}
	i.buf = slices.Grow(i.buf[:0], int(n))[:n]
	if _, i.err = io.ReadFull(i.r, i.buf); i.err == nil {
		_, i.err = io.ReadFull(i.r, sum[:])
	}
	if i.last = chained(i.last, size[:], i.buf); i.err == nil && sum != i.last {
		i.spoil()
	}
	i.rest = i.buf
	return i.err == nil && n > 0
}

// spoil notes that what was read makes no sense.
func (i *frameReader) spoil() {
	if i.err == nil {
		i.err = io.ErrUnexpectedEOF
	}
}

// need makes sure that n bytes of a frame are left to be read.
func (i *frameReader) need(n int) bool {
	if len(i.rest) == 0 && n > 0 && i.err == nil && !i.next() {
		i.spoil()
	}
	if len(i.rest) < n {
		i.spoil()
	}
	return i.err == nil
}

// bytes returns n bytes, valid until the next call.
func (i *frameReader) bytes(n int) []byte {
	if !i.need(n) {
		i.zero = slices.Grow(i.zero[:0], n)[:n]
		clear(i.zero)
		return i.zero
	}
	b := i.rest[:n]
	i.rest = i.rest[n:]
	return b
}

// word returns what word wrote, valid until the next call.
func (i *frameReader) word() []byte {
	if !i.need(1) {
		return nil
	}
	return i.bytes(int(i.rest[0]) + 1)[1:]
}

func (i *frameReader) number() uint64 {
	if !i.need(1) {
		return 0
	}
	n, size := binary.Uvarint(i.rest)
	if size <= 0 {
		i.spoil()
		return 0
	}
	i.rest = i.rest[size:]
	return n
}

// fixed returns n numbers. It grows as they are read: n may be a lie.
func (i *frameReader) fixed(n int) []uint32 {
	out := make([]uint32, 0, min(n, frameSize/4))
	for len(out) < n && i.need(4) {
		for len(out) < n && len(i.rest) >= 4 {
			out = append(out, binary.LittleEndian.Uint32(i.rest))
			i.rest = i.rest[4:]
		}
	}
	return out
}

// end reports whether everything was read and is whole.
func (i *frameReader) end() bool { return len(i.rest) == 0 && !i.next() && i.err == nil }

func (i *frameReader) fail(why string) error {
	if i.err != nil && !errors.Is(i.err, io.EOF) && !errors.Is(i.err, io.ErrUnexpectedEOF) {
		return i.err
	}
	return fmt.Errorf("%w: %s", ErrSnapshot, why)
}
