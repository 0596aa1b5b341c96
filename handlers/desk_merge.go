package handlers

import (
	"errors"
	"fmt"
	"slices"

	"awassiber/bot"
)

// merge answers /gabung N M: M becomes part of N.
func (c *call) merge() error {
	n, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	m, err := c.secondCase(rest)
	if err != nil {
		return err
	}
	e, err := c.mergeInto(n, m)
	if errors.Is(err, bot.ErrUnchanged) {
		return c.reply("desk.unchanged", "ticket", m.Ticket)
	}
	if err != nil {
		return err
	}
	return c.done(n, e)
}

// mergeInto makes m a part of n and returns n's event; ErrUnchanged if it is.
func (c *call) mergeInto(n, m bot.Case) (bot.Event, error) {
	for _, k := range []bot.Case{n, m} {
		if !c.staff.Covers(k.Region) {
			return bot.Event{}, bot.Refuse("desk.not_your_area", "ticket", k.Ticket, "area", c.area(k))
		}
	}
	verdict, before := m.Verdict, n.Told
	if err := m.MergeInto(&n, c.tx.Now()); err != nil {
		return bot.Event{}, err
	}
	if err := c.settle(&n, &m); err != nil {
		return bot.Event{}, err
	}
	m.Suggested = nil
	if _, err := c.commit(&m, bot.Event{Action: bot.ActMerged, Detail: n.Ticket}); err != nil {
		return bot.Event{}, err
	}
	e, err := c.commit(&n, bot.Event{Action: bot.ActAbsorbed, Detail: m.Ticket})
	if err != nil {
		return e, err
	}
	if n.InForce() && verdict != nil && !sameVerdict(verdict, n.Verdict) {
		others := slices.DeleteFunc(slices.Clone(n.Told), func(a bot.Address) bool { return slices.Contains(before, a) })
		if err := c.tellGroups(n, others); err != nil {
			return e, err
		}
	}
	return e, c.moveTips(c.tx, m, n, firstSlice)
}

// secondCase reads the number of another case.
func (c *call) secondCase(typed string) (bot.Case, error) {
	word, _ := cutWord(typed)
	if word == "" {
		return bot.Case{}, c.usage()
	}
	id, ok, err := c.number(word)
	if err != nil {
		return bot.Case{}, err
	}
	if !ok {
		return bot.Case{}, bot.Refuse("desk.bad_number", "typed", shorten(bot.Clean(word), 40))
	}
	k, err := c.caseOf(id)
	if errors.Is(err, bot.ErrNotFound) {
		return k, bot.Refuse("desk.no_such_case", "typed", shorten(bot.Clean(word), 40))
	}
	return k, err
}

// moveTips moves the tips of a merged case to the one it became part of, in slices: what is left over
// is the timer's "merge/<case>". Whoever already heard the verdict that is now in force is not told again.
func (r *Router) moveTips(tx bot.Tx, from, to bot.Case, most int) error {
	name, moved := fmt.Sprintf("merge/%d", from.ID), 0
	known := from.Verdict != nil && to.Verdict != nil && sameVerdict(from.Verdict, to.Verdict)
	for t, err := range tx.TipsOf(from.ID) {
		if err != nil {
			return err
		}
		if moved == most {
			err := tx.SetTimer(bot.Timer{Name: name, Due: tx.Now(), Case: from.ID})
			return errors.Join(err, tx.PutCase(to)) // the rest follows when all are there
		}
		if moved++; known && t.Told == (bot.Told{Case: from.ID, Version: from.Verdict.Version}) {
			if t.Heard.Version == 0 {
				t.Heard = t.Told
			}
			t.Told = bot.Told{Case: to.ID, Version: to.Verdict.Version}
		} else if t.Told.Version == 0 && from.Finished.Before(from.Works[0].Since) { // it was closed before
			t.Told.Case = to.ID
		}
		t.Case = to.ID
		if err := tx.PutTip(t); err != nil {
			return err
		}
		if to.Senders, err = sendersWith(tx, to.Senders, t); err != nil {
			return err
		}
	}
	if err := tx.StopTimer(name); err != nil {
		return err
	}
	return r.afterMove(tx, to)
}

// sendersWith counts a tip that just joined a case.
func sendersWith(tx bot.Tx, n int, t bot.Tip) (int, error) {
	if t.Reporter == "" {
		return n, nil
	}
	mine, err := inCase(tx, t)
	if err == nil && len(mine) == 1 {
		n++
	}
	return n, err
}

func sameVerdict(a, b *bot.Verdict) bool {
	return a.Rating == b.Rating && a.Explanation == b.Explanation && a.Link == b.Link
}

// afterMove stores the new count, and tells those who joined whom the case was handed to and how it ended.
func (r *Router) afterMove(tx bot.Tx, to bot.Case) error {
	var err error
	if to.Brigade, err = brigade(tx, to); err != nil {
		return err
	}
	if err := tx.PutCase(to); err != nil {
		return err
	}
	if err := r.refreshCard(tx, to); err != nil {
		return err
	}
	if !to.InForce() && to.Status != bot.Closed && len(to.Referrals) == 0 {
		return nil
	}
	return r.tellSenders(tx, to)
}

// mergeOn goes on moving the tips of a merged case, to where it is by now.
func (r *Router) mergeOn(tx bot.Tx, id bot.CaseID) error {
	from, err := tx.Case(id)
	if err != nil || from.Merged == 0 {
		return ignoreMissing(err)
	}
	to := from
	for to.Merged != 0 {
		if to, err = tx.Case(to.Merged); err != nil {
			return ignoreMissing(err)
		}
	}
	return r.moveTips(tx, from, to, slice/2)
}

// split answers /pisah N tip: one tip leaves the case and becomes a case of its own. The tip that a
// case was opened with cannot leave it.
func (c *call) split() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	word, _ := cutWord(rest)
	if word == "" {
		return c.usage()
	}
	id, ok, err := c.number(word)
	if err != nil {
		return err
	}
	t, err := c.tx.Tip(id)
	switch {
	case ignoreMissing(err) != nil:
		return err
	case !ok || err != nil || t.Case != k.ID:
		return bot.Refuse("desk.no_such_tip", "typed", shorten(bot.Clean(word), 40), "ticket", k.Ticket)
	case bot.CaseID(t.ID) == k.ID:
		return bot.Refuse("desk.split_first", "ticket", k.Ticket)
	case !c.staff.Covers(k.Region):
		return bot.Refuse("desk.not_your_area", "ticket", k.Ticket, "area", c.area(k))
	}
	return c.splitTip(k, t)
}

func (c *call) splitTip(k bot.Case, t bot.Tip) error {
	if by := t.Joined; by != nil { // recognised, and wrongly
		e := bot.Event{Case: k.ID, Actor: c.staff.ID, Name: c.staff.Name, Action: bot.ActDenied, Detail: t.Ticket, Text: by.Basis()}
		if _, err := c.tx.Append(e); err != nil {
			return err
		}
	}
	own, existed, err := c.leave(c.tx, &k, t)
	if err != nil {
		return err
	}
	if _, err := c.commit(&own, bot.Event{Action: bot.ActSplit, Detail: own.Ticket}); err != nil {
		return err
	}
	if !existed {
		if err := c.postCard(c.tx, own); err != nil {
			return err
		}
	}
	e, err := c.commit(&k, bot.Event{Action: bot.ActSplit, Detail: own.Ticket})
	if err != nil {
		return err
	}
	return c.done(k, e)
}

// leave takes a tip out of a case and returns the case it is now: the one it once opened, or a new one. Both are
// the caller's to store.
func (r *Router) leave(tx bot.Tx, k *bot.Case, t bot.Tip) (own bot.Case, existed bool, err error) {
	if own, existed, err = r.ownCase(tx, t); err != nil {
		return own, existed, err
	}
	mine, err := inCase(tx, t)
	if err != nil {
		return own, existed, err
	}
	if len(mine) == 1 {
		k.Senders = max(k.Senders-1, 1)
	}
	t.Case, t.Joined = own.ID, nil
	if err := tx.PutTip(t); err != nil {
		return own, existed, err
	}
	own.SplitFrom(k, tx.Now())
	k.Brigade, err = brigade(tx, *k)
	return own, existed, err
}

// ownCase is the case a tip once opened and that was merged, or a new one.
func (r *Router) ownCase(tx bot.Tx, t bot.Tip) (own bot.Case, existed bool, err error) {
	own, err = tx.Case(bot.CaseID(t.ID))
	if err == nil || ignoreMissing(err) != nil {
		own.Senders = 1
		return own, true, err
	}
	items, err := tx.Items(t.ID)
	own = bot.NewCase(bot.CaseID(t.ID), r.ticket(t), tx.Now())
	own.Opened, own.Excerpt, own.Origin = t.Started, excerpt(items), origin(items)
	own.Claim, own.Region, own.SenderRegion = t.Answers.Claim, t.Answers.Region, t.Answers.Region != ""
	for _, it := range items {
		for _, f := range it.Files {
			own.Files = append(own.Files, f.Kind)
		}
	}
	return own, false, err
}

// brigadeLook is how many of the latest tips of a case are looked at for signs of one hand.
const brigadeLook = 40

// brigade looks for senders moved by one hand among the latest tips of a case.
func brigade(tx bot.Tx, k bot.Case) (int, error) {
	var sent []bot.Sending
	n := 0
	for t, err := range tx.NewestTips(k.ID) {
		if n++; err != nil || n > brigadeLook {
			return bot.Brigade(sent), err
		}
		if t.Reporter == "" {
			continue
		}
		s := bot.Sending{At: t.Started}
		if _, s.Known, err = tx.Identity(t.Reporter); ignoreMissing(err) != nil {
			return 0, err
		}
		if items, err := tx.Items(t.ID); err == nil && len(items) > 0 {
			s.Words = words(items)
		}
		sent = append(sent, s)
	}
	return bot.Brigade(sent), nil
}

// words is what a tip says, for comparing.
func words(items []bot.Item) string {
	i := slices.IndexFunc(items, func(it bot.Item) bool { return it.Text != "" && it.Forward == nil })
	if i < 0 {
		return ""
	}
	return plainWords(items[i].Text)
}
