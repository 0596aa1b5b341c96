package telegram

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// Words that Convert puts into Incoming.Unsupported besides the names of contents. None of them
// deserves an answer.
const (
	FromBot     = "bot"     // another bot wrote it
	FromChannel = "channel" // a post in a channel the bot is in
	FromService = "service" // Telegram's own notice: somebody joined, a title changed, the bot was blocked
)

// Convert turns one update as the Bot API sends it into the program's words. It never fails: what it
// cannot read, or does not know, becomes a KindUnknown with the bytes in Raw, and with whatever chat
// and sender can still be made out, so that it can be erased with that person's data.
//
// Its ID is "u/" and update_id, or "raw/" and a hash if there is no readable update_id. At is zero for
// button presses, which the API does not date. Texts and names have passed bot.Clean; Press.Data is as
// it came.
func Convert(raw []byte) bot.Update {
	var in models.Update
	if err := json.Unmarshal(raw, &in); err != nil || in.ID <= 0 {
		return unknown(raw)
	}
	u := bot.Update{Network: bot.Telegram, ID: updateID(in.ID)}
	ok := false
	switch {
	case in.Message != nil:
		ok = message(&u, bot.KindMessage, in.Message)
	case in.EditedMessage != nil:
		ok = message(&u, bot.KindEdit, in.EditedMessage)
	case in.ChannelPost != nil:
		ok = message(&u, bot.KindMessage, in.ChannelPost)
	case in.EditedChannelPost != nil:
		ok = message(&u, bot.KindEdit, in.EditedChannelPost)
	case in.CallbackQuery != nil:
		ok = press(&u, in.CallbackQuery)
	case in.MyChatMember != nil:
		ok = membership(&u, in.MyChatMember)
	}
	if !ok {
		return unknown(raw)
	}
	return u
}

// message fills u from a message, or reports that it is not one.
func message(u *bot.Update, kind bot.UpdateKind, m *models.Message) bool {
	if m.Chat.ID == 0 {
		return false
	}
	u.Kind = kind
	place(u, m.Chat)
	u.From = sender(m)
	u.At = moment(m.Date)
	if kind == bot.KindEdit {
		u.At = moment(m.EditDate)
	}
	if m.MigrateToChatID != 0 {
		u.Kind, u.MovedTo = bot.KindMoved, address(m.MigrateToChatID)
		return true
	}
	in := &bot.Incoming{ID: messageID(m.ID), Album: m.MediaGroupID}
	in.Unsupported = content(in, m)
	switch {
	case m.Chat.Type == models.ChatTypeChannel:
		in.Unsupported = FromChannel
	case m.From != nil && m.From.IsBot && m.SenderChat == nil && m.From.ID != anonymousAdmin:
		in.Unsupported = FromBot
	}
	u.Message = in
	return true
}

// place says where something happened.
func place(u *bot.Update, c models.Chat) {
	u.Chat, u.Private = address(c.ID), c.Type == models.ChatTypePrivate
}

// anonymousAdmin is the account in whose name a group's anonymous administrators write
// (https://core.telegram.org/bots/api#message, sender_chat).
const anonymousAdmin = 1087968824

// sender is who wrote a message. Whoever writes in a chat's name (an anonymous administrator, a linked
// channel) has that chat's title and no address: nobody knows who it was.
func sender(m *models.Message) bot.Person {
	switch {
	case m.SenderChat != nil:
		return bot.Person{Name: line(m.SenderChat.Title)}
	case m.From != nil:
		return person(m.From)
	case m.Chat.Type == models.ChatTypePrivate:
		return bot.Person{Address: address(m.Chat.ID), Name: line(m.Chat.FirstName + " " + m.Chat.LastName)}
	}
	return bot.Person{}
}

// person is a user as a sender; bots are nobody.
func person(u *models.User) bot.Person {
	if u.IsBot || u.ID <= 0 {
		return bot.Person{}
	}
	return bot.Person{Address: address(u.ID), Name: userName(u)}
}

func userName(u *models.User) string { return line(u.FirstName + " " + u.LastName) }

// line makes text from outside fit into one line.
func line(s string) string { return strings.Join(strings.Fields(bot.Clean(s)), " ") }

// moment reads a date of the API, seconds since 1970. Dates that JSON could not write again are none.
func moment(seconds int) time.Time {
	const end = 253402300800 // the year 10000
	if seconds <= 0 || seconds >= end {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// press fills u from a pressed button. Its message may be too old for the API to show, or have been
// sent through inline mode, in which case only the presser is known.
func press(u *bot.Update, q *models.CallbackQuery) bool {
	if q.From.ID <= 0 || q.ID == "" {
		return false
	}
	u.Kind, u.From = bot.KindPress, person(&q.From)
	u.Press = &bot.Press{ID: q.ID, Data: q.Data}
	switch at := q.Message; {
	case at.Message != nil && at.Message.Chat.ID != 0:
		place(u, at.Message.Chat)
		u.Press.MessageID = messageID(at.Message.ID)
	case at.InaccessibleMessage != nil && at.InaccessibleMessage.Chat.ID != 0:
		place(u, at.InaccessibleMessage.Chat)
		u.Press.MessageID = messageID(at.InaccessibleMessage.MessageID)
	default:
		u.Chat, u.Private = address(q.From.ID), true
	}
	return true
}

// membership is the bot being added to a group, or removed, blocked or unblocked.
func membership(u *bot.Update, m *models.ChatMemberUpdated) bool {
	if m.Chat.ID == 0 {
		return false
	}
	u.Kind, u.From, u.At = bot.KindMessage, person(&m.From), moment(m.Date)
	place(u, m.Chat)
	if group := m.Chat.Type == models.ChatTypeGroup || m.Chat.Type == models.ChatTypeSupergroup; group && !inside(m.OldChatMember) && inside(m.NewChatMember) {
		u.Kind, u.Title = bot.KindJoined, line(m.Chat.Title)
		return true
	}
	u.Message = &bot.Incoming{Unsupported: FromService}
	return true
}

// inside reports whether somebody in that state belongs to the group.
func inside(m models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeMember, models.ChatMemberTypeAdministrator, models.ChatMemberTypeOwner:
		return true
	case models.ChatMemberTypeRestricted:
		return m.Restricted != nil && m.Restricted.IsMember
	}
	return false
}

// unknown keeps an update whole that could not be read.
func unknown(raw []byte) bot.Update {
	u := bot.Update{Network: bot.Telegram, Kind: bot.KindUnknown, ID: rawID(raw), Raw: bytes.Clone(raw)}
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &head) == nil && head.ID > 0 {
		u.ID = updateID(head.ID)
	}
	identify(&u, raw)
	return u
}

// identify looks for a chat and a sender in an update of any shape.
func identify(u *bot.Update, raw []byte) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) { // as a rule there is one besides update_id
		var parts map[string]json.RawMessage
		if json.Unmarshal(fields[name], &parts) != nil {
			continue
		}
		var from, user models.User
		var chat models.Chat
		if json.Unmarshal(parts["user"], &user) == nil && user.ID > 0 {
			u.From = person(&user)
		}
		if json.Unmarshal(parts["from"], &from) == nil && from.ID > 0 {
			u.From = person(&from)
		}
		if json.Unmarshal(parts["chat"], &chat) == nil && chat.ID != 0 {
			place(u, chat)
		} else if !u.From.Address.IsZero() {
			u.Chat, u.Private = u.From.Address, true
		}
	}
}
