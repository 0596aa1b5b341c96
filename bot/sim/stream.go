package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of event streams.
const (
	maxStreams   = 64               // open at once
	writeTimeout = 10 * time.Second // a reader that takes nothing for so long is dropped
	heartbeat    = 20 * time.Second // so that a dead connection is noticed
)

// stream is GET /latihan/aliran: Server-Sent Events, each with one JSON object.
//
//	awal   {"reset", "now", "group", "people", "groups"} begins every connection; with reset, what
//	       the page knew is to be forgotten, and all messages follow
//	orang  {"group", "people", "groups"}: persons or groups changed
//	jam    {"now"}: Unix milliseconds; the clock was moved
//	pesan  a Message, new or changed
//	catatan a Note
//
// An event's id is session:revision. A connection that continues from one gets what changed since;
// nothing is queued for a slow reader, it is read from the network when it can take it.
func (n *Network) stream(w http.ResponseWriter, r *http.Request) {
	select {
	case n.streams <- struct{}{}:
		defer func() { <-n.streams }()
	default:
		fail(w, http.StatusServiceUnavailable, "too_many")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := &eventWriter{w: w, c: http.NewResponseController(w), session: n.session}
	since, continues := n.position(r)
	feed := n.feed(since, !continues, true)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if out.write(feed) != nil {
			return
		}
		select {
		case <-feed.changed:
			feed = n.feed(feed.rev, false, false)
		case <-beat.C:
			feed = feedOf{rev: feed.rev, changed: feed.changed}
		case <-r.Context().Done():
			return
		case <-n.closed:
			return
		}
	}
}

// position reads how far the page has come; false if that was another process's network.
func (n *Network) position(r *http.Request) (rev uint64, ok bool) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("sejak")
	}
	session, number, _ := strings.Cut(id, ":")
	rev, err := strconv.ParseUint(number, 10, 64)
	if err != nil || session != n.session || rev > n.Rev() {
		return 0, false
	}
	return rev, true
}

// feedOf is what a page has to be told.
type feedOf struct {
	rev     uint64
	changed <-chan struct{} // closed when there is more
	events  []event
}

type event struct {
	name string
	data any
}

// members tells who is there.
type members struct {
	Reset  bool     `json:"reset,omitempty"`
	Now    int64    `json:"now,omitempty"`
	Group  string   `json:"group"`
	Groups []string `json:"groups"`
	People []Person `json:"people"`
}

// feed gathers what changed after the revision since. Notes of the past are past: a page that
// begins afresh gets none.
func (n *Network) feed(since uint64, reset, first bool) feedOf {
	n.mu.Lock()
	defer n.mu.Unlock()
	f := feedOf{rev: n.rev, changed: n.changed}
	who := members{Reset: reset, Group: n.group.Chat, People: append([]Person(nil), n.people...)}
	for _, c := range n.chats {
		if c.Group {
			who.Groups = append(who.Groups, c.Chat)
		}
	}
	now := n.clock.Now().UnixMilli()
	switch {
	case first:
		who.Now = now
		f.events = append(f.events, event{"awal", who})
	case n.peopleAt > since:
		f.events = append(f.events, event{"orang", who})
	}
	if !first {
		f.events = append(f.events, event{"jam", map[string]int64{"now": now}})
	}
	for _, c := range n.chats {
		for _, m := range c.since(since) {
			m.Unique = ""
			f.events = append(f.events, event{"pesan", m})
		}
	}
	for _, note := range n.notes {
		if note.Rev > since && !reset {
			f.events = append(f.events, event{"catatan", note})
		}
	}
	return f
}

// eventWriter writes feeds to one page.
type eventWriter struct {
	w       http.ResponseWriter
	c       *http.ResponseController
	session string
}

// write sends a feed in one go, or a heartbeat if it is empty. Only its last event carries the id:
// a connection cut in the middle gets all of it again.
func (e *eventWriter) write(f feedOf) error {
	var b bytes.Buffer
	for i, ev := range f.events {
		data, err := json.Marshal(ev.data)
		if err != nil {
			return err
		}
		if i == len(f.events)-1 {
			fmt.Fprintf(&b, "id: %s:%d\n", e.session, f.rev)
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", ev.name, data)
	}
	if b.Len() == 0 {
		b.WriteString(": \n\n")
	}
	if err := e.c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := e.w.Write(b.Bytes()); err != nil {
		return err
	}
	return e.c.Flush()
}
