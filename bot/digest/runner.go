package digest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// Options say whose digest a [Runner] sends. All fields but Sent must be set.
type Options struct {
	// Name tells this digest from others; with it begin its cursor and its keys.
	Name string
	// To is the group it goes to, moves of the chat followed. The zero address means that none is
	// configured: nothing is sent, and what happened is kept for the first digest that can be.
	To       func(bot.Tx) (bot.Address, error)
	Schedule Schedule
	// Now is the clock that Run waits by. Within a transaction its own time counts.
	Now     func() time.Time
	Printer *locales.Printer
	Places  func(code string) string // the name of an area by its Kemendagri code
	Zone    calendar.Zone
	Log     *slog.Logger
	// Sent, if set, is called after a digest was enqueued and committed: there is something to
	// send. It must not block.
	Sent func()
}

// Coordinators is the name of the digest for the coordinators' group.
const Coordinators = "coordinators"

// CursorName is the ledger name under which the digest called name keeps how far it has come:
// Event is the last event it told of, Slot the time it was made. Every slot up to then is done.
func CursorName(name string) string { return "digest/" + name }

// pollLimit is the longest Run sleeps. Timers do not count the time a machine was suspended and
// know nothing of a corrected clock; a look at the clock every minute does.
const pollLimit = time.Minute

// Runner sends a digest at every slot of a schedule, once. Its methods are safe for concurrent use.
type Runner struct {
	store bot.Store
	o     Options
	kick  chan struct{}

	mu   sync.Mutex
	next time.Time
}

// New makes a runner. It does nothing until RunDue or Run is called.
func New(store bot.Store, o Options) *Runner {
	return &Runner{store: store, o: o, kick: make(chan struct{}, 1)}
}

// Next is the slot the runner waits for; zero before RunDue first ended well, and when no slot is
// to come.
func (r *Runner) Next() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next
}

// Kick makes Run look at once: the clock was moved, or a group was configured.
func (r *Runner) Kick() {
	select {
	case r.kick <- struct{}{}:
	default: // one look is waiting to happen already
	}
}

// Run sends what is due until ctx ends. Failures are logged and tried again within a minute.
func (r *Runner) Run(ctx context.Context) {
	look := true // at start: a slot may have passed while the process was down
	for {
		if look || !r.o.Now().Before(r.Next()) {
			if _, err := r.RunDue(ctx); err != nil && ctx.Err() == nil {
				r.o.Log.ErrorContext(ctx, "digest failed", "digest", r.o.Name, "err", err)
			}
		}
		timer := time.NewTimer(r.wait())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-r.kick:
			timer.Stop()
			look = true
		case <-timer.C:
			look = false
		}
	}
}

// wait is how long Run may sleep.
func (r *Runner) wait() time.Duration {
	if d := r.Next().Sub(r.o.Now()); d > 0 {
		return min(d, pollLimit)
	}
	return pollLimit
}

// RunDue sends the latest slot that has come and was not sent, if there is one. Older ones that
// were missed as well are passed over: the one sent tells everything since the last. The first run
// ever sends nothing and begins to count.
func (r *Runner) RunDue(ctx context.Context) (sent bool, err error) {
	var d due
	err = r.store.Update(ctx, func(tx bot.Tx) (err error) {
		d, err = r.send(tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("digest %s: %w", r.o.Name, err)
	}
	r.mu.Lock()
	r.next = d.next
	r.mu.Unlock()
	r.log(ctx, d)
	if d.sent && r.o.Sent != nil {
		r.o.Sent()
	}
	return d.sent, nil
}

// due is what one look at the schedule came to.
type due struct {
	sent   bool
	slot   time.Time     // latest slot that has come; zero if none
	passed int           // slots before it that will never be sent
	late   bool          // slot is sent late
	next   time.Time     // what to wait for
	behind time.Duration // how far the clock stands before the last digest; negative normally
}

// send does the work in one transaction.
func (r *Runner) send(tx bot.Tx) (due, error) {
	name, now := CursorName(r.o.Name), tx.Now()
	cursor, err := tx.Cursor(name)
	if err != nil {
		return due{}, err
	}
	last, err := tx.LastEvent()
	if err != nil {
		return due{}, err
	}
	if cursor.Slot.IsZero() {
		return due{next: r.o.Schedule.Next(now)}, tx.PutCursor(name, bot.Cursor{Event: last, Slot: now})
	}
	d := due{behind: cursor.Slot.Sub(now)}
	d.next = r.o.Schedule.Next(now.Add(max(d.behind, 0)))
	d.slot, d.passed = r.o.Schedule.Latest(cursor.Slot, now)
	if d.slot.IsZero() {
		return d, nil
	}
	to, err := r.o.To(tx)
	if err != nil || to.IsZero() {
		return d, err
	}
	report, err := Gather(tx, cursor, d.slot)
	if err != nil {
		return due{}, err
	}
	err = tx.Enqueue(bot.Message{
		Key:  bot.Key(name + "/" + d.slot.UTC().Format(time.RFC3339)),
		To:   to,
		Text: Compose(r.o.Printer, r.o.Places, r.o.Zone, report),
	})
	if err != nil {
		return due{}, err
	}
	d.sent, d.late = true, report.Late
	return d, tx.PutCursor(name, bot.Cursor{Event: last, Slot: now})
}

// behindLimit is how far a clock may stand before the last digest without a word: corrections of
// seconds are everyday, an hour means that it was wrong then or is wrong now.
const behindLimit = time.Hour

func (r *Runner) log(ctx context.Context, d due) {
	log := r.o.Log.With("digest", r.o.Name)
	switch {
	case d.sent:
		log.InfoContext(ctx, "digest enqueued", "slot", d.slot, "late", d.late, "passed_over", d.passed)
	case !d.slot.IsZero():
		log.WarnContext(ctx, "digest due, but no group is configured", "slot", d.slot)
	case d.behind > behindLimit:
		log.WarnContext(ctx, "clock is behind the last digest, none will be sent until it has caught up",
			"behind", d.behind.Round(time.Second))
	}
}
