package bolt

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot"
	"awassiber/store/seal"

	"go.etcd.io/bbolt"
)

// trail makes a store with a trail of a few events.
func trail(t *testing.T) (*Store, *seal.Keyring, string) {
	t.Helper()
	path, keys := filepath.Join(t.TempDir(), "awas.db"), newKeys(t)
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx bot.Tx) error {
		for _, e := range []bot.Event{
			{Case: 1, Action: bot.ActOpened},
			{Case: 1, Action: bot.ActDecided, Actor: "p", Name: "petugas1", Detail: "SALAH", Text: "Surat itu palsu.", Link: "https://contoh.test/1"},
			{Action: bot.ActStaff, Text: "tambah"},
			{Case: 1, Action: bot.ActReopened},
		} {
			if _, err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, keys, path
}

// rows copies the rows of a bucket.
func rows(t *testing.T, s *Store, bucket string) (keys, values [][]byte) {
	t.Helper()
	err := s.db.View(func(bt *bbolt.Tx) error {
		return bt.Bucket([]byte(bucket)).ForEach(func(k, v []byte) error {
			keys, values = append(keys, bytes.Clone(k)), append(values, bytes.Clone(v))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, values
}

// TestAnyByteOfAnyEvent changes each byte of each event, and of its entry in the index, one at a time:
// Verify finds every one. The change is made in a transaction that is then given up, for speed.
func TestAnyByteOfAnyEvent(t *testing.T) {
	s, _, _ := trail(t)
	defer s.Close()
	verifyOK(t, s)
	found := func(damage func(*bbolt.Bucket) error, bucket string) (n int) {
		err := s.db.Update(func(bt *bbolt.Tx) error {
			if err := damage(bt.Bucket([]byte(bucket))); err != nil {
				return err
			}
			r := Report{Rows: map[string]int{}}
			v := &verifier{Report: &r, txn: s.begin(bt, new(scratch)), ctx: t.Context()}
			if err := v.events(); err != nil {
				return err
			}
			n = r.Found
			return errUndo
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
		return n
	}
	if n := found(func(*bbolt.Bucket) error { return nil }, "event"); n != 0 {
		t.Fatalf("%d problems in a whole trail", n)
	}
	tried := 0
	for _, bucket := range []string{"event", "event.case"} {
		keys, values := rows(t, s, bucket)
		for i, key := range keys {
			for at := range values[i] {
				for _, bit := range []byte{1, 0x80} {
					damaged := bytes.Clone(values[i])
					damaged[at] ^= bit
					tried++
					if found(func(b *bbolt.Bucket) error { return b.Put(key, damaged) }, bucket) == 0 {
						t.Errorf("%s %x, byte %d: not found", bucket, key, at)
					}
				}
			}
			for at := range key {
				other := bytes.Clone(key)
				other[at] ^= 0x40
				tried++
				move := func(b *bbolt.Bucket) error { return errors.Join(b.Delete(key), b.Put(other, values[i])) }
				if found(move, bucket) == 0 {
					t.Errorf("%s %x, byte %d of its key: not found", bucket, key, at)
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d changes were tried", tried)
	}
	verifyOK(t, s)
}

var errUndo = errors.New("undone on purpose")

// TestExchangedEvents: rows that are whole in themselves, in another order or again.
func TestExchangedEvents(t *testing.T) {
	s, _, _ := trail(t)
	defer s.Close()
	keys, values := rows(t, s, "event")
	for name, damage := range map[string]func(*bbolt.Bucket) error{
		"two changed places": func(b *bbolt.Bucket) error {
			return errors.Join(b.Put(keys[1], values[2]), b.Put(keys[2], values[1]))
		},
		"one again at the end": func(b *bbolt.Bucket) error { return b.Put(u64(5), values[3]) },
		"cut off at the end":   func(b *bbolt.Bucket) error { return errors.Join(b.Delete(keys[3]), b.Put(keys[2], values[2])) },
		"all gone": func(b *bbolt.Bucket) error {
			return errors.Join(b.Delete(keys[0]), b.Delete(keys[1]), b.Delete(keys[2]), b.Delete(keys[3]))
		},
	} {
		err := s.db.Update(func(bt *bbolt.Tx) error { return damage(bt.Bucket([]byte("event"))) })
		if err != nil {
			t.Fatal(err)
		}
		if r, err := s.Verify(t.Context(), nil); err != nil || r.OK() {
			t.Errorf("%s: not found (%v)", name, err)
		}
		err = s.db.Update(func(bt *bbolt.Tx) error {
			b, err := bt.Bucket([]byte("event")), error(nil)
			for i := range keys {
				err = errors.Join(err, b.Put(keys[i], values[i]))
			}
			return errors.Join(err, b.Delete(u64(5)))
		})
		if err != nil {
			t.Fatal(err)
		}
		verifyOK(t, s)
	}
}

// TestByteOnDisk changes the file itself, as somebody with access to the disk would.
func TestByteOnDisk(t *testing.T) {
	s, keys, path := trail(t)
	_, values := rows(t, s, "event")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	row := values[1]
	for _, at := range []int{0, 1, 2, len(row) / 2, len(row) - 1} {
		file := bytes.Clone(whole)
		places := 0
		for from := 0; ; { // old pages may hold the row as well
			i := bytes.Index(whole[from:], row)
			if i < 0 {
				break
			}
			file[from+i+at] ^= 4
			from, places = from+i+1, places+1
		}
		damaged := path + ".damaged"
		if err := os.WriteFile(damaged, file, 0o600); err != nil || places == 0 {
			t.Fatalf("%v, the row is at %d places of the file", err, places)
		}
		s, err := Open(damaged, Options{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Verify(t.Context(), nil)
		if err != nil || r.OK() || !strings.Contains(strings.Join(r.Problems, "\n"), "event 0000000000000002") {
			t.Errorf("byte %d: %v, %q", at, err, r.Problems)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
