package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// The questions after a receipt, in order. Each can be skipped and none blocks the tip.
const (
	askClaim    = "claim"
	askRegion   = "region"
	askTPS      = "tps" // only on an election day
	askHappened = "happened"
	askLearned  = "learned"
	askConf     = "confidentiality"
	askErase    = "erase" // not about a tip: the confirmation of HAPUS DATA
)

func questions() []string {
	return []string{askClaim, askRegion, askTPS, askHappened, askLearned, askConf}
}

// skip is what a person types, and what the last button says, to leave a question unanswered.
const skip = "0"

// choice is one numbered answer: what the button says and what it stands for.
type choice struct{ label, value string }

// choices offers the usual answers to a question.
func (r *Router) choices(q string, now time.Time) []choice {
	text := func(value string) choice { return choice{r.Text.Text("ask." + q + "_" + value), value} }
	switch q {
	case askClaim:
		return []choice{text("hoax"), text("violation"), text("unsure")}
	case askRegion:
		var out []choice
		for _, a := range r.Places.Regencies() {
			out = append(out, choice{r.Places.Short(a.Code), a.Code})
		}
		return out
	case askHappened, askLearned:
		today := now.In(r.Zone.Location)
		return []choice{
			{r.Text.Text("ask.today"), today.Format(time.DateOnly)},
			{r.Text.Text("ask.yesterday"), today.AddDate(0, 0, -1).Format(time.DateOnly)},
		}
	case askConf:
		return []choice{text("anonymous"), text("confidential"), text("formal")}
	}
	return nil
}

// ask puts a question about a tip and remembers it as open.
func (r *Router) ask(tx bot.Tx, t bot.Tip, q string) error {
	return r.put(tx, t, q, r.Text.Text("ask."+q, "province", r.Province), r.choices(q, tx.Now()))
}

// put sends a question with its numbered choices.
func (r *Router) put(tx bot.Tx, t bot.Tip, q, text string, list []choice) error {
	old, err := tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	d := bot.Dialogue{Person: t.Reporter, Tip: t.ID, Question: q, Asked: tx.Now(), Report: old.Report && old.Tip == t.ID, Stale: old.Stale && old.Tip == t.ID}
	m := bot.Message{Person: t.Reporter, Text: text, Case: t.Case}
	if len(list) == len(r.choices(q, tx.Now())) { // not a choice among a few, whose numbers mean something else
		m.Answerable = questionKey(t.ID, q)
	}
	perRow := 1
	if len(list) > 4 {
		perRow = 2
	}
	for i, c := range list {
		d.Options = append(d.Options, c.value)
		b := bot.Button{Label: strconv.Itoa(i+1) + " " + c.label, Data: answerData(t.ID, q, c.value)}
		if i%perRow == 0 {
			m.Buttons = append(m.Buttons, nil)
		}
		m.Buttons[len(m.Buttons)-1] = append(m.Buttons[len(m.Buttons)-1], b)
	}
	m.Buttons = append(m.Buttons, []bot.Button{{Label: skip + " " + r.Text.Text("ask.skip"), Data: answerData(t.ID, q, skip)}})
	if err := tx.Enqueue(m); err != nil {
		return err
	}
	return tx.PutDialogue(d)
}

func answerData(t bot.TipID, q, value string) string { return fmt.Sprintf("a:%d:%s:%s", t, q, value) }

// record stores an answer, shows it to the desk, and puts the next question. The button of an
// earlier question corrects its answer; pressed twice, it changes nothing and is passed over.
func (v *visit) record(t bot.Tip, q, value, typed string) error {
	if q == askSame {
		return v.answeredSame(t, value)
	}
	changes := value != skip && v.given(t.Answers, q) != value
	if changes {
		set(&t.Answers, q, value, typed, v.Zone.Location)
		if err := v.tx.PutTip(t); err != nil {
			return err
		}
		if err := v.answered(t, q); err != nil {
			return err
		}
	}
	if v.d.Tip != t.ID || v.d.Question != q {
		if !changes {
			return nil
		}
		return v.say("citizen.corrected", "ticket", t.Ticket)
	}
	if v.d.Report {
		return v.nextStep(t)
	}
	next, err := v.following(t, q)
	if err != nil {
		return err
	}
	if next == "" {
		v.d = bot.Dialogue{}
		if err := v.save(); err != nil {
			return err
		}
		return v.thank(t)
	}
	return v.ask(v.tx, t, next)
}

// thank ends the questions: what becomes of the tip, and until when it could be an official report.
func (v *visit) thank(t bot.Tip) error {
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	next := v.Text.Text("citizen.thanks_next")
	if line := v.limitLine(v.tx.Now(), c, t); line != "" {
		next = "\n" + line + "\n\n" + next
	}
	return v.say("citizen.thanks", "ticket", t.Ticket, "next", locales.Marked(next))
}

// limitLine tells a sender until when they can report officially, or what their tip is if they cannot; empty
// where nothing is known of it.
func (r *Router) limitLine(now time.Time, c bot.Case, t bot.Tip) string {
	if t.Answers.Confidentiality == bot.Anonymous && t.Answers.Claim != bot.ClaimHoax {
		return r.Text.Text("citizen.limit_anonymous")
	}
	d, ok := r.reportDeadline(now, c, t)
	if !ok {
		return ""
	}
	key := "citizen.limit_open"
	switch d.State(now) {
	case bot.DeadlineHurry:
		key = "citizen.limit_hurry"
	case bot.DeadlineOver:
		key = "citizen.limit_over"
	}
	return r.Text.Text(key, "due", calendar.Moment(d.Safe, r.Zone), "last", calendar.Day(d.Last.In(r.Zone.Location)))
}

// following is the question after q, empty if there is none. The polling station is asked for on an election
// day, the two dates for violations: the limit has no meaning for a hoax, and every question less is a
// kindness.
func (v *visit) following(t bot.Tip, q string) (string, error) {
	mode, err := v.tx.ElectionDay()
	if err != nil {
		return "", err
	}
	list := slices.DeleteFunc(questions(), func(other string) bool {
		switch other {
		case askTPS:
			return other != q && !mode.On(v.tx.Now())
		case askHappened, askLearned:
			return other != q && t.Answers.Claim == bot.ClaimHoax
		}
		return false
	})
	if i := slices.Index(list, q) + 1; i < len(list) {
		return list[i], nil
	}
	return "", nil
}

// given is the answer a question has, as the value of a choice; empty if it has none.
func (v *visit) given(a bot.Answers, q string) string {
	date := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(v.Zone.Location).Format(time.DateOnly)
	}
	switch q {
	case askClaim:
		return string(a.Claim)
	case askRegion:
		return a.Region
	case askTPS:
		return a.TPS
	case askHappened:
		return date(a.Happened)
	case askLearned:
		return date(a.Learned)
	}
	return string(a.Confidentiality)
}

func set(a *bot.Answers, q, value, typed string, zone *time.Location) {
	switch q {
	case askClaim:
		a.Claim = bot.Claim(value)
	case askRegion:
		a.Region = value
	case askTPS:
		a.TPS = value
	case askHappened:
		a.Happened, _ = time.ParseInLocation(time.DateOnly, value, zone)
		a.HappenedText = typed
	case askLearned:
		a.Learned, _ = time.ParseInLocation(time.DateOnly, value, zone)
		a.LearnedText = typed
	case askConf:
		a.Confidentiality = bot.Confidentiality(value)
	}
}

// answered brings an answer to the case: its claim and area are those of the tip that opened it.
func (v *visit) answered(t bot.Tip, q string) error {
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	before, err := v.cardText(v.tx, c, nil)
	if err != nil {
		return err
	}
	if bot.CaseID(t.ID) == c.ID {
		c.Claim, c.TPS = t.Answers.Claim, t.Answers.TPS
		if c.Region == "" || c.SenderRegion { // the desk's word stands
			c.Region, c.SenderRegion = t.Answers.Region, t.Answers.Region != ""
		}
	}
	c.Changed = v.tx.Now()
	v.reportClock(v.tx, &c, t)
	if err := v.store(v.tx, c); err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Case: c.ID, Action: bot.ActAnswered, Detail: q}); err != nil {
		return err
	}
	after, err := v.cardText(v.tx, c, nil)
	if err != nil {
		return err
	}
	stale := v.d.Stale && v.d.Tip == t.ID
	if after == before && !stale { // it would be edited into itself, which WhatsApp shows as a change
		return nil
	}
	if stale {
		v.d.Stale = false
		if err := v.save(); err != nil {
			return err
		}
	}
	return v.refreshCard(v.tx, c)
}
