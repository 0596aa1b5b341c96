package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
)

// Options of a Catalog.
type Options struct {
	// Places are names of areas beyond those the normaliser knows by itself.
	Places []string
	// Path is the snapshot's file; empty keeps none, so that every start builds the index again.
	Path string
	// Sealer seals the snapshot; it must be set if Path is.
	Sealer Sealer
	// Deliver takes what was found out late, as inbox.Deliver does; nil finds nothing late.
	Deliver func(context.Context, []bot.Update) error
	// Now is the clock; nil is time.Now. Log is told of troubles; nil is slog.Default.
	Now func() time.Time
	Log *slog.Logger
}

// Catalog is the index of what was sent before, in step with a store. It is safe for concurrent use; CatchUp and
// Run are for one goroutine.
type Catalog struct {
	store bot.Store
	norm  *match.Normaliser
	o     Options
	twins twins
	kick  chan struct{}

	mu       sync.Mutex
	index    *match.Index // nil while it is being read
	position bot.EventID  // the last event it has followed
	last     bot.EventID  // the store's last event when it was looked at
	rebuild  bool         // the index began from nothing and has not caught up yet
	current  bool         // it has caught up once
	unsaved  int          // events followed since the last snapshot
	erased   time.Time    // when something was taken out that the snapshot still holds; zero if nothing was
	saved    time.Time
	full     map[bot.CaseID]bool // cases of which no further tip is indexed
	late     []bot.TipID         // looked up during a rebuild and not found
	counts   map[bot.Decision]int64
}

// New makes a Catalog that knows nothing yet; Open reads its snapshot.
func New(store bot.Store, o Options) (*Catalog, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	norm, err := match.NewNormaliser(o.Places...)
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	return &Catalog{
		store: store, norm: norm, o: o, kick: make(chan struct{}, 1),
		full: map[bot.CaseID]bool{}, counts: map[bot.Decision]int64{},
	}, nil
}

// State is how the index stands.
type State struct {
	Reading    bool // nothing can be told yet
	Rebuilding bool // it is being built from the beginning: what it knows so far is told
	// Percent is how far it has followed the events, 100 when it has caught up.
	Percent   int
	Lag       int // events not followed yet, when it was last looked at
	Documents int
	Bytes     int // of memory, roughly
	// Answers counts what was told since the start, by decision.
	Answers map[bot.Decision]int64
}

// State looks through the whole index and is not for every query.
func (c *Catalog) State() State {
	c.mu.Lock()
	s := State{Reading: c.index == nil || !c.current && !c.rebuild, Rebuilding: c.rebuild, Percent: 100, Answers: map[bot.Decision]int64{}}
	if c.last > c.position {
		s.Lag = int(c.last - c.position)
		s.Percent = int(100 * c.position / c.last)
	}
	for d, n := range c.counts {
		s.Answers[d] = n
	}
	index := c.index
	c.mu.Unlock()
	if index != nil {
		size := index.Size()
		s.Documents, s.Bytes = size.Docs, size.Bytes
	}
	return s
}

// ready is the index as far as it may be asked; nil while it is being read. building reports that it began from
// nothing and has not caught up.
func (c *Catalog) ready() (index *match.Index, building bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.current && !c.rebuild {
		return nil, false
	}
	return c.index, c.rebuild
}

func (c *Catalog) now() time.Time { return c.o.Now() }

func (c *Catalog) count(d bot.Decision) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[d]++
}

// mostLate bounds how many tips are looked up again after a rebuild.
const mostLate = 10000

func (c *Catalog) missed(id bot.TipID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.late) < mostLate {
		c.late = append(c.late, id)
	}
}

// Kick makes Run look again: something was committed. It never blocks.
func (c *Catalog) Kick() {
	select {
	case c.kick <- struct{}{}:
	default: // one waits already; it covers this one
	}
}
