package handlers

import (
	"errors"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// incidentTimer is the alarm of a data incident, and the name of its row: the cursor's Event is where it is
// recorded, its Slot when it began. No row, or one without an event, is no incident.
const incidentTimer = "incident"

// incident answers /insiden: an admin records that data of citizens came out, which starts the time within
// which they and the agency have to be told (3×24 hours, Ps 46 UU 27/2022), and with /insiden selesai that they
// were. Access and erasure, which have the same time, are answered at once and need no clock.
func (c *call) incident() error {
	word, rest := cutWord(c.args)
	switch plainWords(word) {
	case "":
		return c.showIncident()
	case "selesai", "akhir":
		return c.endIncident(shorten(bot.Clean(rest), 600))
	}
	return c.beginIncident(shorten(bot.Clean(c.args), 600))
}

// openIncident is until when an incident has to be told of, and what it is; ok is false if there is none.
func (r *Router) openIncident(tx bot.Tx) (d bot.Deadline, what string, ok bool, err error) {
	at, err := tx.Cursor(incidentTimer)
	if err != nil || at.Event == 0 {
		return bot.Deadline{}, "", false, err
	}
	for e, err := range tx.EventsAfter(at.Event - 1) {
		return r.Promises.Privacy.From(at.Slot), e.Text, err == nil, err
	}
	return bot.Deadline{}, "", false, nil
}

// incidentLine tells of a running incident for /tenggat; empty if there is none.
func (r *Router) incidentLine(tx bot.Tx) (string, error) {
	d, what, ok, err := r.openIncident(tx)
	if err != nil || !ok {
		return "", err
	}
	return r.Text.Text("incident.line", "due", calendar.Moment(d.Last, r.Zone), "what", what), nil
}

func (c *call) showIncident() error {
	line, err := c.incidentLine(c.tx)
	switch {
	case err != nil:
		return err
	case line == "":
		return c.reply("incident.none")
	}
	return c.reply("incident.running", "line", locales.Marked(line))
}

func (c *call) beginIncident(what string) error {
	if _, _, running, err := c.openIncident(c.tx); err != nil || running {
		return errors.Join(err, bot.Refuse("incident.already"))
	}
	e, err := c.tx.Append(bot.Event{Action: bot.ActIncident, Actor: c.staff.ID, Name: c.staff.Name, Detail: "began", Text: what})
	if err != nil {
		return err
	}
	d := c.Promises.Privacy.From(c.tx.Now())
	err = errors.Join(c.tx.PutCursor(incidentTimer, bot.Cursor{Event: e.ID, Slot: c.tx.Now()}), c.tx.SetTimer(bot.Timer{Name: incidentTimer, Due: d.Safe}))
	if err != nil {
		return err
	}
	return c.reply("incident.began", "name", c.staff.Name, "due", calendar.Moment(d.Last, c.Zone))
}

func (c *call) endIncident(told string) error {
	_, _, running, err := c.openIncident(c.tx)
	switch {
	case err != nil:
		return err
	case !running:
		return c.reply("incident.none")
	case told == "":
		return c.usage()
	}
	_, err = c.tx.Append(bot.Event{Action: bot.ActIncident, Actor: c.staff.ID, Name: c.staff.Name, Detail: "ended", Text: told})
	if err = errors.Join(err, c.tx.PutCursor(incidentTimer, bot.Cursor{}), c.tx.StopTimer(incidentTimer)); err != nil {
		return err
	}
	return c.reply("incident.ended", "name", c.staff.Name)
}

// incidentDue reminds desk and admins that an incident has to be told of, and says when it is too late.
func (r *Router) incidentDue(tx bot.Tx) error {
	d, _, running, err := r.openIncident(tx)
	if err != nil || !running {
		return err
	}
	key, due := "incident.soon", calendar.Moment(d.Last, r.Zone)
	var next time.Time
	if d.State(tx.Now()) == bot.DeadlineOver || tx.Now().Equal(d.Last) {
		key = "incident.over"
	} else {
		next = d.Last
	}
	text := r.Text.Text(key, "due", due)
	if err := errors.Join(r.toDesk(tx, bot.Message{Text: text}), r.toAdmins(tx, "", text)); err != nil || next.IsZero() {
		return err
	}
	return tx.SetTimer(bot.Timer{Name: incidentTimer, Due: next})
}
