package fakewa

import (
	"slices"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Message is what the client sent, as its recipients decrypted it.
type Message struct {
	ID   string
	Chat types.JID // the LID of the recipient, or the group
	At   time.Time
	// Body is the innermost content; Raw is all of it. Neither may be changed.
	Body, Raw *waE2E.Message
	// Readers are those who decrypted it; Encrypted is for how many phones it was encrypted, the
	// account's own included.
	Readers   []*Person
	Encrypted int
	// Arrivals counts how often it came under this id. A phone shows it once.
	Arrivals int

	info types.MessageInfo
}

// Text is what a reader sees: the text or the caption, "" for other kinds.
func (m *Message) Text() string { return textOf(m.Body) }

// Attempt is a message that a RefuseSends fault refused.
type Attempt struct {
	ID string
	To types.JID
	At time.Time
}

// Activity is what the client showed of itself: available, unavailable, composing, paused,
// recording, read, read-self, played.
type Activity struct {
	Kind string
	Chat types.JID // zero for available and unavailable
	IDs  []string  // of the messages read or played
	At   time.Time
}

// Problem is a message that a recipient could not read.
type Problem struct {
	ID     string
	Reader *Person
	Err    error
}

// record is what happened, in order.
type record struct {
	limit      int
	messages   []Message
	index      map[string]int // chat and id → messages
	refused    []Attempt
	activity   []Activity
	problems   []Problem
	requests   []string // ids of messages the client asked the account's own phone for
	understood map[string]bool
	order      []string // of understood, oldest first
	deliveries int
}

func newRecord(limit int) record {
	return record{limit: limit, index: map[string]int{}, understood: map[string]bool{}}
}

// keepLast bounds a history that only tells how often something happened: the oldest go.
func keepLast[T any](all []T, limit int) []T { return all[max(0, len(all)-limit):] }

// settled notes that the client handled a message (understood) or gave it up.
func (r *record) settled(id string, understood bool) {
	if _, known := r.understood[id]; !known {
		r.order = append(r.order, id)
	}
	r.understood[id] = r.understood[id] || understood
	if len(r.order) > r.limit {
		delete(r.understood, r.order[0])
		r.order = r.order[1:]
	}
}

// repeated counts one more arrival of a message that is known already, and says whether it is. Its
// ciphertext may be the same as before, so nobody shall decrypt it again.
func (s *Server) repeated(p *parcel) bool {
	known := false
	s.update(func() {
		var i int
		if i, known = s.record.index[p.key()]; known {
			s.record.messages[i].Arrivals++
		}
	})
	return known
}

// chat is where the message belongs: the recipient's LID or the group.
func (p *parcel) chat() types.JID {
	if p.group != nil {
		return p.group.JID
	}
	return p.readers[0].LID
}

func (p *parcel) key() string { return p.chat().String() + " " + p.id }

func (s *Server) recordMessage(p *parcel, m *events.Message, readers []*Person) error {
	full := false
	s.update(func() {
		r := &s.record
		if i, known := r.index[p.key()]; known { // read at last by one more
			r.messages[i].Readers = slices.Concat(r.messages[i].Readers, readers)
			return
		}
		if full = len(r.messages) >= r.limit; full {
			return
		}
		r.index[p.key()] = len(r.messages)
		r.messages = append(r.messages, Message{
			ID: p.id, Chat: p.chat(), At: s.opt.Now(), Body: m.Message, Raw: m.RawMessage,
			Readers: readers, Encrypted: len(p.enc), Arrivals: 1, info: m.Info,
		})
	})
	if full {
		return ErrFull
	}
	return nil
}

func (s *Server) problem(p *parcel, reader *Person, err error) {
	if err == nil {
		return // a Misread fault
	}
	s.update(func() {
		s.record.problems = keepLast(append(s.record.problems, Problem{ID: p.id, Reader: reader, Err: err}), s.record.limit)
	})
}

// noteActivity records presence, typing and reading (presence.go; receipt.go, MarkRead).
func (s *Server) noteActivity(n *node) {
	a := Activity{At: s.opt.Now()}
	a.Kind, _ = n.Attrs["type"].(string)
	a.Chat, _ = n.Attrs["to"].(types.JID)
	switch n.Tag {
	case "chatstate":
		for _, child := range n.GetChildren() {
			a.Kind = child.Tag
			if media, _ := child.Attrs["media"].(string); media == "audio" {
				a.Kind = "recording"
			}
		}
	case "receipt":
		id, _ := n.Attrs["id"].(string)
		a.IDs = []string{id}
		list := n.GetChildByTag("list")
		for _, item := range list.GetChildrenByTag("item") {
			id, _ := item.Attrs["id"].(string)
			a.IDs = append(a.IDs, id)
		}
	}
	s.update(func() {
		s.record.activity = keepLast(append(s.record.activity, a), s.record.limit)
	})
}

// Messages are all messages the client sent so far, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.messages)
}

// Refused are the messages RefuseSends refused, oldest first.
func (s *Server) Refused() []Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.refused)
}

// Activity is what the client showed of itself, oldest first.
func (s *Server) Activity() []Activity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.activity)
}

// Problems are the messages somebody could not read; a good client leaves none, except for those a
// Misread fault asked for.
func (s *Server) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.problems)
}

// PhoneRequests are the ids of the messages the client asked the account's own phone for, because it
// could not read them.
func (s *Server) PhoneRequests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.requests)
}

// Deliveries counts what was sent to the client, repetitions included.
func (s *Server) Deliveries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.deliveries
}

// Logins counts the successful logins.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Acknowledged says whether the client sent its receipt for a message: it has handled it.
func (s *Server) Acknowledged(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.understood[id]
}

// Pending are the ids of the messages the client has not settled, in order, those a Reorder fault
// holds back included.
func (s *Server) Pending() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for d := s.queue.from(0); d != nil; d = s.queue.from(d.seq + 1) {
		if d.message {
			ids = append(ids, d.id)
		}
	}
	for _, d := range s.queue.held {
		ids = append(ids, d.id)
	}
	return ids
}

// attrInt reads a number from an attribute.
func attrInt(n *node, key string) int {
	text, _ := n.Attrs[key].(string)
	v, _ := strconv.Atoi(text)
	return v
}
