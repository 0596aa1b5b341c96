package match

import "strings"

// alike reports whether two words are one, spelt differently. Numbers never are; nor are two words
// that both exist: a name, a place, an office, or what several other texts use.
func (a aligner) alike(x, y string) bool {
	if x == y {
		return true
	}
	if isDigit(x[0]) || isDigit(y[0]) {
		return false
	}
	cx, cy := a.lex.classes[x], a.lex.classes[y]
	if cx&cy&classCommon != 0 && (cx|cy)&classNegation == 0 {
		return true // "pada" for "di": neither says what is claimed
	}
	if (cx|cy)&(slot|classNegation) == 0 && affixed(x, y) {
		return true
	}
	may := allowed(min(len(x), len(y)), (cx|cy)&classCommon != 0)
	near := max(len(x), len(y))-min(len(x), len(y)) <= may && slips(x, y) <= may || abbreviates(x, y) || abbreviates(y, x)
	return near && !(a.exists(x, cx) && a.exists(y, cy))
}

func (a aligner) exists(w string, c class) bool { return c != 0 || a.known(w) }

// allowed is how many slips of the finger a word of n letters may have in it.
func allowed(n int, common bool) int {
	switch {
	case n < 3, n == 3 && !common:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// abbreviates reports whether x is y with some of its vowels left out, as chats write.
func abbreviates(x, y string) bool {
	if len(x) < 3 || len(x) >= len(y) || x[0] != y[0] {
		return false
	}
	i := 0
	for j := range len(y) {
		switch {
		case i < len(x) && x[i] == y[j]:
			i++
		case strings.IndexByte("aeiou", y[j]) < 0:
			return false
		}
	}
	return i == len(x)
}

// affixed reports whether one word is the other with Indonesian affixes that leave the claim as it
// is: sebarkan and menyebarkan, rumah and rumahnya.
func affixed(x, y string) bool {
	return len(x) > 3 && len(y) > 3 && stem(x) == stem(y)
}

// stem takes off what can be taken off without a dictionary. Two different words may have one stem,
// but not in the same place of two otherwise equal texts.
func stem(w string) string {
	for _, p := range []string{"lah", "kah", "pun", "nya", "ku", "mu"} {
		if s, ok := strings.CutSuffix(w, p); ok && len(s) >= 4 {
			w = s
			break
		}
	}
	for _, p := range []string{"menge", "menga", "meny", "meng", "mem", "men", "me", "di", "ter", "ber", "nge", "ng", "ny"} {
		s, ok := strings.CutPrefix(w, p)
		if !ok || len(s) < 3 {
			continue
		}
		if strings.HasSuffix(p, "ny") {
			s = "s" + s
		}
		w = s
		break
	}
	for _, p := range []string{"kan", "in", "i"} {
		if s, ok := strings.CutSuffix(w, p); ok && len(s) >= 4 {
			return s
		}
	}
	return w
}

// slips counts the letters missing, added, changed, or swapped with their neighbour, that turn x
// into y (optimal string alignment distance).
func slips(x, y string) int {
	if len(x) > maxWord || len(y) > maxWord {
		return maxWord
	}
	var rows [3][maxWord + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}
