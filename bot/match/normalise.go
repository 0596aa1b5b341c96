package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is looked at. A forward is a few hundred words; whoever pastes a book is matched by
// its beginning.
const (
	maxBytes = 24 << 10 // of a text
	maxWords = 512      // of a normalised text
	maxWord  = 32       // bytes of a word; the rest is cut off
	maxToken = 64       // bytes of a run of letters and digits; the rest is another
)

// Normaliser reduces chat text to the words that carry its claim. It does not change after it was
// made and may be used from several goroutines.
type Normaliser struct {
	lex   *lexicon
	heads *phrases // what may stand before a text
	tails *phrases // what may stand after it, last word first
}

// NewNormaliser makes a Normaliser from the built-in word lists. places are names of areas beyond
// those in the lists, in any case; their words keep their spelling and count as places. An error
// means that a list was damaged in the source.
func NewNormaliser(places ...string) (*Normaliser, error) {
	lex, err := newLexicon(places)
	if err != nil {
		return nil, err
	}
	n := &Normaliser{lex: lex}
	if n.heads, err = n.readPhrases("kepala", false); err != nil {
		return nil, err
	}
	if n.tails, err = n.readPhrases("ekor", true); err != nil {
		return nil, err
	}
	return n, nil
}

// Words returns the normalised words of a text: lower case, without markup, emoji, links, invisible
// and look-alike characters, headers of forwards, calls to pass it on, and questions to the reader;
// chat spelling, Jambi Malay, elongation and reduplication written out. Numbers, places and acronyms
// stay. Nil for a text that says nothing. It looks at the first 24 KiB and returns at most 512 words.
func (n *Normaliser) Words(text string) []string {
	words, _ := n.parse(text)
	return words
}

// parse returns the words and the canonical links of a text.
func (n *Normaliser) parse(text string) (words, links []string) {
	text = cut(text)
	text, links = takeLinks(text)
	text = stripHeaders(clean(text))
	return n.strip(n.tokens(text)), links
}

// cut bounds a text, at a character's beginning.
func cut(text string) string {
	if len(text) <= maxBytes {
		return text
	}
	end := maxBytes
	for end > maxBytes-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// strip removes phrases that say nothing from both ends, again and again. A text that consists of
// nothing else says nothing.
func (n *Normaliser) strip(words []string) []string {
	for {
		k := n.heads.head(words)
		if k == 0 {
			break
		}
		words = words[k:]
	}
	for len(words) > 0 {
		k := n.tails.tail(words)
		if k == 0 {
			break
		}
		words = words[:len(words)-k]
	}
	if len(words) == 0 {
		return nil
	}
	if len(words) <= maxWords {
		return words
	}
	// What is not looked at leaves its mark, so that two texts which differ only there are not equal.
	all, _ := n.lex.hashes(words[maxWords-1:], nil, nil)
	rest := strconv.FormatUint(textHash(all), 36)
	return append(words[:maxWords-1:maxWords-1], "0"+rest)
}

// tokens splits cleaned text into normalised words, all that a text may have.
func (n *Normaliser) tokens(text string) []string {
	out := make([]string, 0, min(len(text)/6+4, maxBytes))
	for i := 0; i < len(text) && len(out) < maxBytes; {
		switch c := text[i]; {
		case isDigit(c):
			i, out = number(text, i, out)
		case isLetter(c):
			end := i + 1
			for end < len(text) && end-i < maxToken && inWord(text, end) {
				end++
			}
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end++
			}
			out = n.word(text[i:end], out)
			i = end
		case c == '%':
			out = append(out, "persen")
			i++
		default:
			i++
		}
	}
	return slices.CompactFunc(spaced(out), func(a, b string) bool { return a == b && !isDigit(a[0]) })
}

// inWord reports whether the character at i goes on with the word before it. Digits do, but for the
// beginning of a number that is written with points: rp1.500.000.
func inWord(text string, i int) bool {
	if !isDigit(text[i]) {
		return isLetter(text[i]) || joins(text, i)
	}
	end := i
	for end < len(text) && end-i < maxToken && isDigit(text[end]) {
		end++
	}
	return isDigit(text[i-1]) || end+1 >= len(text) || !isDigit(text[end+1]) || !strings.ContainsRune(".,:/", rune(text[end]))
}

// joins reports whether the character at i, amid letters, belongs to the word: the hyphen of a
// reduplication.
func joins(text string, i int) bool {
	return text[i] == '-' && i+1 < len(text) && isLetter(text[i+1]) && isLetter(text[i-1])
}

// spaced joins words that were written with a space after every letter: "h o a k s".
func spaced(words []string) []string {
	out := words[:0]
	for i := 0; i < len(words); {
		end := i
		for end < len(words) && len(words[end]) == 1 && isLetter(words[end][0]) {
			end++
		}
		if end-i >= 4 {
			out = append(out, bounded(strings.Join(words[i:min(end, i+maxWord)], "")))
			i = end
			continue
		}
		out = append(out, words[i])
		i++
	}
	return out
}

// isLetter takes every byte above ASCII for a letter: clean has left nothing else there.
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= utf8.RuneSelf }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
