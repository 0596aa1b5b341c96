package sim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"awassiber/bot"
)

// Bounds of request bodies, in bytes.
const (
	maxBody   = 64 << 10
	maxUpload = 20 << 20
)

// wib is the zone the training clock is read in: Western Indonesia has no summer time.
func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// call is the body of every JSON request; each uses the fields that Handler documents.
type call struct {
	From     string           `json:"dari"`
	To       string           `json:"ke"`
	ID       bot.MessageID    `json:"id"`
	Text     string           `json:"teks"`
	Data     string           `json:"data"`
	Forward  *bot.Forward     `json:"terusan"`
	ReplyTo  bot.MessageID    `json:"balas"`
	Files    []bot.Attachment `json:"berkas"`
	Location *bot.Location    `json:"lokasi"`
	Other    string           `json:"lain"`
	Name     string           `json:"nama"`
	Seconds  float64          `json:"maju"`
	Hour     string           `json:"pukul"`
}

func (c call) to() bot.Address {
	if c.To == "" {
		return bot.Address{}
	}
	return at(c.To)
}

// api reads a call, runs fn, and writes its result or refusal.
func (n *Network) api(fn func(context.Context, call) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
			fail(w, http.StatusUnsupportedMediaType, "bad_request")
			return
		}
		var c call
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&c); err != nil {
			refuse(w, errors.Join(errBadRequest, err))
			return
		}
		// The person has pressed the button: that they then close the page changes nothing.
		out, err := fn(context.WithoutCancel(r.Context()), c)
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, http.StatusOK, out)
	}
}

var errBadRequest = errors.New("bad request")

func (n *Network) apiSend(ctx context.Context, c call) (any, error) {
	for _, f := range c.Files {
		if !isSHA(f.FileID) { // the page can only send what it uploaded
			return nil, ErrUnknown
		}
	}
	if f := c.Forward; f != nil && f.At.IsZero() {
		f.At = n.clock.Now().Add(-time.Hour).Truncate(time.Minute)
	}
	id, err := n.Say(ctx, Post{
		From: at(c.From), To: c.to(), Text: c.Text, Forward: c.Forward, ReplyTo: c.ReplyTo,
		Files: c.Files, Location: c.Location, Unsupported: c.Other,
	})
	return map[string]bot.MessageID{"id": id}, err
}

func (n *Network) apiEdit(ctx context.Context, c call) (any, error) {
	return struct{}{}, n.Edit(ctx, at(c.From), c.to(), c.ID, c.Text)
}

func (n *Network) apiPress(ctx context.Context, c call) (any, error) {
	return struct{}{}, n.PressData(ctx, at(c.From), c.to(), c.ID, c.Data)
}

func (n *Network) apiPerson(_ context.Context, c call) (any, error) {
	return n.addCitizen(c.Name)
}

// apiClock moves the clock by seconds, or to the next time it is that hour in WIB.
func (n *Network) apiClock(_ context.Context, c call) (any, error) {
	switch {
	case c.Hour != "":
		hour, err := time.Parse("15.04", c.Hour)
		if err != nil {
			return nil, errBadRequest
		}
		now := n.clock.Now().In(wib())
		to := time.Date(now.Year(), now.Month(), now.Day(), hour.Hour(), hour.Minute(), 0, 0, wib())
		if !to.After(now) {
			to = to.AddDate(0, 0, 1)
		}
		n.clock.Set(to)
	case c.Seconds > 0 && c.Seconds <= 366*24*60*60:
		n.clock.Advance(time.Duration(c.Seconds * float64(time.Second)))
	default:
		return nil, errBadRequest
	}
	return map[string]int64{"now": n.clock.Now().UnixMilli()}, nil
}

// upload streams a file to the evidence store.
func (n *Network) upload(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > maxUpload {
		fail(w, http.StatusRequestEntityTooLarge, "too_large")
		return
	}
	body := &firstError{r: http.MaxBytesReader(w, r.Body, maxUpload)}
	file, err := n.Upload(r.Context(), r.URL.Query().Get("nama"), "", body)
	if body.err != nil { // the store may have wrapped it beyond recognition
		err = body.err
	}
	switch {
	case err == nil && file.Size == 0:
		refuse(w, ErrEmpty)
	case err != nil:
		refuse(w, err)
	default:
		answer(w, http.StatusOK, file)
	}
}

// firstError remembers what reading failed with.
type firstError struct {
	r   io.Reader
	err error
}

func (f *firstError) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF && f.err == nil {
		f.err = err
	}
	return n, err
}

// refuse answers with the status and code of an error.
func refuse(w http.ResponseWriter, err error) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), errors.Is(err, bot.ErrTooLarge):
		fail(w, http.StatusRequestEntityTooLarge, "too_large")
	case errors.Is(err, ErrEmpty):
		fail(w, http.StatusBadRequest, "empty")
	case errors.Is(err, ErrTooLong):
		fail(w, http.StatusBadRequest, "too_long")
	case errors.Is(err, ErrTooMany):
		fail(w, http.StatusBadRequest, "too_many")
	case errors.Is(err, ErrNotYours):
		fail(w, http.StatusForbidden, "not_yours")
	case errors.Is(err, ErrUnknown):
		fail(w, http.StatusNotFound, "unknown")
	case errors.Is(err, ErrNoFiles):
		fail(w, http.StatusNotImplemented, "no_files")
	case errors.Is(err, errBadRequest):
		fail(w, http.StatusBadRequest, "bad_request")
	default: // the evidence store refused the file
		fail(w, http.StatusUnprocessableEntity, "refused")
	}
}

func fail(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]string{"galat": code})
}

func answer(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"galat":"failed"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a reader that went away needs no answer
}
