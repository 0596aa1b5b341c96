package whatsapp_test

import (
	"context"
	"sync"
	"time"
)

// forEver never lets a pause end.
func forEver(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

// shortOnly lets short pauses end, and none of those that wait for a person.
func shortOnly(ctx context.Context, d time.Duration) error {
	if d > time.Second {
		return forEver(ctx, d)
	}
	return brief(ctx, d)
}

// clock is the machine's, moved ahead.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func newClock() *clock { return &clock{} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// advance moves the clock by an hour.
func (c *clock) advance() { c.move(time.Hour) }

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
