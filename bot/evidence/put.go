package evidence

import (
	"bytes"
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

	"filippo.io/age"
	"github.com/gabriel-vasile/mimetype"

	"awassiber/bot"
)

// headBytes is how much of a file's beginning decides its type; mimetype looks no further.
const headBytes = 3072

// Put reads r to its end and keeps what it read. It returns an attachment with SHA256, Size, MIME
// (sniffed, without parameters) and State filled, the rest empty. Content that is here already is
// not stored again.
//
// Errors: bot.ErrTooLarge over Options.MaxBytes, bot.ErrRefused for an image over
// Options.MaxPixels, what r returned, ctx's, or the file system's. After an error nothing may
// refer to the file.
func (s *Store) Put(ctx context.Context, r io.Reader) (bot.Attachment, error) {
	f, err := s.disk.Create(s.tmpDir())
	if err != nil {
		return bot.Attachment{}, fmt.Errorf("evidence: %w", err)
	}
	got, err := s.write(ctx, f, r)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = s.harmless(f.Name())
	}
	if err == nil {
		err = s.name(f.Name(), got.SHA256)
	} else {
		err = errors.Join(err, s.discard(f.Name()))
	}
	if err != nil {
		return bot.Attachment{}, fmt.Errorf("evidence: %w", err)
	}
	return got, nil
}

// write seals r into f and syncs it.
func (s *Store) write(ctx context.Context, f file, r io.Reader) (bot.Attachment, error) {
	sealed, err := age.Encrypt(f, s.to)
	if err != nil {
		return bot.Attachment{}, err
	}
	hash, head := sha256.New(), &beginning{}
	// One byte over the cap is enough to know that there are more than the cap.
	in := &watched{ctx: ctx, r: io.LimitReader(r, s.max.MaxBytes+1)}
	n, err := io.Copy(io.MultiWriter(sealed, hash, head), in)
	switch {
	case err != nil:
		return bot.Attachment{}, err
	case n > s.max.MaxBytes:
		return bot.Attachment{}, bot.ErrTooLarge
	}
	if err := sealed.Close(); err != nil {
		return bot.Attachment{}, err
	}
	if err := f.Sync(); err != nil {
		return bot.Attachment{}, err
	}
	mime, _, _ := strings.Cut(mimetype.Detect(head.Bytes()).String(), ";")
	return bot.Attachment{
		SHA256: hex.EncodeToString(hash.Sum(nil)),
		Size:   n,
		MIME:   mime,
		State:  bot.FileStored,
	}, nil
}

// harmless opens a sealed file again and reads its image header, which may stand far behind the
// beginning (a JPEG's follows all its metadata).
func (s *Store) harmless(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	plain, err := s.unseal(f)
	if err != nil {
		return err
	}
	if n := pixels(plain); n > s.max.MaxPixels {
		return fmt.Errorf("image of %d pixels: %w", n, bot.ErrRefused)
	}
	return nil
}

// name gives a finished temporary file its place, or discards it if the content is there already.
// The directory is synced in both cases: whoever put the same content before may have failed to.
func (s *Store) name(tmp, sha string) error {
	p, err := s.path(sha)
	if err != nil {
		return errors.Join(err, s.discard(tmp))
	}
	s.naming.Lock()
	defer s.naming.Unlock()
	if err := s.place(tmp, p); err != nil {
		return errors.Join(err, s.discard(tmp))
	}
	return s.disk.SyncDir(filepath.Dir(p))
}

func (s *Store) place(tmp, p string) error {
	dir := filepath.Dir(p)
	if err := s.disk.MkdirAll(dir); err != nil {
		return err
	}
	if err := s.disk.SyncDir(s.filesDir()); err != nil {
		return err
	}
	switch _, err := os.Stat(p); {
	case err == nil:
		return s.discard(tmp)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return s.disk.Rename(tmp, p)
}

func (s *Store) discard(tmp string) error {
	if err := s.disk.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// beginning keeps the first headBytes written to it.
type beginning struct{ bytes.Buffer }

func (b *beginning) Write(p []byte) (int, error) {
	if room := headBytes - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// watched ends a copy when its context does, whether or not the reader knows of it.
type watched struct {
	ctx context.Context
	r   io.Reader
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
