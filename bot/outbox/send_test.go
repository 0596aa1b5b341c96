package outbox

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

func TestTemporaryFailures(t *testing.T) {
	for name, c := range map[string]struct {
		say      func(context.Context, bot.Delivery) error
		from, to time.Duration // when the second attempt comes
	}{
		"5xx":           {failOnce(&bot.SendError{Reason: "server"}), 2 * time.Second, 2500 * time.Millisecond},
		"other error":   {failOnce(errors.New("x")), 2 * time.Second, 2500 * time.Millisecond},
		"wrapped":       {failOnce(fmt.Errorf("send: %w", &bot.SendError{Reason: "x", After: time.Minute})), time.Minute, 61 * time.Second},
		"429 of chat":   {failOnce(&bot.SendError{Reason: "flood", After: 37 * time.Second}), 37 * time.Second, 38 * time.Second},
		"no answer":     {hangOnce(), sendTimeout + 2*time.Second, sendTimeout + 2500*time.Millisecond},
		"moved to self": {failOnce(&bot.SendError{Reason: "moved", Moved: group("a")}), 2 * time.Second, 2500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openStore(t, time.Now)
				f := newFixture(t, s, nil)
				f.sim.say = func(ctx context.Context, d bot.Delivery) error {
					if d.To != group("a") {
						return nil
					}
					return c.say(ctx, d)
				}
				enqueue(t, s, bot.Message{To: group("a"), Text: "1"}, bot.Message{To: group("a"), Text: "2"}, bot.Message{To: group("b"), Text: "b"})
				began := time.Now()
				stop := f.start(t)
				synctest.Wait()
				if got := f.sim.sent(); !slices.Equal(got, []string{"b"}) {
					t.Errorf("sent %v while the chat waits; want the other chat's", got)
				}
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				stop()
				log := f.sim.entries(func(s sending) bool { return s.to == group("a") })
				if len(log) < 3 || log[1].text != "1" || !log[1].ok || log[2].text != "2" {
					t.Fatalf("attempts %+v; want 1 repeated, then 2", log)
				}
				if at := log[1].at.Sub(began); at < c.from || at > c.to {
					t.Errorf("repeated after %v, want %v to %v", at, c.from, c.to)
				}
				if len(told(t, s)) != 0 || f.Stats().Retried == 0 || f.Stats().Retired != 0 {
					t.Errorf("stats %+v", f.Stats())
				}
			})
		})
	}
}

func hangOnce() func(context.Context, bot.Delivery) error {
	once := failOnce(context.DeadlineExceeded)
	return func(ctx context.Context, d bot.Delivery) error {
		err := once(ctx, d)
		if err != nil {
			<-ctx.Done()
		}
		return err
	}
}

func TestAPauseOfTheWholeNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, nil)
		once := failOnce(&bot.SendError{Reason: "flood", After: 40 * time.Second, WholeNetwork: true})
		f.sim.say = func(ctx context.Context, d bot.Delivery) error {
			if d.To != group("a") {
				return nil
			}
			return once(ctx, d)
		}
		elsewhere := bot.Address{Network: bot.Telegram, Chat: "-1"}
		enqueue(t, s, bot.Message{To: group("a"), Text: "a"})
		began := time.Now()
		stop := f.start(t)
		synctest.Wait()
		enqueue(t, s, bot.Message{To: group("b"), Text: "b"}, bot.Message{To: elsewhere, Text: "c"})
		f.Kick()
		time.Sleep(39 * time.Second)
		synctest.Wait()
		if got := f.sim.attempts(); !slices.Equal(got, []string{"a"}) {
			t.Errorf("attempts %v during the pause", got)
		}
		if got := f.tele.sent(); len(got) != 1 {
			t.Errorf("another network sent %v meanwhile", got)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		stop()
		for _, e := range f.sim.entries(func(s sending) bool { return s.ok }) {
			if at := e.at.Sub(began); at < 40*time.Second {
				t.Errorf("%s sent after %v", e.text, at)
			}
		}
		if got := f.sim.sent(); len(got) != 2 {
			t.Errorf("sent %v after the pause", got)
		}
	})
}

// Messages that were claimed before the pause and wait for a limit must not break it.
func TestAPauseReachesWhatIsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, limited(Limits{Overall: Rate{Every: time.Second}}))
		f.sim.say = func(_ context.Context, d bot.Delivery) error {
			if d.Tries == 1 && len(f.sim.attempts()) == 0 {
				return &bot.SendError{Reason: "flood", After: time.Minute, WholeNetwork: true}
			}
			return nil
		}
		for n := range 5 {
			enqueue(t, s, bot.Message{To: group(fmt.Sprint(n)), Text: "x"})
		}
		stop := f.start(t)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if n := len(f.sim.attempts()); n != 1 {
			t.Errorf("%d attempts during the pause, want only the one that caused it", n)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		stop()
		if n := len(f.sim.sent()); n != 5 {
			t.Errorf("%d sent after the pause", n)
		}
	})
}

func TestAGroupThatMoved(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	kicks := 0
	f := newFixture(t, s, func(o *Options) { o.Now, o.Delivered = c.now, func() { kicks++ } })
	f.sim.say = func(_ context.Context, d bot.Delivery) error {
		if d.To == desk() {
			return &bot.SendError{Reason: "moved", Permanent: true, Moved: group("new")}
		}
		return nil
	}
	enqueue(t, s, bot.Message{To: desk(), Text: "1"}, bot.Message{To: desk(), Text: "2"})
	f.drain(t)
	log := f.sim.entries(func(s sending) bool { return s.ok })
	if len(log) != 2 || log[0] != (sending{log[0].at, group("new"), "1", true}) || log[1].to != group("new") || len(f.attempts()) != 3 {
		t.Errorf("sent %+v after %v; want both at once, at the new address", log, f.attempts())
	}
	got := told(t, s)
	if len(got) != 1 || got[0].Kind != bot.KindMoved || got[0].Chat != desk() || got[0].MovedTo != group("new") || kicks != 1 {
		t.Errorf("told %+v with %d kicks, want one KindMoved", got, kicks)
	}
	// The desk is known at its new address: held or failing, it is still the desk.
	f.sim.say = func(context.Context, bot.Delivery) error { return &bot.SendError{Permanent: true, Reason: "kicked"} }
	update(t, s, func(tx bot.Tx) error { return tx.SetHold(true) })
	enqueue(t, s, bot.Message{To: desk(), Text: "3"})
	n := f.drain(t)
	if got := told(t, s); n != 1 || len(got) != 1 || got[0].Kind != bot.KindNotice || got[0].Notice.Key != NoticeDesk {
		t.Errorf("%d steps, told %+v; want the desk served while held, and the admins told of its failure", n, got)
	}
}

func TestAGroupThatMovesInCircles(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	f.sim.say = func(_ context.Context, d bot.Delivery) error {
		to := group("a")
		if d.To == to {
			to = group("b")
		}
		return &bot.SendError{Reason: "moved", Moved: to}
	}
	enqueue(t, s, bot.Message{To: group("a"), Text: "x"})
	if n := f.drain(t); n != moveTries+1 || f.Stats().Retried != 1 {
		t.Errorf("%d attempts at once, stats %+v; want %d and then a wait", n, f.Stats(), moveTries+1)
	}
}

func TestPermanentFailures(t *testing.T) {
	blocked := &bot.SendError{Permanent: true, Reason: "blocked", Err: errors.New("Forbidden")}
	c := newClock()
	s := openStore(t, c.now)
	id := meet(t, s, person("warga1"))
	for name, k := range map[string]struct {
		m    bot.Message
		want *bot.Failed
	}{
		"citizen":     {bot.Message{Person: id, Text: "private words", Case: 7}, &bot.Failed{Reason: "blocked", Case: 7, Person: id}},
		"other group": {bot.Message{To: group("other"), Text: "x"}, &bot.Failed{Reason: "blocked", To: group("other")}},
		"the desk":    {bot.Message{To: desk(), Text: "x", Case: 7}, nil},
		"an answer":   {bot.Message{Person: id, Text: "x", Answer: "press1"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			kicks := 0
			f := newFixture(t, s, func(o *Options) { o.Now, o.Delivered = c.now, func() { kicks++ } })
			f.sim.say = func(context.Context, bot.Delivery) error { return blocked }
			enqueue(t, s, k.m, bot.Message{To: group("behind"), Text: "y"})
			f.sim.say = func(_ context.Context, d bot.Delivery) error {
				if d.Message.Text == "y" {
					return nil
				}
				return blocked
			}
			f.drain(t)
			got := told(t, s)
			switch {
			case name == "the desk":
				if len(got) != 1 || got[0].Kind != bot.KindNotice || got[0].Notice.Key != NoticeDesk {
					t.Errorf("told %+v, want one notice to the admins", got)
				}
			case k.want == nil && len(got) != 0:
				t.Errorf("told %+v, want nothing", got)
			case k.want != nil && (len(got) != 1 || got[0].Kind != bot.KindFailed || *got[0].Failed != *k.want):
				t.Errorf("told %+v, want %+v", got, k.want)
			}
			if q := queues(t, s); q.Outbox != 0 || f.Stats().Retired != 1 || f.Stats().Sent != 1 {
				t.Errorf("queues %+v, stats %+v", q, f.Stats())
			}
			for _, private := range []string{"private words", "warga1", "Forbidden"} {
				if strings.Contains(f.log.String(), private) {
					t.Errorf("log tells %q:\n%s", private, f.log)
				}
			}
		})
	}
}

func TestGivesUpAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, nil)
		f.sim.say = func(_ context.Context, d bot.Delivery) error {
			if d.To == group("down") {
				return &bot.SendError{Reason: "server"}
			}
			return nil
		}
		enqueue(t, s, bot.Message{To: group("down"), Text: "x"})
		stop := f.start(t)
		time.Sleep(24*time.Hour - time.Minute)
		synctest.Wait()
		if q := queues(t, s); q.Outbox != 1 || q.Retired != 0 {
			t.Errorf("queues %+v before the day is over", q)
		}
		time.Sleep(15 * time.Minute)
		synctest.Wait()
		stop()
		got := told(t, s)
		if q := queues(t, s); q.Outbox != 0 || q.Retired != 1 || len(got) != 1 || got[0].Failed.Reason != ReasonExpired {
			t.Errorf("queues %+v, told %+v; want it retired as expired", q, got)
		}
		if n := len(f.attempts()); n < 24*60/13 || n > 24*6+10 {
			t.Errorf("%d attempts in a day, want about one every ten minutes", n)
		}
	})
}

// After a long outage of our own, everything is tried at least once however old it is.
func TestOldMessagesGetTheirChance(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	enqueue(t, s, bot.Message{To: group("a"), Text: "old"})
	c.jump(72 * time.Hour)
	f.drain(t)
	if got := f.sim.sent(); len(got) != 1 {
		t.Errorf("sent %v", got)
	}
}

func TestAnswersThatComeTooLate(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	enqueue(t, s, bot.Message{To: group("a"), Text: "late", Answer: "p1"}, bot.Message{To: group("a"), Text: "message"})
	c.jump(answerFor + time.Second)
	enqueue(t, s, bot.Message{To: group("b"), Text: "fresh", Answer: "p2"})
	c.jump(answerFor)
	f.drain(t)
	got := f.sim.sent()
	slices.Sort(got)
	if !slices.Equal(got, []string{"fresh", "message"}) || len(told(t, s)) != 0 {
		t.Errorf("sent %v, want all but the late answer, and nobody told", got)
	}
}

func TestAdapterPanics(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	f.panics = panicTries
	f.sim.say = func(_ context.Context, d bot.Delivery) error {
		if d.Message.Text == "poison" {
			panic("poison of warga1")
		}
		return nil
	}
	enqueue(t, s, bot.Message{To: group("a"), Text: "poison"}, bot.Message{To: group("a"), Text: "next"})
	for range panicTries {
		f.drain(t)
		c.jump(15 * time.Minute)
	}
	f.drain(t)
	got := told(t, s)
	if !slices.Equal(f.sim.sent(), []string{"next"}) || len(got) != 1 || got[0].Failed.Reason != ReasonPanic {
		t.Errorf("sent %v, told %+v; want the poison retired and the next sent", f.sim.sent(), got)
	}
	if strings.Contains(f.log.String(), "poison") {
		t.Errorf("log quotes the panic:\n%s", f.log)
	}
}

func TestANetworkThatIsNotConfigured(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now; delete(o.Networks, bot.Telegram) })
	enqueue(t, s, bot.Message{To: bot.Address{Network: bot.Telegram, Chat: "-1"}, Text: "x"}, bot.Message{To: group("a"), Text: "a"})
	f.drain(t)
	if q := queues(t, s); q.Outbox != 1 || len(f.sim.sent()) != 1 || f.Stats().Retried != 1 {
		t.Errorf("queues %+v, stats %+v; want it kept for when the network is back", q, f.Stats())
	}
	c.jump(25 * time.Hour)
	for range giveUpTries {
		f.drain(t)
		c.jump(15 * time.Minute)
	}
	if got := told(t, s); len(got) != 1 || got[0].Failed.Reason != ReasonExpired {
		t.Errorf("told %+v", got)
	}
}

// What was held for more than a day is not thrown away at the first hiccup after it, and never
// because the network asks for patience.
func TestAPatientNetworkIsWaitedFor(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	fail := &bot.SendError{Reason: "rate", After: time.Second}
	f.sim.say = func(context.Context, bot.Delivery) error { return fail }
	enqueue(t, s, bot.Message{To: group("a"), Text: "held"})
	c.jump(25 * time.Hour)
	for range 2 * giveUpTries {
		f.drain(t)
		c.jump(time.Minute)
	}
	if got := told(t, s); len(got) != 0 || queues(t, s).Outbox != 1 {
		t.Fatalf("told %+v, queues %+v; want the message kept while the network asks for patience", got, queues(t, s))
	}
	f.sim.say = func(context.Context, bot.Delivery) error { return nil }
	c.jump(time.Hour)
	f.drain(t)
	if !slices.Equal(f.sim.sent(), []string{"held"}) {
		t.Errorf("sent %v", f.sim.sent())
	}
}

func TestErasedWhileInFlight(t *testing.T) {
	s := openStore(t, newClock().now)
	f := newFixture(t, s, nil)
	id := meet(t, s, person("warga1"))
	f.sim.say = func(context.Context, bot.Delivery) error {
		return s.Update(context.Background(), func(tx bot.Tx) error { return tx.Forget(id) })
	}
	enqueue(t, s, bot.Message{Person: id, Text: "x", Key: "k"})
	f.drain(t)
	if q := queues(t, s); q.Outbox != 0 || q.Retired != 0 || f.Stats().Sent != 1 {
		t.Errorf("queues %+v, stats %+v", q, f.Stats())
	}
}

func TestBackoff(t *testing.T) {
	for tries, low := range map[int]time.Duration{
		0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 9: 512 * time.Second,
		10: 10 * time.Minute, 11: 10 * time.Minute, 1 << 15: 10 * time.Minute,
	} {
		for range 50 {
			if d := backoff(tries); d < low || d >= low+low/4 {
				t.Fatalf("backoff(%d) = %v, want %v to %v", tries, d, low, low+low/4)
			}
		}
	}
}
