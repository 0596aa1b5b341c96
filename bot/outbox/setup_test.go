package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"go.uber.org/goleak"

	"awassiber/bot"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a store's clock that only jumps.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newClock() *clock { return &clock{t: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)} }

// openStore opens a real store on the given clock; when the test ends the file is checked.
func openStore(t *testing.T, now func() time.Time) *bolt.Store {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.New(id)
	if err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(filepath.Join(t.TempDir(), "awas.db"), bolt.Options{Keys: keys, Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		rep, err := s.Verify(context.Background(), nil)
		if err != nil || !rep.OK() {
			t.Errorf("store after the test: %v, %v", rep.Problems, err)
		}
		if err := errors.Join(err, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// network is a chat network that notes what it is sent and says what the test wants.
type network struct {
	// say, if set, decides the outcome of a send.
	say func(ctx context.Context, d bot.Delivery) error
	// file, if set, is what Fetch returns.
	file func(ctx context.Context, a bot.Attachment) ([]byte, error)

	mu       sync.Mutex
	log      []sending
	inFlight map[bot.Address]int
	crowded  bool // two sends to one chat overlapped
}

type sending struct {
	at   time.Time
	to   bot.Address
	text string
	ok   bool
}

func (n *network) Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error) {
	n.mu.Lock()
	if n.inFlight == nil {
		n.inFlight = map[bot.Address]int{}
	}
	n.inFlight[d.To]++
	n.crowded = n.crowded || n.inFlight[d.To] > 1
	at := time.Now()
	n.mu.Unlock()
	err := errors.New("panicked")
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.inFlight[d.To]--
		n.log = append(n.log, sending{at, d.To, d.Message.Text, err == nil})
	}()
	if n.say == nil {
		err = nil
	} else {
		err = n.say(ctx, d)
	}
	return bot.MessageRef{Chat: d.To, ID: bot.MessageID("m/" + d.Message.Text)}, err
}

// sent returns the texts that arrived, in order; attempts all that were tried.
func (n *network) sent() []string {
	return words(n.entries(func(s sending) bool { return s.ok }))
}

func (n *network) attempts() []string { return words(n.entries(func(sending) bool { return true })) }

func (n *network) entries(keep func(sending) bool) []sending {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(n.log), func(s sending) bool { return !keep(s) })
}

func words(log []sending) []string {
	var texts []string
	for _, s := range log {
		texts = append(texts, s.text)
	}
	return texts
}

// fixture is an Outbox on a store, with one network per name, and what it logs.
type fixture struct {
	*Outbox
	store  bot.Store
	sim    *network
	tele   *network
	files  *shelf
	log    *lockedBuffer
	panics int64 // expected
}

func desk() bot.Address { return group("desk") }

func group(name string) bot.Address { return bot.Address{Network: bot.Sim, Chat: "-" + name} }

func isGroup(a bot.Address) bool { return a.Chat[0] == '-' }

// newFixture makes an Outbox without rate limits; change adjusts its options.
func newFixture(t *testing.T, s bot.Store, change func(*Options)) *fixture {
	t.Helper()
	f := &fixture{store: s, sim: &network{}, tele: &network{}, files: newShelf(), log: &lockedBuffer{}}
	o := Options{
		Networks: map[bot.Network]Network{
			bot.Sim:      {Sender: f.sim, Fetcher: fetcher{f.sim}},
			bot.Telegram: {Sender: f.tele, Fetcher: fetcher{f.tele}},
		},
		Evidence: f.files, Coordinators: desk(), Log: slog.New(slog.NewTextHandler(f.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	f.Outbox = New(s, o)
	t.Cleanup(func() {
		if got := f.Panics(); got != f.panics {
			t.Errorf("%d recovered panics, %d expected\n%s", got, f.panics, f.log)
		}
		if len(f.flying) != 0 {
			t.Errorf("%d deliveries never landed", len(f.flying))
		}
	})
	return f
}

// limited sets the limits of the sim network.
func limited(l Limits) func(*Options) {
	return func(o *Options) {
		n := o.Networks[bot.Sim]
		n.Limits = l
		o.Networks[bot.Sim] = n
	}
}

// start runs the Outbox in the background; stop ends it and waits.
func (f *fixture) start(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
	}
}

// drain performs what is due, one at a time, and returns how much there was.
func (f *fixture) drain(t *testing.T) (n int) {
	t.Helper()
	for {
		worked, err := f.SendOne(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !worked {
			return n
		}
		n++
	}
}

func update(t *testing.T, s bot.Store, fn func(bot.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// enqueue stores messages in one transaction.
func enqueue(t *testing.T, s bot.Store, messages ...bot.Message) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		for _, m := range messages {
			if err := tx.Enqueue(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// meet makes a person known to the store, so that they can be written to.
func meet(t *testing.T, s bot.Store, chat bot.Address) bot.PersonID {
	t.Helper()
	return introduce(t, s, chat)[0]
}

func person(name string) bot.Address { return bot.Address{Network: bot.Sim, Chat: name} }

// people makes n known.
func people(t *testing.T, s bot.Store, n int) []bot.PersonID {
	t.Helper()
	var chats []bot.Address
	for i := range n {
		chats = append(chats, person(fmt.Sprint("warga", i)))
	}
	return introduce(t, s, chats...)
}

// introduce delivers a first message from each chat, takes it out of the inbox again, and returns
// the pseudonyms.
func introduce(t *testing.T, s bot.Store, chats ...bot.Address) (ids []bot.PersonID) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		ids = nil
		for _, chat := range chats {
			_, err := tx.Deliver(bot.Update{
				Network: chat.Network, ID: bot.UpdateID("hello/" + chat.Chat), Kind: bot.KindMessage, Private: true,
				Chat: chat, From: bot.Person{Address: chat}, Message: &bot.Incoming{ID: "1"},
			})
			if err != nil {
				return err
			}
			ids = append(ids, tx.Pseudonym(chat))
		}
		return nil
	})
	told(t, s)
	return ids
}

// told takes everything out of the inbox and returns it.
func told(t *testing.T, s bot.Store) (updates []bot.Update) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		updates = nil
		for {
			ids, err := tx.Arrivals(100)
			if err != nil || len(ids) == 0 {
				return err
			}
			for _, id := range ids {
				a, err := tx.Arrival(id)
				if err != nil {
					return err
				}
				updates = append(updates, a.Update)
				if err := tx.Finish(id); err != nil {
					return err
				}
			}
		}
	})
	return updates
}

func queues(t *testing.T, s bot.Store) (q bot.Queues) {
	t.Helper()
	err := s.View(t.Context(), func(tx bot.Tx) (err error) {
		q, err = tx.Queues()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var errDisk = errors.New("no space left")

// failing is a store whose updates, while on, run and then fail to commit.
type failing struct {
	bot.Store
	mu sync.Mutex
	on bool
}

func (f *failing) set(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = on
}

func (f *failing) Update(ctx context.Context, fn func(bot.Tx) error) error {
	return f.Store.Update(ctx, func(tx bot.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.on {
			return errDisk
		}
		return nil
	})
}
