package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"

	"awassiber/bot"
)

// A backup is a tar file encrypted with age to the key file's identity, so that `age -d -i awas.key`
// and `tar` open it without this program. Members, in this order:
//
//	store.db                        the store, a consistent copy
//	evidence/files/ab/ab12….age     files people sent, sealed once more as they stand on the disk
//	whatsapp.db                     the link to the WhatsApp phone, if there is one, a consistent copy
//	manifest.json                   what was written, with the SHA-256 of every other member
//
// The manifest comes last because hashes are known only then; a backup that was cut has none.
const (
	storeMember    = "store.db"
	evidenceFolder = "evidence/"
	sessionMember  = "whatsapp.db"
	manifestMember = "manifest.json"
	archiveFormat  = 1
)

// Bounds of what readArchive believes. They stop nonsense from filling a disk, not real backups.
const (
	maxMember   = 1 << 40 // bytes
	maxManifest = 1 << 29
)

// evidenceMember is the only form of member besides the fixed names: no path can leave its folder.
var evidenceMember = regexp.MustCompile(`^evidence/files/([0-9a-f]{2})/([0-9a-f]{64})\.age$`)

// manifest describes a backup.
type manifest struct {
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the program that wrote it
	Time    time.Time `json:"time"`    // when it was begun, UTC
	Members []member  `json:"members"`
}

type member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// files is how many evidence files the backup holds; size is the bytes of all members.
func (m manifest) files() (n int) {
	for _, f := range m.Members {
		if strings.HasPrefix(f.Name, evidenceFolder) {
			n++
		}
	}
	return n
}

func (m manifest) size() (n int64) {
	for _, f := range m.Members {
		n += f.Size
	}
	return n
}

// archiveWriter writes a backup.
type archiveWriter struct {
	sealed io.WriteCloser
	tar    *tar.Writer
	man    manifest
}

func newArchive(w io.Writer, to age.Recipient, now time.Time) (*archiveWriter, error) {
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return nil, fmt.Errorf("encrypt backup: %w", err)
	}
	return &archiveWriter{sealed: sealed, tar: tar.NewWriter(sealed),
		man: manifest{Format: archiveFormat, Version: version, Time: now.UTC().Truncate(time.Second)}}, nil
}

// add appends a member of exactly size bytes.
func (a *archiveWriter) add(ctx context.Context, name string, size int64, r io.Reader) error {
	h := sha256.New()
	if err := a.tar.WriteHeader(a.header(name, size)); err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	n, err := io.Copy(io.MultiWriter(a.tar, h), cancelled{ctx, r})
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("backup %s: %w", name, err)
	}
	a.man.Members = append(a.man.Members, member{name, size, hex.EncodeToString(h.Sum(nil))})
	return nil
}

func (a *archiveWriter) header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: a.man.Time, Format: tar.FormatPAX}
}

// close writes the manifest and the end of the archive. Without it the archive is not valid.
func (a *archiveWriter) close() error {
	text, err := json.MarshalIndent(a.man, "", " ")
	if err != nil {
		return err
	}
	if err := a.tar.WriteHeader(a.header(manifestMember, int64(len(text)))); err != nil {
		return err
	}
	if _, err := a.tar.Write(text); err != nil {
		return err
	}
	return errors.Join(a.tar.Close(), a.sealed.Close())
}

// cancelled is a reader that ends with the context's error.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Errors of readArchive about the content, not the disk.
var (
	errArchive = errors.New("backup is damaged")
	errNewer   = errors.New("backup has a newer format")
)

// sink takes a member of a backup; it must read r to its end.
type sink func(name string, size int64, r io.Reader) error

// discard is the sink of a check.
func discard(_ string, _ int64, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// readArchive reads a whole backup, gives every member to take, and compares all with the manifest.
// bot.ErrKey if it was encrypted to another key, errArchive if it is not whole. What take was given
// may be believed only after readArchive returned nil.
func readArchive(ctx context.Context, r io.Reader, id age.Identity, take sink) (manifest, error) {
	plain, err := age.Decrypt(cancelled{ctx, r}, id)
	if other := (*age.NoIdentityMatchError)(nil); errors.As(err, &other) {
		return manifest{}, fmt.Errorf("%w: the backup was made with another key file", bot.ErrKey)
	}
	if err != nil {
		return manifest{}, fmt.Errorf("%w: %w", errArchive, err)
	}
	got := map[string]member{}
	var man *manifest
	for t := tar.NewReader(plain); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return manifest{}, fmt.Errorf("%w: %w", errArchive, err)
		}
		if err := checkHeader(h, got, man); err != nil {
			return manifest{}, err
		}
		if h.Name == manifestMember {
			if man, err = readManifest(t); err != nil {
				return manifest{}, err
			}
			continue
		}
		if got[h.Name], err = takeMember(h, t, take); err != nil {
			return manifest{}, err
		}
	}
	// The end of the age stream is authenticated: a cut file shows here at the latest.
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return manifest{}, fmt.Errorf("%w: %w", errArchive, err)
	}
	return compare(man, got)
}

func checkHeader(h *tar.Header, got map[string]member, man *manifest) error {
	parts := evidenceMember.FindStringSubmatch(h.Name)
	known := h.Name == storeMember || h.Name == manifestMember || h.Name == sessionMember || parts != nil && parts[1] == parts[2][:2]
	_, twice := got[h.Name]
	empty := (h.Name == storeMember || h.Name == sessionMember) && h.Size == 0 // would be taken for a store not yet made
	if !known || twice || empty || man != nil || h.Typeflag != tar.TypeReg || h.Size > maxMember {
		return fmt.Errorf("%w: unexpected member %q", errArchive, h.Name)
	}
	return nil
}

func takeMember(h *tar.Header, r io.Reader, take sink) (member, error) {
	body := &hashing{r: r, h: sha256.New()}
	if err := take(h.Name, h.Size, body); err != nil {
		if body.err != nil {
			err = fmt.Errorf("%w: %w", errArchive, err)
		}
		return member{}, err
	}
	return member{h.Name, h.Size, hex.EncodeToString(body.h.Sum(nil))}, nil
}

// hashing hashes what is read through it and remembers a failure of the source, to tell it from
// one of the destination.
type hashing struct {
	r   io.Reader
	h   hash.Hash
	err error
}

func (b *hashing) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.h.Write(p[:n])
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func readManifest(r io.Reader) (*manifest, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errArchive, err)
	}
	var m manifest
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&m); err != nil {
		return nil, fmt.Errorf("%w: manifest: %w", errArchive, err)
	}
	return &m, nil
}

// compare holds what was read against what the manifest says was written.
func compare(man *manifest, got map[string]member) (manifest, error) {
	if man == nil {
		return manifest{}, fmt.Errorf("%w: it has no manifest, so it was cut", errArchive)
	}
	if man.Format > archiveFormat {
		return manifest{}, fmt.Errorf("%w: format %d", errNewer, man.Format)
	}
	if _, ok := got[storeMember]; !ok || len(man.Members) != len(got) {
		return manifest{}, fmt.Errorf("%w: %d members instead of %d", errArchive, len(got), len(man.Members))
	}
	for _, m := range man.Members {
		if got[m.Name] != m {
			return manifest{}, fmt.Errorf("%w: member %q is not what was written", errArchive, m.Name)
		}
	}
	return *man, nil
}
