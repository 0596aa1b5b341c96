package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

const secret = "rahasia warga"

func TestFailuresEndInQuarantine(t *testing.T) {
	for name, c := range map[string]struct {
		fault  func() error
		reason string
		panics int64
		told   string // of the fault, in the log
	}{
		"error":         {func() error { return errors.New(secret) }, ReasonError, 0, "*errors.errorString"},
		"sentinel":      {func() error { return fmt.Errorf(secret+": %w", bot.ErrNotFound) }, ReasonError, 0, "not found"},
		"panic":         {func() error { panic(secret) }, ReasonPanic, MaxTries, "string"},
		"runtime panic": {func() error { var none []int; return fmt.Errorf("%d", none[len(secret)]) }, ReasonPanic, MaxTries, "index out of range"},
		"panic of nil":  {func() error { panic(nil) }, ReasonPanic, MaxTries, "panic called with nil"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openStore(t, time.Now)
				in := newFixture(t, s, func(tx bot.Tx, u bot.Update) error {
					if err := record(tx, u); err != nil { // what it wrote must be undone
						return err
					}
					if u.Message != nil && u.Message.Text == secret {
						return c.fault()
					}
					return nil
				}, Options{})
				in.panics = c.panics
				stop := in.start(t)
				began := time.Now()
				deliver(t, in, say("warga1", 1, secret), say("warga1", 2, "after"), say("warga2", 1, "beside"))
				synctest.Wait()
				if got := recorded(t, s); !slices.Equal(got, []string{"beside"}) {
					t.Errorf("handled %v while the chat waits", got)
				}
				time.Sleep(3 * time.Second)
				synctest.Wait()
				stop()

				notice := NoticeQuarantined + " " + c.reason + " message"
				got := recorded(t, s)
				slices.Sort(got)
				if want := []string{"after", "beside", notice}; !slices.Equal(got, want) {
					t.Errorf("handled %v, want %v", got, want)
				}
				if q := queues(t, s); q.Inbox != 0 || q.Quarantined != 1 || q.Skipped != 0 {
					t.Errorf("queues %+v", q)
				}
				if st, want := in.Stats(), (Stats{Handled: 3, Failed: MaxTries, Panics: c.panics, Quarantined: 1}); st != want {
					t.Errorf("stats %+v, want %+v", st, want)
				}
				if time.Since(began) != 3*time.Second {
					t.Errorf("took %v", time.Since(began))
				}
				log := in.log.String()
				if !strings.Contains(log, c.told) {
					t.Errorf("log does not tell %q:\n%s", c.told, log)
				}
				for _, private := range []string{secret, "warga1"} {
					if strings.Contains(log, private) {
						t.Errorf("log tells %q:\n%s", private, log)
					}
				}
			})
		})
	}
}

// One update that fails must not undo, repeat or delay those that share its commit.
func TestNeighboursOfAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		in := newFixture(t, s, func(tx bot.Tx, u bot.Update) error {
			if u.Message != nil && u.Message.Text == "13" {
				panic("13")
			}
			return record(tx, u)
		}, Options{})
		in.panics = 1
		for p := range 40 {
			deliver(t, in, say(fmt.Sprint("warga", p), 1, fmt.Sprint(p)))
		}
		stop := in.start(t)
		synctest.Wait()
		stop()
		seen := map[string]int{}
		for _, w := range recorded(t, s) {
			seen[w]++
		}
		for p := range 40 {
			if want := map[bool]int{true: 0, false: 1}[p == 13]; seen[fmt.Sprint(p)] != want {
				t.Errorf("update %d handled %d times, want %d", p, seen[fmt.Sprint(p)], want)
			}
		}
	})
}

func TestRecoversWhenTheFaultIsMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		tries := 0
		in := newFixture(t, s, func(tx bot.Tx, u bot.Update) error {
			if tries++; tries < MaxTries {
				return errors.New("not yet")
			}
			return record(tx, u)
		}, Options{})
		stop := in.start(t)
		deliver(t, in, say("warga1", 1, "a"))
		time.Sleep(3 * time.Second)
		synctest.Wait()
		stop()
		if got := recorded(t, s); !slices.Equal(got, []string{"a"}) || queues(t, s).Quarantined != 0 {
			t.Errorf("handled %v, %d quarantined; want it handled at the last try", got, queues(t, s).Quarantined)
		}
	})
}

func TestANoticeThatFailsMakesNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		in := newFixture(t, s, func(bot.Tx, bot.Update) error { return errors.New("always") }, Options{})
		stop := in.start(t)
		deliver(t, in, say("warga1", 1, "a"))
		time.Sleep(time.Minute)
		synctest.Wait()
		stop()
		if q := queues(t, s); q.Inbox != 0 || q.Quarantined != 2 {
			t.Errorf("queues %+v, want the message and its notice quarantined and nothing waiting", q)
		}
	})
}

func TestUnknownTypesAreKeptAside(t *testing.T) {
	s := openStore(t, newClock().now)
	in := newFixture(t, s, record, Options{})
	deliver(t, in,
		bot.Update{Network: bot.Sim, ID: "u/1", Kind: bot.KindUnknown, Raw: []byte(`{"business":1}`)},
		say("warga1", 1, "a"))
	drain(t, in)
	if got := recorded(t, s); !slices.Equal(got, []string{"a"}) {
		t.Errorf("handler was given %v", got)
	}
	if q := queues(t, s); q.Skipped != 1 || q.Quarantined != 0 || q.Inbox != 0 {
		t.Errorf("queues %+v", q)
	}
}

// A full disk is nobody's try: however long it lasts, nothing is quarantined and nothing doubled.
func TestAFullDiskCostsNoTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &failing{Store: openStore(t, time.Now)}
		in := newFixture(t, s, record, Options{})
		deliver(t, in, say("warga1", 1, "a"), say("warga1", 2, "b"), say("warga2", 1, "c"))
		s.fail(40)
		stop := in.start(t)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(recorded(t, s)) != 0 {
			t.Errorf("handled on a full disk: %v", recorded(t, s))
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		stop()
		got := recorded(t, s)
		slices.Sort(got)
		if !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("handled %v, want each once", got)
		}
		if st := in.Stats(); st.Failed != 0 || st.Quarantined != 0 {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestProcessOneReturnsTheStoresError(t *testing.T) {
	s := &failing{Store: openStore(t, newClock().now)}
	in := newFixture(t, s, record, Options{})
	deliver(t, in, say("warga1", 1, "a"))
	s.fail(1)
	if _, err := in.ProcessOne(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("ProcessOne = %v, want the store's error", err)
	}
	drain(t, in)
	if got := recorded(t, s); !slices.Equal(got, []string{"a"}) {
		t.Errorf("handled %v", got)
	}
}

// damaged is a store with one arrival that cannot be opened.
type damaged struct {
	bot.Store
	id bot.QueueID
}

func (d *damaged) Update(ctx context.Context, fn func(bot.Tx) error) error {
	return d.Store.Update(ctx, func(tx bot.Tx) error { return fn(damagedTx{tx, d.id}) })
}

type damagedTx struct {
	bot.Tx
	id bot.QueueID
}

func (d damagedTx) Arrival(id bot.QueueID) (bot.Arrival, error) {
	if id == d.id {
		return bot.Arrival{}, errors.New("sealed value does not open")
	}
	return d.Tx.Arrival(id)
}

func TestARowThatCannotBeOpenedIsKeptAndTold(t *testing.T) {
	c := newClock()
	plain := openStore(t, c.now)
	s := &damaged{Store: plain}
	in := newFixture(t, s, record, Options{})
	deliver(t, in, say("warga1", 1, "a"))
	view(t, s, func(tx bot.Tx) error {
		ids, err := tx.Arrivals(1)
		s.id = ids[0]
		return err
	})
	deliver(t, in, say("warga2", 1, "b"))
	for range 2 * MaxTries {
		drain(t, in)
		c.jump(unreadableFor)
	}
	got := recorded(t, s)
	if !slices.Equal(without(got, NoticeUnreadable), []string{"b"}) || len(got) != 2 {
		t.Errorf("handled %v, want the other chat's update and one notice", got)
	}
	if q := queues(t, plain); q.Inbox != 1 || q.Quarantined != 0 {
		t.Errorf("queues %+v, want the row kept", q)
	}
	s.id = "" // mended
	drain(t, in)
	if got := recorded(t, s); got[len(got)-1] != "a" {
		t.Errorf("handled %v, want the mended row last", got)
	}
}

func TestErasedMeanwhile(t *testing.T) {
	s := openStore(t, newClock().now)
	in := newFixture(t, s, record, Options{})
	u := say("warga1", 1, "a")
	deliver(t, in, u)
	var ids []bot.QueueID
	view(t, s, func(tx bot.Tx) (err error) {
		ids, err = tx.Arrivals(1)
		return err
	})
	if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.Forget(tx.Pseudonym(u.Chat)) }); err != nil {
		t.Fatal(err)
	}
	if err := in.process(t.Context(), task{id: ids[0]}); err != nil {
		t.Errorf("process of an erased arrival = %v", err)
	}
	if err := in.failure(t.Context(), ids[0], &fault{ReasonError, errors.New("x")}); err != nil {
		t.Errorf("failure of an erased arrival = %v", err)
	}
	if got := recorded(t, s); len(got) != 0 || in.Stats().Handled != 0 {
		t.Errorf("handled %v", got)
	}
}

func TestBackoff(t *testing.T) {
	for tries, low := range []time.Duration{100, 200, 400, 800} {
		low *= time.Millisecond
		for range 100 {
			if d := backoff(tries); d < low || d >= low+low/2 {
				t.Fatalf("backoff(%d) = %v, want %v to %v", tries, d, low, low+low/2)
			}
		}
	}
	if d := backoff(1 << 20); d <= 0 || d > 3*time.Hour {
		t.Errorf("backoff of many tries = %v", d)
	}
}
