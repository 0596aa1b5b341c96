package handlers

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/bot/gazetteer"
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
	buttons, err := c.buttonsBehind()
	if err != nil || len(buttons) == 0 {
		return err
	}
	b, known, err := c.meant(buttons, n)
	if err != nil {
		return err
	}
	if !known {
		return c.reply("desk.no_such_button", "count", len(buttons))
	}
	note, err := c.pressed(b.Data)
	if err != nil {
		return c.finish(err)
	}
	return c.replyText(note)
}

// meant finds the button a number stands for. A card changes under whoever is typing, so that what they saw
// counts, also where it is gone: then it is refused as the press of an old button is.
func (c *call) meant(buttons []bot.Button, n int) (bot.Button, bool, error) {
	seen := strings.TrimPrefix(c.u.Message.ReplyTo.Choice, chosen)
	if seen == "" {
		if n < 1 || n > len(buttons) {
			return bot.Button{}, false, nil
		}
		return buttons[n-1], true, nil
	}
	k, card, err := c.repliedCase()
	if err != nil {
		return bot.Button{}, false, err
	}
	if card {
		for _, act := range cardActs() {
			buttons = append(buttons, c.cardButton(k, act))
		}
	}
	i := slices.IndexFunc(buttons, func(b bot.Button) bool { return strings.TrimPrefix(b.Label, chosen) == seen })
	if i < 0 {
		return bot.Button{}, false, nil
	}
	return buttons[i], true, nil
}

// buttonsBehind are the buttons of the message a number replies to: of a card, or of a list of choices.
func (c *call) buttonsBehind() ([]bot.Button, error) {
	if k, found, err := c.repliedCase(); err != nil || found {
		return slices.Concat(c.cardButtons(k)...), err
	}
	key, err := c.tx.KeyOf(bot.MessageRef{Chat: c.group, ID: c.u.Message.ReplyTo.ID})
	f := strings.Split(string(key), "/")
	if err != nil || len(f) != 4 || f[0] != "choice" {
		return nil, ignoreMissing(err)
	}
	id, err := strconv.ParseUint(f[2], 10, 64)
	if err != nil {
		return nil, nil
	}
	k, err := c.tx.Case(bot.CaseID(id))
	if err != nil {
		return nil, ignoreMissing(err)
	}
	if f[1] == "jenis" {
		return slices.Concat(c.categoryButtons(k)...), nil
	}
	return slices.Concat(c.regionButtons(k)...), nil
}

// pressed does what a button stands for and returns the passing note for whoever pressed.
func (c *call) pressed(data string) (string, error) {
	f := strings.Split(data, ":")
	if len(f) != 3 || f[0] != "k" {
		return "", bot.Refuse("desk.old_button")
	}
	needs := bot.MayWork
	if f[2] == "approve" {
		needs = bot.MayDecide
	}
	if !c.staff.May(needs) {
		return "", bot.Refuse("desk.not_allowed_"+string(needs), "name", c.staff.Name)
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
	switch f[2] {
	case "sort":
		return c.Text.Text("desk.chosen_below"), c.offerCategories(k)
	case "place":
		return c.Text.Text("desk.chosen_below"), c.offerRegions(k)
	}
	if strings.HasPrefix(f[2], actSame) {
		return c.pressedSame(k, f[2])
	}
	e, err := c.change(&k, func(k *bot.Case) (bot.Event, error) { return c.act(k, f[2]) })
	if errors.Is(err, bot.ErrUnchanged) {
		return c.Text.Text("desk.unchanged", "ticket", k.Ticket), nil
	}
	if err != nil {
		return "", err
	}
	return c.Text.Text("desk.done", "ticket", k.Ticket, "line", locales.Marked(c.eventLine(e))), nil
}

// act applies a button's action to a case.
func (c *call) act(k *bot.Case, act string) (bot.Event, error) {
	now := c.tx.Now()
	switch act {
	case "take":
		return c.taking("")(k)
	case "release":
		return bot.Event{Action: bot.ActReleased}, k.Release("", c.staff, now)
	case "hoax":
		return bot.Event{Action: bot.ActClassified, Detail: act}, k.Sort(bot.TrackHoax, now)
	case "violation":
		return c.toViolation(k)
	case "spam":
		return c.closing("", "", true)(k)
	case "reopen":
		return c.reopening("")(k)
	case "approve":
		return c.approving(k)
	case actApart:
		return c.apart(k)
	}
	if code, ok := strings.CutPrefix(act, "cat-"); ok && bot.Category(code).Known() {
		return c.toggle(k, bot.Category(code))
	}
	if code, ok := strings.CutPrefix(act, "area-"); ok && slices.ContainsFunc(c.Places.Regencies(), func(a gazetteer.Area) bool { return a.Code == code }) {
		return c.placing(code)(k)
	}
	return bot.Event{}, bot.Refuse("desk.old_button")
}

// toViolation puts a case on the violation track, where its senders' limits to report begin to count.
func (c *call) toViolation(k *bot.Case) (bot.Event, error) {
	if err := k.Sort(bot.TrackViolation, c.tx.Now()); err != nil {
		return bot.Event{}, err
	}
	return bot.Event{Action: bot.ActClassified, Detail: string(bot.TrackViolation)}, c.reportClocks(k)
}

// reportClocks starts the clocks of the senders who said when they learned of it.
func (c *call) reportClocks(k *bot.Case) error {
	const look = 200
	n := 0
	for t, err := range c.tx.TipsOf(k.ID) {
		if n++; err != nil || n > look {
			return err
		}
		c.reportClock(c.tx, k, t)
	}
	return nil
}
