package handlers

import (
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
	"awassiber/locales"
)

// searchDepth is how many cases a search by word reads, newest first. Texts are sealed, so that a
// search opens each; the answer says how far it looked.
const searchDepth = 5000

// list answers /kasus [baru|diambil|selesai] [wilayah]. Like a search it reads no more than
// searchDepth cases, however many there are: everybody waits while it does.
func (c *call) list() error {
	const most = 15
	statuses, rest := c.statusArg()
	region, err := c.regionArg(rest)
	if err != nil {
		return err
	}
	counts, err := c.tx.CaseCounts()
	if err != nil {
		return err
	}
	var lines []string
	read, found, all := 0, 0, 0
	for _, s := range statuses {
		all += counts[s]
		for k, err := range c.tx.Cases(s, s == bot.Resolved || s == bot.Closed) {
			if err != nil {
				return err
			}
			if region == "" && found == most || read == searchDepth {
				break
			}
			read++
			if region != "" && k.Region != region {
				continue
			}
			if found++; found <= most {
				lines = append(lines, c.caseLine(k))
			}
		}
	}
	total := found
	if region == "" {
		total = all
	}
	if total == 0 {
		return c.reply("desk.list_empty")
	}
	more := ""
	if total > most {
		more = c.Text.Text("desk.list_more", "count", total-most)
	}
	return c.reply("desk.list", "list", locales.Marked(strings.Join(lines, "\n")), "more", locales.Marked(more), "count", total)
}

// statusArg reads the first word as a status; without one, what is not finished.
func (c *call) statusArg() ([]bot.Status, string) {
	word, rest := cutWord(c.args)
	switch plainWords(word) {
	case "baru", "new":
		return []bot.Status{bot.New}, rest
	case "diambil", "dipegang":
		return []bot.Status{bot.Taken}, rest
	case "selesai", "tuntas":
		return []bot.Status{bot.Resolved, bot.Closed}, rest
	}
	return []bot.Status{bot.New, bot.Taken}, c.args
}

// regionArg reads an area; an ambiguous or unknown one is a refusal that says what is meant.
func (c *call) regionArg(words string) (string, error) {
	if strings.TrimSpace(words) == "" {
		return "", nil
	}
	m := c.Places.Resolve(words)
	switch m.Decision {
	case gazetteer.One:
		return m.Candidates[0].Area.Code, nil
	case gazetteer.Ask:
		var names []string
		for _, m := range m.Candidates {
			names = append(names, c.Places.Short(m.Area.Code))
		}
		return "", bot.Refuse("desk.which_area", "typed", shorten(bot.Clean(words), 40), "areas", strings.Join(names, ", "))
	}
	return "", bot.Refuse("desk.no_such_area", "typed", shorten(bot.Clean(words), 40), "province", c.Province)
}

func (c *call) caseLine(k bot.Case) string {
	about := shorten(strings.ReplaceAll(k.Excerpt, "\n", " "), 60)
	if about == "" {
		about = c.fileList(k.Files)
	}
	who := ""
	if k.Status == bot.Taken {
		who = c.Text.Text("desk.line_holder", "name", k.HolderName)
	}
	return c.Text.Text("desk.line", "seq", strconv.FormatUint(uint64(k.ID), 10), "day", calendar.ShortDay(k.Opened.In(c.Zone.Location)),
		"status", locales.Marked(c.Text.Text("status."+string(k.Status))), "area", locales.Marked(c.area(k)), "about", about, "who", locales.Marked(who))
}

// show answers /lihat N: the card again, all texts, all files.
func (c *call) show() error {
	k, _, err := c.caseArg()
	if err != nil {
		return err
	}
	last, err := lastByDesk(c.tx, k.ID)
	if err != nil {
		return err
	}
	parts := []string{c.cardText(k, last)}
	var items []bot.Item
	for t, err := range c.tx.TipsOf(k.ID) {
		if err != nil {
			return err
		}
		mine, err := c.tx.Items(t.ID)
		if err != nil {
			return err
		}
		items = append(items, mine...)
		parts = append(parts, c.tipText(t, mine))
	}
	if err := c.replyText(strings.Join(parts, "\n\n")); err != nil {
		return err
	}
	return c.postFiles(c.tx, k, items)
}

// tipText shows one tip whole: what was said, edits beside the original, and the answers given.
func (c *call) tipText(t bot.Tip, items []bot.Item) string {
	lines := []string{c.Text.Text("desk.tip", "ticket", c.ticket(t), "time", calendar.Moment(t.Started, c.Zone))}
	if !t.Erased.IsZero() {
		return c.Text.Text("desk.tip_erased", "ticket", c.ticket(t))
	}
	for _, it := range items {
		text := said(it)
		if text == "" {
			continue
		}
		key := "desk.item"
		if it.Edits {
			key = "desk.item_edit"
		}
		lines = append(lines, c.Text.Text(key, "time", calendar.Clock(it.At, c.Zone), "text", text))
	}
	if t.Over > 0 {
		lines = append(lines, c.Text.Text("desk.over", "count", t.Over))
	}
	a := t.Answers
	day := func(key string, d time.Time, typed string) {
		if !d.IsZero() {
			lines = append(lines, c.Text.Text(key, "day", calendar.Day(d.In(c.Zone.Location)), "typed", typed))
		}
	}
	day("desk.happened", a.Happened, a.HappenedText)
	day("desk.learned", a.Learned, a.LearnedText)
	if a.Confidentiality != "" {
		lines = append(lines, c.Text.Text("desk.confidentiality", "choice", locales.Marked(c.Text.Text("ask.confidentiality_"+string(a.Confidentiality)))))
	}
	return strings.Join(lines, "\n")
}

// find answers /cari kata.
func (c *call) find() error {
	const most = 10
	if strings.TrimSpace(c.args) == "" {
		return c.usage()
	}
	var lines []string
	err := c.search(c.tx, c.args, bot.Statuses(), searchDepth, func(k bot.Case) bool {
		lines = append(lines, c.caseLine(k))
		return len(lines) < most
	})
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return c.reply("desk.find_none", "words", shorten(bot.Clean(c.args), 60), "depth", searchDepth)
	}
	return c.reply("desk.find", "list", locales.Marked(strings.Join(lines, "\n")), "words", shorten(bot.Clean(c.args), 60), "depth", searchDepth)
}

// search yields those of the newest depth cases that contain every word, newest first within each
// status.
func (r *Router) search(tx bot.Tx, words string, in []bot.Status, depth int, yield func(bot.Case) bool) error {
	want := strings.Fields(plainWords(words))
	read := 0
	for _, s := range in {
		for c, err := range tx.Cases(s, true) {
			if err != nil {
				return err
			}
			if read++; read > depth {
				return nil
			}
			if mentions(c, want) && !yield(c) {
				return nil
			}
		}
	}
	return nil
}

func mentions(c bot.Case, want []string) bool {
	if len(want) == 0 {
		return false
	}
	text := c.Excerpt + " " + c.Reason
	if c.Verdict != nil {
		text += " " + c.Verdict.Explanation
	}
	text = plainWords(text)
	for _, w := range want {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// history answers /riwayat N.
func (c *call) history() error {
	k, _, err := c.caseArg()
	if err != nil {
		return err
	}
	var lines []string
	for e, err := range c.tx.History(k.ID) {
		if err != nil {
			return err
		}
		lines = append(lines, c.eventLine(e))
	}
	return c.reply("desk.history", "ticket", k.Ticket, "list", locales.Marked(strings.Join(lines, "\n")))
}

// eventLine says one event: time, who, what.
func (r *Router) eventLine(e bot.Event) string {
	who := e.Name
	if e.Actor == "" {
		who = r.Text.Text("event.nobody")
	}
	key := "event." + string(e.Action)
	detail := e.Detail
	switch e.Action {
	case bot.ActDecided:
		detail = r.Text.Text("rating." + e.Detail)
	case bot.ActClassified:
		detail = r.Text.Text("kind." + e.Detail)
	case bot.ActExpired:
		detail = r.Text.Text("event.kept_" + e.Detail)
	case bot.ActAnswered:
		detail = r.Text.Text("event.question_" + e.Detail)
	}
	at := e.At.In(r.Zone.Location)
	return r.Text.Text("event.line", "day", calendar.ShortDay(at), "time", calendar.Clock(e.At, r.Zone), "who", who,
		"what", locales.Marked(r.Text.Text(key, "detail", locales.Marked(detail), "text", e.Text)))
}
