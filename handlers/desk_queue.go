package handlers

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
	"awassiber/locales"
)

// list answers /kasus [baru|diambil|selesai] [wilayah].
func (c *call) list() error {
	const most = 15
	statuses, rest := c.statusArg()
	region, err := c.regionArg(rest)
	if err != nil {
		return err
	}
	counts, err := c.tx.CaseCounts(region)
	if err != nil {
		return err
	}
	var lines []string
	total := 0
	for _, s := range statuses {
		total += counts[s]
		for k, err := range c.inOrder(s, region) {
			if err != nil {
				return err
			}
			if len(lines) == most {
				break
			}
			lines = append(lines, c.caseLine(k))
		}
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

// inOrder yields open cases as the desk should work them, finished ones newest first; of an area those
// first for which a clock runs.
func (c *call) inOrder(s bot.Status, region string) iter.Seq2[bot.Case, error] {
	if region == "" && (s == bot.Resolved || s == bot.Closed) {
		return c.tx.Cases(s, true)
	}
	return c.tx.Queue(s, region)
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
	if words = strings.TrimSpace(words); words == "" {
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
	var more, holders []string
	for _, l := range k.Leases() {
		holders = append(holders, l.Name)
	}
	if len(holders) > 0 {
		who = c.Text.Text("desk.line_holder", "name", strings.Join(holders, ", "))
	}
	if k.Urgent() {
		more = append(more, c.Text.Text("desk.line_urgent"))
	}
	switch {
	case k.Brigade > 0:
		more = append(more, c.Text.Text("desk.line_brigade", "count", k.Senders, "brigade", k.Brigade))
	case k.Senders > 1:
		more = append(more, c.Text.Text("desk.line_senders", "count", k.Senders))
	}
	if !k.Due.IsZero() {
		more = append(more, c.Text.Text("desk.line_due", "day", calendar.ShortDay(k.Due.In(c.Zone.Location)), "time", calendar.Clock(k.Due, c.Zone)))
	}
	for _, m := range more {
		who += " · " + m
	}
	return c.Text.Text("desk.line", "seq", strconv.FormatUint(uint64(k.ID), 10), "day", calendar.ShortDay(k.Opened.In(c.Zone.Location)),
		"status", locales.Marked(c.statusWord(k)), "area", locales.Marked(c.area(k)), "about", about, "who", locales.Marked(who))
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
	items, texts, err := c.tipTexts(k)
	if err != nil {
		return err
	}
	if err := c.replyText(strings.Join(append(parts, texts...), "\n\n")); err != nil {
		return err
	}
	return c.postFiles(c.tx, k, items)
}

// What /lihat shows of a case at most: tips, bytes of text after which no further tip is shown, and files.
const (
	tipsShown  = 30
	textsShown = 12_000
	filesShown = 40
)

// tipTexts are the first tips of a case, whole, and their items for the files in them.
func (c *call) tipTexts(k bot.Case) (items []bot.Item, texts []string, err error) {
	n, size, files := 0, 0, 0
	for t, err := range c.tx.TipsOf(k.ID) {
		if err != nil {
			return nil, nil, err
		}
		if n == tipsShown || size > textsShown {
			return items, append(texts, c.Text.Text("desk.tips_more", "count", n)), nil
		}
		mine, err := c.tx.Items(t.ID)
		if err != nil {
			return nil, nil, err
		}
		text := c.tipText(t, mine)
		for _, it := range mine {
			if files += len(it.Files); files <= filesShown {
				items = append(items, it)
			}
		}
		n, size, texts = n+1, size+len(text), append(texts, text)
	}
	if files > filesShown {
		texts = append(texts, c.Text.Text("desk.files_more", "count", filesShown))
	}
	return items, texts, nil
}

// toldLine says who has not heard the verdict in force: how many of the senders it has yet to reach,
// by ticket as far as there is room. Of a case with very many senders the newest are looked at: they are told
// last.
func (c *call) toldLine(k bot.Case) (string, error) {
	const look, named = 200, 10
	n, more, missing := 0, "", []string(nil)
	for t, err := range c.tx.NewestTips(k.ID) {
		if err != nil {
			return "", err
		}
		if t.Reporter == "" {
			continue
		}
		if n == look {
			more = "_newest"
			break
		}
		n++
		told, err := c.wasTold(k, t)
		if err != nil {
			return "", err
		}
		if !told {
			missing = append(missing, t.Ticket)
		}
	}
	if n == 0 {
		return c.Text.Text("desk.told_nobody", "version", k.Verdict.Version), nil
	}
	if len(missing) == 0 {
		return c.Text.Text("desk.told_all"+more, "version", k.Verdict.Version, "count", n), nil
	}
	slices.Reverse(missing)
	return c.Text.Text("desk.told_some"+more, "version", k.Verdict.Version, "missing", len(missing), "count", n,
		"tickets", strings.Join(missing[:min(named, len(missing))], ", ")), nil
}

// wasTold reports whether the sender of a tip was told the verdict in force: by a message that was sent, for
// this tip or another of theirs.
func (c *call) wasTold(k bot.Case, t bot.Tip) (bool, error) {
	if t.Told != inForce(k) {
		return false, nil
	}
	first, err := firstTold(c.tx, t)
	if err != nil || first != t.ID {
		return true, err
	}
	return c.tx.WasSent(verdictKey(t))
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
	case bot.ActJoined, bot.ActConfirmed, bot.ActDenied:
		e.Text = r.basis(e.Text)
	}
	at := e.At.In(r.Zone.Location)
	return r.Text.Text("event.line", "day", calendar.ShortDay(at), "time", calendar.Clock(e.At, r.Zone), "who", who,
		"what", locales.Marked(r.Text.Text(key, "detail", locales.Marked(detail), "text", e.Text)))
}
