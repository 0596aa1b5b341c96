package handlers

import (
	"errors"

	"awassiber/bot"
	"awassiber/locales"
)

// reopen answers /buka N [jalur].
func (c *call) reopen() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	track, _ := cutTrack(rest)
	return c.apply(k, c.reopening(track))
}

// reopening begins a case or a track again, and with it the limits of its senders.
func (c *call) reopening(track bot.Track) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		if err := k.Reopen(track, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		return bot.Event{Action: bot.ActReopened, Detail: string(track)}, c.reportClocks(k)
	}
}

// cutTrack takes the name of a track off the head of the arguments.
func cutTrack(args string) (bot.Track, string) {
	word, rest := cutWord(args)
	switch plainWords(word) {
	case "hoaks", "hoax":
		return bot.TrackHoax, rest
	case "pelanggaran", "rujukan":
		return bot.TrackViolation, rest
	}
	return "", args
}

func (c *call) apply(k bot.Case, apply func(*bot.Case) (bot.Event, error)) error {
	e, err := c.change(&k, apply)
	if errors.Is(err, bot.ErrUnchanged) {
		return c.reply("desk.unchanged", "ticket", k.Ticket)
	}
	if err != nil {
		return err
	}
	return c.done(k, e)
}

func (c *call) done(k bot.Case, e bot.Event) error {
	return c.reply("desk.done", "ticket", k.Ticket, "line", locales.Marked(c.eventLine(e)))
}

// change is what everything that is done to one case shares: is it theirs, apply, record.
func (c *call) change(k *bot.Case, apply func(*bot.Case) (bot.Event, error)) (bot.Event, error) {
	if !c.staff.Covers(k.Region) {
		return bot.Event{}, bot.Refuse("desk.not_your_area", "ticket", k.Ticket, "area", c.area(*k))
	}
	e, err := apply(k)
	if err != nil {
		return e, err
	}
	return c.commit(k, e)
}

// commit stores a changed case with its event and brings the card up to date.
func (c *call) commit(k *bot.Case, e bot.Event) (bot.Event, error) {
	if k.Touched.IsZero() {
		k.Touched = c.tx.Now()
	}
	e.Case, e.Actor, e.Name = k.ID, c.staff.ID, c.staff.Name
	if err := c.store(c.tx, *k); err != nil {
		return e, err
	}
	e, err := c.tx.Append(e)
	if err != nil {
		return e, err
	}
	return e, c.editCard(c.tx, *k, &e)
}

// store keeps a case whose tracks changed, with all the alarms that follow from it.
func (r *Router) store(tx bot.Tx, k bot.Case) error {
	if err := tx.PutCase(k); err != nil {
		return err
	}
	return errors.Join(r.armLease(tx, k), r.armClock(tx, k), r.retain(tx, k))
}

// note answers /catat N …: a line for the desk's own eyes.
func (c *call) note() error {
	k, text, err := c.caseArg()
	if err != nil {
		return err
	}
	if text == "" {
		return c.usage()
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		k.Changed = c.tx.Now()
		return bot.Event{Action: bot.ActNoted, Text: shorten(bot.Clean(text), 2000)}, nil
	})
}

// shut answers /tutup N [jalur] alasan.
func (c *call) shut() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	track, reason := cutTrack(rest)
	if reason == "" {
		return c.usage()
	}
	return c.apply(k, c.closing(track, shorten(bot.Clean(reason), 600), false))
}

// closing ends a case or a track of it. When all is over without a verdict its senders hear that it
// was closed, unless it is spam. The reason is the desk's own and stays there.
func (c *call) closing(track bot.Track, reason string, spam bool) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		if err := k.Shut(track, reason, spam, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		e := bot.Event{Action: bot.ActClosed, Text: reason, Detail: string(track)}
		switch {
		case spam:
			e.Text = c.Text.Text("card.spam")
			return e, nil
		case k.Status != bot.Closed:
			return e, nil
		}
		return e, c.tellSenders(c.tx, *k)
	}
}
