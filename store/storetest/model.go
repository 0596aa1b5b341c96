package storetest

import (
	"fmt"
	"slices"
	"time"

	"awassiber/bot"

	"pgregory.net/rapid"
)

// modelRow is what the model knows of a waiting message.
type modelRow struct {
	text  string
	due   time.Time
	tries int
}

// laneModel drives the outbox with random steps and compares it, after each, with slices.
func laneModel(e *env) {
	run := 0
	rapid.Check(e, func(t *rapid.T) {
		run++ // runs share the store; each has groups of its own
		m := &model{env: e, run: run, lanes: map[int][]modelRow{}}
		t.Repeat(map[string]func(*rapid.T){
			"enqueue": m.enqueue, "claim": m.claim, "send": m.send, "retire": m.retire,
			"reschedule": m.reschedule, "time passes": m.pass, "roll back": m.rollBack,
			"": m.check,
		})
		for lane := range m.lanes { // leave nothing to the next run
			for len(m.lanes[lane]) > 0 {
				m.drop(t, lane, func(tx bot.Tx, id bot.QueueID) error { return tx.Sent(id, bot.MessageRef{}) })
			}
		}
	})
}

type model struct {
	*env
	run, n int
	lanes  map[int][]modelRow
	ids    map[int]bot.QueueID // heads that are due, from the last check
}

func (m *model) group(lane int) bot.Address { return group(fmt.Sprintf("%d-%d", m.run, lane)) }

func (m *model) write(t *rapid.T, fn func(bot.Tx) error) {
	if err := m.store.Update(m.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func (m *model) enqueue(t *rapid.T) {
	lane := rapid.IntRange(0, 3).Draw(t, "lane")
	m.n++
	text := fmt.Sprintf("%d/%d", lane, m.n)
	m.write(t, func(tx bot.Tx) error { return tx.Enqueue(bot.Message{To: m.group(lane), Text: text}) })
	m.lanes[lane] = append(m.lanes[lane], modelRow{text: text, due: m.now()})
}

// due picks a lane whose head can be worked on, or skips the step.
func (m *model) due(t *rapid.T) int {
	var lanes []int
	for lane := range m.ids {
		lanes = append(lanes, lane)
	}
	if len(lanes) == 0 {
		t.Skip("nothing is due")
	}
	slices.Sort(lanes)
	return rapid.SampledFrom(lanes).Draw(t, "due lane")
}

func (m *model) claim(t *rapid.T) {
	lane := m.due(t)
	head := &m.lanes[lane][0]
	next := m.now().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "wait")) * time.Second)
	var d bot.Delivery
	m.write(t, func(tx bot.Tx) (err error) {
		d, err = tx.Claim(m.ids[lane], next)
		return err
	})
	head.due, head.tries = next, head.tries+1
	if d.Message.Text != head.text || d.Tries != head.tries {
		t.Fatalf("claimed %q, try %d; want %q, try %d", d.Message.Text, d.Tries, head.text, head.tries)
	}
}

func (m *model) send(t *rapid.T) {
	m.drop(t, m.due(t), func(tx bot.Tx, id bot.QueueID) error { return tx.Sent(id, bot.MessageRef{ID: "1"}) })
}

func (m *model) retire(t *rapid.T) {
	m.drop(t, m.due(t), func(tx bot.Tx, id bot.QueueID) error { return tx.Retire(id, "model") })
}

// drop removes the head of a lane, which at the end of a run may have to become due first.
func (m *model) drop(t *rapid.T, lane int, how func(bot.Tx, bot.QueueID) error) {
	for m.ids[lane] == "" {
		m.clock.pass(time.Second)
		m.check(t)
	}
	m.write(t, func(tx bot.Tx) error { return how(tx, m.ids[lane]) })
	m.lanes[lane] = m.lanes[lane][1:]
	if rest := m.lanes[lane]; len(rest) > 0 && rest[0].due.Before(m.now()) {
		rest[0].due = m.now() // behind all others that are due
	}
	m.check(t)
}

func (m *model) reschedule(t *rapid.T) {
	lane := m.due(t)
	next := m.now().Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "wait")) * time.Second)
	m.write(t, func(tx bot.Tx) error { return tx.Reschedule(m.ids[lane], next) })
	m.lanes[lane][0].due = next
}

func (m *model) pass(t *rapid.T) {
	m.clock.pass(time.Duration(rapid.IntRange(0, 2).Draw(t, "seconds")) * time.Second)
}

func (m *model) rollBack(t *rapid.T) {
	lane := rapid.IntRange(0, 3).Draw(t, "lane")
	err := m.store.Update(m.Context(), func(tx bot.Tx) error {
		for _, id := range m.ids {
			if err := tx.Sent(id, bot.MessageRef{}); err != nil {
				return err
			}
		}
		if err := tx.Enqueue(bot.Message{To: m.group(lane), Text: "never"}); err != nil {
			return err
		}
		return errAgain
	})
	if err != errAgain {
		t.Fatalf("got %v", err)
	}
}

// check compares what is due, and when the next is, with the model.
func (m *model) check(t *rapid.T) {
	var want []string
	var next time.Time
	waiting := 0
	for _, rows := range m.lanes {
		waiting += len(rows)
		if len(rows) == 0 {
			continue
		}
		if next.IsZero() || rows[0].due.Before(next) {
			next = rows[0].due
		}
		if !rows[0].due.After(m.now()) {
			want = append(want, rows[0].text)
		}
	}
	var got []string
	m.ids = map[int]bot.QueueID{}
	err := m.store.Update(m.Context(), func(tx bot.Tx) error { return m.read(tx, t, &got, next, waiting) })
	if err != errAgain {
		t.Fatalf("read: %v", err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("due are %v, want %v", got, want)
	}
}

// read claims everything that is due, to see its text, and then rolls back.
func (m *model) read(tx bot.Tx, t *rapid.T, got *[]string, next time.Time, waiting int) error {
	at, err := tx.NextDelivery()
	if err != nil {
		return err
	}
	if !at.Equal(next) {
		return fmt.Errorf("next delivery %v, want %v", at, next)
	}
	if q, err := tx.Queues(); err != nil || q.Outbox != waiting {
		return fmt.Errorf("%d rows wait, want %d (%v)", q.Outbox, waiting, err)
	}
	ids, err := tx.Deliveries(100, bot.Address{})
	if err != nil {
		return err
	}
	for _, id := range ids {
		d, err := tx.Claim(id, tx.Now().Add(time.Hour))
		if err != nil {
			return err
		}
		var lane, n int
		if _, err := fmt.Sscanf(d.Message.Text, "%d/%d", &lane, &n); err != nil {
			return err
		}
		m.ids[lane] = id
		*got = append(*got, d.Message.Text)
	}
	return errAgain
}
