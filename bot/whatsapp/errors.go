package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"awassiber/bot"
)

// Reasons a SendError of this package can carry, besides the values of State.
const (
	reasonTimeout   = "timeout"        // no answer: whether it arrived is unknown, and it is sent again under the same id
	reasonNetwork   = "network"        // the connection broke
	reasonStopped   = "stopped"        // the program is stopping
	reasonRate      = "rate"           // too fast
	reasonBlocked   = "blocked"        // refused for this chat: blocked, or not allowed to write there
	reasonNoChat    = "no_chat"        // no such person or group, or the bot is not in it
	reasonRefused   = "refused"        // refused for its content
	reasonServer    = "server"         // refused for a reason that may pass
	reasonNoFile    = "no_file"        // neither WhatsApp nor the evidence store has the file
	reasonTooLarge  = "too_large"      // more than WhatsApp takes
	reasonEmpty     = "empty"          // nothing to send
	reasonBadMedia  = "bad_media"      // what came is not the file it should be
	reasonSession   = "session"        // the session file fails
	reasonNoAnswer  = "no_answer"      // the sender's phone did not send the file again in time
	reasonUnpaired  = "pairing"        // State Unpaired
	rateWait        = time.Minute      // after reasonRate
	stateWait       = 15 * time.Second // while only a person can help
	connectionWait  = 5 * time.Second
	maxRequestWait  = 15 * time.Second // less than the outbox waits for a send
	codeTimeLock    = 463
	codeOverLimit   = 429
	codeStaleGroup  = 421
	codeNotInGroup  = 420
	codeRequestTime = 408
)

// kind names an error without its text, which may hold a number.
func kind(err error) string {
	var timeout net.Error
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, whatsmeow.ErrNotConnected, whatsmeow.ErrIQTimedOut,
		whatsmeow.ErrMessageTimedOut, whatsmeow.ErrNotLoggedIn, whatsmeow.ErrAlreadyConnected} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "timeout"
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return fmt.Sprintf("%T", err)
}

// cause is an error that only names another.
func cause(err error) error { return errors.New("whatsapp: " + kind(err)) }

// blocked tells why nothing can be said now, nil if it can. A time-lock concerns private chats.
func (c *Client) blocked(to types.JID) *bot.SendError {
	s := c.track.get()
	switch s.State {
	case Connected, NotStoring:
		return nil
	case TimeLocked:
		if to.Server == types.GroupServer {
			return nil
		}
		locked := c.untilThen(s)
		locked.PersonsOnly = true
		return locked
	case BannedUntil:
		return c.untilThen(s)
	case Starting, Unreachable:
		return &bot.SendError{WholeNetwork: true, After: connectionWait, Reason: string(s.State)}
	}
	return &bot.SendError{WholeNetwork: true, After: stateWait, Reason: string(s.State)}
}

func (c *Client) untilThen(s Status) *bot.SendError {
	return &bot.SendError{WholeNetwork: true, After: max(time.Second, s.Until.Sub(c.config.Now())), Reason: string(s.State)}
}

// sendError classifies an error of the library. Its text is not passed on.
func (c *Client) sendError(err error) *bot.SendError {
	var (
		known *bot.SendError
		query *whatsmeow.IQError
		lost  *whatsmeow.DisconnectedError
		line  net.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		return c.refusal(refusalCode(err))
	case errors.Is(err, context.Canceled):
		return &bot.SendError{Reason: reasonStopped, Err: context.Canceled}
	case errors.Is(err, whatsmeow.ErrMessageTimedOut), errors.Is(err, whatsmeow.ErrIQTimedOut), errors.Is(err, context.DeadlineExceeded):
		return &bot.SendError{Reason: reasonTimeout, Err: context.DeadlineExceeded}
	case errors.Is(err, whatsmeow.ErrNotInGroup), errors.Is(err, whatsmeow.ErrGroupNotFound):
		return &bot.SendError{Permanent: true, Reason: reasonNoChat}
	case errors.Is(err, whatsmeow.ErrUnknownServer), errors.Is(err, whatsmeow.ErrRecipientADJID),
		strings.Contains(err.Error(), "no LID found for"): // of a number that is not on WhatsApp (send.go)
		return &bot.SendError{Permanent: true, Reason: reasonNoChat}
	case errors.Is(err, whatsmeow.ErrNotLoggedIn):
		return &bot.SendError{WholeNetwork: true, After: stateWait, Reason: reasonUnpaired}
	case errors.As(err, &query) && query.Code == codeOverLimit:
		return &bot.SendError{WholeNetwork: true, After: rateWait, Reason: reasonRate}
	case errors.As(err, &query):
		return &bot.SendError{Reason: reasonServer, Err: fmt.Errorf("whatsapp: answer %d", query.Code)}
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.As(err, &lost), errors.As(err, &line):
		return &bot.SendError{WholeNetwork: true, After: connectionWait, Reason: reasonNetwork, Err: cause(err)}
	}
	return &bot.SendError{Reason: reasonServer, Err: cause(err)}
}

// refusalCode is the number in the text of ErrServerReturnedError, which has it nowhere else.
func refusalCode(err error) int {
	fields := strings.Fields(err.Error())
	code, _ := strconv.Atoi(fields[len(fields)-1])
	return code
}

// refusal is what a server's refusal of a message means. 463 is the reach-out time-lock: every further
// attempt makes it longer, so the whole network waits until it ends.
func (c *Client) refusal(code int) *bot.SendError {
	err := fmt.Errorf("whatsapp: refused with %d", code)
	switch code {
	case codeTimeLock:
		end := c.lock(time.Time{})
		return &bot.SendError{WholeNetwork: true, PersonsOnly: true, After: max(time.Second, end.Sub(c.config.Now())), Reason: string(TimeLocked), Err: err}
	case codeOverLimit:
		return &bot.SendError{WholeNetwork: true, After: rateWait, Reason: reasonRate, Err: err}
	case codeStaleGroup, codeRequestTime:
		return &bot.SendError{Reason: reasonServer, Err: err}
	case 404, codeNotInGroup:
		return &bot.SendError{Permanent: true, Reason: reasonNoChat, Err: err}
	case 401, 403, 405, 406:
		return &bot.SendError{Permanent: true, Reason: reasonBlocked, Err: err}
	}
	if code >= 400 && code < 500 {
		return &bot.SendError{Permanent: true, Reason: reasonRefused, Err: err}
	}
	return &bot.SendError{Reason: reasonServer, Err: err}
}
