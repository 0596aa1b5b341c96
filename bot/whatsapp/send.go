package whatsapp

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// Limits of the apps: a message in characters, of which some are kept for the marks of bold, and a caption.
const (
	maxMessage = 60000
	maxCaption = 1024
)

// editFor is how long a message can be changed: WhatsApp's apps allow 15 minutes, the rest is for the way.
const editFor = 14 * time.Minute

// Send performs one delivery and returns where it stands. Buttons become numbered lines under the text
// (bot.MenuLines). What needs several messages (a very long text, a file with a long one) returns the
// last. Errors are *bot.SendError.
//
// The ids are computed from the delivery, so that trying again repeats nothing: the recipient's app shows
// a message once. An edit that comes too late becomes a new message. An answer to a button press counts
// as done: there are no buttons here.
func (c *Client) Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error) {
	if d.Message == nil {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonEmpty}
	}
	if d.Message.Answer != "" {
		return bot.MessageRef{}, nil
	}
	to, err := chatID(d.To)
	if err != nil {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonNoChat, Err: err}
	}
	if wait := c.blocked(to); wait != nil {
		return bot.MessageRef{}, wait
	}
	if d.Message.Edit != "" {
		done, err := c.edit(ctx, to, d)
		if err != nil {
			return bot.MessageRef{}, c.sendError(err)
		}
		if done {
			return bot.MessageRef{Chat: d.To, ID: d.Ref.ID}, nil
		}
	}
	return c.sendNew(ctx, to, d)
}

// whole is the text of a message with its buttons, still marked.
func whole(m *bot.Message) string {
	lines := bot.MenuLines(m.Buttons)
	if len(lines) == 0 {
		return m.Text
	}
	return strings.TrimLeft(m.Text+"\n\n"+strings.Join(lines, "\n"), "\n")
}

// part is one message of a delivery.
type part struct {
	text string // marked; a caption if file is set
	file bool
}

// plan cuts a message into parts that WhatsApp takes.
func plan(m *bot.Message) []part {
	var parts []part
	texts := bot.Split(whole(m), maxMessage)
	if m.File != nil || m.Document != nil {
		file := part{file: true}
		if len(texts) == 1 && utf8.RuneCountInString(texts[0]) <= maxCaption && takesCaption(m) {
			file.text, texts = texts[0], nil
		}
		parts = append(parts, file)
	}
	for _, t := range texts {
		parts = append(parts, part{text: t})
	}
	return parts
}

func (c *Client) sendNew(ctx context.Context, to types.JID, d bot.Delivery) (bot.MessageRef, error) {
	parts := plan(d.Message)
	if len(parts) == 0 {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonEmpty}
	}
	ref := bot.MessageRef{Chat: d.To}
	for i, p := range parts {
		var quoted *waE2E.ContextInfo
		if i == 0 {
			quoted = c.quotes.context(d.To, to, d.Message.ReplyTo, d.Message.ReplyText)
		}
		id, err := sendID(d, i)
		if err != nil {
			return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonRefused}
		}
		if i == 0 && d.Message.Mention != "" {
			quoted = c.mention(ctx, to, d.Message.Mention, &p, quoted)
		}
		m, err := c.build(ctx, d.Message, p, quoted)
		if err == nil {
			err = c.post(ctx, to, id, m, bot.Asterisks(p.text))
		}
		if err != nil {
			return bot.MessageRef{}, c.sendError(err)
		}
		ref.ID = bot.MessageID(id)
	}
	return ref, nil
}

// build makes one message.
func (c *Client) build(ctx context.Context, m *bot.Message, p part, quoted *waE2E.ContextInfo) (*waE2E.Message, error) {
	text := bot.Asterisks(p.text)
	if p.file {
		return c.fileMessage(ctx, m, text, quoted)
	}
	return textMessage(text, quoted), nil
}

// textMessage is a text. Only one that quotes or mentions needs the longer form. Neither shows what a link leads to.
func textMessage(text string, quoted *waE2E.ContextInfo) *waE2E.Message {
	if quoted == nil {
		return &waE2E.Message{Conversation: proto.String(text)}
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String(text), ContextInfo: quoted}}
}

// post sends one message under an id chosen before.
func (c *Client) post(ctx context.Context, to types.JID, id types.MessageID, m *waE2E.Message, shown string) error {
	if err := c.hesitate(ctx, to, shown); err != nil {
		return err
	}
	_, err := c.waClient().SendMessage(ctx, to, m, whatsmeow.SendRequestExtra{ID: id, Timeout: maxRequestWait})
	if err == nil && to.Server != types.GroupServer {
		c.track.sent()
	}
	return err
}

// edit changes an earlier message. Not done without an error means that it cannot be changed any more.
// What stands there now decides its form, for a caption cannot become a text.
func (c *Client) edit(ctx context.Context, to types.JID, d bot.Delivery) (done bool, err error) {
	text := bot.Asterisks(strings.TrimSpace(whole(d.Message)))
	old, author := stanza(d.Ref.ID)
	left := !d.Ref.Chat.IsZero() && d.Ref.Chat != d.To
	if old == "" || author != "" || left || text == "" || d.Message.File != nil || d.Message.Document != nil ||
		utf8.RuneCountInString(text) > maxMessage {
		return false, nil
	}
	if age := c.config.Now().Sub(sendTime(old)); age < -time.Minute || age > editFor {
		return false, nil
	}
	now, ok := c.rewritten(ctx, to, old, text)
	if !ok {
		return false, nil
	}
	id, err := sendID(d, 0)
	if err != nil {
		return false, err
	}
	return true, c.post(ctx, to, id, c.waClient().BuildEdit(to, old, now), "")
}

// rewritten is a message of ours with other words, from the copy that the library keeps for a week.
func (c *Client) rewritten(ctx context.Context, to types.JID, id types.MessageID, text string) (*waE2E.Message, bool) {
	device := c.waClient().Store
	other, err := device.GetAltJID(ctx, to)
	if err != nil {
		return nil, false
	}
	_, raw, err := device.EventBuffer.GetOutgoingEvent(ctx, to, other, id)
	old := &waE2E.Message{}
	if err != nil || proto.Unmarshal(raw, old) != nil {
		return nil, false
	}
	caption := utf8.RuneCountInString(text) <= maxCaption
	switch {
	case old.Conversation != nil, old.ExtendedTextMessage != nil:
		return textMessage(text, old.GetExtendedTextMessage().GetContextInfo()), true
	case old.ImageMessage != nil && caption:
		old.ImageMessage.Caption = proto.String(text)
	case old.VideoMessage != nil && caption:
		old.VideoMessage.Caption = proto.String(text)
	case old.DocumentMessage != nil && caption:
		old.DocumentMessage.Caption = proto.String(text)
	default:
		return nil, false
	}
	old.MessageContextInfo = nil
	return old, true
}
