package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentenceLimit bounds a quoted explanation, in characters: about three lines on a phone.
const sentenceLimit = 180

// firstSentence returns the beginning of a text up to its first sentence end or line end, cut at a
// word with "…" where it is longer than sentenceLimit.
func firstSentence(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	text = strings.TrimSpace(text)
	if end := sentenceEnd(text); end > 0 {
		text = text[:end]
	}
	if utf8.RuneCountInString(text) <= sentenceLimit {
		return text
	}
	runes := []rune(text)[:sentenceLimit]
	short := string(runes)
	if i := strings.LastIndexFunc(short, unicode.IsSpace); i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRightFunc(short, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// sentenceEnd returns where the first sentence ends, or 0. A full stop ends one only if a space
// follows ("Rp50.000", "kpu.go.id" go on) and neither another one ("...") nor an abbreviation stands
// before it ("Kab. Bungo").
func sentenceEnd(text string) int {
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		if !strings.ContainsRune(".!?", r) || next >= len(text) || text[next] != ' ' {
			continue
		}
		if r == '.' && (i == 0 || text[i-1] == '.' || abbreviated(text[:i])) {
			continue
		}
		return next
	}
	return 0
}

// abbreviated reports whether the word that text ends in is usually written with a full stop:
// a single letter, or one of the short forms of titles, places and numbers in Indonesian.
func abbreviated(text string) bool {
	word := strings.ToLower(text[strings.LastIndexAny(text, " (\"")+1:])
	switch word {
	case "kab", "kec", "kel", "ds", "dsn", "prov", "jl", "jln", "no", "nomor", "tgl", "hlm", "hal",
		"dr", "drs", "dra", "ir", "hj", "prof", "st", "sdr", "yth", "ps", "s.d", "a.n", "d.a", "vs":
		return true
	}
	return utf8.RuneCountInString(word) == 1
}
