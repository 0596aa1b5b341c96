package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"regexp"
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

// TestKill runs the real binary under load and kills it again and again, at random moments, starting
// up included. Every update that was acknowledged ends in exactly one tip and at least one receipt.
func TestKill(t *testing.T) {
	kills, full := 4, false
	if v := os.Getenv(killsEnv); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q is not a number of kills", killsEnv, v)
		}
		kills, full = n, true
	}
	seed := uint64(time.Now().UnixNano())
	if v := os.Getenv("AWAS_KILL_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("%d kills, AWAS_KILL_SEED=%d", kills, seed)
	chance := rand.New(rand.NewPCG(seed, 0))

	api := fakeapi.StartFor(t, fakeapi.Options{})
	p := &process{t: t, path: buildProduct(t), set: onTelegram(api, t.TempDir()), logs: &journal{}}
	crowd := newCrowd(t, api, chance.Uint64())
	for range kills {
		p.start()
		moment := time.NewTimer(50*time.Millisecond + time.Duration(chance.Int64N(int64(400*time.Millisecond))))
		<-moment.C
		p.kill()
	}
	sent := crowd.stop()
	p.start()()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := api.WaitAcknowledged(ctx, sent...); err != nil {
		t.Fatalf("%d updates are never acknowledged: %v\n%s", len(api.Pending()), err, p.logs)
	}
	if full {
		crowd.answered(ctx)
		drained(t, p.metrics, p.logs, "inbox", "outbox")
	}
	p.stop()
	p.finish()
	t.Logf("%d updates, %d of them also with a photo, sent %d messages", len(sent), crowd.photos, len(api.Messages()))
	if text := p.logs.String(); strings.Contains(text, "panic") || strings.Contains(text, "level=ERROR") {
		t.Errorf("in the log:\n%s", text)
	}
	crowd.check(p.vault(), full)
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
	for worked := true; worked && err == nil; {
		worked, err = rest.inbox.ProcessOne(p.t.Context())
	}
	if err := errors.Join(err, rest.Close()); err != nil {
		p.t.Fatal(err)
	}
}

// check compares what people sent with what is stored and what they were told.
func (c *crowd) check(v *vault, all bool) {
	defer v.close()
	t := c.t
	var people []bot.Address
	for n := range c.ids {
		people = append(people, bot.Address{Network: bot.Telegram, Chat: strconv.FormatInt(c.person(n).ID, 10)})
	}
	if n := v.tips(t, people); n != len(people) {
		t.Errorf("%d tips of %d people who sent one each", n, len(people))
	}
	if rep, err := v.verify(context.Background(), func(int64, int64) {}); err != nil || rep.Found > 0 {
		t.Errorf("data do not verify: %v %+v", err, rep)
	}
	err := v.store.View(context.Background(), func(tx bot.Tx) error {
		q, err := tx.Queues()
		if err != nil {
			return err
		}
		if q.Quarantined > 0 || q.Retired > 0 {
			t.Errorf("given up: %+v", q)
		}
		missing := c.receipts()
		if missing > q.Outbox || all && missing > 0 {
			t.Errorf("%d people have no receipt, %d messages wait", missing, q.Outbox)
		}
		fetched, err := c.compare(tx, people)
		if fetched+q.Jobs+q.Inbox < c.photos { // a fetched photo may wait to be handled
			t.Errorf("%d photos, %d fetched, %d being fetched", c.photos, fetched, q.Jobs)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// receipts returns how many people have none, and fails the test for tickets that do not fit.
func (c *crowd) receipts() (missing int) {
	form := regexp.MustCompile(`Nomor tiket: (\S+)`)
	tickets, owner := map[int64]string{}, map[string]int64{}
	for _, m := range c.api.Messages() {
		found := form.FindStringSubmatch(m.Text)
		if found == nil {
			continue
		}
		ticket := found[1]
		if before := tickets[m.Chat]; before != "" && before != ticket {
			c.t.Errorf("a person got two tickets for one message: %s and %s", before, ticket)
		}
		if chat, known := owner[ticket]; known && chat != m.Chat {
			c.t.Errorf("two people got the ticket %s", ticket)
		}
		tickets[m.Chat], owner[ticket] = ticket, m.Chat
	}
	return len(c.ids) - len(tickets)
}

// compare looks at every stored message and returns how many photos were fetched.
func (c *crowd) compare(tx bot.Tx, people []bot.Address) (fetched int, err error) {
	for n, who := range people {
		for tip, err := range tx.TipsBy(tx.Pseudonym(who)) {
			if err != nil {
				return fetched, err
			}
			items, err := tx.Items(tip.ID)
			if err != nil {
				return fetched, err
			}
			if len(items) != 1 || items[0].Text != c.words(n) {
				c.t.Errorf("tip %d has %d items, or not what was sent", tip.ID, len(items))
			}
			for _, f := range items[0].Files {
				if f.State == bot.FileStored {
					fetched++
				}
			}
		}
	}
	return fetched, nil
}
