package whatsapp

import (
	"sync"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// maxQuotes is how many recent texts are remembered, and quoteLength how much of each.
const (
	maxQuotes   = 500
	quoteLength = 200
)

// quote is what an answer shows of the message it answers.
type quote struct {
	chat bot.Address
	id   bot.MessageID
}

// quotes remembers in memory how recent messages began, since a quotation on WhatsApp carries what it
// quotes. What is no longer known is quoted without words; the apps still find the message.
type quotes struct {
	mu    sync.Mutex
	texts map[quote]string
	order []quote // oldest first
}

func (q *quotes) init() { q.texts = map[quote]string{} }

func (q *quotes) put(chat bot.Address, id bot.MessageID, text string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := quote{chat: chat, id: id}
	if _, known := q.texts[key]; !known {
		if len(q.order) >= maxQuotes {
			delete(q.texts, q.order[0])
			q.order = q.order[1:]
		}
		q.order = append(q.order, key)
	}
	q.texts[key] = cut(text, quoteLength)
}

// drop forgets what its sender took back.
func (q *quotes) drop(chat bot.Address, id bot.MessageID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if key := (quote{chat: chat, id: id}); q.texts[key] != "" {
		q.texts[key] = "" // its place in order stays, and passes
	}
}

// context quotes a message; nil for no message. said is how it begins, if the caller knows.
func (q *quotes) context(chat bot.Address, to types.JID, id bot.MessageID, said string) *waE2E.ContextInfo {
	if id == "" {
		return nil
	}
	q.mu.Lock()
	text := q.texts[quote{chat: chat, id: id}]
	q.mu.Unlock()
	if text == "" {
		text = cut(said, quoteLength)
	}
	name, author := stanza(id)
	if author == "" {
		author = to.String() // in a private chat the bot answers whom it talks to
	}
	return &waE2E.ContextInfo{StanzaID: proto.String(name), Participant: proto.String(author),
		QuotedMessage: &waE2E.Message{Conversation: proto.String(text)}}
}
