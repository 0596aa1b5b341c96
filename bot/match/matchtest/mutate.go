package matchtest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds are the ways in which a copy may differ from what it was copied from.
func Kinds() []string {
	return []string{"exact", "decor", "typo10", "trunc60", "prefix", "drop15swap", "mixed", "subst30", "noise"}
}

// Mutate makes a copy of a text, of one of Kinds. foreign is another text, for what is put around.
func (s *Source) Mutate(kind, text, foreign string) string {
	switch kind {
	case "decor":
		return s.decor(text)
	case "typo10":
		return s.eachWord(text, 0.10, s.misspell)
	case "trunc60":
		return s.truncate(text)
	case "prefix":
		return s.wrap(text, foreign)
	case "drop15swap":
		return s.dropAndSwap(text)
	case "mixed":
		return s.mixed(text, foreign)
	case "subst30":
		return s.eachWord(text, 0.30, func(string) string { return one(s.r, s.Words) })
	case "noise":
		return s.noise(text)
	}
	return text
}

func (s *Source) decor(text string) string {
	head, _ := s.fill(s.pick("kepala"))
	tail, _ := s.fill(s.pick("ekor"))
	if s.r.IntN(3) == 0 {
		text = strings.ToUpper(text)
	}
	switch s.r.IntN(3) {
	case 0:
		return head + "\n" + text
	case 1:
		return text + "\n" + tail
	}
	return head + " " + text + " " + tail
}

func (s *Source) truncate(text string) string {
	w := strings.Fields(text)
	return strings.Join(w[:max(1, len(w)*6/10)], " ")
}

// wrap puts half as much of another text before or after.
func (s *Source) wrap(text, foreign string) string {
	f := strings.Fields(foreign)
	f = f[:min(len(f), len(strings.Fields(text))/2)]
	if s.r.IntN(2) == 0 {
		return strings.Join(f, " ") + ". " + text
	}
	return text + ". " + strings.Join(f, " ")
}

func (s *Source) dropAndSwap(text string) string {
	w := slices.DeleteFunc(strings.Fields(text), func(string) bool { return s.r.Float64() < 0.15 })
	half := len(w) / 2
	return strings.Join(append(slices.Clone(w[half:]), w[:half]...), " ")
}

// mixed combines two or three of the others, at half their strength.
func (s *Source) mixed(text, foreign string) string {
	ops := []func(string) string{
		s.decor,
		func(t string) string { return s.eachWord(t, 0.08, s.misspell) },
		func(t string) string {
			w := strings.Fields(t)
			return strings.Join(w[:max(1, len(w)*8/10)], " ")
		},
		func(t string) string {
			f := strings.Fields(foreign)
			return strings.Join(f[:min(len(f), len(strings.Fields(t))/4)], " ") + "\n" + t
		},
		func(t string) string {
			return strings.Join(slices.DeleteFunc(strings.Fields(t), func(string) bool { return s.r.Float64() < 0.08 }), " ")
		},
		s.noise,
	}
	s.r.Shuffle(len(ops), func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
	for _, op := range ops[:2+s.r.IntN(2)] {
		text = op(text)
	}
	return text
}

// noise is what filters are evaded with: look-alike letters, invisible characters, markup, letters
// drawn out, emoji between words.
func (s *Source) noise(text string) string {
	homoglyphs := strings.NewReplacer("a", "а", "e", "е", "o", "о", "c", "с", "p", "р")
	return s.eachWord(text, 0.25, func(w string) string {
		switch s.r.IntN(5) {
		case 0:
			return homoglyphs.Replace(w)
		case 1:
			_, n := utf8.DecodeRuneInString(w)
			return w[:n] + "\u200b" + w[n:]
		case 2:
			return "*" + w + "*"
		case 3:
			if r, n := utf8.DecodeLastRuneInString(w); unicode.IsLetter(r) {
				return w + strings.Repeat(w[len(w)-n:], 2+s.r.IntN(3))
			}
		}
		return w + " 😱"
	})
}

// eachWord changes words with a probability.
func (s *Source) eachWord(text string, share float64, change func(string) string) string {
	w := strings.Fields(text)
	for i := range w {
		if s.r.Float64() < share {
			w[i] = change(w[i])
		}
	}
	return strings.Join(w, " ")
}

// misspell makes one slip of the finger, or leaves out vowels as chats do. Numbers stay: another
// number is another claim.
func (s *Source) misspell(w string) string {
	if strings.ContainsAny(w, "0123456789") || len(w) < 3 || strings.ContainsFunc(w, func(r rune) bool { return r > 127 }) {
		return w
	}
	b := []byte(w)
	i := 1 + s.r.IntN(len(b)-1)
	switch s.r.IntN(5) {
	case 0:
		return string(slices.Delete(b, i, i+1))
	case 1:
		b[i-1], b[i] = b[i], b[i-1]
		return string(b)
	case 2:
		b[i] = byte('a' + s.r.IntN(26))
		return string(b)
	case 3:
		return string(slices.Insert(b, i, b[i]))
	}
	return w[:1] + strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) && s.r.IntN(3) > 0 {
			return -1
		}
		return r
	}, w[1:])
}

// shuffled returns the indices below n in a random order.
func shuffled(r *rand.Rand, n int) []int { return r.Perm(n) }
