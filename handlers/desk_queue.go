package handlers

import (
	"iter"
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
		for k, err := range c.inOrder(s) {
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

// inOrder yields open cases as the desk should work them, finished ones newest first.
func (c *call) inOrder(s bot.Status) iter.Seq2[bot.Case, error] {
	if s == bot.Resolved || s == bot.Closed {
		return c.tx.Cases(s, true)
	}
	return c.tx.Queue(s)
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

func (c *Router) caseLine(k bot.Case) string {
	about := shorten(strings.ReplaceAll(k.Excerpt, "\n", " "), 60)
	if about == "" {
		about = c.fileList(k.Files)
	}
	who := ""
	var more []string
	for _, l := range k.Leases() {
		who += c.Text.Text("desk.line_holder", "name", l.Name)
	}
	if k.Urgent() {
		more = append(more, c.Text.Text("desk.line_urgent"))
	}
	if k.Senders > 1 {
		more = append(more, c.Text.Text("desk.line_senders", "count", k.Senders))
	}
	if !k.Due.IsZero() {
		more = append(more, c.Text.Text("desk.line_due", "day", calendar.ShortDay(k.Due.In(c.Zone.Location)), "time", calendar.Clock(k.Due, c.Zone)))
	}
	for _, m := range more {
		who += " · " + m
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
	card, err := c.cardText(c.tx, k, last)
	if err != nil {
		return err
	}
	parts := []string{card}
	if k.Verdict != nil {
		told, err := c.toldLine(k)
		if err != nil {
			return err
		}
		parts = append(parts, told)
	}
	var items []bot.Item
	n := 0
	for t, err := range c.tx.TipsOf(k.ID) {
		if n++; n > tipsShown {
			parts = append(parts, c.Text.Text("desk.tips_more", "count", tipsShown))
			break
		}
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

// tipsShown is how many tips of a case /lihat shows whole.
const tipsShown = 30

// toldLine says who has not heard the verdict in force: how many of the senders it has yet to reach,
// by ticket as far as there is room.
func (c *call) toldLine(k bot.Case) (string, error) {
	const look, named = 2000, 10
	n, missing := 0, []string(nil)
	for t, err := range c.tx.TipsOf(k.ID) {
		if err != nil {
			return "", err
		}
		if t.Reporter == "" {
			continue
		}
		if n++; n > look {
			break
		}
		sent := t.Told == inForce(k)
		if sent {
			first, err := firstTold(c.tx, t)
			if err != nil {
				return "", err
			}
			if first == t.ID {
				if sent, err = c.tx.WasSent(verdictKey(t)); err != nil {
					return "", err
				}
			}
		}
		if !sent {
			missing = append(missing, t.Ticket)
		}
	}
	if len(missing) == 0 {
		return c.Text.Text("desk.told_all", "version", k.Verdict.Version, "count", min(n, look)), nil
	}
	return c.Text.Text("desk.told_some", "version", k.Verdict.Version, "missing", len(missing), "count", min(n, look),
		"tickets", strings.Join(missing[:min(named, len(missing))], ", ")), nil
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
		if d.IsZero() {
			return
		}
		text := calendar.Day(d.In(c.Zone.Location))
		if typed != "" {
			text = c.Text.Text("desk.day_typed", "day", text, "typed", typed)
		}
		lines = append(lines, c.Text.Text(key, "day", text))
	}
	if a.TPS != "" {
		lines = append(lines, c.Text.Text("card.tps", "tps", a.TPS))
	}
	day("desk.happened", a.Happened, a.HappenedText)
	day("desk.learned", a.Learned, a.LearnedText)
	if a.Confidentiality != "" {
		lines = append(lines, c.Text.Text("desk.confidentiality", "choice", locales.Marked(c.Text.Text("ask.confidentiality_"+string(a.Confidentiality)))))
	}
	lines = append(lines, c.reportLines(t)...)
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
	text := c.Ticket + " " + c.Excerpt + " " + c.Reason
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
	lines, err := c.historyLines(k.ID)
	if err != nil {
		return err
	}
	for _, id := range k.Holds {
		part, err := c.tx.Case(id)
		if err != nil {
			return err
		}
		more, err := c.historyLines(id)
		if err != nil {
			return err
		}
		lines = append(append(lines, "", c.Text.Text("desk.history_of", "ticket", part.Ticket)), more...)
	}
	return c.reply("desk.history", "ticket", k.Ticket, "list", locales.Marked(strings.Join(lines, "\n")))
}

func (c *call) historyLines(id bot.CaseID) ([]string, error) {
	var lines []string
	for e, err := range c.tx.History(id) {
		if err != nil {
			return nil, err
		}
		lines = append(lines, c.eventLine(e))
	}
	return lines, nil
}

func (r *Router) categoryNames(codes string) string {
	var names []string
	for code := range strings.SplitSeq(codes, ",") {
		if bot.Category(code).Known() {
			names = append(names, r.Text.Text("category."+code))
		}
	}
	return strings.Join(names, " + ") // some of the names have commas in them
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
	case bot.ActProposed:
		detail = r.Text.Text("rating." + e.Detail)
	case bot.ActClassified:
		detail = r.Text.Text("kind." + e.Detail)
	case bot.ActTaken, bot.ActReleased, bot.ActClosed, bot.ActReopened:
		detail = r.Text.Text("event.whole")
		if e.Detail != "" {
			detail = r.Text.Text("event.only", "track", locales.Marked(r.Text.Text("kind."+e.Detail)))
		}
	case bot.ActSorted:
		detail = r.categoryNames(e.Detail)
	case bot.ActReceived, bot.ActReturned:
		detail = r.organisationName(e.Detail)
	case bot.ActPlaced:
		detail = r.Places.Name(e.Detail)
	case bot.ActExpired:
		detail = r.Text.Text("event.kept_" + e.Detail)
	case bot.ActAnswered:
		detail = r.Text.Text("event.question_" + e.Detail)
	}
	at := e.At.In(r.Zone.Location)
	return r.Text.Text("event.line", "day", calendar.ShortDay(at), "time", calendar.Clock(e.At, r.Zone), "who", who,
		"what", locales.Marked(r.Text.Text(key, "detail", locales.Marked(detail), "text", e.Text)))
}
