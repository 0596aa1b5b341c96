package whatsapp_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

func TestReceive(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	id := must(p.Say("halo rahasia"))(t)
	u := r.inbox.wait(t, 1)[0]
	want := address(p.LID.String())
	if u.Kind != bot.KindMessage || u.Chat != want || !u.Private || u.From.Address != want || u.From.Name != "warga1" ||
		u.Message.ID != bot.MessageID(id) || u.Message.Text != "halo rahasia" || u.At.IsZero() || u.Network != bot.WhatsApp {
		t.Errorf("got %+v %+v", u, u.Message)
	}
	ok(t, r.WaitAcknowledged(within(t), id))
	if s := r.client.Status(); s.State != whatsapp.Connected || s.Success.IsZero() {
		t.Errorf("status %+v", s)
	}
}

// What was not stored is not acknowledged, comes again once the store works, and is stored once.
func TestNothingIsLostWhenStoringFails(t *testing.T) {
	for name, refuse := range map[string]func([]bot.Update) error{
		"error": func([]bot.Update) error { return errStore },
		"panic": func([]bot.Update) error { panic("rahasia") },
	} {
		t.Run(name, func(t *testing.T) {
			r := linked(t)
			p := r.Person("warga1")
			var refused int
			tried := make(chan struct{})
			r.inbox.refusing(func(u []bot.Update) error {
				if refused++; refused == 2 {
					close(tried)
				}
				return refuse(u)
			})
			ids := []string{must(p.Say("satu"))(t), must(p.Say("dua"))(t)}
			select {
			case <-tried:
			case <-within(t).Done():
				t.Fatal("not tried")
			}
			r.states.wait(t, whatsapp.NotStoring)
			for _, id := range ids {
				if r.Acknowledged(id) {
					t.Error("acknowledged what was not stored")
				}
			}
			r.inbox.refusing(nil)
			ok(t, r.WaitAcknowledged(within(t), ids...))
			texts := map[string]int{}
			for _, u := range r.inbox.wait(t, 2) {
				texts[u.Message.Text]++
			}
			if len(texts) != 2 || texts["satu"] != 1 || texts["dua"] != 1 {
				t.Errorf("stored %v", texts)
			}
			if n := r.client.Panics(); (n > 0) != (name == "panic") {
				t.Errorf("%d panics", n)
			}
		})
	}
}

// The process dies between the decryption and the commit; the next one gets the message all the same.
func TestNothingIsLostOverARestart(t *testing.T) {
	r := linked(t, func(c *whatsapp.Config) { c.Wait = forEver })
	p := r.Person("warga1")
	tried := make(chan struct{}, 10)
	r.inbox.refusing(func([]bot.Update) error { tried <- struct{}{}; return errStore })
	id := must(p.Say("jangan hilang"))(t)
	select {
	case <-tried:
	case <-within(t).Done():
		t.Fatal("not tried")
	}
	r.stop()
	r.inbox.refusing(nil)
	r.restart(t)
	ok(t, r.WaitAcknowledged(within(t), id))
	if u := r.inbox.wait(t, 1)[0]; u.Message.Text != "jangan hilang" {
		t.Errorf("got %+v", u.Message)
	}
}

// A phone that never heard of the server taking its message sends it again, encrypted anew.
func TestDuplicatesHaveOneID(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	g := r.Group("Meja", p)
	for i, voice := range []fakewa.Voice{p.Voice, p.InGroup(g)} {
		id := must(voice.Say("sekali"))(t)
		ok(t, r.WaitAcknowledged(within(t), id))
		ok(t, voice.Again(id))
		must(voice.Say("lagi"))(t)
		got := r.inbox.wait(t, 2*i+2)[2*i:]
		if got[0].Message.Text != "sekali" || got[1].Message.Text != "lagi" {
			t.Errorf("got %+v, %+v", got[0].Message, got[1].Message)
		}
		if n := r.inbox.times(got[0].ID); n != 2 {
			t.Errorf("delivered %d times: the test did not see a duplicate", n)
		}
	}
}

// Whoever first wrote under a number, when nothing else was known, stays the same person when the
// network begins to show their hidden identity; and whoever was known by LID stays so under a number.
func TestOnePersonOneAddress(t *testing.T) {
	r := linked(t)
	old, fresh := r.Person("warga1"), r.Person("warga2")
	steps := []struct {
		p    *fakewa.Person
		form fakewa.Addressing
		want string
	}{
		{old, fakewa.ByNumberAlone, old.PN.String()},
		{old, fakewa.ByNumber, old.PN.String()},
		{old, fakewa.ByLID, old.PN.String()},
		{old, fakewa.ByLIDAlone, old.PN.String()},
		{fresh, fakewa.ByLID, fresh.LID.String()},
		{fresh, fakewa.ByNumberAlone, fresh.LID.String()},
		{fresh, fakewa.ByNumber, fresh.LID.String()},
		{fresh, fakewa.ByLIDAlone, fresh.LID.String()},
	}
	for i, s := range steps {
		if i == 3 {
			r.restart(t) // it must not be a matter of memory
		}
		s.p.Show(s.form)
		must(s.p.Say("pesan"))(t)
		u := r.inbox.wait(t, i+1)[i]
		if u.From.Address.Chat != s.want || u.Chat.Chat != s.want {
			t.Errorf("step %d: from %v in %v, want %s", i, u.From.Address, u.Chat, s.want)
		}
		ref, err := r.client.Send(within(t), delivery(u.Chat, bot.Message{Text: "balas " + strconv.Itoa(i)}))
		if err != nil {
			t.Fatal(err)
		}
		must(r.WaitMessage(within(t), s.p.Heard(func(m *fakewa.Message) bool { return m.ID == string(ref.ID) })))(t)
	}
}

func TestGroup(t *testing.T) {
	r := linked(t)
	petugas, orang := r.Person("petugas1"), r.Person("warga1")
	g := r.Group("Meja", petugas, orang)
	id := must(petugas.InGroup(g).Say("/bantuan"))(t)
	u := r.inbox.wait(t, 1)[0]
	if u.Private || u.Chat != address(g.JID.String()) || !whatsapp.IsGroup(u.Chat) || u.From.Address != address(petugas.LID.String()) ||
		u.Message.ID != bot.MessageID(id+"/"+petugas.LID.String()) {
		t.Errorf("got %+v %+v", u, u.Message)
	}
	ref := must(r.client.Send(within(t), delivery(u.Chat, bot.Message{Text: "Kartu", ReplyTo: u.Message.ID})))(t)
	card := must(r.WaitMessage(within(t), petugas.Heard(nil)))(t)
	if context := card.Body.GetExtendedTextMessage().GetContextInfo(); context.GetStanzaID() != id ||
		context.GetParticipant() != petugas.LID.String() || context.GetQuotedMessage().GetConversation() != "/bantuan" {
		t.Errorf("quoted %v", context)
	}
	must(orang.InGroup(g).Reply(card, "1"))(t)
	u = r.inbox.wait(t, 2)[1]
	if u.Message.ReplyTo == nil || u.Message.ReplyTo.ID != ref.ID || !u.Message.ReplyTo.From.Address.IsZero() {
		t.Errorf("reply to %+v, want %v", u.Message.ReplyTo, ref.ID)
	}
}

func TestMembershipIsTold(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	g := r.GroupWithoutAccount("Orang lain", p)
	ok(t, g.AddAccount(p))
	u := r.inbox.wait(t, 1)[0]
	if u.Chat != address(g.JID.String()) || u.Private || u.Kind != bot.KindJoined || u.Title != "Orang lain" {
		t.Errorf("added: %+v", u)
	}
	ok(t, g.RemoveAccount(p))
	u = r.inbox.wait(t, 2)[1]
	if u.Chat != address(g.JID.String()) || u.Message.Unsupported != whatsapp.FromService {
		t.Errorf("removed: %+v %+v", u, u.Message)
	}
}

func TestEditsAndDeletions(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	id := must(p.Say("salah"))(t)
	must(p.Edit(id, "benar"))(t)
	must(p.Revoke(id))(t)
	got := r.inbox.wait(t, 3)
	if u := got[1]; u.Kind != bot.KindEdit || u.Message.ID != got[0].Message.ID || u.Message.Text != "benar" {
		t.Errorf("edit: %+v %+v", u, u.Message)
	}
	if u := got[2]; u.Kind != bot.KindRevoked || u.Message.ID != got[0].Message.ID || u.Message.Text != "" || u.From.Address != got[0].From.Address {
		t.Errorf("deletion: %+v %+v", u, u.Message)
	}
}

// Our own messages, from here or from the phone, and reactions are not updates.
func TestWhatIsIgnored(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("satu"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	must(r.client.Send(within(t), delivery(chat, bot.Message{Text: "balas"})))(t)
	m := must(r.WaitMessage(within(t), p.Heard(nil)))(t)
	must(p.React(m, "👍"))(t)
	must(r.FromPhone(p, &waE2E.Message{Conversation: proto.String("dari HP sendiri")}))(t)
	must(p.Say("dua"))(t)
	if got := r.inbox.wait(t, 2); got[1].Message.Text != "dua" {
		t.Errorf("got %+v", got[1].Message)
	}
}

// A message that cannot be read leaves a placeholder at once, and comes when the sender's phone has sent
// it again; nobody is bothered then.
func TestUndecryptable(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("satu"))(t)
	r.inbox.wait(t, 1)
	r.Inject(fakewa.Garble{Times: 1})
	id := must(p.Say("dua"))(t)
	got := r.inbox.wait(t, 3)
	if u := got[1]; u.Kind != bot.KindUnknown || u.From.Address != address(p.LID.String()) {
		t.Errorf("placeholder: %+v", u)
	}
	if u := got[2]; u.Kind != bot.KindMessage || u.Message.ID != bot.MessageID(id) || u.Message.Text != "dua" {
		t.Errorf("again: %+v", u)
	}
}

// If it never comes, the handlers are told to ask for it in words.
func TestUndecryptableForGood(t *testing.T) {
	clock := newClock()
	r := linked(t, func(c *whatsapp.Config) { c.Now = clock.now })
	p := r.Person("warga1")
	must(p.Say("satu"))(t)
	r.inbox.wait(t, 1)
	r.Inject(fakewa.Garble{Times: 1000})
	must(p.Say("dua"))(t)
	r.inbox.wait(t, 2)
	clock.advance()
	got := r.inbox.wait(t, 3)
	if u := got[2]; u.Kind != bot.KindMessage || u.Message.Unsupported != whatsapp.Unreadable || u.Message.ID != "" ||
		u.From.Address != address(p.LID.String()) {
		t.Errorf("got %+v %+v", u, u.Message)
	}
}

func TestLongText(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say(strings.Repeat("é", 70_000)))(t)
	if u := r.inbox.wait(t, 1)[0]; u.Message.Text != strings.Repeat("é", 65_536) {
		t.Errorf("%d bytes", len(u.Message.Text))
	}
}

func TestOneProcessPerSession(t *testing.T) {
	t.Parallel() // SQLite waits five seconds
	r := linked(t)
	if _, err := whatsapp.Open(t.Context(), r.config); !errors.Is(err, bot.ErrInUse) {
		t.Errorf("second process: %v", err)
	}
}

// A group as large as WhatsApp allows is read, written to, and one of its members mentioned.
func TestLargestGroup(t *testing.T) {
	r := linked(t, func(c *whatsapp.Config) {
		c.Pseudonym = func(a bot.Address) bot.PersonID { return bot.PersonID(a.Chat) }
	})
	people := make([]*fakewa.Person, 1023) // and the bot
	for i := range people {
		people[i] = r.Person("warga" + strconv.Itoa(i))
	}
	last := people[len(people)-1]
	g := r.Group("Meja besar", people...)
	must(last.InGroup(g).Say("halo semua"))(t)
	if u := r.inbox.wait(t, 1)[0]; u.Message.Text != "halo semua" || u.Chat != address(g.JID.String()) {
		t.Errorf("read %+v", u)
	}
	d := delivery(address(g.JID.String()), bot.Message{Text: "kartu", Mention: bot.PersonID(last.LID.String())})
	ref, err := r.client.Send(within(t), d)
	for ctx := within(t); err != nil; ref, err = r.client.Send(ctx, d) { // keys for a thousand phones take their time
		var failure *bot.SendError
		if !errors.As(err, &failure) || failure.Permanent || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
	m := must(r.WaitMessage(within(t), func(m *fakewa.Message) bool { return m.ID == string(ref.ID) && len(m.Readers) > 0 }))(t)
	if m.Encrypted != 1024 || m.Text() != "@"+last.LID.User+" kartu" {
		t.Errorf("encrypted for %d: %q", m.Encrypted, m.Text())
	}
}
