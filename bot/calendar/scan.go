package calendar

import (
	"regexp"
	"strconv"
	"strings"
)

// token is a word, a number, or numbers joined as dates and times are.
type token struct {
	word   string   // in its usual spelling (see usual); empty for numbers
	digits []string // one number, or the two or three of a date or time
	sep    byte     // '/', '-', '.' or ':' between them; 0 for one number
}

// pattern matches, in this order: numbers joined by a slash or dash with or without spaces,
// numbers joined by dots or colons, a number, a word.
var pattern = regexp.MustCompile(`\d+\s*[/-]\s*\d+(?:\s*[/-]\s*\d+)?|\d+[.:]\d+(?:[.:]\d+)?|\d+|\p{L}+`)

func scan(text string) []token {
	text = strings.ToLower(text)
	text = strings.NewReplacer("'", "", "’", "", "`", "", "–", "-", "—", "-", "s/d", "sampai", "s.d", "sampai").Replace(text)
	var out []token
	for _, m := range pattern.FindAllString(text, -1) {
		if m[0] < '0' || m[0] > '9' {
			out = append(out, token{word: usual(m)})
			continue
		}
		t := token{digits: strings.FieldsFunc(m, func(r rune) bool { return r < '0' || r > '9' })}
		if i := strings.IndexAny(m, "/-.:"); i >= 0 {
			t.sep = m[i]
		}
		out = append(out, t)
	}
	return out
}

// n returns the k-th number of the token; -1 if it has none or one too long to mean anything.
func (t token) n(k int) int {
	if k >= len(t.digits) || len(t.digits[k]) > 8 {
		return -1
	}
	n, err := strconv.Atoi(t.digits[k])
	if err != nil {
		return -1
	}
	return n
}

// single reports whether the token is one number.
func (t token) single() bool { return len(t.digits) == 1 }

// pair reports whether the token is two numbers joined by one of seps.
func (t token) pair(seps string) bool {
	return len(t.digits) == 2 && strings.IndexByte(seps, t.sep) >= 0
}

// token returns the i-th token, or an empty one past the end.
func (r *reader) token(i int) token {
	if i < 0 || i >= len(r.tok) {
		return token{}
	}
	return r.tok[i]
}

func (r *reader) word(i int) string { return r.token(i).word }

// number reads a number in digits or words ("dua", "dua belas", "dua puluh lima") and tells how
// many tokens it took; 0 if there is none.
func (r *reader) number(i int) (n, used int) {
	if t := r.token(i); t.single() {
		if n = t.n(0); n < 0 {
			return 0, 0
		}
		return n, 1
	}
	n = numeral(r.word(i))
	switch {
	case n == 0:
		return 0, 0
	case n < 10 && r.word(i+1) == "belas":
		return n + 10, 2
	case n < 10 && r.word(i+1) == "puluh":
		if unit := numeral(r.word(i + 2)); unit > 0 && unit < 10 {
			return 10*n + unit, 3
		}
		return 10 * n, 2
	}
	return n, 1
}
