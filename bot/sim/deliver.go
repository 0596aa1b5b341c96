package sim

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"awassiber/bot"
)

// Attach connects a bot, for instance a restarted one, and hands it what waited. Nil disconnects:
// people can go on writing, and it waits.
func (n *Network) Attach(ctx context.Context, deliver func(context.Context, []bot.Update) error) error {
	n.mu.Lock()
	n.deliver = deliver
	n.mu.Unlock()
	return n.flush(ctx)
}

// Run keeps the file up to date and tries again what Deliver refused, until ctx ends. A network
// without Run works, but saves only at Close.
func (n *Network) Run(ctx context.Context) error {
	for {
		changed := n.Changed()
		if err := n.flush(ctx); err != nil {
			n.log.WarnContext(ctx, "training network: updates wait", "err", err)
		}
		if err := n.save(); err != nil {
			n.log.ErrorContext(ctx, "training network: not saved", "err", err)
		}
		var again <-chan time.Time
		if n.Pending() > 0 {
			again = time.After(time.Second)
		}
		select {
		case <-ctx.Done():
			return n.save()
		case <-changed:
		case <-again:
		}
		select { // a burst of changes is one write
		case <-ctx.Done():
			return n.save()
		case <-time.After(time.Second):
		}
	}
}

// Pending is how many updates wait for the bot.
func (n *Network) Pending() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.pending)
}

// flush hands everything pending to the bot, oldest first. Updates leave the queue only after the
// bot has them. Without a bot it does nothing.
func (n *Network) flush(ctx context.Context) error {
	n.flushing.Lock()
	defer n.flushing.Unlock()
	n.mu.Lock()
	batch, deliver := append([]bot.Update(nil), n.pending...), n.deliver
	n.mu.Unlock()
	if len(batch) == 0 || deliver == nil {
		return nil
	}
	if err := deliver(ctx, batch); err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pending = append([]bot.Update(nil), n.pending[len(batch):]...)
	n.last = &batch[len(batch)-1]
	for _, u := range batch {
		if u.Message == nil {
			continue
		}
		if m := n.find(u.Chat.Chat, u.Message.ID); m != nil && !m.Delivered {
			m.Delivered = true
			n.touch(m)
		}
	}
	n.dirty = true
	return nil
}

// push queues an update and hands it over. That the bot does not take it now is not the person's
// concern: it waits. mu must not be held.
func (n *Network) push(ctx context.Context, us ...bot.Update) {
	n.mu.Lock()
	for _, u := range us {
		n.lastUpd++
		u.Network, u.ID = bot.Sim, bot.UpdateID(n.session+"/"+strconv.FormatUint(n.lastUpd, 10))
		n.pending = append(n.pending, u)
	}
	n.dirty = true
	n.mu.Unlock()
	if err := n.flush(ctx); err != nil {
		n.log.WarnContext(ctx, "training network: updates wait", "err", err)
	}
}
