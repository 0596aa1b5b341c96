package evidence

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/age"

	"awassiber/bot"
)

// Options bound what is kept. The zero value takes the defaults.
type Options struct {
	// MaxBytes is the largest file kept, in plain bytes. Default 20 MiB: more than the 20 MB the
	// Bot API hands out (getFile, core.telegram.org/bots/api#getfile).
	MaxBytes int64
	// MaxPixels is the largest image kept, width times height. Default 120 million: above the
	// 108-megapixel photographs of present phones, and at four bytes a pixel still decodable.
	MaxPixels int64
}

// Defaults of Options.
const (
	DefaultMaxBytes  = 20 << 20
	DefaultMaxPixels = 120_000_000
)

// stale is the age from which a file in tmp/ belongs to no running process. A backup opens the
// same directory while the bot writes to it, and must not sweep what is being written.
const stale = time.Hour

// Store keeps files in one directory. It is safe for concurrent use, also by a second process
// that only reads.
type Store struct {
	dir  string
	id   age.Identity
	to   age.Recipient
	max  Options
	disk disk
	// naming covers the moment a file gets or loses its name, so that one Put cannot rely on a
	// file that a Remove is taking away or another Put failed to make durable.
	naming sync.Mutex
}

// Open prepares dir for files sealed to the recipient and opened with the identity. It creates the
// directory, and removes leftovers of interrupted writes.
func Open(dir string, id age.Identity, to age.Recipient, o Options) (*Store, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxPixels <= 0 {
		o.MaxPixels = DefaultMaxPixels
	}
	s := &Store{dir: dir, id: id, to: to, max: o, disk: osDisk{}}
	for _, d := range []string{s.filesDir(), s.tmpDir()} {
		if err := s.disk.MkdirAll(d); err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
	}
	if err := s.disk.SyncDir(dir); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if err := s.sweep(time.Now().Add(-stale)); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return s, nil
}

func (s *Store) filesDir() string { return filepath.Join(s.dir, "files") }
func (s *Store) tmpDir() string   { return filepath.Join(s.dir, "tmp") }

// sweep removes files in tmp/ last written before then.
func (s *Store) sweep(then time.Time) error {
	entries, err := os.ReadDir(s.tmpDir())
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || info.ModTime().After(then) {
			continue
		}
		if err := s.disk.Remove(filepath.Join(s.tmpDir(), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// path is where the file of a hash stands. Anything but 64 lower-case hex digits is
// bot.ErrNotFound, so no text from outside can name another path.
func (s *Store) path(sha string) (string, error) {
	if !validSHA(sha) {
		return "", fmt.Errorf("evidence: not a SHA-256: %w", bot.ErrNotFound)
	}
	return filepath.Join(s.filesDir(), sha[:2], sha+suffix), nil
}

const suffix = ".age"

func validSHA(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == s
}

// Has reports whether a file of that hash is stored. That it is whole, only reading it shows.
func (s *Store) Has(sha string) bool {
	p, err := s.path(sha)
	if err != nil {
		return false
	}
	_, err = os.Stat(p)
	return err == nil
}

// Open returns the plain bytes of a stored file; the caller closes it. bot.ErrNotFound if there is
// no such file, bot.ErrKey if it was sealed to somebody else. A damaged file shows as an error of
// Read: age authenticates every 64 KiB.
func (s *Store) Open(sha string) (io.ReadCloser, error) {
	p, err := s.path(sha)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: %w", bot.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	plain, err := s.unseal(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, f}, nil
}

func (s *Store) unseal(r io.Reader) (io.Reader, error) {
	plain, err := age.Decrypt(r, s.id)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, fmt.Errorf("evidence: %w", bot.ErrKey)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return plain, nil
}

// Remove deletes a file. Removing what is not there succeeds: after a crash the same job is done
// again. Whether anything still refers to the file is the caller's question.
func (s *Store) Remove(sha string) error {
	p, err := s.path(sha)
	if err != nil {
		return err
	}
	s.naming.Lock()
	defer s.naming.Unlock()
	if err := s.disk.Remove(p); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("evidence: %w", err)
	}
	if err := s.disk.SyncDir(filepath.Dir(p)); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}
