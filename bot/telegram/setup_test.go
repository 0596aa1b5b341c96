package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/telegram/fakeapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	warga1   = fakeapi.User{ID: 5001, First: "warga1"}
	petugas1 = fakeapi.User{ID: 5002, First: "petugas1"}
	desk     = fakeapi.Group(-1001234567890, "Meja")
)

// rig is a fake server, a client of it, and everything the client logged.
type rig struct {
	*fakeapi.Server
	client *telegram.Client
	log    *buffer
}

func newRig(t *testing.T, change ...func(*telegram.Config)) rig {
	t.Helper()
	server := fakeapi.StartFor(t, fakeapi.Options{})
	r := rig{Server: server, log: &buffer{}}
	c := telegram.Config{Token: server.Token, API: server.URL,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&c)
	}
	client, err := telegram.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r.client = client
	t.Cleanup(func() {
		client.Close()
		if strings.Contains(r.log.String(), "TEST-token") {
			t.Error("the token stands in the log")
		}
	})
	return r
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// within bounds a wait that a broken program would make endless; no passing test comes near it.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// inbox keeps what was delivered, once each, and fails when told to.
type inbox struct {
	mu      sync.Mutex
	changed chan struct{}
	seen    map[bot.UpdateID]int // how often each was delivered
	order   []bot.Update
	refuse  func(u []bot.Update) error // may be nil
}

func newInbox() *inbox {
	return &inbox{seen: map[bot.UpdateID]int{}, changed: make(chan struct{})}
}

var errStore = errors.New("disk full")

func (b *inbox) Deliver(_ context.Context, updates []bot.Update) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { close(b.changed); b.changed = make(chan struct{}) }()
	if b.refuse != nil {
		if err := b.refuse(updates); err != nil {
			return err
		}
	}
	for _, u := range updates {
		if b.seen[u.ID]++; b.seen[u.ID] == 1 {
			b.order = append(b.order, u)
		}
	}
	return nil
}

// wait returns the distinct updates once there are n.
func (b *inbox) wait(t *testing.T, n int) []bot.Update {
	t.Helper()
	ctx := within(t)
	for {
		b.mu.Lock()
		got, changed := append([]bot.Update(nil), b.order...), b.changed
		b.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("only %d of %d updates arrived", len(got), n)
		}
	}
}

// start runs a poller until the returned function is called, or the test ends. Its waits are recorded
// and take no time.
func (r rig) start(t *testing.T, to telegram.Deliverer, c telegram.PollConfig) (p *telegram.Poller, stop func(), waits *waits) {
	t.Helper()
	waits = newWaits()
	if c.Wait == nil {
		c.Wait = waits.wait
	}
	p = r.client.Poller(to, c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	t.Cleanup(stop)
	return p, stop, waits
}

// waits records how long a poller would have waited.
type waits struct {
	mu  sync.Mutex
	all []time.Duration
}

func newWaits() *waits { return &waits{} }

func (w *waits) wait(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, d)
	return ctx.Err()
}

func (w *waits) list() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]time.Duration(nil), w.all...)
}

// shelf is an evidence store in memory.
type shelf map[string][]byte

func (s shelf) Open(sum string) (io.ReadCloser, error) {
	data, ok := s[sum]
	if !ok {
		return nil, bot.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
