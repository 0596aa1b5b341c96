// Package bolt keeps the whole state of Awas Siber in one bbolt file.
//
// Invariants: everything that is text or identifies somebody is sealed, keys of rows carry keyed
// hashes or pseudonyms only; a transaction is on disk before Update returns; indexes and counters
// change in the transaction of the row they describe; a file is never written under another key
// than its own. It owns the buckets listed in schema.go.
//
// One goroutine writes. It takes whatever transactions wait and runs them in one bbolt transaction
// (group commit, see writer.go); readers never wait for it.
package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"

	"go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// Errors of Open and of a closed store.
var (
	// ErrNewer: the file was written by a later version, whose rows this one cannot read.
	ErrNewer = errors.New("store was written by a newer version")
	// ErrClosed: Close was called.
	ErrClosed = errors.New("store is closed")
)

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = 300 * time.Millisecond

// checkWord is what meta "check" holds, sealed.
const checkWord = "awas siber"

// Options are what a Store needs besides its file.
type Options struct {
	Keys *seal.Keyring
	// Now is the clock transactions read; nil is time.Now.
	Now func() time.Time
	// Log is told of panics in transactions; nil is slog.Default.
	Log *slog.Logger
}

// Store implements bot.Store on one file. Make it with Open.
type Store struct {
	db    *bbolt.DB
	keys  *seal.Keyring
	box   *seal.Box
	now   func() time.Time
	log   *slog.Logger
	names [tables]string

	views  sync.Pool // of *scratch
	panics atomic.Int64

	mu     sync.RWMutex // held for reading while a request is handed over
	closed bool
	reqs   chan *request
	done   chan struct{} // closed when the writer has ended
}

// Open opens the file at path or makes a new one, which belongs to o.Keys from then on.
// It returns bot.ErrInUse if another process has it, bot.ErrKey if it was sealed with another key
// and ErrNewer if it is too new; the file is then unchanged.
func Open(path string, o Options) (*Store, error) {
	opts := &bbolt.Options{Timeout: lockWait, FreelistType: bbolt.FreelistMapType}
	if runtime.GOOS != "windows" { // there the file itself would become this big
		opts.InitialMmapSize = 1 << 30
	}
	db, err := bbolt.Open(path, 0o600, opts)
	if errors.Is(err, bolterr.ErrTimeout) {
		return nil, fmt.Errorf("%w: %s", bot.ErrInUse, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s := &Store{
		db: db, keys: o.Keys, box: o.Keys.Box("store"), now: o.Now, log: o.Log, names: names(),
		reqs: make(chan *request, maxBatch), done: make(chan struct{}),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.views.New = func() any { return new(scratch) }
	if err := s.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), db.Close())
	}
	go newWriter(s).loop()
	return s, nil
}

// Exists reports whether a store was ever made at path.
func Exists(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size() > 0, err
}

// prepare checks version and key of the file, and fills a new one. It reads a handful of rows
// however big the file is.
func (s *Store) prepare() error {
	fresh, version := false, uint64(schemaVersion)
	err := s.db.View(func(bt *bbolt.Tx) error {
		meta := bt.Bucket([]byte(s.names[tMeta]))
		if meta == nil {
			fresh = true
			return nil
		}
		v := meta.Get([]byte("schema"))
		if len(v) != 9 {
			return errDamaged(tMeta, s.names)
		}
		if version = binary.BigEndian.Uint64(v[1:]); version > schemaVersion {
			return fmt.Errorf("%w: schema %d, this version knows %d", ErrNewer, version, schemaVersion)
		}
		var word string
		if err := s.begin(bt, new(scratch)).get(tMeta, []byte("check"), &word); err != nil || word != checkWord {
			return fmt.Errorf("%w: the store was sealed with another key file", bot.ErrKey)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case version < schemaVersion:
		return s.migrate(version)
	case !fresh:
		return nil
	}
	return s.db.Update(func(bt *bbolt.Tx) error {
		if err := create(bt); err != nil {
			return err
		}
		t := s.begin(bt, new(scratch))
		if err := t.write(tMeta, []byte("schema"), binary.BigEndian.AppendUint64([]byte{valueVersion}, schemaVersion)); err != nil {
			return err
		}
		return t.put(tMeta, []byte("check"), nil, checkWord)
	})
}

// View runs fn on a snapshot. Writes inside it fail; a panic goes on to the caller.
func (s *Store) View(ctx context.Context, fn func(bot.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	mem := s.views.Get().(*scratch)
	defer s.views.Put(mem)
	return s.read(func(bt *bbolt.Tx) error {
		return fn(s.tx(s.begin(bt, mem)))
	})
}

// read runs fn in a read transaction, or returns ErrClosed.
func (s *Store) read(fn func(*bbolt.Tx) error) error {
	err := s.db.View(fn)
	if errors.Is(err, bolterr.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// Panics is how many transactions ended in a panic since Open. Update returned each as a PanicError.
func (s *Store) Panics() int64 { return s.panics.Load() }

// Close lets the transactions that wait finish, waits for readers, and releases the file. A second
// Close does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.reqs)
	s.mu.Unlock()
	<-s.done
	return s.db.Close()
}
