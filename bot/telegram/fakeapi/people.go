package fakeapi

import (
	"maps"
	"strconv"
)

// Posted is something a person did: the update that tells the bot, and the message.
type Posted struct {
	Update  int64
	Message int
	// Query is the callback query id of a Press.
	Query string
}

// Option adds to a message. Options are applied in order.
type Option func(s *Server, message object)

// Caption is the text under a file.
func Caption(text string, entities ...Entity) Option {
	return func(_ *Server, m object) {
		m["caption"] = text
		if all := append(findEntities(text), entities...); len(all) > 0 {
			m["caption_entities"] = all
		}
	}
}

// WithEntities adds entities to those found in a text message.
func WithEntities(entities ...Entity) Option {
	return func(_ *Server, m object) {
		had, _ := m["entities"].([]Entity)
		m["entities"] = append(had, entities...)
	}
}

// ReplyTo makes a message a reply to an earlier one of the same chat, the bot's or a person's.
func ReplyTo(message int) Option {
	return func(s *Server, m object) {
		if old, ok := s.chats.messages[message]; ok {
			quoted := maps.Clone(old.shape)
			delete(quoted, "reply_to_message") // the API shows one step only
			m["reply_to_message"] = quoted
		}
	}
}

// ForwardedFrom marks a message as forwarded from a person who shows their name and account.
func ForwardedFrom(u User) Option {
	return forwarded(object{"type": "user", "sender_user": u.object()})
}

// ForwardedHidden marks it as forwarded from a person who hides their account.
func ForwardedHidden(name string) Option {
	return forwarded(object{"type": "hidden_user", "sender_user_name": name})
}

// ForwardedPost marks it as forwarded from a channel.
func ForwardedPost(channel Chat, message int) Option {
	return forwarded(object{"type": "channel", "chat": channel.object(), "message_id": message})
}

func forwarded(origin object) Option {
	return func(s *Server, m object) {
		origin["date"] = s.now().Unix() - 3600
		m["forward_origin"] = origin
	}
}

// InAlbum makes a message part of an album.
func InAlbum(id string) Option {
	return func(_ *Server, m object) { m["media_group_id"] = id }
}

// With sets any field of the message, for what the other options do not know.
func With(field string, value any) Option {
	return func(_ *Server, m object) { m[field] = value }
}

// Text is a person writing.
func (s *Server) Text(chat Chat, from User, text string, options ...Option) Posted {
	content := object{"text": text}
	if found := findEntities(text); len(found) > 0 {
		content["entities"] = found
	}
	return s.post("message", chat, from, content, options)
}

// File is a person sending a file. Kind is the Bot API's field: photo, video, audio, voice, document,
// animation, video_note.
func (s *Server) File(chat Chat, from User, kind string, f FileData, options ...Option) Posted {
	s.mu.Lock()
	shape := s.store(kind, f)
	s.mu.Unlock()
	return s.post("message", chat, from, object{kind: shape}, options)
}

// Album is a person sending photos as one album: one update each. The caption stands on the first.
func (s *Server) Album(chat Chat, from User, caption string, photos ...[]byte) []Posted {
	s.mu.Lock()
	s.chats.albums++
	album := InAlbum("album" + strconv.Itoa(s.chats.albums))
	s.mu.Unlock()
	var all []Posted
	for i, data := range photos {
		options := []Option{album}
		if i == 0 && caption != "" {
			options = append(options, Caption(caption))
		}
		all = append(all, s.File(chat, from, "photo", FileData{Data: data}, options...))
	}
	return all
}

// Edit is a person editing what they wrote; the message keeps everything but its text.
func (s *Server) Edit(chat Chat, from User, message int, text string) Posted {
	s.mu.Lock()
	defer s.mu.Unlock()
	content := object{"message_id": message, "from": from.object(), "chat": chat.object(),
		"date": s.now().Unix(), "edit_date": s.now().Unix(), "text": text}
	if found := findEntities(text); len(found) > 0 {
		content["entities"] = found
	}
	return Posted{Update: s.pushField("edited_message", content), Message: message}
}

// Press is a person pressing a button with that data under a message. A message that is not known is
// told to the bot as an inaccessible one, as Telegram does with old messages.
func (s *Server) Press(chat Chat, from User, message int, data string) Posted {
	s.mu.Lock()
	defer s.mu.Unlock()
	shape := object{"chat": chat.object(), "message_id": message, "date": 0}
	if m, ok := s.chats.messages[message]; ok {
		shape = m.shape
	}
	s.chats.queries++
	query := "q" + strconv.Itoa(s.chats.queries)
	id := s.pushField("callback_query", object{"id": query, "from": from.object(), "message": shape,
		"chat_instance": "1", "data": data})
	return Posted{Update: id, Message: message, Query: query}
}

// Migrate makes a group a supergroup: two updates, and an error with the new id for every later call
// that still names the old one.
func (s *Server) Migrate(from, to Chat) []Posted {
	nobody := User{ID: 1087968824, First: "Group", Username: "GroupAnonymousBot", Bot: true}
	s.Inject(Fault{Chat: from.ID, Times: -1, Code: 400, MigrateTo: to.ID,
		Text: "Bad Request: group chat was upgraded to a supergroup chat"})
	return []Posted{
		s.post("message", from, nobody, object{"migrate_to_chat_id": to.ID}, nil),
		s.post("message", to, nobody, object{"migrate_from_chat_id": from.ID}, nil),
	}
}

// post queues a message under a field of Update.
func (s *Server) post(field string, chat Chat, from User, content object, options []Option) Posted {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.chats.next()
	content["message_id"], content["date"], content["chat"] = id, s.now().Unix(), chat.object()
	if from.ID != 0 {
		content["from"] = from.object()
	}
	for _, option := range options {
		option(s, content)
	}
	s.chats.messages[id] = &message{shape: content}
	return Posted{Update: s.pushField(field, content), Message: id}
}

// Post is a channel's post, which a bot sees when it is a member.
func (s *Server) Post(channel Chat, text string, options ...Option) Posted {
	return s.post("channel_post", channel, User{}, object{"text": text}, options)
}

func (s *Server) pushField(field string, content object) int64 {
	return s.push(func(id int64) []byte { return encode(object{"update_id": id, field: content}) })
}
