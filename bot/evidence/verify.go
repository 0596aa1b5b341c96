package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"awassiber/bot"
)

// Sealed is one stored file as it stands on the disk.
type Sealed struct {
	// SHA256 is its name, in hex. Size is in sealed bytes. Path is relative to the store's
	// directory, with slashes: "files/ab/ab12….age".
	SHA256 string
	Size   int64
	Path   string
	full   string
}

// Open returns the sealed bytes; the caller closes it. bot.ErrNotFound if the file was removed
// since it was listed.
func (f Sealed) Open() (io.ReadCloser, error) {
	r, err := os.Open(f.full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("evidence: %w", bot.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return r, nil
}

// Each calls fn for every stored file in the order of their names, until fn or ctx returns an
// error, which it returns. Files put or removed meanwhile may or may not be seen. Names that are
// not ours are passed over.
func (s *Store) Each(ctx context.Context, fn func(Sealed) error) error {
	return filepath.WalkDir(s.filesDir(), func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		sha := strings.TrimSuffix(d.Name(), suffix)
		if want, err := s.path(sha); err != nil || want != p || !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		return fn(Sealed{SHA256: sha, Size: info.Size(), Path: "files/" + sha[:2] + "/" + d.Name(), full: p})
	})
}

// Report is what Verify found.
type Report struct {
	Files int   // looked at
	Bytes int64 // sealed bytes of these
	Bad   []Damage
}

// Damage is a file that does not hold what its name says.
type Damage struct {
	SHA256 string
	Err    error
}

// errContent: the bytes inside are intact but not those the name promises.
var errContent = errors.New("content does not match its name")

// Verify opens every file and compares what is inside with its name. progress, if not nil, is
// told the sealed bytes done and in total after every file. Damage is reported, not returned; the
// error is ctx's or the directory's.
func (s *Store) Verify(ctx context.Context, progress func(done, total int64)) (Report, error) {
	var total int64
	if err := s.Each(ctx, func(f Sealed) error { total += f.Size; return nil }); err != nil {
		return Report{}, err
	}
	var rep Report
	err := s.Each(ctx, func(f Sealed) error {
		err := s.check(f.SHA256)
		if errors.Is(err, bot.ErrNotFound) {
			return nil // removed meanwhile
		}
		rep.Files++
		rep.Bytes += f.Size
		if err != nil {
			rep.Bad = append(rep.Bad, Damage{SHA256: f.SHA256, Err: err})
		}
		if progress != nil {
			progress(rep.Bytes, max(total, rep.Bytes))
		}
		return nil
	})
	return rep, err
}

func (s *Store) check(sha string) error {
	r, err := s.Open(sha)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	if hex.EncodeToString(h.Sum(nil)) != sha {
		return fmt.Errorf("evidence: %w", errContent)
	}
	return nil
}
