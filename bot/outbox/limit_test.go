package outbox

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

// most is the largest number of the times that fall into any span shorter than width.
func most(times []time.Time, width time.Duration) (n int) {
	slices.SortFunc(times, time.Time.Compare)
	for i, first := range times {
		j := i
		for j < len(times) && times[j].Sub(first) < width {
			j++
		}
		n = max(n, j-i)
	}
	return n
}

func times(log []sending) (at []time.Time) {
	for _, s := range log {
		at = append(at, s.at)
	}
	return at
}

func TestTelegramLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, limited(TelegramLimits(isGroup)))
		const persons, each, cards = 80, 3, 40
		var all []bot.Message
		for n := range each {
			for _, id := range people(t, s, persons) {
				all = append(all, bot.Message{Person: id, Text: fmt.Sprint(n)})
			}
		}
		for n := range cards {
			all = append(all, bot.Message{To: desk(), Text: fmt.Sprint(n)})
		}
		enqueue(t, s, all...)
		began := time.Now()
		stop := f.start(t)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stop()

		log := f.sim.entries(func(sending) bool { return true })
		if len(log) != persons*each+cards {
			t.Fatalf("%d sent, want %d", len(log), persons*each+cards)
		}
		if n := most(times(log), time.Second); n > 30 {
			t.Errorf("%d messages within a second", n)
		}
		byChat := map[bot.Address][]sending{}
		for _, e := range log {
			byChat[e.to] = append(byChat[e.to], e)
		}
		for to, log := range byChat {
			if n := most(times(log), time.Second); n > 1 {
				t.Errorf("%d messages to one chat within a second", n)
			}
			for n, e := range log {
				if e.text != fmt.Sprint(n) {
					t.Fatalf("%v: message %s came as number %d", to, e.text, n)
				}
			}
		}
		group := times(byChat[desk()])
		if n := most(group, time.Minute); n > 20 {
			t.Errorf("%d messages to a group within a minute", n)
		}
		if last := slices.MaxFunc(group, time.Time.Compare).Sub(began); last > 5*time.Minute {
			t.Errorf("%d cards took %v: the limit was not used", cards, last)
		}
		var private []time.Time
		for to, log := range byChat {
			if to != desk() {
				private = append(private, times(log)...)
			}
		}
		// 240 messages at 25 a second are 10 s, a little more with the first cards among them.
		if last := slices.MaxFunc(private, time.Time.Compare).Sub(began); last > 20*time.Second {
			t.Errorf("private messages took %v: they waited for more than their limits", last)
		}
	})
}

func TestAnswersDoNotWaitForTheChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, limited(Limits{Chat: Rate{Every: time.Hour}}))
		began := time.Now()
		enqueue(t, s, bot.Message{To: desk(), Text: "card"}, bot.Message{To: desk(), Text: "noted", Answer: "p1"},
			bot.Message{To: desk(), Text: "noted", Answer: "p2"})
		stop := f.start(t)
		synctest.Wait()
		stop()
		if got := f.sim.sent(); len(got) != 3 || !time.Now().Equal(began) {
			t.Errorf("sent %v at once, want the answers with it", got)
		}
	})
}

// A turn further away than a claim may wait is given back, and costs no claim's time.
func TestATurnFarAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, time.Now)
		f := newFixture(t, s, limited(Limits{Chat: Rate{Every: time.Minute}}))
		enqueue(t, s, bot.Message{To: group("a"), Text: "1"}, bot.Message{To: group("a"), Text: "2"})
		began := time.Now()
		stop := f.start(t)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		stop()
		log := f.sim.entries(func(sending) bool { return true })
		if len(log) != 2 || log[1].at.Sub(began) < time.Minute || log[1].at.Sub(began) > time.Minute+limitWait {
			t.Errorf("attempts %+v", log)
		}
		if st := f.Stats(); st.Retried != 0 || f.sim.crowded {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestLimiterForgetsSettledChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Limits{Chat: Rate{Every: time.Second, Burst: 1}, Group: Rate{Every: time.Hour, Burst: 1}, IsGroup: isGroup})
		wait := func(a bot.Address) {
			if err := l.wait(t.Context(), a, false); err != nil {
				t.Fatal(err)
			}
		}
		wait(desk())
		for n := range 10 * sweepAt {
			wait(person(fmt.Sprint("warga", n)))
			time.Sleep(2 * time.Millisecond)
		}
		if n := len(l.chats); n > 2*sweepAt {
			t.Errorf("%d chats remembered", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.wait(ctx, desk(), false); err == nil {
			t.Error("a group whose pace is not that of a new one was forgotten")
		}
	})
}
