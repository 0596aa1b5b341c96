package bolt

import (
	"time"

	"awassiber/bot"
)

// holdKey is the row of tMeta that is there while the outbox is held.
const holdKey = "hold"

// SetHold implements bot.OutboxTx.
func (x *tx) SetHold(on bool) error {
	if on {
		return x.mark(tMeta, []byte(holdKey))
	}
	return x.remove(tMeta, []byte(holdKey))
}

// Held implements bot.OutboxTx.
func (x *tx) Held() (bool, error) { return x.has(tMeta, []byte(holdKey)), nil }

// Queues implements bot.OutboxTx. It reads the heads of the waiting rows.
func (x *tx) Queues() (bot.Queues, error) {
	q := bot.Queues{
		Quarantined: x.counted("quarantined"), Skipped: x.counted("skipped"), Retired: x.counted("retired"),
	}
	var err error
	if q.Held, err = x.Held(); err != nil {
		return q, err
	}
	for _, part := range []struct {
		lanes
		n      *int
		oldest *time.Time
	}{
		{x.inbox(), &q.Inbox, &q.OldestInbox},
		{x.outbox(), &q.Outbox, &q.OldestOutbox},
		{x.jobs(), &q.Jobs, new(time.Time)},
		{x.timers(), &q.Timers, new(time.Time)},
	} {
		if *part.n, *part.oldest, err = part.size(); err != nil {
			return q, err
		}
	}
	return q, nil
}

// countMost is how many rows of a queue are counted: a health check must not read a million timers.
const countMost = 10_000

// size counts rows, up to countMost, and finds when the oldest of them was stored.
func (l lanes) size() (n int, oldest time.Time, err error) {
	for k, v := range l.t.scan(l.rows, nil, false) {
		if n == countMost {
			break
		}
		r, err := l.parse(k, v)
		if err != nil {
			return 0, time.Time{}, err
		}
		n++
		oldest = earlier(oldest, moment(r.since))
	}
	return n, oldest, nil
}
