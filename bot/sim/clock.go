package sim

import (
	"sync"
	"time"
)

// Clock is the time of the training network: a base time plus an offset that people move forward.
// It never goes back, even when the base does. Safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	base   func() time.Time
	offset time.Duration
	last   time.Time
	watch  map[int]func()
	next   int
}

// NewClock returns a clock that follows base; nil means the machine's clock.
func NewClock(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base, watch: map[int]func(){}}
}

// NewManualClock returns a clock that stands at t until it is moved.
func NewManualClock(t time.Time) *Clock {
	return NewClock(func() time.Time { return t })
}

// Now returns the training time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now must be called with mu held. If the base went back, the offset grows instead.
func (c *Clock) now() time.Time {
	t := c.base().Round(0).UTC().Add(c.offset)
	if t.Before(c.last) {
		c.offset += c.last.Sub(t)
		t = c.last
	}
	c.last = t
	return t
}

// Advance moves the clock forward by d and tells the watchers. Zero or less does nothing.
func (c *Clock) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	c.now()
	c.offset += d
	c.mu.Unlock()
	c.tell()
}

// Set moves the clock forward to t and tells the watchers. A t that is not later does nothing.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	ahead := t.Sub(c.now())
	if ahead > 0 {
		c.offset += ahead
	}
	c.mu.Unlock()
	if ahead > 0 {
		c.tell()
	}
}

// OnChange has fn called after every jump, from the goroutine that moved the clock; fn must not
// block. Whoever waits for a due time is woken by it. The result ends that.
func (c *Clock) OnChange(fn func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	c.next++
	c.watch[id] = fn
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watch, id)
	}
}

func (c *Clock) tell() {
	c.mu.Lock()
	var all []func()
	for _, fn := range c.watch {
		all = append(all, fn)
	}
	c.mu.Unlock()
	for _, fn := range all {
		fn()
	}
}

// position is what a restart needs to continue: the offset, and the latest time shown.
func (c *Clock) position() (offset time.Duration, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last = c.now()
	return c.offset, last
}

// restore continues from a saved position, but never earlier than this clock already is.
func (c *Clock) restore(offset time.Duration, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = max(c.offset, offset)
	if last.After(c.last) {
		c.last = last
	}
	c.now()
}
