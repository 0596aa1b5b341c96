package main

import (
	"fmt"
	"strings"
)

// said is one thing the bot says, as scenario files have it.
type said struct {
	chat  string
	note  bool // the passing answer to a press, seen by the presser alone
	edit  bool // in place of an earlier message
	text  []string
	kind  string // of the attached file; empty: none
	file  string // its name
	rows  [][]string
	plain string // a line that no network says: the answer of a verb
}

// String writes the lines of a file.
func (m said) String() string {
	if m.plain != "" {
		return m.plain + "\n"
	}
	var out strings.Builder
	how := ""
	switch {
	case m.note:
		how = " (note)"
	case m.edit:
		how = " (edit)"
	}
	fmt.Fprintf(&out, "bot>%s%s: %s\n", m.chat, how, m.text[0])
	for _, l := range m.text[1:] {
		out.WriteString(strings.TrimRight("    | "+l, " ") + "\n")
	}
	if m.kind != "" {
		out.WriteString(strings.TrimRight("    <"+m.kind+" "+m.file, " ") + ">\n")
	}
	for _, row := range m.rows {
		out.WriteString("    [" + strings.Join(row, "] [") + "]\n")
	}
	return out.String()
}

// readSaid reads the lines of the bot that follow a step.
func readSaid(lines []string) (all []said) {
	for _, line := range lines {
		rest, begins := strings.CutPrefix(line, "bot>")
		if begins {
			who, text, _ := strings.Cut(rest, ":")
			chat, how, _ := strings.Cut(who, " ")
			all = append(all, said{chat: chat, note: how == "(note)", edit: how == "(edit)", text: []string{strings.TrimPrefix(text, " ")}})
			continue
		}
		if strings.HasPrefix(line, "= ") {
			all = append(all, said{plain: line})
			continue
		}
		m := &all[len(all)-1]
		switch body := strings.TrimPrefix(line, "    "); {
		case strings.HasPrefix(body, "|"):
			m.text = append(m.text, strings.TrimPrefix(body[1:], " "))
		case strings.HasPrefix(body, "<"):
			m.kind, m.file, _ = strings.Cut(strings.Trim(body, "<>"), " ")
		case strings.HasPrefix(body, "["):
			m.rows = append(m.rows, strings.Split(strings.Trim(body, "[]"), "] ["))
		}
	}
	return all
}

// botLine reports whether a line of a file is the bot's.
func botLine(line string) bool {
	return strings.HasPrefix(line, "bot>") || strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "= ")
}
