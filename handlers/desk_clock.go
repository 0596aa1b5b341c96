package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// reportClock starts the clock of a sender's official report, from the day it became known to them; or
// takes it back when the days they gave say that there is none, or when they choose to stay anonymous.
// Hoaxes have no such limit, and what a body has registered needs no other report.
func (r *Router) reportClock(tx bot.Tx, k *bot.Case, t bot.Tip) {
	d, ok := r.reportDeadline(tx.Now(), *k, t)
	if !ok || d.State(tx.Now()) == bot.DeadlineOver || t.Reporter == "" || r.registered(*k) || t.Answers.Confidentiality == bot.Anonymous {
		k.StopClock(bot.ClockReport, t.ID)
		return
	}
	r.startClock(tx, k, bot.Clock{Kind: bot.ClockReport, Due: d.Safe, Last: d.Last, Tip: t.ID})
}

// reportDeadline is until when the sender of a tip can report officially; ok is false if nothing runs.
func (r *Router) reportDeadline(now time.Time, k bot.Case, t bot.Tip) (bot.Deadline, bool) {
	if t.Answers.Learned.IsZero() || t.Answers.Claim == bot.ClaimHoax && !k.On(bot.TrackViolation) {
		return bot.Deadline{}, false
	}
	region := t.Answers.Region
	if region == "" {
		region = k.Region
	}
	e, ok := r.Elections.For(t.Answers.Learned, region)
	if !ok {
		return bot.Deadline{}, false
	}
	d := e.ReportDeadline(t.Answers.Learned, now, region)
	return d, d.State(now) != bot.DeadlineNone
}

// registered reports whether a body that official reports are made to has the case under its number.
func (r *Router) registered(k bot.Case) bool {
	return slices.ContainsFunc(k.Referrals, func(ref bot.Referral) bool {
		o, ok := r.Routing.Organisation(ref.To)
		return ok && supervises(o) && ref.Register != "" && ref.Reason == ""
	})
}

func clockName(id bot.CaseID) string { return fmt.Sprintf("clock/%d", id) }

// startClock sets a clock on a case. One that says the same is left as it is, with what it has told.
func (r *Router) startClock(tx bot.Tx, c *bot.Case, k bot.Clock) {
	same := func(o bot.Clock) bool {
		return o.Kind == k.Kind && o.Tip == k.Tip && o.Due.Equal(k.Due) && o.Last.Equal(k.Last)
	}
	if k.Told = tx.Now(); !slices.ContainsFunc(c.Clocks, same) {
		c.SetClock(k)
	}
	if len(c.Clocks) > mostClocks {
		last := slices.MaxFunc(c.Clocks, func(a, b bot.Clock) int { return a.Due.Compare(b.Due) })
		c.StopClock(last.Kind, last.Tip)
	}
}

// mostClocks is how many clocks a case has at most, each of them a sender's but for a few: of more the latest
// are let go, so that a case that ten thousand people sent stays small.
const mostClocks = 200

// armClock sets the one alarm of a case's clocks, or takes it back. It follows from the case alone, so that
// merging and splitting cases leaves none behind.
func (r *Router) armClock(tx bot.Tx, c bot.Case) error {
	var due time.Time
	for _, k := range c.Clocks {
		if next := k.Next(r.reminders(c, k)); due.IsZero() || next.Before(due) {
			due = next
		}
	}
	if due.IsZero() {
		return tx.StopTimer(clockName(c.ID))
	}
	return tx.SetTimer(bot.Timer{Name: clockName(c.ID), Due: due, Case: c.ID})
}

// clockDue reminds desk and sender that clocks run out, and ends those that have.
func (r *Router) clockDue(tx bot.Tx, id bot.CaseID) error {
	c, err := tx.Case(id)
	if err != nil {
		return ignoreMissing(err)
	}
	var over, soon []bot.Clock
	for _, k := range slices.Clone(c.Clocks) {
		switch {
		case !tx.Now().Before(k.End()):
			over = append(over, k)
			c.StopClock(k.Kind, k.Tip)
		case !k.Next(r.reminders(c, k)).After(tx.Now()):
			soon = append(soon, k)
			k.Told = tx.Now()
			c.SetClock(k)
		}
	}
	if err := r.store(tx, c); err != nil {
		return err
	}
	for _, k := range soon {
		if err := r.remind(tx, c, k); err != nil {
			return err
		}
	}
	if len(over) == 0 {
		return nil
	}
	if err := r.refreshCard(tx, c); err != nil {
		return err
	}
	for _, k := range over {
		if err := r.underCard(tx, c, "", r.Text.Text("clock.over_"+string(k.Kind), "ticket", clockTicket(tx, c, k))); err != nil {
			return err
		}
	}
	return nil
}

func (r *Router) reminders(c bot.Case, k bot.Clock) []time.Duration {
	e, _ := r.Elections.For(k.Due, c.Region)
	return e.Reminders
}

// clockTicket is the ticket a clock is about: that of the sender whose limit it is, or the case's.
func clockTicket(tx bot.Tx, c bot.Case, k bot.Clock) string {
	if t, err := tx.Tip(k.Tip); err == nil {
		return t.Ticket
	}
	return c.Ticket
}

// remind tells the desk under the card and, of their own report, the sender.
func (r *Router) remind(tx bot.Tx, c bot.Case, k bot.Clock) error {
	passed := !tx.Now().Before(k.Due)
	if passed {
		if err := r.refreshCard(tx, c); err != nil { // it tells the safe day until that is over
			return err
		}
	}
	ticket := clockTicket(tx, c, k)
	last := calendar.Day(k.Last.In(r.Zone.Location))
	text := r.Text.Text("clock.soon_"+string(k.Kind), "ticket", ticket, "due", r.untilText(k))
	if passed {
		text = r.Text.Text("clock.hurry_"+string(k.Kind), "ticket", ticket, "last", last)
	}
	if err := r.underCard(tx, c, "", text); err != nil || k.Kind != bot.ClockReport {
		return err
	}
	t, err := tx.Tip(k.Tip)
	if err != nil || t.Reporter == "" || t.Answers.Confidentiality == bot.Anonymous {
		return ignoreMissing(err)
	}
	key := "citizen.deadline_soon"
	if passed {
		key = "citizen.deadline_hurry"
	}
	return ignoreMissing(r.tell(tx, t.Reporter, key, "ticket", t.Ticket, "due", calendar.Moment(k.Due, r.Zone), "last", calendar.Day(k.Last.In(r.Zone.Location))))
}

// clockLines tell on the card what runs: the first that run out, and of senders' own limits whose each is where
// that is not plain.
func (r *Router) clockLines(tx bot.Tx, c bot.Case) []string {
	const shown = 4
	clocks := slices.Clone(c.Clocks)
	if len(clocks) > shown { // few stand in the order they were set
		slices.SortStableFunc(clocks, func(a, b bot.Clock) int { return a.Due.Compare(b.Due) })
	}
	var lines []string
	for _, k := range clocks[:min(shown, len(clocks))] {
		line := r.clockLine(k, tx.Now())
		if k.Tip != 0 && slices.ContainsFunc(clocks, func(o bot.Clock) bool { return o.Tip != 0 && o.Tip != bot.TipID(c.ID) }) {
			line = r.Text.Text("clock.of", "ticket", clockTicket(tx, c, k), "line", locales.Marked(line))
		}
		lines = append(lines, line)
	}
	if more := len(clocks) - shown; more > 0 {
		lines = append(lines, r.Text.Text("clock.more", "count", more))
	}
	return lines
}

// clockLine tells until when. A safe moment that has passed, or that never was because no office opened in
// time, is not told as one.
func (r *Router) clockLine(k bot.Clock, now time.Time) string {
	if k.Last.After(k.Due) && !now.Before(k.Due) {
		return r.Text.Text("clock.late_"+string(k.Kind), "day", calendar.Day(k.Last.In(r.Zone.Location)))
	}
	return r.Text.Text("clock.line_"+string(k.Kind), "due", r.untilText(k))
}

// untilText is the safe moment, with the last day where that is another.
func (r *Router) untilText(k bot.Clock) string {
	due := calendar.Moment(k.Due, r.Zone)
	if k.Last.After(k.Due) {
		return r.Text.Text("clock.both", "due", due, "day", calendar.Day(k.Last.In(r.Zone.Location)))
	}
	return due
}

// deadlines answers /tenggat [wilayah]: what runs out, soonest first, and what the desk promised to
// look at and has not.
func (c *call) deadlines() error {
	const most = 20
	region, err := c.regionArg(c.args)
	if err != nil {
		return err
	}
	var lines []string
	for _, s := range []bot.Status{bot.New, bot.Taken, bot.Resolved} {
		for k, err := range c.tx.Due(s, region) {
			if err != nil {
				return err
			}
			if len(lines) == most {
				break
			}
			lines = append(lines, c.Text.Text("clock.case", "line", locales.Marked(c.caseLine(k)),
				"clocks", locales.Marked(strings.Join(c.clockLines(c.tx, k), "\n"))))
		}
	}
	late, err := c.unanswered(region)
	if err != nil {
		return err
	}
	incident, err := c.incidentLine(c.tx)
	if err != nil {
		return err
	}
	if incident != "" {
		lines = append([]string{incident}, lines...)
	}
	if len(lines) == 0 && late == "" {
		return c.reply("clock.none")
	}
	list := strings.Join(lines, "\n")
	if list == "" {
		list = c.Text.Text("clock.none")
	}
	return c.reply("clock.list", "list", locales.Marked(list), "late", locales.Marked(late))
}

// unanswered lists the new cases nobody touched within the time the desk promised.
func (c *call) unanswered(region string) (string, error) {
	const most, look = 10, 100
	var lines []string
	n := 0
	for k, err := range c.tx.Cases(bot.New, false) {
		if n++; err != nil || n > look || len(lines) == most {
			return c.late(lines), err
		}
		d := c.Promises.FirstAnswer.From(k.Opened)
		if state := d.State(c.tx.Now()); state != bot.DeadlineHurry && state != bot.DeadlineOver {
			if state == bot.DeadlineOpen {
				break // the rest are younger
			}
			continue
		}
		if k.Touched.IsZero() && (region == "" || k.Region == region) {
			lines = append(lines, c.caseLine(k))
		}
	}
	return c.late(lines), nil
}

func (c *call) late(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return c.Text.Text("clock.late", "hours", int(c.Promises.FirstAnswer.Within.Hours()), "list", locales.Marked(strings.Join(lines, "\n")))
}

// firstAnswerTimer is the one alarm that watches the desk's promise for all cases.
const firstAnswerTimer = "first"

// watchFirst makes sure that the alarm is set once there is a case to watch.
func (r *Router) watchFirst(tx bot.Tx) error {
	p := r.Promises.FirstAnswer
	armed, err := tx.Cursor(firstAnswerTimer)
	if err != nil || p.Within <= 0 || armed.Slot.After(tx.Now()) {
		return err
	}
	return r.watchFirstAt(tx, tx.Now().Add(p.Within-p.Warn))
}

func (r *Router) watchFirstAt(tx bot.Tx, due time.Time) error {
	if err := tx.PutCursor(firstAnswerTimer, bot.Cursor{Slot: due}); err != nil {
		return err
	}
	return tx.SetTimer(bot.Timer{Name: firstAnswerTimer, Due: due})
}

// firstDue tells the desk once of each case that nobody has touched while the promise runs out. It looks at
// those it has not looked at before, in slices.
func (r *Router) firstDue(tx bot.Tx) error {
	const look, shown = 200, 10
	seen, err := tx.Cursor("first/told") // Event is the last case looked at
	if err != nil {
		return err
	}
	var lines []string
	n, late := 0, 0
	for k, err := range tx.CasesFrom(bot.New, bot.CaseID(seen.Event)) {
		if err != nil {
			return err
		}
		due := r.Promises.FirstAnswer.From(k.Opened).Safe
		if n == look {
			due = tx.Now() // at once, in a transaction of its own
		}
		if n == look || due.After(tx.Now()) {
			if err := r.watchFirstAt(tx, due); err != nil {
				return err
			}
			break
		}
		n, seen.Event = n+1, bot.EventID(k.ID)
		if k.Touched.IsZero() {
			if late++; late <= shown {
				lines = append(lines, r.caseLine(k))
			}
		}
	}
	if n == 0 {
		return nil
	}
	if err := tx.PutCursor("first/told", seen); err != nil || late == 0 {
		return err
	}
	return r.toDesk(tx, bot.Message{Text: r.Text.Text("clock.first", "count", late, "hours", int(r.Promises.FirstAnswer.Within.Hours()), "list", locales.Marked(strings.Join(lines, "\n")))})
}
