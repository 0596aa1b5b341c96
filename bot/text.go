package bot

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Texts inside the program are plain strings in which two control characters mark bold. Citizens'
// text can contain any asterisk or angle bracket without being taken for markup, and adapters need
// no escaping table: they turn the marks into whatever their network uses.
const (
	boldOn  = '\x02'
	boldOff = '\x03'
)

// Bold marks s as bold.
func Bold(s string) string { return string(boldOn) + s + string(boldOff) }

// Clean makes text from outside safe to place in a message: valid UTF-8, no control characters but
// newline and tab (so no marks), no bidirectional overrides that could make it read as something else.
func Clean(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == utf8.RuneError, unicode.IsControl(r), bidi(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func clean(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || (unicode.IsControl(r) && r != '\n' && r != '\t') || bidi(r) {
			return false
		}
	}
	return true
}

// bidi reports whether r is one of the overrides and isolates of UAX #9.
func bidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// Span is a bold stretch of a plain text, in UTF-16 units, the unit of the Bot API's MessageEntity.
type Span struct{ Offset, Length int }

// Plain splits a marked text into its characters and its bold spans.
func Plain(marked string) (string, []Span) {
	if !strings.ContainsAny(marked, "\x02\x03") {
		return marked, nil
	}
	var (
		out   strings.Builder
		spans []Span
		at    int
		start = -1
	)
	for _, r := range marked {
		switch r {
		case boldOn:
			if start < 0 {
				start = at
			}
		case boldOff:
			if start >= 0 && at > start {
				spans = append(spans, Span{Offset: start, Length: at - start})
			}
			start = -1
		default:
			out.WriteRune(r)
			at += max(utf16.RuneLen(r), 1)
		}
	}
	if start >= 0 && at > start {
		spans = append(spans, Span{Offset: start, Length: at - start})
	}
	return out.String(), spans
}

// Asterisks returns the text with bold written as *…*, as WhatsApp and our scenario files have it.
func Asterisks(marked string) string {
	return strings.NewReplacer("\x02", "*", "\x03", "*").Replace(marked)
}

// Unmark removes the marks.
func Unmark(marked string) string {
	return strings.NewReplacer("\x02", "", "\x03", "").Replace(marked)
}

// Split cuts a marked text into parts of at most limit UTF-16 units (marks not counted): at the
// last paragraph, line, sentence or word end that fits, in that order of preference, and never
// inside a character. Bold that is open at a cut is closed there and opened again.
func Split(marked string, limit int) []string {
	var parts []string
	rest := marked
	open := false
	for rest != "" {
		end := fit(rest, limit)
		if end < len(rest) {
			end = softEnd(rest[:end])
		}
		part := strings.TrimRightFunc(rest[:end], unicode.IsSpace)
		rest = strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
		if open {
			part = string(boldOn) + part
		}
		open = openAtEnd(part)
		if open {
			part += string(boldOff)
		}
		if strings.TrimSpace(Unmark(part)) != "" { // networks refuse blank messages
			parts = append(parts, part)
		}
	}
	return parts
}

// fit returns how many bytes of s hold at most limit UTF-16 units.
func fit(s string, limit int) int {
	units := 0
	for i, r := range s {
		if r == boldOn || r == boldOff {
			continue
		}
		units += max(utf16.RuneLen(r), 1)
		if units > limit {
			if i == 0 { // a limit of 1 and a surrogate pair: progress beats the limit
				_, size := utf8.DecodeRuneInString(s)
				return size
			}
			return i
		}
	}
	return len(s)
}

// softEnd returns the best place to cut within s, which is known to be too long to be the last part.
func softEnd(s string) int {
	floor := len(s) / 2
	for _, mark := range []string{"\n\n", "\n", ". ", "! ", "? ", " "} {
		if i := strings.LastIndex(s, mark); i >= floor {
			return i + len(mark)
		}
	}
	return len(s)
}

func openAtEnd(s string) bool {
	return strings.LastIndexByte(s, boldOn) > strings.LastIndexByte(s, boldOff)
}
