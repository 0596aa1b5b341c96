package handlers

import (
	"fmt"
	"strconv"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// tellSenders tells everybody who sent the case how it ended, once each, in answer to what they sent. On
// WhatsApp all but the first are told one after the other, Config.Spread apart; whoever still waits when
// the outcome changes hears only the new one.
func (r *Router) tellSenders(tx bot.Tx, k bot.Case) error {
	told := map[bot.PersonID]bool{}
	rank := 0
	for t, err := range tx.TipsOf(k.ID) {
		if err != nil {
			return err
		}
		if t.Reporter == "" || told[t.Reporter] {
			continue
		}
		told[t.Reporter] = true
		due := tx.Now()
		if t.Network == bot.WhatsApp {
			due, rank = due.Add(time.Duration(rank)*r.Spread), rank+1
		}
		if due.After(tx.Now()) {
			err = tx.SetTimer(bot.Timer{Name: fmt.Sprintf("tell/%d", t.ID), Due: due, Tip: t.ID, Case: k.ID})
		} else {
			err = r.tellOutcome(tx, k, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

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
	if r.Silent != nil {
		if until := r.Silent(t.Network); until.After(tx.Now()) {
			rank, err := rankOf(tx, t)
			if err != nil {
				return err
			}
			return tx.SetTimer(bot.Timer{Name: fmt.Sprintf("tell/%d", id), Due: until.Add(time.Duration(rank) * r.Spread), Tip: id, Case: k.ID})
		}
	}
	return r.tellOutcome(tx, k, t)
}

// rankOf is how many tips of the same case and network came before.
func rankOf(tx bot.Tx, of bot.Tip) (rank int, err error) {
	for t, err := range tx.TipsOf(of.Case) {
		if err != nil || t.ID == of.ID {
			return rank, err
		}
		if t.Network == of.Network {
			rank++
		}
	}
	return rank, nil
}

// tellOutcome tells one sender how the case ended; nothing if it is open. Keys outlive an erasure, so
// they name the tip and never the person.
func (r *Router) tellOutcome(tx bot.Tx, k bot.Case, t bot.Tip) error {
	m := bot.Message{Person: t.Reporter, Case: k.ID}
	switch {
	case k.Finished.IsZero(), k.Spam:
		return nil
	case k.Status == bot.Resolved:
		key := "citizen.verdict"
		if k.Verdict.Version > 1 {
			key = "citizen.verdict_again"
		}
		m.Key = bot.Key(fmt.Sprintf("verdict/%d/%d/%d", k.ID, k.Verdict.Version, t.ID))
		m.Text = r.Text.Text(key, "ticket", t.Ticket, "verdict", locales.Marked(r.verdictLines(*k.Verdict)))
	default:
		m.Key = bot.Key(fmt.Sprintf("closed/%d/%s/%d", k.ID, strconv.FormatInt(k.Finished.UnixNano(), 36), t.ID))
		m.Text = r.Text.Text("citizen.closed", "ticket", t.Ticket)
	}
	var err error
	if m.ReplyTo, m.ReplyText, err = firstSaid(tx, t); err != nil {
		return err
	}
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
