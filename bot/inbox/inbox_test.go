package inbox

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

func TestDeliver(t *testing.T) {
	s := &failing{Store: openStore(t, newClock().now)}
	in := newFixture(t, s, record, Options{})
	if err := in.Deliver(t.Context(), nil); err != nil {
		t.Errorf("no updates: %v", err)
	}
	batch := []bot.Update{say("warga1", 1, "satu"), say("warga2", 1, "dua")}
	s.fail(1)
	if err := in.Deliver(t.Context(), batch); !errors.Is(err, errDisk) {
		t.Errorf("Deliver on a full disk = %v", err)
	}
	if q := queues(t, s); q.Inbox != 0 {
		t.Errorf("%d stored by a Deliver that failed", q.Inbox)
	}
	deliver(t, in, batch...)
	deliver(t, in, append(batch, say("warga2", 2, "tiga"))...) // the network repeats itself
	drain(t, in)
	deliver(t, in, batch[0]) // and once more, long after
	drain(t, in)
	got := recorded(t, s)
	slices.Sort(got)
	if want := []string{"dua", "satu", "tiga"}; !slices.Equal(got, want) {
		t.Errorf("handled %v, want %v", got, want)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := in.Deliver(done, []bot.Update{say("warga1", 9, "x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("Deliver = %v, want context.Canceled", err)
	}
}

func TestOrderWithinAChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		in := newFixture(t, s, record, Options{})
		stop := in.start(t)
		const people, each = 20, 15
		var all sync.WaitGroup
		for p := range people {
			all.Go(func() {
				for n := range each {
					deliver(t, in, say(fmt.Sprint("warga", p), n, fmt.Sprintf("%d/%d", p, n)))
				}
			})
		}
		all.Wait()
		synctest.Wait()
		stop()
		next := map[int]int{}
		for _, w := range recorded(t, s) {
			var p, n int
			if _, err := fmt.Sscanf(w, "%d/%d", &p, &n); err != nil || n != next[p] {
				t.Fatalf("person %d: message %d handled when %d was next", p, n, next[p])
			}
			next[p]++
		}
		if len(next) != people || queues(t, s).Inbox != 0 || in.Stats().Handled != people*each {
			t.Errorf("%d people, %+v", len(next), in.Stats())
		}
	})
}

// gate is a store whose updates wait until a number of them came together.
type gate struct {
	bot.Store
	mu   sync.Mutex
	wait int
	open chan struct{}
}

func (g *gate) Update(ctx context.Context, fn func(bot.Tx) error) error {
	g.mu.Lock()
	if g.wait--; g.wait == 0 {
		close(g.open)
	}
	g.mu.Unlock()
	<-g.open
	return g.Store.Update(ctx, fn)
}

func TestLanesMeetInTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plain := openStore(t, time.Now)
		const lanes = 64
		first := newFixture(t, plain, record, Options{})
		for p := range lanes {
			deliver(t, first, say(fmt.Sprint("warga", p), 1, "x"))
		}
		// The gate opens only when all are inside: with fewer at once, the test would deadlock.
		in := newFixture(t, &gate{Store: plain, wait: lanes, open: make(chan struct{})}, record, Options{Parallel: lanes})
		stop := in.start(t)
		synctest.Wait()
		stop()
		if n := len(recorded(t, plain)); n != lanes {
			t.Errorf("handled %d, want %d", n, lanes)
		}
	})
}

func TestHandledIsCalledAfterTheCommit(t *testing.T) {
	s := openStore(t, newClock().now)
	calls := 0
	in := newFixture(t, s, record, Options{Handled: func() {
		if calls++; len(recorded(t, s)) != calls {
			t.Errorf("call %d came before its commit", calls)
		}
	}})
	deliver(t, in, say("warga1", 1, "a"), say("warga1", 2, "b"))
	if n := drain(t, in); n != 2 || calls != 2 {
		t.Errorf("%d processed, %d calls; want 2 and 2", n, calls)
	}
}

func TestProcessOneTakesWhatIsDue(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	in := newFixture(t, s, record, Options{})
	if worked, err := in.ProcessOne(t.Context()); worked || err != nil {
		t.Errorf("ProcessOne of nothing = %v, %v", worked, err)
	}
	setTimer(t, s, "later", c.now().Add(time.Hour))
	setTimer(t, s, "soon", c.now().Add(time.Minute))
	if n := drain(t, in); n != 0 {
		t.Errorf("%d timers fired early", n)
	}
	c.jump(2 * time.Hour)
	drain(t, in)
	if got := recorded(t, s); !slices.Equal(got, []string{"soon", "later"}) {
		t.Errorf("fired %v", got)
	}
}

func setTimer(t *testing.T, s bot.Store, name string, due time.Time) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.SetTimer(bot.Timer{Name: name, Due: due}) }); err != nil {
		t.Fatal(err)
	}
}

func TestTimerFiresAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		in := newFixture(t, s, record, Options{})
		setTimer(t, s, "quiet", time.Now().Add(15*time.Second))
		stop := in.start(t)
		defer stop()
		time.Sleep(15*time.Second - time.Nanosecond) // the bubble's clock, no waiting
		synctest.Wait()
		if got := recorded(t, s); len(got) != 0 {
			t.Errorf("fired early: %v", got)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := recorded(t, s); len(got) != 1 {
			t.Errorf("fired %v, want once", got)
		}
	})
}

// A quiet period of a millisecond is a millisecond: receipts are awaited.
func TestNearTimerIsNotPutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		in := newFixture(t, s, record, Options{})
		stop := in.start(t)
		defer stop()
		synctest.Wait()
		setTimer(t, s, "quiet", time.Now().Add(time.Millisecond))
		in.Kick()
		synctest.Wait()
		time.Sleep(time.Millisecond) // the bubble's clock, no waiting
		synctest.Wait()
		if got := recorded(t, s); len(got) != 1 {
			t.Errorf("fired %v, want once", got)
		}
	})
}

func TestKickAfterAJumpOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		s := openStore(t, c.now)
		in := newFixture(t, s, record, Options{})
		setTimer(t, s, "quiet", c.now().Add(3*time.Hour))
		stop := in.start(t)
		defer stop()
		synctest.Wait()
		began := time.Now()
		c.jump(3 * time.Hour)
		in.Kick()
		synctest.Wait()
		if got := recorded(t, s); len(got) != 1 || !time.Now().Equal(began) {
			t.Errorf("fired %v after %v of waiting; want at once", got, time.Since(began))
		}
	})
}

// A clock that jumps while nobody kicks (an operator sets the date) is noticed all the same.
func TestJumpIsNoticedWithoutAKick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClock()
		s := openStore(t, c.now)
		in := newFixture(t, s, record, Options{})
		setTimer(t, s, "quiet", c.now().Add(3*time.Hour))
		stop := in.start(t)
		defer stop()
		synctest.Wait()
		c.jump(3 * time.Hour)
		time.Sleep(longestWait)
		synctest.Wait()
		if got := recorded(t, s); len(got) != 1 {
			t.Errorf("fired %v", got)
		}
	})
}

func TestStopLeavesTheRestQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		ctx, cancel := context.WithCancel(t.Context())
		in := newFixture(t, s, func(tx bot.Tx, u bot.Update) error {
			cancel() // the signal comes while the first is in hand
			return record(tx, u)
		}, Options{Parallel: 1})
		deliver(t, in, say("warga1", 1, "a"), say("warga1", 2, "b"), say("warga1", 3, "c"))
		if err := in.Run(ctx); err != nil {
			t.Errorf("Run = %v", err)
		}
		if got := recorded(t, s); !slices.Equal(got, []string{"a"}) || queues(t, s).Inbox != 2 {
			t.Errorf("handled %v, %d left; want the one in hand and 2", got, queues(t, s).Inbox)
		}
		drain(t, in)
		if got := recorded(t, s); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("handled %v in the next life", got)
		}
	})
}
