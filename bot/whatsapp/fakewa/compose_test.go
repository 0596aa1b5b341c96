package fakewa

import (
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func TestEditRevokeForwardReplyReact(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	g := s.Group("RT 01", p)
	for name, v := range map[string]Voice{"direct": p.Voice, "group": p.InGroup(g)} {
		t.Run(name, func(t *testing.T) {
			first := must(v.Say("halo"))(t)
			next(t, h, withID(first))
			edit := next(t, h, withID(must(v.Edit(first, "halo semua"))(t)))
			change := edit.Message.GetProtocolMessage()
			if !edit.IsEdit || change.GetKey().GetID() != first || change.GetEditedMessage().GetConversation() != "halo semua" ||
				edit.Info.Edit != types.EditAttributeMessageEdit {
				t.Errorf("edit %+v %v", edit.Info, edit.Message)
			}
			gone := next(t, h, withID(must(v.Revoke(first))(t)))
			if gone.Message.GetProtocolMessage().GetType() != waE2E.ProtocolMessage_REVOKE || gone.Info.Edit != types.EditAttributeSenderRevoke {
				t.Errorf("revoke %+v", gone.Info)
			}
			fwd := next(t, h, withID(must(v.Forward("kata orang", 7))(t))).Message.GetExtendedTextMessage()
			if fwd.GetContextInfo().GetForwardingScore() != 7 || !fwd.GetContextInfo().GetIsForwarded() {
				t.Errorf("forward %v", fwd)
			}
			chat := p.LID
			if v.group != nil {
				chat = g.JID
			}
			resp := must(h.SendMessage(within(t), chat, text("tanya")))(t)
			asked := must(s.WaitMessage(within(t), func(m *Message) bool { return m.ID == resp.ID }))(t)
			reply := next(t, h, withID(must(v.Reply(asked, "jawab"))(t))).Message.GetExtendedTextMessage().GetContextInfo()
			if reply.GetStanzaID() != resp.ID || reply.GetQuotedMessage().GetConversation() != "tanya" {
				t.Errorf("reply %v", reply)
			}
			react := next(t, h, withID(must(v.React(asked, "👍"))(t))).Message.GetReactionMessage()
			if react.GetKey().GetID() != resp.ID || react.GetText() != "👍" {
				t.Errorf("reaction %v", react)
			}
		})
	}
}

func TestAlbum(t *testing.T) {
	s, h := connected(t, Options{})
	ids := must(s.Person("warga1").Album(File{Kind: Image, Data: []byte("a")}, File{Kind: Video, Data: []byte("b")}))(t)
	if got := next(t, h, withID(ids[0])).Message.GetAlbumMessage(); got.GetExpectedImageCount() != 1 || got.GetExpectedVideoCount() != 1 {
		t.Errorf("album %v", got)
	}
	for i, want := range []string{"a", "b"} {
		m := next(t, h, withID(ids[i+1])).Message
		if m.GetMessageContextInfo().GetMessageAssociation().GetParentMessageKey().GetID() != ids[0] {
			t.Errorf("item %d belongs to %v", i, m.GetMessageContextInfo())
		}
		if data := must(h.Download(within(t), mediaIn(m)))(t); string(data) != want {
			t.Errorf("item %d is %q", i, data)
		}
	}
	if _, err := s.Person("warga2").Album(File{Kind: Document}); err == nil {
		t.Error("an album with a document")
	}
}

func TestVote(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	g := s.Group("RT 01", p)
	for _, v := range []Voice{p.Voice, p.InGroup(g)} {
		chat := p.LID
		if v.group != nil {
			chat = g.JID
		}
		resp := must(h.SendMessage(within(t), chat, h.BuildPollCreation("benar?", []string{"ya", "tidak"}, 1)))(t)
		poll := must(s.WaitMessage(within(t), func(m *Message) bool { return m.ID == resp.ID }))(t)
		vote := must(h.DecryptPollVote(within(t), next(t, h, withID(must(v.Vote(poll, "tidak"))(t)))))(t)
		want := whatsmeow.HashPollOptions([]string{"tidak"})
		if len(vote.GetSelectedOptions()) != 1 || string(vote.GetSelectedOptions()[0]) != string(want[0]) {
			t.Errorf("voted %x", vote.GetSelectedOptions())
		}
	}
}

func TestActivity(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	id := must(p.Say("halo"))(t)
	got := next(t, h, withID(id))
	ok(t, h.SendPresence(within(t), types.PresenceAvailable))
	ok(t, h.SendChatPresence(within(t), p.LID, types.ChatPresenceComposing, types.ChatPresenceMediaText))
	ok(t, h.MarkRead(within(t), []string{id, "3AX"}, got.Info.Timestamp, got.Info.Chat, got.Info.Sender))
	for _, kind := range []string{"available", "composing", "read"} {
		a := must(s.WaitActivity(within(t), func(a *Activity) bool { return a.Kind == kind }))(t)
		if kind != "available" && a.Chat != p.LID || kind == "read" && (len(a.IDs) != 2 || a.IDs[0] != id) {
			t.Errorf("%+v", a)
		}
	}
	ok(t, p.Typing(true))
	next(t, h, func(e *events.ChatPresence) bool { return e.State == types.ChatPresenceComposing && e.Sender == p.LID })
	must(h.SendMessage(within(t), p.LID, text("balas")))(t)
	m := must(s.WaitMessage(within(t), nil))(t)
	ok(t, p.Read(m))
	next(t, h, func(r *events.Receipt) bool { return r.Type == types.ReceiptTypeRead && r.MessageIDs[0] == m.ID })
}

// What the account's own phone writes is seen as the account's own.
func TestFromPhone(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	id := must(s.FromPhone(p, &waE2E.Message{Conversation: proto.String("dari ponsel")}))(t)
	got := next(t, h, withID(id))
	if !got.Info.IsFromMe || got.Info.Chat != p.LID || got.Message.GetConversation() != "dari ponsel" {
		t.Errorf("heard %+v", got.Info)
	}
	ok(t, s.WaitSettled(within(t)))
}

func TestWatch(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	must(h.SendMessage(within(t), p.LID, text("satu")))(t)
	w := s.Watch()
	must(h.SendMessage(within(t), p.LID, text("dua")))(t)
	must(h.SendMessage(within(t), p.LID, text("tiga")))(t)
	for _, want := range []string{"dua", "tiga"} {
		if m := must(w.Next(within(t), nil))(t); m.Text() != want {
			t.Errorf("heard %q, want %q", m.Text(), want)
		}
	}
}
