package whatsapp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"awassiber/bot"
)

// address is a chat: a person ("…@lid" or "…@s.whatsapp.net") or a group ("…@g.us"), without device.
func address(j types.JID) bot.Address {
	return bot.Address{Network: bot.WhatsApp, Chat: j.ToNonAD().String()}
}

// chatID reads what address made.
func chatID(a bot.Address) (types.JID, error) {
	j, err := types.ParseJID(a.Chat)
	if err == nil && a.Network == bot.WhatsApp && j.User != "" && j == j.ToNonAD() {
		switch j.Server {
		case types.HiddenUserServer, types.DefaultUserServer, types.GroupServer:
			return j, nil
		}
	}
	return types.JID{}, fmt.Errorf("%w: not a WhatsApp chat", bot.ErrAddress) // may be a person's: not shown
}

// IsGroup reports whether an address is a group's.
func IsGroup(a bot.Address) bool {
	return a.Network == bot.WhatsApp && strings.HasSuffix(a.Chat, "@"+types.GroupServer)
}

// messageID names a message within its chat. In a group, where everybody chooses ids, the author is part
// of the name, without whom it can be neither quoted nor told from another's. Our own messages bear their
// id alone.
func messageID(id types.MessageID, group bool, author bot.Address) bot.MessageID {
	if id == "" || !group || author.IsZero() {
		return bot.MessageID(id)
	}
	return bot.MessageID(id + "/" + author.Chat)
}

// stanza reads what messageID made; author is empty in private chats and for our own messages.
func stanza(id bot.MessageID) (stanza types.MessageID, author string) {
	stanza, author, _ = strings.Cut(string(id), "/")
	return stanza, author
}

// updateID names what came by its kind, chat, sender and id, so that its return is recognised.
func updateID(kind string, parts ...string) bot.UpdateID {
	hash := sha256.New()
	for _, p := range parts {
		_ = binary.Write(hash, binary.BigEndian, uint32(len(p))) // a hash takes everything
		hash.Write([]byte(p))
	}
	return bot.UpdateID(kind + "/" + hex.EncodeToString(hash.Sum(nil)[:16]))
}

// sendID is the id of one message of a delivery: the same at every try, since it is computed from the
// outbox's row and its content. It looks like those of WhatsApp's own clients (whatsmeow's
// GenerateMessageID), and hides in its first half when the message was decided: how long it may be edited.
func sendID(d bot.Delivery, part int) (types.MessageID, error) {
	content, err := json.Marshal(d.Message)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "awassiber message %q %d %d %s", d.Unique, d.Since.UnixNano(), part, content))
	raw := sum[:9]
	binary.BigEndian.PutUint32(raw, uint32(d.Since.Unix())^veil(raw[4:]))
	return whatsmeow.WebMessageIDPrefix + strings.ToUpper(hex.EncodeToString(raw)), nil
}

// sendTime is when a message with an id from sendID was decided; for any other id it is nonsense.
func sendTime(id types.MessageID) time.Time {
	raw, err := hex.DecodeString(strings.TrimPrefix(id, whatsmeow.WebMessageIDPrefix))
	if err != nil || len(raw) != 9 {
		return time.Time{}
	}
	return time.Unix(int64(binary.BigEndian.Uint32(raw)^veil(raw[4:])), 0)
}

func veil(rest []byte) uint32 {
	sum := sha256.Sum256(rest)
	return binary.BigEndian.Uint32(sum[:])
}
