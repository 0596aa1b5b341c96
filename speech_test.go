package main

import "strings"

// mark is what stands in brackets before a text, for example [fwd channel Kabar Kita].
type mark struct{ verb, arg string }

// speak plays "who> text" (a private chat) or "who@group> text". Bracketed words before the text
// say what is special about it, for example [photo tps.png].
func (s *scene) speak(who, text string) {
	name, group, _ := strings.Cut(who, "@")
	marks, text := s.marks(text)
	s.venue.say(name, group, marks, strings.ReplaceAll(text, `\n`, "\n"))
}

// marks takes the brackets off a text.
func (s *scene) marks(text string) (marks []mark, rest string) {
	for strings.HasPrefix(text, "[") {
		inner, rest, ok := strings.Cut(text[1:], "]")
		if !ok {
			s.t.Fatalf("unclosed bracket in %q", text)
		}
		text = strings.TrimSpace(rest)
		verb, arg, _ := strings.Cut(inner, " ")
		marks = append(marks, mark{verb, arg})
	}
	return marks, text
}
