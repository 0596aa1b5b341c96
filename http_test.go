package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"go.uber.org/goleak"

	"awassiber/bot"
)

func noMeters() http.Handler {
	return queueMeters(metrics.NewSet(), time.Now, func(context.Context) (bot.Queues, error) { return bot.Queues{}, nil })
}

func get(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestReadyTellsEveryPart(t *testing.T) {
	telegram := true
	mux := newMux([]Part{
		{"store", func() (bool, string) { return true, "" }},
		{"telegram", func() (bool, string) { return telegram, `say "x"` }},
	}, noMeters())
	for _, ok := range []bool{true, false} {
		telegram = ok
		w := get(mux, "GET", "/readyz")
		var body struct {
			Ready bool
			Parts []struct {
				Name, Note string
				OK         bool
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatalf("%v in %s", err, w.Body)
		}
		want := map[bool]int{true: http.StatusOK, false: http.StatusServiceUnavailable}[ok]
		if w.Code != want || body.Ready != ok || len(body.Parts) != 2 || body.Parts[1].OK != ok || body.Parts[1].Note != `say "x"` {
			t.Errorf("status %d, %+v", w.Code, body)
		}
		if !strings.Contains(w.Body.String(), "\n"+`{"name":"store","ok":true},`+"\n") {
			t.Errorf("not one line a part: %s", w.Body)
		}
		if alive := get(mux, "GET", "/healthz"); alive.Code != http.StatusOK || alive.Body.String() != "ok\n" {
			t.Errorf("healthz %d %q although alive", alive.Code, alive.Body)
		}
	}
	empty := get(newMux(nil, noMeters()), "GET", "/readyz")
	if !json.Valid(empty.Body.Bytes()) || empty.Code != http.StatusOK {
		t.Errorf("without parts: %d %s", empty.Code, empty.Body)
	}
}

func TestOnlyReadingIsServed(t *testing.T) {
	mux := newMux(nil, noMeters())
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if w := get(mux, "POST", path); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
	if w := get(mux, "GET", "/"); w.Code != http.StatusNotFound {
		t.Errorf("GET /: %d", w.Code)
	}
}

func TestMetersShowTheQueues(t *testing.T) {
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	var failure error
	set := metrics.NewSet()
	set.NewCounter("awas_test_total").Inc()
	h := queueMeters(set, func() time.Time { return now }, func(context.Context) (bot.Queues, error) {
		return bot.Queues{Inbox: 3, Outbox: 4, Jobs: 1, Timers: 2, OldestInbox: now.Add(-90 * time.Second), Quarantined: 5, Held: true}, failure
	})
	for range 2 { // a second scrape registers nothing twice
		body := get(h, "GET", "/metrics").Body.String()
		for _, line := range []string{
			`awas_waiting{queue="inbox"} 3`, `awas_waiting{queue="outbox"} 4`, `awas_waiting{queue="jobs"} 1`, `awas_waiting{queue="timers"} 2`,
			`awas_oldest_seconds{queue="inbox"} 90`, `awas_oldest_seconds{queue="outbox"} 0`,
			`awas_quarantined 5`, `awas_held 1`, `awas_test_total 1`, "go_goroutines",
		} {
			if !strings.Contains(body, line) {
				t.Errorf("%s is missing", line)
			}
		}
	}
	failure = errors.New("disk")
	if w := get(h, "GET", "/metrics"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a store: %d", w.Code)
	}
}

// A stop lets the request in hand finish, tells a stream to end, and leaves no goroutine.
func TestStopFinishesRequestsAndEndsStreams(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	entered, release := make(chan struct{}, 2), make(chan struct{})
	stopping := make(chan struct{})
	mux := newMux(nil, noMeters(),
		Route{Pattern: "/slow", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			entered <- struct{}{}
			<-release
			if r.Context().Err() != nil {
				t.Error("the context of a request in hand was ended")
			}
			_, _ = io.WriteString(w, "done")
		})},
		Route{Pattern: "/stream", Stream: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).Flush()
			entered <- struct{}{}
			<-r.Context().Done()
			close(stopping)
		})})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serveWeb(ctx, l, mux) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answers := make(chan string, 2)
	for _, path := range []string{"/slow", "/stream"} {
		go func() {
			answer, err := client.Get("http://" + l.Addr().String() + path)
			if err != nil {
				answers <- err.Error()
				return
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				body = append(body, err.Error()...)
			}
			answers <- string(body)
		}()
		<-entered
	}
	stop()
	<-stopping // only then is the slow one let go
	close(release)
	got := map[string]bool{<-answers: true, <-answers: true}
	if !got["done"] || !got[""] {
		t.Errorf("answers %v", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
