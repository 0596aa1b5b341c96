package match

import (
	"embed"
	"fmt"
	"strings"
)

// kata holds the word lists, written for this program. '#' begins a comment.
//
//go:embed kata/*.txt
var kata embed.FS

// class says what kind of slot a word may fill; a word may be of several kinds.
type class uint16

const (
	classCommon    class = 1 << iota // says little
	classNumber                      // a numeral, in digits or words
	classPlace                       // a word of a place name
	classTime                        // a day, a month, a time of day
	classAuthority                   // an office or body
	className                        // a person's name
	classNegation                    // turns a claim round
	classDigits                      // written in digits
)

// slot is every kind of word that, put in the place of another of its kind, makes another claim.
const slot = classNumber | classPlace | classTime | classAuthority | className

// lexicon is the word lists, parsed. It is not changed after newLexicon.
type lexicon struct {
	classes  map[string]class
	short    map[string]string // chat spelling or dialect -> words
	numbered map[string]bool   // a number may follow without a space: "tps12"
}

// newLexicon parses the embedded lists and adds places, names of areas the installation cares for.
// An error means that a list was damaged in the source.
func newLexicon(places []string) (*lexicon, error) {
	l := &lexicon{classes: map[string]class{}, short: map[string]string{}}
	for file, c := range map[string]class{
		"umum": classCommon, "bilangan": classNumber, "tempat": classPlace, "waktu": classTime,
		"lembaga": classAuthority, "nama": className, "ingkar": classNegation,
	} {
		lines, err := readList(file)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			for _, w := range strings.Fields(line) {
				l.classes[w] |= c
			}
		}
	}
	for _, p := range places {
		for _, w := range strings.Fields(strings.ToLower(p)) {
			if len(w) > 2 && l.classes[w]&classCommon == 0 {
				l.classes[w] |= classPlace
			}
		}
	}
	for _, file := range []string{"singkatan", "jambi"} {
		lines, err := readList(file)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			from, to, ok := strings.Cut(line, " ")
			if !ok {
				return nil, fmt.Errorf("match: kata/%s.txt: %q stands for nothing", file, line)
			}
			l.short[from] = to
		}
	}
	l.numbered = set("tps no nomor rt rw km paslon pasangan calon urut dapil tahap putaran covid pasal ayat uu nik dana batch angkatan kelas sdn smpn sman")
	return l, nil
}

// class returns what kinds of slot a normalised word may fill.
func (l *lexicon) class(w string) class {
	c := l.classes[w]
	if len(w) > 0 && w[0] >= '0' && w[0] <= '9' {
		c |= classNumber | classDigits
	}
	return c
}

func readList(name string) ([]string, error) {
	raw, err := kata.ReadFile("kata/" + name + ".txt")
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	var lines []string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
