package bolt

import (
	"bytes"
	"iter"

	"go.etcd.io/bbolt"
)

// scan yields the rows whose key begins with prefix, in order or backwards. The loop may write,
// also into b: after a write the cursor is placed anew behind the last key.
func (t *txn) scan(b table, prefix []byte, backwards bool) iter.Seq2[[]byte, []byte] {
	return t.walk(b, prefix, prefix, backwards)
}

// scanBack is scan backwards, from the last key that is not after end; a nil end is the last of all.
func (t *txn) scanBack(b table, prefix, end []byte) iter.Seq2[[]byte, []byte] {
	if end == nil {
		return t.scan(b, prefix, true)
	}
	return t.walk(b, prefix, end, true)
}

// keyBefore is the last key of an index that can lie before a number; nil if there is no bound.
func keyBefore(prefix []byte, n uint64) []byte {
	if n == 0 {
		return nil
	}
	return append(bytes.Clone(prefix), u64(n-1)...)
}

// scanFrom is scan in order, from the first key that is not before start.
func (t *txn) scanFrom(b table, prefix, start []byte) iter.Seq2[[]byte, []byte] {
	return t.walk(b, prefix, start, false)
}

func (t *txn) walk(b table, prefix, start []byte, backwards bool) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := t.bucket(b).Cursor()
		var k, v []byte
		if backwards {
			k, v = last(c, start)
		} else {
			k, v = c.Seek(start)
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
