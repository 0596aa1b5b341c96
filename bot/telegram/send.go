package telegram

import (
	"context"
	"strings"
	"unicode/utf16"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// Limits of the Bot API in UTF-16 units (https://core.telegram.org/bots/api#sendmessage,
// #sendphoto, #answercallbackquery) and its limit of entities in one message.
const (
	maxText     = 4096
	maxCaption  = 1024
	maxNote     = 200
	maxEntities = 100
)

// Send performs one delivery and returns where it stands. What needs several messages (a long text, a
// file with one) returns the last, which carries the buttons; tried again in the same process, it goes
// on after the messages that got through. Errors are *bot.SendError.
//
// An edit of a message that cannot be edited any more becomes a new message. Answering a press that is
// too old to be answered counts as done, and returns no reference.
func (c *Client) Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error) {
	if d.Message == nil {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonEmpty}
	}
	if d.Message.Answer != "" {
		return bot.MessageRef{}, c.answer(ctx, d.Message)
	}
	chat, err := chatID(d.To)
	if err != nil {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonNoChat, Err: err}
	}
	if d.Message.Edit != "" {
		done, err := c.edit(ctx, chat, d)
		if err != nil {
			return bot.MessageRef{}, err
		}
		if done {
			return bot.MessageRef{Chat: d.To, ID: d.Ref.ID}, nil
		}
	}
	return c.sendNew(ctx, chat, d)
}

// part is one message of a delivery.
type part struct {
	text    string // marked; a caption if file is set
	file    bool
	buttons bool
	reply   bool
}

// plan cuts a message into parts that Telegram takes.
func plan(m *bot.Message) []part {
	var parts []part
	texts := bot.Split(m.Text, maxText)
	if m.File != nil || m.Document != nil {
		file := part{file: true}
		if len(texts) == 1 && width(bot.Unmark(texts[0])) <= maxCaption && !isNote(m.File) {
			file.text, texts = texts[0], nil
		}
		parts = append(parts, file)
	}
	for _, t := range texts {
		if strings.TrimSpace(bot.Unmark(t)) != "" { // the API refuses blank texts
			parts = append(parts, part{text: t})
		}
	}
	if len(parts) > 0 {
		parts[0].reply, parts[len(parts)-1].buttons = true, true
	}
	return parts
}

// sendNew sends the parts that did not get through before.
func (c *Client) sendNew(ctx context.Context, chat int64, d bot.Delivery) (bot.MessageRef, error) {
	parts := plan(d.Message)
	if len(parts) == 0 {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: reasonEmpty}
	}
	last := 0
	for i := c.progress.of(d.Unique, len(parts)); i < len(parts); i++ {
		id, err := c.sendPart(ctx, chat, d.Message, parts[i])
		if err != nil {
			failure := c.sendError(err)
			if failure.Permanent {
				c.progress.forget(d.Unique)
			}
			return bot.MessageRef{}, failure
		}
		last = id
		c.progress.note(d.Unique, len(parts), i+1)
	}
	c.progress.forget(d.Unique)
	return bot.MessageRef{Chat: d.To, ID: messageID(last)}, nil
}

// sendPart sends one message and returns its id.
func (c *Client) sendPart(ctx context.Context, chat int64, m *bot.Message, p part) (int, error) {
	e := envelope{chat: chat}
	e.text, e.entities = plain(p.text)
	if p.buttons {
		e.markup = keyboard(m.Buttons)
	}
	if re := messageNumber(m.ReplyTo); p.reply && re != 0 {
		e.reply = &models.ReplyParameters{MessageID: re, AllowSendingWithoutReply: true}
	}
	if p.file {
		return c.sendFile(ctx, m, e)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	sent, err := c.api.SendMessage(ctx, &tgbot.SendMessageParams{ChatID: e.chat, Text: e.text, Entities: e.entities,
		LinkPreviewOptions: noPreview(), ReplyParameters: e.reply, ReplyMarkup: e.markup})
	return idOf(sent, err)
}

// envelope is what all messages have in common.
type envelope struct {
	chat     int64
	text     string
	entities []models.MessageEntity
	reply    *models.ReplyParameters
	markup   models.ReplyMarkup // nil for none; never a nil pointer, which would be sent as null
}

func idOf(m *models.Message, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

// edit changes an earlier message. Not done without an error means that it cannot be changed.
func (c *Client) edit(ctx context.Context, chat int64, d bot.Delivery) (done bool, err error) {
	m, id := d.Message, messageNumber(d.Ref.ID)
	text, entities := plain(strings.TrimSpace(m.Text))
	// A message of a group that has become a supergroup stayed behind in the old chat.
	left := !d.Ref.Chat.IsZero() && d.Ref.Chat != d.To
	if id == 0 || left || m.Document != nil || width(text) > maxText {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = c.api.EditMessageText(ctx, &tgbot.EditMessageTextParams{ChatID: chat, MessageID: id, Text: text,
		Entities: entities, LinkPreviewOptions: noPreview(), ReplyMarkup: keyboard(m.Buttons)})
	if refused(err, "no text in the message") && width(text) <= maxCaption {
		_, err = c.api.EditMessageCaption(ctx, &tgbot.EditMessageCaptionParams{ChatID: chat, MessageID: id,
			Caption: text, CaptionEntities: entities, ReplyMarkup: keyboard(m.Buttons)})
	}
	switch {
	case err == nil, refused(err, "message is not modified"):
		return true, nil
	case refused(err, "can't be edited", "message to edit not found", "message_id_invalid", "no text in the message",
		"no caption in the message"):
		return false, nil
	}
	return false, c.sendError(err)
}

// answer ends the progress mark on a pressed button, with a note if there is a text.
func (c *Client) answer(ctx context.Context, m *bot.Message) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	text := bot.Unmark(m.Text)
	if width(text) > maxNote {
		text = bot.Split(text, maxNote-1)[0] + "…"
	}
	_, err := c.api.AnswerCallbackQuery(ctx, &tgbot.AnswerCallbackQueryParams{CallbackQueryID: m.Answer, Text: text})
	if err == nil || refused(err, "query is too old", "query id is invalid", "query_id_invalid") {
		return nil
	}
	return c.sendError(err)
}

// plain turns marks into entities, so that no text can be mistaken for markup.
func plain(marked string) (string, []models.MessageEntity) {
	text, spans := bot.Plain(marked)
	var entities []models.MessageEntity
	for _, s := range spans[:min(len(spans), maxEntities)] {
		entities = append(entities, models.MessageEntity{Type: models.MessageEntityTypeBold, Offset: s.Offset, Length: s.Length})
	}
	return text, entities
}

// keyboard is nil if there is no button, which on an edit removes those there were.
func keyboard(rows [][]bot.Button) models.ReplyMarkup {
	var out [][]models.InlineKeyboardButton
	for _, row := range rows {
		var line []models.InlineKeyboardButton
		for _, b := range row {
			if b.URL != "" {
				line = append(line, models.InlineKeyboardButton{Text: b.Label, URL: b.URL})
			} else {
				line = append(line, models.InlineKeyboardButton{Text: b.Label, CallbackData: b.Data})
			}
		}
		if len(line) > 0 {
			out = append(out, line)
		}
	}
	if out == nil {
		return nil
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: out}
}

// noPreview keeps Telegram from fetching, and showing, what a hoax links to.
func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tgbot.True()}
}

// width is the length of a text in UTF-16 units.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
