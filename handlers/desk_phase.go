package handlers

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

const (
	dayEvery  = 3 * time.Hour  // between digests of an election day, unless told otherwise
	dayLasts  = 24 * time.Hour // how long the mode holds, unless told otherwise
	dayTimer  = "day"          // ends it
	maxOnDuty = 10
)

// phase answers /fase: the phases of today; and for an admin /fase pungut [tiap N jam] [selama N jam]
// and /fase selesai. Officers to be told of urgent cases are added by /fase siaga @orang.
func (c *call) phase() error {
	word, rest := cutWord(c.args)
	switch plainWords(word) {
	case "":
		return c.showPhase()
	case "pungut", "pemungutan", "mulai":
		return c.withRight(bot.MayPhase, func() error { return c.beginDay(rest) })
	case "selesai", "akhir":
		return c.withRight(bot.MayPhase, c.endDay)
	case "siaga":
		return c.withRight(bot.MayPhase, func() error { return c.onDuty(rest) })
	}
	region, err := c.regionArg(c.args)
	if err != nil {
		return err
	}
	return c.phasesIn(region)
}

// withRight does something that needs more than the command itself does.
func (c *call) withRight(p bot.Permission, do func() error) error {
	if !c.staff.May(p) {
		return bot.Refuse("desk.not_allowed_"+string(p), "name", c.staff.Name)
	}
	return do()
}

func (c *call) showPhase() error {
	mode, err := c.tx.ElectionDay()
	if err != nil {
		return err
	}
	line := c.Text.Text("phase.day_off")
	if mode.On(c.tx.Now()) {
		line = c.Text.Text("phase.day_on", "until", calendar.Moment(mode.Until, c.Zone), "hours", int(mode.Every.Hours()), "name", mode.Name, "count", len(mode.Officers))
	}
	var lines []string
	all := c.phaseLine("", c.Province)
	for _, a := range c.Places.Regencies() {
		if l := c.phaseLine(a.Code, c.Places.Short(a.Code)); phaseOf(l) != phaseOf(all) {
			lines = append(lines, l)
		}
	}
	return c.reply("phase.list", "list", locales.Marked(strings.Join(append([]string{all}, lines...), "\n")), "day", locales.Marked(line))
}

func phaseOf(line string) string { _, p, _ := strings.Cut(line, ": "); return p }

func (c *call) phaseLine(region, name string) string {
	e, ok := c.Elections.For(c.tx.Now(), region)
	if !ok {
		return c.Text.Text("phase.line_none", "area", name)
	}
	p := e.PhaseAt(c.tx.Now(), region)
	if p == bot.NoPhase {
		return c.Text.Text("phase.line_between", "area", name, "phase", locales.Marked(c.Text.Text("phase."+string(p))), "election", e.Name)
	}
	return c.Text.Text("phase.line", "area", name, "phase", locales.Marked(c.Text.Text("phase."+string(p))), "election", e.Name)
}

func (c *call) phasesIn(region string) error {
	return c.replyText(c.phaseLine(region, c.Places.Name(region)))
}

// phaseOfCase is the phase that a case falls in: that of the day it happened by the word of its first sender,
// else of the day it came. When the desk gets to it does not matter.
func (r *Router) phaseOfCase(tx bot.Tx, k bot.Case) bot.Phase {
	at := k.Opened
	if t, err := tx.Tip(bot.TipID(k.ID)); err == nil && !t.Answers.Happened.IsZero() {
		at = t.Answers.Happened
	}
	e, ok := r.Elections.For(at, k.Region)
	if !ok {
		return bot.NoPhase
	}
	return e.PhaseAt(at, k.Region)
}

func (c *call) beginDay(args string) error {
	every, lasts := dayEvery, dayLasts
	for _, m := range regexp.MustCompile(`(?i)(tiap|setiap|selama)\s+(\d{1,3})\s*jam`).FindAllStringSubmatch(args, -1) {
		n, _ := strconv.Atoi(m[2])
		if n < 1 || n > 72 {
			return bot.Refuse("phase.bad_hours", "typed", m[2])
		}
		if strings.EqualFold(m[1], "selama") {
			lasts = time.Duration(n) * time.Hour
		} else {
			every = time.Duration(n) * time.Hour
		}
	}
	mode, err := c.tx.ElectionDay()
	if err != nil {
		return err
	}
	now := c.tx.Now()
	if !mode.On(now) {
		mode.Officers = nil
	}
	mode.From, mode.Until, mode.Every, mode.By, mode.Name = now, now.Add(lasts), every, c.staff.ID, c.staff.Name
	if err := c.tx.SetElectionDay(mode); err != nil {
		return err
	}
	if err := c.tx.SetTimer(bot.Timer{Name: dayTimer, Due: nextDay(mode, now)}); err != nil {
		return err
	}
	if err := c.recordPhase("began"); err != nil {
		return err
	}
	return c.reply("phase.began", "until", calendar.Moment(mode.Until, c.Zone), "hours", int(every.Hours()), "name", c.staff.Name)
}

func nextDay(mode bot.ElectionDay, now time.Time) time.Time {
	if next := now.Add(mode.Every); next.Before(mode.Until) {
		return next
	}
	return mode.Until
}

func (c *call) endDay() error {
	mode, err := c.tx.ElectionDay()
	if err != nil {
		return err
	}
	if !mode.On(c.tx.Now()) {
		return c.reply("phase.day_off")
	}
	if err := c.tx.SetElectionDay(bot.ElectionDay{}); err != nil {
		return err
	}
	if err := c.tx.StopTimer(dayTimer); err != nil {
		return err
	}
	if err := c.recordPhase("ended"); err != nil {
		return err
	}
	return c.reply("phase.ended", "name", c.staff.Name)
}

func (c *call) recordPhase(what string) error {
	_, err := c.tx.Append(bot.Event{Action: bot.ActPhase, Actor: c.staff.ID, Name: c.staff.Name, Detail: what})
	return err
}

// onDuty names an officer who is told of urgent cases in private while the mode holds.
func (c *call) onDuty(who string) error {
	mode, err := c.tx.ElectionDay()
	if err != nil {
		return err
	}
	if !mode.On(c.tx.Now()) {
		return bot.Refuse("phase.day_off")
	}
	s, err := c.colleague(who)
	if err != nil {
		return err
	}
	for _, id := range mode.Officers {
		if id == s.ID {
			return c.reply("phase.on_duty_already", "name", s.Name)
		}
	}
	if len(mode.Officers) == maxOnDuty {
		return bot.Refuse("phase.too_many", "count", maxOnDuty)
	}
	if _, _, err := c.tx.Identity(s.ID); err != nil {
		if ignoreMissing(err) == nil {
			return bot.Refuse("phase.never_wrote", "name", s.Name)
		}
		return err
	}
	mode.Officers = append(mode.Officers, s.ID)
	if err := c.tx.SetElectionDay(mode); err != nil {
		return err
	}
	return c.reply("phase.on_duty", "name", s.Name)
}

// dayDue sends the digest of an election day, or ends the day.
func (r *Router) dayDue(tx bot.Tx) error {
	mode, err := tx.ElectionDay()
	if err != nil || mode.Until.IsZero() {
		return err
	}
	if !mode.On(tx.Now()) {
		if err := tx.SetElectionDay(bot.ElectionDay{}); err != nil {
			return err
		}
		if _, err := tx.Append(bot.Event{Action: bot.ActPhase, Detail: "ended"}); err != nil {
			return err
		}
		return r.toDesk(tx, bot.Message{Text: r.Text.Text("phase.over")})
	}
	text, err := r.Summary(tx)
	if err != nil {
		return err
	}
	for i, part := range bot.Split(text, partLimit) {
		m := bot.Message{Text: part}
		if i == 0 {
			m.Key = bot.Key(fmt.Sprintf("day/%d", tx.Now().Unix()))
		}
		if err := r.toDesk(tx, m); err != nil {
			return err
		}
	}
	return tx.SetTimer(bot.Timer{Name: dayTimer, Due: nextDay(mode, tx.Now())})
}

// maybeUrgent reports whether a case that nobody has sorted speaks of danger in its sender's own words.
func maybeUrgent(k bot.Case) bool {
	return len(k.Categories) == 0 && k.Open() && slices.Contains(k.SenderCategories, bot.Intimidation)
}

// urgent tells the officers on duty, in private and once, of a case that cannot wait: sorted so by the desk,
// or still unsorted where a sender writes of a threat.
func (r *Router) urgent(tx bot.Tx, k bot.Case) error {
	mode, err := tx.ElectionDay()
	if err != nil || !mode.On(tx.Now()) {
		return err
	}
	for _, id := range mode.Officers {
		m := bot.Message{Key: bot.Key(fmt.Sprintf("urgent/%d/%s", k.ID, id)), Person: id, Text: r.Text.Text("phase.urgent", "ticket", k.Ticket, "area", locales.Marked(r.area(k)))}
		if err := tx.Enqueue(m); ignoreMissing(err) != nil {
			return err
		}
	}
	return nil
}
