package match

import (
	"strings"
	"unicode/utf8"
)

// word appends the normalised form of one chat word, in lower case, to out. It may be several words
// (dimano), or none (rp).
func (n *Normaliser) word(w string, out []string) []string {
	if a, b, ok := strings.Cut(w, "-"); ok {
		return n.hyphened(a, b, out)
	}
	if at := strings.IndexFunc(w, func(r rune) bool { return r >= '0' && r <= '9' }); at > 0 {
		return n.mixed(w, at, out)
	}
	w = elongation(w)
	switch {
	case w == "rp" || w == "idr" || w == "":
		return out
	case n.lex.classes[w]&classPlace != 0:
		return append(out, w)
	}
	if long, ok := n.lex.short[w]; ok {
		return appendFields(out, long)
	}
	if known := n.lex.classes[w] != 0; known {
		return append(out, w)
	}
	if s, ok := strings.CutSuffix(w, "nyo"); ok && len(s) >= 3 {
		w = s + "nya"
	}
	if last := w[len(w)-1]; len(w) >= 5 && last < utf8.RuneSelf && last == w[len(w)-2] {
		w = w[:len(w)-1]
		if long, ok := n.lex.short[w]; ok {
			return appendFields(out, long)
		}
	}
	return append(out, bounded(w))
}

// appendFields is append of strings.Fields without an allocation of its own.
func appendFields(out []string, words string) []string {
	for {
		first, rest, more := strings.Cut(words, " ")
		out = append(out, first)
		if !more {
			return out
		}
		words = rest
	}
}

// hyphened writes out a reduplication: hati-hati becomes hati, buah-buahan buahan, berlari-lari
// berlari. Any other pair is two words.
func (n *Normaliser) hyphened(a, b string, out []string) []string {
	first, rest, more := strings.Cut(b, "-")
	switch {
	case more:
		return n.word(rest, n.hyphened(a, first, out))
	case strings.HasPrefix(b, a):
		return n.word(b, out)
	case strings.HasSuffix(a, b):
		return n.word(a, out)
	}
	return n.word(b, n.word(a, out))
}

// mixed reads a word with a digit in it, the first at byte at: a reduplication (hati2, buah2an), a
// letter disguised (v4ksin), or a word and a number (tps12).
func (n *Normaliser) mixed(w string, at int, out []string) []string {
	base, rest := w[:at], w[at+1:]
	switch {
	case w[at] == '2' && len(base) >= 3 && !n.numbered(base) && !strings.ContainsAny(rest, "0123456789"):
		return n.word(base+rest, out)
	case rest != "" && !isDigit(rest[0]) && len(base)+len(rest) >= 3:
		if plain := disguised(w[at]); plain != 0 && !n.numbered(base) {
			return n.word(base+string(plain)+rest, out)
		}
	}
	out = n.word(base, out)
	end := at
	for end < len(w) && isDigit(w[end]) {
		end++
	}
	out = append(out, digits(w[at:end]))
	if end < len(w) {
		return n.word(w[end:], out)
	}
	return out
}

// numbered reports whether a digit after w counts things, rather than doubling the word.
func (n *Normaliser) numbered(w string) bool {
	return n.lex.numbered[w] || n.lex.classes[w]&(classPlace|classAuthority|className) != 0
}

// disguised returns the letter a digit stands for amid letters, or 0.
func disguised(c byte) byte {
	switch c {
	case '0':
		return 'o'
	case '1':
		return 'i'
	case '3':
		return 'e'
	case '4':
		return 'a'
	case '5':
		return 's'
	case '7':
		return 't'
	}
	return 0
}

// elongation folds three or more of a letter into one: bangettt. It changes w only if it must.
func elongation(w string) string {
	run := 1
	for i := 1; i < len(w); i++ {
		if w[i] != w[i-1] || w[i] >= utf8.RuneSelf {
			run = 1
			continue
		}
		if run++; run == 3 {
			return folded(w)
		}
	}
	return w
}

func folded(w string) string {
	b := make([]byte, 0, len(w))
	for i := 0; i < len(w); {
		end := i + 1
		for end < len(w) && w[end] == w[i] && w[i] < utf8.RuneSelf {
			end++
		}
		if end-i == 2 {
			b = append(b, w[i])
		}
		b = append(b, w[i])
		i = end
	}
	return string(b)
}

// bounded cuts a word off at maxWord bytes, at a character's beginning.
func bounded(w string) string {
	if len(w) <= maxWord {
		return w
	}
	end := maxWord
	for end > 0 && !utf8.RuneStart(w[end]) {
		end--
	}
	return w[:end]
}

// number appends the words of the number that begins at i, and returns where it ends. Thousands are
// joined (500.000), times are written with a point (19.03, and 10.00 as 10), dates are split
// (12/10/2024), telephone numbers are joined and begin with 0.
func number(text string, i int, out []string) (int, []string) {
	var buf [maxWord]byte
	b := buf[:0]
	flush := func() {
		if len(b) > 0 {
			out = append(out, digits(string(b)))
		}
		b = b[:0]
	}
	for i < len(text) {
		c := text[i]
		switch {
		case isDigit(c):
			if len(b) < maxWord {
				b = append(b, c)
			}
			i++
			continue
		case i+1 >= len(text) || !isDigit(text[i+1]):
		case (c == '.' || c == ',') && groupOfThree(text, i+1) && len(b) <= 12:
			i++
			continue
		case c == '.' || c == ',' || c == ':':
			if len(b) < maxWord {
				b = append(b, '.')
			}
			i++
			continue
		case c == '-' && len(b) >= 4 && (b[0] == '0' || b[0] == '6'):
			i++
			continue
		case c == ' ' && string(b) == "62" && text[i+1] == '8':
			i++
			continue
		case c == '/' || c == '-':
			flush()
			i++
			continue
		}
		break
	}
	flush()
	return i, out
}

// groupOfThree reports whether exactly three digits stand at i.
func groupOfThree(text string, i int) bool {
	n := 0
	for i+n < len(text) && isDigit(text[i+n]) {
		n++
	}
	return n == 3
}

// digits gives numbers one spelling.
func digits(s string) string {
	s = strings.TrimSuffix(s, ".00")
	switch {
	case len(s) >= 10 && strings.HasPrefix(s, "62"):
		return bounded("0" + s[2:])
	case len(s) <= 3 && len(s) > 1 && s[0] == '0' && s[1] != '.':
		return digits(s[1:])
	}
	return bounded(s)
}
