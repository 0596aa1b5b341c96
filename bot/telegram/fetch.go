package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	tgbot "github.com/go-telegram/bot"

	"awassiber/bot"
)

// MaxDownload is the largest file a bot may fetch from the public server, in bytes
// (https://core.telegram.org/bots/api#getfile).
const MaxDownload = 20 << 20

// Fetch opens the bytes of an attachment; the caller closes them and checks the error of reading. A file
// known to be over MaxDownload is refused without a call, unless a local server is configured.
//
// Errors: bot.ErrTooLarge, bot.ErrGone, else a *bot.SendError that says whether to try again. Reading
// past the limit returns bot.ErrTooLarge. ctx and a deadline of five minutes hold until Close.
func (c *Client) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if a.Network != bot.Telegram || a.FileID == "" {
		return nil, fmt.Errorf("telegram: %w: the file is not Telegram's", bot.ErrGone)
	}
	if a.Size > MaxDownload && c.config.LocalFiles == "" {
		return nil, fmt.Errorf("telegram: %w", bot.ErrTooLarge)
	}
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	file, err := c.api.GetFile(ctx, &tgbot.GetFileParams{FileID: strings.TrimPrefix(a.FileID, noteMark)})
	if err != nil {
		cancel()
		return nil, c.fetchError(err)
	}
	if filepath.IsAbs(file.FilePath) {
		cancel()
		return c.openLocal(file.FilePath)
	}
	body, err := c.download(ctx, file.FilePath)
	if err != nil {
		cancel()
		return nil, err
	}
	return &download{client: c, body: body, left: MaxDownload, cancel: cancel}, nil
}

func (c *Client) fetchError(err error) error {
	switch {
	case refused(err, "file is too big"):
		return fmt.Errorf("telegram: %w", bot.ErrTooLarge)
	case refused(err, "temporarily unavailable"): // said of lost files as well: the tries run out then
		return &bot.SendError{Reason: reasonNoFile, Err: c.description(err)}
	case refused(err, "file_id", "file identifier", "file reference", "file not found"):
		return fmt.Errorf("telegram: %w", bot.ErrGone)
	}
	return c.sendError(err)
}

// download gets a file_path. Its URL contains the token.
func (c *Client) download(ctx context.Context, path string) (io.ReadCloser, error) {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s == "" || s == "." || s == ".." {
			return nil, &bot.SendError{Permanent: true, Reason: reasonUnreadable}
		}
		segments[i] = url.PathEscape(s)
	}
	address := c.config.API + "/file/bot" + c.config.Token + "/" + strings.Join(segments, "/")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, c.sendError(c.cause(err))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.sendError(err)
	}
	switch {
	case resp.StatusCode == http.StatusOK && resp.ContentLength <= MaxDownload:
		return resp.Body, nil
	case resp.StatusCode == http.StatusOK:
		err = fmt.Errorf("telegram: %w", bot.ErrTooLarge)
	case resp.StatusCode == http.StatusNotFound:
		err = fmt.Errorf("telegram: %w", bot.ErrGone)
	case resp.StatusCode == http.StatusUnauthorized:
		err = &bot.SendError{WholeNetwork: true, After: tokenPause, Reason: reasonUnauthorised}
	default:
		err = &bot.SendError{Reason: reasonServer}
	}
	_ = resp.Body.Close() // nothing was read from it
	return nil, err
}

// openLocal opens a file of a local Bot API server, inside the configured directory only.
func (c *Client) openLocal(path string) (io.ReadCloser, error) {
	if c.config.LocalFiles == "" {
		return nil, &bot.SendError{Permanent: true, Reason: reasonUnreadable,
			Err: errors.New("telegram: the server answers with paths of its own disk; no directory is configured for them")}
	}
	inside, err := filepath.Rel(c.config.LocalFiles, path)
	if err != nil {
		return nil, &bot.SendError{Permanent: true, Reason: reasonUnreadable}
	}
	root, err := os.OpenRoot(c.config.LocalFiles)
	if err != nil {
		return nil, &bot.SendError{Reason: reasonNoFile, Err: c.cause(err)}
	}
	defer root.Close()
	file, err := root.Open(inside)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("telegram: %w", bot.ErrGone)
	}
	if err != nil { // the path is named after the token
		return nil, &bot.SendError{Permanent: true, Reason: reasonNoFile, Err: errors.New("telegram: the file cannot be opened")}
	}
	return file, nil
}

// download reads a body up to the limit.
type download struct {
	client *Client
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read passes bytes on until the limit; errors are without the URL.
func (d *download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	d.left -= int64(n)
	switch {
	case d.left < 0:
		return 0, fmt.Errorf("telegram: %w", bot.ErrTooLarge)
	case err == nil, errors.Is(err, io.EOF):
		return n, err
	}
	return n, d.client.sendError(err)
}

// Close ends the request.
func (d *download) Close() error {
	defer d.cancel()
	return d.body.Close()
}
