package telegram

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// links lists the web addresses of a text in the order they stand in it, those hidden behind words
// included. Offsets are UTF-16 units and come from outside: those beyond the text are skipped.
func links(text string, entities []models.MessageEntity) []string {
	var found []string
	var units []uint16
	for _, e := range entities {
		switch e.Type {
		case models.MessageEntityTypeTextLink:
			found = appendLink(found, e.URL)
		case models.MessageEntityTypeURL:
			if units == nil {
				units = utf16.Encode([]rune(text))
			}
			if e.Offset < 0 || e.Length <= 0 || e.Offset > len(units) || e.Length > len(units)-e.Offset {
				continue
			}
			found = appendLink(found, string(utf16.Decode(units[e.Offset:e.Offset+e.Length])))
		}
	}
	return found
}

// appendLink adds an address. tg: addresses are left out: they lead into the app, most to a person.
func appendLink(found []string, link string) []string {
	link = line(link)
	if link == "" || strings.HasPrefix(strings.ToLower(link), "tg:") {
		return found
	}
	return append(found, link)
}

// buttonLinks lists the addresses behind the buttons of a forwarded post.
func buttonLinks(markup *models.InlineKeyboardMarkup) []string {
	if markup == nil {
		return nil
	}
	var found []string
	for _, row := range markup.InlineKeyboard {
		for _, b := range row {
			found = appendLink(found, b.URL)
		}
	}
	return found
}

// rich takes text and addresses out of a rich message (Bot API 10), a tree of blocks whose kinds grow
// with every release: everything under a "text" is text, everything under a "url" an address.
func rich(in *bot.Incoming, m *models.RichMessage) {
	raw, err := json.Marshal(m)
	if err != nil {
		return // a block of a kind the library does not know either: what it is stays untold
	}
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return
	}
	var text []string
	walk(tree, false, func(s string) { text = append(text, s) }, func(s string) { in.Links = appendLink(in.Links, s) })
	whole := bot.Clean(strings.Join(text, "\n"))
	if in.Text != "" && whole != "" {
		whole = in.Text + "\n" + whole
	}
	if whole != "" {
		in.Text = whole
	}
}

// walk visits a decoded JSON value. Strings in a run of text are joined and reported once.
func walk(v any, inText bool, text, link func(string)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			walk(item, inText, text, link)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			value := v[key]
			switch s, isString := value.(string); {
			case key == "url" && isString:
				link(s)
			case key == "text" && !inText:
				text(flat(value))
				walk(value, true, text, link)
			default:
				walk(value, inText, text, link)
			}
		}
	}
}

// flat is the text of a rich text: a string, a list of rich texts, or an object with a text.
func flat(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(flat(item))
		}
		return b.String()
	case map[string]any:
		return flat(v["text"])
	}
	return ""
}
