package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"

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

// put stores v sealed. head stays readable, for what must be compared without opening the row.
func (t *txn) put(b table, key, head []byte, v any) error {
	plain, err := t.encode(v)
	if err != nil {
		return err
	}
	return t.putPlain(b, key, head, plain)
}

func (t *txn) putPlain(b table, key, head, plain []byte) error {
	if len(head) > 255 {
		return fmt.Errorf("write %s: head of %d bytes", t.s.names[b], len(head))
	}
	value := t.mem.arena.grab(2 + len(head) + len(plain) + seal.Overhead)
	value = append(value, valueVersion, byte(len(head)))
	value = append(value, head...)
	value = t.s.box.Seal(value, t.place(b, key, head), plain)
	return t.write(b, key, value)
}

// encode returns the JSON of v, valid until the next encode.
func (t *txn) encode(v any) ([]byte, error) {
	buf := &t.mem.json
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// place is the additional data that binds a seal to where it is stored.
func (t *txn) place(b table, key, head []byte) []byte {
	a := append(t.mem.aad[:0], t.s.names[b]...)
	a = append(a, 0)
	a = binary.AppendUvarint(a, uint64(len(key)))
	a = append(a, key...)
	t.mem.aad = append(a, head...)
	return t.mem.aad
}

// get opens a row into v, or returns bot.ErrNotFound.
func (t *txn) get(b table, key []byte, v any) error {
	value := t.bucket(b).Get(key)
	if value == nil {
		return bot.ErrNotFound
	}
	return t.decode(b, key, value, v)
}

func (t *txn) decode(b table, key, value []byte, v any) error {
	plain, err := t.open(b, key, value)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("%w: %w", errDamaged(b, t.s.names), err)
	}
	return nil
}

// open returns the plain bytes of a sealed row, valid until the next open.
func (t *txn) open(b table, key, value []byte) ([]byte, error) {
	head, err := t.head(b, value)
	if err != nil {
		return nil, err
	}
	return t.unseal(b, key, head, value[2+len(head):])
}

func (t *txn) unseal(b table, key, head, sealed []byte) ([]byte, error) {
	plain, err := t.s.box.Open(t.mem.plain[:0], t.place(b, key, head), sealed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.s.names[b], err)
	}
	t.mem.plain = plain
	return plain, nil
}

// head returns the readable head of a sealed row.
func (t *txn) head(b table, value []byte) ([]byte, error) {
	if len(value) < 2 || value[0] != valueVersion || len(value) < 2+int(value[1]) {
		return nil, errDamaged(b, t.s.names)
	}
	return value[2 : 2+int(value[1])], nil
}

// errDamage: a row does not have the form it must have.
var errDamage = errors.New("damaged row")

func errDamaged(b table, names [tables]string) error {
	return fmt.Errorf("%w in %s", errDamage, names[b])
}

// scan yields the rows whose key begins with prefix, in order or backwards. The loop may write,
// also into b: after a write the cursor is placed anew behind the last key.
func (t *txn) scan(b table, prefix []byte, backwards bool) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := t.bucket(b).Cursor()
		var k, v []byte
		if backwards {
			k, v = last(c, prefix)
		} else {
			k, v = c.Seek(prefix)
		}
		for k != nil && bytes.HasPrefix(k, prefix) {
			var at []byte
			writes := t.writes
			if t.bt.Writable() {
				at = bytes.Clone(k)
			}
			if !yield(k, v) {
				return
			}
			if t.writes != writes {
				c = t.bucket(b).Cursor()
				if found, _ := c.Seek(at); !backwards && !bytes.Equal(found, at) {
					k, v = c.Seek(at) // at is gone: this is the one after it
					continue
				} else if found == nil && backwards { // at was the last and is gone
					k, v = c.Last()
					continue
				}
			}
			if backwards {
				k, v = c.Prev()
			} else {
				k, v = c.Next()
			}
		}
	}
}

// last finds the last key that begins with prefix, or one that does not if there is none.
func last(c *bbolt.Cursor, prefix []byte) (k, v []byte) {
	end := bytes.Clone(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			if k, _ := c.Seek(end[:i+1]); k == nil {
				return c.Last()
			}
			return c.Prev()
		}
	}
	return c.Last()
}

// u64 is the key form of a number.
func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// pair is the key form of two numbers.
func pair(a, b uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), a), b)
}

// count adds to a named counter and returns the new value; a counter never goes below zero.
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
