package fakewa

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types/events"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	if os.Getenv(childAddr) != "" {
		fmt.Fprintln(os.Stderr, child()) // returns only with an error
		os.Exit(1)
	}
	TrustRoot()
	// The library's reader waits for ever with a frame that comes while the client stops
	// (socket/framesocket.go, frameComplete, after NoiseSocket.Stop).
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.mau.fi/whatsmeow/socket.(*FrameSocket).frameComplete"))
}

// within is the time after which a test that waits has failed; no test depends on being faster.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s := must(Start(o))(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
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

// openStore opens the library's own store in a file, as the program does.
func openStore(t *testing.T, path string) (*sqlstore.Container, func()) {
	t.Helper()
	db := must(sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"))(t)
	db.SetMaxOpenConns(1)
	c := sqlstore.NewWithDB(db, "sqlite", nil)
	ok(t, c.Upgrade(t.Context()))
	return c, func() { ok(t, c.Close()) }
}

func newStore(t *testing.T) *sqlstore.Container {
	t.Helper()
	c, closeStore := openStore(t, filepath.Join(t.TempDir(), "wa.db"))
	t.Cleanup(closeStore)
	return c
}

// heard is the client's side: every event in a channel, and what the handler says to messages.
type heard struct {
	*whatsmeow.Client
	events chan any
	accept func(*events.Message) bool // nil: everything
}

// newClient makes a real client with the settings for receiving at least once.
func newClient(t *testing.T, s *Server, d *store.Device, accept func(*events.Message) bool) *heard {
	t.Helper()
	h := &heard{Client: whatsmeow.NewClient(d, nil), events: make(chan any, 20_000), accept: accept}
	h.SynchronousAck, h.EnableDecryptedEventBuffer, h.UseRetryMessageStore = true, true, true
	h.SetWebsocketHTTPClient(s.HTTPClient())
	h.SetPreLoginHTTPClient(s.HTTPClient())
	h.SetMediaHTTPClient(s.HTTPClient())
	h.AddEventHandlerWithSuccessStatus(func(evt any) bool {
		m, is := evt.(*events.Message)
		good := !is || h.accept == nil || h.accept(m)
		h.events <- evt
		return good
	})
	t.Cleanup(h.Disconnect)
	return h
}

// connected makes a server with a client that is logged in.
func connected(t *testing.T, o Options) (*Server, *heard) {
	t.Helper()
	s := start(t, o)
	h := newClient(t, s, must(s.Device(t.Context(), newStore(t)))(t), nil)
	ok(t, h.Connect())
	ok(t, s.WaitActive(within(t)))
	return s, h
}

// next returns the next event of type T for which match holds, nil for any, passing over others.
func next[T any](t *testing.T, h *heard, match func(T) bool) T {
	t.Helper()
	ctx := within(t)
	for {
		select {
		case evt := <-h.events:
			if v, is := evt.(T); is && (match == nil || match(v)) {
				return v
			}
		case <-ctx.Done():
			var want T
			t.Fatalf("no event %T", want)
		}
	}
}

// content passes over the events that only carry a sender key.
func content(m *events.Message) bool { return !onlyKeys(m.RawMessage) }

func withID(id string) func(*events.Message) bool {
	return func(m *events.Message) bool { return m.Info.ID == id && content(m) }
}
