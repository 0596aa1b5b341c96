package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/whatsapp/fakewa"
)

// TestKillWhatsApp kills the real binary while many people write to it over WhatsApp: at random moments
// after it began to receive, and some before. What the network was told to be received ends in exactly one
// tip and one receipt, which nobody is shown twice, and everything can be decrypted by everybody.
func TestKillWhatsApp(t *testing.T) {
	k := newKilling(t, 3)
	srv, err := fakewa.Start(fakewa.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	dir, officer := t.TempDir(), srv.Person("Petugas 1")
	group := srv.Group("Koordinator", officer)
	linkDevice(t, srv, filepath.Join(dir, sessionMember))
	key := fakewa.RootKey()
	p := &process{t: t, path: buildProduct(t), logs: &journal{}, set: map[string]string{
		"AWAS_DATA": dir, "AWAS_HTTP": "127.0.0.1:0", "AWAS_RATE_LIMITS": "off", "AWAS_TRAINING": "off", "AWAS_QUIET_PERIOD": "1ms",
		"AWAS_WHATSAPP": "on", "AWAS_WHATSAPP_TEST": srv.Addr() + ";" + hex.EncodeToString(key[:]),
		"AWAS_COORDINATORS": "whatsapp:" + group.JID.String(), "AWAS_ADMINS": "whatsapp:" + officer.LID.String(),
	}}
	began, crowd := time.Now(), newWaCrowd(t, srv, k.chance.Uint64())
	for n := range k.kills {
		crowd.trouble(n)
		before := srv.Logins()
		p.start()
		if n%4 != 3 {
			crowd.await(func(ctx context.Context) error {
				return errors.Join(srv.WaitLogins(ctx, before+1), srv.WaitActive(ctx))
			})
		}
		k.moment(0, 900*time.Millisecond)
		p.kill()
		crowd.await(srv.WaitGone)
	}
	crowd.stop()
	srv.Heal()
	waiting, lasted := len(srv.Pending()), time.Since(began)
	p.start()
	crowd.await(srv.WaitSettled)
	if k.full {
		crowd.await(crowd.answered)
		drained(t, p.metrics, p.logs, "inbox", "outbox")
	}
	p.stop()
	p.finish()
	t.Logf("%d messages in %v, %d with a photo, %d came more than once, %d not received when the killing ended; the bot sent %d",
		len(crowd.people), lasted.Round(time.Second), crowd.photos, crowd.again, waiting, len(srv.Messages()))
	crowd.unread()
	crowd.ledger().check(p, k.full)
}

// waCrowd are citizens on WhatsApp who send one message each, and phones that may repeat it.
type waCrowd struct {
	t             *testing.T
	srv           *fakewa.Server
	rand          *rand.Rand
	people        []*fakewa.Person
	ids           []string // of their messages
	photos, again int
	failed        error
	end           context.CancelFunc
	ended         chan struct{}
}

// waPace is how often somebody sends something, as long as fewer than waBacklog messages wait for the
// product: enough that it never lacks work while it lives, however busy the machine.
const (
	waPace    = 15 * time.Millisecond
	waBacklog = 150
)

func newWaCrowd(t *testing.T, srv *fakewa.Server, seed uint64) *waCrowd {
	ctx, end := context.WithCancel(t.Context())
	c := &waCrowd{t: t, srv: srv, rand: rand.New(rand.NewPCG(seed, 1)), end: end, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		beat := time.NewTicker(waPace)
		defer beat.Stop()
		for c.failed == nil {
			select {
			case <-beat.C:
				if len(srv.Pending()) < waBacklog {
					c.failed = c.send()
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// await ends the test if something does not come about.
func (c *waCrowd) await(what func(context.Context) error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	if err := what(ctx); err != nil {
		c.t.Fatal(err)
	}
}

// stop ends the sending.
func (c *waCrowd) stop() {
	c.t.Helper()
	c.end()
	<-c.ended
	if c.failed != nil {
		c.t.Fatal(c.failed)
	}
}

// words are what a person writes, different for everybody.
func (c *waCrowd) words(n int) string { return fmt.Sprintf("Kabar nomor %d perlu diperiksa", n) }

func (c *waCrowd) send() error {
	n := len(c.people)
	from := c.srv.Person("Warga")
	say := func() (string, error) { return from.Say(c.words(n)) }
	if n%10 == 3 {
		c.photos++
		say = func() (string, error) {
			return from.Media(fakewa.File{Kind: fakewa.Image, Data: picture(strconv.Itoa(n)), Caption: c.words(n)})
		}
	}
	id, err := say()
	if err != nil {
		return err
	}
	c.people, c.ids = append(c.people, from), append(c.ids, id)
	if n%8 == 5 { // a phone that did not hear that its message was taken, however long ago
		c.again++
		old := c.rand.IntN(len(c.ids))
		return c.people[old].Again(c.ids[old])
	}
	return nil
}

// trouble is what else goes wrong before the nth kill.
func (c *waCrowd) trouble(n int) {
	switch n % 5 {
	case 1:
		c.srv.Inject(fakewa.LoseReceipts{Times: 20})
	case 2:
		c.srv.Inject(fakewa.LoseAcks{Times: 1})
	case 3:
		c.srv.Inject(fakewa.Duplicate{Times: 20})
	case 4:
		c.srv.Inject(fakewa.DropOnSend{Times: 1})
	}
}

// answered waits until everybody has a receipt.
func (c *waCrowd) answered(ctx context.Context) error {
	got := map[string]bool{}
	_, err := c.srv.WaitMessage(ctx, func(m *fakewa.Message) bool {
		if receiptForm.MatchString(m.Text()) {
			got[m.Chat.String()] = true
		}
		return len(got) == len(c.people)
	})
	if err != nil {
		return fmt.Errorf("%d of %d people have a receipt: %w", len(got), len(c.people), err)
	}
	return nil
}

// unread fails the test for what anybody could not decrypt.
func (c *waCrowd) unread() {
	if p := c.srv.Problems(); len(p) > 0 {
		c.t.Errorf("%d messages of the bot cannot be read, first %+v", len(p), p[0])
	}
	if ids := c.srv.PhoneRequests(); len(ids) > 0 {
		c.t.Errorf("the bot could not read %d messages", len(ids))
	}
}

func (c *waCrowd) ledger() ledger {
	l := ledger{t: c.t, words: c.words, photos: c.photos, once: true}
	for _, p := range c.people {
		l.people = append(l.people, bot.Address{Network: bot.WhatsApp, Chat: p.LID.String()})
	}
	for _, m := range c.srv.Messages() {
		l.told = append(l.told, told{m.Chat.String(), m.Text()})
	}
	return l
}
