package bot

import (
	"fmt"
	"strings"
)

// Network names a chat network. The value stands in addresses, configuration and stored rows,
// so it never changes once used.
type Network string

// The networks the program knows. Sim is the built-in training network.
const (
	Telegram Network = "telegram"
	WhatsApp Network = "whatsapp"
	Sim      Network = "sim"
)

// Networks lists all networks, in the order they are shown.
func Networks() []Network { return []Network{Telegram, WhatsApp, Sim} }

// Address is one chat on one network: a group, or a person's private chat. Chat is opaque; only
// the network's adapter makes and reads it. The zero value means "no address". The address of a
// private chat identifies a person: below the store it is sealed, above it does not occur.
type Address struct {
	Network Network `json:"n,omitempty"`
	Chat    string  `json:"c,omitempty"`
}

// IsZero reports whether a names no chat.
func (a Address) IsZero() bool { return a == Address{} }

// String returns the form used in configuration: "telegram:-1001234567890".
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return string(a.Network) + ":" + a.Chat
}

// ParseAddress reads the form String writes. It returns ErrAddress for anything else.
func ParseAddress(s string) (Address, error) {
	network, chat, ok := strings.Cut(strings.TrimSpace(s), ":")
	if !ok || chat == "" {
		return Address{}, fmt.Errorf("%w: %q is not network:chat", ErrAddress, s)
	}
	switch n := Network(network); n {
	case Telegram, WhatsApp, Sim:
		return Address{Network: n, Chat: chat}, nil
	}
	return Address{}, fmt.Errorf("%w: unknown network %q", ErrAddress, network)
}

// PersonID is the pseudonym of a person on a network: a keyed hash of their address, the same for
// the same person every time, useless without the key file. Empty means nobody, or the system.
type PersonID string

// UpdateID is a network's own identity of an update, unique within the network ("u/81231"). With
// the network it is the key by which a second delivery is recognised.
type UpdateID string

// MessageID is a network's own identity of a message, unique within its chat.
type MessageID string

// MessageRef finds one message again: to edit it, reply to it, or know what a reply is about.
type MessageRef struct {
	Chat Address   `json:"c,omitzero"`
	ID   MessageID `json:"i,omitempty"`
}

// Key is an idempotency key chosen by who enqueues a message: enqueueing the same key again does
// nothing. Empty means the message needs no guard beyond its transaction.
type Key string

// TipID is the sequence number of a tip; it is what a ticket shows. Zero is no tip.
type TipID uint64

// CaseID is the number of a case: that of the tip that opened it. Zero is no case.
type CaseID uint64

// EventID orders all events of the store, oldest first. Zero is before the first.
type EventID uint64

// QueueID names one row of the inbox or outbox. Opaque; the store makes it.
type QueueID string
