package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"awassiber/bot"
)

// runRestore puts the content of a backup in place of an empty or, with --force, an existing data
// directory. Everything is unpacked beside its place, compared with the manifest and opened with
// the key before any name changes; what was there is moved aside, never deleted.
func runRestore(ctx context.Context, c *call) error {
	file := c.args[0]
	db, err := c.cfg.storePath()
	if err != nil {
		return err
	}
	backup, err := os.Open(file)
	if err != nil {
		return err
	}
	defer backup.Close() // only read
	keys, err := c.cfg.keys()
	if err != nil {
		return err
	}
	if err := c.nobodyRuns(ctx, db); err != nil {
		return err
	}
	old := present(db, c.cfg.evidence(), c.cfg.session())
	if len(old) > 0 && !c.force {
		return bot.Refuse("cli.error.data_exists", "path", old[0])
	}
	s, err := newStage(c.cfg.Data, db)
	if err != nil {
		return err
	}
	defer s.clean()
	man, err := c.readBack(backup, "cli.restore.progress", func(r io.Reader) (manifest, error) {
		return readArchive(ctx, r, keys.Age(), s.take)
	})
	if err != nil {
		return archiveError(file, err)
	}
	if err := c.verifyStage(ctx, file, s); err != nil {
		return err
	}
	aside, err := moveAside(c.cfg.Data, old, time.Now())
	if err != nil {
		return err
	}
	if aside != "" {
		c.println("cli.restore.aside", "dir", aside)
	}
	if err := s.install(c.cfg.evidence(), c.cfg.session(), db); err != nil {
		return err
	}
	c.println("cli.restore.done", "files", man.files(), "time", man.Time.Format(time.RFC3339))
	return nil
}

// nobodyRuns refuses if a process works on the data. The socket tells so politely, the lock of the
// store in any case.
func (c *call) nobodyRuns(ctx context.Context, db string) error {
	_, running, err := dialControl(ctx, c.cfg.socket())
	if err != nil {
		return err
	}
	if running {
		return bot.Refuse("cli.error.running", "data", c.cfg.Data)
	}
	if _, err := os.Stat(db); err != nil {
		return nil
	}
	v, err := openVault(c.cfg)
	if errors.Is(err, bot.ErrInUse) {
		return err
	}
	if err == nil {
		return v.close()
	}
	return nil // damaged, or of another key: a reason to restore, not to refuse
}

// present lists which of the places a restore would fill are taken.
func present(db, evidence, session string) (taken []string) {
	if info, err := os.Lstat(db); err == nil && info.Size() > 0 {
		taken = append(taken, db)
	}
	files, err := os.ReadDir(filepath.Join(evidence, "files"))
	if err == nil && len(files) > 0 {
		taken = append(taken, evidence)
	}
	for _, path := range sessionFiles(session) {
		if _, err := os.Lstat(path); err == nil {
			taken = append(taken, path)
		}
	}
	return taken
}

// stage is where a backup is unpacked: beside the places its parts will have, so that renames put
// it there.
type stage struct {
	dir string // in the data directory; becomes the evidence directory
	db  string // beside the store
	// phone is beside dir: the link to the WhatsApp phone, if the backup has one.
	phone string
}

func newStage(data, db string) (*stage, error) {
	for _, dir := range []string{data, filepath.Dir(db)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp(data, ".restore-*")
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(db), ".restore-*.db")
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	s := &stage{dir: dir, db: f.Name(), phone: dir + ".phone"}
	if err := errors.Join(f.Close(), os.MkdirAll(filepath.Join(dir, "files"), 0o700)); err != nil {
		s.clean()
		return nil, err
	}
	return s, nil
}

// take writes one member. readArchive has checked that its name is one of the few it may have.
func (s *stage) take(name string, size int64, r io.Reader) error {
	path := s.db
	switch {
	case name == sessionMember:
		path = s.phone
	case name != storeMember:
		rel, err := filepath.Localize(name[len(evidenceFolder):])
		if err != nil {
			return err
		}
		path = filepath.Join(s.dir, rel)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// verifyStage opens what was unpacked with the key and checks it as the verify command would.
func (c *call) verifyStage(ctx context.Context, file string, s *stage) error {
	cfg := c.cfg
	cfg.Store = "bolt:" + s.db
	v, err := openParts(cfg, s.dir, s.phone)
	if err != nil {
		return err
	}
	bar := newMeter(c.err, c.text("cli.verify.progress"), 1)
	rep, err := v.verify(ctx, bar.at)
	bar.finish()
	if err := errors.Join(err, v.close()); err != nil {
		return err
	}
	if rep.Found > 0 {
		return bot.Refuse("cli.error.archive", "file", file, "cause", rep.Problems[0])
	}
	return nil
}

// moveAside renames what is in the way into a new folder of the data directory and returns it;
// empty if nothing is.
func moveAside(data string, old []string, now time.Time) (string, error) {
	if len(old) == 0 {
		return "", nil
	}
	aside, err := os.MkdirTemp(data, "before-restore-"+now.UTC().Format("20060102T150405Z")+"-")
	if err != nil {
		return "", err
	}
	for _, path := range old {
		to := filepath.Join(aside, filepath.Base(path))
		if filepath.Dir(path) != filepath.Clean(data) { // a store elsewhere stays on its file system
			to = path + "." + filepath.Base(aside)
		}
		if err := os.Rename(path, to); err != nil {
			return "", err
		}
	}
	return aside, syncDir(data)
}

// install gives the unpacked parts their names. The store comes last: once it is there, everything is.
func (s *stage) install(evidence, session, db string) error {
	if err := syncTree(s.dir); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(evidence, "files")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.RemoveAll(filepath.Join(evidence, "tmp")); err != nil { // unfinished writes only
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.Remove(evidence); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(s.dir, evidence); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(evidence)); err != nil {
		return err
	}
	if err := installSession(s.phone, session); err != nil {
		return err
	}
	if err := os.Rename(s.db, db); err != nil {
		return err
	}
	return syncDir(filepath.Dir(db))
}

// syncTree makes every directory below dir durable; its files are already.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

// clean removes what was not installed. After install there is nothing of that name.
func (s *stage) clean() {
	_ = os.RemoveAll(s.dir)
	_ = os.Remove(s.db)
	for _, path := range sessionFiles(s.phone) {
		_ = os.Remove(path)
	}
}
