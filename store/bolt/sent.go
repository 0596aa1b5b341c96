package bolt

import (
	"bytes"
	"fmt"

	"awassiber/bot"
)

// sentRow tells where the message of a key went. Chat is empty for a private chat: there it is
// where the edit goes, and nothing is left to erase with the person.
type sentRow struct {
	Chat bot.Address   `json:"c,omitzero"`
	ID   bot.MessageID `json:"i"`
}

// dropOut removes an outbox row, and the note that it is the edit to replace.
func (x *tx) dropOut(r row) error {
	if r.flags&flagKeyed != 0 {
		var out outRow
		if err := x.outbox().open(r, &out); err != nil {
			return err
		}
		key := []byte(out.Message.Edit)
		if v := x.bucket(tEdit).Get(key); len(v) > 0 && bytes.Equal(v[1:], r.key) {
			if err := x.remove(tEdit, key); err != nil {
				return err
			}
		}
	}
	return x.outbox().drop(r)
}

// remembered keeps where the message of a key is now. Group messages can be found by it as well.
func (x *tx) remembered(key bot.Key, ref bot.MessageRef, group bool) error {
	if key == "" {
		return nil
	}
	now := sentRow{ID: ref.ID}
	if group {
		now.Chat = ref.Chat
	}
	old, err := x.sent(key)
	if err != nil || old == now {
		return err
	}
	if err := x.put(tKey, []byte(key), nil, now); err != nil || !group {
		return err
	}
	return x.put(tRef, x.refKey(ref), nil, key)
}

// answerable makes a message to a person known by where it stands, so that a reply which quotes it can be
// told what it answers. The row names a tip at most, and is found by who has the address alone.
func (x *tx) answerable(out outRow, id bot.MessageID) error {
	if out.Message.Answerable == "" || out.Message.Person == "" {
		return nil
	}
	return x.put(tRef, x.refKey(bot.MessageRef{Chat: out.Private, ID: id}), nil, out.Message.Answerable)
}

// sent reads the row of a key; zero if the key is unknown or not sent yet.
func (x *tx) sent(key bot.Key) (sentRow, error) {
	var s sentRow
	v := x.bucket(tKey).Get([]byte(key))
	if len(v) < 2 {
		return s, nil
	}
	err := x.decode(tKey, []byte(key), v, &s)
	return s, err
}

// sentRef is the message of a key, as an edit on its way to to needs it.
func (x *tx) sentRef(key bot.Key, to bot.Address) (bot.MessageRef, error) {
	s, err := x.sent(key)
	if err != nil || s.ID == "" {
		return bot.MessageRef{}, err
	}
	if s.Chat.IsZero() {
		s.Chat = to
	}
	return bot.MessageRef{Chat: s.Chat, ID: s.ID}, nil
}

func (x *tx) refKey(ref bot.MessageRef) []byte {
	m := x.s.keys.Mark("ref", string(ref.Chat.Network), ref.Chat.Chat, string(ref.ID))
	return m[:]
}

// WasSent implements bot.OutboxTx.
func (x *tx) WasSent(key bot.Key) (bool, error) {
	s, err := x.sent(key)
	return s.ID != "", err
}

// KeyOf implements bot.OutboxTx.
func (x *tx) KeyOf(ref bot.MessageRef) (bot.Key, error) {
	var key bot.Key
	err := x.get(tRef, x.refKey(ref), &key)
	return key, err
}

func (x *tx) movedKey(a bot.Address) []byte {
	m := x.s.keys.Mark("moved", string(a.Network), a.Chat)
	return m[:]
}

// Moved implements bot.OutboxTx. A chat that returns to an address it had is there again.
func (x *tx) Moved(from, to bot.Address) error {
	if from == to || from.IsZero() || to.IsZero() {
		return fmt.Errorf("%w: a chat cannot move there", bot.ErrAddress)
	}
	if err := x.remove(tMoved, x.movedKey(to)); err != nil {
		return err
	}
	return x.put(tMoved, x.movedKey(from), nil, to)
}

// ResolveAddress implements bot.OutboxTx. Moved leaves no circles, so that this ends.
func (x *tx) ResolveAddress(a bot.Address) (bot.Address, error) {
	for {
		var to bot.Address
		err := x.get(tMoved, x.movedKey(a), &to)
		if err == bot.ErrNotFound {
			return a, nil
		}
		if err != nil {
			return bot.Address{}, err
		}
		a = to
	}
}
