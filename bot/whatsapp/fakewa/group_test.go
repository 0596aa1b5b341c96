package fakewa

import (
	"errors"
	"fmt"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func text(s string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(s)} }

func TestGroupMessagesBothWays(t *testing.T) {
	s, h := connected(t, Options{})
	one, two := s.Person("warga1"), s.Person("warga2")
	g := s.Group("RT 01", one, two)
	for i := range 3 { // the sender key comes with the first message only
		for _, p := range []*Person{one, two} {
			id := must(p.InGroup(g).Say(fmt.Sprint(p.Name, i)))(t)
			got := next(t, h, withID(id))
			if got.Message.GetConversation() != fmt.Sprint(p.Name, i) || got.Info.Chat != g.JID ||
				got.Info.Sender != p.LID || got.Info.SenderAlt != p.PN || !got.Info.IsGroup {
				t.Errorf("heard %q from %s in %s", got.Message.GetConversation(), got.Info.Sender, got.Info.Chat)
			}
		}
	}
	ok(t, s.WaitSettled(within(t)))
	must(h.SendMessage(within(t), g.JID, text("kartu")))(t)
	m := must(s.WaitMessage(within(t), one.Heard(two.Heard(nil))))(t)
	if m.Text() != "kartu" || m.Chat != g.JID || m.Encrypted != 3 { // two members and the account's phone
		t.Errorf("recorded %+v", m)
	}
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("unreadable: %+v", p)
	}
}

func TestMembership(t *testing.T) {
	s, h := connected(t, Options{})
	one, two, three := s.Person("warga1"), s.Person("warga2"), s.Person("warga3")
	g := s.GroupWithoutAccount("RT 01", one, two)
	if _, err := h.GetGroupInfo(within(t), g.JID); !errors.Is(err, whatsmeow.ErrNotInGroup) {
		t.Errorf("info before joining: %v", err)
	}
	if _, err := one.InGroup(g).Say("halo"); !errors.Is(err, ErrNotMember) {
		t.Errorf("said to a group without the account: %v", err)
	}
	ok(t, g.AddAccount(one))
	joined := next[*events.JoinedGroup](t, h, nil)
	if joined.JID != g.JID || joined.Name != "RT 01" || len(joined.Participants) != 3 || *joined.Sender != one.LID {
		t.Errorf("joined %+v", joined)
	}
	for _, c := range []struct {
		do   func() error
		seen func(*events.GroupInfo) bool
	}{
		{func() error { return g.Add(one, three) }, func(e *events.GroupInfo) bool { return len(e.Join) == 1 && e.Join[0] == three.LID }},
		{func() error { return g.Promote(one, two) }, func(e *events.GroupInfo) bool { return len(e.Promote) == 1 && e.Promote[0] == two.LID }},
		{func() error { return g.Demote(one, two) }, func(e *events.GroupInfo) bool { return len(e.Demote) == 1 }},
		{func() error { return g.Rename(two, "RT 02") }, func(e *events.GroupInfo) bool { return e.Name != nil && e.Name.Name == "RT 02" }},
		{func() error { return g.Remove(two, two) }, func(e *events.GroupInfo) bool {
			return len(e.Leave) == 1 && e.Leave[0] == two.LID && *e.Sender == two.LID
		}},
	} {
		ok(t, c.do())
		next(t, h, c.seen)
	}
	info := must(h.GetGroupInfo(within(t), g.JID))(t)
	if info.Name != "RT 02" || len(info.Participants) != 3 || !info.Participants[0].IsSuperAdmin {
		t.Errorf("info %+v", info)
	}
	// Who left reads nothing more, who came reads all; after a departure sender keys are new.
	must(h.SendMessage(within(t), g.JID, text("kartu")))(t)
	m := must(s.WaitMessage(within(t), three.Heard(nil)))(t)
	if two.Heard(nil)(&m) {
		t.Error("a former member reads on")
	}
	id := must(one.InGroup(g).Say("setelah itu"))(t)
	next(t, h, withID(id))

	ok(t, g.RemoveAccount(one))
	next(t, h, func(e *events.GroupInfo) bool { return len(e.Leave) == 1 && e.Leave[0] == s.LID() })
	if _, err := h.SendMessage(within(t), g.JID, text("x")); err == nil {
		t.Error("wrote to a group it was removed from")
	}
	if all := must(h.GetJoinedGroups(within(t)))(t); len(all) != 0 {
		t.Errorf("still in %d groups", len(all))
	}
}

func TestInviteLink(t *testing.T) {
	s, h := connected(t, Options{})
	g := s.GroupWithoutAccount("RT 01", s.Person("warga1"))
	if jid := must(h.JoinGroupWithLink(within(t), g.InviteLink()))(t); jid != g.JID {
		t.Errorf("joined %s", jid)
	}
	ok(t, h.LeaveGroup(within(t), g.JID))
	if _, err := h.JoinGroupWithLink(within(t), "https://chat.whatsapp.com/NOTHING"); !errors.Is(err, whatsmeow.ErrInviteLinkInvalid) {
		t.Errorf("joined nothing: %v", err)
	}
}

// A member whose sender key the device does not have is asked for it, and the message still comes.
func TestMissingSenderKeyIsAskedFor(t *testing.T) {
	s, h := connected(t, Options{PhoneOff: true})
	p := s.Person("warga1")
	g := s.Group("RT 01", p)
	id := must(p.InGroup(g).Post(Envelope{WithoutKey: true}, text("tanpa kunci")))(t)
	next(t, h, func(u *events.UndecryptableMessage) bool { return u.Info.ID == id && u.IsUnavailable })
	if got := next(t, h, withID(id)); got.Message.GetConversation() != "tanpa kunci" || got.RetryCount != 1 {
		t.Errorf("heard %q at try %d", got.Message.GetConversation(), got.RetryCount)
	}
	ok(t, s.WaitSettled(within(t)))
}

func TestLargeGroup(t *testing.T) {
	const size = 1023
	s, h := connected(t, Options{})
	people := make([]*Person, size)
	for i := range people {
		people[i] = s.Person("warga")
	}
	g := s.Group("desa", people...)
	id := must(people[size-1].InGroup(g).Say("halo"))(t)
	next(t, h, withID(id))
	must(h.SendMessage(within(t), g.JID, text("untuk semua"), whatsmeow.SendRequestExtra{Timeout: -1}))(t)
	m := must(s.WaitMessage(within(t), nil))(t)
	if m.Encrypted != size+1 || len(m.Readers) != 16 {
		t.Errorf("encrypted for %d, read by %d", m.Encrypted, len(m.Readers))
	}
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("unreadable: %+v", p[0])
	}
}

func TestAddressing(t *testing.T) {
	s, h := connected(t, Options{})
	for _, c := range []struct {
		form        Addressing
		sender, alt func(*Person) types.JID
	}{
		{ByLID, func(p *Person) types.JID { return p.LID }, func(p *Person) types.JID { return p.PN }},
		{ByLIDAlone, func(p *Person) types.JID { return p.LID }, func(*Person) types.JID { return types.EmptyJID }},
		{ByNumber, func(p *Person) types.JID { return p.PN }, func(p *Person) types.JID { return p.LID }},
		{ByNumberAlone, func(p *Person) types.JID { return p.PN }, func(*Person) types.JID { return types.EmptyJID }},
	} {
		p := s.Person("warga1")
		p.Show(c.form)
		got := next(t, h, withID(must(p.Say("halo"))(t)))
		if got.Info.Sender != c.sender(p) || got.Info.SenderAlt != c.alt(p) {
			t.Errorf("form %d: sender %s alt %s", c.form, got.Info.Sender, got.Info.SenderAlt)
		}
		must(h.SendMessage(within(t), got.Info.Chat, text("balas")))(t)
		must(s.WaitMessage(within(t), p.Heard(nil)))(t)
	}
	// One person moves from number to hidden identity.
	p := s.Person("warga2")
	for _, form := range []Addressing{ByNumberAlone, ByNumber, ByLID} {
		p.Show(form)
		next(t, h, withID(must(p.Say("halo"))(t)))
	}
	lid := must(h.Store.LIDs.GetLIDForPN(t.Context(), p.PN))(t)
	if lid != p.LID {
		t.Errorf("joined %s with %s", p.PN, lid)
	}
	found := must(h.IsOnWhatsApp(within(t), []string{"+" + p.PN.User, "+62009"}))(t)
	if len(found) != 2 || !found[0].IsIn || found[0].JID != p.LID || found[1].IsIn {
		t.Errorf("found %+v", found)
	}
}
