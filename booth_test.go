package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/evidence"
	"awassiber/store"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

// booth is a data directory with something in it.
type booth struct {
	dir string
	env func(string) string
	cfg Config
	sha string // of the evidence file in it
}

const boothFile = "tangkapan layar yang dikirim warga1"

// newBooth makes one with a coordinator, an event and an evidence file.
func newBooth(t *testing.T) *booth {
	t.Helper()
	b := bareBooth(t)
	keys, _, err := seal.LoadOrCreate(b.cfg.KeyFile, true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(b.cfg.Store, bolt.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	files, err := evidence.Open(b.cfg.evidence(), keys.Age(), keys.Age().Recipient(), evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := files.Put(t.Context(), strings.NewReader(boothFile))
	if err != nil {
		t.Fatal(err)
	}
	b.sha = kept.SHA256
	err = s.Update(t.Context(), func(tx bot.Tx) error {
		if _, err := tx.Append(bot.Event{Action: bot.ActStaff, Name: "admin"}); err != nil {
			return err
		}
		return tx.PutCoordinator(bot.Coordinator{ID: "p1", Name: "petugas1", Role: bot.Officer})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return b
}

// bareBooth is an empty directory with its configuration.
func bareBooth(t *testing.T) *booth {
	t.Helper()
	dir := t.TempDir()
	env := environ("AWAS_DATA", dir, "AWAS_HTTP", "127.0.0.1:0", "AWAS_LOG", "error")
	cfg, err := loadConfig(nil, env)
	if err != nil {
		t.Fatal(err)
	}
	return &booth{dir: dir, env: env, cfg: cfg}
}

// moment is a fixed time, with a part of a second that backups leave out.
func moment() time.Time {
	return time.Date(2026, 11, 24, 18, 0, 0, 5000, time.FixedZone("WIB", 7*3600))
}

// withKeyOf makes a bare booth that has the key file of another.
func withKeyOf(t *testing.T, other *booth) *booth {
	t.Helper()
	b := bareBooth(t)
	key, err := os.ReadFile(other.cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.cfg.KeyFile, key, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// is fails the test unless the booth holds what newBooth puts in.
func (b *booth) is(t *testing.T, sha string) {
	t.Helper()
	v, err := openVault(b.cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := v.close(); err != nil {
			t.Error(err)
		}
	}()
	err = v.store.View(t.Context(), func(tx bot.Tx) error {
		c, err := tx.Coordinator("p1")
		if err == nil && c.Name != "petugas1" {
			t.Errorf("coordinator %+v", c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.files.Open(sha)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != boothFile {
		t.Errorf("evidence is %q, %v", text, err)
	}
}

// files lists all below the directory but the key file.
func (b *booth) files(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir(b.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path != b.cfg.KeyFile {
			names = append(names, path[len(b.dir)+1:])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// start runs the bot on the booth until stop, which returns what it left. It is up when start returns.
func (b *booth) start(t *testing.T) (stop func() played) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		c := run(ctx, nil, b.env, in, &errs)
		_ = in.Close()
		code <- c
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "http://") {
	}
	rest := make(chan struct{})
	go func() { defer close(rest); _, _ = io.Copy(io.Discard, out) }()
	stopped := false
	stop = func() played {
		stopped = true
		cancel()
		p := played{code: <-code, err: errs.String()}
		<-rest
		return p
	}
	t.Cleanup(func() {
		if !stopped {
			stop()
		}
	})
	return stop
}
