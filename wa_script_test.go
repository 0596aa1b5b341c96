package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awassiber/bot"
)

// This file is the one place that says how WhatsApp differs from the training network, on which the files
// are written. What a person does and the network cannot (a press) is in waPost.press; what the bot is then
// heard to say is the file's text with these changes and no other:
//
//   - Buttons are numbered lines under the text, after an empty one (bot.MenuLines).
//   - The passing note to whoever pressed is an answer in the group, after what else is said there.
//   - What would be an edit of a message older than WhatsApp lets anybody edit is a new message. Where it
//     stands among the others of its step cannot be read from the file.
//   - Only documents have names; a sound cannot carry words, which follow it.
//   - Only channels are named as the origin of a forward; what is known of others is that they are.
//   - A chat's address is the network's, and the bot's own user name, which people write behind a command,
//     is the number it is mentioned by.
//   - Who is added by an address and was not heard yet has no name: an address here is not for showing.
//   - A button nobody was shown cannot be pressed: steps with [forge …] are left out with their answers.

// notOnWhatsApp reads the reason in a file's heading for which it is not played, if it has one:
// "# not on WhatsApp: …".
func notOnWhatsApp(text string) (reason string, no bool) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		if reason, no = strings.CutPrefix(strings.TrimSpace(line), "# not on WhatsApp: "); no {
			return reason, true
		}
	}
	return "", false
}

// editable is how long a message can be edited: WhatsApp's apps say 15 minutes, the program stops before.
const editable = 14 * time.Minute

// typed is what a person types here for what the file has.
func (w *waVenue) typed(text string) string {
	text = strings.ReplaceAll(text, "@awas_siber_bot", "@"+w.srv.LID().User)
	if f := staffing.FindStringSubmatch(text); f != nil && w.people[f[2]] != nil {
		return f[1] + "whatsapp:" + w.address(f[2]) // as /alamat tells it
	}
	return w.addresses(text)
}

// addresses has the network's addresses in place of those of the training network.
func (w *waVenue) addresses(text string) string {
	return simAddresses.ReplaceAllStringFunc(text, func(a string) string {
		return "whatsapp:" + w.address(strings.TrimPrefix(a, "sim:"))
	})
}

var staffing = regexp.MustCompile(`^(/petugas \w+ )(\w+)$`)

// script is what the file has after a step, as it is here. lines are those of the chats before the step.
func (w *waVenue) script(step string, file []string, lines []*waLine) string {
	var out []said
	order := append([]string{""}, w.chats()...)
	for _, m := range readSaid(file) {
		out = append(out, w.here(step, m, lines)...)
	}
	slices.SortStableFunc(out, func(a, b said) int { return slices.Index(order, a.chat) - slices.Index(order, b.chat) })
	var text strings.Builder
	for _, m := range out {
		text.WriteString(m.String())
	}
	return text.String()
}

// here is one message of the file as it is here.
func (w *waVenue) here(step string, m said, lines []*waLine) []said {
	if m.plain != "" {
		return []said{m}
	}
	if m.note {
		who, _, spoken := speech(step)
		_, group, _ := strings.Cut(who, "@")
		if !spoken { // pressed before, while the program was stopped
			group = "koordinator"
		}
		m.chat, m.note = group, false
	}
	if m.edit {
		m.edit = w.fresh(m, lines)
		w.late = w.late || !m.edit
	}
	for i, line := range m.text {
		m.text[i] = w.wording(line)
	}
	if len(m.rows) > 0 {
		var rows [][]bot.Button
		for _, row := range m.rows {
			rows = append(rows, nil)
			for _, label := range row {
				rows[len(rows)-1] = append(rows[len(rows)-1], bot.Button{Label: label})
			}
		}
		m.text, m.rows = append(append(m.text, ""), bot.MenuLines(rows)...), nil
	}
	if m.kind != "document" {
		m.file = ""
	}
	if m.kind == "voice" || m.kind == "audio" {
		return []said{{chat: m.chat, text: []string{""}, kind: m.kind}, {chat: m.chat, text: m.text}}
	}
	return []said{m}
}

// anyOrder brings messages, as said.String writes them, into an order that does not depend on when they were
// said.
func anyOrder(text string) string {
	var all []string
	for line := range strings.Lines(text) {
		if len(all) == 0 || botLine(line) && !strings.HasPrefix(line, "    ") {
			all = append(all, "")
		}
		all[len(all)-1] += line
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// fresh reports whether the message that m takes the place of can still be edited. A card is known again by
// its heading up to its state.
func (w *waVenue) fresh(m said, lines []*waLine) bool {
	head, _, _ := strings.Cut(m.text[0], " · ")
	for _, l := range slices.Backward(lines) {
		if l.chat == m.chat && l.from == nil && strings.HasPrefix(l.text, head+" · ") {
			return w.clock.Now().Sub(l.at) <= editable
		}
	}
	return true // both came in this step
}

var (
	simAddresses = regexp.MustCompile(`\bsim:(\w+)`)
	unnamed      = regexp.MustCompile(`\bpetugas\d\b`)
)

// wording is a line of text as it is here.
func (w *waVenue) wording(line string) string {
	text := w.bot.text
	line = w.addresses(line)
	line = unnamed.ReplaceAllString(line, text.Text("staff.unnamed"))
	for _, who := range []string{"origin.user", "origin.hidden"} {
		if line == text.Text("card.origin", "origin", text.Text(who)) {
			return text.Text("card.origin", "origin", text.Text("origin.unknown"))
		}
	}
	return line
}

// playOnWhatsApp plays a file and compares.
func playOnWhatsApp(t *testing.T, text string) {
	s := newScene(t, text, onWhatsApp)
	w := s.venue.(*waVenue)
	var want, got strings.Builder
	lines := strings.Split(text, "\n")
	for i, step := range lines {
		if step == "" || strings.HasPrefix(step, "#") || botLine(step) || strings.Contains(step, "> [forge ") {
			continue
		}
		end := i + 1
		for end < len(lines) && botLine(lines[end]) {
			end++
		}
		before := slices.Clone(w.lines)
		s.step(step)
		file, heard := w.script(step, lines[i+1:end], before), s.heard()
		if w.late {
			file, heard, w.late = anyOrder(file), anyOrder(heard), false
		}
		want.WriteString(step + "\n" + file)
		got.WriteString(step + "\n" + heard)
	}
	s.end()
	if diff := cmp.Diff(strings.Split(want.String(), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("the conversation went differently on WhatsApp (-file +heard):\n%s", diff)
	}
}
