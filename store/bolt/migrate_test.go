package bolt

import (
	"context"
	"encoding/binary"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"awassiber/bot"
)

// A file as schema 1 left it: cases with one status and one holder, without the buckets that came later.
func TestMigrateFromOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	keys, at := newKeys(t), time.Date(2024, 10, 1, 12, 0, 0, 0, time.UTC)
	options := Options{Keys: keys, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler)}
	s, err := Open(path, options)
	if err != nil {
		t.Fatal(err)
	}
	old := map[bot.CaseID]map[string]any{
		1: {"Status": "new"}, 2: {"Status": "taken", "Hoax": true, "Holder": "p", "HolderName": "petugas1"},
		3: {"Status": "resolved", "Finished": at, "Breach": true, "Verdict": map[string]any{"Rating": "SALAH", "Version": 1}},
		4: {"Status": "closed", "Finished": at, "Reason": "spam", "Spam": true},
	}
	err = s.db.Update(func(bt *bbolt.Tx) error {
		x := s.tx(s.begin(bt, new(scratch)))
		for id, c := range old {
			c["ID"], c["Opened"], c["Changed"], c["Senders"] = id, at, at, 1
			status := statusByte(bot.Status(c["Status"].(string)))
			if err := x.put(tCase, u64(uint64(id)), []byte{status}, c); err != nil {
				return err
			}
			if err := x.restatus(0, status, u64(uint64(id))); err != nil {
				return err
			}
		}
		for _, late := range []table{tCaseQueue, tCaseMirror, tDetails, tChannel, tMode, tKnown} {
			if err := bt.DeleteBucket([]byte(s.names[late])); err != nil {
				return err
			}
		}
		return x.write(tMeta, []byte("schema"), binary.BigEndian.AppendUint64([]byte{valueVersion}, 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		if s, err = Open(path, options); err != nil {
			t.Fatal(err)
		}
		checkMigrated(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func checkMigrated(t *testing.T, s *Store) {
	t.Helper()
	if report, err := s.Verify(context.Background(), nil); err != nil || !report.OK() {
		t.Fatalf("%v %+v", err, report)
	}
	want := map[bot.CaseID]struct {
		status bot.Status
		works  []string
	}{
		1: {bot.New, []string{"unsorted waiting"}}, 2: {bot.New, []string{"hoax waiting"}},
		3: {bot.Resolved, []string{"hoax published", "violation shut"}}, 4: {bot.Closed, []string{"unsorted shut"}},
	}
	err := s.View(t.Context(), func(tx bot.Tx) error {
		for id, w := range want {
			c, err := tx.Case(id)
			if err != nil {
				return err
			}
			var works []string
			for _, k := range c.Works {
				works = append(works, string(k.Track)+" "+string(k.Stage))
			}
			if c.Status != w.status || len(works) != len(w.works) {
				t.Errorf("case %d: %s %v", id, c.Status, works)
				continue
			}
			for i := range works {
				if works[i] != w.works[i] {
					t.Errorf("case %d: %v, want %v", id, works, w.works)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
