package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"awassiber/bot"
)

// Part is one thing the process needs in order to take tips: a line of /readyz.
type Part struct {
	Name string
	// Check reports whether the part works, with a short machine word or number as note. It must
	// answer at once and never carry text, names or addresses of people.
	Check func() (ok bool, note string)
}

// Route is a handler besides the operators' endpoints.
type Route struct {
	Pattern string // as http.ServeMux takes it
	Handler http.Handler
	// Stream marks an answer without end (server-sent events): it has no deadline, and its
	// request context ends when the server stops.
	Stream bool
}

// requestTime bounds a request that is not a stream: reading it, handling it, answering it.
const requestTime = 30 * time.Second

// newMux serves /healthz (alive), /readyz (able to take tips, 200 or 503) and /metrics beside routes.
func newMux(parts []Part, meters http.Handler, routes ...Route) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", bounded(http.HandlerFunc(alive)))
	mux.Handle("GET /readyz", bounded(readiness(parts)))
	mux.Handle("GET /metrics", bounded(meters))
	for _, r := range routes {
		if !r.Stream {
			r.Handler = bounded(r.Handler)
		}
		mux.Handle(r.Pattern, r.Handler)
	}
	return mux
}

func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "ok\n")
}

// partState is one line of /readyz.
type partState struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"`
}

// readiness answers {"ready":…,"parts":[…]} with every part on a line of its own, so that grep and
// tired eyes can use it too.
func readiness(parts []Part) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		ready, lines := true, make([][]byte, 0, len(parts))
		for _, p := range parts {
			ok, note := p.Check()
			ready = ready && ok
			line, err := json.Marshal(partState{p.Name, ok, note})
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			lines = append(lines, line)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		state := "true"
		if !ready {
			state = "false"
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = io.WriteString(w, `{"ready":`+state+`,"parts":[`+"\n")
		_, _ = w.Write(bytes.Join(lines, []byte(",\n")))
		_, _ = io.WriteString(w, "\n]}\n")
	})
}

// queueMeters is the /metrics handler: what is registered in set, the state of the queues read
// once per scrape, and the process itself. Labels never carry an identity.
func queueMeters(set *metrics.Set, now func() time.Time, queues func(context.Context) (bot.Queues, error)) http.Handler {
	gauge := func(name string) *metrics.Gauge { return set.GetOrCreateGauge(name, nil) }
	seconds := func(t time.Time) float64 {
		if t.IsZero() {
			return 0
		}
		return max(now().Sub(t).Seconds(), 0)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := queues(r.Context())
		if err != nil {
			http.Error(w, "store", http.StatusServiceUnavailable)
			return
		}
		gauge(`awas_waiting{queue="inbox"}`).Set(float64(q.Inbox))
		gauge(`awas_waiting{queue="outbox"}`).Set(float64(q.Outbox))
		gauge(`awas_waiting{queue="jobs"}`).Set(float64(q.Jobs))
		gauge(`awas_waiting{queue="timers"}`).Set(float64(q.Timers))
		gauge(`awas_oldest_seconds{queue="inbox"}`).Set(seconds(q.OldestInbox))
		gauge(`awas_oldest_seconds{queue="outbox"}`).Set(seconds(q.OldestOutbox))
		gauge(`awas_quarantined`).Set(float64(q.Quarantined))
		gauge(`awas_skipped`).Set(float64(q.Skipped))
		gauge(`awas_retired`).Set(float64(q.Retired))
		held := 0.0
		if q.Held {
			held = 1
		}
		gauge(`awas_held`).Set(held)
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
}

// bounded gives a handler requestTime. Its context outlives the wish to stop, so that a request in
// hand is finished, not cut: serveWeb waits for it.
func bounded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline := time.Now().Add(requestTime)
		control := http.NewResponseController(w)
		// Recorders in tests have no deadlines; the bound of the context remains.
		_ = control.SetReadDeadline(deadline)
		_ = control.SetWriteDeadline(deadline)
		ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), deadline)
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

// serveWeb serves h on l until ctx ends, then lets requests in hand finish (streams are told to
// end through their context) and returns. It owns l.
func serveWeb(ctx context.Context, l net.Listener, h http.Handler) error {
	base, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return base },
	}
	srv.RegisterOnShutdown(endStreams)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	err := srv.Shutdown(patience)
	if err != nil { // somebody does not finish: cut
		err = errors.Join(err, srv.Close())
	}
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
