package whatsapp

import (
	"context"
	"math/rand/v2"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// Habits are how the bot behaves like somebody at a phone. A zero field is the default, a negative one
// turns the habit off.
//
// The reasons are experience of people who lost numbers, not figures WhatsApp gives: an account that
// answers within milliseconds, never reads and never types looks like what it is. None of this disguises
// bulk messages; those are not sent at all.
type Habits struct {
	ReadAfter   time.Duration // how long after a private message is stored it is shown as read; 3 s
	TypeFrom    int           // characters from which on typing is shown first; 80
	TypePerRune time.Duration // how long typing is shown per character; 12 ms
	TypeMax     time.Duration // and how long at most; 4 s: the outbox waits for a send no longer than 18
	Jitter      time.Duration // a pause up to this long before each message; 1 s
}

func (h Habits) withDefaults() Habits {
	standard(&h.ReadAfter, 3*time.Second)
	standard(&h.TypePerRune, 12*time.Millisecond)
	standard(&h.TypeMax, 4*time.Second)
	standard(&h.Jitter, time.Second)
	if h.TypeFrom == 0 {
		h.TypeFrom = 80
	}
	return h
}

func standard(d *time.Duration, usual time.Duration) {
	if *d == 0 {
		*d = usual
	}
}

// typing is how long typing is shown before a text.
func (h Habits) typing(characters int) time.Duration {
	if h.TypeFrom < 0 || characters < h.TypeFrom || h.TypePerRune < 0 || h.TypeMax < 0 {
		return 0
	}
	return min(time.Duration(characters)*h.TypePerRune, h.TypeMax)
}

// hesitate waits as a person does before a message goes out. Its error is ctx's.
func (c *Client) hesitate(ctx context.Context, to types.JID, text string) error {
	h := c.config.Habits
	if h.Jitter > 0 {
		if err := c.config.Wait(ctx, rand.N(h.Jitter)); err != nil {
			return err
		}
	}
	d := h.typing(len([]rune(text)))
	if d == 0 {
		return nil
	}
	if err := c.waClient().SendChatPresence(ctx, to, types.ChatPresenceComposing, types.ChatPresenceMediaText); err != nil {
		return nil // nobody misses it; the message itself will tell what is wrong
	}
	return c.config.Wait(ctx, d)
}

// readMark is a message to be shown as read.
type readMark struct {
	chat, sender types.JID
	id           types.MessageID
}

// maxReads bounds the marks that wait; a flood is not worth remembering.
const maxReads = 512

// mark plans a read receipt. Groups get none: a bot that was added by a stranger stays unseen.
func (c *Client) mark(m readMark, private bool) {
	if !private || c.config.Habits.ReadAfter < 0 {
		return
	}
	select {
	case c.reads <- m:
	default:
		c.unmarked.Add(1)
	}
}

// markRead shows stored messages as read, all of a person's at once, a while after the first.
func (c *Client) markRead(ctx context.Context) {
	for {
		marks := map[types.JID][]types.MessageID{}
		take := func(m readMark) {
			if m.chat.Server == types.BroadcastServer {
				m.chat = m.sender.ToNonAD()
			}
			marks[m.chat] = append(marks[m.chat], m.id)
		}
		select {
		case <-ctx.Done():
			return
		case m := <-c.reads:
			take(m)
		}
		after := c.config.Habits.ReadAfter
		if c.config.Wait(ctx, after/2+rand.N(after+1)) != nil {
			return
		}
		for len(c.reads) > 0 {
			take(<-c.reads)
		}
		for chat, ids := range marks {
			if err := c.waClient().MarkRead(ctx, ids, c.config.Now(), chat, types.EmptyJID); err != nil {
				c.config.Log.Debug("whatsapp: read receipts not sent")
			}
		}
	}
}
