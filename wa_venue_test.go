package main

import (
	"context"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"awassiber/bot/sim"
	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

// waVenue is WhatsApp: the real client library, on a loopback server. The people of the training
// network have phones there.
type waVenue struct {
	*scene
	srv    *fakewa.Server
	people map[string]*fakewa.Person
	names  []string // of people, in order
	groups map[string]*fakewa.Group
	chat   map[types.JID]string // the name of each chat

	seen  int          // messages of the server that are in lines
	lines []*waLine    // what stands in all chats, oldest first
	late  bool         // a message of this step could not be edited any more
	last  func() error // sends the latest message once more

	stop context.CancelFunc
	done chan error
}

// waLine is a message as the people of a chat see it.
type waLine struct {
	chat, id string
	from     *fakewa.Person // nil: the bot
	text     string
	kind     string // of a file
	file     string
	edited   bool
	new      bool // changed since it was last heard
	at       time.Time
}

func onWhatsApp(s *scene) venue {
	w := &waVenue{scene: s, people: map[string]*fakewa.Person{}, groups: map[string]*fakewa.Group{}, chat: map[types.JID]string{}}
	var err error
	w.srv, err = fakewa.Start(fakewa.Options{Now: s.clock.Now})
	s.check(err)
	var all, staff []*fakewa.Person
	for _, p := range sim.DefaultPeople() {
		name := p.Address.Chat
		person := w.srv.Person(p.Name)
		w.people[name], w.chat[person.LID] = person, name
		w.names, all = append(w.names, name), append(all, person)
		if p.Staff {
			staff = append(staff, person)
		}
	}
	w.found("koordinator", staff)
	w.found("lain", all)
	linkDevice(s.t, w.srv, filepath.Join(s.dir, sessionMember))
	return w
}

func (w *waVenue) found(name string, people []*fakewa.Person) {
	g := w.srv.Group(name, people...)
	w.groups[name], w.chat[g.JID] = g, name
}

func (w *waVenue) settings() map[string]string {
	key := fakewa.RootKey()
	return map[string]string{
		"whatsapp": "on", "whatsapp-test": w.srv.Addr() + ";" + hex.EncodeToString(key[:]), "rate-limits": "off",
		"whatsapp-spread": "0s", // one after the other is tested elsewhere
		"training":        "off", "coordinators": "whatsapp:" + w.address("koordinator"), "admins": "whatsapp:" + w.address("admin"),
		"custodians": "whatsapp:" + w.address("penjaga"),
	}
}

func (w *waVenue) parts() parts { return parts{} }

func (w *waVenue) started(p *program) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	w.stop, w.done = cancel, make(chan error, 1)
	go func() { w.done <- p.whatsapp.Run(ctx) }()
}

func (w *waVenue) stopping() {
	w.stop()
	w.check(<-w.done)
}

// quiet waits for a connection, and until the client has said of everything that it has it.
func (w *waVenue) quiet() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for w.bot.whatsapp.Status().State != whatsapp.Connected {
		select {
		case <-look.C:
		case <-ctx.Done():
			w.t.Fatalf("not connected: %+v", w.bot.whatsapp.Status())
		}
	}
	w.check(w.srv.WaitSettled(ctx))
}

func (w *waVenue) end() {
	if p := w.srv.Problems(); len(p) > 0 {
		w.t.Errorf("messages nobody could read: %+v", p)
	}
	w.check(w.srv.Close())
}

func (w *waVenue) address(chat string) string {
	if p := w.people[chat]; p != nil {
		return p.LID.String()
	}
	if g := w.groups[chat]; g != nil {
		return g.JID.String()
	}
	w.t.Fatalf("no chat %q", chat)
	return ""
}

// verb maps what can happen to a network onto what goes wrong on this one.
func (w *waVenue) verb(verb, arg string) bool {
	switch verb {
	case "down": // whatever the client sends breaks its connection
		w.srv.Inject(fakewa.DropOnSend{Times: 1 << 30})
	case "up":
		w.srv.Heal()
	case "dup": // a phone that never heard that its message was taken
		w.check(w.last())
	case "group": // it is there from the beginning
		w.address(arg)
	case "person":
		person := w.srv.Person("Warga " + strings.TrimPrefix(arg, "warga"))
		w.people[arg], w.chat[person.LID] = person, arg
		w.names = append(w.names, arg)
	default:
		return false
	}
	return true
}

func (w *waVenue) chats() []string {
	return append(append([]string{}, w.names...), "koordinator", "lain")
}

// notes are none: nothing is pressed.
func (w *waVenue) notes() string { return "" }

// news writes what is new in a chat; an edited message stands where it stood.
func (w *waVenue) news(chat string) string {
	w.read()
	var out strings.Builder
	for _, l := range w.lines {
		if l.chat != chat || !l.new {
			continue
		}
		l.new = false
		if l.from == nil {
			out.WriteString(said{chat: l.chat, edit: l.edited, text: strings.Split(l.text, "\n"), kind: l.kind, file: l.file}.String())
		}
	}
	return out.String()
}

// read brings what the server has recorded into lines, as phones do.
func (w *waVenue) read() {
	all := w.srv.Messages()
	for _, m := range all[w.seen:] {
		chat := w.chat[m.Chat]
		if p := m.Body.GetProtocolMessage(); p.GetEditedMessage() != nil {
			l := w.line(chat, p.GetKey().GetID())
			l.text, l.edited, l.new = m.Text(), true, true
			continue
		}
		l := &waLine{chat: chat, id: m.ID, text: m.Text(), new: true, at: m.At}
		l.kind, l.file = fileOf(m.Body)
		w.lines = append(w.lines, l)
	}
	w.seen = len(all)
}

func (w *waVenue) line(chat, id string) *waLine {
	for _, l := range w.lines {
		if l.chat == chat && l.id == id {
			return l
		}
	}
	w.t.Fatalf("an edit of a message that is not in %s", chat)
	return nil
}

// find is the latest message of a chat that passes.
func (w *waVenue) find(chat string, pass func(*waLine) bool) *waLine {
	w.read()
	for i := len(w.lines) - 1; i >= 0; i-- {
		if l := w.lines[i]; l.chat == chat && pass(l) {
			return l
		}
	}
	return nil
}

// TestScenariosOnWhatsApp plays the same files over the real client of WhatsApp. What the bot says is
// compared with the file as waScript reads it.
func TestScenariosOnWhatsApp(t *testing.T) {
	for name, text := range scenarios(t) {
		if reason, no := notOnWhatsApp(text); no {
			t.Logf("%s is not played: %s", name, reason)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playOnWhatsApp(t, text)
		})
	}
}
