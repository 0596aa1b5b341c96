package outbox

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"awassiber/bot"
)

// Rate is a pace: Burst messages at once, one more every Every. The zero value is no limit. In any
// span of time t there are at most Burst + t/Every messages.
type Rate struct {
	Every time.Duration
	Burst int
}

// Limits are how much a network bears. The zero value is no limit at all.
type Limits struct {
	Overall Rate // all chats together
	Chat    Rate // one chat, of whatever kind
	Group   Rate // one group, besides Chat
	// IsGroup tells groups from private chats; nil: there are no groups.
	IsGroup func(bot.Address) bool
}

// TelegramLimits keeps within what Telegram bears (core.telegram.org/bots/faq, "My bot is hitting
// limits"): 30 messages a second in all, one a second in a chat, 20 a minute in a group. Bursts
// are counted in, so that no second has more than 30 and no minute of a group more than 20.
func TelegramLimits(isGroup func(bot.Address) bool) Limits {
	return Limits{
		Overall: Rate{Every: time.Second / 25, Burst: 5},
		Chat:    Rate{Every: time.Second, Burst: 1},
		Group:   Rate{Every: 4 * time.Second, Burst: 5},
		IsGroup: isGroup,
	}
}

// limiter applies Limits. It remembers a chat only as long as its pace differs from a new one's.
type limiter struct {
	l       Limits
	overall *rate.Limiter

	mu    sync.Mutex
	chats map[bot.Address]*chatLimiter
	sweep int // number of chats at which the settled ones are forgotten
}

type chatLimiter struct {
	chat, group *rate.Limiter
	waiting     int // goroutines that hold it
}

const sweepAt = 1024

func newLimiter(l Limits) *limiter {
	return &limiter{l: l, overall: l.Overall.limiter(), chats: map[bot.Address]*chatLimiter{}, sweep: sweepAt}
}

func (r Rate) limiter() *rate.Limiter {
	if r.Every <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Every(r.Every), max(r.Burst, 1))
}

// wait returns when a message to the address may be sent, and counts it. Its error is ctx's, or
// comes at once if ctx's deadline is known to pass before. An answer to a button press is no
// message in a chat and heeds the overall limit only.
//
// The chat's turn is awaited first and the overall place taken at the moment of sending, or messages
// that waited for their chats would bunch; and the chat's pace is counted from that moment too, or
// a message that waited for its place would be followed too soon. Nothing else is counted in
// between, since the Outbox has one message of a chat in flight.
func (l *limiter) wait(ctx context.Context, to bot.Address, answer bool) error {
	if answer {
		return l.overall.Wait(ctx)
	}
	c := l.take(to)
	defer l.release(c)
	for d := c.left(); d > 0; d = c.left() {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
			return context.DeadlineExceeded
		}
		sleep(ctx, d, nil)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := l.overall.Wait(ctx); err != nil {
		return err
	}
	now := time.Now()
	c.chat.AllowN(now, 1)
	c.group.AllowN(now, 1)
	return nil
}

// left is how long until the chat may have another message.
func (c *chatLimiter) left() time.Duration {
	now := time.Now()
	return max(left(c.chat, now), left(c.group, now))
}

func left(r *rate.Limiter, now time.Time) time.Duration {
	if r.Limit() == rate.Inf {
		return 0
	}
	// Rounded up to a whole nanosecond and one more, so that the token is whole when it is taken.
	if missing := 1 - r.TokensAt(now); missing > 0 {
		return time.Duration(missing/float64(r.Limit())*float64(time.Second)) + 2
	}
	return 0
}

func (l *limiter) take(to bot.Address) *chatLimiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.chats[to]
	if c == nil {
		l.forget()
		c = &chatLimiter{chat: l.l.Chat.limiter(), group: Rate{}.limiter()}
		if l.l.IsGroup != nil && l.l.IsGroup(to) {
			c.group = l.l.Group.limiter()
		}
		l.chats[to] = c
	}
	c.waiting++
	return c
}

func (l *limiter) release(c *chatLimiter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.waiting--
}

// forget drops chats whose pace is that of a new one, when there are many.
func (l *limiter) forget() {
	if len(l.chats) < l.sweep {
		return
	}
	now := time.Now()
	for to, c := range l.chats {
		if c.waiting == 0 && full(c.chat, now) && full(c.group, now) {
			delete(l.chats, to)
		}
	}
	l.sweep = max(sweepAt, 2*len(l.chats))
}

func full(r *rate.Limiter, now time.Time) bool {
	return r.Limit() == rate.Inf || r.TokensAt(now) >= float64(r.Burst())
}
