package whatsapp_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

func TestMain(m *testing.M) {
	fakewa.TrustRoot()
	whatsapp.Prepare("Uji", slog.New(slog.DiscardHandler))
	// The library's reader waits for ever with a frame that comes while the client stops
	// (socket/framesocket.go, frameComplete, after NoiseSocket.Stop).
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.mau.fi/whatsmeow/socket.(*FrameSocket).frameComplete"))
}

// within bounds a wait that a broken program would make endless; no passing test comes near it.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
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

func (b *inbox) refusing(f func([]bot.Update) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = f
}

// times is how often each update was delivered.
func (b *inbox) times(id bot.UpdateID) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[id]
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

// states collects changes of state and lets wait for one.
type states struct {
	mu      sync.Mutex
	all     []whatsapp.Status
	changed chan struct{}
}

func (s *states) note(_, to whatsapp.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, to)
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns the first status with that state, among those so far and to come.
func (s *states) wait(t *testing.T, want whatsapp.State) whatsapp.Status {
	t.Helper()
	return s.waitCode(t, want, -1)
}

// waitCode is wait for a state with a code; -1 is any.
func (s *states) waitCode(t *testing.T, want whatsapp.State, code int) whatsapp.Status {
	t.Helper()
	ctx := within(t)
	for {
		s.mu.Lock()
		changed := s.changed
		for _, got := range s.all {
			if got.State == want && (code < 0 || got.Code == code) {
				s.mu.Unlock()
				return got
			}
		}
		seen := len(s.all)
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("never %s (%d), in %d changes", want, code, seen)
		}
	}
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

// shelf is an evidence store in memory.
type shelf map[string][]byte

func (s shelf) Open(sum string) (io.ReadCloser, error) {
	data, ok := s[sum]
	if !ok {
		return nil, bot.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// rig is a loopback WhatsApp, a client of it, and everything that comes out of the client.
type rig struct {
	*fakewa.Server
	client *whatsapp.Client
	inbox  *inbox
	states *states
	log    *buffer
	config whatsapp.Config
	stop   func()
}

// quiet are no habits: tests do not wait.
func quiet() whatsapp.Habits {
	return whatsapp.Habits{ReadAfter: -1, TypeFrom: -1, Jitter: -1}
}

// brief waits a thousandth of what is asked for.
func brief(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d / 1000):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unlinked makes a rig whose session file has no device.
func unlinked(t *testing.T, change ...func(*whatsapp.Config)) *rig {
	t.Helper()
	r := &rig{Server: must(fakewa.Start(fakewa.Options{}))(t), inbox: newInbox(), log: &buffer{},
		states: &states{changed: make(chan struct{})}}
	r.config = whatsapp.Config{Path: filepath.Join(t.TempDir(), "wa.db"), Deliverer: r.inbox, Habits: quiet(), Changed: r.states.note,
		HTTP: r.HTTPClient(), Wait: brief,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&r.config)
	}
	t.Cleanup(func() {
		ok(t, r.Close())
		for _, private := range []string{r.Number().User, "@lid", "@s.whatsapp.net", "warga", "rahasia"} {
			if strings.Contains(r.log.String(), private) {
				t.Errorf("%q stands in the log:\n%s", private, r.log)
			}
		}
	})
	return r
}

// linked makes a rig with a device, connected.
func linked(t *testing.T, change ...func(*whatsapp.Config)) *rig {
	t.Helper()
	r := unlinked(t, change...)
	db := must(sql.Open("sqlite", "file:"+r.config.Path+"?_pragma=foreign_keys(1)"))(t)
	container := sqlstore.NewWithDB(db, "sqlite", nil)
	ok(t, container.Upgrade(t.Context()))
	must(r.Device(t.Context(), container))(t)
	ok(t, db.Close())
	r.start(t)
	ok(t, r.WaitActive(within(t)))
	r.states.wait(t, whatsapp.Connected)
	return r
}

// start opens the session and runs a client until r.stop is called, or the test ends.
func (r *rig) start(t *testing.T) {
	t.Helper()
	r.client = must(whatsapp.Open(t.Context(), r.config))(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	client := r.client
	go func() { done <- client.Run(ctx) }()
	var once sync.Once
	r.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
			if err := client.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	t.Cleanup(r.stop)
}

// restart ends the client and starts another on the same session.
func (r *rig) restart(t *testing.T) {
	t.Helper()
	logins := r.Logins()
	r.stop()
	r.states.mu.Lock()
	r.states.all = nil
	r.states.mu.Unlock()
	r.start(t)
	ok(t, r.WaitLogins(within(t), logins+1))
}

// address is a person's private chat.
func address(chat string) bot.Address { return bot.Address{Network: bot.WhatsApp, Chat: chat} }

// delivery is a message on its way out.
func delivery(to bot.Address, m bot.Message) bot.Delivery {
	return bot.Delivery{ID: "q/1", Unique: "q/1", Message: &m, To: to, Tries: 1, Since: time.Now()}
}
