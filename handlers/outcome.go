package handlers

import (
	"fmt"
	"strconv"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// How a case ended, and whom it was handed to, is told to all its senders in slices, so that a decision on a
// case that ten thousand people sent stays one short transaction. What is left over is the timer's
// "spread/<case>": a crash between two slices loses nothing, and nobody is told twice.
const (
	firstSlice = 25
	slice      = 100
)

// tellSenders tells everybody who sent the case what is new for them, once each, in answer to what they sent. On
// WhatsApp all but the first are told one after the other, Config.Spread apart; whoever still waits when
// the outcome changes hears only the new one.
func (r *Router) tellSenders(tx bot.Tx, k bot.Case) error {
	return r.tellSlice(tx, k, 0, 0, firstSlice)
}

func spreadName(id bot.CaseID) string { return fmt.Sprintf("spread/%d", id) }

// spreadOn goes on where the slice before ended.
func (r *Router) spreadOn(tx bot.Tx, t bot.Timer) error {
	k, err := tx.Case(t.Case)
	if err != nil {
		return ignoreMissing(err)
	}
	paced, err := tx.Cursor(spreadName(k.ID)) // Event is how many of WhatsApp came before
	if err != nil {
		return err
	}
	return r.tellSlice(tx, k, t.Tip, int(paced.Event), slice)
}

func (r *Router) tellSlice(tx bot.Tx, k bot.Case, after bot.TipID, paced, most int) error {
	if coming, err := stillComing(tx, k); err != nil || coming {
		return err
	}
	n := 0
	for t, err := range tx.TipsFrom(k.ID, after) {
		if err != nil {
			return err
		}
		if n == most {
			if err := tx.PutCursor(spreadName(k.ID), bot.Cursor{Event: bot.EventID(paced)}); err != nil {
				return err
			}
			return tx.SetTimer(bot.Timer{Name: spreadName(k.ID), Due: tx.Now(), Case: k.ID, Tip: after})
		}
		n, after = n+1, t.ID
		if !hasNews(k, t) {
			continue
		}
		due := tx.Now()
		if t.Network == bot.WhatsApp {
			due, paced = due.Add(time.Duration(paced)*r.Spread), paced+1
		}
		if due.After(tx.Now()) {
			err = tx.SetTimer(bot.Timer{Name: tellName(t.ID), Due: due, Tip: t.ID, Case: k.ID})
		} else {
			err = r.tellNews(tx, k, t)
		}
		if err != nil {
			return err
		}
	}
	return tx.StopTimer(spreadName(k.ID))
}

// stillComing reports whether tips of a merged case are on their way into k. Until they are there nobody is told
// anything, lest somebody with a tip in both cases hears it twice; then afterMove tells everybody.
func stillComing(tx bot.Tx, k bot.Case) (bool, error) {
	for _, id := range k.Holds {
		for _, err := range tx.TipsOf(id) {
			return err == nil, err
		}
	}
	return false, nil
}

// hasNews reports whether there is something to tell the sender of a tip.
func hasNews(k bot.Case, t bot.Tip) bool {
	switch {
	case t.Reporter == "":
		return false
	case len(untold(k, t)) > 0:
		return true
	case k.InForce():
		return t.Told != inForce(k)
	}
	return k.Status == bot.Closed && !k.Spam
}

// tellNews tells one sender whom the case was handed to, and how it ended.
func (r *Router) tellNews(tx bot.Tx, k bot.Case, t bot.Tip) error {
	t, err := r.tellReferrals(tx, k, t)
	if err != nil {
		return err
	}
	return r.tellOutcome(tx, k, t)
}

// toldHoax reports whether a case is a hoax and nothing else, by the desk's word or else the sender's.
func toldHoax(k bot.Case) bool {
	return !k.On(bot.TrackViolation) && (k.On(bot.TrackHoax) || k.Claim == bot.ClaimHoax)
}

func tellName(id bot.TipID) string { return fmt.Sprintf("tell/%d", id) }

// tellOne is a sender's turn to be told. While their network wants silence, as in a time-lock of WhatsApp's,
// they wait until it ends and then for their turn again, lest all come at once.
func (r *Router) tellOne(tx bot.Tx, id bot.TipID) error {
	t, err := tx.Tip(id)
	if err != nil || t.Case == 0 || t.Reporter == "" {
		return ignoreMissing(err)
	}
	k, err := tx.Case(t.Case)
	if err != nil {
		return ignoreMissing(err)
	}
	if coming, err := stillComing(tx, k); err != nil || coming {
		return err
	}
	if r.Silent != nil {
		if until := r.Silent(t.Network); until.After(tx.Now()) {
			rank, err := rankOf(tx, t)
			if err != nil {
				return err
			}
			return tx.SetTimer(bot.Timer{Name: tellName(id), Due: until.Add(time.Duration(rank) * r.Spread), Tip: id, Case: k.ID})
		}
	}
	return r.tellNews(tx, k, t)
}

// rankLook is how many tips are counted to find whose turn it is; those behind share the last places.
const rankLook = 500

// rankOf is how many tips of the same case and network came before.
func rankOf(tx bot.Tx, of bot.Tip) (rank int, err error) {
	n := 0
	for t, err := range tx.TipsOf(of.Case) {
		if n++; err != nil || t.ID == of.ID || n > rankLook {
			return rank, err
		}
		if t.Network == of.Network {
			rank++
		}
	}
	return rank, nil
}

// tellOutcome tells one sender how the case ended; nothing if it is open.
func (r *Router) tellOutcome(tx bot.Tx, k bot.Case, t bot.Tip) error {
	switch {
	case k.InForce():
		return r.tellVerdict(tx, k, t)
	case k.Status != bot.Closed, k.Spam, k.Merged != 0:
		return nil
	case t.Told == bot.Told{Case: k.ID}: // heard it of a case that was merged into this one
		return nil
	}
	first, err := firstOfSender(tx, t)
	if err != nil || !first {
		return err
	}
	key := "citizen.closed"
	if !toldHoax(k) { // nobody was going to check a fact
		key = "citizen.closed_plain"
	}
	return r.answerTip(tx, t, bot.Message{
		Key:  bot.Key(fmt.Sprintf("closed/%d/%s/%d", k.ID, strconv.FormatInt(k.Finished.UnixNano(), 36), t.ID)),
		Text: r.Text.Text(key, "ticket", t.Ticket),
	})
}

// tellVerdict tells one sender the case's verdict, unless they were told it: by this tip, by another
// of theirs in the case, or in a case that was merged into it with the same verdict.
func (r *Router) tellVerdict(tx bot.Tx, k bot.Case, t bot.Tip) error {
	now := inForce(k)
	if t.Told == now {
		return nil
	}
	mine, err := inCase(tx, t)
	if err != nil {
		return err
	}
	heard, before := false, t.Told.Version > 0
	for _, other := range mine {
		heard = heard || other.Told == now
		before = before || other.Told.Version > 0
	}
	t.Told, t.Heard = now, bot.Told{}
	if err := tx.PutTip(t); err != nil || heard {
		return err
	}
	key := "citizen.verdict"
	if before {
		key = "citizen.verdict_again"
	}
	return r.answerTip(tx, t, bot.Message{
		Key: verdictKey(t), Text: r.Text.Text(key, "ticket", t.Ticket, "verdict", locales.Marked(r.verdictLines(*k.Verdict))),
	})
}

// inForce names the version of a case's verdict that its senders should have been told.
func inForce(k bot.Case) bot.Told { return bot.Told{Case: k.ID, Version: k.Verdict.Version} }

// verdictKey is the key under which the sender of a tip was told what they were told last. Keys outlive
// an erasure, so they name the tip and never the person.
func verdictKey(t bot.Tip) bot.Key {
	under := t.Told
	if t.Heard.Version > 0 {
		under = t.Heard
	}
	return bot.Key(fmt.Sprintf("verdict/%d/%d/%d", under.Case, under.Version, t.ID))
}

// answerTip enqueues a message to the sender of a tip as an answer to what they sent.
func (r *Router) answerTip(tx bot.Tx, t bot.Tip, m bot.Message) error {
	var err error
	if m.ReplyTo, m.ReplyText, err = firstSaid(tx, t); err != nil {
		return err
	}
	m.Person, m.Case = t.Reporter, t.Case
	return ignoreMissing(tx.Enqueue(m))
}

// firstSaid is the message a tip began with, and how it begins.
func firstSaid(tx bot.Tx, t bot.Tip) (bot.MessageID, string, error) {
	items, err := tx.Items(t.ID)
	if err != nil || len(items) == 0 {
		return "", "", err
	}
	return items[0].Message, shorten(said(items[0]), 100), nil
}

// tipsLook is how many of a person's tips are looked at to find those of the same case: who sent more
// of one story than that may hear of it twice.
const tipsLook = 100

// inCase lists the person's tips of the same case as t, newest first.
func inCase(tx bot.Tx, t bot.Tip) ([]bot.Tip, error) {
	var tips []bot.Tip
	n := 0
	for other, err := range tx.TipsBy(t.Reporter) {
		if n++; err != nil || n > tipsLook {
			return tips, err
		}
		if other.Case == t.Case {
			tips = append(tips, other)
		}
	}
	return tips, nil
}

// firstOfSender reports whether t is the sender's first tip of its case: the one that is answered.
func firstOfSender(tx bot.Tx, t bot.Tip) (bool, error) {
	tips, err := inCase(tx, t)
	return err != nil || len(tips) == 0 || tips[len(tips)-1].ID == t.ID, err
}

// firstTold is the tip under whose key the sender of t was told what t bears as told.
func firstTold(tx bot.Tx, t bot.Tip) (bot.TipID, error) {
	mine, err := inCase(tx, t)
	first := t.ID
	for _, other := range mine {
		if other.Told == t.Told && other.ID < first {
			first = other.ID
		}
	}
	return first, err
}
