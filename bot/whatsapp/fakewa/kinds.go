package fakewa

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// kindOf gives a message its type and media type on the wire (send.go, getTypeFromMessage and
// getMediaTypeFromMessage).
func kindOf(m *waE2E.Message) (kind, media string) {
	switch {
	case m.GetViewOnceMessage() != nil:
		return kindOf(m.GetViewOnceMessage().GetMessage())
	case m.GetViewOnceMessageV2() != nil:
		return kindOf(m.GetViewOnceMessageV2().GetMessage())
	case m.GetEphemeralMessage() != nil:
		return kindOf(m.GetEphemeralMessage().GetMessage())
	case m.GetDocumentWithCaptionMessage() != nil:
		return kindOf(m.GetDocumentWithCaptionMessage().GetMessage())
	case m.GetAssociatedChildMessage() != nil:
		return kindOf(m.GetAssociatedChildMessage().GetMessage())
	case m.GetReactionMessage() != nil:
		return "reaction", ""
	case m.GetPollCreationMessage() != nil, m.GetPollUpdateMessage() != nil:
		return "poll", ""
	case m.GetImageMessage() != nil:
		return "media", "image"
	case m.GetVideoMessage() != nil:
		return "media", "video"
	case m.GetAudioMessage() != nil:
		if m.GetAudioMessage().GetPTT() {
			return "media", "ptt"
		}
		return "media", "audio"
	case m.GetDocumentMessage() != nil:
		return "media", "document"
	case m.GetStickerMessage() != nil:
		return "media", "sticker"
	case m.GetContactMessage() != nil:
		return "media", "vcard"
	}
	return "text", ""
}

// editOf is the mark of edits and deletions on the wire (send.go, getEditAttribute).
func editOf(m *waE2E.Message) string {
	if inner := m.GetEditedMessage().GetMessage(); inner != nil {
		return editOf(inner)
	}
	p := m.GetProtocolMessage()
	switch {
	case p.GetKey() == nil:
		return ""
	case p.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT:
		return "1"
	case p.GetType() == waE2E.ProtocolMessage_REVOKE && p.GetKey().GetFromMe():
		return "7"
	case p.GetType() == waE2E.ProtocolMessage_REVOKE:
		return "8"
	}
	return ""
}

// onlyKeys says whether a message carries a sender key and nothing else.
func onlyKeys(m *waE2E.Message) bool {
	if m.GetSenderKeyDistributionMessage() == nil {
		return false
	}
	rest := proto.Clone(m).(*waE2E.Message)
	rest.SenderKeyDistributionMessage, rest.MessageContextInfo = nil, nil
	return proto.Size(rest) == 0
}

// textOf is what a reader sees of a message: its text or its caption.
func textOf(m *waE2E.Message) string {
	switch {
	case m.GetConversation() != "":
		return m.GetConversation()
	case m.GetExtendedTextMessage() != nil:
		return m.GetExtendedTextMessage().GetText()
	case m.GetImageMessage() != nil:
		return m.GetImageMessage().GetCaption()
	case m.GetVideoMessage() != nil:
		return m.GetVideoMessage().GetCaption()
	case m.GetDocumentMessage() != nil:
		return m.GetDocumentMessage().GetCaption()
	case m.GetPollCreationMessage() != nil:
		return m.GetPollCreationMessage().GetName()
	case m.GetProtocolMessage().GetEditedMessage() != nil:
		return textOf(m.GetProtocolMessage().GetEditedMessage())
	}
	return ""
}
