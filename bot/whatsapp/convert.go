package whatsapp

import (
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// Words put into Incoming.Unsupported besides the names of contents.
const (
	ViewOnce    = "view_once"            // may be looked at once: declined, neither kept nor downloaded
	Unreadable  = "unreadable"           // could not be decrypted and did not come again: please write it anew
	Other       = "other"                // a content this version does not know
	FromService = bot.UnsupportedService // WhatsApp's own notice: the bot was removed from a group
	maxRaw      = 256 << 10              // bytes of an unknown message that are kept
)

// people tells who is meant by the network's identities.
type people interface {
	// person is the address of a person known by one or two identities.
	person(jid, alt types.JID) (bot.Address, error)
	// own reports whether it is the bot.
	own(jid types.JID) bool
}

// source is what a message event says about where it comes from.
type source struct {
	chat, from bot.Address
	group      bool
	id         types.MessageID
}

// convert turns a message into the program's words: none for what is not ours to answer (our own
// messages, status posts, reactions, settings), two for a content this version does not know, which is
// kept whole beside the message that says so.
//
// An error is the session file's: who wrote it cannot be told now. Texts and names have passed bot.Clean
// and are bounded. ref is where the origin of files will be found.
func convert(e *events.Message, who people, ref string) ([]bot.Update, error) {
	if ignored(&e.Info) {
		return nil, nil
	}
	from, err := sourceOf(&e.Info, who)
	if err != nil {
		return nil, err
	}
	raw := e.RawMessage
	if raw == nil {
		raw = e.Message
	}
	m := unwrap(raw)
	u := bot.Update{Network: bot.WhatsApp, Kind: bot.KindMessage, Chat: from.chat, Private: !from.group,
		From: bot.Person{Address: from.from, Name: line(e.Info.PushName)}, At: moment(e.Info.Timestamp),
		ID: updateID("m", from.chat.Chat, from.from.Chat, from.id)}
	if p := m.Message.GetProtocolMessage(); p != nil {
		return change(u, p, from, who, ref)
	}
	if silent(m.Message) {
		return nil, nil
	}
	in, err := incoming(m, from, who, ref)
	if err != nil {
		return nil, err
	}
	u.Message = in
	if in.Unsupported == Other {
		return []bot.Update{unknown(u, raw), u}, nil
	}
	return []bot.Update{u}, nil
}

// ignored reports whether a message is none for the bot: its own, a status post, a channel's, another
// bot's.
func ignored(i *types.MessageInfo) bool {
	return i.IsFromMe || i.ID == "" || i.Sender.User == "" || i.Chat == types.StatusBroadcastJID || i.Sender.IsBot() ||
		i.Chat.Server == types.NewsletterServer || i.Sender.Server == types.NewsletterServer || i.Category == "peer"
}

// sourceOf finds out where a message comes from. A broadcast list's message is one in the private chat
// with its sender: that is where the apps show it.
func sourceOf(i *types.MessageInfo, who people) (source, error) {
	from, err := who.person(i.Sender, i.SenderAlt)
	if err != nil {
		return source{}, err
	}
	o := source{chat: from, from: from, id: i.ID}
	if i.Chat.Server == types.GroupServer {
		o.chat, o.group = address(i.Chat), true
	}
	return o, nil
}

// unknown keeps a message whole that could not be read.
func unknown(u bot.Update, m *waE2E.Message) bot.Update {
	u.Kind, u.Message = bot.KindUnknown, nil
	u.ID = bot.UpdateID("x" + strings.TrimPrefix(string(u.ID), "m"))
	if raw, err := proto.Marshal(m); err == nil && len(raw) <= maxRaw {
		u.Raw = raw
	}
	return u
}

// change reads an edit or a deletion. Both name the message by an id of its sender's: the author is taken
// from the event, so that nobody can touch another's message. Everything else a protocol message says is
// the library's business.
func change(u bot.Update, p *waE2E.ProtocolMessage, from source, who people, ref string) ([]bot.Update, error) {
	target := messageID(p.GetKey().GetID(), from.group, from.from)
	switch {
	case p.GetKey().GetID() == "" || !p.GetKey().GetFromMe():
		return nil, nil // an administrator took away what another wrote: not the author's will
	case p.GetType() == waE2E.ProtocolMessage_REVOKE:
		u.Kind, u.Message = bot.KindRevoked, &bot.Incoming{ID: target}
		u.ID = bot.UpdateID("r" + strings.TrimPrefix(string(u.ID), "m"))
		return []bot.Update{u}, nil
	case p.GetType() != waE2E.ProtocolMessage_MESSAGE_EDIT || p.GetEditedMessage() == nil:
		return nil, nil
	}
	in, err := incoming(unwrap(p.GetEditedMessage()), from, who, ref)
	if err != nil {
		return nil, err
	}
	in.ID, u.Kind, u.Message = target, bot.KindEdit, in
	if at := time.UnixMilli(p.GetTimestampMS()); p.GetTimestampMS() > 0 && !moment(at).IsZero() {
		u.At = moment(at)
	}
	u.ID = updateID("e", from.chat.Chat, from.from.Chat, from.id, strconv.FormatInt(p.GetTimestampMS(), 10))
	return []bot.Update{u}, nil
}

// moment is a time of the network's, in UTC; times that JSON cannot write are none.
func moment(t time.Time) time.Time {
	if t.Unix() <= 0 || t.UTC().Year() > 9999 {
		return time.Time{}
	}
	return t.UTC()
}

// undecryptable is the placeholder of a message that could not be read. Its sender is asked for it again
// by the library; when it comes, it is another update.
func undecryptable(e *events.UndecryptableMessage, who people) (u bot.Update, err error) {
	if ignored(&e.Info) || e.DecryptFailMode == events.DecryptFailHide {
		return bot.Update{}, nil
	}
	from, err := sourceOf(&e.Info, who)
	if err != nil {
		return bot.Update{}, err
	}
	u = bot.Update{Network: bot.WhatsApp, Kind: bot.KindUnknown, Chat: from.chat, Private: !from.group,
		From: bot.Person{Address: from.from, Name: line(e.Info.PushName)}, At: moment(e.Info.Timestamp),
		ID: updateID("p", from.chat.Chat, from.from.Chat, from.id)}
	if e.UnavailableType == events.UnavailableTypeViewOnce {
		u.Kind = bot.KindMessage
		u.Message = &bot.Incoming{ID: messageID(from.id, from.group, from.from), Unsupported: ViewOnce}
	}
	return u, nil
}

// plea is the message that lets the sender of a placeholder be asked in words to write again. It has no
// number of its own, or the message itself would be taken for a second one when it still comes.
func plea(placeholder bot.Update) bot.Update {
	u := placeholder
	u.Kind, u.Message = bot.KindMessage, &bot.Incoming{Unsupported: Unreadable}
	u.ID = bot.UpdateID("w" + strings.TrimPrefix(string(u.ID), "p"))
	return u
}

// joined is the bot being added to a group, named by its subject. stamp tells one time from the next.
func joined(group types.JID, title string, by *types.JID, stamp string, at time.Time, who people) (bot.Update, error) {
	u, err := left(group, by, stamp, at, who)
	u.Kind, u.Message, u.Title = bot.KindJoined, nil, line(title)
	return u, err
}

// left is the bot being removed from a group.
func left(group types.JID, by *types.JID, stamp string, at time.Time, who people) (bot.Update, error) {
	u := bot.Update{Network: bot.WhatsApp, Kind: bot.KindMessage, Chat: address(group), At: moment(at),
		ID: updateID("g", group.String(), stamp), Message: &bot.Incoming{Unsupported: FromService}}
	if by != nil && by.User != "" && !who.own(*by) {
		from, err := who.person(*by, types.JID{})
		if err != nil {
			return bot.Update{}, err
		}
		u.From.Address = from
	}
	return u, nil
}
