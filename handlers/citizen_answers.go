package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
)

// answerLimit is the longest text, in characters, that is read as an answer.
const answerLimit = 80

// oldestYear bounds the days a button can stand for: no living person saw an earlier one.
const oldestYear = 1900

// answerWords is how many words an answer has at most. A longer text that holds a place or a day
// tells more than that, and is kept as a message of the tip too.
const answerWords = 5

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
	if err == nil && f[1] == pressDiffers {
		return v.pressedDiffers(bot.TipID(id))
	}
	if err == nil && (f[1] == askReport || f[1] == askMend || slices.Contains(reportSteps(), f[1]) && !slices.Contains(questions(), f[1])) {
		return v.pressedStep(bot.TipID(id), f[1], f[2])
	}
	if err != nil || !slices.Contains(questions(), f[1]) && f[1] != askSame {
		return v.say("citizen.old_button")
	}
	t, err := v.tx.Tip(bot.TipID(id))
	if ignoreMissing(err) != nil {
		return err
	}
	mine := err == nil && t.Reporter == v.u.From.ID && t.Case != 0
	if !mine || f[1] != askSame && f[2] != skip && !v.valid(f[1], f[2]) {
		return v.say("citizen.old_button")
	}
	return v.record(t, f[1], f[2], "")
}

// valid reports whether a value can be an answer at all: buttons are only what a client sent.
func (v *visit) valid(q, value string) bool {
	switch q {
	case askHappened, askLearned:
		day, err := time.ParseInLocation(time.DateOnly, value, v.Zone.Location)
		return err == nil && !day.After(v.tx.Now()) && day.Year() >= oldestYear
	}
	return slices.ContainsFunc(v.choices(q, v.tx.Now()), func(c choice) bool { return c.value == value })
}

// answer reads typed text as the answer to the open question.
func (v *visit) answer(text string) error {
	words := plainWords(text)
	switch v.d.Question {
	case questionMenu:
		return v.answerMenu(words)
	case askErase:
		return v.answerErase(words)
	}
	t, err := v.tx.Tip(v.d.Tip)
	if ignoreMissing(err) != nil {
		return err
	}
	if t.Reporter != v.u.From.ID { // nobody's by now: its time was over
		return v.dropQuestion()
	}
	if value, ok := v.chosen(v.withoutLabel(words)); ok {
		return v.record(t, v.d.Question, value, "")
	}
	if v.tx.Now().Sub(v.d.Asked) > v.idle() {
		return v.dropQuestion()
	}
	return v.answerWords(t, text)
}

// chosen reads a number of the choices shown, a word for leaving them, or a yes to the only one.
// Such an answer is one however late it comes, as that of a button is.
func (v *visit) chosen(words string) (value string, ok bool) {
	if slices.Contains([]string{skip, "lewati", "lewat", "skip"}, words) {
		return skip, true
	}
	n := atoi(words)
	if len(v.d.Options) == 1 && isYes(words) {
		n = 1
	}
	if n < 1 || n > len(v.d.Options) {
		return "", false
	}
	return v.d.Options[n-1], true
}

// withoutLabel is the number of a choice where its whole line was typed, as networks without buttons show
// it: "2 Dugaan pelanggaran". Everything else is returned as it is.
func (v *visit) withoutLabel(words string) string {
	n, label, ok := numberedLine(words)
	if ok && n <= len(v.d.Options) {
		if c, one := spoken(v.choices(v.d.Question, v.tx.Now()), label); one && c.value == v.d.Options[n-1] {
			return strconv.Itoa(n)
		}
	}
	if words == skip+" "+plainWords(v.Text.Text("ask.skip")) {
		return skip
	}
	return words
}

// answerWords reads an answer in words. What is no answer joins the tip; the question is explained
// once more, and then waits in silence.
func (v *visit) answerWords(t bot.Tip, text string) error {
	q := v.d.Question
	if len([]rune(text)) > answerLimit || strings.Contains(strings.TrimSpace(text), "\n") {
		return v.notAnAnswer(q) // a story, in which the parsers would find some place and some day
	}
	switch q {
	case askRegion:
		return v.answerRegion(t, text)
	case askHappened, askLearned:
		return v.answerDay(t, q, text)
	case askTPS:
		return v.record(t, q, shorten(bot.Clean(strings.TrimSpace(text)), answerLimit), "")
	}
	if c, ok := spoken(v.choices(q, v.tx.Now()), plainWords(text)); ok {
		return v.record(t, q, c.value, "")
	}
	return v.notAnAnswer(q)
}

// saidChoice reads a word that is one of the open question's choices and would otherwise be taken
// for a menu word. It returns what the choice's button carries.
func (v *visit) saidChoice(text string) (data string, ok bool) {
	if v.d.Question != askClaim && v.d.Question != askConf || v.d.Tip == 0 {
		return "", false
	}
	c, ok := spoken(v.choices(v.d.Question, v.tx.Now()), plainWords(text))
	return strings.TrimPrefix(answerData(v.d.Tip, v.d.Question, c.value), "a:"), ok
}

// answerMenu takes a number of the menu. Anything else is not about the menu.
func (v *visit) answerMenu(words string) error {
	if n := atoi(words); n >= 1 && n <= len(v.d.Options) {
		return v.menu(v.d.Options[n-1], "")
	}
	v.d.Question, v.d.Options = "", nil
	return v.unasked()
}

// answerErase takes a yes or a no to erasing everything. Anything else erases nothing, and is not
// swallowed: it is handled as if nothing had been asked.
func (v *visit) answerErase(words string) error {
	yes := words == "1" || isYes(words)
	if yes || words == skip || words == "tidak" {
		return v.confirmErase(yes)
	}
	if v.tx.Now().Sub(v.d.Asked) <= v.Idle {
		if err := v.keepAll(); err != nil {
			return err
		}
	}
	if v.d.Tip != 0 {
		return v.intake()
	}
	return v.dropQuestion()
}

// dropQuestion forgets the open question and handles the text as if it had not been asked.
func (v *visit) dropQuestion() error {
	v.d = bot.Dialogue{}
	if err := v.save(); err != nil {
		return err
	}
	return v.unasked()
}

func isYes(words string) bool {
	return slices.Contains([]string{"ya", "iya", "y", "betul", "benar"}, words)
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
	if m.Decision == gazetteer.None {
		return v.notAnAnswer(askRegion)
	}
	t, err := v.keepStory(t, text)
	if err != nil {
		return err
	}
	if m.Decision == gazetteer.One {
		return v.record(t, askRegion, m.Candidates[0].Area.Code, "")
	}
	var list []choice
	for _, m := range m.Candidates {
		list = append(list, choice{v.Places.Short(m.Area.Code), m.Area.Code})
	}
	return v.put(v.tx, t, askRegion, v.Text.Text("ask.region_which", "typed", shorten(bot.Clean(text), 60)), list)
}

// keepStory makes an answer that tells more than was asked a message of the tip as well, and
// returns the tip as it then is.
func (v *visit) keepStory(t bot.Tip, text string) (bot.Tip, error) {
	if len(strings.Fields(text)) <= answerWords {
		return t, nil
	}
	if err := v.intake(); err != nil {
		return t, err
	}
	return v.tx.Tip(t.ID)
}

func (v *visit) answerDay(t bot.Tip, q, text string) error {
	guess, ok := calendar.Parse(text, v.tx.Now(), v.Zone)
	if !ok && guess.Reason != calendar.Impossible {
		return v.notAnAnswer(q)
	}
	t, err := v.keepStory(t, text)
	if err != nil {
		return err
	}
	switch {
	case !ok:
		return v.say("ask.impossible", "typed", shorten(bot.Clean(text), 60))
	case guess.Future:
		return v.say("ask.future", "day", calendar.Day(guess.Day))
	case guess.Confirm && len(guess.Alternatives) == 0:
		list := []choice{{v.Text.Text("ask.sure"), guess.Day.Format(time.DateOnly)}}
		return v.put(v.tx, t, q, v.Text.Text("ask.day_sure", "day", calendar.Day(guess.Day)), list)
	case guess.Confirm:
		list := []choice{{calendar.Day(guess.Day), guess.Day.Format(time.DateOnly)}}
		for _, d := range guess.Alternatives {
			list = append(list, choice{calendar.Day(d), d.Format(time.DateOnly)})
		}
		return v.put(v.tx, t, q, v.Text.Text("ask.day_which", "typed", shorten(bot.Clean(text), 60)), list)
	}
	return v.record(t, q, guess.Day.Format(time.DateOnly), bot.Clean(text))
}

// notAnAnswer keeps what was typed as part of the tip and explains the question once. Thanks and
// emoji are no part of a tip.
func (v *visit) notAnAnswer(q string) error {
	if v.d.Report { // told at every try, and kept out of the tip: it was meant for the report
		return v.say("report." + q + "_again")
	}
	words := plainWords(v.u.Message.Text)
	if isCourtesy(words) || words == "" && len(v.u.Message.Links) == 0 {
		return v.unasked()
	}
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

// atoi reads a small decimal number; 0 for anything else.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > 3 {
		return 0
	}
	return n
}
