package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// maxUpload is the largest file sent, in bytes. WhatsApp's apps take documents of 2 GB; a case has none.
const maxUpload = 64 << 20

// takesCaption reports whether a file can carry words. Sounds and round videos cannot.
func takesCaption(m *bot.Message) bool {
	if m.File == nil {
		return true
	}
	if bare, _, err := readFileID(m.File.FileID); err == nil && m.File.Network == bot.WhatsApp && bare.GetPtvMessage() != nil {
		return false
	}
	return m.File.Kind != bot.Audio && m.File.Kind != bot.Voice
}

// fileMessage is the file of a message: by reference if it is WhatsApp's, else uploaded.
func (c *Client) fileMessage(ctx context.Context, m *bot.Message, caption string, quoted *waE2E.ContextInfo) (*waE2E.Message, error) {
	var message *waE2E.Message
	var err error
	switch {
	case m.Document != nil:
		a := bot.Attachment{Kind: bot.File, Name: m.Document.Name, MIME: m.Document.MIME}
		message, err = c.upload(ctx, a, bytes.NewReader(m.Document.Data))
	case m.File.Network == bot.WhatsApp && m.File.SHA256 == "":
		message, err = reference(m.File)
	case m.File.Network == bot.WhatsApp:
		if message, err = reference(m.File); err != nil {
			message, err = c.uploadStored(ctx, *m.File)
		}
	default:
		message, err = c.uploadStored(ctx, *m.File)
	}
	if err != nil {
		return nil, err
	}
	dress(message, caption, quoted)
	return message, nil
}

// reference is a file of WhatsApp's, sent again without moving a byte.
func reference(a *bot.Attachment) (*waE2E.Message, error) {
	bare, _, err := readFileID(a.FileID)
	if err != nil {
		return nil, &bot.SendError{Permanent: true, Reason: reasonNoFile}
	}
	if media, _ := downloadable(bare); media.GetDirectPath() == "" {
		return nil, &bot.SendError{Permanent: true, Reason: reasonNoFile}
	}
	return bare, nil
}

// uploadStored sends the bytes of the evidence store.
func (c *Client) uploadStored(ctx context.Context, a bot.Attachment) (*waE2E.Message, error) {
	if a.Size > maxUpload {
		return nil, &bot.SendError{Permanent: true, Reason: reasonTooLarge}
	}
	if a.SHA256 == "" || c.config.Evidence == nil {
		return nil, &bot.SendError{Permanent: true, Reason: reasonNoFile}
	}
	file, err := c.config.Evidence.Open(a.SHA256)
	if err != nil {
		return nil, &bot.SendError{Permanent: errors.Is(err, bot.ErrNotFound), Reason: reasonNoFile}
	}
	defer file.Close()
	return c.upload(ctx, a, file)
}

// upload encrypts and uploads bytes; only ciphertext touches the disk.
func (c *Client) upload(ctx context.Context, a bot.Attachment, from io.Reader) (*waE2E.Message, error) {
	source := &capped{from: from, left: maxUpload}
	up, err := c.waClient().UploadReader(ctx, source, nil, mediaType(a.Kind))
	switch {
	case source.err != nil:
		return nil, source.err
	case err != nil:
		return nil, err
	}
	return described(a, up), nil
}

func mediaType(k bot.FileKind) whatsmeow.MediaType {
	switch k {
	case bot.Photo:
		return whatsmeow.MediaImage
	case bot.Video, bot.Animation:
		return whatsmeow.MediaVideo
	case bot.Audio, bot.Voice:
		return whatsmeow.MediaAudio
	}
	return whatsmeow.MediaDocument
}

// described is the message that shows an uploaded file.
func described(a bot.Attachment, up whatsmeow.UploadResponse) *waE2E.Message {
	length := proto.Uint64(up.FileLength)
	switch a.Kind {
	case bot.Photo:
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Mimetype: mime(a, "image/jpeg"), URL: &up.URL, DirectPath: &up.DirectPath,
			MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: length}}
	case bot.Video, bot.Animation:
		return &waE2E.Message{VideoMessage: &waE2E.VideoMessage{Mimetype: mime(a, "video/mp4"), URL: &up.URL, DirectPath: &up.DirectPath,
			MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: length,
			Seconds: proto.Uint32(uint32(max(a.Seconds, 0))), GifPlayback: proto.Bool(a.Kind == bot.Animation)}}
	case bot.Audio, bot.Voice:
		usual := "audio/mpeg"
		if a.Kind == bot.Voice {
			usual = "audio/ogg; codecs=opus"
		}
		return &waE2E.Message{AudioMessage: &waE2E.AudioMessage{Mimetype: mime(a, usual), URL: &up.URL, DirectPath: &up.DirectPath,
			MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: length,
			Seconds: proto.Uint32(uint32(max(a.Seconds, 0))), PTT: proto.Bool(a.Kind == bot.Voice)}}
	}
	name := fileName(a.Name)
	return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{Mimetype: mime(a, "application/octet-stream"), URL: &up.URL,
		DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256,
		FileLength: length, FileName: &name, Title: &name}}
}

func mime(a bot.Attachment, usual string) *string {
	if m := line(a.MIME); m != "" {
		return &m
	}
	return &usual
}

// fileName is a name that no phone takes for a path.
func fileName(name string) string {
	if name = strings.NewReplacer("/", "_", `\`, "_").Replace(line(name)); name == "" {
		return "file"
	}
	return name
}

// dress adds words and a quotation to a file.
func dress(m *waE2E.Message, caption string, quoted *waE2E.ContextInfo) {
	var words *string
	if caption != "" {
		words = &caption
	}
	switch {
	case m.ImageMessage != nil:
		m.ImageMessage.Caption, m.ImageMessage.ContextInfo = words, quoted
	case m.VideoMessage != nil:
		m.VideoMessage.Caption, m.VideoMessage.ContextInfo = words, quoted
	case m.DocumentMessage != nil:
		m.DocumentMessage.Caption, m.DocumentMessage.ContextInfo = words, quoted
	case m.AudioMessage != nil:
		m.AudioMessage.ContextInfo = quoted
	case m.PtvMessage != nil:
		m.PtvMessage.ContextInfo = quoted
	}
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
