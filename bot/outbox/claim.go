package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"awassiber/bot"
)

// unreadableFor is how long a row is left alone that could not be opened. It is kept: a later
// version or the right key may read it.
const unreadableFor = 10 * time.Minute

// claimed is the outcome of looking for something to do.
type claimed struct {
	batch  []bot.Delivery // committed as claimed, to be performed
	looked int            // rows that were due, including those put off or dropped
	wait   time.Duration  // if nothing was due: until when nothing will be
	broken []error        // rows that could not be opened
}

// claim takes at most limit deliveries that are due, all in one transaction.
func (ob *Outbox) claim(ctx context.Context, limit int) (claimed, error) {
	ids, wait, err := ob.due(ctx, limit)
	if err != nil || len(ids) == 0 {
		return claimed{wait: wait}, err
	}
	// Once begun it is seen through: a claim that was committed and then forgotten would hold its
	// message back until it runs out.
	var c claimed
	err = ob.store.Update(context.WithoutCancel(ctx), func(tx bot.Tx) error {
		c = claimed{looked: len(ids)}
		for _, id := range ids {
			if err := ob.take(tx, id, &c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return claimed{}, fmt.Errorf("outbox: claim: %w", err)
	}
	for _, err := range c.broken {
		ob.o.Log.Error("outbox: a row cannot be opened", "err", err)
	}
	ob.mu.Lock()
	defer ob.mu.Unlock()
	for _, d := range c.batch {
		ob.flying[d.ID] = true
	}
	return c, nil
}

// due returns what waits and is not in flight here, and how long nothing else will be due.
func (ob *Outbox) due(ctx context.Context, limit int) (ids []bot.QueueID, wait time.Duration, err error) {
	var found []bot.QueueID
	err = ob.store.View(ctx, func(tx bot.Tx) error {
		desk, err := ob.desk(tx)
		if err != nil {
			return err
		}
		if found, err = tx.Deliveries(limit, desk); err != nil {
			return err
		}
		next, err := tx.NextDelivery()
		if err != nil {
			return err
		}
		switch left := next.Sub(tx.Now()); {
		case next.IsZero() || left > longestWait:
			wait = longestWait
		case left <= 0:
			wait = dueWait
		default:
			wait = left
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("outbox: %w", err)
	}
	ob.mu.Lock()
	defer ob.mu.Unlock()
	for _, id := range found {
		if !ob.flying[id] {
			ids = append(ids, id)
		}
	}
	return ids, wait, nil
}

// desk is the coordinators' group where it is now.
func (ob *Outbox) desk(tx bot.Tx) (bot.Address, error) {
	if ob.o.Coordinators.IsZero() {
		return bot.Address{}, nil
	}
	return tx.ResolveAddress(ob.o.Coordinators)
}

// take claims one delivery into c, or puts it off or drops it where the network need not be asked.
func (ob *Outbox) take(tx bot.Tx, id bot.QueueID, c *claimed) error {
	now := tx.Now()
	d, err := tx.Claim(id, now.Add(claimFor))
	switch {
	case errors.Is(err, bot.ErrNotFound): // erased meanwhile
		return nil
	case err != nil:
		c.broken = append(c.broken, fmt.Errorf("%s: %w", id, err))
		return tx.Reschedule(id, now.Add(unreadableFor))
	case d.Job != nil:
		c.batch = append(c.batch, d)
		return tx.Reschedule(id, now.Add(fetchClaim))
	case d.Message.Answer != "" && now.Sub(d.Since) > answerFor:
		return tx.Retire(id, ReasonLate)
	}
	if until := ob.pausedUntil(d.To, now); !until.IsZero() {
		return tx.Reschedule(id, until)
	}
	c.batch = append(c.batch, d)
	return nil
}

// land ends the flight of a delivery.
func (ob *Outbox) land(id bot.QueueID) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	delete(ob.flying, id)
}
