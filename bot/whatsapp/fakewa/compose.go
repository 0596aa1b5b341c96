package fakewa

import (
	"context"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Edit changes the text of an earlier message of the person and returns the id of the change.
func (v Voice) Edit(id, text string) (string, error) {
	changed := &waE2E.Message{Conversation: proto.String(text)}
	return v.Send(&waE2E.Message{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{
		ProtocolMessage: &waE2E.ProtocolMessage{
			Key: v.ownKey(id), Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), EditedMessage: changed,
			TimestampMS: proto.Int64(v.person.srv.opt.Now().UnixMilli()),
		},
	}}})
}

// Revoke deletes an earlier message of the person for everybody and returns the id of the deletion.
func (v Voice) Revoke(id string) (string, error) {
	return v.Send(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Key: v.ownKey(id), Type: waE2E.ProtocolMessage_REVOKE.Enum(),
	}})
}

// ownKey names an earlier message of the person; whoever reads it sees the chat from the other side.
func (v Voice) ownKey(id string) *waCommon.MessageKey {
	chat := v.person.srv.owner.LID
	if v.group != nil {
		chat = v.group.JID
	}
	return &waCommon.MessageKey{RemoteJID: proto.String(chat.String()), FromMe: proto.Bool(true), ID: &id}
}

// Forward sends a text that was forwarded score times before; from 5 on the apps say "many times".
func (v Voice) Forward(text string, score uint32) (string, error) {
	return v.Send(&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: &text, ContextInfo: &waE2E.ContextInfo{IsForwarded: proto.Bool(true), ForwardingScore: &score},
	}})
}

// Reply answers a message of the client, quoting it.
func (v Voice) Reply(to Message, text string) (string, error) {
	return v.Send(&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: &text, ContextInfo: &waE2E.ContextInfo{
			StanzaID: &to.ID, Participant: proto.String(v.person.srv.owner.LID.String()), QuotedMessage: to.Body,
		},
	}})
}

// React puts an emoji to a message of the client; "" takes it away.
func (v Voice) React(to Message, emoji string) (string, error) {
	chat := v.person.LID
	if v.group != nil {
		chat = v.group.JID
	}
	return v.Send(&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{
		Key:  &waCommon.MessageKey{RemoteJID: proto.String(chat.String()), FromMe: proto.Bool(false), ID: &to.ID},
		Text: &emoji, SenderTimestampMS: proto.Int64(v.person.srv.opt.Now().UnixMilli()),
	}})
}

// Vote votes in a poll of the client that the person has read, encrypted as votes are.
func (v Voice) Vote(poll Message, options ...string) (string, error) {
	p := v.person
	p.mu.Lock()
	p.crypt()
	info := poll.info
	vote, err := p.client.BuildPollVote(context.Background(), &info, options)
	p.mu.Unlock()
	if err != nil {
		return "", fmt.Errorf("fakewa: %s cannot vote: %w", p.Name, err)
	}
	return v.Send(vote)
}

// Album sends files as one album and returns the ids, the album's own first.
func (v Voice) Album(files ...File) ([]string, error) {
	var images, videos uint32
	for _, f := range files {
		switch f.Kind {
		case Image:
			images++
		case Video:
			videos++
		default:
			return nil, fmt.Errorf("fakewa: an album has images and videos, not kind %d", f.Kind)
		}
	}
	album, err := v.Send(&waE2E.Message{AlbumMessage: &waE2E.AlbumMessage{ExpectedImageCount: &images, ExpectedVideoCount: &videos}})
	if err != nil {
		return nil, err
	}
	ids := []string{album}
	for _, f := range files {
		m, err := v.person.srv.Upload(f)
		if err != nil {
			return ids, err
		}
		m.MessageContextInfo = &waE2E.MessageContextInfo{MessageAssociation: &waE2E.MessageAssociation{
			AssociationType: waE2E.MessageAssociation_MEDIA_ALBUM.Enum(), ParentMessageKey: v.ownKey(album),
		}}
		id, err := v.Send(m)
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Typing shows the client that the person writes, or has stopped (presence.go). Only a client that
// is connected learns it.
func (v Voice) Typing(on bool) error {
	state := "paused"
	if on {
		state = "composing"
	}
	a := attrs{"from": v.person.LID}
	if v.group != nil {
		a = attrs{"from": v.group.JID, "participant": v.person.LID}
	}
	s := v.person.srv
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.send(node{Tag: "chatstate", Attrs: a, Content: []node{{Tag: state}}})
}

// Read sends the person's read receipt for a message of the client.
func (v Voice) Read(m Message) error {
	return v.person.srv.enqueue(v.person.receiptFor(m.Chat, m.ID, string(types.ReceiptTypeRead)))
}
