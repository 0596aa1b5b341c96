package fakeapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options change how a server starts. The zero value is a patient server without rate limits.
type Options struct {
	// Token is the bot's token; empty means "123456:TEST-token".
	Token string
	// Username of the bot; empty means "awas_uji_bot".
	Username string
	// Limits switches Telegram's rate limits on: 30 messages a second over all, one a second in a
	// private chat, 20 a minute in a group (https://core.telegram.org/bots/faq).
	Limits bool
	// Now is the clock of dates and limits; nil means time.Now.
	Now func() time.Time
}

// Server is one fake Bot API. Its methods may be called from any goroutine.
type Server struct {
	// URL is what AWAS_TELEGRAM_API is set to, without a trailing slash.
	URL string
	// Token is the one token it accepts.
	Token string

	username string
	limits   bool
	now      func() time.Time
	http     *http.Server
	stop     context.CancelFunc
	stopped  context.Context
	serving  sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something happens
	queue    queue
	chats    chats
	files    map[string]*stored
	faults   []*Fault
	calls    map[string]int
	commands map[string]string
	hook     hook
	poster   *http.Client // nil: Push makes one
	rates    rates
}

// Start listens on a port of 127.0.0.1 that the kernel picks.
func Start(o Options) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("fakeapi: %w", err)
	}
	s := &Server{
		URL: "http://" + listener.Addr().String(), Token: o.Token, username: o.Username,
		limits: o.Limits, now: o.Now,
		changed: make(chan struct{}), files: map[string]*stored{}, calls: map[string]int{},
		commands: map[string]string{}, queue: newQueue(), chats: newChats(), rates: newRates(),
	}
	if s.Token == "" {
		s.Token = "123456:TEST-token"
	}
	if s.username == "" {
		s.username = "awas_uji_bot"
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.stopped, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.serving.Go(func() { _ = s.http.Serve(listener) }) // always ErrServerClosed after Close
	return s, nil
}

// TB is the part of testing.TB that StartFor needs.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// StartFor starts a server that is closed when the test ends.
func StartFor(t TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// Close ends every request and stops listening.
func (s *Server) Close() {
	s.stop()
	_ = s.http.Close() // closing twice, or a connection already gone, is no fault of the test
	s.serving.Wait()
}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.Token+"/"); ok {
		s.download(w, r, path)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.Token+"/")
	if !ok {
		reply(w, apiError{Code: http.StatusUnauthorized, Text: "Unauthorized"})
		return
	}
	p, err := readParams(r)
	if err != nil {
		reply(w, bad("Bad Request: "+err.Error()))
		return
	}
	method = strings.ToLower(method)
	fault := s.count(method, p.chat())
	if fault != nil && !fault.After {
		if s.fail(w, r, fault) {
			return
		}
	}
	result, err := s.call(r.Context(), method, p)
	if fault != nil && fault.After {
		if s.fail(w, r, fault) {
			return
		}
	}
	if err != nil {
		reply(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "result": result})
}

// call runs one method. The error is an apiError.
func (s *Server) call(ctx context.Context, method string, p params) (any, error) {
	switch method {
	case "getupdates":
		return s.getUpdates(ctx, p)
	case "getme":
		return s.me(), nil
	case "setwebhook":
		return s.setWebhook(p)
	case "deletewebhook":
		return s.deleteWebhook(p)
	case "getwebhookinfo":
		return s.webhookInfo(), nil
	case "setmycommands":
		return s.setCommands(p)
	case "getfile":
		return s.getFile(p)
	case "answercallbackquery":
		return s.answer(p)
	case "editmessagetext", "editmessagecaption":
		return s.edit(method, p)
	case "sendmediagroup":
		return s.sendAlbum(p)
	}
	if kind, ok := sendMethods()[method]; ok {
		return s.send(kind, p)
	}
	return nil, apiError{Code: http.StatusNotFound, Text: "Not Found: method not found"}
}

func (s *Server) me() map[string]any {
	return map[string]any{"id": 123456, "is_bot": true, "first_name": "Awas Siber", "username": s.username}
}

// count notes a call and takes the fault that is due for it, if any.
func (s *Server) count(method string, chat int64) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
	s.wake()
	return s.takeFault(method, chat)
}

// Calls tells how often a method was called, failures included. The name is in any case.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[strings.ToLower(method)]
}

// WaitCalls waits until a method was called n times in all.
func (s *Server) WaitCalls(ctx context.Context, method string, n int) error {
	return s.until(ctx, func() bool { return s.calls[strings.ToLower(method)] >= n })
}

// until waits for a condition, which it asks for under the lock after every change.
func (s *Server) until(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.stopped.Done():
			return http.ErrServerClosed
		}
	}
}

// wake tells everybody who waits that something changed. The lock is held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone: its affair
}
