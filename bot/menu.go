package bot

import (
	"slices"
	"strconv"
	"strings"
)

// MenuLines writes buttons as lines of text, for networks that have none. The number in front of a
// line is the button's place among all of them, from 1, and what a person answers to choose it; a
// label that begins with a number of its own ("1 Hoaks") is left as it is. A button that opens a page
// shows the page's address.
func MenuLines(rows [][]Button) []string {
	var lines []string
	for i, b := range slices.Concat(rows...) {
		line := b.Label
		if !numbered(line) {
			line = strconv.Itoa(i+1) + ". " + line
		}
		if b.URL != "" {
			line += ": " + b.URL
		}
		lines = append(lines, line)
	}
	return lines
}

// MenuChoice finds the button that a typed number means, under the rule of MenuLines: the one whose
// label begins with that number, else the one in that place. It reports false if there is none.
func MenuChoice(rows [][]Button, number int) (Button, bool) {
	all := slices.Concat(rows...)
	for _, b := range all {
		if first, _, _ := strings.Cut(b.Label, " "); numbered(b.Label) && first == strconv.Itoa(number) {
			return b, true
		}
	}
	if number < 1 || number > len(all) || numbered(all[number-1].Label) {
		return Button{}, false
	}
	return all[number-1], true
}

// MenuLabel finds the label behind a typed number in a text that ends with lines of MenuLines; empty if
// there is none, or what was typed is no number.
func MenuLabel(text, typed string) string {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil || n < 1 {
		return ""
	}
	lines := strings.Split(text, "\n")
	for _, line := range slices.Backward(lines) {
		if label, ok := strings.CutPrefix(line, strconv.Itoa(n)+". "); ok {
			return label
		}
		if strings.TrimSpace(line) == "" {
			return "" // above the list
		}
	}
	return ""
}

// numbered reports whether a label begins with a number and a space.
func numbered(label string) bool {
	first, _, ok := strings.Cut(label, " ")
	n, err := strconv.Atoi(first)
	return ok && err == nil && n >= 0 && strconv.Itoa(n) == first
}
