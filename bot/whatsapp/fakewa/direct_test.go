package fakewa

import (
	"path/filepath"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func TestDirectMessagesBothWays(t *testing.T) {
	s, h := connected(t, Options{})
	warga := s.Person("warga1")
	long := strings.Repeat("é", 32_768) + "a"
	for _, text := range []string{"halo", "", "a\nb\x00c", long} {
		id := must(warga.Say(text))(t)
		got := next(t, h, withID(id))
		if got.Message.GetConversation() != text {
			t.Errorf("heard %.20q, said %.20q", got.Message.GetConversation(), text)
		}
		if got.Info.Sender != warga.LID || got.Info.SenderAlt != warga.PN || got.Info.PushName != "warga1" {
			t.Errorf("sender %s alt %s name %q", got.Info.Sender, got.Info.SenderAlt, got.Info.PushName)
		}
		ok(t, s.WaitAcknowledged(within(t), id))
	}
	resp := must(h.SendMessage(within(t), warga.LID, &waE2E.Message{Conversation: proto.String("balas")}))(t)
	m := must(s.WaitMessage(within(t), warga.Heard(nil)))(t)
	if m.ID != resp.ID || m.Text() != "balas" || m.Chat != warga.LID || m.Arrivals != 1 {
		t.Errorf("recorded %+v", m)
	}
	receipt := next[*events.Receipt](t, h, nil)
	if receipt.MessageIDs[0] != resp.ID || receipt.Type != types.ReceiptTypeDelivered {
		t.Errorf("receipt %+v", receipt)
	}
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("unreadable: %+v", p)
	}
}

// A number is turned into a hidden identity by the library's own query.
func TestSendToNumber(t *testing.T) {
	s, h := connected(t, Options{})
	warga := s.Person("warga1")
	must(h.SendMessage(within(t), warga.PN, &waE2E.Message{Conversation: proto.String("halo")}))(t)
	m := must(s.WaitMessage(within(t), nil))(t)
	if m.Chat != warga.LID {
		t.Errorf("chat %s", m.Chat)
	}
	if _, err := h.SendMessage(within(t), types.NewJID("6200999", types.DefaultUserServer), &waE2E.Message{Conversation: proto.String("x")}); err == nil {
		t.Error("a message to nobody was sent")
	}
}

// The heart of at-least-once: what the handler refuses comes again at the next connection, also in
// a new process; what it accepted comes never again.
func TestOfflineQueueUntilReceipt(t *testing.T) {
	s := start(t, Options{})
	path := filepath.Join(t.TempDir(), "wa.db")
	c, closeStore := openStore(t, path)
	d := must(s.Device(t.Context(), c))(t)
	warga := s.Person("warga1")
	first := must(warga.Say("satu"))(t)
	second := must(warga.Say("dua"))(t)

	h := newClient(t, s, d, func(m *events.Message) bool { return m.Info.ID == first })
	ok(t, h.Connect())
	next(t, h, withID(first))
	next(t, h, withID(second))
	ok(t, s.WaitAcknowledged(within(t), first))
	h.Disconnect()
	ok(t, s.WaitGone(within(t)))
	if got := s.Pending(); len(got) != 1 || got[0] != second {
		t.Fatalf("pending %v, want %s", got, second)
	}
	closeStore()

	c, closeStore = openStore(t, path)
	defer closeStore()
	d = must(c.GetFirstDevice(t.Context()))(t)
	h = newClient(t, s, d, nil)
	ok(t, h.Connect())
	if again := next(t, h, content); again.Info.ID != second || again.Message.GetConversation() != "dua" {
		t.Errorf("redelivered %s", again.Info.ID)
	}
	ok(t, s.WaitSettled(within(t)))
	h.Disconnect()
}

func TestOwnKeyOnly(t *testing.T) {
	s := start(t, Options{})
	d := must(s.Device(t.Context(), newStore(t)))(t)
	other := must(s.Device(t.Context(), newStore(t)))(t) // links anew: d is out
	h := newClient(t, s, d, nil)
	ok(t, h.Connect())
	next[*events.LoggedOut](t, h, nil)
	h = newClient(t, s, other, nil)
	ok(t, h.Connect())
	ok(t, s.WaitActive(within(t)))
}

func TestLogoutUnlinks(t *testing.T) {
	s, h := connected(t, Options{})
	ok(t, h.Logout(within(t)))
	if _, err := s.Person("warga1").Say("halo"); err == nil {
		t.Error("encrypted for a device that is gone")
	}
	if h.Store.ID != nil {
		t.Error("the store still has an identity")
	}
}
