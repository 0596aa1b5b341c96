package fakewa

import (
	"fmt"

	"go.mau.fi/whatsmeow/types"
)

// delivery is one thing the network owes the client until the client says it has it.
type delivery struct {
	seq     uint64
	id      string
	node    node
	message bool
	sender  *Person // of a message
	on      *conn   // the connection it was last sent on
	retry   func()  // run instead of forgetting: the client asked for it in another form
}

// key is how the client names what it has got: by tag, sender and id (receipt.go, buildBaseReceipt
// and sendAck).
func (d *delivery) key() string {
	return deliveryKey(d.node.Tag, d.node.Attrs["from"], d.node.Attrs["participant"], d.id)
}

func deliveryKey(tag string, from, participant any, id string) string {
	f, _ := from.(types.JID)
	p, _ := participant.(types.JID)
	return fmt.Sprint(tag, " ", f, " ", p, " ", id)
}

// queue is the offline queue: in order, with the entries settled meanwhile missing.
type queue struct {
	items       map[uint64]*delivery
	keys        map[string][]uint64 // several when the same id was sent several times
	first, last uint64              // no item outside [first, last]
	held        []*delivery         // by a Reorder fault
}

func newQueue() queue {
	return queue{items: map[uint64]*delivery{}, keys: map[string][]uint64{}, first: 1}
}

func (q *queue) add(d *delivery) {
	q.last++
	d.seq = q.last
	q.items[d.seq] = d
	q.keys[d.key()] = append(q.keys[d.key()], d.seq)
}

// from returns the first item at or after seq, or nil.
func (q *queue) from(seq uint64) *delivery {
	for n := max(seq, q.first); n <= q.last; n++ {
		if d := q.items[n]; d != nil {
			return d
		}
	}
	return nil
}

// remove takes out the oldest item with that key that was sent on c.
func (q *queue) remove(key string, c *conn) *delivery {
	for i, seq := range q.keys[key] {
		d := q.items[seq]
		if d.on != c {
			continue
		}
		q.forget(key, i)
		return d
	}
	return nil
}

func (q *queue) forget(key string, i int) {
	seqs := q.keys[key]
	delete(q.items, seqs[i])
	if len(seqs) == 1 {
		delete(q.keys, key)
	} else {
		q.keys[key] = append(append([]uint64{}, seqs[:i]...), seqs[i+1:]...)
	}
	for q.first <= q.last && q.items[q.first] == nil {
		q.first++
	}
}

// enqueue owes the client d.
func (s *Server) enqueue(d *delivery) error {
	full := false
	s.update(func() {
		if full = len(s.queue.items)+len(s.queue.held) >= s.opt.Limit; full {
			return
		}
		if d.message && s.faults.reorder > len(s.queue.held) {
			s.queue.held = append(s.queue.held, d)
			if len(s.queue.held) == s.faults.reorder {
				s.release()
			}
			return
		}
		s.queue.add(d)
	})
	if full {
		return ErrFull
	}
	return nil
}

// release queues what was held back, last first.
func (s *Server) release() {
	for i := len(s.queue.held) - 1; i >= 0; i-- {
		s.queue.add(s.queue.held[i])
	}
	s.queue.held, s.faults.reorder = nil, 0
}
