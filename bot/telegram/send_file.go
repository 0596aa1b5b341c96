package telegram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// Limits of uploads in bytes (https://core.telegram.org/bots/api#sending-files). The client library
// holds an upload in memory.
const (
	maxUpload      = 50 << 20
	maxPhotoUpload = 10 << 20
)

// isNote reports whether a file is a round video that Telegram can send again as such. It takes no
// caption.
func isNote(a *bot.Attachment) bool {
	return a != nil && a.Network == bot.Telegram && strings.HasPrefix(a.FileID, noteMark)
}

// sendFile sends the file of a message: by reference if it is Telegram's, else by its bytes.
func (c *Client) sendFile(ctx context.Context, m *bot.Message, e envelope) (int, error) {
	if m.Document != nil {
		ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
		defer cancel()
		return c.sendAs(ctx, bot.File, &models.InputFileUpload{Filename: fileName(m.Document.Name, bot.File),
			Data: bytes.NewReader(m.Document.Data)}, e)
	}
	a := m.File
	if a.Network == bot.Telegram && a.FileID != "" {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		id, err := c.sendReference(ctx, a, e)
		if !refused(err, "file identifier", "file_id", "file reference", "can't use file of type") {
			return id, err
		}
		if a.SHA256 == "" {
			return 0, &bot.SendError{Permanent: true, Reason: reasonNoFile, Err: c.description(err)}
		}
	}
	kind := a.Kind
	if kind == bot.Photo && a.Size > maxPhotoUpload {
		kind = bot.File
	}
	id, err := c.upload(ctx, kind, a, e)
	if kind == bot.Photo && refused(err, "photo_", "image_process_failed") { // too long, too wide, not an image
		return c.upload(ctx, bot.File, a, e)
	}
	return id, err
}

func (c *Client) sendReference(ctx context.Context, a *bot.Attachment, e envelope) (int, error) {
	if !isNote(a) {
		return c.sendAs(ctx, a.Kind, &models.InputFileString{Data: a.FileID}, e)
	}
	return idOf(c.api.SendVideoNote(ctx, &tgbot.SendVideoNoteParams{ChatID: e.chat, ReplyParameters: e.reply,
		VideoNote: &models.InputFileString{Data: strings.TrimPrefix(a.FileID, noteMark)}, ReplyMarkup: e.markup}))
}

// upload sends the bytes of a stored file.
func (c *Client) upload(ctx context.Context, kind bot.FileKind, a *bot.Attachment, e envelope) (int, error) {
	if a.Size > maxUpload {
		return 0, &bot.SendError{Permanent: true, Reason: reasonTooLarge}
	}
	if a.SHA256 == "" || c.config.Evidence == nil {
		return 0, &bot.SendError{Permanent: true, Reason: reasonNoFile}
	}
	file, err := c.config.Evidence.Open(a.SHA256)
	if err != nil {
		return 0, &bot.SendError{Permanent: errors.Is(err, bot.ErrNotFound), Reason: reasonNoFile}
	}
	defer file.Close()
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	reader := &capped{from: file, left: maxUpload}
	id, err := c.sendAs(ctx, kind, &models.InputFileUpload{Filename: fileName(a.Name, kind), Data: reader}, e)
	if reader.err != nil { // the library wraps it in words of its own
		return 0, reader.err
	}
	return id, err
}

// sendAs calls the method for a kind of file. An unknown kind goes as a document.
func (c *Client) sendAs(ctx context.Context, kind bot.FileKind, f models.InputFile, e envelope) (int, error) {
	switch kind {
	case bot.Photo:
		return idOf(c.api.SendPhoto(ctx, &tgbot.SendPhotoParams{ChatID: e.chat, Photo: f, Caption: e.text,
			CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
	case bot.Video:
		return idOf(c.api.SendVideo(ctx, &tgbot.SendVideoParams{ChatID: e.chat, Video: f, Caption: e.text,
			CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
	case bot.Audio:
		return idOf(c.api.SendAudio(ctx, &tgbot.SendAudioParams{ChatID: e.chat, Audio: f, Caption: e.text,
			CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
	case bot.Voice:
		return idOf(c.api.SendVoice(ctx, &tgbot.SendVoiceParams{ChatID: e.chat, Voice: f, Caption: e.text,
			CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
	case bot.Animation:
		return idOf(c.api.SendAnimation(ctx, &tgbot.SendAnimationParams{ChatID: e.chat, Animation: f, Caption: e.text,
			CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
	}
	return idOf(c.api.SendDocument(ctx, &tgbot.SendDocumentParams{ChatID: e.chat, Document: f, Caption: e.text,
		CaptionEntities: e.entities, ReplyParameters: e.reply, ReplyMarkup: e.markup}))
}

// fileName is a name fit for a form part: the sender's own, or one that shows the kind.
func fileName(name string, kind bot.FileKind) string {
	name = strings.NewReplacer("/", "_", `\`, "_").Replace(line(name))
	if name != "" {
		return name
	}
	endings := map[bot.FileKind]string{bot.Photo: ".jpg", bot.Video: ".mp4", bot.Audio: ".mp3", bot.Voice: ".ogg",
		bot.Animation: ".mp4"}
	return "file" + endings[kind]
}

// capped reads a file and fails when it is longer than may be uploaded, or cannot be read.
type capped struct {
	from io.Reader
	left int64
	err  *bot.SendError
}

// Read counts what passes.
func (r *capped) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.left -= int64(n)
	switch {
	case r.left < 0:
		r.err = &bot.SendError{Permanent: true, Reason: reasonTooLarge}
		return 0, r.err
	case err != nil && !errors.Is(err, io.EOF):
		r.err = &bot.SendError{Reason: reasonNoFile}
		return n, r.err
	}
	return n, err
}
