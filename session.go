package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
)

// sessionFile is the link to the WhatsApp phone as backup and verify see it: of the running program, or
// as it lies there.
type sessionFile struct {
	path string
	live *whatsapp.Client // nil: nobody runs, since who asks holds the store
}

// exists reports whether a phone was ever linked here, or a link begun.
func (s sessionFile) exists() bool {
	_, err := os.Lstat(s.path)
	return err == nil
}

// open gives the client to take a copy with, and how to put it away again.
func (s sessionFile) open(ctx context.Context) (*whatsapp.Client, func() error, error) {
	if s.live != nil {
		return s.live, func() error { return nil }, nil
	}
	c, err := whatsapp.Open(ctx, whatsapp.Config{Path: s.path, Deliverer: deaf{}})
	if err != nil {
		return nil, nil, err
	}
	return c, c.Close, nil
}

// deaf takes nothing: a session that is only copied is never connected.
type deaf struct{}

// Deliver refuses.
func (deaf) Deliver(context.Context, []bot.Update) error { return errors.New("not connected") }

// snapshot copies the session to a file of ours in dir and gives it to use, which must not keep it.
func (s sessionFile) snapshot(ctx context.Context, dir string, use func(path string) error) (err error) {
	tmp, err := os.MkdirTemp(dir, ".backup-*")
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	client, done, err := s.open(ctx)
	if err != nil {
		return err
	}
	path := filepath.Join(tmp, sessionMember)
	if err := errors.Join(client.Snapshot(ctx, path), done()); err != nil {
		return err
	}
	return use(path)
}

// verify checks the session; the problem is empty if it is whole.
func (s sessionFile) verify(ctx context.Context, dir string) (problem string) {
	err := s.snapshot(ctx, dir, func(path string) error { return whatsapp.Verify(ctx, path) })
	if err == nil && s.live == nil { // a copy is made anew; who holds nothing can look at the file itself
		err = whatsapp.Verify(ctx, s.path)
	}
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%s: %v", sessionMember, err)
}

// addSession appends the link to the phone, if there is one.
func (a *archiveWriter) addSession(ctx context.Context, s sessionFile, dir string) error {
	if !s.exists() {
		return nil
	}
	return s.snapshot(ctx, dir, func(path string) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close() // only read
		info, err := f.Stat()
		if err != nil {
			return err
		}
		return a.add(ctx, sessionMember, info.Size(), f)
	})
}

// sessionFiles are the names a session has while it is in use, and after a crash.
func sessionFiles(path string) []string { return []string{path, path + "-wal", path + "-shm"} }

// installSession gives an unpacked session its name; without one in the backup there is none.
func installSession(from, to string) error {
	err := os.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncDir(filepath.Dir(to)))
}
