package bolt

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"awassiber/bot"

	"go.etcd.io/bbolt"
)

// op is one change that a tip makes to the file.
type op struct {
	bucket string
	day    []byte // nested bucket, for the seen days
	key    []byte
	value  []byte // nil deletes
}

// recording is what one tip changed, by transaction, and which parts of its keys belong to it.
type recording struct {
	first, second []op
	tip           uint64
	person        string
	marks         [][]byte
}

// recordTip runs tips on a store of its own and compares the file before and after the last one.
func recordTip(b *testing.B) recording {
	s := openBench(b)
	const n = 1003
	for i := range int64(n - 1) {
		if err := tip(s, i+1); err != nil {
			b.Fatal(err)
		}
	}
	empty := dump(b, s)
	id, err := deliver(s, n)
	if err != nil {
		b.Fatal(err)
	}
	arrived := dump(b, s)
	if err := s.Update(context.Background(), func(tx bot.Tx) error { return decide(tx, id) }); err != nil {
		b.Fatal(err)
	}
	u := benchUpdate(n)
	person := s.keys.Pseudonym(u.From.Address)
	lane := s.keys.Mark("lane", "person", string(person))
	r := recording{first: changes(empty, arrived), second: changes(arrived, dump(b, s)), tip: n, person: string(person), marks: [][]byte{lane[:]}}
	for _, o := range r.first {
		if o.day != nil {
			r.marks = append(r.marks, o.key)
		}
	}
	return r
}

// dump reads a whole file, by bucket, day and key.
func dump(b *testing.B, s *Store) map[string]op {
	all := map[string]op{}
	err := s.db.View(func(bt *bbolt.Tx) error {
		return bt.ForEach(func(name []byte, k *bbolt.Bucket) error {
			return k.ForEach(func(key, v []byte) error {
				if v != nil {
					all[fmt.Sprintf("%s %x", name, key)] = op{bucket: string(name), key: bytes.Clone(key), value: bytes.Clone(v)}
					return nil
				}
				day := bytes.Clone(key)
				return k.Bucket(day).ForEach(func(key, v []byte) error {
					all[fmt.Sprintf("%s %x %x", name, day, key)] = op{bucket: string(name), day: day, key: bytes.Clone(key), value: bytes.Clone(v)}
					return nil
				})
			})
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

func changes(before, after map[string]op) []op {
	var ops []op
	for at, o := range after {
		if old, ok := before[at]; !ok || !bytes.Equal(old.value, o.value) {
			ops = append(ops, o)
		}
	}
	for at, o := range before {
		if _, ok := after[at]; !ok {
			o.value = nil
			ops = append(ops, o)
		}
	}
	return ops
}

// of returns the operations with the keys of another tip.
func (r recording) of(ops []op, n uint64) []op {
	sum := sha256.Sum256(u64(n))
	mine := make([]op, len(ops))
	for i, o := range ops {
		k := bytes.ReplaceAll(o.key, u64(r.tip), u64(n))
		k = bytes.ReplaceAll(k, u64(2*r.tip), u64(2*n))
		k = bytes.ReplaceAll(k, []byte(r.person), []byte(hex.EncodeToString(sum[:])[:len(r.person)]))
		k = bytes.ReplaceAll(k, fmt.Appendf(nil, "-%05d-", r.tip), fmt.Appendf(nil, "-%05d-", n))
		for j, m := range r.marks {
			k = bytes.ReplaceAll(k, m, sum[j:j+16])
		}
		o.key = k
		mine[i] = o
	}
	return mine
}

// bare is bbolt alone doing the recorded operations: an Update for each transaction with one
// client, the plainest group commit with many.
type bare struct {
	recording
	clients int
	update  func([]op) error
	n       uint64
}

func newBare(b *testing.B, r recording, clients int) *bare {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600,
		&bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Update(func(bt *bbolt.Tx) error {
		if err := create(bt); err != nil {
			return err
		}
		for _, o := range r.first {
			if o.day != nil {
				_, err := bt.Bucket([]byte(o.bucket)).CreateBucketIfNotExists(o.day)
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	stop := func() {}
	update := func(ops []op) error {
		return db.Update(func(bt *bbolt.Tx) error { return apply(bt, ops) })
	}
	if clients > 1 {
		update, stop = groupCommit(db)
	}
	b.Cleanup(func() {
		stop()
		_ = db.Close()
	})
	return &bare{recording: r, clients: clients, update: update}
}

// run does n tips. Making their keys is not part of the time.
func (r *bare) run(b *testing.B, n int) time.Duration {
	first, second := make([][]op, n), make([][]op, n)
	for i := range n {
		r.n++
		first[i], second[i] = r.of(r.first, r.n), r.of(r.second, r.n)
	}
	return inParallel(b, r.clients, n, func(i int) error {
		if err := r.update(first[i]); err != nil {
			return err
		}
		return r.update(second[i])
	})
}

func apply(bt *bbolt.Tx, ops []op) error {
	for _, o := range ops {
		k := bt.Bucket([]byte(o.bucket))
		if o.day != nil {
			k = k.Bucket(o.day)
		}
		var err error
		if o.value == nil {
			err = k.Delete(o.key)
		} else {
			err = k.Put(o.key, o.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func groupCommit(db *bbolt.DB) (update func([]op) error, stop func()) {
	type request struct {
		ops  []op
		done chan error
	}
	reqs := make(chan request, maxBatch)
	go func() {
		for r := range reqs {
			batch := []request{r}
			for more := true; more && len(batch) < maxBatch; {
				select {
				case r, ok := <-reqs:
					if more = ok; ok {
						batch = append(batch, r)
					}
				default:
					more = false
				}
			}
			err := db.Update(func(bt *bbolt.Tx) error {
				for _, r := range batch {
					if err := apply(bt, r.ops); err != nil {
						return err
					}
				}
				return nil
			})
			for _, r := range batch {
				r.done <- err
			}
		}
	}()
	return func(ops []op) error {
		r := request{ops: ops, done: make(chan error, 1)}
		reqs <- r
		return <-r.done
	}, func() { close(reqs) }
}
