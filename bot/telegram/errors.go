package telegram

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"

	"awassiber/bot"
)

// Reasons a SendError of this package can carry.
const (
	reasonRate         = "rate"         // 429
	reasonMoved        = "moved"        // the group became a supergroup
	reasonBlocked      = "blocked"      // 403: blocked, kicked, account deleted
	reasonNoChat       = "no_chat"      // 400: no such chat for this bot
	reasonNoRights     = "no_rights"    // 400: the bot may not write there
	reasonRefused      = "refused"      // 400: anything else about the content
	reasonUnauthorised = "unauthorised" // 401, 404: the token is wrong or was revoked
	reasonServer       = "server"       // 5xx and other answers of the server
	reasonTimeout      = "timeout"
	reasonNetwork      = "network"
	reasonUnreadable   = "unreadable" // an answer that is not the API's
	reasonStopped      = "stopped"    // the program is stopping
	reasonNoFile       = "no_file"    // neither Telegram nor the evidence store has the file
	reasonTooLarge     = "too_large"
	reasonEmpty        = "empty" // nothing to send
)

// tokenPause is how long nothing is sent after the token was refused: only a person can help.
const tokenPause = time.Minute

// sendError classifies an error of the client library. Its text is not passed on, except the server's
// description, which is the API's own wording: the library quotes whole answers, and an answer may
// quote a message.
func (c *Client) sendError(err error) *bot.SendError {
	var (
		known   *bot.SendError
		many    *tgbot.TooManyRequestsError
		migrate *tgbot.MigrateError
		timeout net.Error
		wrapped *url.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &many):
		return &bot.SendError{Reason: reasonRate, After: time.Duration(many.RetryAfter) * time.Second}
	case errors.As(err, &migrate):
		return &bot.SendError{Reason: reasonMoved, Moved: address(int64(migrate.MigrateToChatID))}
	case errors.Is(err, tgbot.ErrorForbidden):
		return &bot.SendError{Permanent: true, Reason: reasonBlocked, Err: c.description(err)}
	case errors.Is(err, tgbot.ErrorBadRequest):
		return &bot.SendError{Permanent: true, Reason: badRequest(err), Err: c.description(err)}
	case errors.Is(err, tgbot.ErrorUnauthorized), errors.Is(err, tgbot.ErrorNotFound):
		return &bot.SendError{WholeNetwork: true, After: tokenPause, Reason: reasonUnauthorised}
	case errors.Is(err, context.Canceled):
		return &bot.SendError{Reason: reasonStopped, Err: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &bot.SendError{Reason: reasonTimeout, Err: context.DeadlineExceeded}
	case errors.As(err, &wrapped), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &bot.SendError{Reason: reasonNetwork, Err: c.cause(err)}
	case strings.HasPrefix(err.Error(), "error response from telegram"):
		return &bot.SendError{Reason: reasonServer}
	}
	return &bot.SendError{Reason: reasonUnreadable}
}

// badRequest tells the refusals apart that the desk should know: the API has one code for all.
func badRequest(err error) string {
	switch text := strings.ToLower(err.Error()); {
	case strings.Contains(text, "chat not found"), strings.Contains(text, "peer_id_invalid"),
		strings.Contains(text, "group chat was deactivated"):
		return reasonNoChat
	case strings.Contains(text, "not enough rights"), strings.Contains(text, "have no rights"),
		strings.Contains(text, "chat_write_forbidden"):
		return reasonNoRights
	}
	return reasonRefused
}

// quotedText is what a description may repeat from a message, such as a button's address.
var quotedText = regexp.MustCompile(`"[^"]*"|'[^']*'`)

// description is the server's wording of a refusal, short, without quotations and without the token.
func (c *Client) description(err error) error {
	text := quotedText.ReplaceAllString(c.mask(err.Error()), `"…"`)
	if cut := []rune(text); len(cut) > 160 {
		text = string(cut[:160])
	}
	return errors.New(text)
}

// refused reports whether the server's refusal contains one of some words.
func refused(err error, words ...string) bool {
	if !errors.Is(err, tgbot.ErrorBadRequest) {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// callError is an answer of the API that is not ok, to a call made by ourselves.
type callError struct {
	code  int
	after time.Duration // parameters.retry_after
}

// Error shows the code alone.
func (e *callError) Error() string { return "telegram: error_code " + strconv.Itoa(e.code) }

// errUnreadable: what answered is not the Bot API, or its answer broke off.
var errUnreadable = errors.New("telegram: unreadable answer")
