package fakewa

import (
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// activate begins to deliver, when the client says it is active (connectionevents.go, SetPassive:
// after it has looked after its prekeys).
func (c *conn) activate() {
	s := c.srv
	start := false
	s.update(func() {
		start = !c.active && s.conn == c && !s.closed
		if start {
			c.active, c.cursor = true, s.queue.first
			s.tasks.Add(1)
		}
	})
	if start {
		go func() {
			defer s.tasks.Done()
			err := c.deliver()
			s.opt.Log.Debug("delivery ended", "err", err)
			c.drop() // the reader learns it
		}()
	}
}

// deliver sends the offline queue between its two marks, and then whatever comes, until the
// connection ends, and says why it did.
func (c *conn) deliver() error {
	s := c.srv
	s.mu.Lock()
	waiting := len(s.queue.items)
	s.mu.Unlock()
	if err := c.send(offlineMark("offline_preview", waiting)); err != nil {
		return err
	}
	left := waiting
	for {
		if left == 0 {
			if err := c.send(offlineMark("offline", waiting)); err != nil {
				return err
			}
		}
		var next []node
		if err := s.await(c.ctx, func() bool { next = c.take(); return next != nil }); err != nil {
			return err
		}
		for _, n := range next {
			if err := c.send(n); err != nil {
				return err
			}
		}
		left--
	}
}

// offlineMark tells how much was waiting (connectionevents.go, handleIB).
func offlineMark(tag string, count int) node {
	return node{Tag: "ib", Attrs: attrs{"from": types.ServerJID}, Content: []node{{Tag: tag, Attrs: attrs{
		"count": count, "message": count, "appdata": 0, "notification": 0, "receipt": 0,
	}}}}
}

// take chooses what to send next, nothing if there is nothing or too much is on its way. Called with
// the server's lock.
func (c *conn) take() []node {
	s := c.srv
	d := s.queue.from(c.cursor)
	if d == nil || s.conn != c || c.parting || (d.message && c.flying >= s.opt.Window) {
		return nil
	}
	c.cursor = d.seq + 1
	d.on = c
	s.record.deliveries++
	if !d.message {
		return []node{d.node}
	}
	c.flying++
	n := d.node
	if d.sender != s.owner && spend(&s.faults.garble) {
		n = garbled(n)
	}
	if spend(&s.faults.duplicate) {
		return []node{n, n}
	}
	return []node{n}
}

const garbledAt = 12

// garbled is a copy with one bit of each ciphertext turned over, twelve bytes before the end: there
// every form has ciphertext, code or signature, and none the numbers of keys (a prekey message ends
// with two of those, of 4 to 10 bytes, after a code of 8).
func garbled(n node) node {
	children := slices.Clone(n.GetChildren())
	for i, child := range children {
		if text, ok := child.Content.([]byte); ok && child.Tag == "enc" && len(text) > garbledAt {
			text = slices.Clone(text)
			text[len(text)-garbledAt] ^= 1
			children[i].Content = text
		}
	}
	n.Content = children
	return n
}

// settle forgets what the client has got; understood says whether by a receipt (it has handled it)
// or by a bare acknowledgement (it could not read it, or it was no message).
func (c *conn) settle(key string, understood bool) {
	var retry func()
	s := c.srv
	s.update(func() {
		d := s.queue.remove(key, c)
		if d == nil {
			return
		}
		retry = d.retry
		if !d.message {
			return
		}
		c.flying--
		s.record.settled(d.id, understood)
	})
	if retry != nil {
		retry()
	}
}
