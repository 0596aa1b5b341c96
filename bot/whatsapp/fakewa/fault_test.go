package fakewa

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

func TestLoginRefused(t *testing.T) {
	for _, c := range []struct {
		fault RefuseLogin
		seen  func(t *testing.T, h *heard)
	}{
		{RefuseLogin{Code: 405}, func(t *testing.T, h *heard) { next[*events.ClientOutdated](t, h, nil) }},
		{RefuseLogin{Code: 401}, loggedOut(401)},
		{RefuseLogin{Code: 403}, loggedOut(403)},
		{RefuseLogin{Code: 406}, loggedOut(406)},
		{RefuseLogin{Code: 402, BanCode: 104, Expire: time.Hour}, func(t *testing.T, h *heard) {
			if b := next[*events.TemporaryBan](t, h, nil); b.Code != 104 || b.Expire != time.Hour {
				t.Errorf("ban %+v", b)
			}
		}},
		{RefuseLogin{Code: 415}, func(t *testing.T, h *heard) { next[*events.ConnectFailure](t, h, nil) }},
		{RefuseLogin{Code: 503}, func(t *testing.T, h *heard) { next[*events.Connected](t, h, nil) }},
	} {
		t.Run(fmt.Sprint(c.fault.Code), func(t *testing.T) {
			s := start(t, Options{})
			h := newClient(t, s, must(s.Device(t.Context(), newStore(t)))(t), nil)
			s.Inject(c.fault)
			ok(t, h.Connect())
			c.seen(t, h)
		})
	}
}

func loggedOut(code int) func(*testing.T, *heard) {
	return func(t *testing.T, h *heard) {
		if e := next[*events.LoggedOut](t, h, nil); int(e.Reason) != code || !e.OnConnect {
			t.Errorf("logged out %+v", e)
		}
	}
}

func TestConnectionEnds(t *testing.T) {
	t.Run("replaced", func(t *testing.T) {
		s, h := connected(t, Options{})
		s.Inject(StreamReplaced{})
		next[*events.StreamReplaced](t, h, nil)
		ok(t, s.WaitGone(within(t)))
	})
	t.Run("removed", func(t *testing.T) {
		s, h := connected(t, Options{})
		s.Inject(DeviceRemoved{})
		if e := next[*events.LoggedOut](t, h, nil); e.OnConnect {
			t.Errorf("logged out %+v", e)
		}
	})
	t.Run("503", func(t *testing.T) {
		s, h := connected(t, Options{})
		s.Inject(StreamError{Code: 503})
		next[*events.Disconnected](t, h, nil)
		ok(t, s.WaitLogins(within(t), 2))
	})
	t.Run("dropped", func(t *testing.T) {
		s, h := connected(t, Options{})
		s.Inject(DropSocket{})
		next[*events.Disconnected](t, h, nil)
		ok(t, s.WaitLogins(within(t), 2))
		next(t, h, withID(must(s.Person("warga1").Say("halo"))(t)))
	})
	t.Run("the same device twice", func(t *testing.T) {
		s := start(t, Options{})
		d := must(s.Device(t.Context(), newStore(t)))(t)
		one, two := newClient(t, s, d, nil), newClient(t, s, d, nil)
		ok(t, one.Connect())
		next[*events.Connected](t, one, nil) // replaced before, it would wait a minute for an answer to its last request
		ok(t, two.Connect())
		next[*events.StreamReplaced](t, one, nil)
		next[*events.Connected](t, two, nil)
	})
}

func TestSendsRefused(t *testing.T) {
	s, h := connected(t, Options{})
	p, q := s.Person("warga1"), s.Person("warga2")
	s.Inject(TimeLock{Active: true, Kind: "BIZ_QUALITY", Ends: time.Unix(2_000_000_000, 0)},
		RefuseSends{Code: 463, Times: 2, To: p.LID})
	if lock := next[*events.NotifyAccountReachoutTimelock](t, h, nil); !lock.IsActive || lock.TimeEnforcementEnds.Unix() != 2_000_000_000 {
		t.Errorf("lock %+v", lock)
	}
	for range 2 {
		_, err := h.SendMessage(within(t), p.LID, text("halo"))
		if !errors.Is(err, whatsmeow.ErrServerReturnedError) || !strings.Contains(err.Error(), "463") {
			t.Fatalf("send: %v", err)
		}
	}
	must(h.SendMessage(within(t), q.LID, text("halo")))(t)
	must(h.SendMessage(within(t), p.LID, text("halo")))(t)
	ok(t, s.WaitRefused(within(t), 2))
	if n := len(s.Messages()); n != 2 {
		t.Errorf("%d messages came through", n)
	}
	s.Inject(RefuseSends{Code: 479})
	for range 3 {
		if _, err := h.SendMessage(within(t), q.LID, text("halo")); err == nil {
			t.Error("sent in spite of the fault")
		}
	}
	s.Heal()
	must(h.SendMessage(within(t), q.LID, text("halo")))(t)
}

// The connection is lost before or after the server takes a message: with the same id it is sent
// again, and comes once.
func TestSendWithUnknownOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		fault    Fault
		arrivals int
	}{"before": {DropOnSend{Times: 1}, 1}, "after": {LoseAcks{Times: 1}, 2}} {
		t.Run(name, func(t *testing.T) {
			s, h := connected(t, Options{})
			p := s.Person("warga1")
			s.Inject(c.fault)
			id := h.GenerateMessageID()
			must(h.SendMessage(within(t), p.LID, text("halo"), whatsmeow.SendRequestExtra{ID: id}))(t)
			all := s.Messages()
			if len(all) != 1 || all[0].ID != id || all[0].Arrivals != c.arrivals {
				t.Errorf("recorded %+v", all)
			}
		})
	}
}

func TestDeliveryFaults(t *testing.T) {
	s, h := connected(t, Options{PhoneOff: true})
	p := s.Person("warga1")
	say := func(text string) string { return must(p.Say(text))(t) }

	s.Inject(Duplicate{Times: 1}) // one ciphertext twice: the library sees it once
	first := say("satu")
	next(t, h, withID(first))

	s.Inject(Reorder{Count: 3})
	a, b, c := say("a"), say("b"), say("c")
	for _, want := range []string{c, b, a} {
		if got := next(t, h, content); got.Info.ID != want {
			t.Errorf("heard %s, want %s", got.Info.ID, want)
		}
	}

	ok(t, p.Again(first)) // encrypted anew: the program sees it twice
	if got := next(t, h, content); got.Info.ID != first {
		t.Errorf("heard %s, want %s again", got.Info.ID, first)
	}

	s.Inject(Garble{Times: 1})
	broken := say("rusak")
	next(t, h, func(u *events.UndecryptableMessage) bool { return u.Info.ID == broken })
	if got := next(t, h, withID(broken)); got.Message.GetConversation() != "rusak" || got.RetryCount != 1 {
		t.Errorf("heard %q at try %d", got.Message.GetConversation(), got.RetryCount)
	}

	s.Inject(LoseReceipts{Times: 1})
	lost := say("tanda terima hilang")
	next(t, h, withID(lost))
	h.ResetConnection()
	ok(t, s.WaitAcknowledged(within(t), first, a, b, c, broken, lost))

	s.Inject(Slow{Delay: 50 * time.Millisecond, Times: 1})
	must(h.SendMessage(within(t), p.LID, text("lambat")))(t)
}

// The account's own phone is asked for what cannot be read, and has it.
func TestPhoneAnswers(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	must(h.SendMessage(within(t), p.LID, text("halo")))(t) // a session with the phone exists from now on
	s.Inject(Garble{Times: 100})
	id := must(p.Say("rusak"))(t)
	next(t, h, func(u *events.UndecryptableMessage) bool { return u.Info.ID == id })
	got := next(t, h, func(m *events.Message) bool { return m.UnavailableRequestID != "" })
	if got.Info.ID != id || got.Message.GetConversation() != "rusak" || got.Info.Sender != p.LID {
		t.Errorf("heard %+v", got.Info)
	}
	if r := s.PhoneRequests(); len(r) != 1 || r[0] != id {
		t.Errorf("requests %v", r)
	}
}

// A recipient who asks again gets the message again.
func TestClientAnswersRetry(t *testing.T) {
	s, h := connected(t, Options{})
	p, q := s.Person("warga1"), s.Person("warga2")
	g := s.Group("RT 01", p, q)
	s.Inject(Misread{Times: 1})
	resp := must(h.SendMessage(within(t), p.LID, text("halo")))(t)
	if m := must(s.WaitMessage(within(t), p.Heard(nil)))(t); m.ID != resp.ID || m.Text() != "halo" {
		t.Errorf("heard %+v", m)
	}
	s.Inject(Misread{Times: 1})
	resp = must(h.SendMessage(within(t), g.JID, text("semua")))(t)
	m := must(s.WaitMessage(within(t), func(m *Message) bool { return m.ID == resp.ID && len(m.Readers) == 2 }))(t)
	if m.Text() != "semua" || m.Arrivals != 1 {
		t.Errorf("heard %+v", m)
	}
}
