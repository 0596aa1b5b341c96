package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
)

// lanes is a queue of queues: rows of one lane are worked on in order, lanes are independent. It
// serves inbox, timers, outbox and jobs, which differ in their buckets only. schema.go has the
// form of keys and values.
//
// Invariant: the ready bucket has exactly one entry for each lane that has rows, under the time
// stored in the lane's first row. What is due is therefore found without looking at rows, and a
// row that waits for its next try holds up those behind it.
type lanes struct {
	t           *txn
	rows, ready table
	tag         byte // begins its QueueIDs
}

func (t *txn) inbox() lanes  { return lanes{t, tIn, tInReady, 'i'} }
func (t *txn) timers() lanes { return lanes{t, tTimer, tTimerReady, 't'} }
func (t *txn) outbox() lanes { return lanes{t, tOut, tOutReady, 'o'} }
func (t *txn) jobs() lanes   { return lanes{t, tJob, tJobReady, 'j'} }

const (
	rowKeySize = seal.MarkSize + 8
	rowHead    = 1 + 8 + 8 + 2 + 1 // version, due, since, tries, flags
)

// flagKeyed marks an outbox row whose message has a Key or an Edit.
const flagKeyed = 1

// row is a queue row with its payload still sealed.
type row struct {
	key        []byte // lane ‖ number
	due, since int64  // nanoseconds of the Unix epoch
	tries      uint16
	flags      byte
	sealed     []byte
}

func (r row) lane() []byte   { return r.key[:seal.MarkSize] }
func (r row) number() uint64 { return binary.BigEndian.Uint64(r.key[seal.MarkSize:]) }

// put appends a row to a lane.
func (l lanes) put(lane seal.Mark, due, now time.Time, flags byte, v any) ([]byte, error) {
	n, err := l.t.next(l.rows)
	if err != nil {
		return nil, err
	}
	plain, err := l.t.encode(v)
	if err != nil {
		return nil, err
	}
	r := row{key: binary.BigEndian.AppendUint64(append(make([]byte, 0, rowKeySize), lane[:]...), n),
		due: nanos(due), since: nanos(now), flags: flags}
	head, err := l.first(lane[:])
	if err != nil {
		return nil, err
	}
	if head == nil {
		if err := l.setReady(r); err != nil {
			return nil, err
		}
	}
	return r.key, l.store(r, plain)
}

// store writes a row, sealing plain, or with the payload it has if plain is nil.
func (l lanes) store(r row, plain []byte) error {
	v := l.t.mem.arena.grab(rowHead + max(len(r.sealed), len(plain)+seal.Overhead))
	v = append(v, valueVersion)
	v = binary.BigEndian.AppendUint64(v, uint64(r.due))
	v = binary.BigEndian.AppendUint64(v, uint64(r.since))
	v = binary.BigEndian.AppendUint16(v, r.tries)
	v = append(v, r.flags)
	if plain == nil {
		v = append(v, r.sealed...)
	} else {
		v = l.t.s.box.Seal(v, l.t.place(l.rows, r.key, nil), plain)
	}
	return l.t.write(l.rows, r.key, v)
}

// replace changes the payload of a row and nothing else.
func (l lanes) replace(r row, v any) error {
	plain, err := l.t.encode(v)
	if err != nil {
		return err
	}
	return l.store(r, plain)
}

// find reads a row; ok is false if it is gone.
func (l lanes) find(key []byte) (r row, ok bool, err error) {
	v := l.t.bucket(l.rows).Get(key)
	if v == nil {
		return row{}, false, nil
	}
	r, err = l.parse(key, v)
	return r, err == nil, err
}

func (l lanes) parse(key, v []byte) (row, error) {
	if len(key) != rowKeySize || len(v) < rowHead || v[0] != valueVersion {
		return row{}, errDamaged(l.rows, l.t.s.names)
	}
	return row{
		key: key, due: int64(binary.BigEndian.Uint64(v[1:])), since: int64(binary.BigEndian.Uint64(v[9:])),
		tries: binary.BigEndian.Uint16(v[17:]), flags: v[19], sealed: v[rowHead:],
	}, nil
}

// open decodes the payload of a row.
func (l lanes) open(r row, v any) error {
	plain, err := l.t.unseal(l.rows, r.key, nil, r.sealed)
	if err != nil {
		return err
	}
	if json.Unmarshal(plain, v) != nil { // its error may quote the row
		return errDamaged(l.rows, l.t.s.names)
	}
	return nil
}

// first returns the head of a lane, nil if the lane is empty.
func (l lanes) first(lane []byte) (*row, error) {
	k, v := l.t.bucket(l.rows).Cursor().Seek(lane)
	if !bytes.HasPrefix(k, lane) {
		return nil, nil
	}
	r, err := l.parse(k, v)
	return &r, err
}

// move sets the time of a row's next try. A row that is not the head of its lane keeps its place.
func (l lanes) move(r row, due time.Time) error {
	head, err := l.first(r.lane())
	if err != nil {
		return err
	}
	old := r.due
	r.due = nanos(due)
	if head != nil && bytes.Equal(head.key, r.key) {
		if err := l.t.remove(l.ready, readyKey(old, r.lane())); err != nil {
			return err
		}
		if err := l.setReady(r); err != nil {
			return err
		}
	}
	return l.store(r, nil)
}

// drop deletes a row; if it was the head, the one behind it becomes the head.
func (l lanes) drop(r row) error {
	head, err := l.first(r.lane())
	if err != nil {
		return err
	}
	isHead := head != nil && bytes.Equal(head.key, r.key)
	lane, due := bytes.Clone(r.lane()), r.due // the row's memory may go with it
	if err := l.t.remove(l.rows, r.key); err != nil || !isHead {
		return err
	}
	if err := l.t.remove(l.ready, readyKey(due, lane)); err != nil {
		return err
	}
	head, err = l.first(lane)
	if err != nil || head == nil {
		return err
	}
	return l.setReady(*head)
}

// yield puts a lane behind all others that are due now.
func (l lanes) yield(lane []byte, now time.Time) error {
	head, err := l.first(lane)
	if err != nil || head == nil || head.due >= nanos(now) {
		return err
	}
	return l.move(*head, now)
}

// id names a row to the outside: the queue's letter and the key in hex.
func (l lanes) id(key ...[]byte) bot.QueueID {
	b := make([]byte, 0, 1+2*rowKeySize)
	b = append(b, l.tag)
	for _, part := range key {
		b = hex.AppendEncode(b, part)
	}
	return bot.QueueID(b)
}

// key reads what id wrote; false if the ID belongs to another queue or to none.
func (l lanes) key(id bot.QueueID) ([]byte, bool) {
	if len(id) != 1+2*rowKeySize || id[0] != l.tag {
		return nil, false
	}
	key, err := hex.DecodeString(string(id[1:]))
	return key, err == nil
}

// pick finds the queue an ID belongs to, and its row.
func pick(id bot.QueueID, queues ...lanes) (lanes, row, bool, error) {
	for _, q := range queues {
		if key, ok := q.key(id); ok {
			r, ok, err := q.find(key)
			return q, r, ok, err
		}
	}
	return lanes{}, row{}, false, nil
}

// nanos is the time form of keys: times before 1970 become zero, those after 2262 the last there is.
func nanos(t time.Time) int64 {
	switch y := t.Year(); {
	case y < 1970:
		return 0
	case y > 2261:
		return math.MaxInt64
	}
	return max(t.UnixNano(), 0)
}

func moment(n int64) time.Time { return time.Unix(0, n).UTC() }
