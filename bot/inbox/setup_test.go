package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
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
		if n := s.Panics(); n != 0 {
			t.Errorf("%d panics reached the store", n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fixture is an Inbox on a store, and what it logs.
type fixture struct {
	*Inbox
	store  bot.Store
	log    *lockedBuffer
	panics int64 // expected
}

func newFixture(t *testing.T, s bot.Store, h Handler, o Options) *fixture {
	t.Helper()
	f := &fixture{store: s, log: &lockedBuffer{}}
	o.Log = slog.New(slog.NewTextHandler(f.log, nil))
	f.Inbox = New(s, h, o)
	t.Cleanup(func() {
		if got := f.Panics(); got != f.panics {
			t.Errorf("%d recovered panics, %d expected\n%s", got, f.panics, f.log)
		}
	})
	return f
}

// start runs the Inbox in the background; stop ends it and waits.
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

// say is a private message of a person: the n-th, with a text.
func say(person string, n int, text string) bot.Update {
	chat := bot.Address{Network: bot.Sim, Chat: person}
	return bot.Update{
		Network: bot.Sim, ID: bot.UpdateID(fmt.Sprintf("%s/%d", person, n)), Kind: bot.KindMessage, Private: true,
		Chat: chat, From: bot.Person{Address: chat, Name: person},
		Message: &bot.Incoming{ID: bot.MessageID(fmt.Sprint(n)), Text: text},
	}
}

// record is a handler that leaves an event: what is committed is what can be read afterwards.
func record(tx bot.Tx, u bot.Update) error {
	word := string(u.Kind)
	switch {
	case u.Message != nil:
		word = u.Message.Text
	case u.Timer != nil:
		word = u.Timer.Name
	case u.Notice != nil:
		word = u.Notice.Key + " " + u.Notice.Args["reason"] + " " + u.Notice.Args["kind"]
	}
	_, err := tx.Append(bot.Event{Action: bot.ActNoted, Detail: word})
	return err
}

// recorded returns what record committed, in order.
func recorded(t *testing.T, s bot.Store) []string {
	t.Helper()
	var words []string
	view(t, s, func(tx bot.Tx) error {
		for e, err := range tx.EventsAfter(0) {
			if err != nil {
				return err
			}
			words = append(words, e.Detail)
		}
		return nil
	})
	return words
}

func view(t *testing.T, s bot.Store, fn func(bot.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func queues(t *testing.T, s bot.Store) (q bot.Queues) {
	t.Helper()
	view(t, s, func(tx bot.Tx) (err error) {
		q, err = tx.Queues()
		return err
	})
	return q
}

func deliver(t *testing.T, in *fixture, updates ...bot.Update) {
	t.Helper()
	if err := in.Deliver(t.Context(), updates); err != nil {
		t.Fatal(err)
	}
}

// drain processes what is due, one at a time, and returns how much there was.
func drain(t *testing.T, in *fixture) (n int) {
	t.Helper()
	for {
		worked, err := in.ProcessOne(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !worked {
			return n
		}
		n++
	}
}

var errDisk = errors.New("no space left")

// failing is a store whose next updates run and then fail to commit.
type failing struct {
	bot.Store
	mu    sync.Mutex
	times int
}

func (f *failing) Update(ctx context.Context, fn func(bot.Tx) error) error {
	f.mu.Lock()
	fail := f.times > 0
	if fail {
		f.times--
	}
	f.mu.Unlock()
	if !fail {
		return f.Store.Update(ctx, fn)
	}
	return f.Store.Update(ctx, func(tx bot.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDisk
	})
}

func (f *failing) fail(times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.times = times
}

// without drops words that contain part.
func without(words []string, part string) []string {
	var rest []string
	for _, w := range words {
		if !strings.Contains(w, part) {
			rest = append(rest, w)
		}
	}
	return rest
}
