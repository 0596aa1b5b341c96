package fakewa

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"
)

var (
	// ErrFull says that a bound of [Options] is reached.
	ErrFull = errors.New("fakewa: a bound of the test server is reached")
	// ErrClosed says that the server is closed.
	ErrClosed = errors.New("fakewa: server closed")
	// ErrNoDevice says that no device is linked yet: nobody can encrypt for it.
	ErrNoDevice = errors.New("fakewa: no device is linked")
)

// Options are the choices of a server. The zero value is a well-behaved network.
type Options struct {
	// Now stamps messages. Zero: time.Now. Certificates always use the real clock, as the library does.
	Now func() time.Time
	// Log hears the tags and ids of nodes at Debug level, never their content. Zero: nothing.
	Log *slog.Logger
	// Window is how many messages may be on their way without a receipt, on one connection: a client
	// that refuses as many gets nothing more until it connects again. Zero: 1024; the library handles
	// 2048 in order (client.go, handlerQueueSize).
	Window int
	// Limit bounds the offline queue and each history, in entries. Zero: 100,000.
	Limit int
	// MediaBytes bounds all stored media together. Zero: 256 MiB.
	MediaBytes int64
	// Readers is how many members of a group decrypt what the client says there; the message must be
	// encrypted for all of them in any case. Zero: 16.
	Readers int
	// Silent leaves out the delivery receipts of persons.
	Silent bool
	// PhoneOff leaves the client's requests to the account's own phone unanswered.
	PhoneOff bool
	// Passkey has the account ask for a passkey when a QR code is scanned, and refuse pairing codes,
	// as a growing share of accounts does.
	Passkey bool
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Window = cmp.Or(o.Window, 1024)
	o.Limit = cmp.Or(o.Limit, 100_000)
	o.MediaBytes = cmp.Or(o.MediaBytes, 256<<20)
	o.Readers = cmp.Or(o.Readers, 16)
	return o
}

// Server is one small WhatsApp with one account, which a client links a device to. Its methods may
// be called from several goroutines.
type Server struct {
	opt      Options
	id       identity
	listener net.Listener
	http     *http.Server
	ctx      context.Context
	cancel   context.CancelFunc
	tasks    sync.WaitGroup
	owner    *Person // the account's own phone
	media    *mediaHost

	mu      sync.Mutex // never held while a person encrypts or decrypts
	changed chan struct{}
	closed  bool
	serial  uint64 // numbers of persons, groups, requests
	linked  *linked
	conn    *conn
	logins  int
	people  map[string]*Person // by the user part of LID and of phone number
	groups  map[string]*Group  // by the user part
	queue   queue
	faults  faults
	pairing *pairing
	record  record
}

// Start opens a server on a free port of 127.0.0.1. Close it with [Server.Close].
func Start(o Options) (*Server, error) {
	id, err := newIdentity()
	if err != nil {
		return nil, fmt.Errorf("fakewa: server identity: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("fakewa: %w", err)
	}
	s := &Server{
		opt: o.withDefaults(), id: id, listener: listener, changed: make(chan struct{}),
		people: map[string]*Person{}, groups: map[string]*Group{}, queue: newQueue(),
	}
	s.media = newMediaHost(s.opt.MediaBytes)
	s.record = newRecord(s.opt.Limit)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.owner = s.Person("owner")
	mux := http.NewServeMux()
	mux.HandleFunc("/ws/chat", s.serveChat)
	mux.Handle("/", s.media)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.tasks.Add(1)
	go func() {
		defer s.tasks.Done()
		_ = s.http.Serve(listener) // always an error: closed
	}()
	return s, nil
}

// Close ends all connections and waits for every goroutine of the server.
func (s *Server) Close() error {
	s.update(func() { s.closed = true })
	s.cancel()
	err := s.http.Close()
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c != nil {
		c.drop()
	}
	s.tasks.Wait()
	return err
}

// Addr is host:port of the one listener, for WebSocket and media alike; always loopback.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// HTTPClient makes a client whose every connection, whatever the address, ends at this server, wss
// and https in clear. For all three setters of whatsmeow.Client.
func (s *Server) HTTPClient() *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", s.Addr())
	}
	return &http.Client{Transport: &http.Transport{
		DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true,
	}}
}

// Number is the account's phone number, without a device part.
func (s *Server) Number() types.JID { return s.owner.PN }

// LID is the account's hidden identity, without a device part.
func (s *Server) LID() types.JID { return s.owner.LID }

// update changes the state and wakes everybody who waits for a change.
func (s *Server) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// next is a number not given before.
func (s *Server) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return s.serial
}

// await returns when cond holds; cond is called with the lock held, at once and after each change.
func (s *Server) await(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		holds, changed := cond(), s.changed
		s.mu.Unlock()
		if holds {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return ErrClosed
		}
	}
}
