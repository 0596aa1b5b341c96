package outbox

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"awassiber/bot"
)

// Sender hands one delivery to its network and returns where it arrived. A *bot.SendError says what
// to make of a failure; any other error is tried again. It honours ctx's end.
type Sender interface {
	Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error)
}

// Fetcher opens the bytes of an attachment on its network. bot.ErrTooLarge, bot.ErrGone or a
// permanent *bot.SendError mean that they cannot be had; any other error is tried again.
type Fetcher interface {
	Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error)
}

// Evidence is where fetched files go. Put returns an attachment with SHA256, Size, MIME and State
// filled, or bot.ErrTooLarge or bot.ErrRefused for what is not kept. Has reports whether the file of a
// hash is there. Removing what is not there succeeds.
type Evidence interface {
	Put(ctx context.Context, r io.Reader) (bot.Attachment, error)
	Has(sha256 string) bool
	Remove(sha256 string) error
}

// Network is one network's way out.
type Network struct {
	Sender  Sender
	Fetcher Fetcher // nil if the network has no files
	Limits  Limits  // zero: none
}

// Options of an Outbox. Networks and Evidence must be set, the rest may stay zero.
type Options struct {
	Networks map[bot.Network]Network
	Evidence Evidence
	// Examine, if set, looks into a file that was stored just now and fills Text and Prints. It honours
	// ctx's end. Whatever it meets, the file is kept: it has no error to return.
	Examine func(ctx context.Context, a bot.Attachment) bot.Attachment
	// Coordinators is the desk's group as configured. It is served while outgoing messages are
	// held, and its own failures are not reported to it.
	Coordinators bot.Address
	// Delivered, if set, is called after an update (failure, moved chat, fetched file) was put
	// into the inbox: the inbox's Kick.
	Delivered func()
	// GiveUp is how long after it was decided a message that keeps failing is retired. 0: 24 h.
	GiveUp time.Duration
	// Now is the store's clock; nil is time.Now. Rate limits follow the machine's clock in any
	// case, for they protect something outside.
	Now func() time.Time
	// Log is told of failures; nil is slog.Default.
	Log *slog.Logger
}

// Times of one attempt. A claim outlasts the longest wait for a rate limit and the longest send
// together, so that a living process never meets its own claim again; and it is the longest time
// for which a crash delays a message.
const (
	claimFor    = 30 * time.Second
	limitWait   = 8 * time.Second
	sendTimeout = 18 * time.Second
	fetchClaim  = fetchLimit + examineLimit + claimFor
	fetchLimit  = 120 * time.Second
	// examineLimit is how long a stored file may be looked into. What waited longer than backlog to be
	// fetched has others behind it, and is looked into in haste.
	examineLimit = 60 * time.Second
	examineHaste = 5 * time.Second
	backlog      = time.Minute
	// answerFor is how long a pressed button waits for its answer before the network's client has
	// given up and shows nothing (Bot API, answerCallbackQuery: "query is too old").
	answerFor = 60 * time.Second
	// grace is how long sends in flight may go on after the end of Run was asked for.
	grace = 5 * time.Second
)

// inHand is how many deliveries are claimed at once: enough to keep 1,000 chats moving, few enough
// that at 25 messages a second the last waits no longer than limitWait.
const inHand = 128

// Outbox sends. Make it with New; it is safe for concurrent use.
type Outbox struct {
	store bot.Store
	o     Options
	kick  chan struct{}
	born  time.Time // store's clock

	limits map[bot.Network]*limiter

	// files: a fetch shares it, an unlink has it alone. same: one fetch at a time of a network's file.
	files sync.RWMutex
	same  turns

	mu      sync.Mutex
	flying  map[bot.QueueID]bool   // claimed by this process and not settled
	paused  map[silenced]time.Time // until when, on the store's clock
	fetched time.Time              // when the last fetch result was put into the inbox

	sent, retried, retired, jobs, panics atomic.Int64
}

// New makes an Outbox for what waits in store.
func New(store bot.Store, o Options) *Outbox {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.GiveUp <= 0 {
		o.GiveUp = 24 * time.Hour
	}
	ob := &Outbox{
		store: store, o: o, kick: make(chan struct{}, 1), born: o.Now(),
		limits: map[bot.Network]*limiter{}, flying: map[bot.QueueID]bool{}, paused: map[silenced]time.Time{},
	}
	for name, n := range o.Networks {
		ob.limits[name] = newLimiter(n.Limits)
	}
	return ob
}

// Stats counts since the process began.
type Stats struct {
	Sent    int64 // messages the network took
	Retried int64 // attempts that failed and will be repeated
	Retired int64 // messages given up
	Jobs    int64 // file jobs done, with whatever result
	Panics  int64 // adapters that panicked
	// Paused holds the networks that asked for silence, and until when.
	Paused map[bot.Network]time.Time
}

// Stats returns the counts.
func (ob *Outbox) Stats() Stats {
	s := Stats{
		Sent: ob.sent.Load(), Retried: ob.retried.Load(), Retired: ob.retired.Load(),
		Jobs: ob.jobs.Load(), Panics: ob.panics.Load(), Paused: map[bot.Network]time.Time{},
	}
	now := ob.o.Now()
	ob.mu.Lock()
	defer ob.mu.Unlock()
	for what, until := range ob.paused {
		if until.After(now) && until.After(s.Paused[what.network]) {
			s.Paused[what.network] = until
		}
	}
	return s
}

// Panics is how often an adapter panicked. A test suite that ends with more than it expected fails.
func (ob *Outbox) Panics() int64 { return ob.panics.Load() }

// Kick makes Run look again: something was enqueued, the hold was lifted, or the store's clock was
// moved. It never blocks.
func (ob *Outbox) Kick() {
	select {
	case ob.kick <- struct{}{}:
	default: // a kick is waiting already; it covers this one
	}
}

// silenced is what is kept quiet: a network, or only its chats with persons.
type silenced struct {
	network bot.Network
	persons bool
}

// pause keeps it quiet until then.
func (ob *Outbox) pause(what silenced, until time.Time) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	if until.After(ob.paused[what]) {
		ob.paused[what] = until
	}
}

// pausedUntil is when a chat may be written to again, zero if at now it may.
func (ob *Outbox) pausedUntil(to bot.Address, now time.Time) time.Time {
	isGroup := ob.o.Networks[to.Network].Limits.IsGroup
	ob.mu.Lock()
	defer ob.mu.Unlock()
	until := ob.paused[silenced{network: to.Network}]
	if p := ob.paused[silenced{network: to.Network, persons: true}]; p.After(until) && (isGroup == nil || !isGroup(to)) {
		until = p
	}
	if until.After(now) {
		return until
	}
	return time.Time{}
}
