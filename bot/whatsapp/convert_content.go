package whatsapp

import (
	"math"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"awassiber/bot"
)

// content is a message without its wrappers.
type content struct {
	*waE2E.Message
	viewOnce bool
	album    string // id of the album it is part of
}

// deepest is how many wrappers a message may have; WhatsApp's apps use three at most.
const deepest = 12

// unwrap takes a message out of its wrappers.
func unwrap(m *waE2E.Message) content {
	c := content{Message: m}
	for range deepest {
		if part := c.GetMessageContextInfo().GetMessageAssociation(); part != nil && c.album == "" {
			c.album = line(part.GetParentMessageKey().GetID())
		}
		c.viewOnce = c.viewOnce || c.GetImageMessage().GetViewOnce() || c.GetVideoMessage().GetViewOnce() ||
			c.GetAudioMessage().GetViewOnce() || c.GetExtendedTextMessage().GetViewOnce()
		var inner *waE2E.Message
		for _, w := range []*waE2E.FutureProofMessage{c.GetViewOnceMessage(), c.GetViewOnceMessageV2(), c.GetViewOnceMessageV2Extension()} {
			if w.GetMessage() != nil {
				inner, c.viewOnce = w.GetMessage(), true
			}
		}
		for _, w := range []*waE2E.FutureProofMessage{c.GetEphemeralMessage(), c.GetDocumentWithCaptionMessage(),
			c.GetEditedMessage(), c.GetAssociatedChildMessage(), c.GetGroupMentionedMessage(), c.GetBotInvokeMessage(),
			c.GetSpoilerMessage(), c.GetBotForwardedMessage(), c.GetQuestionMessage(), c.GetQuestionReplyMessage(),
			c.GetLottieStickerMessage(), c.GetPollCreationMessageV4()} {
			if inner == nil && w.GetMessage() != nil {
				inner = w.GetMessage()
			}
		}
		if d := c.GetDeviceSentMessage().GetMessage(); inner == nil && d != nil {
			inner = d
		}
		if t := c.GetCommentMessage().GetMessage(); inner == nil && t != nil {
			inner = t
		}
		if inner == nil {
			break
		}
		c.Message = inner
	}
	return c
}

// silent reports whether a message says nothing to answer: reactions, votes, pins, keys, the heading of
// an album whose pictures follow.
func silent(m *waE2E.Message) bool {
	rest := proto.Clone(m).(*waE2E.Message)
	rest.MessageContextInfo, rest.SenderKeyDistributionMessage, rest.FastRatchetKeySenderKeyDistributionMessage = nil, nil, nil
	if proto.Size(rest) == 0 {
		return true
	}
	for _, is := range []bool{
		m.ReactionMessage != nil, m.EncReactionMessage != nil, m.PollUpdateMessage != nil, m.KeepInChatMessage != nil,
		m.PinInChatMessage != nil, m.AlbumMessage != nil, m.PollAddOptionMessage != nil, m.EncEventResponseMessage != nil,
		m.StickerSyncRmrMessage != nil, m.MessageHistoryBundle != nil, m.MessageHistoryNotice != nil, m.GroupRootKeyShare != nil,
		m.RootSecretDistributeMessage != nil, m.PlaceholderMessage != nil, m.PollResultSnapshotMessage != nil,
		m.StatusMentionMessage != nil, m.GroupStatusMentionMessage != nil, m.CallLogMesssage != nil,
	} {
		if is {
			return true
		}
	}
	return false
}

// incoming reads the content of a message.
func incoming(m content, from source, who people, ref string) (*bot.Incoming, error) {
	in := &bot.Incoming{ID: messageID(from.id, from.group, from.from)}
	if m.viewOnce {
		in.Unsupported = ViewOnce
		return in, nil
	}
	in.Album = m.album
	context := contextOf(m.Message)
	in.Text = cleaned(textOf(m.Message))
	in.Links = links(in.Text)
	in.Links = appendLink(in.Links, m.GetExtendedTextMessage().GetMatchedText())
	in.Links = appendLink(in.Links, context.GetExternalAdReply().GetSourceURL())
	in.Forward = forward(context)
	in.Files = files(m.Message, ref)
	in.Location = location(m.Message)
	if in.Text == "" && len(in.Files) == 0 && in.Location == nil {
		in.Unsupported = unsupported(m.Message)
	}
	var err error
	in.ReplyTo, err = quoted(context, from, who)
	if q := in.ReplyTo; q != nil && q.From == (bot.Person{}) { // of ours
		q.Choice = line(bot.MenuLabel(textOf(context.GetQuotedMessage()), in.Text))
	}
	return in, err
}

// textOf is what a message says: text, caption, or the words of a business's form that somebody forwards.
func textOf(m *waE2E.Message) string {
	for _, s := range []string{
		m.GetConversation(), m.GetExtendedTextMessage().GetText(), m.GetImageMessage().GetCaption(),
		m.GetVideoMessage().GetCaption(), m.GetPtvMessage().GetCaption(), m.GetDocumentMessage().GetCaption(),
		m.GetLiveLocationMessage().GetCaption(), m.GetLocationMessage().GetComment(),
		m.GetTemplateMessage().GetHydratedTemplate().GetHydratedContentText(),
		m.GetTemplateMessage().GetHydratedFourRowTemplate().GetHydratedContentText(),
		m.GetTemplateMessage().GetInteractiveMessageTemplate().GetBody().GetText(),
		m.GetInteractiveMessage().GetBody().GetText(), m.GetButtonsMessage().GetContentText(),
		m.GetListMessage().GetDescription(), m.GetListMessage().GetTitle(),
		m.GetTemplateButtonReplyMessage().GetSelectedDisplayText(), m.GetButtonsResponseMessage().GetSelectedDisplayText(),
		m.GetListResponseMessage().GetTitle(),
	} {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// unsupported names a content that makes no tip.
func unsupported(m *waE2E.Message) string {
	for _, c := range []struct {
		word string
		is   bool
	}{
		{"sticker", m.StickerMessage != nil || m.StickerPackMessage != nil || m.AudioStickerMessage != nil},
		{"contact", m.ContactMessage != nil || m.ContactsArrayMessage != nil},
		{"poll", m.PollCreationMessage != nil || m.PollCreationMessageV2 != nil || m.PollCreationMessageV3 != nil ||
			m.PollCreationMessageV5 != nil || m.PollCreationMessageV6 != nil},
		{"event", m.EventMessage != nil || m.EventInviteMessage != nil},
		{"invite", m.GroupInviteMessage != nil || m.NewsletterAdminInviteMessage != nil},
		{"payment", m.SendPaymentMessage != nil || m.RequestPaymentMessage != nil || m.InvoiceMessage != nil ||
			m.PaymentInviteMessage != nil},
		{"product", m.ProductMessage != nil || m.OrderMessage != nil},
		{"call", m.Call != nil || m.ScheduledCallCreationMessage != nil || m.BcallMessage != nil},
		{"empty", m.Conversation != nil || m.ExtendedTextMessage != nil}, // a text of which nothing readable is left
	} {
		if c.is {
			return c.word
		}
	}
	return Other
}

// contextOf finds the part of a message that tells of forwards and quotations, wherever it is.
func contextOf(m *waE2E.Message) *waE2E.ContextInfo {
	if m == nil {
		return nil
	}
	r := m.ProtoReflect()
	fields := r.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if f.Kind() != protoreflect.MessageKind || f.IsList() || f.IsMap() || !r.Has(f) {
			continue
		}
		inner := r.Get(f).Message()
		c := inner.Descriptor().Fields().ByName("contextInfo")
		if c == nil || !inner.Has(c) {
			continue
		}
		if context, ok := inner.Get(c).Message().Interface().(*waE2E.ContextInfo); ok {
			return context
		}
	}
	return nil
}

// forward says where a message was forwarded from: WhatsApp names channels only, and counts.
func forward(c *waE2E.ContextInfo) *bot.Forward {
	channel := c.GetForwardedNewsletterMessageInfo()
	if channel == nil && !c.GetIsForwarded() && c.GetForwardingScore() == 0 {
		return nil
	}
	f := &bot.Forward{Kind: bot.ForwardUnknown, Score: int(min(c.GetForwardingScore(), math.MaxInt32))}
	if channel != nil || c.GetForwardOrigin() == waE2E.ContextInfo_CHANNELS {
		f.Kind, f.Title = bot.ForwardChannel, line(channel.GetNewsletterName())
	}
	return f
}

// quoted is what a message replies to.
func quoted(c *waE2E.ContextInfo, from source, who people) (*bot.Quoted, error) {
	id := line(c.GetStanzaID())
	if id == "" || strings.Contains(id, "/") {
		return nil, nil
	}
	author, err := types.ParseJID(c.GetParticipant())
	if err != nil || author.User == "" || who.own(author) {
		return &bot.Quoted{ID: bot.MessageID(id)}, nil
	}
	a, err := who.person(author, types.JID{})
	if err != nil {
		return nil, err
	}
	return &bot.Quoted{ID: messageID(id, from.group, a), From: bot.Person{Address: a}}, nil
}

// location is a point, if it is one on Earth.
func location(m *waE2E.Message) *bot.Location {
	var l bot.Location
	switch {
	case m.GetLocationMessage() != nil:
		p := m.GetLocationMessage()
		l = bot.Location{Latitude: p.GetDegreesLatitude(), Longitude: p.GetDegreesLongitude(),
			Title: line(p.GetName() + " " + p.GetAddress())}
	case m.GetLiveLocationMessage() != nil:
		p := m.GetLiveLocationMessage()
		l = bot.Location{Latitude: p.GetDegreesLatitude(), Longitude: p.GetDegreesLongitude()}
	default:
		return nil
	}
	if !(math.Abs(l.Latitude) <= 90 && math.Abs(l.Longitude) <= 180) { // NaN is not
		return nil
	}
	return &l
}
