package whatsapp

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"awassiber/bot"
)

// maxOwed bounds the acknowledged updates that are kept while the store fails.
const maxOwed = 1000

// Waits while the store fails: they double from the first to the last, each jittered by half.
const (
	firstWait = time.Second
	lastWait  = time.Minute
)

// owed is what the store did not take. Messages that are not acknowledged come again at the next
// connection, so one of them is kept only to find out when the store works again.
type owed struct {
	mu    sync.Mutex
	acked []bot.Update
	probe []bot.Update
	any   bool
	kick  chan struct{}
}

func (o *owed) init() { o.kick = make(chan struct{}, 1) }

// failed notes updates that were not stored; none if something else went wrong on the way.
func (o *owed) failed(updates []bot.Update, acknowledged bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.any = true
	switch {
	case acknowledged && len(o.acked) < maxOwed:
		o.acked = append(o.acked, updates...)
	case !acknowledged && o.probe == nil:
		o.probe = updates
	}
	select {
	case o.kick <- struct{}{}:
	default: // told already
	}
}

// take removes everything.
func (o *owed) take() (updates []bot.Update, any bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	updates, any = append(o.acked, o.probe...), o.any
	o.acked, o.probe, o.any = nil, nil, false
	return updates, any
}

// redeliver waits for failures, tries until the store takes what it refused, and then forces a
// reconnection, at which WhatsApp sends again what was not acknowledged.
func (c *Client) redeliver(ctx context.Context) {
	wait, last := time.Duration(0), time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.owed.kick:
		}
		if now := c.config.Now(); now.Sub(last) > 2*lastWait {
			wait, last = 0, now
		} else {
			last = now
		}
		wait = max(firstWait, min(2*wait, lastWait))
		if c.config.Wait(ctx, wait/2+rand.N(wait/2+1)) != nil {
			return
		}
		updates, any := c.owed.take()
		if !any {
			continue
		}
		if err := c.tryDeliver(updates); err != nil {
			c.config.Log.Warn("whatsapp: still not stored", "error", err)
			c.owed.failed(updates, true)
			continue
		}
		c.track.stored(true)
		c.waClient().ResetConnection() // ends it; Run makes another
	}
}
