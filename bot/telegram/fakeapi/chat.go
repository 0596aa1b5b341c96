package fakeapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
)

// User is a person who talks to the bot. Their private chat has the same id.
type User struct {
	ID       int64
	First    string
	Last     string
	Username string
	Bot      bool
}

// Chat is where people talk. Use Private for a person's own chat and Group for a group.
type Chat struct {
	ID       int64
	Type     string // "private", "group", "supergroup", "channel"
	Title    string
	Username string
}

// Private is a person's chat with the bot.
func Private(u User) Chat { return Chat{ID: u.ID, Type: "private"} }

// Group is a group chat; ids below -1000000000000 are supergroups, as at Telegram.
func Group(id int64, title string) Chat {
	kind := "group"
	if id < -1000000000000 {
		kind = "supergroup"
	}
	return Chat{ID: id, Type: kind, Title: title}
}

// Channel is a channel; a username makes its posts public.
func Channel(id int64, title, username string) Chat {
	return Chat{ID: id, Type: "channel", Title: title, Username: username}
}

// object is a JSON object being put together.
type object map[string]any

func (u User) object() object {
	o := object{"id": u.ID, "is_bot": u.Bot, "first_name": u.First}
	o.add("last_name", u.Last)
	o.add("username", u.Username)
	return o
}

func (c Chat) object() object {
	o := object{"id": c.ID, "type": c.Type}
	o.add("title", c.Title)
	o.add("username", c.Username)
	return o
}

// add sets a field unless the value is empty.
func (o object) add(key, value string) {
	if value != "" {
		o[key] = value
	}
}

// Entity is a MessageEntity; Offset and Length are UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// findEntities marks web addresses, as Telegram's server does in what people type.
func findEntities(text string) []Entity {
	var found []Entity
	at := 0
	for piece := range strings.SplitAfterSeq(text, " ") {
		word := strings.TrimRight(piece, " \n")
		if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
			found = append(found, Entity{Type: "url", Offset: at, Length: units(word)})
		}
		at += units(piece)
	}
	return found
}

// units is the length of a text as Telegram counts it.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

func number(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

// encode cannot fail: it is given maps of strings, numbers and raw JSON made here.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
