package digest

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/locales"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

var largeStore = flag.Int("cases", 1_000_000, "cases in the large store of BenchmarkDigest")

// disk is a digest on the real store.
type disk struct {
	t     testing.TB
	clock *clock
	keys  *seal.Keyring
	path  string
	store *bolt.Store
}

func newDisk(t testing.TB) *disk {
	t.Helper()
	dir := t.TempDir()
	keys, _, err := seal.LoadOrCreate(filepath.Join(dir, "kunci.txt"), true)
	if err != nil {
		t.Fatal(err)
	}
	d := &disk{t: t, clock: &clock{at(t, "2024-10-01 10:00:00 +0700")}, keys: keys, path: filepath.Join(dir, "awas.db")}
	d.reopen()
	t.Cleanup(func() {
		if err := d.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// reopen is what a restart does to the store.
func (d *disk) reopen() {
	d.t.Helper()
	if d.store != nil {
		if err := d.store.Close(); err != nil {
			d.t.Fatal(err)
		}
	}
	var err error
	if d.store, err = bolt.Open(d.path, bolt.Options{Keys: d.keys, Now: d.clock.now}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *disk) runner() *Runner {
	p, err := locales.New(locales.Default)
	if err != nil {
		d.t.Fatal(err)
	}
	return New(d.store, Options{
		Name: Coordinators, To: to(group), Schedule: schedule(d.t, "0 18 * * *"), Now: d.clock.now,
		Printer: p, Places: places, Zone: zone(d.t), Log: slog.New(slog.DiscardHandler),
	})
}

func (d *disk) run() bool {
	d.t.Helper()
	sent, err := d.runner().RunDue(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return sent
}

func (d *disk) update(fn func(desk) error) {
	d.t.Helper()
	err := d.store.Update(context.Background(), func(tx bot.Tx) error { return fn(desk{d.t, tx}) })
	if err != nil {
		d.t.Fatal(err)
	}
}

// TestRunnerOnDisk: a slot stays done when the process and the clock begin again.
func TestRunnerOnDisk(t *testing.T) {
	d := newDisk(t)
	for i, step := range []struct {
		when string
		sent bool
	}{
		{"2024-10-01 10:00:00 +0700", false},
		{"2024-10-01 18:00:00 +0700", true},
		{"2024-10-01 18:00:01 +0700", false},
		{"2024-10-01 17:59:00 +0700", false},
		{"2024-10-04 07:00:00 +0700", true},
		{"2024-10-04 07:00:00 +0700", false},
	} {
		d.clock.t = at(t, step.when)
		d.reopen()
		if sent := d.run(); sent != step.sent {
			t.Fatalf("step %d: sent is %v", i, sent)
		}
	}
	d.update(func(k desk) error {
		q, err := k.tx.Queues()
		if q.Outbox != 2 {
			t.Errorf("%d messages wait, want 2", q.Outbox)
		}
		return err
	})
}

// BenchmarkDigest measures one evening on disk, from looking at the schedule to the message being
// durable: 1,000 changed cases among few and among many. The time must not grow with the store.
//
//	go test ./bot/digest -run '^$' -bench Digest
func BenchmarkDigest(b *testing.B) {
	for _, cases := range []int{1_000, *largeStore} {
		b.Run(fmt.Sprintf("cases=%d", cases), func(b *testing.B) {
			d := newDisk(b)
			fill(d, cases)
			d.run() // begins to count here
			var since bot.Cursor
			d.update(func(k desk) (err error) {
				since, err = k.tx.Cursor(CursorName(Coordinators))
				return err
			})
			changeThousand(d, cases)
			for b.Loop() {
				b.StopTimer() // the same evening again, under the next slot's key
				d.clock.t = d.clock.t.Add(24 * time.Hour)
				d.update(func(k desk) error {
					return k.tx.PutCursor(CursorName(Coordinators), bot.Cursor{Event: since.Event, Slot: d.clock.t.Add(-24 * time.Hour)})
				})
				b.StartTimer()
				if !d.run() {
					b.Fatal("nothing was due")
				}
			}
		})
	}
}

// fill opens cases, ten thousand a transaction.
func fill(d *disk, cases int) {
	const step = 10_000
	for from := 0; from < cases; from += step {
		d.update(func(k desk) error {
			for n := from; n < min(from+step, cases); n++ {
				k.open(bot.CaseID(n+1), nil)
			}
			return nil
		})
	}
}

// changeThousand changes a thousand cases spread over the store: half are taken, half of these are
// decided, and as many again are opened.
func changeThousand(d *disk, cases int) {
	d.update(func(k desk) error {
		for n := range 500 {
			id := bot.CaseID(n*(cases/500) + 1)
			k.do(id, bot.ActTaken)
			if n%2 == 0 {
				k.decide(id, bot.Verdict{Rating: bot.Salah, Explanation: "Surat itu palsu. KPU membantahnya."})
			}
			k.open(bot.CaseID(cases+n+1), func(c *bot.Case) { c.Claim, c.Region = bot.ClaimHoax, "15.71" })
		}
		return nil
	})
}
