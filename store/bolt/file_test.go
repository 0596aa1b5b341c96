package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"awassiber/bot"

	"go.etcd.io/bbolt"
)

func tempStore(t *testing.T) (*Store, string) {
	path := filepath.Join(t.TempDir(), "awas.db")
	return openChecked(t, path, newKeys(t), nil), path
}

func TestSecondOpenerIsTold(t *testing.T) {
	s, path := tempStore(t)
	start := time.Now()
	if _, err := Open(path, Options{Keys: s.keys}); !errors.Is(err, bot.ErrInUse) {
		t.Fatalf("got %v", err)
	}
	t.Logf("told after %v", time.Since(start))
}

func TestWrongKeyChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	keys := newKeys(t)
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fill(s), s.Close()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if _, err := Open(path, Options{Keys: newKeys(t)}); !errors.Is(err, bot.ErrKey) {
		t.Fatalf("got %v", err)
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Fatal("the file was changed")
	}
	openChecked(t, path, keys, nil)
}

func TestNewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	keys := newKeys(t)
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(bt *bbolt.Tx) error {
		v := binary.BigEndian.AppendUint64([]byte{valueVersion}, schemaVersion+1)
		return bt.Bucket([]byte("meta")).Put([]byte("schema"), v)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{Keys: keys}); !errors.Is(err, ErrNewer) {
		t.Fatalf("got %v", err)
	}
}

func TestExists(t *testing.T) {
	_, path := tempStore(t)
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]bool{path: true, empty: false, path + ".no": false} {
		if got, err := Exists(p); got != want || err != nil {
			t.Errorf("Exists(%s) = %v, %v", filepath.Base(p), got, err)
		}
	}
}

// fill stores one of everything, with words that are looked for in the file.
func fill(s *Store) error {
	return s.Update(context.Background(), func(tx bot.Tx) error {
		chat := bot.Address{Network: bot.Telegram, Chat: "778899001122"}
		u := bot.Update{
			Network: bot.Telegram, ID: "u/1", Kind: bot.KindMessage, Private: true, Chat: chat,
			From: bot.Person{Address: chat, Name: "RAHASIA-nama"},
			Message: &bot.Incoming{ID: "1", Text: "RAHASIA-teks +62 000", Files: []bot.Attachment{{Name: "RAHASIA.jpg"}},
				ReplyTo: &bot.Quoted{ID: "2", From: bot.Person{Address: bot.Address{Network: bot.Telegram, Chat: "665544332211"}}}},
		}
		group := bot.Address{Network: bot.Telegram, Chat: "-100998877665544"}
		if _, err := tx.Deliver(u); err != nil {
			return err
		}
		p := tx.Pseudonym(chat)
		tip, err := tx.NewTip(bot.Tip{Reporter: p, Ticket: "RAHASIA-nomor", Case: 1})
		if err != nil {
			return err
		}
		if _, err := tx.Append(bot.Event{Case: 1, Name: "RAHASIA-petugas", Text: "RAHASIA-catatan"}); err != nil {
			return err
		}
		if err := errors.Join(
			tx.AddItem(tip.ID, 0, bot.Item{Text: "RAHASIA-isi"}),
			tx.PutCase(bot.Case{ID: 1, Status: bot.New, Excerpt: "RAHASIA-kutipan", Senders: 2, Reported: "RAHASIA-pihak", Region: "RAHASIA-wilayah"}),
			tx.PutDetails(tip.ID, bot.Details{Name: "RAHASIA-nama", Address: "RAHASIA-alamat"}),
			tx.PutChannel(bot.Channel{Organisation: "BAWASLU", Group: group, By: p}),
			tx.SetElectionDay(bot.ElectionDay{Officers: []bot.PersonID{p}, Name: "RAHASIA-admin"}),
			tx.Enqueue(bot.Message{Key: "card/1", To: group, Text: "RAHASIA-kartu"}),
			tx.Enqueue(bot.Message{Person: p, Text: "RAHASIA-balasan"}),
			tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, File: bot.Attachment{Name: "RAHASIA.jpg"}}),
			tx.KnowFile(bot.Attachment{Network: bot.Telegram, Unique: "RAHASIA-berkas", SHA256: "ab", Text: "RAHASIA-tulisan", Prints: []byte("RAHASIA-sidik")}),
			tx.PutDialogue(bot.Dialogue{Person: p, Question: "RAHASIA-tanya"}),
			tx.PutCoordinator(bot.Coordinator{ID: p, Name: "RAHASIA-petugas"}),
			tx.PutCoordinator(bot.Coordinator{ID: "m", Name: "RAHASIA-anggota", Role: bot.Member, Organisation: "IWO"}),
			tx.PutInvite("RAHASIA-kode", bot.Invite{Expires: tx.Now().Add(time.Hour), ByName: "RAHASIA-admin"}),
			tx.Moved(bot.Address{Network: bot.Telegram, Chat: "-998877665544"}, group),
			tx.SetTimer(bot.Timer{Name: "quiet/1", Due: tx.Now().Add(time.Hour), Person: p}),
		); err != nil {
			return err
		}
		ids, err := tx.Deliveries(10, bot.Address{})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.Claim(id, tx.Now().Add(time.Hour)); err != nil {
				return err
			}
		}
		if err := tx.Sent(ids[0], bot.MessageRef{Chat: group, ID: "998877665544"}); err != nil {
			return err
		}
		arrivals, err := tx.Arrivals(10)
		if err != nil {
			return err
		}
		return tx.Quarantine(arrivals[0], "panic")
	})
}

// TestNothingReadable is `strings awas.db | grep`.
func TestNothingReadable(t *testing.T) {
	s, path := tempStore(t)
	if err := fill(s); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("card/1")) {
		t.Fatal("the test does not find what must be there: a message key")
	}
	secret := regexp.MustCompile(`(?i)RAHASIA[^\x00]{0,20}|\d*(778899|665544|998877)\d*`)
	for _, m := range secret.FindAll(file, -1) {
		t.Errorf("readable in the file: %q", m)
	}
}

// TestAbruptEnd: what Update acknowledged is there although nobody closed the store.
func TestAbruptEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	keys := newKeys(t)
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(s); err != nil {
		t.Fatal(err)
	}
	copied := path + ".copy" // as a power cut leaves it: the file without any farewell
	file, _ := os.ReadFile(path)
	if err := errors.Join(os.WriteFile(copied, file, 0o600), s.Close()); err != nil {
		t.Fatal(err)
	}
	again := openChecked(t, copied, keys, nil)
	r := verifyOK(t, again)
	if r.Events != 1 || r.Rows["bad"] != 1 || r.Rows["tip"] != 1 {
		t.Fatalf("not everything is there: %+v", r)
	}
}

func TestBackup(t *testing.T) {
	s, path := tempStore(t)
	if err := fill(s); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var done, total int64
	if err := s.Backup(t.Context(), &out, func(d, all int64) { done, total = d, all }); err != nil {
		t.Fatal(err)
	}
	if done != total || done != int64(out.Len()) {
		t.Errorf("progress ended at %d of %d, written are %d", done, total, out.Len())
	}
	copied := path + ".backup"
	if err := os.WriteFile(copied, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := verifyOK(t, openChecked(t, copied, s.keys, nil)); r.Rows["tip"] != 1 {
		t.Errorf("the copy holds %+v", r.Rows)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, &out, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped backup returned %v", err)
	}
}
