package fakeapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// apiError is an answer that is not ok.
type apiError struct {
	Code       int
	Text       string
	RetryAfter int
	MigrateTo  int64
}

// Error returns the description.
func (e apiError) Error() string { return e.Text }

func bad(text string) apiError { return apiError{Code: http.StatusBadRequest, Text: text} }

// Fault makes calls fail on purpose. Fields combine: a Delay comes first, then Cut, Truncate or Code.
// With a Delay alone the call is slow and otherwise normal.
type Fault struct {
	Method string // in any case; empty matches every method, "file" a download
	Chat   int64  // zero matches every chat
	Times  int    // how many calls it spoils; zero means one, negative all until Clear

	Code       int    // error_code, also the HTTP status
	Text       string // description; empty: the status text
	RetryAfter int    // parameters.retry_after, seconds
	MigrateTo  int64  // parameters.migrate_to_chat_id

	Delay    time.Duration // answer late, or when the client goes away
	Cut      bool          // cut the connection in the middle of the body
	Truncate bool          // a complete HTTP answer whose JSON stops in the middle
	HTML     bool          // a proxy's error page with status Code instead of JSON
	After    bool          // do what was asked first, then fail: the answer is lost, not the call
}

// Inject adds a fault. Faults are tried in the order they were added.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Clear removes all faults.
func (s *Server) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Block makes every call for a chat fail as it does when a person blocked the bot.
func (s *Server) Block(chat int64) {
	s.Inject(Fault{Chat: chat, Times: -1, Code: http.StatusForbidden, Text: "Forbidden: bot was blocked by the user"})
}

// takeFault finds the first fault for a call and uses it up. The lock is held.
func (s *Server) takeFault(method string, chat int64) *Fault {
	for _, f := range s.faults {
		if f.Times == 0 || f.Chat != 0 && f.Chat != chat || f.Method != "" && !strings.EqualFold(f.Method, method) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// fail carries a fault out. False means that it was only a delay and the call goes on.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *Fault) bool {
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return true
		case <-s.stopped.Done():
			return true
		}
	}
	switch {
	case f.Cut:
		cut(w)
	case f.Truncate:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true,"result":[{"update_id":1,"mess`))
	case f.HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Code)
		_, _ = fmt.Fprintf(w, "<html><h1>%d %s</h1></html>", f.Code, http.StatusText(f.Code))
	case f.Code != 0:
		text := f.Text
		if text == "" {
			text = http.StatusText(f.Code)
		}
		reply(w, apiError{Code: f.Code, Text: text, RetryAfter: f.RetryAfter, MigrateTo: f.MigrateTo})
	default:
		return false
	}
	return true
}

// cut promises a long body, writes a little of it and closes the connection.
func cut(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(4096))
	_, _ = w.Write([]byte(`{"ok":true,"result":[`))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler) // net/http's own way to break off without a log line
}

// reply writes an error answer in the API's form.
func reply(w http.ResponseWriter, err error) {
	e, ok := err.(apiError)
	if !ok {
		e = apiError{Code: http.StatusInternalServerError, Text: err.Error()}
	}
	answer := map[string]any{"ok": false, "error_code": e.Code, "description": e.Text}
	switch {
	case e.RetryAfter != 0:
		answer["parameters"] = map[string]any{"retry_after": e.RetryAfter}
	case e.MigrateTo != 0:
		answer["parameters"] = map[string]any{"migrate_to_chat_id": e.MigrateTo}
	}
	writeJSON(w, e.Code, answer)
}
