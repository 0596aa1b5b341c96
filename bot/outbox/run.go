package outbox

import (
	"context"
	"sync"
	"time"

	"awassiber/bot"
)

// Waits of the loop. A machine that was suspended or whose clock was corrected is noticed within
// longestWait. What is due but not handed out (held messages) is looked at again every dueWait. A
// failing store is tried again after storePause, doubled up to storePauseMax.
const (
	longestWait   = time.Minute
	dueWait       = time.Second
	storePause    = 100 * time.Millisecond
	storePauseMax = 5 * time.Second
)

// Run sends what waits until ctx ends. It then lets sends in flight finish for a few seconds, and
// returns nil when nothing of it runs any more.
func (ob *Outbox) Run(ctx context.Context) error {
	// Sends outlive ctx by the grace: a message cut off midway may have arrived, and would be
	// sent again.
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var all sync.WaitGroup
	slots := make(chan struct{}, inHand)
	pause := storePause
	for ctx.Err() == nil {
		free := cap(slots) - len(slots)
		if free == 0 {
			sleep(ctx, longestWait, ob.kick)
			continue
		}
		r, err := ob.claim(ctx, free)
		if err != nil {
			if ctx.Err() == nil {
				ob.o.Log.Error("outbox: store failed, waiting", "err", err, "wait", pause)
				sleep(ctx, pause, nil)
				pause = min(2*pause, storePauseMax)
			}
			continue
		}
		pause = storePause
		for _, d := range r.batch {
			slots <- struct{}{}
			all.Go(func() {
				ob.perform(ctx, hard, d)
				<-slots
				ob.Kick() // the lane may have more, and there is room for it
			})
		}
		if r.looked == 0 {
			sleep(ctx, r.wait, ob.kick)
		}
	}
	t := time.AfterFunc(grace, cut)
	defer t.Stop()
	all.Wait()
	return nil
}

// SendOne performs one delivery that is due, in the caller's goroutine, and reports whether there
// was one. What the network says is handled as in Run and no error here; the error is the store's.
// It is for tests and scenarios, and not to be mixed with Run.
func (ob *Outbox) SendOne(ctx context.Context) (worked bool, err error) {
	r, err := ob.claim(ctx, 1)
	if err != nil {
		return false, err
	}
	for _, d := range r.batch {
		ob.perform(ctx, ctx, d)
	}
	return r.looked > 0, nil
}

// perform sees one claimed delivery through. ctx ends the waiting before a send, hard the send.
func (ob *Outbox) perform(ctx, hard context.Context, d bot.Delivery) {
	defer ob.land(d.ID)
	if d.Job != nil {
		ob.work(hard, d)
		return
	}
	ob.send(ctx, hard, d)
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
