package handlers

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// askSame asks which of the cases that look alike is meant, before anything else is asked about the tip.
const askSame = "same"

// sameNone is the answer that it is none of them.
const sameNone = "none"

// pressDiffers is the button under an answer that was given without asking: it is something else.
const pressDiffers = "differs"

// differsLook bounds how long and how many tips back BEDA is about an answer of ours.
const (
	differsLook = 5
	differsTime = 48 * time.Hour
)

// askSame puts the question, if there is a case that may be shown to a stranger.
func (r *Router) askSame(tx bot.Tx, t bot.Tip) (asked bool, err error) {
	own, err := tx.Case(t.Case)
	if err != nil {
		return false, err
	}
	var lines []string
	var options []choice
	for i := range own.Suggested {
		s := &own.Suggested[i]
		k, err := tx.Case(s.Case)
		if err != nil {
			return false, err
		}
		words, err := publicWords(tx, k)
		if err != nil {
			return false, err
		}
		if s.Shown = words != ""; !s.Shown {
			continue
		}
		n := len(options) + 1
		lines = append(lines, r.Text.Text("ask.same_line", "number", n, "text", shorten(strings.Join(strings.Fields(words), " "), 160),
			"state", locales.Marked(r.sameState(k))))
		options = append(options, choice{r.Text.Text("ask.same_this", "number", n), strconv.FormatUint(uint64(k.ID), 10)})
	}
	if len(options) == 0 {
		return false, nil
	}
	if err := tx.PutCase(own); err != nil {
		return false, err
	}
	options = append(options, choice{r.Text.Text("ask.same_none"), sameNone})
	text := r.Text.Text("ask.same", "list", locales.Marked(strings.Join(lines, "\n")))
	return true, r.put(tx, t, askSame, text, options)
}

// publicWords are what of a case may be shown to a stranger: what its first sender forwarded, all of it where
// somebody else sent the same words, else the explanation of the verdict in force. What one person wrote
// themselves is nobody else's to read; empty if there is no more than that.
func publicWords(tx bot.Tx, k bot.Case) (string, error) {
	if k.Spam {
		return "", nil
	}
	items, err := tx.Items(bot.TipID(k.ID))
	if ignoreMissing(err) != nil {
		return "", err
	}
	words := excerpt(slices.DeleteFunc(items, func(it bot.Item) bool { return it.Forward == nil }))
	if words != "" {
		return words, nil
	}
	n := 0
	for t, err := range tx.TipsOf(k.ID) {
		if n++; err != nil || n > wordsLook {
			return "", err
		}
		if t.Joined != nil && t.Joined.Score >= theSameWords && t.Reporter != "" && bot.CaseID(t.ID) != k.ID {
			return k.Excerpt, nil
		}
	}
	if k.InForce() {
		return k.Verdict.Explanation, nil
	}
	return "", nil
}

// Whose words were sent by others too: among the first tips of the case one that is practically the same.
const (
	wordsLook    = 20
	theSameWords = 0.95
)

func (r *Router) sameState(k bot.Case) string {
	switch {
	case k.InForce():
		return r.Text.Text("rating." + string(k.Verdict.Rating))
	case k.Open():
		return r.Text.Text("ask.same_open")
	}
	return r.Text.Text("ask.same_closed")
}

// answeredSame records the sender's answer. Their word makes one case of two as long as nobody has worked on
// theirs; after that it is the desk's to decide, with the sender's word beside it.
func (v *visit) answeredSame(t bot.Tip, value string) error {
	k, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	if bot.CaseID(t.ID) != k.ID { // it is part of another case by now, whose suggestions are not theirs to judge
		return v.say("citizen.old_button")
	}
	id, _ := strconv.ParseUint(value, 10, 64)
	offered := func(s bot.Suggestion) bool { return s.Shown && s.Case == bot.CaseID(id) }
	if value != skip && value != sameNone && !slices.ContainsFunc(k.Suggested, offered) {
		return v.say("citizen.old_button")
	}
	current := v.d.Tip == t.ID && v.d.Question == askSame
	changed := false
	for i := range k.Suggested {
		s := &k.Suggested[i]
		said, act := bot.Different, bot.ActDenied
		if offered(*s) {
			said, act = bot.Same, bot.ActConfirmed
		}
		if value == skip || !s.Shown || s.Said == said {
			continue
		}
		s.Said, changed = said, true
		if _, err := v.tx.Append(bot.Event{Case: k.ID, Action: act, Detail: s.Ticket, Text: s.Basis()}); err != nil {
			return err
		}
	}
	if changed {
		if err := v.tx.PutCase(k); err != nil {
			return err
		}
	}
	if joined, err := v.sameAs(t, k, bot.CaseID(id)); err != nil || joined {
		return err
	}
	if changed {
		if err := v.refreshCard(v.tx, k); err != nil {
			return err
		}
	}
	switch {
	case current:
		return v.ask(v.tx, t, questions()[0])
	case changed:
		return v.say("citizen.corrected", "ticket", t.Ticket)
	}
	return nil
}

// sameAs makes the sender's own case a part of the one they mean.
func (v *visit) sameAs(t bot.Tip, own bot.Case, id bot.CaseID) (bool, error) {
	if id == 0 || !own.Untouched() || own.Merged != 0 || bot.CaseID(t.ID) != own.ID {
		return false, nil
	}
	i := slices.IndexFunc(own.Suggested, func(s bot.Suggestion) bool { return s.Case == id })
	target, ok, err := currentCase(v.tx, id)
	if err != nil || !ok {
		return false, err
	}
	return true, v.become(v.tx, t, own, target, own.Suggested[i].Candidate)
}

// become makes an untouched case with its one tip a part of another, and tells its sender how that stands.
func (r *Router) become(tx bot.Tx, t bot.Tip, own, target bot.Case, by bot.Candidate) error {
	own.Suggested = nil
	kept := target.Joined
	if err := own.MergeInto(&target, tx.Now()); err != nil {
		return err
	}
	target.Joined = kept // its one tip is kept from when it was sent, the others no longer for it
	if err := r.store(tx, own); err != nil {
		return err
	}
	for _, e := range []bot.Event{
		{Case: own.ID, Action: bot.ActMerged, Detail: target.Ticket},
		{Case: target.ID, Action: bot.ActAbsorbed, Detail: own.Ticket},
	} {
		if _, err := tx.Append(e); err != nil {
			return err
		}
	}
	items, err := tx.Items(t.ID)
	if err != nil {
		return err
	}
	d, err := tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	by.Case = target.ID
	t.Case, t.Joined = target.ID, &by
	if t, err = r.enter(tx, t, &target, items); err != nil {
		return err
	}
	if err := r.editCard(tx, own, nil); err != nil {
		return err
	}
	return r.answerRepeat(tx, t, target, d.Question == askSame && d.Tip == t.ID)
}

// differs answers BEDA: what was recognised without asking is something else. typed is true where it was
// written, so that it may also be said for another reason.
func (v *visit) differs(typed bool) error {
	n := 0
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		if n++; n > differsLook || v.tx.Now().Sub(t.Started) > differsTime {
			break
		}
		if t.Joined != nil && t.Erased.IsZero() {
			return v.part(t)
		}
	}
	if typed {
		return v.unasked()
	}
	return v.say("citizen.old_button")
}

// pressedDiffers is the button: about that tip, however long ago.
func (v *visit) pressedDiffers(id bot.TipID) error {
	t, err := v.tx.Tip(id)
	if ignoreMissing(err) != nil {
		return err
	}
	if err != nil || t.Reporter != v.u.From.ID || t.Joined == nil {
		return v.say("citizen.old_button")
	}
	return v.part(t)
}

// part makes a tip that joined a case a case of its own, to be looked at by the desk.
func (v *visit) part(t bot.Tip) error {
	k, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	by := *t.Joined
	own, existed, err := v.leave(v.tx, &k, t)
	if err != nil {
		return err
	}
	own.Suggested = []bot.Suggestion{{Candidate: by, Ticket: k.Ticket, Said: bot.Different}}
	if err := errors.Join(v.store(v.tx, own), v.store(v.tx, k)); err != nil {
		return err
	}
	for _, e := range []bot.Event{
		{Case: k.ID, Action: bot.ActDenied, Detail: t.Ticket, Text: by.Basis()},
		{Case: own.ID, Action: bot.ActSplit, Detail: own.Ticket},
	} {
		if _, err := v.tx.Append(e); err != nil {
			return err
		}
	}
	if existed {
		err = v.refreshCard(v.tx, own)
	} else {
		err = v.postCard(v.tx, own)
	}
	if err != nil {
		return err
	}
	items, err := v.tx.Items(t.ID)
	if err != nil {
		return err
	}
	if err := v.postFiles(v.tx, own, items); err != nil {
		return err
	}
	if k.Counted.IsZero() { // else the card did not show them yet
		if err := v.refreshCard(v.tx, k); err != nil {
			return err
		}
	}
	t, err = v.tx.Tip(t.ID)
	if err != nil {
		return err
	}
	if err := v.say("citizen.receipt", "ticket", t.Ticket, "time", calendar.Moment(t.Started, v.Zone)); err != nil {
		return err
	}
	return v.ask(v.tx, t, questions()[0])
}
