package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"awassiber/bot"
)

// retryWait is how long a sender's phone may take to upload a file again. A phone that is off answers
// later; the fetch is then tried again.
const retryWait = 40 * time.Second

// groupServer stands for "any group" where only the kind of chat matters.
var groupServer = types.GroupServerJID

// retries are the files asked for again, by message id.
type retries struct {
	mu      sync.Mutex
	waiting map[types.MessageID][]chan *events.MediaRetry
}

func (r *retries) init() { r.waiting = map[types.MessageID][]chan *events.MediaRetry{} }

// expect returns where the answer for a message will come, and what ends the waiting.
func (r *retries) expect(id types.MessageID) (<-chan *events.MediaRetry, func()) {
	answer := make(chan *events.MediaRetry, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[id] = append(r.waiting[id], answer)
	return answer, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		rest := r.waiting[id][:0]
		for _, other := range r.waiting[id] {
			if other != answer {
				rest = append(rest, other)
			}
		}
		if r.waiting[id] = rest; len(rest) == 0 {
			delete(r.waiting, id)
		}
	}
}

// answer hands an answer to whoever waits.
func (r *retries) answer(e *events.MediaRetry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, to := range r.waiting[e.MessageID] {
		select {
		case to <- e:
		default: // has one already
		}
	}
}

// askAgain has the sender's phone upload a file once more and returns its new path. bot.ErrGone: the
// phone does not have it either, or we do not know any more whom to ask.
func (c *Client) askAgain(ctx context.Context, ref string, media whatsmeow.DownloadableMessage) (string, error) {
	from, err := c.session.origin(ctx, ref)
	switch {
	case errors.Is(err, bot.ErrNotFound), len(media.GetMediaKey()) == 0:
		return "", fmt.Errorf("whatsapp: %w", bot.ErrGone)
	case err != nil:
		return "", &bot.SendError{Reason: reasonSession, Err: cause(err)}
	}
	chat, err1 := types.ParseJID(from.chat)
	sender, err2 := types.ParseJID(from.sender)
	if err1 != nil || err2 != nil {
		return "", fmt.Errorf("whatsapp: %w", bot.ErrGone)
	}
	answer, done := c.retries.expect(from.id)
	defer done()
	info := &types.MessageInfo{ID: from.id, MessageSource: types.MessageSource{Chat: chat, Sender: sender,
		IsGroup: chat.Server == types.GroupServer}}
	if err := c.waClient().SendMediaRetryReceipt(ctx, info, media.GetMediaKey()); err != nil {
		return "", err
	}
	timer := time.NewTimer(retryWait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-timer.C:
		return "", &bot.SendError{Reason: reasonNoAnswer}
	case e := <-answer:
		told, err := whatsmeow.DecryptMediaRetryNotification(e, media.GetMediaKey())
		if err != nil || told.GetResult() != waMmsRetry.MediaRetryNotification_SUCCESS || told.GetDirectPath() == "" {
			return "", fmt.Errorf("whatsapp: %w", bot.ErrGone)
		}
		return told.GetDirectPath(), nil
	}
}
