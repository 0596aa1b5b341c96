package match

import "strings"

// longestName bounds the name of a sender in a line of an exported chat.
const longestName = 40

// stripHeaders removes, from the beginning of each line of cleaned text, what an exported or copied
// chat puts before a message: "[1/10 19.03] nama:" and "01/10/24 19.03 - nama:". Both are how
// WhatsApp copies several messages at once.
func stripHeaders(text string) string {
	if !strings.ContainsAny(text, "[/") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(text) {
		b.WriteString(afterHeader(line))
	}
	return b.String()
}

func afterHeader(line string) string {
	rest := strings.TrimLeft(line, " \t>")
	switch {
	case strings.HasPrefix(rest, "["):
		stamp, after, ok := strings.Cut(rest[1:], "]")
		if !ok || !isStamp(stamp) {
			return line
		}
		return afterName(after)
	case rest != "" && isDigit(rest[0]):
		stamp, after, ok := strings.Cut(rest, " - ")
		if !ok || !isStamp(stamp) {
			return line
		}
		return afterName(after)
	}
	return line
}

// isStamp reports whether s is a date and a time of day and nothing else.
func isStamp(s string) bool {
	if len(s) < 8 || len(s) > 26 {
		return false
	}
	digits, slashes, clocks := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '/':
			slashes++
		case c == '.' || c == ':':
			clocks++
		case c == ',' || c == ' ' || c == '-' || c == 'a' || c == 'p' || c == 'm':
		default:
			return false
		}
	}
	return digits >= 4 && slashes >= 1 && clocks >= 1
}

// afterName removes "nama:" if it stands where a sender's name would.
func afterName(s string) string {
	name, after, ok := strings.Cut(s, ":")
	if ok && len(name) <= longestName && !strings.Contains(name, "\n") {
		return after
	}
	return s
}
