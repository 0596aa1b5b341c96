package catalog

import (
	"context"
	"time"
)

// When the snapshot is written while the program runs. At its end it always is.
const (
	saveAfter   = 50_000           // events
	saveEvery   = 15 * time.Minute // if there were any
	eraseWithin = 2 * time.Minute  // how long words may stay in it after they were erased here
)

// retry is the wait after a failure of the store or the disk.
const retry = 5 * time.Second

// Run follows the store until ctx ends, and then writes the snapshot. Without it the next start takes longer,
// which is no reason to end in failure.
func (c *Catalog) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		worked, err := c.CatchUp(ctx)
		if err == nil && c.saveDue() {
			err = c.Save(ctx)
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			c.o.Log.Error("catalog: cannot follow, waiting", "err", err, "wait", retry)
			wait(ctx, retry, nil)
		case !worked:
			wait(ctx, time.Minute, c.kick)
		}
	}
	if err := c.Save(context.WithoutCancel(ctx)); err != nil {
		c.o.Log.Error("catalog: the snapshot cannot be written, the next start takes longer", "err", err)
	}
	return nil
}

func (c *Catalog) saveDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	return c.unsaved >= saveAfter || c.unsaved > 0 && now.Sub(c.saved) >= saveEvery ||
		!c.erased.IsZero() && now.Sub(c.erased) >= eraseWithin
}

// wait waits for the time, a kick (nil never kicks) or the end of ctx.
func wait(ctx context.Context, d time.Duration, kick <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-kick:
	case <-ctx.Done():
	}
}
