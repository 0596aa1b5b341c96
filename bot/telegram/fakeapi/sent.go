package fakeapi

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Sent is one thing the bot did, in the order the server saw it.
type Sent struct {
	Seq      int    // from 1, over all chats
	Method   string // "sendMessage", "editMessageText", "answerCallbackQuery", …
	Chat     int64
	ID       int // message id; that of the edited message for an edit
	Text     string
	Entities []Entity
	Buttons  [][]Button
	ReplyTo  int
	File     *SentFile
	Query    string // callback query id of an answer
	At       time.Time
}

// Edited reports whether this changed an earlier message.
func (m Sent) Edited() bool { return strings.HasPrefix(m.Method, "edit") }

// Find returns the data of the first button whose label contains a text, "" if there is none.
func (m Sent) Find(label string) string {
	for _, row := range m.Buttons {
		for _, b := range row {
			if strings.Contains(b.Text, label) {
				return b.Data
			}
		}
	}
	return ""
}

// Button is one button of an inline keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// SentFile is a file in a message of the bot's.
type SentFile struct {
	Kind   string // "photo", "video", …
	ID     string // file_id
	Name   string
	Data   []byte
	Upload bool // the bytes came with the call; false: sent again by file_id
}

// message is the present state of a message, a person's or the bot's.
type message struct {
	shape object // as the API shows it
	sent  *Sent  // nil for people's messages
}

// chats is what stands in the chats.
type chats struct {
	last     int
	queries  int
	albums   int
	messages map[int]*message // ids are unique over all chats here
	log      []Sent
}

func newChats() chats { return chats{last: 100, messages: map[int]*message{}} }

func (c *chats) next() int {
	c.last++
	return c.last
}

// record appends to the log. The lock is held.
func (s *Server) record(m Sent) Sent {
	m.Seq, m.At = len(s.chats.log)+1, s.now()
	s.chats.log = append(s.chats.log, m)
	s.wake()
	return m
}

// Messages returns everything the bot did so far, edits and answers included.
func (s *Server) Messages() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.chats.log)
}

// Shown returns a message of the bot's as it stands now, after all edits.
func (s *Server) Shown(id int) (Sent, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.chats.messages[id]; ok && m.sent != nil {
		return *m.sent, true
	}
	return Sent{}, false
}

// WaitMessage returns the first thing the bot did, or does, that match likes. To wait for the next of a
// kind, let match ask for a Seq above the last one's. match must not call the server.
func (s *Server) WaitMessage(ctx context.Context, match func(Sent) bool) (Sent, error) {
	var found Sent
	looked := 0
	err := s.until(ctx, func() bool {
		for ; looked < len(s.chats.log); looked++ {
			if match(s.chats.log[looked]) {
				found = s.chats.log[looked]
				return true
			}
		}
		return false
	})
	return found, err
}

// WaitSent waits until the bot did n things in all.
func (s *Server) WaitSent(ctx context.Context, n int) error {
	return s.until(ctx, func() bool { return len(s.chats.log) >= n })
}
