package digest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

var group = bot.Address{Network: bot.Sim, Chat: "desk"}

func to(a bot.Address) func(bot.Tx) (bot.Address, error) {
	return func(bot.Tx) (bot.Address, error) { return a, nil }
}

type fixture struct {
	t     *testing.T
	clock *clock
	store *memory
	log   bytes.Buffer
	o     Options
}

func newFixture(t *testing.T, start string) *fixture {
	f := &fixture{t: t, clock: &clock{at(t, start)}}
	f.store = newMemory(f.clock.now)
	p, err := locales.New(locales.Default)
	if err != nil {
		t.Fatal(err)
	}
	f.o = Options{
		Name: Coordinators, To: to(group), Schedule: schedule(t, "0 18 * * *"), Now: f.clock.now,
		Printer: p, Places: places, Zone: zone(t), Log: slog.New(slog.NewTextHandler(&f.log, nil)),
	}
	return f
}

// restart is a new process on the same store.
func (f *fixture) restart() *Runner { return New(f.store, f.o) }

func (f *fixture) runAt(r *Runner, when string) bool {
	f.t.Helper()
	f.clock.t = at(f.t, when)
	sent, err := r.RunDue(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return sent
}

// open opens a case now.
func (f *fixture) open(id bot.CaseID) {
	f.t.Helper()
	if err := f.store.Update(f.t.Context(), func(tx bot.Tx) error {
		desk{f.t, tx}.open(id, nil)
		return nil
	}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) keys() string {
	var keys []string
	for _, m := range f.store.outbox() {
		keys = append(keys, strings.TrimPrefix(string(m.Key), "digest/coordinators/"))
	}
	return strings.Join(keys, " ")
}

// last is the text of the latest digest.
func (f *fixture) last() string {
	f.t.Helper()
	if len(f.store.outbox()) == 0 {
		f.t.Fatal("no digest was sent")
	}
	return bot.Asterisks(f.store.outbox()[len(f.store.outbox())-1].Text)
}

func TestRunnerSendsOncePerSlot(t *testing.T) {
	f := newFixture(t, "2024-10-01 10:00:00 +0700")
	f.open(1) // before the first run: not counted
	r := f.restart()
	for _, step := range []struct {
		when    string
		restart bool
		sent    bool
	}{
		{"2024-10-01 10:00:00 +0700", false, false}, // first run ever: begins to count
		{"2024-10-01 17:59:59 +0700", false, false},
		{"2024-10-01 18:00:00 +0700", false, true},
		{"2024-10-01 18:00:00 +0700", false, false},
		{"2024-10-01 18:00:01 +0700", true, false},
		{"2024-10-01 17:55:00 +0700", false, false}, // clock set back
		{"2024-10-01 18:00:00 +0700", false, false},
		{"2024-10-02 18:00:30 +0700", true, true},
		{"2024-09-20 18:00:00 +0700", true, false}, // and far back
		{"2024-10-02 19:00:00 +0700", false, false},
		{"2024-10-05 09:00:00 +0700", true, true}, // two days missed, the second slot is sent
		{"2024-10-05 18:00:00 +0700", true, true},
	} {
		if step.restart {
			r = f.restart()
		}
		if sent := f.runAt(r, step.when); sent != step.sent {
			t.Fatalf("at %s: sent is %v", step.when, sent)
		}
	}
	want := "2024-10-01T11:00:00Z 2024-10-02T11:00:00Z 2024-10-04T11:00:00Z 2024-10-05T11:00:00Z"
	if got := f.keys(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
	for _, m := range f.store.outbox() {
		if m.To != group || m.Person != "" {
			t.Errorf("%s goes to %v", m.Key, m.To)
		}
	}
	if want := at(t, "2024-10-06 18:00:00 +0700"); !r.Next().Equal(want) {
		t.Errorf("next is %v, want %v", r.Next(), want)
	}
}

// TestRunnerMissedSlot: what happened while the process was down is told once, and the next
// digest does not tell it again.
func TestRunnerMissedSlot(t *testing.T) {
	f := newFixture(t, "2024-10-01 10:00:00 +0700")
	f.runAt(f.restart(), "2024-10-01 10:00:00 +0700")
	f.open(1)
	if !f.runAt(f.restart(), "2024-10-03 20:15:00 +0700") {
		t.Fatal("nothing was sent")
	}
	for _, want := range []string{"Terlambat", "Kamis, 3 Oktober 2024 pukul 18.00 WIB", "20.15 WIB", "Kasus baru: *1*"} {
		if !strings.Contains(f.last(), want) {
			t.Errorf("%q is not in:\n%s", want, f.last())
		}
	}
	if !strings.Contains(f.log.String(), "passed_over=2 ") && !strings.Contains(f.log.String(), "passed_over=2\n") {
		t.Errorf("the log does not count two slots passed over: %s", &f.log)
	}
	f.runAt(f.restart(), "2024-10-04 18:00:00 +0700")
	if got := f.last(); !strings.Contains(got, "tenang") || !strings.Contains(got, "sejak Kamis, 3 Oktober 2024 pukul 20.15 WIB") ||
		strings.Contains(got, "Terlambat") {
		t.Errorf("the digest after the late one:\n%s", got)
	}
}

func TestRunnerFailedTransactionChangesNothing(t *testing.T) {
	f := newFixture(t, "2024-10-01 10:00:00 +0700")
	r := f.restart()
	f.runAt(r, "2024-10-01 10:00:00 +0700")
	f.open(1)
	f.clock.t = at(t, "2024-10-01 18:00:00 +0700")
	broken := errors.New("disk full")
	f.store.fail(broken)
	if sent, err := r.RunDue(t.Context()); sent || !errors.Is(err, broken) {
		t.Fatalf("sent %v, error %v", sent, err)
	}
	if f.keys() != "" {
		t.Fatal("a failed transaction left a message")
	}
	if !f.runAt(r, "2024-10-01 18:01:00 +0700") || !strings.Contains(f.last(), "Kasus baru: *1*") {
		t.Error("the second try does not tell what the first would have")
	}
}

func TestRunnerWithoutGroupLosesNothing(t *testing.T) {
	f := newFixture(t, "2024-10-01 10:00:00 +0700")
	f.o.To = to(bot.Address{})
	r := f.restart()
	f.runAt(r, "2024-10-01 10:00:00 +0700")
	f.open(1)
	if f.runAt(r, "2024-10-01 18:00:00 +0700") || f.runAt(r, "2024-10-02 18:00:00 +0700") {
		t.Fatal("sent to nowhere")
	}
	f.o.To = to(group)
	if !f.runAt(f.restart(), "2024-10-03 09:00:00 +0700") || !strings.Contains(f.last(), "Kasus baru: *1*") {
		t.Error("what happened without a group is not told once there is one")
	}
	f.o.To = func(bot.Tx) (bot.Address, error) { return bot.Address{}, bot.ErrAddress }
	f.clock.t = at(t, "2024-10-03 18:00:00 +0700")
	if _, err := f.restart().RunDue(t.Context()); !errors.Is(err, bot.ErrAddress) {
		t.Errorf("error %v, want the group's", err)
	}
}

func TestRunnerScheduleChange(t *testing.T) {
	for _, tt := range []struct {
		name, sentAt, changeTo, lookAt string
		sent                           bool
	}{
		{"later the same evening", "2024-10-01 17:59:00 +0700", "0 19 * * *", "2024-10-01 18:00:00 +0700", false},
		{"same moment in another zone", "2024-10-01 18:00:00 +0700", "CRON_TZ=UTC 0 11 * * *", "2024-10-01 18:00:01 +0700", false},
		// sent late at 18.30; 18.15 is a slot of the new schedule that this already covered
		{"into what a late one covered", "2024-10-01 18:30:00 +0700", "15 18 * * *", "2024-10-01 18:31:00 +0700", false},
		{"to a time still to come", "2024-10-01 18:00:00 +0700", "0 21 * * *", "2024-10-01 21:00:00 +0700", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, "2024-10-01 10:00:00 +0700")
			f.runAt(f.restart(), "2024-10-01 10:00:00 +0700")
			f.runAt(f.restart(), tt.sentAt)
			f.o.Schedule = schedule(t, tt.changeTo)
			if sent := f.runAt(f.restart(), tt.lookAt); sent != tt.sent {
				t.Errorf("after the change sent is %v: %s", sent, f.keys())
			}
		})
	}
}

func TestRunnerWarnsOfClock(t *testing.T) {
	f := newFixture(t, "2030-10-01 10:00:00 +0700")
	r := f.restart()
	f.runAt(r, "2030-10-01 10:00:00 +0700")
	f.runAt(r, "2024-10-01 18:00:00 +0700")
	if !strings.Contains(f.log.String(), "level=WARN") {
		t.Errorf("no warning that the clock is six years behind the last digest: %s", &f.log)
	}
	if want := at(t, "2030-10-01 18:00:00 +0700"); !r.Next().Equal(want) {
		t.Errorf("next is %v, want %v", r.Next(), want)
	}
}

// TestRunnerRun: a month of evenings. Sleeping moves the bubble's clock and takes no time.
func TestRunnerRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "2024-10-01 10:00:00 +0700")
		var skew atomic.Int64
		f.o.Now = func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
		f.store.now = f.o.Now
		r := f.restart()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.Run(ctx) }()
		synctest.Wait()
		first := r.Next() // the bubble begins at midnight UTC: seven in the morning

		time.Sleep(time.Until(first))
		synctest.Wait()
		if got, want := f.keys(), first.Format(time.RFC3339); got != want {
			t.Fatalf("at the slot: sent %q, want %q", got, want)
		}
		time.Sleep(30 * 24 * time.Hour)
		synctest.Wait()
		if n := len(f.store.outbox()); n != 31 {
			t.Errorf("sent %d digests in 31 evenings", n)
		}

		skew.Add(int64(24 * time.Hour)) // somebody moves the clock
		r.Kick()
		r.Kick()
		synctest.Wait()
		if n := len(f.store.outbox()); n != 32 {
			t.Errorf("after the clock was moved a day: %d digests, want 32", n)
		}

		f.store.fail(errors.New("busy"))
		skew.Add(int64(24 * time.Hour))
		r.Kick()
		time.Sleep(pollLimit)
		synctest.Wait()
		if n := len(f.store.outbox()); n != 33 {
			t.Errorf("a minute after a failure: %d digests, want 33", n)
		}
		cancel()
		<-done
	})
}
