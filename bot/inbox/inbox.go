package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"awassiber/bot"
)

// MaxTries is after how many failed tries an arrival is quarantined. With the back-off between
// them an arrival that fails every time holds up its chat for about three seconds.
const MaxTries = 5

// DefaultParallel is how many lanes a round takes when Options leaves it open: enough to fill a
// group commit, few enough that their goroutines cost nothing.
const DefaultParallel = 256

// A failing store is tried again after storePause, doubled up to storePauseMax.
const (
	storePause    = 100 * time.Millisecond
	storePauseMax = 5 * time.Second
)

// longestWait bounds the wait for a timer: a suspended machine or a corrected clock is noticed
// within this time, since Go's timers follow neither.
const longestWait = time.Minute

// shortestWait keeps the loop from spinning if something counts as due and yet is not handed out.
const shortestWait = 10 * time.Millisecond

// Handler decides what an update means. It works on the transaction alone and may be run again on
// the same update. An error undoes everything it wrote and costs one try, so a refusal meant for
// the sender (bot.UserError) is turned into a message before the handler returns.
type Handler func(tx bot.Tx, u bot.Update) error

// Options of an Inbox. The zero value works.
type Options struct {
	// Log is told of failures; nil is slog.Default.
	Log *slog.Logger
	// Handled, if set, is called after an arrival was handled and committed: there may be
	// something to send. It must not block.
	Handled func()
	// Prepare, if set, is called before the transaction of a timer that is due, outside of any: what it
	// looks up comes with the update as Recognised. It has nothing to lose: nil means that nothing is known.
	Prepare func(context.Context, bot.Timer) *bot.Recognition
	// Parallel is how many lanes are handled at once; 0 is DefaultParallel.
	Parallel int
}

// Inbox keeps and handles updates. Make it with New; it is safe for concurrent use.
type Inbox struct {
	store   bot.Store
	handler Handler
	o       Options
	kick    chan struct{}

	handled, failed, panics, quarantined atomic.Int64
}

// New makes an Inbox that runs h on what arrives in store.
func New(store bot.Store, h Handler, o Options) *Inbox {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Parallel <= 0 {
		o.Parallel = DefaultParallel
	}
	return &Inbox{store: store, handler: h, o: o, kick: make(chan struct{}, 1)}
}

// Stats counts since the process began.
type Stats struct {
	Handled     int64 // arrivals handled
	Failed      int64 // tries that failed, panics included
	Panics      int64 // tries that panicked
	Quarantined int64 // arrivals moved out of the way
}

// Stats returns the counts.
func (in *Inbox) Stats() Stats {
	return Stats{
		Handled: in.handled.Load(), Failed: in.failed.Load(),
		Panics: in.panics.Load(), Quarantined: in.quarantined.Load(),
	}
}

// Panics is how often a handler panicked. A test suite that ends with more than it expected fails.
func (in *Inbox) Panics() int64 { return in.panics.Load() }

// Deliver stores updates in one transaction. When it returns nil they are on disk, and may be
// acknowledged to the network; updates that were delivered before are recognised and passed over.
// After an error none of them is stored.
func (in *Inbox) Deliver(ctx context.Context, updates []bot.Update) error {
	if len(updates) == 0 {
		return nil
	}
	err := in.store.Update(ctx, func(tx bot.Tx) error {
		for _, u := range updates {
			if _, err := tx.Deliver(u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("inbox: deliver: %w", err)
	}
	in.Kick()
	return nil
}

// Kick makes Run look again: something was delivered, a timer was set, or the store's clock was
// moved. It never blocks.
func (in *Inbox) Kick() {
	select {
	case in.kick <- struct{}{}:
	default: // a kick is waiting already; it covers this one
	}
}

// ProcessOne handles one arrival or timer that is due, in the caller's goroutine, and reports
// whether there was one. A handler's failure is counted and logged as in Run and is not an error
// here; the error is the store's. It is for tests and scenarios, and not to be mixed with Run.
func (in *Inbox) ProcessOne(ctx context.Context) (worked bool, err error) {
	tasks, _, err := in.due(ctx, 1)
	if err != nil || len(tasks) == 0 {
		return false, err
	}
	return true, in.process(ctx, tasks[0])
}

// Run handles what arrives until ctx ends. It then finishes the transactions in hand, leaves the
// rest queued and returns nil.
func (in *Inbox) Run(ctx context.Context) error {
	pause := storePause
	for ctx.Err() == nil {
		n, wait, err := in.round(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			in.o.Log.Error("inbox: store failed, waiting", "err", err, "wait", pause)
			sleep(ctx, pause, nil)
			pause = min(2*pause, storePauseMax)
		case n > 0:
			pause = storePause
		default:
			pause = storePause
			sleep(ctx, wait, in.kick)
		}
	}
	return nil
}

// round handles the first arrival of every lane that is due. It returns how many there were; if
// none, how long to wait for the next. The error is the store's.
func (in *Inbox) round(ctx context.Context) (n int, wait time.Duration, err error) {
	tasks, wait, err := in.due(ctx, in.o.Parallel)
	if err != nil {
		return 0, 0, err
	}
	errs := make([]error, len(tasks))
	var all sync.WaitGroup
	for i, t := range tasks {
		all.Go(func() { errs[i] = in.process(ctx, t) })
	}
	all.Wait()
	for _, e := range errs {
		if e != nil {
			return len(tasks), 0, e // one tells enough: they share a disk
		}
	}
	return len(tasks), wait, nil
}

// task is an arrival to be handled, with the timer that it is, if it is one and somebody prepares it.
type task struct {
	id    bot.QueueID
	alarm *bot.Timer
}

// due returns what can be handled now, and how long nothing else will be.
func (in *Inbox) due(ctx context.Context, limit int) (tasks []task, wait time.Duration, err error) {
	err = in.store.View(ctx, func(tx bot.Tx) error {
		var err error
		if tasks, err = in.tasks(tx, limit); err != nil {
			return err
		}
		next, err := tx.NextArrival()
		if err != nil {
			return err
		}
		switch left := next.Sub(tx.Now()); {
		case next.IsZero() || left > longestWait:
			wait = longestWait
		case left <= 0:
			wait = shortestWait
		default:
			wait = left
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("inbox: %w", err)
	}
	return tasks, wait, nil
}

func (in *Inbox) tasks(tx bot.Tx, limit int) ([]task, error) {
	ids, err := tx.Arrivals(limit)
	tasks := make([]task, len(ids))
	for i, id := range ids {
		tasks[i].id = id
		if in.o.Prepare == nil {
			continue
		}
		if t, err := tx.Alarm(id); err == nil { // what cannot be read is told of when it is handled
			tasks[i].alarm = &t
		}
	}
	return tasks, err
}

// sleep waits for the time, a kick (nil never kicks) or the end of ctx.
func sleep(ctx context.Context, d time.Duration, kick <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-kick:
	case <-ctx.Done():
	}
}
