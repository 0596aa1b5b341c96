package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"awassiber/bot"
	"awassiber/bot/evidence"
)

// runBackup writes a backup to a file that appears under its name only when it is whole and was
// read back. While the bot runs, the running process makes it.
func runBackup(ctx context.Context, c *call) error {
	file := c.args[0]
	if _, err := os.Lstat(file); err == nil && !c.force {
		return bot.Refuse("cli.error.file_exists", "file", file)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	keys, err := c.cfg.keys()
	if err != nil {
		return err
	}
	produce, closeVault, err := c.backupSource(ctx)
	if err != nil {
		return err
	}
	defer closeVault()
	var man manifest
	err = writeFile(file, func(tmp *os.File) error {
		bar := newMeter(c.err, c.text("cli.backup.progress"), -1)
		err := produce(ctx, io.MultiWriter(tmp, bar))
		bar.finish()
		if err != nil {
			return err
		}
		// Synced before it is read back, so that a disk that refuses to keep it says so now.
		if err := tmp.Sync(); err != nil {
			return err
		}
		man, err = c.readBack(tmp, "cli.backup.checking", func(r io.Reader) (manifest, error) {
			return readArchive(ctx, r, keys.Age(), discard)
		})
		return err
	})
	if err != nil {
		return archiveError(file, err)
	}
	c.println("cli.backup.done", "file", file, "files", man.files(), "size", int(man.size()))
	return nil
}

// backupSource finds who can make a backup: the process that runs, or else ourselves.
func (c *call) backupSource(ctx context.Context) (produce func(context.Context, io.Writer) error, done func(), err error) {
	r, running, err := dialControl(ctx, c.cfg.socket())
	if err != nil {
		return nil, nil, err
	}
	if running {
		return r.backup, func() {}, nil
	}
	v, err := openVault(c.cfg)
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, w io.Writer) error {
		_, err := v.backup(ctx, w)
		return err
	}, func() { _ = v.close() }, nil // read only so far; nothing is lost if closing fails
}

// readBack reads a file from its beginning, with progress under a title from locales.
func (c *call) readBack(f *os.File, title string, read func(io.Reader) (manifest, error)) (manifest, error) {
	info, err := f.Stat()
	if err != nil {
		return manifest{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return manifest{}, err
	}
	bar := newMeter(c.err, c.text(title), info.Size())
	defer bar.finish()
	return read(io.TeeReader(f, bar))
}

// archiveError names the file in a complaint about a backup's content.
func archiveError(file string, err error) error {
	if errors.Is(err, errArchive) && !errors.Is(err, context.Canceled) {
		return bot.Refuse("cli.error.archive", "file", file, "cause", err.Error())
	}
	return err
}

// writeFile makes a file that is there whole or not at all: written under another name in the same
// folder, synced, renamed, the folder synced. It replaces a file of that name.
func writeFile(name string, fill func(*os.File) error) (err error) {
	tmp, err := os.OpenFile(name+".tmp", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(name+".tmp"))
		}
	}()
	err = fill(tmp)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".tmp", name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// syncDir makes names created or renamed in dir survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// backup writes a backup of v to w. The store is copied into a file of ours first: a slow reader
// at the other end then holds no transaction open, which would make the store grow.
func (v *vault) backup(ctx context.Context, w io.Writer) (man manifest, err error) {
	spool, err := os.CreateTemp(v.dir, ".backup-*")
	if err != nil {
		return man, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	a, err := newArchive(w, v.keys.Age().Recipient(), v.now())
	if err != nil {
		return man, err
	}
	if err := v.store.Backup(ctx, spool, nil); err != nil {
		return man, err
	}
	size, err := spool.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		return man, fmt.Errorf("backup: %w", err)
	}
	if err := a.add(ctx, storeMember, size, spool); err != nil {
		return man, err
	}
	// Files after the store: every file the copy refers to was there before it.
	if err := v.files.Each(ctx, func(f evidence.Sealed) error { return a.addEvidence(ctx, f) }); err != nil {
		return man, err
	}
	if err := a.addSession(ctx, v.phone, v.dir); err != nil {
		return man, err
	}
	return a.man, a.close()
}

// addEvidence appends a file people sent; one that was erased since it was listed is left out.
func (a *archiveWriter) addEvidence(ctx context.Context, f evidence.Sealed) error {
	r, err := f.Open()
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return a.add(ctx, evidenceFolder+f.Path, f.Size, r)
}
