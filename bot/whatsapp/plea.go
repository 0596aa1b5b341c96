package whatsapp

import (
	"context"
	"sync"
	"time"

	"awassiber/bot"
)

// pleaAfter is how long a message that could not be read may take to come again, by way of the sender's
// phone, before its sender is asked in words. maxPleas bounds how many are watched.
const (
	pleaAfter = 2 * time.Minute
	maxPleas  = 1000
)

// pleas are the placeholders whose message has not come yet. They are in memory: after a restart the
// placeholder stays, and nobody is asked.
type pleas struct {
	mu      sync.Mutex
	waiting map[bot.UpdateID]waitingPlea
	kick    chan struct{}
}

type waitingPlea struct {
	placeholder bot.Update
	due         time.Time
}

func (p *pleas) init() {
	p.waiting, p.kick = map[bot.UpdateID]waitingPlea{}, make(chan struct{}, 1)
}

func (p *pleas) put(u bot.Update, due time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.waiting[u.ID]; !known && len(p.waiting) < maxPleas {
		p.waiting[u.ID] = waitingPlea{placeholder: u, due: due}
	}
	select {
	case p.kick <- struct{}{}:
	default: // told already
	}
}

// drop forgets a placeholder whose message came.
func (p *pleas) drop(id bot.UpdateID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, id)
}

// due takes out what is due, and tells when the next will be; zero if none waits.
func (p *pleas) due(now time.Time) (ready []bot.Update, next time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, w := range p.waiting {
		switch {
		case !w.due.After(now):
			ready = append(ready, plea(w.placeholder))
			delete(p.waiting, id)
		case next.IsZero() || w.due.Before(next):
			next = w.due
		}
	}
	return ready, next
}

// plead asks, through the handlers, the senders of messages that never became readable.
func (c *Client) plead(ctx context.Context) {
	for {
		ready, next := c.pleas.due(c.config.Now())
		if len(ready) > 0 {
			c.deliver(ready, true)
		}
		if next.IsZero() {
			select {
			case <-ctx.Done():
				return
			case <-c.pleas.kick:
			}
			continue
		}
		if c.config.Wait(ctx, max(time.Second, next.Sub(c.config.Now()))) != nil {
			return
		}
	}
}
