package fakeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// pending is an update the bot has not acknowledged.
type pending struct {
	id  int64
	raw json.RawMessage
}

// queue is Telegram's side of getUpdates.
type queue struct {
	next    int64
	waiting []pending // in order of id
	again   []pending // delivered once more in front of the next batch, whatever the offset
	done    []int64   // acknowledged, in order
	seen    map[int64]json.RawMessage
	polls   int // counts getUpdates calls: a newer one ends an older
}

func newQueue() queue {
	return queue{next: 1000, seen: map[int64]json.RawMessage{}}
}

// push queues an update and returns its id; build makes the JSON once the id is known. The lock is held.
func (s *Server) push(build func(id int64) []byte) int64 {
	q := &s.queue
	q.next++
	id := q.next
	raw := json.RawMessage(build(id))
	q.waiting = append(q.waiting, pending{id, raw})
	q.seen[id] = raw
	s.wake()
	return id
}

// getUpdates is https://core.telegram.org/bots/api#getupdates. The offset acknowledges all below it.
func (s *Server) getUpdates(ctx context.Context, p params) (any, error) {
	offset := p.number("offset", 0)
	limit := int(p.number("limit", 100))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	timer := time.NewTimer(time.Duration(p.number("timeout", 0)) * time.Second)
	defer timer.Stop()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return nil, apiError{Code: http.StatusConflict, Text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	s.queue.polls++
	mine := s.queue.polls
	s.wake() // an older poll ends with a conflict
	s.acknowledge(offset)
	for {
		if s.queue.polls != mine {
			return nil, apiError{Code: http.StatusConflict, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
		if batch := s.batch(limit); len(batch) > 0 {
			return batch, nil
		}
		changed := s.changed
		s.mu.Unlock()
		over := false
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case <-ctx.Done():
			over = true
		case <-s.stopped.Done():
			over = true
		}
		s.mu.Lock()
		if over {
			return []json.RawMessage{}, nil
		}
	}
}

// acknowledge forgets what is below an offset; a negative one keeps that many from the end.
func (s *Server) acknowledge(offset int64) {
	q := &s.queue
	if n := len(q.waiting); offset < 0 {
		keep := min(int(-offset), n)
		if keep == 0 {
			return
		}
		offset = q.waiting[n-keep].id
	}
	for len(q.waiting) > 0 && q.waiting[0].id < offset {
		q.done = append(q.done, q.waiting[0].id)
		q.waiting = q.waiting[1:]
		s.wake()
	}
}

func (s *Server) batch(limit int) []json.RawMessage {
	q := &s.queue
	var out []json.RawMessage
	for _, p := range q.again {
		out = append(out, p.raw)
	}
	q.again = nil
	for _, p := range q.waiting {
		if len(out) >= limit {
			break
		}
		out = append(out, p.raw)
	}
	return out
}

// Raw queues an update written by hand. Every $ID in it is replaced by the update id, which is
// returned; text without $ID is an update whose id cannot be read. It may be anything but invalid JSON.
func (s *Server) Raw(text string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(func(id int64) []byte {
		return bytes.ReplaceAll([]byte(text), []byte("$ID"), number(id))
	})
}

// Redeliver sends updates once more, as Telegram does after an answer was lost: they stand in front of
// the next batch even if they were acknowledged.
func (s *Server) Redeliver(ids ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if raw, ok := s.queue.seen[id]; ok {
			s.queue.again = append(s.queue.again, pending{id, raw})
		}
	}
	s.wake()
}

// Acknowledged returns the ids of all updates the bot has acknowledged, in order.
func (s *Server) Acknowledged() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queue.done)
}

// Pending returns the ids of updates not yet acknowledged, in order.
func (s *Server) Pending() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []int64
	for _, p := range s.queue.waiting {
		ids = append(ids, p.id)
	}
	return ids
}

// WaitAcknowledged waits until every given update was acknowledged.
func (s *Server) WaitAcknowledged(ctx context.Context, ids ...int64) error {
	return s.until(ctx, func() bool {
		for _, id := range ids {
			if slices.ContainsFunc(s.queue.waiting, func(p pending) bool { return p.id == id }) {
				return false
			}
		}
		return true
	})
}
