package catalog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
)

// Sealer seals the snapshot's pieces. What was sealed with other context does not open.
type Sealer interface {
	Seal(plain, context []byte) []byte
	Open(sealed, context []byte) ([]byte, error)
}

// pieceSize is how much is sealed at a time, so that the whole never lies in memory twice.
const pieceSize = 1 << 20

var errSnapshot = errors.New("catalog: the snapshot does not fit")

// open reads the snapshot if it fits the store, or begins from nothing.
func (c *Catalog) open(ctx context.Context) (*match.Index, bot.EventID, error) {
	index, position, err := c.load(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.o.Log.Warn("catalog: the index is built again", "err", err)
	}
	if err != nil {
		index, position = match.New(c.norm), 0
	}
	var last bot.EventID
	if err := c.store.View(ctx, func(tx bot.Tx) (err error) { last, err = tx.LastEvent(); return err }); err != nil {
		return nil, 0, fmt.Errorf("catalog: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.index, c.position, c.last = index, position, last
	c.rebuild, c.saved = err != nil && last > 0, c.now()
	return index, position, nil
}

func (c *Catalog) load(ctx context.Context) (*match.Index, bot.EventID, error) {
	if c.o.Path == "" {
		return nil, 0, fs.ErrNotExist
	}
	if err := c.sweep(); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(c.o.Path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	pieces := &unsealer{from: bufio.NewReader(f), sealer: c.o.Sealer}
	var hash [32]byte
	if _, err := io.ReadFull(pieces, hash[:]); err != nil {
		return nil, 0, err
	}
	index, position, err := match.ReadSnapshot(pieces, c.norm)
	if err != nil {
		return nil, 0, err
	}
	is, err := c.hashAt(ctx, bot.EventID(position))
	if err != nil {
		return nil, 0, err
	}
	if is != hash { // of another store, or of this one before it was restored
		return nil, 0, errSnapshot
	}
	return index, bot.EventID(position), nil
}

// hashAt is the hash of an event, which no two stores share; zero for the time before the first.
func (c *Catalog) hashAt(ctx context.Context, id bot.EventID) (hash [32]byte, err error) {
	if id == 0 {
		return hash, nil
	}
	err = c.store.View(ctx, func(tx bot.Tx) error {
		for e, err := range tx.EventsAfter(id - 1) {
			if err != nil {
				return err
			}
			if e.ID == id {
				copy(hash[:], e.Hash)
			}
			return nil
		}
		return nil
	})
	return hash, err
}

// Save writes the snapshot for the next start, if there is anything new to write.
func (c *Catalog) Save(ctx context.Context) error {
	c.mu.Lock()
	index, position, due := c.index, c.position, c.o.Path != "" && c.unsaved > 0 && c.current
	unsaved, erased := c.unsaved, c.erased
	c.mu.Unlock()
	if !due {
		return nil
	}
	hash, err := c.hashAt(ctx, position)
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	if err := c.write(index, position, hash); err != nil {
		return fmt.Errorf("catalog: snapshot: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unsaved, c.saved = c.unsaved-unsaved, c.now()
	if c.erased = (time.Time{}); c.unsaved > 0 && !erased.IsZero() {
		c.erased = erased // something more may have been taken out meanwhile
	}
	return nil
}

const halfWritten = ".indeks-"

// sweep removes what a process that was killed left half written.
func (c *Catalog) sweep() error {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(c.o.Path), halfWritten+"*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// write puts the file beside the old one and then in its place, on disk before it is seen.
func (c *Catalog) write(index *match.Index, position bot.EventID, hash [32]byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(c.o.Path), halfWritten+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	out := bufio.NewWriter(f)
	pieces := &resealer{to: out, sealer: c.o.Sealer}
	_, err = pieces.Write(hash[:])
	err = errors.Join(err, index.WriteSnapshot(pieces, uint64(position)))
	if err == nil {
		err = pieces.flush(true)
	}
	if err = errors.Join(err, out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), c.o.Path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(c.o.Path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// pieceContext binds a piece to its place and to being the last, so that none can be left out or exchanged.
func pieceContext(n uint64, last bool) []byte {
	b := binary.BigEndian.AppendUint64([]byte("indeks/"), n)
	if last {
		return append(b, 1)
	}
	return append(b, 0)
}

// resealer seals what is written to it, piece by piece.
type resealer struct {
	to     io.Writer
	sealer Sealer
	piece  []byte
	n      uint64
}

func (r *resealer) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		room := min(pieceSize-len(r.piece), len(rest))
		r.piece, rest = append(r.piece, rest[:room]...), rest[room:]
		if len(r.piece) == pieceSize && len(rest) > 0 {
			if err := r.flush(false); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

func (r *resealer) flush(last bool) error {
	sealed := r.sealer.Seal(r.piece, pieceContext(r.n, last))
	head := binary.BigEndian.AppendUint32(nil, uint32(len(sealed)))
	if last {
		head[0] |= 0x80
	}
	r.piece, r.n = r.piece[:0], r.n+1
	_, err := r.to.Write(append(head, sealed...))
	return err
}

// unsealer reads what a resealer wrote.
type unsealer struct {
	from   io.Reader
	sealer Sealer
	piece  bytes.Reader
	n      uint64
	last   bool
}

func (u *unsealer) Read(p []byte) (int, error) {
	for u.piece.Len() == 0 {
		if u.last {
			return 0, io.EOF
		}
		var head [4]byte
		if _, err := io.ReadFull(u.from, head[:]); err != nil {
			return 0, err
		}
		u.last = head[0]&0x80 != 0
		head[0] &^= 0x80
		size := binary.BigEndian.Uint32(head[:])
		if size > 2*pieceSize {
			return 0, errSnapshot
		}
		sealed := make([]byte, size)
		if _, err := io.ReadFull(u.from, sealed); err != nil {
			return 0, err
		}
		plain, err := u.sealer.Open(sealed, pieceContext(u.n, u.last))
		if err != nil {
			return 0, errors.Join(errSnapshot, err)
		}
		u.n++
		u.piece.Reset(plain)
	}
	return u.piece.Read(p)
}
