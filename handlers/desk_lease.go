package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
)

// take answers /ambil N [jalur].
func (c *call) take() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	track, _ := cutTrack(rest)
	return c.apply(k, c.taking(track))
}

func (c *call) taking(track bot.Track) func(*bot.Case) (bot.Event, error) {
	return func(k *bot.Case) (bot.Event, error) {
		until := c.tx.Now().Add(c.Promises.Lease.Within)
		e := bot.Event{Action: bot.ActTaken, Detail: string(track), Text: calendar.Clock(until, c.Zone)}
		return e, k.Take(track, c.staff, until, c.tx.Now())
	}
}

// release answers /lepas N [jalur].
func (c *call) release() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	track, _ := cutTrack(rest)
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		return bot.Event{Action: bot.ActReleased, Detail: string(track)}, k.Release(track, c.staff, c.tx.Now())
	})
}

// assign answers /tugaskan N @orang: named by replying to them, by id, or by the name the desk knows.
func (c *call) assign() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	to, err := c.colleague(rest)
	if err != nil {
		return err
	}
	if !to.Covers(k.Region) {
		return bot.Refuse("desk.not_their_area", "name", to.Name, "area", c.area(k))
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		until := c.tx.Now().Add(c.Promises.Lease.Within)
		return bot.Event{Action: bot.ActAssigned, Text: to.Name}, k.Assign(to, c.staff, until, c.tx.Now())
	})
}

// colleague finds a coordinator by what was typed.
func (c *call) colleague(typed string) (bot.Staff, error) {
	want := plainWords(strings.TrimPrefix(strings.TrimSpace(typed), "@"))
	if want == "" && (c.u.Message.ReplyTo == nil || c.u.Message.ReplyTo.From.ID == "") {
		return bot.Staff{}, c.usage()
	}
	all, err := c.tx.Coordinators()
	if err != nil {
		return bot.Staff{}, err
	}
	var found []bot.Coordinator
	for _, n := range all {
		if want != "" && strings.HasPrefix(plainWords(n.Name), want) {
			found = append(found, n)
		}
	}
	switch {
	case len(found) > 1:
		var names []string
		for _, n := range found {
			names = append(names, n.Name)
		}
		slices.Sort(names)
		return bot.Staff{}, bot.Refuse("desk.which_person", "typed", shorten(bot.Clean(typed), 40), "names", strings.Join(names, ", "))
	case len(found) == 1:
		return c.staffFor(found[0]), nil
	}
	return c.colleagueByID(typed)
}

func (c *call) colleagueByID(typed string) (bot.Staff, error) {
	id := strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if id != "" && !personID(c.u.Network, strings.TrimPrefix(id, string(c.u.Network)+":")) {
		return bot.Staff{}, bot.Refuse("desk.no_such_person", "typed", shorten(bot.Clean(typed), 40))
	}
	p, named, err := c.whom(id)
	if err != nil || !named {
		return bot.Staff{}, err
	}
	role, known, err := c.role(c.tx, p.ID)
	if err != nil {
		return bot.Staff{}, err
	}
	if !bot.May(role, bot.MayWork) {
		return bot.Staff{}, bot.Refuse("desk.no_such_person", "typed", c.nameOf(bot.Coordinator{Name: shorten(bot.Clean(p.Name), 40)}))
	}
	if known.Name == "" {
		known.Name = shorten(bot.Clean(p.Name), 60)
	}
	return c.staffFor(known), nil
}

func (c *call) staffFor(n bot.Coordinator) bot.Staff {
	return bot.Staff{ID: n.ID, Name: c.nameOf(n), Role: n.Role, Regions: n.Regions}
}

func leaseName(id bot.CaseID) string { return fmt.Sprintf("lease/%d", id) }

// armLease sets the alarm that reminds of the end of a hold and then ends it, or takes it back.
func (r *Router) armLease(tx bot.Tx, k bot.Case) error {
	ends := k.LeaseEnds()
	if ends.IsZero() {
		return tx.StopTimer(leaseName(k.ID))
	}
	due := ends.Add(-r.Promises.Lease.Warn)
	if !due.After(tx.Now()) {
		due = ends
	}
	return tx.SetTimer(bot.Timer{Name: leaseName(k.ID), Due: due, Case: k.ID})
}

// leaseDue reminds who holds a case that the time is nearly over, or returns it to the queue.
func (r *Router) leaseDue(tx bot.Tx, id bot.CaseID) error {
	k, err := tx.Case(id)
	if err != nil {
		return ignoreMissing(err)
	}
	ended := k.Expire(tx.Now())
	if len(ended) > 0 {
		if err := r.store(tx, k); err != nil {
			return err
		}
		if err := r.refreshCard(tx, k); err != nil {
			return err
		}
	}
	for _, l := range ended {
		if _, err := tx.Append(bot.Event{Case: k.ID, Action: bot.ActLapsed, Text: l.Name}); err != nil {
			return err
		}
		if err := r.underCard(tx, k, "", r.Text.Text("desk.lease_over", "ticket", k.Ticket, "name", l.Name)); err != nil {
			return err
		}
	}
	for _, l := range k.Leases() {
		if err := r.remindHolder(tx, k, l); err != nil {
			return err
		}
	}
	return r.armLease(tx, k)
}

func (r *Router) remindHolder(tx bot.Tx, k bot.Case, l bot.Lease) error {
	left := l.Until.Sub(tx.Now())
	if left > r.Promises.Lease.Warn {
		return nil
	}
	key := bot.Key(fmt.Sprintf("lease/%d/%d", k.ID, l.Until.Unix()))
	return r.underCard(tx, k, key, r.Text.Text("desk.lease_soon", "ticket", k.Ticket, "name", l.Name,
		"until", calendar.Clock(l.Until, r.Zone), "minutes", int(left.Round(time.Minute).Minutes())))
}

// underCard says something in the coordinators' group as a reply to the case's card.
func (r *Router) underCard(tx bot.Tx, k bot.Case, key bot.Key, text string) error {
	for i, part := range bot.Split(text, partLimit) {
		m := bot.Message{Under: cardKey(k.ID), Case: k.ID, Text: part}
		if i == 0 {
			m.Key = key
		}
		if err := r.toDesk(tx, m); err != nil {
			return err
		}
	}
	return nil
}
