package inbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"awassiber/bot"
)

// Reasons an arrival is quarantined for, besides bot.ReasonUnknownType. They are stored and shown
// in /antrean.
const (
	ReasonError = "error" // the handler returned an error at every try
	ReasonPanic = "panic" // the last try panicked
)

// Locale keys of the notices the desk gets. NoticeQuarantined has the arguments "reason" and "kind"
// (of update); a notice that cannot be handled itself makes no further one. NoticeUnreadable has
// none: a stored row cannot be opened, it stays where it is and holds up its chat.
const (
	NoticeQuarantined = "notice.quarantined"
	NoticeUnreadable  = "notice.unreadable"
)

// unreadableFor is how long a row is left alone that could not be opened. It is kept: repairing the
// file from a backup, or a later version, may make it readable.
const unreadableFor = 10 * time.Minute

// unreadable is what process returns for such a row.
type unreadable struct{ err error }

func (u *unreadable) Error() string { return "row cannot be opened: " + u.err.Error() }
func (u *unreadable) Unwrap() error { return u.err }

// fault is a failed try. It separates what the handler did from what the store did.
type fault struct {
	reason string
	err    error
}

func (f *fault) Error() string { return f.reason + ": " + f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// process takes one arrival through its transaction. Its error is the store's: the arrival is then
// as it was.
func (in *Inbox) process(ctx context.Context, t task) error {
	var gone, skipped bool
	id, found := t.id, in.prepare(ctx, t)
	err := in.store.Update(ctx, func(tx bot.Tx) error {
		gone, skipped = false, false
		a, err := tx.Arrival(id)
		switch {
		case errors.Is(err, bot.ErrNotFound):
			gone = true
			return nil
		case err != nil:
			return &unreadable{err}
		case a.Update.Kind == bot.KindUnknown:
			skipped = true
			return tx.Quarantine(id, bot.ReasonUnknownType)
		}
		if found != nil {
			a.Update.Recognised = found
		}
		if err := in.handle(tx, a.Update); err != nil {
			return err
		}
		return tx.Finish(id)
	})
	var f *fault
	var u *unreadable
	switch {
	case errors.As(err, &f):
		return in.failure(ctx, id, f)
	case errors.As(err, &u):
		return in.leave(ctx, id, u)
	case err != nil:
		return fmt.Errorf("inbox: handle: %w", err)
	case gone:
		return nil
	case skipped:
		in.quarantined.Add(1)
		in.o.Log.Warn("inbox: update of an unknown type kept aside", "arrival", id)
		return nil
	}
	in.handled.Add(1)
	if in.o.Handled != nil {
		in.o.Handled()
	}
	return nil
}

// prepare looks up what a timer's handler needs to know. A panic there costs only that.
func (in *Inbox) prepare(ctx context.Context, t task) (found *bot.Recognition) {
	if t.alarm == nil {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			in.panics.Add(1)
			in.o.Log.Error("inbox: preparing panicked", "arrival", t.id, "fault", describe(&panicError{v, nil}), "stack", string(debug.Stack()))
			found = nil
		}
	}()
	return in.o.Prepare(ctx, *t.alarm)
}

// handle runs the handler and turns whatever goes wrong in it into a fault.
func (in *Inbox) handle(tx bot.Tx, u bot.Update) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &fault{ReasonPanic, &panicError{v, debug.Stack()}}
		}
	}()
	if err := in.handler(tx, u); err != nil {
		return &fault{ReasonError, err}
	}
	return nil
}

// failure counts a failed try, or quarantines after the last.
func (in *Inbox) failure(ctx context.Context, id bot.QueueID, f *fault) error {
	in.failed.Add(1)
	var p *panicError
	if errors.As(f, &p) {
		in.panics.Add(1)
		in.o.Log.Error("inbox: handler panicked", "arrival", id, "fault", describe(f.err), "stack", string(p.stack))
	}
	var out outcome
	err := in.store.Update(ctx, func(tx bot.Tx) (err error) {
		out, err = settle(tx, id, f)
		return err
	})
	if err != nil {
		return fmt.Errorf("inbox: count a failed try: %w", err)
	}
	if out.quarantined {
		in.quarantined.Add(1)
		in.o.Log.Error("inbox: arrival quarantined", "arrival", id, "kind", out.kind, "reason", f.reason,
			"fault", describe(f.err), "tries", out.tries)
		return nil
	}
	in.o.Log.Warn("inbox: try failed", "arrival", id, "kind", out.kind, "reason", f.reason,
		"fault", describe(f.err), "tries", out.tries)
	return nil
}

// outcome is what settle did, for the log.
type outcome struct {
	kind        bot.UpdateKind
	tries       int
	quarantined bool
}

func settle(tx bot.Tx, id bot.QueueID, f *fault) (outcome, error) {
	a, err := tx.Arrival(id)
	if errors.Is(err, bot.ErrNotFound) { // erased at its sender's wish meanwhile
		return outcome{}, nil
	}
	if err != nil {
		return outcome{}, err
	}
	out := outcome{kind: a.Update.Kind, tries: a.Tries + 1}
	if out.tries < MaxTries {
		return out, tx.Retry(id, tx.Now().Add(backoff(a.Tries)))
	}
	out.quarantined = true
	if err := tx.Quarantine(id, f.reason); err != nil {
		return out, err
	}
	return out, tell(tx, id, a.Update, f.reason)
}

// tell lets the desk know of a quarantined update through one like any other, so that a failure to
// tell is contained in its own arrival.
func tell(tx bot.Tx, id bot.QueueID, u bot.Update, reason string) error {
	if u.Kind == bot.KindNotice {
		return nil
	}
	return notify(tx, u.Network, "quarantined/"+id, bot.Notice{
		Key: NoticeQuarantined, Args: map[string]string{"reason": reason, "kind": string(u.Kind)},
	})
}

// leave puts a row that cannot be opened off, and tells the desk once.
func (in *Inbox) leave(ctx context.Context, id bot.QueueID, u *unreadable) error {
	in.failed.Add(1)
	in.o.Log.Error("inbox: a row cannot be opened", "arrival", id, "err", u.err, "wait", unreadableFor)
	err := in.store.Update(ctx, func(tx bot.Tx) error {
		if err := tx.Retry(id, tx.Now().Add(unreadableFor)); err != nil {
			return err
		}
		return notify(tx, "", "unreadable/"+id, bot.Notice{Key: NoticeUnreadable})
	})
	if err != nil {
		return fmt.Errorf("inbox: put off a row: %w", err)
	}
	return nil
}

// notify delivers a notice; the same id again is recognised and passed over.
func notify(tx bot.Tx, net bot.Network, id bot.QueueID, n bot.Notice) error {
	_, err := tx.Deliver(bot.Update{Network: net, ID: bot.UpdateID(id), Kind: bot.KindNotice, At: tx.Now(), Notice: &n})
	return err
}

// backoff is the wait after a failed try, by the tries that failed before it: 0.1, 0.2, 0.4 and
// 0.8 s, up to half more at random so that chats that failed together do not return together.
func backoff(tries int) time.Duration {
	d := 100 * time.Millisecond << min(tries, 16)
	return d + rand.N(d/2)
}

// panicError carries a recovered panic.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return "panic" }

// describe names an error without anything a person could have written: errors of the runtime and
// our own sentinels by their text, everything else by its type.
func describe(err error) string {
	var p *panicError
	if errors.As(err, &p) {
		if e, ok := p.value.(error); ok {
			return describe(e)
		}
		return fmt.Sprintf("%T", p.value)
	}
	var r runtime.Error
	if errors.As(err, &r) {
		return r.Error()
	}
	for _, known := range []error{bot.ErrNotFound, bot.ErrUnchanged, bot.ErrKey, bot.ErrAddress} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	for e := errors.Unwrap(err); e != nil; e = errors.Unwrap(e) {
		err = e
	}
	return fmt.Sprintf("%T", err)
}
