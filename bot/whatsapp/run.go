package whatsapp

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// How long a refusal is left alone before another attempt. A refused version may be accepted again after
// WhatsApp takes its decision back; in general it is the program that must be updated.
const (
	reconnectWait = 200 * time.Millisecond
	outdatedWait  = time.Hour
	refusedWait   = time.Minute
	refusedLast   = 30 * time.Minute
	afterPairing  = 45 * time.Second
	orderlyEnd    = 2 * time.Second
)

// Run connects, pairs if no phone is linked, and keeps the connection until ctx ends; then it returns nil.
// No failure ends it. It runs once.
func (c *Client) Run(ctx context.Context) error {
	var helpers sync.WaitGroup
	defer helpers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	helpers.Go(func() { c.redeliver(ctx) })
	helpers.Go(func() { c.markRead(ctx) })
	helpers.Go(func() { c.plead(ctx) })
	wait := time.Duration(0)
	for ctx.Err() == nil {
		end, connected := c.round(ctx)
		if connected {
			wait = 0
		}
		if ctx.Err() != nil || !c.recover(ctx, end, &wait) {
			return nil
		}
	}
	return nil
}

// round connects and holds until the connection ends. connected tells whether it ever stood.
//
// The connection's own context outlives ctx, so that it is ended in order, by the library's Disconnect;
// only where that takes too long, as it does in the middle of dialling, is it cut off.
func (c *Client) round(ctx context.Context) (end ending, connected bool) {
	for len(c.ended) > 0 {
		<-c.ended // of an earlier connection
	}
	alive, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer c.disconnect(cut)
	stopDialling := context.AfterFunc(ctx, cut)
	before := c.track.get().Success
	var late <-chan time.Time // the library connects by itself after a pairing, once
	if !c.paired() {
		stopDialling()
		if end := c.pair(ctx, alive); end.state != Connected {
			return end, false
		}
		timer := time.NewTimer(afterPairing)
		defer timer.Stop()
		late = timer.C
	} else if err := c.waClient().ConnectContext(alive); err != nil {
		return c.noConnection(err), false
	} else {
		stopDialling()
	}
	for {
		select {
		case <-ctx.Done():
			return end, false
		case end = <-c.ended:
			return end, c.track.get().Success.After(before)
		case <-late:
			if !c.waClient().IsLoggedIn() {
				return ending{state: Unreachable}, false
			}
		}
	}
}

// disconnect ends the connection, if need be by cutting it off.
func (c *Client) disconnect(cut context.CancelFunc) {
	timer := time.AfterFunc(orderlyEnd, cut)
	defer timer.Stop()
	c.waClient().Disconnect()
}

// noConnection is a connection that did not come about.
func (c *Client) noConnection(err error) ending {
	end := ending{state: Unreachable}
	if errors.Is(err, store.ErrDeviceDeleted) {
		end.state = LoggedOut
	}
	c.track.set(end.state, 0, time.Time{})
	c.config.Log.Warn("whatsapp: no connection", "kind", kind(err))
	return end
}

// recover waits until another attempt makes sense, and prepares it. It reports false when ctx ended.
func (c *Client) recover(ctx context.Context, end ending, wait *time.Duration) bool {
	switch end.state {
	case LoggedOut:
		return c.untilResumed(ctx, 0) && c.forget()
	case Replaced, Unpaired:
		return c.untilResumed(ctx, 0)
	case BannedUntil:
		return c.untilResumed(ctx, max(time.Second, end.until.Sub(c.config.Now())))
	case Outdated:
		return c.untilResumed(ctx, outdatedWait)
	}
	least, most := reconnectWait, lastWait // a line that is down
	if end.code != 0 {
		least, most = refusedWait, refusedLast // a refusal
	}
	*wait = max(least, min(2**wait, most))
	return c.untilResumed(ctx, *wait+rand.N(*wait/2))
}

// untilResumed waits for Resume, or until d is over; 0 is for ever. It reports false when ctx ended.
func (c *Client) untilResumed(ctx context.Context, d time.Duration) bool {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan struct{})
	if d > 0 {
		var timer sync.WaitGroup
		defer timer.Wait()
		defer stop()
		timer.Go(func() {
			if c.config.Wait(waiting, d) == nil {
				close(over)
			}
		})
	}
	select {
	case <-over:
	case <-c.resume:
	case <-ctx.Done():
		return false
	}
	return true
}

// forget begins a new device after the link was ended: the library has deleted the old one.
func (c *Client) forget() bool {
	c.learn(types.EmptyJID, types.EmptyJID)
	c.use(c.session.container.NewDevice())
	return true
}
