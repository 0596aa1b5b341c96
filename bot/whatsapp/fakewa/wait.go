package fakewa

import (
	"context"
	"fmt"
	"slices"
)

// WaitMessage returns the first message of the client, of all it sent so far and will send, for
// which match holds. A nil match takes any. match must not call the server; it is asked again after
// each change, since a message may find further readers.
func (s *Server) WaitMessage(ctx context.Context, match func(*Message) bool) (Message, error) {
	return s.waitMessage(ctx, match, func() int { return 0 })
}

// waitMessage looks at the messages from the one on that from gives; from is called with the lock.
func (s *Server) waitMessage(ctx context.Context, match func(*Message) bool, from func() int) (Message, error) {
	var found Message
	err := s.await(ctx, func() bool {
		for _, found = range s.record.messages[from():] {
			if match == nil || match(&found) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return Message{}, fmt.Errorf("fakewa: no such message from the client: %w", err)
	}
	return found, nil
}

// Watch sees the client's messages one after the other.
type Watch struct {
	srv  *Server
	seen int
}

// Watch begins to watch from now on: messages sent before are not seen.
func (s *Server) Watch() *Watch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Watch{srv: s, seen: len(s.record.messages)}
}

// Next returns the next message for which match holds and passes over those before it. A nil match
// takes any. Not for several goroutines at once.
func (w *Watch) Next(ctx context.Context, match func(*Message) bool) (Message, error) {
	m, err := w.srv.waitMessage(ctx, match, func() int { return w.seen })
	if err == nil {
		w.srv.mu.Lock()
		w.seen = w.srv.record.index[m.Chat.String()+" "+m.ID] + 1
		w.srv.mu.Unlock()
	}
	return m, err
}

// Heard is a condition for WaitMessage and Next: p read it, in whatever chat, and it passes match
// (nil: any).
func (p *Person) Heard(match func(*Message) bool) func(*Message) bool {
	return func(m *Message) bool {
		return slices.Contains(m.Readers, p) && (match == nil || match(m))
	}
}

// WaitAcknowledged returns when the client has sent its receipts for all these messages.
func (s *Server) WaitAcknowledged(ctx context.Context, ids ...string) error {
	return s.waitFor(ctx, "receipts", func() bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return !s.record.understood[id] })
	})
}

// WaitSettled returns when the client owes nothing: all that is queued was received or given up.
func (s *Server) WaitSettled(ctx context.Context) error {
	return s.waitFor(ctx, "an empty queue", func() bool { return len(s.queue.items)+len(s.queue.held) == 0 })
}

// WaitActive returns when a client is logged in and takes messages.
func (s *Server) WaitActive(ctx context.Context) error {
	return s.waitFor(ctx, "a login", func() bool { return s.conn != nil && s.conn.active })
}

// WaitGone returns when no client is connected.
func (s *Server) WaitGone(ctx context.Context) error {
	return s.waitFor(ctx, "the end of the connection", func() bool { return s.conn == nil })
}

// WaitLogins returns when there were at least n successful logins.
func (s *Server) WaitLogins(ctx context.Context, n int) error {
	return s.waitFor(ctx, "logins", func() bool { return s.logins >= n })
}

// WaitActivity returns the first activity so far or to come for which match holds. match must not
// call the server.
func (s *Server) WaitActivity(ctx context.Context, match func(*Activity) bool) (Activity, error) {
	var found Activity
	err := s.waitFor(ctx, "such activity", func() bool {
		for _, found = range s.record.activity {
			if match(&found) {
				return true
			}
		}
		return false
	})
	return found, err
}

// WaitRefused returns when RefuseSends has refused at least n messages.
func (s *Server) WaitRefused(ctx context.Context, n int) error {
	return s.waitFor(ctx, "refused messages", func() bool { return len(s.record.refused) >= n })
}

func (s *Server) waitFor(ctx context.Context, what string, cond func() bool) error {
	if err := s.await(ctx, cond); err != nil {
		return fmt.Errorf("fakewa: waited for %s: %w", what, err)
	}
	return nil
}
