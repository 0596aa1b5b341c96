package sim

import (
	"slices"
	"strconv"
	"time"

	"awassiber/bot"
)

// Message is one message as the people of a chat see it. The JSON form is both the page's and that
// of the saved file.
type Message struct {
	ID   bot.MessageID `json:"id"`
	Chat string        `json:"chat"`           // Address.Chat of the chat it is in
	From string        `json:"from,omitempty"` // Address.Chat of the person; empty: the bot
	Rev  uint64        `json:"rev"`            // grows with every change of anything on the network
	At   time.Time     `json:"at"`
	// Text of the bot carries the marks of bot/text.go; a person's is what they typed.
	Text        string          `json:"text,omitempty"`
	Edited      time.Time       `json:"edited,omitzero"`
	Buttons     [][]bot.Button  `json:"buttons,omitempty"`
	ReplyTo     bot.MessageID   `json:"re,omitempty"`
	Forward     *bot.Forward    `json:"fwd,omitempty"`
	Album       string          `json:"album,omitempty"`
	File        *bot.Attachment `json:"file,omitempty"`
	Location    *bot.Location   `json:"loc,omitempty"`
	Unsupported string          `json:"unsup,omitempty"`
	// Delivered: the bot has it on disk. Always false for the bot's own.
	Delivered bool `json:"ok,omitempty"`
	// Unique is the delivery's stable id, by which a repeated Send is recognised.
	Unique string `json:"uniq,omitempty"`
}

// Note is the passing answer to a pressed button.
type Note struct {
	Rev    uint64 `json:"rev"`
	Chat   string `json:"chat"`
	Person string `json:"person"` // who pressed
	Press  string `json:"press"`
	Text   string `json:"text"`
}

// Passing things are remembered only for who looks soon.
const (
	maxNotes   = 50
	maxPresses = 200
)

// chat is a group, or the private chat of the person with the same address.
type chat struct {
	Chat     string     `json:"chat"`
	Group    bool       `json:"group,omitempty"`
	Messages []*Message `json:"messages"`
}

// chat returns the chat at an address, making it if need be. mu is held.
func (n *Network) chat(address string) *chat {
	address = n.current(address)
	c := n.chats[address]
	if c == nil {
		c = &chat{Chat: address}
		n.chats[address] = c
	}
	return c
}

// current follows the moves of a group. mu is held.
func (n *Network) current(address string) string {
	for {
		to, ok := n.moved[address]
		if !ok {
			return address
		}
		address = to
	}
}

// find returns a message, or nil. mu is held.
func (n *Network) find(address string, id bot.MessageID) *Message {
	c := n.chats[n.current(address)]
	if c == nil {
		return nil
	}
	for _, m := range slices.Backward(c.Messages) {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// add appends a message to its chat, gives it its id and time, and drops the oldest over the
// bound. mu is held.
func (n *Network) add(m *Message) {
	c := n.chat(m.Chat)
	m.Chat, m.ID, m.At = c.Chat, n.nextID(), n.clock.Now().Truncate(time.Millisecond)
	c.Messages = append(c.Messages, m)
	if over := len(c.Messages) - MaxMessages; over > 0 {
		for _, old := range c.Messages[:over] {
			if old.File != nil {
				n.dropDoc(old.File.SHA256)
			}
		}
		c.Messages = slices.Clone(c.Messages[over:])
	}
	n.touch(m)
}

// dropDoc forgets a document unless another message carries it too. The message that goes is
// still in its chat, so one carrier is expected. mu is held.
func (n *Network) dropDoc(sha string) {
	if _, ok := n.docs[sha]; !ok {
		return
	}
	carriers := 0
	for _, c := range n.chats {
		for _, m := range c.Messages {
			if m.File != nil && m.File.SHA256 == sha {
				carriers++
			}
		}
	}
	if carriers <= 1 {
		delete(n.docs, sha)
	}
}

// nextID hands out message ids. Blocks of them are set aside on disk beforehand, so that a crash
// cannot lead to one being used again. mu is held.
func (n *Network) nextID() bot.MessageID {
	n.lastID++
	if n.lastID > n.reserved {
		n.reserved = n.lastID + idBlock
		if err := n.reserve(); err != nil {
			n.log.Error("training network: message ids not set aside", "err", err)
		}
	}
	return bot.MessageID(strconv.FormatUint(n.lastID, 10))
}

// Messages returns copies of a chat's messages that were made or changed after the revision since,
// in the order of the chat. Zero asks for all that are kept.
func (n *Network) Messages(chat bot.Address, since uint64) []Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.chats[n.current(chat.Chat)]
	if c == nil {
		return nil
	}
	return c.since(since)
}

func (c *chat) since(rev uint64) []Message {
	var out []Message
	for _, m := range c.Messages {
		if m.Rev > rev {
			out = append(out, *m)
		}
	}
	return out
}

// Notes returns the passing answers a person got after the revision since.
func (n *Network) Notes(person bot.Address, since uint64) []Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Note
	for _, note := range n.notes {
		if note.Rev > since && note.Person == person.Chat {
			out = append(out, note)
		}
	}
	return out
}

// Rev is the number of the latest change.
func (n *Network) Rev() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rev
}
