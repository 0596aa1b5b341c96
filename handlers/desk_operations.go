package handlers

import (
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// queues answers /antrean: what waits, for how long, and what lies aside.
func (c *call) queues() error {
	q, err := c.tx.Queues()
	if err != nil {
		return err
	}
	if q.Inbox--; q.Inbox == 0 { // this very command is being handled
		q.OldestInbox = time.Time{}
	}
	held := ""
	if q.Held {
		held = c.Text.Text("desk.queues_held")
	}
	down, err := c.outages()
	if err != nil {
		return err
	}
	return c.reply("desk.queues",
		"inbox", q.Inbox, "inbox_age", locales.Marked(c.age(q.OldestInbox)),
		"outbox", q.Outbox, "outbox_age", locales.Marked(c.age(q.OldestOutbox)),
		"jobs", q.Jobs, "quarantined", q.Quarantined, "skipped", q.Skipped, "retired", q.Retired,
		"held", locales.Marked(held), "down", locales.Marked(down))
}

// age says how long ago something was, in the largest unit that fits.
func (r *call) age(since time.Time) string {
	if since.IsZero() {
		return r.Text.Text("age.none")
	}
	d := r.tx.Now().Sub(since)
	switch {
	case d < time.Minute:
		return r.Text.Text("age.seconds", "n", int(d.Seconds()))
	case d < time.Hour:
		return r.Text.Text("age.minutes", "n", int(d.Minutes()))
	case d < 48*time.Hour:
		return r.Text.Text("age.hours", "n", int(d.Hours()))
	}
	return r.Text.Text("age.days", "n", int(d.Hours()/24))
}

// hold answers /tahan: nothing goes out but answers in this group.
func (c *call) hold() error { return c.setHold(true, "desk.held", "desk.held_already") }

// resume answers /lanjut.
func (c *call) resume() error { return c.setHold(false, "desk.resumed", "desk.resumed_already") }

func (c *call) setHold(on bool, done, already string) error {
	now, err := c.tx.Held()
	if err != nil {
		return err
	}
	if now == on {
		return c.reply(already)
	}
	if err := c.tx.SetHold(on); err != nil {
		return err
	}
	detail := "resumed"
	if on {
		detail = "held"
	}
	if _, err := c.tx.Append(bot.Event{Action: bot.ActStaff, Actor: c.staff.ID, Name: c.staff.Name, Detail: detail}); err != nil {
		return err
	}
	q, err := c.tx.Queues()
	if err != nil {
		return err
	}
	return c.reply(done, "name", c.staff.Name, "outbox", q.Outbox)
}

// summary answers /ringkasan: the digest as it would be sent now. The schedule is not touched.
func (c *call) summary() error {
	text, err := c.Summary(c.tx)
	if err != nil {
		return err
	}
	return c.replyText(text)
}
