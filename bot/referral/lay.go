package referral

import (
	"fmt"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// Lay writes the sheet in one text, with bold marks. It can be longer than a message: see Parts.
func Lay(p *locales.Printer, zone calendar.Zone, s Sheet) string {
	w := writer{say: p, zone: zone, sheet: s}
	blocks := []string{w.head(), w.reporter(), w.accused(), w.event(), w.witnesses(), w.evidence(), w.account(), w.deadline(), p.Text("referral.foot")}
	var out []string
	for _, b := range blocks {
		if b != "" {
			out = append(out, b)
		}
	}
	return strings.Join(out, "\n\n")
}

// Parts writes the sheet in messages of at most limit UTF-16 units. Each names the ticket, so that
// parts of two cases in one group are not mixed up.
func Parts(p *locales.Printer, zone calendar.Zone, s Sheet, limit int) []string {
	text := Lay(p, zone, s)
	if parts := bot.Split(text, limit); len(parts) == 1 {
		return parts
	}
	const room = 80 // for the line that names ticket and part
	parts := bot.Split(text, limit-room)
	for i := range parts {
		parts[i] = p.Text("referral.part", "ticket", s.Ticket, "part", i+1, "parts", len(parts)) + "\n" + parts[i]
	}
	return parts
}

type writer struct {
	say   *locales.Printer
	zone  calendar.Zone
	sheet Sheet
}

func (w writer) head() string {
	s := w.sheet
	lines := []string{w.say.Text("referral.title_early", "ticket", s.Ticket)}
	if s.Prepared {
		lines[0] = w.say.Text("referral.title_prepared", "ticket", s.Ticket)
	}
	if s.To != "" {
		lines = append(lines, w.say.Text("referral.to", "name", line(s.To)))
	}
	for _, r := range s.Reasons {
		lines = append(lines, w.say.Text("referral.reason", "reason", line(r)))
	}
	var kinds []string
	for _, c := range s.Categories {
		kinds = append(kinds, w.say.Text("category."+string(c))+" ("+string(c)+")")
	}
	key := "referral.categories"
	if s.Suggested && len(kinds) > 0 {
		key = "referral.categories_suggested"
	}
	lines = append(lines, w.say.Text(key, "categories", w.or(strings.Join(kinds, "; "))))
	lines = append(lines, w.say.Text("referral.senders", "count", s.Senders))
	if !s.Made.IsZero() {
		lines = append(lines, w.say.Text("referral.made", "time", calendar.Moment(s.Made, w.zone)))
	}
	return strings.Join(lines, "\n")
}

func (w writer) reporter() string {
	text := w.say.Text("referral.reporter_sealed")
	switch w.sheet.Reporter {
	case Anonymous:
		text = w.say.Text("referral.reporter_anonymous")
	case Ready:
		text = w.say.Text("referral.reporter_ready")
	}
	return w.say.Text("referral.reporter") + "\n" + text
}

func (w writer) accused() string {
	return w.say.Text("referral.accused") + "\n" + w.or(line(w.sheet.Accused))
}

func (w writer) event() string {
	s := w.sheet
	place := line(s.Place)
	if s.Area != "" {
		place = strings.TrimPrefix(place+", "+line(s.Area), ", ")
	}
	return strings.Join([]string{
		w.say.Text("referral.event"),
		w.say.Text("referral.event_what", "event", w.or(line(s.Event))),
		w.say.Text("referral.event_place", "place", w.or(place)),
		w.say.Text("referral.event_happened", "day", w.day(s.Happened, s.HappenedText)),
		w.say.Text("referral.event_learned", "day", w.day(s.Learned, s.LearnedText)),
	}, "\n")
}

// day writes a day with the words it was read from.
func (w writer) day(t time.Time, typed string) string {
	typed = line(typed)
	switch {
	case t.IsZero() && typed == "":
		return w.or("")
	case t.IsZero():
		return w.say.Text("referral.as_typed", "typed", typed)
	case typed == "":
		return calendar.Day(w.zone.In(t))
	}
	return calendar.Day(w.zone.In(t)) + " (" + w.say.Text("referral.as_typed", "typed", typed) + ")"
}

func (w writer) witnesses() string {
	return w.say.Text("referral.witnesses") + "\n" + w.list(w.sheet.Witnesses)
}

func (w writer) evidence() string {
	var all []string
	for _, e := range w.sheet.Evidence {
		text := w.say.Text("referral.evidence_"+string(e.Kind)) + ", SHA-256 " + w.or(e.SHA256)
		if !e.At.IsZero() {
			text += ", " + w.say.Text("referral.evidence_at", "time", calendar.Moment(e.At, w.zone))
		}
		all = append(all, text)
	}
	return w.say.Text("referral.evidence") + "\n" + w.list(append(all, w.sheet.Links...))
}

// account quotes the chronology line by line: a heading in it cannot be taken for one of ours.
func (w writer) account() string {
	var out []string
	for l := range strings.Lines(strings.TrimSpace(bot.Clean(w.sheet.Account))) {
		out = append(out, strings.TrimRight("> "+strings.TrimRight(l, "\n"), " "))
	}
	return w.say.Text("referral.account") + "\n" + w.or(strings.Join(out, "\n"))
}

func (w writer) deadline() string {
	s := w.sheet
	switch {
	case !s.Limited:
		return ""
	case s.Safe.IsZero() && s.Last.IsZero():
		return w.say.Text("referral.deadline") + "\n" + w.say.Text("referral.deadline_none")
	}
	lines := []string{w.say.Text("referral.deadline"), w.say.Text("referral.deadline_hurry")}
	if !s.Safe.IsZero() {
		lines[1] = w.say.Text("referral.deadline_safe", "time", calendar.Moment(s.Safe, w.zone))
	}
	if !s.Last.IsZero() {
		lines = append(lines, w.say.Text("referral.deadline_last", "day", calendar.Day(w.zone.In(s.Last))))
	}
	return strings.Join(lines, "\n")
}

// list numbers entries, one a line.
func (w writer) list(entries []string) string {
	var out []string
	for _, e := range entries {
		if e = line(e); e != "" {
			out = append(out, fmt.Sprintf("%d. %s", len(out)+1, e))
		}
	}
	return w.or(strings.Join(out, "\n"))
}

// or is the text, or that nothing is known.
func (w writer) or(text string) string {
	if strings.TrimSpace(text) == "" {
		return w.say.Text("referral.unknown")
	}
	return text
}

// line is text from outside on one line.
func line(s string) string { return strings.Join(strings.Fields(bot.Clean(s)), " ") }
