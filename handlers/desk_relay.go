package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
)

// askInquiry is the dialogue's question while a sender has a question of the desk before them.
const askInquiry = "inquiry"

// inquire answers /tanya N pertanyaan: the bot asks the sender, and the answer comes back under the
// card. Neither learns who the other is. N may be the number of any tip of a case: its sender is asked.
// Only the command asks: what coordinators say to one another under a card stays among them.
func (c *call) inquire() error {
	k, question, err := c.caseArg()
	if err != nil {
		return err
	}
	if question == "" {
		return c.usage()
	}
	t, err := c.tipArg(k)
	if err != nil {
		return err
	}
	switch _, _, err := c.tx.Identity(t.Reporter); {
	case t.Reporter == "", errors.Is(err, bot.ErrNotFound):
		return bot.Refuse("desk.nobody_to_ask", "ticket", t.Ticket)
	case err != nil:
		return err
	}
	now := c.tx.Now()
	question = shorten(bot.Clean(question), 1500)
	t.Inquiry = &bot.Inquiry{At: now, By: c.staff.ID, Name: c.staff.Name, Text: question}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		k.Changed = now
		if err := c.tx.PutTip(t); err != nil {
			return bot.Event{}, err
		}
		if err := c.putInquiry(c.tx, t); err != nil {
			return bot.Event{}, err
		}
		due := bot.Timer{Name: fmt.Sprintf("inquiry/%d", t.ID), Due: now.Add(c.Promises.Inquiry.Within), Tip: t.ID}
		return bot.Event{Action: bot.ActAsked, Detail: t.Ticket, Text: question}, c.tx.SetTimer(due)
	})
}

// tipArg is the tip a command names: the one whose number was typed, or the case's first.
func (c *call) tipArg(k bot.Case) (bot.Tip, error) {
	word, _ := cutWord(c.args)
	if id, ok, err := c.number(word); err == nil && ok {
		if t, err := c.tx.Tip(id); err == nil && t.Case == k.ID {
			return t, nil
		}
	}
	t, err := c.tx.Tip(bot.TipID(k.ID))
	if err != nil || t.Case == k.ID {
		return t, err
	}
	for t, err := range c.tx.TipsOf(k.ID) {
		return t, err
	}
	return t, nil
}

// putInquiry sends the question. Whoever is sending something else just then is heard out first; a
// question that is open waits until this one is answered.
func (r *Router) putInquiry(tx bot.Tx, t bot.Tip) error {
	d, err := tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	if over := d.Asked.Add(r.Idle); d.Question == askErase && over.After(tx.Now()) { // a "ya" to HAPUS DATA is no answer
		return tx.SetTimer(bot.Timer{Name: inquireName(t.ID), Due: over, Tip: t.ID, Person: t.Reporter})
	}
	if d.Tip != 0 {
		if open, err := tx.Tip(d.Tip); err == nil && open.Gathering() {
			return tx.SetTimer(bot.Timer{Name: inquireName(t.ID), Due: tx.Now().Add(r.Quiet + time.Second), Tip: t.ID, Person: t.Reporter})
		}
	}
	text := r.Text.Text("citizen.inquiry", "ticket", t.Ticket, "question", t.Inquiry.Text, "hours", int(r.Promises.Inquiry.Within.Hours()))
	m := bot.Message{Person: t.Reporter, Text: text, Case: t.Case, Answerable: questionKey(t.ID, askInquiry)}
	if err := tx.Enqueue(m); err != nil {
		return ignoreMissing(err)
	}
	now := bot.Dialogue{Person: t.Reporter, Tip: t.ID, Question: askInquiry, Asked: tx.Now(), Paused: d.Paused, PausedTip: d.PausedTip}
	if d.Question != "" && d.Question != askInquiry {
		now.Paused, now.PausedTip = d.Question, d.Tip
	}
	return tx.PutDialogue(now)
}

func inquireName(id bot.TipID) string { return fmt.Sprintf("inquire/%d", id) }

// inquireOn puts a question that had to wait, unless it is settled by now.
func (r *Router) inquireOn(tx bot.Tx, id bot.TipID) error {
	t, err := tx.Tip(id)
	if err != nil || t.Reporter == "" || !t.Inquiry.Pending() {
		return ignoreMissing(err)
	}
	return r.putInquiry(tx, t)
}

// resume puts the question again that one of the desk's came in the middle of. An official report is only
// named: its sender may have thought better of it.
func (r *Router) resume(tx bot.Tx, d bot.Dialogue) error {
	if d.Paused == "" || d.Question != "" {
		return nil
	}
	q := d.Paused
	d.Paused = ""
	if err := tx.PutDialogue(d); err != nil {
		return err
	}
	t, err := tx.Tip(d.PausedTip)
	switch {
	case err != nil || t.Reporter != d.Person:
		return ignoreMissing(err)
	case t.Report != nil:
		return r.tell(tx, t.Reporter, "report.left", "ticket", t.Ticket)
	case slices.Contains(questions(), q):
		return r.ask(tx, t, q)
	}
	return nil
}

// inquiryTip finds the tip whose question of the desk a message answers: the one the dialogue is at. Once the desk
// was shown that no answer came, what the person sends is another matter, unless it quotes the question.
func (v *visit) inquiryTip() (bot.Tip, bool, error) {
	if v.d.Question != askInquiry {
		return bot.Tip{}, false, nil
	}
	if !v.tx.Now().Before(v.d.Asked.Add(v.Promises.Inquiry.Within)) {
		v.d = bot.Dialogue{Person: v.d.Person}
		return bot.Tip{}, false, nil
	}
	t, err := v.tx.Tip(v.d.Tip)
	if err != nil {
		return t, false, ignoreMissing(err)
	}
	return t, t.Reporter == v.u.From.ID && t.Inquiry != nil, nil
}

// isMenu reports whether a message is a word of the menu, which is understood at any moment.
func (v *visit) isMenu(m *bot.Incoming) bool {
	_, _, is := menuWord(m.Text)
	return is && m.Forward == nil && len(m.Files) == 0
}

// answerInquiry takes a message, of whatever kind, for the answer to the desk's question. More may
// follow: for a while each joins the tip, and the desk sees all of it under the card. A bare 0 declines.
func (v *visit) answerInquiry(t bot.Tip) error {
	if plainWords(v.u.Message.Text) == skip && len(v.u.Message.Files) == 0 {
		return v.declineInquiry(t)
	}
	v.d.Question = ""
	t.Inquiry.Answered, t.Inquiry.Passed, t.Inquiry.Declined = v.tx.Now(), false, false
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	if err := v.tx.StopTimer(fmt.Sprintf("inquiry/%d", t.ID)); err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Case: t.Case, Action: bot.ActReplied, Detail: t.Ticket}); err != nil {
		return err
	}
	v.d.Asked, v.d.Added = v.tx.Now(), false
	return v.continueTip(t)
}

// declineInquiry ends the desk's question without an answer, and tells the desk so.
func (v *visit) declineInquiry(t bot.Tip) error {
	t.Inquiry.Declined = true
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	if err := v.tx.StopTimer(fmt.Sprintf("inquiry/%d", t.ID)); err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Case: t.Case, Action: bot.ActDeclined, Detail: t.Ticket}); err != nil {
		return err
	}
	k, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	if err := v.refreshCard(v.tx, k); err != nil {
		return err
	}
	if err := v.underCard(v.tx, k, "", v.Text.Text("desk.inquiry_declined", "ticket", t.Ticket, "question", shorten(t.Inquiry.Text, 200))); err != nil {
		return err
	}
	v.d = bot.Dialogue{Person: t.Reporter, Paused: v.d.Paused, PausedTip: v.d.PausedTip}
	if err := v.save(); err != nil {
		return err
	}
	if err := v.say("citizen.inquiry_skipped", "ticket", t.Ticket); err != nil {
		return err
	}
	return v.resume(v.tx, v.d)
}

// continueTip joins the message to a tip that is known, however long ago it was.
func (v *visit) continueTip(t bot.Tip) error {
	if t.Items >= mostItems {
		return v.tooMany(t)
	}
	index := t.Items
	t.Items, t.Last = t.Items+1, v.tx.Now()
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	if err := v.keep(t.ID, index, false); err != nil {
		return err
	}
	return v.await(t)
}

// inquiryOver shows on the card that no answer came.
func (r *Router) inquiryOver(tx bot.Tx, id bot.TipID) error {
	t, err := tx.Tip(id)
	if err != nil || !t.Inquiry.Pending() {
		return ignoreMissing(err)
	}
	t.Inquiry.Overdue = true
	if err := tx.PutTip(t); err != nil {
		return err
	}
	k, err := tx.Case(t.Case)
	if err != nil {
		return ignoreMissing(err)
	}
	hours := strconv.Itoa(int(r.Promises.Inquiry.Within.Hours()))
	if err := r.refreshCard(tx, k); err != nil {
		return err
	}
	return r.underCard(tx, k, "", r.Text.Text("desk.inquiry_unanswered", "ticket", t.Ticket, "hours", hours, "question", shorten(t.Inquiry.Text, 200)))
}

// inquiryLines tell on the card how complete its senders' reports are, what the desk asked and what became of it.
func (r *Router) inquiryLines(tx bot.Tx, k bot.Case) ([]string, error) {
	var lines []string
	n := 0
	for t, err := range tx.TipsOf(k.ID) {
		if n++; err != nil || n > inquiriesShown {
			return lines, err
		}
		if t.Report != nil {
			line, err := r.meterLine(tx, t)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
		switch q := t.Inquiry; {
		case q == nil:
		case q.Declined:
			lines = append(lines, r.Text.Text("card.inquiry_declined", "ticket", t.Ticket, "question", shorten(q.Text, 100)))
		case q.Pending() && q.Overdue:
			lines = append(lines, r.Text.Text("card.inquiry_overdue", "ticket", t.Ticket, "question", shorten(q.Text, 100)))
		case q.Pending():
			lines = append(lines, r.Text.Text("card.inquiry_open", "ticket", t.Ticket, "question", shorten(q.Text, 100)))
		default:
			lines = append(lines, r.Text.Text("card.inquiry_answered", "ticket", t.Ticket, "question", shorten(q.Text, 100)))
		}
	}
	return lines, nil
}

// inquiriesShown is how many tips of a case are looked at for questions to show on its card.
const inquiriesShown = 50

// moreText is what a sender's further words look like under the card: an addition, or an answer.
func (r *Router) moreText(t bot.Tip, words string) string {
	key := "desk.more"
	if t.Inquiry.Fresh() {
		key = "desk.answer"
	}
	return r.Text.Text(key, "ticket", t.Ticket, "text", strings.TrimSpace(words))
}
