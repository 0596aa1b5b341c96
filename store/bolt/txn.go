package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"awassiber/bot"

	"go.etcd.io/bbolt"
)

// scratch is memory a transaction works in, reused by the next.
type scratch struct {
	arena arena
	plain []byte // an opened value
	aad   []byte
	json  bytes.Buffer
}

// txn is one bbolt transaction and what is known about it. The functions of a group commit share it.
type txn struct {
	s       *Store
	bt      *bbolt.Tx
	mem     *scratch
	buckets [tables]*bbolt.Bucket
	days    []*bbolt.Bucket // of tSeen, once read
	writes  int             // changes made so far; iterators watch it
}

func (s *Store) begin(bt *bbolt.Tx, mem *scratch) *txn { return &txn{s: s, bt: bt, mem: mem} }

// tx is the bot.Tx of one function.
type tx struct {
	*txn
	now time.Time
	// outMark is the last outbox number before this function enqueued anything; see Forget.
	outMark uint64
	queued  bool
}

var _ bot.Tx = (*tx)(nil)

func (s *Store) tx(t *txn) *tx { return &tx{txn: t, now: s.now().UTC()} }

// Now implements bot.Tx.
func (x *tx) Now() time.Time { return x.now }

func (t *txn) bucket(b table) *bbolt.Bucket {
	if t.buckets[b] == nil {
		k := t.bt.Bucket([]byte(t.s.names[b]))
		if appendOnly(b) {
			k.FillPercent = 0.9
		}
		t.buckets[b] = k
	}
	return t.buckets[b]
}

// next hands out a bucket's next number, from 1. A rollback takes it back.
func (t *txn) next(b table) (uint64, error) {
	t.writes++
	return t.bucket(b).NextSequence()
}

// write stores a value as it is. The value must stay unchanged until the commit (arena).
func (t *txn) write(b table, key, value []byte) error {
	t.writes++
	if err := t.bucket(b).Put(key, value); err != nil {
		return fmt.Errorf("write %s: %w", t.s.names[b], err)
	}
	return nil
}

// mark stores a key whose presence is all.
func (t *txn) mark(b table, key []byte) error {
	return t.write(b, key, []byte{valueVersion})
}

func (t *txn) has(b table, key []byte) bool { return t.bucket(b).Get(key) != nil }

func (t *txn) remove(b table, key []byte) error {
	t.writes++
	if err := t.bucket(b).Delete(key); err != nil {
		return fmt.Errorf("delete %s: %w", t.s.names[b], err)
	}
	return nil
}

// u64 is the key form of a number.
func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// pair is the key form of two numbers.
func pair(a, b uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), a), b)
}

// count adds to a named counter, which never goes below zero.
func (t *txn) count(name string, delta int) error {
	n := max(t.counted(name)+delta, 0)
	return t.write(tCount, []byte(name), binary.BigEndian.AppendUint64([]byte{valueVersion}, uint64(n)))
}

func (t *txn) counted(name string) int {
	v := t.bucket(tCount).Get([]byte(name))
	if len(v) != 9 {
		return 0
	}
	return int(binary.BigEndian.Uint64(v[1:]))
}
