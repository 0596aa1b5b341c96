package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"awassiber/bot"
)

// While the bot runs, nobody else can open the store. Operators' commands therefore ask the running
// process, over a unix socket in the data directory that only its owner can open:
//
//	POST /backup   the backup, as it would stand in the file
//	POST /verify   lines of JSON: {"done":…,"total":…} while it works, then {"report":…} or {"error":…}
//	GET  /healthz, /readyz, /metrics   as on the public address
//
// An answer that breaks off is a failure: the client sees an unexpected end.

// newControl serves v and, for everything else, web.
func newControl(v *vault, web http.Handler, log *slog.Logger) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/", web)
	mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		man, err := v.backup(r.Context(), w)
		if err != nil {
			log.Error("backup", "error", err)
			panic(http.ErrAbortHandler) // the status is long sent; cut the connection
		}
		log.Info("backup", "files", man.files(), "bytes", man.size())
	})
	mux.HandleFunc("POST /verify", func(w http.ResponseWriter, r *http.Request) {
		out := json.NewEncoder(w)
		flush := http.NewResponseController(w)
		rep, err := v.verify(r.Context(), func(done, total int64) {
			// A client that went away ends the work through the request's context.
			_ = out.Encode(verifyLine{Done: done, Total: total})
			_ = flush.Flush()
		})
		last := verifyLine{Report: &rep}
		if err != nil {
			last = verifyLine{Error: err.Error()}
		}
		_ = out.Encode(last)
	})
	return mux
}

// verifyLine is one line of the answer to POST /verify.
type verifyLine struct {
	Done   int64   `json:"done,omitempty"`
	Total  int64   `json:"total,omitempty"`
	Report *report `json:"report,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// listenControl opens the socket at path. Only the holder of the store may call it: a socket that
// is there then belongs to a process that died, and is replaced.
func listenControl(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return l, nil
}

// remote is a running process, seen from a command.
type remote struct{ client *http.Client }

// dialControl finds the process that runs on the data directory; ok is false if none does.
func dialControl(ctx context.Context, path string) (r *remote, ok bool, err error) {
	dial := func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("control socket: %w", err)
	}
	if err := conn.Close(); err != nil {
		return nil, false, err
	}
	transport := &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	return &remote{&http.Client{Transport: transport}}, true, nil
}

// ask sends a request and returns the body of its answer, whatever the status.
func (r *remote) ask(ctx context.Context, method, path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, nil)
	if err != nil {
		return nil, err
	}
	return r.client.Do(req)
}

// backup copies the process's backup into w.
func (r *remote) backup(ctx context.Context, w io.Writer) error {
	answer, err := r.ask(ctx, http.MethodPost, "/backup")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return bot.Refuse("cli.error.remote", "cause", answer.Status)
	}
	_, err = io.Copy(w, answer.Body)
	return err
}

// verify lets the process check itself.
func (r *remote) verify(ctx context.Context, progress func(done, total int64)) (report, error) {
	answer, err := r.ask(ctx, http.MethodPost, "/verify")
	if err != nil {
		return report{}, err
	}
	defer answer.Body.Close()
	for lines := json.NewDecoder(answer.Body); ; {
		var l verifyLine
		if err := lines.Decode(&l); err != nil {
			return report{}, bot.Refuse("cli.error.remote", "cause", err.Error())
		}
		switch {
		case l.Error != "":
			return report{}, bot.Refuse("cli.error.remote", "cause", l.Error)
		case l.Report != nil:
			return *l.Report, nil
		}
		progress(l.Done, l.Total)
	}
}

// runHealth shows /readyz of the running process. A process that is alive but not ready is no
// reason to restart it, so only /healthz counts.
func runHealth(ctx context.Context, c *call) error {
	r, ok, err := dialControl(ctx, c.cfg.socket())
	if err != nil {
		return err
	}
	if !ok {
		return bot.Refuse("cli.error.not_running", "data", c.cfg.Data)
	}
	ready, err := r.ask(ctx, http.MethodGet, "/readyz")
	if err != nil {
		return err
	}
	defer ready.Body.Close()
	var text strings.Builder
	if _, err := io.Copy(&text, ready.Body); err != nil {
		return err
	}
	if _, err := io.WriteString(c.out, text.String()); err != nil {
		return err
	}
	alive, err := r.ask(ctx, http.MethodGet, "/healthz")
	if err != nil {
		return err
	}
	defer alive.Body.Close()
	if alive.StatusCode != http.StatusOK {
		return bot.Refuse("cli.error.unhealthy", "status", alive.StatusCode)
	}
	return nil
}
