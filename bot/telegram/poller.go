package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// defaultPoll is how long Telegram may hold a request open when nothing happens.
const defaultPoll = 50 * time.Second

// Waits between failed rounds: they double from the first to the last, each jittered by half.
const (
	firstWait    = 500 * time.Millisecond
	lastWait     = 30 * time.Second
	conflictWait = 5 * time.Second // at least, so that two processes do not throw each other out all day
)

// allowed lists the updates we ask for; all others Telegram does not send.
func allowed() []string {
	return []string{models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateChannelPost,
		models.AllowedUpdateEditedChannelPost, models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember}
}

// PollConfig tunes a Poller. The zero value is right for production.
type PollConfig struct {
	// Timeout is how long Telegram may hold a request open, in whole seconds; zero: 50 s, negative: not
	// at all.
	Timeout time.Duration
	// Changed is called on every change of state, by the poller's own goroutine.
	Changed func(from, to Status)
	// Wait pauses after a failed round; it returns ctx's error when that ends first. nil: a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// Poller receives by getUpdates (https://core.telegram.org/bots/api#getupdates). A batch is
// acknowledged, by the next request's offset, only after it was delivered.
type Poller struct {
	client *Client
	to     Deliverer
	config PollConfig
	track  *tracker
	wait   time.Duration // of the last failed round, zero after a good one
}

// Poller makes a poller that delivers to a store. Only one may run with a token at a time.
func (c *Client) Poller(to Deliverer, config PollConfig) *Poller {
	switch {
	case config.Timeout == 0:
		config.Timeout = defaultPoll
	case config.Timeout < 0:
		config.Timeout = 0
	}
	if config.Wait == nil {
		config.Wait = pause
	}
	return &Poller{client: c, to: to, config: config, track: newTracker(c.config.Now, config.Changed)}
}

// Status tells how it goes. It may be called from any goroutine.
func (p *Poller) Status() Status { return p.track.get() }

// Run receives until ctx ends, and then returns nil. No failure ends it: it backs off and tries again.
// A batch in hand when ctx ends is still delivered.
//
// It first removes a webhook, which would keep getUpdates from working, leaving what waits. It starts
// without an offset and never keeps one between runs: Telegram restarts its numbers after a quiet week,
// and a kept higher offset would then acknowledge nothing for ever.
func (p *Poller) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := p.client.DeleteWebhook(ctx); err == nil {
			break
		} else if p.failed(ctx, err) != nil {
			return nil
		}
	}
	var offset int64
	for ctx.Err() == nil {
		next, err := p.round(ctx, offset)
		offset = next
		if err != nil && p.failed(ctx, err) != nil {
			return nil
		}
	}
	return nil
}

// errStuck: the last update of a batch has no readable id, so that no offset moves past it.
var errStuck = errors.New("telegram: the last update of the batch has no readable update_id")

// errDeliver: the store did not take a batch.
var errDeliver = errors.New("telegram: the batch was not stored")

// round asks once, delivers, and returns the offset to ask with next.
func (p *Poller) round(ctx context.Context, offset int64) (int64, error) {
	hold := p.config.Timeout
	if p.track.get().State != Receiving {
		hold = 0 // know at once whether it works, not when the first update comes
	}
	raw, err := p.client.call(ctx, "getUpdates", getUpdates{Offset: offset, Limit: 100,
		Timeout: int(hold.Seconds()), Allowed: allowed()}, hold+15*time.Second)
	if err != nil {
		return offset, err
	}
	var batch []json.RawMessage
	if json.Unmarshal(raw, &batch) != nil {
		return offset, errUnreadable
	}
	if len(batch) > 0 {
		updates := make([]bot.Update, len(batch))
		for i, element := range batch {
			updates[i] = Convert(element)
		}
		// Stopping must not interrupt a transaction: Telegram would only send the batch again.
		if err := p.to.Deliver(context.WithoutCancel(ctx), updates); err != nil {
			return offset, errors.Join(errDeliver, err)
		}
		offset, err = nextOffset(updates, offset)
	}
	p.track.set(Receiving)
	if err == nil {
		p.wait = 0
	}
	return offset, err
}

// getUpdates is the request's body.
type getUpdates struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"`
	Allowed []string `json:"allowed_updates"`
}

// nextOffset is one more than the last id of this batch, not the highest ever seen: numbers may restart.
func nextOffset(batch []bot.Update, offset int64) (int64, error) {
	var err error
	for _, u := range batch {
		n := updateNumber(u.ID)
		err = errStuck
		if n > 0 {
			offset, err = n+1, nil
		}
	}
	return offset, err
}

// failed notes a failed round and waits. Its error means that ctx ended.
func (p *Poller) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var refusal *callError
	state, least := Unreachable, firstWait
	switch {
	case errors.Is(err, errStuck):
		state = Receiving
	case errors.Is(err, errDeliver):
		state = NotStoring
	case errors.As(err, &refusal):
		least = max(least, refusal.after)
		switch refusal.code {
		case http.StatusConflict:
			state, least = Conflict, conflictWait
		case http.StatusUnauthorized, http.StatusNotFound:
			state, least = Unauthorised, conflictWait
		}
	}
	p.track.set(state)
	p.wait = max(min(2*p.wait, lastWait), least)
	wait := p.wait + rand.N(p.wait/2)
	p.client.config.Log.Warn("telegram: receiving failed", "state", state, "wait", wait, "error", err)
	return p.config.Wait(ctx, wait)
}

// pause waits on the clock.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
