package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// overhead is what encryption adds to a file at most: padding of a block, and the code at its end.
const overhead = 16 + 10

// Fetch opens the bytes of an attachment, decrypted and checked; the caller closes them. They pass through
// a temporary file that has no name any more where the system allows it. What is announced as larger than
// Config.MaxFile is refused without a call, what is longer than announced is broken off. A file that
// WhatsApp's servers have forgotten is asked of the sender's phone once more.
//
// Errors: bot.ErrTooLarge, bot.ErrGone, else a *bot.SendError that says whether to try again.
func (c *Client) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if a.Network != bot.WhatsApp {
		return nil, fmt.Errorf("whatsapp: %w: the file is not WhatsApp's", bot.ErrGone)
	}
	bare, ref, err := readFileID(a.FileID)
	if err != nil {
		return nil, fmt.Errorf("whatsapp: %w", bot.ErrGone)
	}
	limit := c.config.MaxFile
	if a.Size > limit {
		return nil, fmt.Errorf("whatsapp: %w", bot.ErrTooLarge)
	}
	if a.Size > 0 {
		limit = a.Size
	}
	if wait := c.blocked(groupServer); wait != nil {
		return nil, wait
	}
	file, err := newTemporary(limit + overhead)
	if err != nil {
		return nil, &bot.SendError{Reason: reasonSession, Err: errors.New("whatsapp: no temporary file")}
	}
	if err := c.download(ctx, bare, ref, file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(&bot.SendError{Reason: reasonSession, Err: errors.New("whatsapp: the temporary file fails")}, file.Close())
	}
	return file, nil
}

// download gets a file from WhatsApp's servers, or, if they have it no more, by way of the sender's phone.
func (c *Client) download(ctx context.Context, bare *waE2E.Message, ref string, file *temporary) error {
	media, _ := downloadable(bare)
	err := c.waClient().DownloadToFile(ctx, media, file)
	if expired(err) {
		var path string
		if path, err = c.askAgain(ctx, ref, media); err == nil {
			if err = file.restart(); err == nil {
				setPath(bare, path)
				err = c.waClient().DownloadToFile(ctx, media, file)
			}
		}
		if expired(err) {
			return fmt.Errorf("whatsapp: %w", bot.ErrGone)
		}
	}
	return c.fetchError(err, file)
}

// expired: the servers do not have the file, or not for us any more.
func expired(err error) bool {
	return errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith403) || errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith404) ||
		errors.Is(err, whatsmeow.ErrMediaDownloadFailedWith410)
}

func (c *Client) fetchError(err error, file *temporary) error {
	switch {
	case err == nil:
		return nil
	case file.full:
		return fmt.Errorf("whatsapp: %w", bot.ErrTooLarge)
	case errors.Is(err, bot.ErrGone), errors.Is(err, whatsmeow.ErrNoURLPresent), errors.Is(err, whatsmeow.ErrUnknownMediaType):
		return fmt.Errorf("whatsapp: %w", bot.ErrGone)
	case errors.Is(err, whatsmeow.ErrInvalidMediaSHA256), errors.Is(err, whatsmeow.ErrInvalidMediaEncSHA256),
		errors.Is(err, whatsmeow.ErrInvalidMediaHMAC), errors.Is(err, whatsmeow.ErrInvalidUnencryptedMediaSHA256),
		errors.Is(err, whatsmeow.ErrTooShortFile):
		return &bot.SendError{Permanent: true, Reason: reasonBadMedia}
	}
	known := c.sendError(err)
	known.WholeNetwork = false // a file's trouble is no reason to keep silent
	return known
}

// setPath notes where the file is after it was uploaded again.
func setPath(bare *waE2E.Message, path string) {
	p := proto.String(path)
	switch {
	case bare.ImageMessage != nil:
		bare.ImageMessage.DirectPath = p
	case bare.VideoMessage != nil:
		bare.VideoMessage.DirectPath = p
	case bare.PtvMessage != nil:
		bare.PtvMessage.DirectPath = p
	case bare.AudioMessage != nil:
		bare.AudioMessage.DirectPath = p
	case bare.DocumentMessage != nil:
		bare.DocumentMessage.DirectPath = p
	}
}

// temporary is a file that takes so many bytes and no more, and is gone once closed.
type temporary struct {
	*os.File
	limit int64
	full  bool
	once  sync.Once
	err   error
}

var _ whatsmeow.File = (*temporary)(nil)

func newTemporary(limit int64) (*temporary, error) {
	f, err := os.CreateTemp("", "awassiber-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where open files can be removed, a crash leaves nothing behind; else Close removes it
	return &temporary{File: f, limit: limit}, nil
}

// Write refuses what goes over the limit.
func (t *temporary) Write(p []byte) (int, error) {
	at, err := t.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if t.full = at+int64(len(p)) > t.limit; t.full {
		return 0, bot.ErrTooLarge
	}
	return t.File.Write(p)
}

// ReadFrom keeps io.Copy from going around Write.
func (t *temporary) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{t}, r)
}

// restart empties the file.
func (t *temporary) restart() error {
	if _, err := t.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return t.Truncate(0)
}

// Close removes the file.
func (t *temporary) Close() error {
	t.once.Do(func() {
		t.err = t.File.Close()
		_ = os.Remove(t.Name()) // where it could not be removed while open
	})
	return t.err
}
