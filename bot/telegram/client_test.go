package telegram_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"awassiber/bot/telegram"
)

func TestNewChecksItsConfiguration(t *testing.T) {
	const token = "123456:TEST-token"
	for name, c := range map[string]telegram.Config{
		"no token":            {},
		"token with a slash":  {Token: "123456:TEST-token/../x"},
		"token with newline":  {Token: token + "\n"},
		"API without scheme":  {Token: token, API: "127.0.0.1:8081"},
		"API of another kind": {Token: token, API: "ftp://contoh.invalid"},
		"plain http webhook":  {Token: token, Webhook: "http://contoh.invalid/hook"},
	} {
		_, err := telegram.New(c)
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "TEST-token") {
			t.Errorf("%s: the token stands in %q", name, err)
		}
	}
	if _, err := telegram.New(telegram.Config{Token: token}); err != nil {
		t.Errorf("a token alone: %v", err)
	}
}

func TestMe(t *testing.T) {
	r := newRig(t)
	if name, err := r.client.Me(within(t)); err != nil || name != "awas_uji_bot" {
		t.Errorf("%q, %v", name, err)
	}
}

func TestMenus(t *testing.T) {
	r := newRig(t)
	err := r.client.SetCommands(within(t), []telegram.Command{{Name: "lapor", Description: "x"}},
		[]telegram.Command{{Name: "kasus", Description: "y"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Commands("all_private_chats"); !strings.Contains(got, "lapor") || strings.Contains(got, "kasus") {
		t.Errorf("private menu %s", got)
	}
	if got := r.Commands("all_group_chats"); !strings.Contains(got, "kasus") {
		t.Errorf("group menu %s", got)
	}
	if err := r.client.SetCommands(within(t), []telegram.Command{{Name: "", Description: "x"}}, nil); err == nil {
		t.Error("an empty name was accepted")
	}
}

// A redirect would carry the token, which is part of the URL, to whoever is named in it.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var reached atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer thief.Close()
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer gate.Close()
	client, err := telegram.New(telegram.Config{Token: "123456:TEST-token", API: gate.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Me(within(t)); err == nil {
		t.Error("a redirect counts as an answer")
	}
	if err := client.DeleteWebhook(within(t)); err == nil {
		t.Error("a redirect counts as an answer")
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}

// A busy minute must not pay a connection, with its TLS handshake, for every message.
func TestConnectionsAreKept(t *testing.T) {
	const atOnce = 32
	var opened atomic.Int32
	wave := make(chan struct{}, atOnce) // full: all of a wave are there
	var gate atomic.Pointer[chan struct{}]
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		open := *gate.Load()
		if wave <- struct{}{}; len(wave) == atOnce {
			close(open)
		}
		<-open
		_, _ = w.Write([]byte(`{"ok":true,"result":{"id":1,"username":"uji"}}`))
	}))
	api.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	api.Start()
	defer api.Close()
	client, err := telegram.New(telegram.Config{Token: "123456:TEST-token", API: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for range 3 {
		open := make(chan struct{})
		gate.Store(&open)
		var all sync.WaitGroup
		for range atOnce {
			all.Go(func() {
				if _, err := client.Me(within(t)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for range atOnce {
			<-wave
		}
	}
	if n := opened.Load(); n > 2*atOnce { // a connection may come back a moment too late
		t.Errorf("%d connections for three times %d calls", n, atOnce)
	}
}
