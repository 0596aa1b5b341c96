package catalog

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"go.uber.org/goleak"

	"awassiber/bot"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk does to a store what the handlers do.
type desk struct {
	t     testing.TB
	keys  *seal.Keyring
	store *bolt.Store
	now   time.Time
	tips  int
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	check(t, err)
	d := &desk{t: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	d.keys, err = seal.New(id)
	check(t, err)
	d.store, err = bolt.Open(filepath.Join(t.TempDir(), "awas.db"), bolt.Options{
		Keys: d.keys, Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	t.Cleanup(func() { check(t, d.store.Close()) })
	return d
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Seal and Open make a Sealer of the desk's keys.
func (d *desk) Seal(plain, place []byte) []byte           { return d.keys.Seal("index", place, plain) }
func (d *desk) Open(sealed, place []byte) ([]byte, error) { return d.keys.Open("index", place, sealed) }

// catalog is a new one that has read everything; path may be empty.
func (d *desk) catalog(path string) *Catalog {
	d.t.Helper()
	c, err := New(d.store, Options{Path: path, Sealer: d, Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler),
		Deliver: func(ctx context.Context, us []bot.Update) error {
			return d.store.Update(ctx, func(tx bot.Tx) error {
				for _, u := range us {
					if _, err := tx.Deliver(u); err != nil {
						return err
					}
				}
				return nil
			})
		}})
	check(d.t, err)
	d.follow(c)
	return c
}

func (d *desk) follow(c *Catalog) {
	d.t.Helper()
	for {
		worked, err := c.CatchUp(d.t.Context())
		check(d.t, err)
		if !worked {
			return
		}
	}
}

func (d *desk) update(fn func(bot.Tx) error) {
	d.t.Helper()
	check(d.t, d.store.Update(d.t.Context(), fn))
}

// gather stores a tip whose burst is still open.
func (d *desk) gather(items ...bot.Item) (id bot.TipID) {
	d.t.Helper()
	d.tips++
	d.update(func(tx bot.Tx) error {
		t, err := tx.NewTip(bot.Tip{Reporter: bot.PersonID(fmt.Sprint("warga", d.tips)), Network: bot.Sim, Started: tx.Now(), Last: tx.Now(), Items: len(items)})
		if err != nil {
			return err
		}
		id = t.ID
		for i, it := range items {
			if err := tx.AddItem(t.ID, i, it); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// open makes a case of a tip; join puts it into one.
func (d *desk) open(id bot.TipID) {
	d.t.Helper()
	d.update(func(tx bot.Tx) error {
		return errors.Join(move(tx, id, bot.CaseID(id)),
			tx.PutCase(bot.NewCase(bot.CaseID(id), fmt.Sprint("JBI-26-", id), tx.Now())), note(tx, bot.CaseID(id), bot.ActOpened, ""))
	})
}

func (d *desk) join(id bot.TipID, c bot.CaseID) {
	d.t.Helper()
	d.update(func(tx bot.Tx) error { return errors.Join(move(tx, id, c), note(tx, c, bot.ActJoined, "")) })
}

func move(tx bot.Tx, id bot.TipID, c bot.CaseID) error {
	t, err := tx.Tip(id)
	if err != nil {
		return err
	}
	t.Case = c
	return tx.PutTip(t)
}

func note(tx bot.Tx, c bot.CaseID, a bot.Action, detail string) error {
	_, err := tx.Append(bot.Event{Case: c, Action: a, Detail: detail})
	return err
}

func text(s string) bot.Item { return bot.Item{Text: s} }

func photo(unique, caption string) bot.Item {
	sum := sha256.Sum256([]byte(unique))
	return bot.Item{Text: caption, Files: []bot.Attachment{{Kind: bot.Photo, Network: bot.Sim, Unique: unique, SHA256: fmt.Sprintf("%x", sum), State: bot.FileStored}}}
}
