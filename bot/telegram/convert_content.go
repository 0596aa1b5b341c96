package telegram

import (
	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// content fills in with what a message holds and returns the word for Incoming.Unsupported.
func content(in *bot.Incoming, m *models.Message) string {
	in.Text = bot.Clean(m.Text)
	in.Links = links(m.Text, m.Entities)
	if m.Text == "" {
		in.Text = bot.Clean(m.Caption)
		in.Links = links(m.Caption, m.CaptionEntities)
	}
	if m.RichMessage != nil {
		rich(in, m.RichMessage)
	}
	in.Links = append(in.Links, buttonLinks(m.ReplyMarkup)...)
	in.Forward = forward(m.ForwardOrigin)
	in.ReplyTo = quoted(m.ReplyToMessage)
	in.Files = files(m)
	in.Location = location(m)
	if in.Text != "" || len(in.Files) > 0 || in.Location != nil {
		return ""
	}
	return unsupported(m)
}

// unsupported names a content that makes no tip.
func unsupported(m *models.Message) string {
	for _, c := range []struct {
		word string
		is   bool
	}{
		{"sticker", m.Sticker != nil}, {"contact", m.Contact != nil}, {"dice", m.Dice != nil},
		{"poll", m.Poll != nil}, {"game", m.Game != nil}, {"story", m.Story != nil},
		{"checklist", m.Checklist != nil}, {"paid_media", m.PaidMedia != nil},
		{"giveaway", m.Giveaway != nil}, {"invoice", m.Invoice != nil},
		{FromService, m.Chat.Type != models.ChatTypePrivate || privateNotice(m)},
	} {
		if c.is {
			return c.word
		}
	}
	return "other" // a content this version does not know: its sender should hear that it was not taken
}

// privateNotice reports whether a message is one of the notices Telegram shows in a private chat. In
// groups there are many more, but there nothing without text is ours to answer.
func privateNotice(m *models.Message) bool {
	for _, is := range []bool{
		m.PinnedMessage != nil, m.MessageAutoDeleteTimerChanged != nil, m.WriteAccessAllowed != nil,
		m.ConnectedWebsite != "", m.UsersShared != nil, m.ChatShared != nil, m.ChatBackgroundSet != nil,
		m.ProximityAlertTriggered != nil, m.BoostAdded != nil, m.SuccessfulPayment != nil,
		m.RefundedPayment != nil, m.Gift != nil, m.UniqueGift != nil, m.WebAppData != nil,
		m.ForumTopicCreated != nil, m.ForumTopicEdited != nil, m.MigrateFromChatID != 0,
	} {
		if is {
			return true
		}
	}
	return false
}

// quoted is what a message replies to. In a forum every message of a topic "replies" to the notice that
// opened it, which means nothing.
func quoted(m *models.Message) *bot.Quoted {
	if m == nil || m.ID <= 0 || m.ForumTopicCreated != nil {
		return nil
	}
	return &bot.Quoted{ID: messageID(m.ID), From: sender(m)}
}

// forward says where a message was forwarded from. Only a public channel's post has a link.
func forward(o *models.MessageOrigin) *bot.Forward {
	if o == nil {
		return nil
	}
	switch {
	case o.MessageOriginUser != nil:
		from := o.MessageOriginUser
		return &bot.Forward{Kind: bot.ForwardUser, Title: userName(&from.SenderUser), At: moment(from.Date)}
	case o.MessageOriginHiddenUser != nil:
		from := o.MessageOriginHiddenUser
		return &bot.Forward{Kind: bot.ForwardHidden, Title: line(from.SenderUserName), At: moment(from.Date)}
	case o.MessageOriginChat != nil:
		from := o.MessageOriginChat
		return &bot.Forward{Kind: bot.ForwardGroup, Title: line(from.SenderChat.Title), At: moment(from.Date)}
	case o.MessageOriginChannel != nil:
		from := o.MessageOriginChannel
		return &bot.Forward{Kind: bot.ForwardChannel, Title: line(from.Chat.Title),
			Link: postLink(from.Chat.Username, from.MessageID), At: moment(from.Date)}
	}
	return &bot.Forward{Kind: bot.ForwardUnknown}
}

// postLink is the public address of a channel's post; empty if the channel has no public name.
func postLink(username string, id int) string {
	if username == "" || id <= 0 {
		return ""
	}
	for _, r := range username {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return ""
		}
	}
	return "https://t.me/" + username + "/" + string(messageID(id))
}

// location is a point, or the place a venue stands at.
func location(m *models.Message) *bot.Location {
	switch {
	case m.Venue != nil:
		return &bot.Location{Latitude: m.Venue.Location.Latitude, Longitude: m.Venue.Location.Longitude,
			Title: line(m.Venue.Title)}
	case m.Location != nil:
		return &bot.Location{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	}
	return nil
}

// files lists the attachments of a message: at most one, for an album is several messages.
func files(m *models.Message) []bot.Attachment {
	var a bot.Attachment
	switch {
	case len(m.Photo) > 0:
		a = photo(m.Photo)
	case m.LivePhoto != nil && len(m.LivePhoto.Photo) > 0:
		a = photo(m.LivePhoto.Photo)
	case m.Video != nil:
		v := m.Video
		a = attachment(bot.Video, v.FileID, v.FileUniqueID, v.FileName, v.MimeType, v.FileSize, v.Duration)
	case m.VideoNote != nil:
		v := m.VideoNote
		a = attachment(bot.Video, noteMark+v.FileID, v.FileUniqueID, "", "", int64(v.FileSize), v.Duration)
	case m.Audio != nil:
		v := m.Audio
		a = attachment(bot.Audio, v.FileID, v.FileUniqueID, v.FileName, v.MimeType, v.FileSize, v.Duration)
	case m.Voice != nil:
		v := m.Voice
		a = attachment(bot.Voice, v.FileID, v.FileUniqueID, "", v.MimeType, v.FileSize, v.Duration)
	case m.Animation != nil: // comes with a document for old clients: the same file
		v := m.Animation
		a = attachment(bot.Animation, v.FileID, v.FileUniqueID, v.FileName, v.MimeType, v.FileSize, v.Duration)
	case m.Document != nil:
		v := m.Document
		a = attachment(bot.File, v.FileID, v.FileUniqueID, v.FileName, v.MimeType, v.FileSize, 0)
	default:
		return nil
	}
	return []bot.Attachment{a}
}

// photo is the largest of a photo's sizes.
func photo(sizes []models.PhotoSize) bot.Attachment {
	best := sizes[0]
	for _, s := range sizes[1:] {
		if s.Width >= best.Width && s.Height >= best.Height {
			best = s
		}
	}
	return attachment(bot.Photo, best.FileID, best.FileUniqueID, "", "", int64(best.FileSize), 0)
}

func attachment(kind bot.FileKind, id, unique, name, mime string, size int64, seconds int) bot.Attachment {
	return bot.Attachment{Kind: kind, Network: bot.Telegram, FileID: id, Unique: unique, Name: line(name),
		MIME: line(mime), Size: max(size, 0), Seconds: max(seconds, 0)}
}
