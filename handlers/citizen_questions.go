package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
)

// The questions after a receipt, in order. Each can be skipped and none blocks the tip.
const (
	askClaim    = "claim"
	askRegion   = "region"
	askHappened = "happened"
	askLearned  = "learned"
	askConf     = "confidentiality"
	askErase    = "erase" // not about a tip: the confirmation of HAPUS DATA
)

func questions() []string { return []string{askClaim, askRegion, askHappened, askLearned, askConf} }

// skip is what a person types, and what the last button says, to leave a question unanswered.
const skip = "0"

// answerLimit is the longest text, in characters, that is read as an answer.
const answerLimit = 80

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
	d := bot.Dialogue{Person: t.Reporter, Tip: t.ID, Question: q, Asked: tx.Now()}
	m := bot.Message{Person: t.Reporter, Text: text, Case: t.Case}
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

// pressedAnswer takes the answer of a button: "17:region:15.09". The tip must be the presser's own;
// an answer to an earlier question corrects it.
func (v *visit) pressedAnswer(data string) error {
	f := strings.Split(data, ":")
	if len(f) != 3 {
		return v.say("citizen.old_button")
	}
	if f[1] == askErase {
		return v.confirmErase(f[2] == "1")
	}
	id, err := strconv.ParseUint(f[0], 10, 64)
	if err != nil || !slices.Contains(questions(), f[1]) {
		return v.say("citizen.old_button")
	}
	t, err := v.tx.Tip(bot.TipID(id))
	if err != nil || t.Reporter != v.u.From.ID || t.Case == 0 {
		return orSay(ignoreMissing(err), func() error { return v.say("citizen.old_button") })
	}
	if f[2] != skip && !v.valid(f[1], f[2]) {
		return v.say("citizen.old_button")
	}
	return v.record(t, f[1], f[2], "")
}

func orSay(err error, say func() error) error {
	if err != nil {
		return err
	}
	return say()
}

// valid reports whether a value can be an answer at all: buttons are only what a client sent.
func (v *visit) valid(q, value string) bool {
	switch q {
	case askHappened, askLearned:
		day, err := time.ParseInLocation(time.DateOnly, value, v.Zone.Location)
		return err == nil && !day.After(v.tx.Now())
	}
	return slices.ContainsFunc(v.choices(q, v.tx.Now()), func(c choice) bool { return c.value == value })
}

// answer reads typed text as the answer to the open question. What is no answer joins the tip; the
// question is explained once more, and then waits in silence.
func (v *visit) answer(text string) error {
	q := v.d.Question
	if q == questionMenu {
		if n := atoi(plainWords(text)); n >= 1 && n <= len(v.d.Options) {
			return v.menu(v.d.Options[n-1], "")
		}
		v.d = bot.Dialogue{Person: v.u.From.ID}
		if isCourtesy(plainWords(text)) {
			return v.say("citizen.courtesy")
		}
		return v.intake()
	}
	if q == askErase {
		return v.confirmErase(plainWords(text) == "1" || plainWords(text) == "ya")
	}
	if v.tx.Now().Sub(v.d.Asked) > v.Idle {
		v.d = bot.Dialogue{Person: v.u.From.ID}
		return v.intake()
	}
	t, err := v.tx.Tip(v.d.Tip)
	if err != nil {
		return err
	}
	if len([]rune(text)) > answerLimit || strings.Contains(strings.TrimSpace(text), "\n") {
		return v.notAnAnswer(q) // a story, in which the parsers would find some place and some day
	}
	words := plainWords(text)
	if words == skip || words == "lewati" || words == "lewat" || words == "skip" {
		return v.record(t, q, skip, "")
	}
	if n := atoi(words); n >= 1 && n <= len(v.d.Options) {
		return v.record(t, q, v.d.Options[n-1], "")
	}
	switch q {
	case askRegion:
		return v.answerRegion(t, text)
	case askHappened, askLearned:
		return v.answerDay(t, q, text)
	}
	if c, ok := spoken(v.choices(q, v.tx.Now()), words); ok {
		return v.record(t, q, c.value, "")
	}
	return v.notAnAnswer(q)
}

// spoken finds the one choice whose label holds what was typed, as whole words: "pelanggaran" for
// "Dugaan pelanggaran". Words that fit more than one choice fit none.
func spoken(list []choice, words string) (found choice, ok bool) {
	if words == "" {
		return choice{}, false
	}
	for _, c := range list {
		if strings.Contains(" "+plainWords(c.label)+" ", " "+words+" ") {
			if ok {
				return choice{}, false
			}
			found, ok = c, true
		}
	}
	return found, ok
}

func (v *visit) answerRegion(t bot.Tip, text string) error {
	m := v.Places.Resolve(text)
	switch m.Decision {
	case gazetteer.One:
		return v.record(t, askRegion, m.Candidates[0].Area.Code, "")
	case gazetteer.Ask:
		var list []choice
		for _, m := range m.Candidates {
			list = append(list, choice{v.Places.Short(m.Area.Code), m.Area.Code})
		}
		return v.put(v.tx, t, askRegion, v.Text.Text("ask.region_which", "typed", shorten(bot.Clean(text), 60)), list)
	}
	return v.notAnAnswer(askRegion)
}

func (v *visit) answerDay(t bot.Tip, q, text string) error {
	now := v.tx.Now()
	guess, ok := calendar.Parse(text, now, v.Zone)
	switch {
	case !ok && guess.Reason == calendar.Impossible:
		return v.say("ask.impossible", "typed", shorten(bot.Clean(text), 60))
	case !ok:
		return v.notAnAnswer(q)
	case guess.Future:
		return v.say("ask.future", "day", calendar.Day(guess.Day))
	case guess.Confirm:
		list := []choice{{calendar.Day(guess.Day), guess.Day.Format(time.DateOnly)}}
		for _, d := range guess.Alternatives {
			list = append(list, choice{calendar.Day(d), d.Format(time.DateOnly)})
		}
		return v.put(v.tx, t, q, v.Text.Text("ask.day_which", "typed", shorten(bot.Clean(text), 60)), list)
	}
	return v.record(t, q, guess.Day.Format(time.DateOnly), bot.Clean(text))
}

// notAnAnswer keeps what was typed as part of the tip and explains the question once.
func (v *visit) notAnAnswer(q string) error {
	if !v.d.Hinted {
		v.d.Hinted = true
		if err := v.say("ask." + q + "_hint"); err != nil {
			return err
		}
		if err := v.save(); err != nil {
			return err
		}
	}
	return v.intake()
}

// record stores an answer, shows it to the desk, and puts the next question.
func (v *visit) record(t bot.Tip, q, value, typed string) error {
	if value != skip {
		set(&t.Answers, q, value, typed, v.Zone.Location)
		if err := v.tx.PutTip(t); err != nil {
			return err
		}
		if err := v.answered(t, q); err != nil {
			return err
		}
	}
	if v.d.Tip != t.ID || v.d.Question != q {
		return v.say("citizen.corrected", "ticket", t.Ticket) // an earlier question's button
	}
	next := v.following(t, q)
	if next == "" {
		v.d = bot.Dialogue{}
		if err := v.save(); err != nil {
			return err
		}
		return v.say("citizen.thanks", "ticket", t.Ticket)
	}
	return v.ask(v.tx, t, next)
}

// following is the question after q. The two dates are asked for violations only: the seven-day
// limit has no meaning for a hoax, and every question less is a kindness.
func (v *visit) following(t bot.Tip, q string) string {
	list := questions()
	i := slices.Index(list, q) + 1
	if t.Answers.Claim == bot.ClaimHoax && i < len(list) && list[i] == askHappened {
		i = slices.Index(list, askConf)
	}
	if i >= len(list) {
		return ""
	}
	return list[i]
}

func set(a *bot.Answers, q, value, typed string, zone *time.Location) {
	switch q {
	case askClaim:
		a.Claim = bot.Claim(value)
	case askRegion:
		a.Region = value
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
	if bot.CaseID(t.ID) == c.ID {
		c.Claim, c.Region = t.Answers.Claim, t.Answers.Region
	}
	c.Changed = v.tx.Now()
	if err := v.tx.PutCase(c); err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Case: c.ID, Action: bot.ActAnswered, Detail: q}); err != nil {
		return err
	}
	return v.refreshCard(v.tx, c)
}

// atoi reads a small decimal number; 0 for anything else.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > 3 {
		return 0
	}
	return n
}
