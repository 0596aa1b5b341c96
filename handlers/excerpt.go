package handlers

import (
	"strings"

	"awassiber/bot"
)

// excerpt is the first words of a tip, for the card. What was corrected before anybody saw it stands
// there as corrected; an edit of an item that is not among items was told when it came.
func excerpt(items []bot.Item) string {
	const most = 600
	var parts []string
	at := map[bot.MessageID]int{}
	size := 0
	for _, it := range items {
		text := said(it)
		if head, rest := cutWord(text); knownWord(plainWords(head)) == "lapor" && rest != "" {
			text = rest // the word that began the tip is none of its own
		}
		if i, there := at[it.Message]; there && it.Edits {
			parts[i] = text
		}
		if text == "" || it.Edits || size > most {
			continue
		}
		at[it.Message] = len(parts)
		parts = append(parts, text)
		size += len(text)
	}
	return shorten(strings.Join(parts, "\n"), most)
}

// said is what an item tells in words, with the addresses that it hides behind other words or
// behind buttons: they are often the very thing to be checked.
func said(it bot.Item) string {
	text := strings.TrimSpace(it.Text)
	for _, link := range it.Links {
		if link = bot.Clean(link); !strings.Contains(text, link) {
			text = strings.TrimSpace(text + "\n" + link)
		}
	}
	return text
}

// shorten cuts s to at most n runes at a word's end.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n])
	if i := strings.LastIndexAny(cut, " \n"); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " \n.,") + " …"
}

// origin is where the first forwarded item came from.
func origin(items []bot.Item) *bot.Forward {
	for _, it := range items {
		if it.Forward != nil {
			return it.Forward
		}
	}
	return nil
}
