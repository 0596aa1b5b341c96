package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"awassiber/bot"
)

// maxBatch is how many transactions share one commit at most.
const maxBatch = 1000

// patience is how many times in a row the writer yields in vain before it starts a batch that may
// have company: some ten microseconds of an idle machine.
const patience = 64

// errExited: fn ended its goroutine (runtime.Goexit, as testing.T.FailNow does) instead of returning.
var errExited = errors.New("transaction ended its goroutine")

// PanicError is what Update returns when its function panicked. Nothing was written.
type PanicError struct {
	Value any
	Stack []byte
}

// Error names the panic: runtime errors by their text, other values by type only, since they could
// hold somebody's text.
func (e *PanicError) Error() string {
	if err, ok := e.Value.(runtime.Error); ok {
		return "panic in transaction: " + err.Error()
	}
	return fmt.Sprintf("panic in transaction: %T", e.Value)
}

// Who may still decide about a request.
const (
	waiting   int32 = iota // the caller may give up
	taken                  // the writer has it
	abandoned              // the caller left
)

// request is one Update.
type request struct {
	ctx   context.Context
	fn    func(bot.Tx) error
	state atomic.Int32
	err   error
	done  chan struct{}
	ended bool // answered; the writer's own note
}

// Update runs fn in a transaction together with others that wait. If ctx ends before its turn has
// come, fn is not run; once it runs, Update waits for the outcome. A panic in fn is returned as a
// *PanicError, counted and logged.
func (s *Store) Update(ctx context.Context, fn func(bot.Tx) error) error {
	r := &request{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := s.hand(r); err != nil {
		return err
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
	}
	if r.state.CompareAndSwap(waiting, abandoned) {
		return ctx.Err()
	}
	<-r.done
	return r.err
}

func (s *Store) hand(r *request) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	if err := r.ctx.Err(); err != nil {
		return err
	}
	select {
	case s.reqs <- r:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// writer runs the transactions of a Store, grouped.
type writer struct {
	s     *Store
	batch []*request
	mem   *scratch
}

func newWriter(s *Store) *writer { return &writer{s: s, mem: new(scratch)} }

func (w *writer) loop() {
	clean := false
	defer func() {
		if clean {
			close(w.s.done)
			return
		}
		for _, r := range w.batch {
			w.end(r, errExited)
		}
		go w.loop()
	}()
	for r := range w.s.reqs {
		w.gather(r)
		w.commit()
	}
	clean = true
}

// gather takes first and whatever else waits. After a batch of several it first lets their callers
// run, who were woken a moment ago and may bring their next transaction: else a commit of one and a
// commit of all the others take turns. A lone caller is never waited for.
func (w *writer) gather(first *request) {
	tries := 1
	if len(w.batch) > 1 {
		tries = patience
	}
	w.batch = w.take(w.batch[:0], first)
	for idle := 0; idle < tries && len(w.batch) < maxBatch; idle++ {
		n := len(w.batch)
		for len(w.batch) < maxBatch && w.more() {
		}
		if len(w.batch) > n {
			idle = 0
		}
		if tries > 1 {
			runtime.Gosched()
		}
	}
}

// more takes one request that waits, false if there is none.
func (w *writer) more() bool {
	select {
	case r, open := <-w.s.reqs:
		if open {
			w.batch = w.take(w.batch, r)
		}
		return open
	default:
		return false
	}
}

// take adds r to a batch, unless its caller left.
func (w *writer) take(batch []*request, r *request) []*request {
	if r.state.CompareAndSwap(waiting, taken) {
		return append(batch, r)
	}
	return batch
}

// commit answers the batch. As long as one of several transactions fails, all are rolled back and
// the others are run again without it; those that failed are then run alone, on what the others
// committed.
func (w *writer) commit() {
	var alone []*request
	for rest := w.batch; len(rest) > 0; {
		failed := w.try(rest)
		if len(failed) == 0 {
			break
		}
		alone = append(alone, failed...)
		rest = without(rest, failed)
	}
	for i := range alone {
		w.try(alone[i : i+1])
	}
}

func without(all, some []*request) []*request {
	var rest []*request
	for _, r := range all {
		if len(some) > 0 && r == some[0] {
			some = some[1:]
			continue
		}
		rest = append(rest, r)
	}
	return rest
}

// try runs requests in one transaction and either answers all of them or, if some failed that were
// not alone, rolls back, answers nobody and returns those. An error of a function that had written
// nothing harms nobody and needs no rollback.
func (w *writer) try(reqs []*request) (failed []*request) {
	bt, err := w.s.db.Begin(true)
	if err != nil {
		w.endAll(reqs, err)
		return nil
	}
	open := true
	defer func() {
		if open {
			_ = bt.Rollback() // the only error is that it is closed already
		}
		w.mem.arena.reset()
	}()
	t := w.s.begin(bt, w.mem)
	for _, r := range reqs {
		before := t.writes
		r.err = w.call(r, t)
		var p *PanicError
		if r.err != nil && (t.writes != before || errors.As(r.err, &p)) {
			failed = append(failed, r)
		}
	}
	switch {
	case len(failed) > 0 && len(reqs) > 1:
		return failed
	case len(failed) == 0 && t.writes > 0:
		open = false
		err = bt.Commit()
	}
	w.endAll(reqs, err)
	return nil
}

// call runs one function, turning a panic into an error. The writer's own state is safe: whatever
// the function had written is rolled back.
func (w *writer) call(r *request, t *txn) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return r.fn(w.s.tx(t))
}

// endAll answers requests: with their own error, or with that of the commit they hoped for.
func (w *writer) endAll(reqs []*request, commit error) {
	if commit != nil {
		commit = fmt.Errorf("commit: %w", commit)
	}
	for _, r := range reqs {
		if r.err == nil {
			r.err = commit
		}
		w.end(r, r.err)
	}
}

func (w *writer) end(r *request, err error) {
	if r.ended {
		return
	}
	r.ended, r.err = true, err
	var p *PanicError
	if errors.As(err, &p) {
		w.s.panics.Add(1)
		w.s.log.Error("panic in transaction", "err", p.Error(), "stack", string(p.Stack))
	}
	close(r.done)
}
