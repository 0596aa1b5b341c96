package digest

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"awassiber/bot"
)

// memory is a store in a map with what a digest needs of one: transactions that leave no trace when
// they fail, keys that work once, and a count of what was read.
type memory struct {
	mu   sync.Mutex
	now  func() time.Time
	rows rows

	failEnqueue error // the next transaction fails after it has enqueued
	caseReads   int
}

type rows struct {
	events  []bot.Event
	cases   map[bot.CaseID]bot.Case
	cursors map[string]bot.Cursor
	outbox  []bot.Message
}

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, rows: rows{cases: map[bot.CaseID]bot.Case{}, cursors: map[string]bot.Cursor{}}}
}

func (m *memory) View(ctx context.Context, fn func(bot.Tx) error) error { return m.Update(ctx, fn) }

func (m *memory) Update(ctx context.Context, fn func(bot.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := rows{
		events: slices.Clone(m.rows.events), cases: maps.Clone(m.rows.cases),
		cursors: maps.Clone(m.rows.cursors), outbox: slices.Clone(m.rows.outbox),
	}
	// Twice, as a store may: the first attempt is rolled back.
	for range 2 {
		m.rows = rows{
			events: slices.Clone(before.events), cases: maps.Clone(before.cases),
			cursors: maps.Clone(before.cursors), outbox: slices.Clone(before.outbox),
		}
		if err := fn(&memoryTx{m: m, now: m.now()}); err != nil {
			m.rows = before
			return err
		}
	}
	return nil
}

// memoryTx answers what a digest asks; anything else is a nil dereference and fails the test.
type memoryTx struct {
	bot.Tx
	m   *memory
	now time.Time
}

func (t *memoryTx) Now() time.Time { return t.now }

func (t *memoryTx) Append(e bot.Event) (bot.Event, error) {
	e.ID, e.At = bot.EventID(len(t.m.rows.events)+1), t.now
	t.m.rows.events = append(t.m.rows.events, e)
	return e, nil
}

func (t *memoryTx) EventsAfter(id bot.EventID) iter.Seq2[bot.Event, error] {
	return func(yield func(bot.Event, error) bool) {
		for _, e := range t.m.rows.events[id:] {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (t *memoryTx) LastEvent() (bot.EventID, error) { return bot.EventID(len(t.m.rows.events)), nil }

func (t *memoryTx) HistoryBefore(id bot.CaseID, before bot.EventID) iter.Seq2[bot.Event, error] {
	return func(yield func(bot.Event, error) bool) {
		for _, e := range slices.Backward(t.m.rows.events) {
			if e.Case == id && (before == 0 || e.ID < before) && !yield(e, nil) {
				return
			}
		}
	}
}

func (t *memoryTx) Case(id bot.CaseID) (bot.Case, error) {
	t.m.caseReads++
	c, ok := t.m.rows.cases[id]
	if !ok {
		return c, bot.ErrNotFound
	}
	return c, nil
}

func (t *memoryTx) PutCase(c bot.Case) error { t.m.rows.cases[c.ID] = c; return nil }

func (t *memoryTx) Cases(s bot.Status, newest bool) iter.Seq2[bot.Case, error] {
	ids := slices.Sorted(maps.Keys(t.m.rows.cases))
	if newest {
		slices.Reverse(ids)
	}
	return func(yield func(bot.Case, error) bool) {
		for _, id := range ids {
			if c := t.m.rows.cases[id]; c.Status == s && !yield(c, nil) {
				return
			}
		}
	}
}

func (t *memoryTx) CaseCounts(string) (map[bot.Status]int, error) {
	counts := map[bot.Status]int{}
	for _, c := range t.m.rows.cases {
		counts[c.Status]++
	}
	return counts, nil
}

func (t *memoryTx) Cursor(name string) (bot.Cursor, error) { return t.m.rows.cursors[name], nil }

func (t *memoryTx) PutCursor(name string, c bot.Cursor) error {
	t.m.rows.cursors[name] = c
	return nil
}

func (t *memoryTx) Enqueue(msg bot.Message) error {
	if msg.Key == "" || msg.To.IsZero() {
		return errors.New("a digest needs a key and a group")
	}
	if slices.ContainsFunc(t.m.rows.outbox, func(o bot.Message) bool { return o.Key == msg.Key }) {
		return nil
	}
	t.m.rows.outbox = append(t.m.rows.outbox, msg)
	err := t.m.failEnqueue
	t.m.failEnqueue = nil
	return err
}

// outbox is what waits to be sent.
func (m *memory) outbox() []bot.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.rows.outbox)
}

// fail makes the next transaction fail with err after it has enqueued.
func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failEnqueue = err
}
