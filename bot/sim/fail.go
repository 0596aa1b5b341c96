package sim

import (
	"context"

	"awassiber/bot"
)

// Down makes the network fail: while on, Send and Fetch return a temporary error for every chat.
// What people write still arrives.
func (n *Network) Down(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = on
	n.touch(nil)
}

// Block has a person block the bot, or (on false) lift that: Send to them then fails for good.
func (n *Network) Block(person bot.Address, on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if on {
		n.blocked[person.Chat] = true
	} else {
		delete(n.blocked, person.Chat)
	}
	n.touch(nil)
}

// Duplicate delivers the latest delivered update once more, as networks do after a lost answer.
// ErrUnknown if there was none since the start.
func (n *Network) Duplicate(ctx context.Context) error {
	n.flushing.Lock()
	defer n.flushing.Unlock()
	n.mu.Lock()
	last, deliver := n.last, n.deliver
	n.mu.Unlock()
	if last == nil || deliver == nil {
		return ErrUnknown
	}
	return deliver(ctx, []bot.Update{*last})
}

// Migrate gives a group a new address, as when a Telegram group becomes a supergroup, and tells the
// bot by a KindMoved update. Its messages stay with it; Send to the old address then fails with
// bot.SendError.Moved. ErrUnknown if there is no such group or the new address is taken.
func (n *Network) Migrate(ctx context.Context, group, to bot.Address) error {
	n.mu.Lock()
	c := n.chats[group.Chat]
	_, isPerson := n.person(to)
	if c == nil || !c.Group || isPerson || to.Network != bot.Sim || to.Chat == "" ||
		n.chats[to.Chat] != nil || n.moved[to.Chat] != "" {
		n.mu.Unlock()
		return ErrUnknown
	}
	delete(n.chats, group.Chat)
	c.Chat = to.Chat
	n.chats[to.Chat] = c
	n.moved[group.Chat] = to.Chat
	for _, m := range c.Messages {
		m.Chat = to.Chat
		n.touch(m)
	}
	if n.group == group {
		n.group = to
	}
	n.touchPeople()
	u := bot.Update{Kind: bot.KindMoved, Chat: group, MovedTo: to, At: n.clock.Now()}
	n.mu.Unlock()
	n.push(ctx, u)
	return nil
}
