package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

func TestOrderInAChatAndNoneBetweenChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, nil)
		release := make(chan struct{})
		f.sim.say = func(_ context.Context, d bot.Delivery) error {
			if d.To == person("warga0") {
				<-release
			}
			return nil
		}
		ids := people(t, s, 3)
		for n := range 5 {
			for p, id := range ids {
				enqueue(t, s, bot.Message{Person: id, Text: fmt.Sprintf("%d/%d", p, n)})
			}
		}
		stop := f.start(t)
		synctest.Wait()
		if got := len(f.sim.sent()); got != 10 {
			t.Errorf("%d sent while one chat hangs, want the 10 of the others", got)
		}
		close(release)
		synctest.Wait()
		stop()
		next := map[int]int{}
		for _, w := range f.sim.sent() {
			var p, n int
			if _, err := fmt.Sscanf(w, "%d/%d", &p, &n); err != nil || n != next[p] {
				t.Errorf("person %d was sent %d when %d was next", p, n, next[p])
			}
			next[p]++
		}
		if f.sim.crowded {
			t.Error("two sends to one chat at a time")
		}
		if st := f.Stats(); st.Sent != 15 || st.Retried != 0 || queues(t, s).Outbox != 0 {
			t.Errorf("stats %+v, %d left", st, queues(t, s).Outbox)
		}
	})
}

func TestABurstWithoutLimitsWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, nil)
		ids := people(t, s, 1000)
		stop := f.start(t)
		synctest.Wait()
		began := time.Now()
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				enqueue(t, s, bot.Message{Person: id, Text: "tanda terima"})
				f.Kick()
			})
		}
		all.Wait()
		synctest.Wait()
		if n := len(f.sim.sent()); n != 1000 || !time.Now().Equal(began) {
			t.Errorf("%d sent after %v of waiting; want 1000 and none", n, time.Since(began))
		}
		stop()
	})
}

func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, nil)
		f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { return []byte("bukti"), nil }
		id := meet(t, s, person("warga1"))
		update(t, s, func(tx bot.Tx) error { return tx.SetHold(true) })
		enqueue(t, s, bot.Message{Person: id, Text: "citizen"}, bot.Message{To: desk(), Text: "desk"}, bot.Message{To: group("other"), Text: "other"})
		update(t, s, func(tx bot.Tx) error {
			return tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, File: bot.Attachment{Network: bot.Sim}})
		})
		stop := f.start(t)
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := f.sim.sent(); !slices.Equal(got, []string{"desk"}) || f.Stats().Jobs != 1 {
			t.Errorf("sent %v and %d jobs while held; want the desk's and the job", got, f.Stats().Jobs)
		}
		update(t, s, func(tx bot.Tx) error { return tx.SetHold(false) })
		f.Kick()
		synctest.Wait()
		stop()
		if got := f.sim.sent(); len(got) != 3 {
			t.Errorf("sent %v after the hold", got)
		}
	})
}

func TestKickAfterAJumpOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		s := openStore(t, c.now)
		f := newFixture(t, s, func(o *Options) { o.Now = c.now })
		f.sim.say = failOnce(&bot.SendError{Reason: "flood", After: 2 * time.Hour, WholeNetwork: true})
		enqueue(t, s, bot.Message{To: group("a"), Text: "a"})
		stop := f.start(t)
		synctest.Wait()
		if got := f.Stats().Paused; !got[bot.Sim].After(c.now().Add(time.Hour)) {
			t.Errorf("paused: %v", got)
		}
		began := time.Now()
		c.jump(2*time.Hour + time.Second)
		f.Kick()
		synctest.Wait()
		if got := f.sim.sent(); len(got) != 1 || !time.Now().Equal(began) || len(f.Stats().Paused) != 0 {
			t.Errorf("sent %v after %v, paused %v; want it at once", got, time.Since(began), f.Stats().Paused)
		}
		stop()
	})
}

// A lock that concerns persons lets groups be written to.
func TestPauseOfPersonsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, func(o *Options) {
			n := o.Networks[bot.Sim]
			n.Limits.IsGroup = func(a bot.Address) bool { return a == group("a") }
			o.Networks[bot.Sim] = n
		})
		lock := failOnce(&bot.SendError{Reason: "lock", After: time.Hour, WholeNetwork: true, PersonsOnly: true})
		f.sim.say = func(ctx context.Context, d bot.Delivery) error {
			if d.Message.Text != "satu" {
				return nil
			}
			return lock(ctx, d)
		}
		first, second := meet(t, s, person("warga1")), meet(t, s, person("warga2"))
		enqueue(t, s, bot.Message{Person: first, Text: "satu"})
		stop := f.start(t)
		synctest.Wait()
		enqueue(t, s, bot.Message{Person: second, Text: "dua"}, bot.Message{To: group("a"), Text: "a"})
		f.Kick()
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if got := f.sim.sent(); !slices.Equal(got, []string{"a"}) {
			t.Errorf("during the lock %v was sent; want the group's alone", got)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := f.sim.sent(); len(got) != 3 {
			t.Errorf("after the lock %v was sent", got)
		}
		stop()
	})
}

// failOnce returns err the first time a text is sent.
func failOnce(err error) func(context.Context, bot.Delivery) error {
	var mu sync.Mutex
	seen := map[string]bool{}
	return func(_ context.Context, d bot.Delivery) error {
		mu.Lock()
		defer mu.Unlock()
		if seen[d.Message.Text] {
			return nil
		}
		seen[d.Message.Text] = true
		return err
	}
}

// A process that dies between claim and send, or between send and its note, leaves the message to
// the next, which sends it when the claim runs out. Nothing is lost; the second kind arrives twice.
func TestCrashAroundASend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		dead := newFixture(t, s, nil)
		ids := people(t, s, 2)
		enqueue(t, s, bot.Message{Person: ids[0], Text: "claimed"}, bot.Message{Person: ids[1], Text: "sent"})
		enqueue(t, s, bot.Message{Person: ids[0], Text: "behind"})
		r, err := dead.claim(t.Context(), 10)
		if err != nil || len(r.batch) != 2 {
			t.Fatalf("claimed %d, %v", len(r.batch), err)
		}
		for _, d := range r.batch {
			if d.Message.Text == "sent" {
				if _, err := dead.call(t.Context(), dead.sim, d); err != nil {
					t.Fatal(err)
				}
			}
			dead.land(d.ID)
		}

		f := newFixture(t, s, nil)
		began := time.Now()
		stop := f.start(t)
		synctest.Wait()
		if got := f.attempts(); len(got) != 0 {
			t.Errorf("sent %v before the claim ran out", got)
		}
		time.Sleep(claimFor)
		synctest.Wait()
		stop()
		got := f.sim.sent()
		slices.Sort(got)
		if !slices.Equal(got, []string{"behind", "claimed", "sent"}) || time.Since(began) > 30*time.Second {
			t.Errorf("sent %v after %v, want all within 30 s", got, time.Since(began))
		}
	})
}

func (f *fixture) attempts() []string { return f.sim.attempts() }

func TestAFullDiskNeitherLosesNorDoubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &failing{Store: openStore(t, time.Now)}
		f := newFixture(t, s, nil)
		f.sim.say = func(context.Context, bot.Delivery) error {
			s.set(true) // the disk fills between claim and note
			return nil
		}
		enqueue(t, s, bot.Message{To: group("a"), Text: "a"})
		stop := f.start(t)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		s.set(false)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stop()
		if got := f.sim.attempts(); len(got) != 1 || queues(t, s).Outbox != 0 {
			t.Errorf("attempts %v, %d left; want it sent once and noted", got, queues(t, s).Outbox)
		}
	})
}

func TestAFullDiskBeforeTheClaimSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &failing{Store: openStore(t, time.Now)}
		f := newFixture(t, s, nil)
		enqueue(t, s, bot.Message{To: group("a"), Text: "a"})
		s.set(true)
		if _, err := f.SendOne(t.Context()); !errors.Is(err, errDisk) {
			t.Errorf("SendOne = %v, want the store's error", err)
		}
		stop := f.start(t)
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := f.sim.attempts(); len(got) != 0 {
			t.Errorf("attempts %v without a claim on disk", got)
		}
		s.set(false)
		time.Sleep(storePauseMax)
		synctest.Wait()
		stop()
		if got := f.sim.sent(); len(got) != 1 {
			t.Errorf("sent %v", got)
		}
	})
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, limited(Limits{Chat: Rate{Every: 6 * time.Second}}))
		f.sim.say = func(ctx context.Context, d bot.Delivery) error {
			switch d.Message.Text {
			case "slow":
				sleep(ctx, 2*time.Second, nil)
				return ctx.Err()
			case "stuck":
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		enqueue(t, s, bot.Message{To: group("a"), Text: "slow"}, bot.Message{To: group("b"), Text: "stuck"},
			bot.Message{To: group("c"), Text: "first"}, bot.Message{To: group("c"), Text: "waits its turn"})
		stop := f.start(t)
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took > grace {
			t.Errorf("stopped after %v, want at most %v", took, grace)
		}
		if got := f.sim.sent(); !slices.Equal(got, []string{"first", "slow"}) {
			t.Errorf("sent %v; want the slow one finished", got)
		}

		next := newFixture(t, s, nil)
		stop = next.start(t)
		synctest.Wait()
		stop()
		got := next.sim.sent()
		slices.Sort(got)
		if !slices.Equal(got, []string{"stuck", "waits its turn"}) {
			t.Errorf("the next run sent %v at once", got)
		}
	})
}

func TestSendOne(t *testing.T) {
	s := openStore(t, newClock().now)
	f := newFixture(t, s, nil)
	if worked, err := f.SendOne(t.Context()); worked || err != nil {
		t.Errorf("SendOne of nothing = %v, %v", worked, err)
	}
	enqueue(t, s, bot.Message{To: group("a"), Text: "1", Key: "k"}, bot.Message{To: group("a"), Text: "2"})
	if n := f.drain(t); n != 2 || !slices.Equal(f.sim.sent(), []string{"1", "2"}) {
		t.Errorf("%d steps sent %v", n, f.sim.sent())
	}
	update(t, s, func(tx bot.Tx) error {
		if key, err := tx.KeyOf(bot.MessageRef{Chat: group("a"), ID: "m/1"}); err != nil || key != "k" {
			t.Errorf("KeyOf what was sent = %q, %v", key, err)
		}
		return nil
	})
}

// damaged is a store with one delivery that cannot be opened.
type damaged struct {
	bot.Store
	text string
}

func (d *damaged) Update(ctx context.Context, fn func(bot.Tx) error) error {
	return d.Store.Update(ctx, func(tx bot.Tx) error { return fn(damagedTx{tx, d.text}) })
}

type damagedTx struct {
	bot.Tx
	text string
}

func (d damagedTx) Claim(id bot.QueueID, next time.Time) (bot.Delivery, error) {
	got, err := d.Tx.Claim(id, next)
	if err == nil && got.Message != nil && got.Message.Text == d.text {
		return bot.Delivery{}, errors.New("sealed value does not open")
	}
	return got, err
}

func TestARowThatCannotBeOpenedIsKept(t *testing.T) {
	c := newClock()
	s := &damaged{Store: openStore(t, c.now), text: "torn"}
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	enqueue(t, s, bot.Message{To: group("a"), Text: "torn"}, bot.Message{To: group("b"), Text: "whole"})
	for range 3 {
		f.drain(t)
		c.jump(unreadableFor)
	}
	if got := f.sim.sent(); !slices.Equal(got, []string{"whole"}) || queues(t, s).Outbox != 1 {
		t.Errorf("sent %v, %d left; want the other sent and the torn one kept", got, queues(t, s).Outbox)
	}
	s.text = ""
	f.drain(t)
	if got := f.sim.sent(); !slices.Equal(got, []string{"whole", "torn"}) {
		t.Errorf("sent %v once it can be read", got)
	}
}
