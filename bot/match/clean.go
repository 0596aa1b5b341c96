package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean lowers the case, turns look-alike and styled letters into plain ones, drops what cannot be
// seen, and puts a space for everything that is neither letter nor digit nor plain punctuation. The
// result holds, beyond ASCII, lower-case letters only.
func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			b.WriteByte(lower(c))
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			b.WriteByte(' ')
		} else {
			cleanRune(&b, r, text[i:i+size])
		}
		i += size
	}
	return b.String()
}

// lower also removes the marks of bold, italic, struck and code, and control characters.
func lower(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	case c == '*' || c == '_' || c == '~' || c == '`' || c < ' ' && c != '\n':
		return ' '
	}
	return c
}

func cleanRune(b *strings.Builder, r rune, raw string) {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return // zero-width, direction marks, variation selectors, stacked accents
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
		b.WriteByte('\'')
		return
	case r == '‐' || r == '‑' || r == '–' || r == '—' || r == '−':
		b.WriteByte('-')
		return
	}
	if plain := lookalike(r); plain != 0 {
		b.WriteByte(plain)
		return
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.In(r, unicode.So) {
		b.WriteByte(' ')
		return
	}
	// Compatibility forms: full width, mathematical bold, circled, superscript, accented.
	wrote := false
	for _, d := range norm.NFKD.String(raw) {
		switch {
		case d < utf8.RuneSelf:
			b.WriteByte(lower(byte(d)))
			wrote = true
		case lookalike(d) != 0:
			b.WriteByte(lookalike(d))
			wrote = true
		case unicode.IsLetter(d):
			b.WriteRune(unicode.ToLower(d))
			wrote = true
		}
	}
	if !wrote {
		b.WriteByte(' ')
	}
}

// lookalike returns the Latin letter that a Cyrillic or Greek one is taken for, or 0. Indonesian
// texts hold none but to deceive a filter.
func lookalike(r rune) byte {
	switch r {
	case 'а', 'А', 'α', 'Α', 'ɑ':
		return 'a'
	case 'В', 'β', 'Β', 'ь':
		return 'b'
	case 'с', 'С', 'ϲ':
		return 'c'
	case 'ԁ':
		return 'd'
	case 'е', 'Е', 'ё', 'Ё', 'ε', 'Ε', 'є':
		return 'e'
	case 'ɡ':
		return 'g'
	case 'һ', 'Н', 'Η', 'н':
		return 'h'
	case 'і', 'І', 'ι', 'Ι', 'ı', 'ї':
		return 'i'
	case 'ј', 'Ј':
		return 'j'
	case 'к', 'К', 'κ', 'Κ':
		return 'k'
	case 'М', 'м', 'Μ':
		return 'm'
	case 'п', 'Ν', 'η':
		return 'n'
	case 'о', 'О', 'ο', 'Ο', 'σ':
		return 'o'
	case 'р', 'Р', 'ρ', 'Ρ':
		return 'p'
	case 'ѕ', 'Ѕ':
		return 's'
	case 'т', 'Т', 'τ', 'Τ':
		return 't'
	case 'υ', 'ц':
		return 'u'
	case 'ν', 'ѵ':
		return 'v'
	case 'ω', 'ш', 'ԝ':
		return 'w'
	case 'х', 'Х', 'χ', 'Χ':
		return 'x'
	case 'у', 'У', 'γ', 'Υ':
		return 'y'
	case 'Ζ', 'ᴢ':
		return 'z'
	}
	return 0
}
