package handlers

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// deskPress handles a card's button: "k:17:take". Whoever presses needs the same right as for the
// command, and data made up by a client gets nothing a command would not give.
func (r *Router) deskPress(tx bot.Tx, u bot.Update) error {
	staff, err := r.staffOf(tx, u.From)
	if err != nil {
		return err
	}
	c := &call{Router: r, tx: tx, u: u, staff: staff, group: u.Chat, desk: true}
	note, err := c.pressed(u.Press.Data)
	var refusal *bot.UserError
	if errors.As(err, &refusal) {
		note, err = c.Text.Refusal(refusal), nil
	}
	if err != nil {
		return err
	}
	return tx.Enqueue(bot.Message{To: u.Chat, Answer: u.Press.ID, Text: note})
}

// deskNumber takes a bare number in reply to a card for the card's button of that place, from 1: the
// way of WhatsApp, which has no buttons. A number in reply to anything else is talk among people.
func (r *Router) deskNumber(tx bot.Tx, u bot.Update, n int) error {
	staff, err := r.staffOf(tx, u.From)
	if err != nil {
		return err
	}
	c := &call{Router: r, tx: tx, u: u, staff: staff, group: u.Chat, desk: true}
	k, found, err := c.repliedCase()
	if err != nil || !found {
		return err
	}
	buttons := slices.Concat(r.cardButtons(k)...)
	if n < 1 || n > len(buttons) {
		return c.reply("desk.no_such_button", "count", len(buttons))
	}
	note, err := c.pressed(buttons[n-1].Data)
	if err != nil {
		return c.finish(err)
	}
	return c.replyText(note)
}

// pressed does what a button stands for and returns the passing note for whoever pressed.
func (c *call) pressed(data string) (string, error) {
	f := strings.Split(data, ":")
	if len(f) != 3 || f[0] != "k" {
		return "", bot.Refuse("desk.old_button")
	}
	if !bot.May(c.staff.Role, bot.MayWork) {
		return "", bot.Refuse("desk.not_allowed_work", "name", c.staff.Name)
	}
	id, err := strconv.ParseUint(f[1], 10, 64)
	if err != nil {
		return "", bot.Refuse("desk.old_button")
	}
	k, err := c.tx.Case(bot.CaseID(id))
	if errors.Is(err, bot.ErrNotFound) {
		return "", bot.Refuse("desk.old_button")
	}
	if err != nil {
		return "", err
	}
	e, err := c.act(&k, f[2])
	if errors.Is(err, bot.ErrUnchanged) {
		return c.Text.Text("desk.unchanged", "ticket", k.Ticket), nil
	}
	if err != nil {
		return "", err
	}
	e, err = c.commit(k, e)
	return c.Text.Text("desk.done", "ticket", k.Ticket, "line", locales.Marked(c.eventLine(e))), err
}

// act applies a button's action to a case.
func (c *call) act(k *bot.Case, act string) (bot.Event, error) {
	now := c.tx.Now()
	switch act {
	case "take":
		return bot.Event{Action: bot.ActTaken}, k.Take(c.staff, now)
	case "release":
		return bot.Event{Action: bot.ActReleased}, k.Release(c.staff, now)
	case "hoax":
		return bot.Event{Action: bot.ActClassified, Detail: act}, k.Classify(bot.TrackHoax, now)
	case "violation":
		return bot.Event{Action: bot.ActClassified, Detail: act}, k.Classify(bot.TrackViolation, now)
	case "spam":
		return c.closing("", true)(k)
	case "reopen":
		return bot.Event{Action: bot.ActReopened}, k.Reopen(now)
	}
	return bot.Event{}, bot.Refuse("desk.old_button")
}
