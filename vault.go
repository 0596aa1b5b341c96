package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"awassiber/bot"
	"awassiber/bot/evidence"
	"awassiber/store"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

// vault is the data of one process: store, evidence and the keys to both. Backup and verify work on
// it, in the running bot and in a command alike.
type vault struct {
	store store.Store
	files *evidence.Store
	keys  *seal.Keyring
	phone sessionFile // the link to the WhatsApp phone
	dir   string      // for a passing copy of the store
	now   func() time.Time
}

// keys reads the key file. A command never makes one: only a first run does.
func (c *Config) keys() (*seal.Keyring, error) {
	k, _, err := seal.LoadOrCreate(c.KeyFile, false)
	return k, err
}

// storePath is the file of the store.
func (c *Config) storePath() (string, error) { return store.Path(c.Store) }

// openVault opens the data of a bot that does not run. It never makes a store.
func openVault(cfg Config) (*vault, error) { return openParts(cfg, cfg.evidence(), cfg.session()) }

func openParts(cfg Config, evidenceDir, session string) (*vault, error) {
	there, err := store.Exists(cfg.Store)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, bot.Refuse("cli.error.no_store", "path", cfg.Store)
	}
	keys, err := cfg.keys()
	if err != nil {
		return nil, err
	}
	s, err := store.Open(cfg.Store, bolt.Options{Keys: keys})
	if err != nil {
		return nil, err
	}
	files, err := evidence.Open(evidenceDir, keys.Age(), keys.Age().Recipient(), evidence.Options{})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &vault{store: s, files: files, keys: keys, phone: sessionFile{path: session}, dir: cfg.Data, now: time.Now}, nil
}

func (v *vault) close() error { return v.store.Close() }

// report is what verify found.
type report struct {
	Rows   int   `json:"rows"`
	Events int   `json:"events"` // links of the audit chain that hold
	Files  int   `json:"files"`
	Bytes  int64 `json:"bytes"` // of the files, sealed
	// Problems names the first things that are wrong, by place, never by content; Found counts all.
	Problems []string `json:"problems"`
	Found    int      `json:"found"`
}

// verify reads store, evidence and the link to the phone from end to end. progress is told how far the present part is:
// rows of the store, then bytes of the files.
func (v *vault) verify(ctx context.Context, progress func(done, total int64)) (report, error) {
	rows, err := v.store.Verify(ctx, progress)
	if err != nil {
		return report{}, fmt.Errorf("verify store: %w", err)
	}
	rep := report{Events: rows.Events, Problems: rows.Problems, Found: rows.Found}
	for _, n := range rows.Rows {
		rep.Rows += n
	}
	files, err := v.files.Verify(ctx, progress)
	if err != nil {
		return report{}, fmt.Errorf("verify evidence: %w", err)
	}
	rep.Files, rep.Bytes = files.Files, files.Bytes
	for _, bad := range files.Bad {
		rep.Found++
		rep.Problems = append(rep.Problems, fmt.Sprintf("evidence %s: %v", bad.SHA256, bad.Err))
	}
	if v.phone.exists() {
		if problem := v.phone.verify(ctx, v.dir); problem != "" {
			rep.Found++
			rep.Problems = append(rep.Problems, problem)
		}
	}
	return rep, nil
}
