package whatsapp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"awassiber/bot"
)

// onEvent is the one handler. What it returns true for is acknowledged; after a false the same message
// comes again at the next connection. The library takes a panicking handler for a successful one, so
// panics are contained here.
func (c *Client) onEvent(wa *whatsmeow.Client, e any) (ok bool) {
	c.handle.RLock()
	defer c.handle.RUnlock()
	if c.closed {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			c.panicked(v)
			c.owed.failed(nil, false)
			ok = false
		}
	}()
	switch e := e.(type) {
	case *events.Message:
		return c.onMessage(e)
	case *events.UndecryptableMessage:
		return c.onUndecryptable(e)
	case *events.JoinedGroup:
		u, err := joined(e.JID, e.Name, e.Sender, "joined"+e.ParticipantVersionID, c.config.Now(), c)
		return c.onMembership(u, err)
	case *events.GroupInfo:
		for _, gone := range e.Leave {
			if c.own(gone) {
				u, err := left(e.JID, e.Sender, "left"+e.ParticipantVersionID, e.Timestamp, c)
				return c.onMembership(u, err)
			}
		}
	case *events.MediaRetry:
		c.retries.answer(e)
	default:
		c.onStatus(wa, e)
	}
	return true
}

// panicked counts and logs a panic: its type only, since its value may quote what came.
func (c *Client) panicked(v any) {
	c.panics.Add(1)
	c.config.Log.Error("whatsapp: panic contained", "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
}

func (c *Client) onMessage(e *events.Message) bool {
	ref := rand.Text()[:16]
	updates, err := c.converted(e, ref)
	if err == nil && len(updates) == 0 {
		return true
	}
	if err == nil && hasFiles(updates) {
		err = c.session.keepOrigin(context.Background(), ref, origin{chat: e.Info.Chat.String(), sender: e.Info.Sender.String(),
			id: e.Info.ID}, c.config.Now())
	}
	if err != nil {
		c.config.Log.Error("whatsapp: the session file fails", "error", err)
		c.track.stored(false)
		c.owed.failed(nil, false)
		return false
	}
	u := updates[len(updates)-1]
	c.nameQuoted(u)
	if u.Kind == bot.KindMessage || u.Kind == bot.KindEdit { // before it is stored: the answer may be quick
		c.quotes.put(u.Chat, u.Message.ID, u.Message.Text)
	}
	if !c.deliver(updates, false) {
		return false
	}
	c.pleas.drop(updateID("p", u.Chat.Chat, u.From.Address.Chat, e.Info.ID))
	switch u.Kind {
	case bot.KindMessage, bot.KindEdit:
		c.mark(readMark{chat: e.Info.Chat, sender: e.Info.Sender, id: e.Info.ID}, u.Private)
	case bot.KindRevoked:
		c.quotes.drop(u.Chat, u.Message.ID)
	}
	return true
}

// nameQuoted fills in by what name the author of a quoted message goes, which a quotation does not say: the
// library remembers it of whoever wrote before.
func (c *Client) nameQuoted(u bot.Update) {
	if u.Message == nil || u.Message.ReplyTo == nil || u.Message.ReplyTo.From.Address.IsZero() {
		return
	}
	q := &u.Message.ReplyTo.From
	if who, err := chatID(q.Address); err == nil {
		if known, err := c.waClient().Store.Contacts.GetContact(context.Background(), who); err == nil {
			q.Name = line(known.PushName)
		}
	}
}

// converted is convert, from which a message that makes it panic comes out unread but kept.
func (c *Client) converted(e *events.Message, ref string) (updates []bot.Update, err error) {
	defer func() {
		if v := recover(); v != nil {
			c.panicked(v)
			u := bot.Update{Network: bot.WhatsApp, Kind: bot.KindUnknown,
				ID: updateID("x", e.Info.Chat.String(), e.Info.Sender.ToNonAD().String(), e.Info.ID)}
			updates, err = []bot.Update{unknown(u, e.RawMessage)}, nil
		}
	}()
	return convert(e, c, ref)
}

func hasFiles(updates []bot.Update) bool {
	for _, u := range updates {
		if u.Message != nil && len(u.Message.Files) > 0 {
			return true
		}
	}
	return false
}

// onUndecryptable stores a placeholder. The library has acknowledged the message already and asks for it
// again; if it does not come, its sender is asked in words.
func (c *Client) onUndecryptable(e *events.UndecryptableMessage) bool {
	u, err := undecryptable(e, c)
	switch {
	case err != nil:
		c.config.Log.Error("whatsapp: a placeholder is lost", "error", err)
		c.track.stored(false)
		c.owed.failed(nil, false)
		return false
	case u.ID == "":
		return true
	}
	if u.Kind == bot.KindUnknown && u.Private {
		c.pleas.put(u, c.config.Now().Add(pleaAfter))
	}
	return c.deliver([]bot.Update{u}, true)
}

func (c *Client) onMembership(u bot.Update, err error) bool {
	if err != nil {
		c.config.Log.Error("whatsapp: the session file fails", "error", err)
		c.owed.failed(nil, false)
		return false
	}
	return c.deliver([]bot.Update{u}, false)
}

// deliver stores updates; acknowledged ones are kept until they are stored, since nobody sends them again.
func (c *Client) deliver(updates []bot.Update, acknowledged bool) bool {
	err := c.tryDeliver(updates)
	c.track.stored(err == nil)
	if err == nil {
		return true
	}
	c.config.Log.Error("whatsapp: not stored", "error", err)
	c.owed.failed(updates, acknowledged)
	return false
}

var errPanic = errors.New("whatsapp: the store panicked")

// tryDeliver is one transaction. Stopping must not interrupt it: the message would only come again.
func (c *Client) tryDeliver(updates []bot.Update) (err error) {
	defer func() {
		if v := recover(); v != nil {
			c.panicked(v)
			err = errPanic
		}
	}()
	return c.config.Deliverer.Deliver(context.Background(), updates)
}

// ending is why a connection does not come back by itself.
type ending struct {
	state State
	code  int
	until time.Time
}

// onStatus notes what events tell of the connection.
func (c *Client) onStatus(wa *whatsmeow.Client, e any) {
	now := c.config.Now()
	switch e := e.(type) {
	case *events.Connected:
		c.learn(wa.Store.GetJID(), wa.Store.GetLID())
		c.track.set(Connected, 0, time.Time{})
		select {
		case <-c.resume: // what was asked for has come
		default:
		}
		c.greet(wa)
	case *events.PushNameSetting:
		c.greet(wa)
	case *events.PairSuccess:
		c.learn(e.ID, e.LID)
	case *events.Disconnected:
		if !wa.IsConnected() { // else it is told late, of a connection before this one
			c.end(wa, ending{state: Unreachable})
		}
	case *events.KeepAliveTimeout:
		if e.ErrorCount >= silentPings {
			c.end(wa, ending{state: Unreachable})
		}
	case *events.StreamError:
		code, _ := strconv.Atoi(e.Code)
		c.end(wa, ending{state: Unreachable, code: code})
	case *events.LoggedOut:
		c.end(wa, ending{state: LoggedOut, code: int(e.Reason)})
	case *events.StreamReplaced:
		c.end(wa, ending{state: Replaced})
	case *events.TemporaryBan:
		c.end(wa, ending{state: BannedUntil, code: int(e.Code), until: now.Add(max(e.Expire, leastBan))})
	case *events.ClientOutdated:
		c.end(wa, ending{state: Outdated, code: int(events.ConnectFailureClientOutdated)})
	case *events.ConnectFailure:
		c.end(wa, ending{state: Unreachable, code: int(e.Reason)})
	case *events.NotifyAccountReachoutTimelock:
		if e.IsActive {
			c.lock(e.TimeEnforcementEnds.Time)
		} else {
			c.unlock()
		}
	}
}

// lock notes a time-lock that ends at until, zero if nobody knows when, and returns its end. A lock that
// cannot be written down still holds in this process.
func (c *Client) lock(until time.Time) time.Time {
	end := c.track.locked(until)
	if err := c.session.keepLock(context.Background(), end); err != nil {
		c.config.Log.Error("whatsapp: the time-lock is not written down", "error", err)
	}
	return end
}

// unlock notes that the time-lock is over.
func (c *Client) unlock() {
	c.track.unlocked()
	if err := c.session.keepLock(context.Background(), time.Time{}); err != nil {
		c.config.Log.Error("whatsapp: the end of the time-lock is not written down", "error", err)
	}
}

// silentPings is how many questions in a row, one in about half a minute, may stay unanswered until the line
// is taken for dead.
const silentPings = 4

// leastBan is how long a ban lasts that does not say how long.
const leastBan = time.Hour

// end hands an ending of the client in use to Run.
func (c *Client) end(wa *whatsmeow.Client, e ending) {
	if wa != c.waClient() || !c.paired() && e.state == Unreachable { // a pairing sees that itself
		return
	}
	c.track.set(e.state, e.code, e.until)
	select {
	case c.ended <- e:
	default: // Run has enough to do
	}
}

// greet shows the bot as present: without it others see no name, no second tick and no typing.
func (c *Client) greet(wa *whatsmeow.Client) {
	if err := wa.SendPresence(context.Background(), types.PresenceAvailable); err != nil {
		c.config.Log.Debug("whatsapp: presence not shown yet")
	}
}
