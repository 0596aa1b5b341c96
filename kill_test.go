package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/telegram/fakeapi"
)

// killsEnv is how often the product is killed. With it the test also waits for every message to
// arrive, for which claims of the dead must run out first; without it, it looks for what is missing
// among what still waits.
const killsEnv = "AWAS_KILLS"

// killing is how often a product is killed in a test, and when.
type killing struct {
	kills  int
	full   bool // wait until everything has arrived
	chance *rand.Rand
}

// newKilling reads what the environment asks for; few is how many kills there are without it. The seed is
// logged, and AWAS_KILL_SEED repeats it.
func newKilling(t *testing.T, few int) killing {
	t.Helper()
	k := killing{kills: few}
	if v := os.Getenv(killsEnv); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q is not a number of kills", killsEnv, v)
		}
		k.kills, k.full = n, true
	}
	seed := uint64(time.Now().UnixNano())
	if v := os.Getenv("AWAS_KILL_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("%d kills, AWAS_KILL_SEED=%d", k.kills, seed)
	k.chance = rand.New(rand.NewPCG(seed, 0))
	return k
}

// moment lets a random time between two pass.
func (k killing) moment(least, most time.Duration) {
	timer := time.NewTimer(least + time.Duration(k.chance.Int64N(int64(most-least))))
	<-timer.C
}

// TestKill runs the real binary under load and kills it again and again, at random moments, starting
// up included. Every update that was acknowledged ends in exactly one tip and at least one receipt.
func TestKill(t *testing.T) {
	k := newKilling(t, 4)
	api := fakeapi.StartFor(t, fakeapi.Options{})
	p := &process{t: t, path: buildProduct(t), set: onTelegram(api, t.TempDir()), logs: &journal{}}
	crowd := newCrowd(t, api, k.chance.Uint64())
	for range k.kills {
		p.start()
		k.moment(50*time.Millisecond, 450*time.Millisecond)
		p.kill()
	}
	sent := crowd.stop()
	p.start()()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := api.WaitAcknowledged(ctx, sent...); err != nil {
		t.Fatalf("%d updates are never acknowledged: %v\n%s", len(api.Pending()), err, p.logs)
	}
	if k.full {
		crowd.answered(ctx)
		drained(t, p.metrics, p.logs, "inbox", "outbox")
	}
	p.stop()
	p.finish()
	t.Logf("%d updates, %d of them also with a photo, sent %d messages", len(sent), crowd.photos, len(api.Messages()))
	crowd.ledger().check(p, k.full)
}

// crowd are citizens who send one message each, and the network that may repeat it.
type crowd struct {
	t      *testing.T
	api    *fakeapi.Server
	rand   *rand.Rand
	ids    []int64 // updates
	photos int
	end    context.CancelFunc
	ended  chan struct{}
}

// pace is how often somebody sends something.
const pace = 6 * time.Millisecond

func newCrowd(t *testing.T, api *fakeapi.Server, seed uint64) *crowd {
	ctx, end := context.WithCancel(t.Context())
	c := &crowd{t: t, api: api, rand: rand.New(rand.NewPCG(seed, 1)), end: end, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		beat := time.NewTicker(pace)
		defer beat.Stop()
		for {
			select {
			case <-beat.C:
				c.send()
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// stop ends the sending and returns the updates.
func (c *crowd) stop() []int64 {
	c.end()
	<-c.ended
	return c.ids
}

func (c *crowd) person(n int) fakeapi.User {
	return fakeapi.User{ID: 7400000000 + int64(n), First: "Warga"}
}

// words are what a person writes, different for everybody.
func (c *crowd) words(n int) string { return fmt.Sprintf("Kabar nomor %d perlu diperiksa", n) }

func (c *crowd) send() {
	n := len(c.ids)
	from := c.person(n)
	var posted fakeapi.Posted
	if n%10 == 3 {
		c.photos++
		posted = c.api.File(fakeapi.Private(from), from, "photo", fakeapi.FileData{Data: picture(strconv.Itoa(n))}, fakeapi.Caption(c.words(n)))
	} else {
		posted = c.api.Text(fakeapi.Private(from), from, c.words(n))
	}
	c.ids = append(c.ids, posted.Update)
	if n%8 == 5 { // the network repeats itself, however long ago
		c.api.Redeliver(c.ids[c.rand.IntN(len(c.ids))])
	}
}

// answered waits until everybody has a receipt.
func (c *crowd) answered(ctx context.Context) {
	c.t.Helper()
	got := map[int64]bool{}
	_, err := c.api.WaitMessage(ctx, func(m fakeapi.Sent) bool {
		if strings.Contains(m.Text, "Nomor tiket") {
			got[m.Chat] = true
		}
		return len(got) == len(c.ids)
	})
	if err != nil {
		c.t.Fatalf("%d of %d people have a receipt: %v", len(got), len(c.ids), err)
	}
}

// finish handles what a stopped product left in its inbox, and sends nothing.
func (p *process) finish() {
	p.t.Helper()
	cfg, err := loadConfig(nil, func(name string) string { return p.set[name] })
	if err != nil {
		p.t.Fatal(err)
	}
	rest, err := newProgram(cfg, parts{Log: slog.New(slog.NewTextHandler(p.logs, nil))})
	if err != nil {
		p.t.Fatal(err)
	}
	err = rest.followAll(p.t.Context()) // else the bursts that ended wait for the index
	for worked := true; worked && err == nil; {
		worked, err = rest.inbox.ProcessOne(p.t.Context())
	}
	if err := errors.Join(err, rest.Close()); err != nil {
		p.t.Fatal(err)
	}
}

// ledger is what people sent and were told.
func (c *crowd) ledger() ledger {
	l := ledger{t: c.t, words: c.words, photos: c.photos}
	for n := range c.ids {
		l.people = append(l.people, bot.Address{Network: bot.Telegram, Chat: strconv.FormatInt(c.person(n).ID, 10)})
	}
	for _, m := range c.api.Messages() {
		l.told = append(l.told, told{strconv.FormatInt(m.Chat, 10), m.Text})
	}
	return l
}
