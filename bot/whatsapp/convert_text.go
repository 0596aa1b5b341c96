package whatsapp

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"awassiber/bot"
)

// Bounds on what comes from outside. WhatsApp's own apps write at most 65,536 characters.
const (
	maxText  = 65536
	maxLine  = 256
	maxLink  = 2048
	maxLinks = 64
)

// cleaned makes a text from outside safe and bounds it.
func cleaned(s string) string { return bot.Clean(cut(s, maxText)) }

// line makes text from outside fit into one line.
func line(s string) string { return oneLine(s, maxLine) }

func oneLine(s string, limit int) string {
	return cut(strings.Join(strings.Fields(bot.Clean(cut(s, 4*limit))), " "), limit)
}

// cut returns at most limit characters from the beginning of s.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > limit {
			return s[:i]
		}
	}
	return s
}

// linkForm is what WhatsApp's apps show as a link: with a scheme, with www., or a host with a path.
var linkForm = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,18}/[^\s<>"]*`)

// links lists the web addresses of a text in the order they stand in it.
func links(text string) []string {
	var found []string
	for _, l := range linkForm.FindAllString(text, maxLinks) {
		found = appendLink(found, trimLink(l))
	}
	return found
}

// appendLink adds an address that is not there yet.
func appendLink(found []string, link string) []string {
	link = oneLine(link, maxLink)
	if link == "" || len(found) >= maxLinks || slices.Contains(found, link) {
		return found
	}
	return append(found, link)
}

// trimLink drops what ends the sentence, not the address: marks, WhatsApp's own markup, and a closing
// bracket that none opened.
func trimLink(l string) string {
	for l != "" {
		last, size := utf8.DecodeLastRuneInString(l)
		switch {
		case strings.ContainsRune(".,;:!?*~'’”…", last), last == ')' && strings.Count(l, "(") < strings.Count(l, ")"):
			l = l[:len(l)-size]
		default:
			return l
		}
	}
	return l
}
