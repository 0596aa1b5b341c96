package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
)

// questionKey names a question that was put, so that a reply which quotes it is understood: "ask/17/region".
func questionKey(id bot.TipID, q string) bot.Key { return bot.Key(fmt.Sprintf("ask/%d/%s", id, q)) }

// quotedAnswer takes a message that quotes one of our questions for the answer to that question, whatever
// was asked since. handled is false where the usual reading gives the same.
func (v *visit) quotedAnswer(m *bot.Incoming) (handled bool, err error) {
	f := strings.Split(string(m.ReplyTo.Key), "/")
	if len(f) != 3 || f[0] != "ask" {
		return false, nil
	}
	id, err := strconv.ParseUint(f[1], 10, 64)
	if err != nil {
		return false, nil
	}
	t, err := v.tx.Tip(bot.TipID(id))
	if err != nil || t.Reporter != v.u.From.ID || t.Case == 0 {
		return false, ignoreMissing(err)
	}
	q := f[2]
	switch gathering, err := v.gathering(); {
	case err == nil && v.d.Tip == t.ID && v.d.Question == q && q == askInquiry:
		v.d.Asked = v.tx.Now() // however late
		return false, nil
	case err != nil, gathering, v.d.Tip == t.ID && v.d.Question == q: // also the choice among a few of its answers
		return false, err
	case q == askInquiry && t.Inquiry != nil:
		v.d = bot.Dialogue{Tip: t.ID, Question: q, Asked: v.tx.Now()}
		return false, nil
	case t.Report != nil && !slices.Contains(questions(), q) && slices.Contains(reportSteps(), q):
		v.d = bot.Dialogue{Tip: t.ID, Question: q, Asked: v.tx.Now(), Report: true}
		return false, nil
	case !slices.Contains(questions(), q):
		return false, nil
	}
	if value, ok := v.quotedChoice(q, m.Text); ok {
		return true, v.record(t, q, value, "")
	}
	switch q {
	case askRegion:
		if v.Places.Resolve(m.Text).Decision != gazetteer.None {
			return true, v.answerRegion(t, m.Text)
		}
	case askHappened, askLearned:
		if _, ok := calendar.Parse(m.Text, v.tx.Now(), v.Zone); ok {
			return true, v.answerDay(t, q, m.Text)
		}
	}
	return true, v.continueTip(t)
}

// quotedChoice reads a number or a label of the question's choices.
func (v *visit) quotedChoice(q, text string) (string, bool) {
	list, words := v.choices(q, v.tx.Now()), plainWords(text)
	if words == skip {
		return skip, true
	}
	if n := atoi(words); n >= 1 && n <= len(list) {
		return list[n-1].value, true
	}
	c, ok := spoken(list, words)
	return c.value, ok
}
