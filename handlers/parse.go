package handlers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name a command can have, in characters, as in the Bot API (BotCommand). What
// is longer is a sentence, and need not be quoted back to a whole group as an unknown command.
const maxName = 32

// Call is a command as somebody typed it.
type Call struct {
	Name  string // lower case, without the slash; letters, digits and underscores, at most 32
	To    string // the bot it is addressed to, lower case, if it was: /ambil@nama_bot
	Args  string // what follows, trimmed; line breaks kept
	Slash bool   // it began with /, which is never an exclamation
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// ParseCall reads a command from a message of any network. Commands begin with / or !, in any case;
// emoji, invisible characters and odd spaces before them do not matter. Lines quoted with ">" are
// skipped, so a quoted command is not given again. A command addressed to another bot is none of
// ours. self is our own user name on that network, without "@"; empty if unknown.
func ParseCall(text, self string) (Call, bool) {
	line := strings.TrimSpace(dropQuotes(dropInvisible(text)))
	line = strings.TrimLeftFunc(line, func(r rune) bool {
		return r != '>' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsPunct(r)
	})
	if line == "" || (line[0] != '/' && line[0] != '!') {
		return Call{}, false
	}
	head, args := cutWord(strings.TrimLeftFunc(line[1:], unicode.IsSpace))
	name, to, _ := strings.Cut(strings.ToLower(head), "@")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, notNameRune) {
		return Call{}, false
	}
	if to != "" && self != "" && to != strings.ToLower(self) {
		return Call{}, false
	}
	return Call{Name: name, To: to, Args: args, Slash: line[0] == '/'}, true
}

func notNameRune(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
}

// dropInvisible removes characters that phones and keyboards insert unseen.
func dropInvisible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || r == '\ufe0f' || (unicode.IsControl(r) && !unicode.IsSpace(r)) {
			return -1
		}
		return r
	}, s)
}

// dropQuotes removes leading lines that quote somebody.
func dropQuotes(s string) string {
	for {
		t := strings.TrimLeftFunc(s, unicode.IsSpace)
		if !strings.HasPrefix(t, ">") {
			return t
		}
		_, rest, found := strings.Cut(t, "\n")
		if !found {
			return ""
		}
		s = rest
	}
}

// plainWords folds what a person typed to the words in it: lower case, single spaces, no
// punctuation, no emoji. Menu words and greetings are recognised in this form.
func plainWords(s string) string {
	words := strings.FieldsFunc(strings.ToLower(dropInvisible(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, " ")
}
