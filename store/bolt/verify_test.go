package bolt

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot"

	"go.etcd.io/bbolt"
)

// TestVerifyFinds damages a file in one place and wants that named.
func TestVerifyFinds(t *testing.T) {
	set := func(bucket string, key, value []byte) func(*bbolt.Tx) error {
		return func(bt *bbolt.Tx) error { return bt.Bucket([]byte(bucket)).Put(key, value) }
	}
	cut := func(bucket string) func(*bbolt.Tx) error { // removes the first row
		return func(bt *bbolt.Tx) error {
			c := bt.Bucket([]byte(bucket)).Cursor()
			c.First()
			return c.Delete()
		}
	}
	cutTip := func(bt *bbolt.Tx) error { // removes a tip from those of its sender
		c := bt.Bucket([]byte("person")).Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			if bytes.Contains(k, byPerson("")) {
				return c.Delete()
			}
		}
		return errors.New("nobody has a tip")
	}
	queueAs := func(senders int) func(*bbolt.Tx) error { // gives the first case another place in the queue
		return func(bt *bbolt.Tx) error {
			other := (&txn{}).headOf(bot.Case{Status: bot.New, Senders: senders}).ranked(u64(1))
			return errors.Join(cut("case.queue")(bt), set("case.queue", other, []byte{valueVersion})(bt))
		}
	}
	flip := func(bucket string) func(*bbolt.Tx) error { // changes the last byte of the first row
		return func(bt *bbolt.Tx) error {
			b := bt.Bucket([]byte(bucket))
			k, v := b.Cursor().First()
			v = bytes.Clone(v)
			v[len(v)-1] ^= 1
			return b.Put(bytes.Clone(k), v)
		}
	}
	for name, c := range map[string]struct {
		damage func(*bbolt.Tx) error
		want   string
	}{
		"tip":               {flip("tip"), "tip "},
		"item":              {flip("item"), "item "},
		"item without tip":  {cut("tip"), "item of no tip"},
		"case":              {flip("case"), "case "},
		"person":            {flip("person"), "person "},
		"waiting row":       {flip("in"), "in "},
		"quarantine":        {cut("bad"), "quarantined"},
		"status index":      {cut("case.status"), "not indexed under its status"},
		"spare index":       {set("case.status", append([]byte{1}, u64(77)...), []byte{valueVersion}), "entries for"},
		"queue entry gone":  {cut("case.queue"), "not indexed in the queue"},
		"queue entry spare": {set("case.queue", append([]byte{1, rankDue}, make([]byte, 24)...), []byte{valueVersion}), "entries for"},
		"queue entry moved": {queueAs(9), "not indexed in the queue"},
		"queue entry value": {set("case.queue", (&txn{}).headOf(bot.Case{Status: bot.New, Senders: 2}).ranked(u64(1)), []byte{9}), "damaged"},
		"area entry gone":   {cut("case.area"), "not indexed under its area"},
		"area entry spare":  {set("case.area", u64(77), []byte{valueVersion}), "entries for"},
		"area counted":      {set("count", []byte("area/00/new"), append([]byte{valueVersion}, u64(5)...)), "rows are 0"},
		"member":            {flip("member"), "member "},
		"member gone":       {cut("member"), "rows are 0"},
		"sides entry gone":  {cut("case.mirror"), "not indexed where a side was noted"},
		"sides entry spare": {set("case.mirror", u64(77), []byte{valueVersion}), "entries for"},
		"details":           {flip("details"), "details "},
		"details of nobody": {cut("tip"), "details of no tip"},
		"channel":           {flip("channel"), "channel "},
		"election day":      {flip("mode"), "mode "},
		"tips of case":      {cut("tip.case"), "not indexed under its case"},
		"tips of person":    {cutTip, "not indexed under its sender"},
		"spare tip":         {set("person", append(byPerson("p"), u64(77)...), []byte{valueVersion}), "tips for"},
		"row of no kind":    {set("person", []byte("p\x00x"), []byte{valueVersion}), "damaged"},
		"counter":           {set("count", []byte("case/new"), append([]byte{valueVersion}, u64(5)...)), "rows are 1"},
		"first event gone":  {cut("event"), "audit chain is broken"},
		"event changed":     {flip("event"), "event "},
		"last event gone":   {func(bt *bbolt.Tx) error { return bt.Bucket([]byte("event")).Delete(u64(2)) }, "last events are missing"},
		"ready entry gone":  {cut("out.ready"), "not in the ready index"},
		"ready entry spare": {set("in.ready", make([]byte, 24), make([]byte, 9)), "in.ready"},
		"edit of nothing":   {set("edit", []byte("card/9"), append([]byte{valueVersion}, make([]byte, 24)...)), "no waiting row"},
		"bucket gone":       {func(bt *bbolt.Tx) error { return bt.DeleteBucket([]byte("file")) }, "bucket is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(filepath.Join(t.TempDir(), "awas.db"), Options{Keys: newKeys(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			err = errors.Join(fill(s), s.Update(t.Context(), func(tx bot.Tx) error {
				_, err := tx.Append(bot.Event{Case: 1})
				if _, fresh := tx.Deliver(bot.Update{Network: bot.Sim, ID: "2", Kind: bot.KindUnknown}); fresh != nil {
					return fresh
				}
				return err
			}))
			if err != nil {
				t.Fatal(err)
			}
			verifyOK(t, s)
			if err := s.db.Update(c.damage); err != nil {
				t.Fatal(err)
			}
			r, err := s.Verify(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.OK() || !strings.Contains(strings.Join(r.Problems, "\n"), c.want) {
				t.Errorf("found %q, want %q", r.Problems, c.want)
			}
		})
	}
}

// TestMovedRowDoesNotOpen: a row of one person put in the place of another's is noticed.
func TestMovedRowDoesNotOpen(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "awas.db"), Options{Keys: newKeys(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Update(t.Context(), func(tx bot.Tx) error {
		return errors.Join(tx.PutDialogue(bot.Dialogue{Person: "a", Tip: 1}), tx.PutDialogue(bot.Dialogue{Person: "b", Tip: 2}))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(bt *bbolt.Tx) error {
		b := bt.Bucket([]byte("person"))
		return b.Put(dialogueKey("a"), bytes.Clone(b.Get(dialogueKey("b"))))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx bot.Tx) error {
		_, err := tx.Dialogue("a")
		return err
	})
	if err == nil || errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
}

func TestVerifyProgressAndStop(t *testing.T) {
	s, _ := tempStore(t)
	if err := fill(s); err != nil {
		t.Fatal(err)
	}
	var done, total int64
	if _, err := s.Verify(t.Context(), func(d, all int64) { done, total = d, all }); err != nil {
		t.Fatal(err)
	}
	if done == 0 || done != total {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verify(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped verification returned %v", err)
	}
}
