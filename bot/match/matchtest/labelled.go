package matchtest

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"unicode"
)

// Query is one labelled query, as `awassiber calibrate` reads it.
type Query struct {
	Text  string  `json:"text"`
	Match *string `json:"match"` // id of the text it is a copy of; nil if it is a copy of none
	Class string  `json:"class"`
}

// Development reports whether a text belongs to the development split. The split is by text, so that
// all copies of it and all its siblings' swaps are on one side.
func Development(t Text) bool {
	sum := sha256.Sum256([]byte(t.Text))
	return sum[0]&1 == 0
}

// Copies makes n queries of every kind from texts of the corpus.
func (s *Source) Copies(corpus []Text, n int) []Query {
	var out []Query
	for _, kind := range Kinds() {
		order := shuffled(s.r, len(corpus))
		for i := range min(n, len(order)) {
			t := corpus[order[i]]
			id := t.ID
			foreign := corpus[order[(i+1)%len(order)]].Text
			out = append(out, Query{s.Mutate(kind, t.Text, foreign), &id, kind})
		}
	}
	return out
}

// HardKinds are the ways in which a text may look like one of the corpus and be none.
func HardKinds() []string {
	return []string{"place", "name", "number", "date", "authority", "sibling", "other", "chat"}
}

// Negatives makes n queries of every hard kind: texts of the corpus in which one thing was swapped,
// other texts made from the same template, texts that are not in the corpus, and ordinary chat.
func (s *Source) Negatives(corpus, others []Text, n int) []Query {
	var out []Query
	for _, kind := range HardKinds() {
		made := 0
		for try := 0; made < n && try < 50*n; try++ {
			if text := s.negative(kind, corpus, others, made); text != "" {
				out = append(out, Query{Text: text, Class: kind})
				made++
			}
		}
	}
	return out
}

func (s *Source) negative(kind string, corpus, others []Text, i int) string {
	switch kind {
	case "other":
		if i < len(others) {
			return others[i].Text
		}
		return ""
	case "chat":
		return s.pick("obrolan") + " " + s.pick("obrolan")
	case "sibling":
		t := corpus[s.r.IntN(len(corpus))]
		if t.family == "" {
			return ""
		}
		text, _ := s.fill(t.family)
		return text
	}
	t := corpus[s.r.IntN(len(corpus))]
	slots := t.slots
	if slots == nil {
		slots = guess(t.Text)
	}
	return s.swap(kind, t.Text, slots)
}

// swap puts another value into one slot of a kind; some of the copies are misspelt elsewhere too.
func (s *Source) swap(kind, text string, slots []Slot) string {
	for _, i := range shuffled(s.r, len(slots)) {
		slot := slots[i]
		if slot.Kind != kind || strings.Count(text, slot.Value) != 1 {
			continue
		}
		other := s.other(slot)
		if strings.EqualFold(other, slot.Value) {
			continue
		}
		return strings.Replace(text, slot.Value, other, 1)
	}
	return ""
}

// other returns another value for a slot, near to it where that is the danger.
func (s *Source) other(slot Slot) string {
	switch slot.Kind {
	case "place":
		if s.r.IntN(2) == 0 || len(slot.Value) < 6 {
			return s.pick("kab")
		}
		return s.slot("desa").Value
	case "name":
		return s.slot("nama").Value
	case "authority":
		return s.pick("kantor")
	case "date":
		return s.slot("tgl").Value
	}
	return nextNumber(slot.Value, s.r.IntN(9))
}

// nextNumber changes one digit.
func nextNumber(v string, by int) string {
	at := strings.LastIndexAny(strings.TrimRight(v, "0."), "0123456789")
	at = max(at, 0)
	d := (int(v[at]-'0') + 1 + by) % 10
	if at == 0 && d == 0 {
		d = 1 + by%8
	}
	return v[:at] + strconv.Itoa(d) + v[at+1:]
}

// guess finds slots in a text that was not made here: numbers, and words in capitals amid a sentence.
func guess(text string) []Slot {
	var out []Slot
	fields := strings.Fields(text)
	for i, f := range fields {
		w := strings.Trim(f, ".,;:!?()\"'“”*")
		switch {
		case w == "":
		case isDigits(w):
			out = append(out, Slot{"number", w})
		case i > 0 && len(w) > 3 && capital(w) && !strings.ContainsAny(fields[i-1], ".!?:"):
			out = append(out, Slot{"name", w}, Slot{"place", w})
		}
	}
	return out
}

func isDigits(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return r < '0' || r > '9' })
}

// capital reports whether a word begins with a capital and goes on without.
func capital(w string) bool {
	for i, r := range w {
		if i == 0 && !unicode.IsUpper(r) || i > 0 && !unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// LearnWords takes the words that Mutate puts in from texts.
func (s *Source) LearnWords(texts []Text) {
	s.Words = s.Words[:0]
	for _, t := range texts {
		s.Words = append(s.Words, strings.Fields(t.Text)...)
	}
}

// Unlike reorders texts so that none from the known-th on shares more than a third of its words
// with one before: texts found by themselves repeat each other, and an unknown text must be unknown.
// The measure is word overlap, which matching itself does not use. Those that resemble are dropped.
func Unlike(texts []Text, known int) []Text {
	words := make([]map[string]bool, len(texts))
	for i, t := range texts {
		words[i] = map[string]bool{}
		for _, w := range strings.Fields(strings.ToLower(t.Text)) {
			words[i][w] = true
		}
	}
	out := append([]Text(nil), texts[:known]...)
	for i := known; i < len(texts); i++ {
		alike := false
		for j := range known {
			both := 0
			for w := range words[i] {
				if words[j][w] {
					both++
				}
			}
			if 3*both > len(words[i])+len(words[j])-both || 2*both > min(len(words[i]), len(words[j])) {
				alike = true
				break
			}
		}
		if !alike {
			out = append(out, texts[i])
		}
	}
	return out
}
