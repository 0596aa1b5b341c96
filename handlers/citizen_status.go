package handlers

import (
	"slices"
	"strings"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// status lists the person's own tickets, newest first.
func (v *visit) status() error {
	const most = 10
	var lines []string
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		if len(lines) == most {
			lines = append(lines, v.Text.Text("citizen.status_more"))
			break
		}
		line, err := v.statusLine(t)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return v.say("citizen.status_none")
	}
	return v.say("citizen.status", "list", locales.Marked(strings.Join(lines, "\n\n")))
}

func (v *visit) statusLine(t bot.Tip) (string, error) {
	day := calendar.Moment(t.Started, v.Zone)
	if t.Case == 0 {
		return v.Text.Text("citizen.status_gathering", "ticket", v.ticket(t), "time", day), nil
	}
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return "", err
	}
	state, err := v.stateLines(c, t)
	return v.Text.Text("citizen.status_line", "ticket", t.Ticket, "time", day, "state", locales.Marked(state)), err
}

// verdictLines says a verdict as people hear it: rating, explanation, and the published check it
// rests on, or plainly that there is none yet (the bot judges nothing by itself).
func (r *Router) verdictLines(v bot.Verdict) string {
	source := r.Text.Text("verdict.no_source")
	if v.Link != "" {
		source = r.Text.Text("verdict.source", "publisher", v.Publisher, "link", v.Link)
		if !v.Checked.IsZero() {
			source = r.Text.Text("verdict.source_day", "publisher", v.Publisher, "link", v.Link, "day", calendar.Day(v.Checked.In(r.Zone.Location)))
		}
	}
	return r.Text.Text("verdict.lines", "rating", locales.Marked(r.Text.Text("rating."+string(v.Rating))),
		"explanation", v.Explanation, "day", calendar.Day(v.At.In(r.Zone.Location)), "source", locales.Marked(source))
}

// checkDepth is how many finished cases CEK reads. Everybody waits while texts are opened, and anybody may ask:
// what makes the rounds was judged lately.
const checkDepth = 500

// check answers CEK with words from the verdicts the desk has published, newest first; without
// words it explains how to have something checked. What was withdrawn since is not among them.
func (v *visit) check(words string) error {
	if strings.TrimSpace(words) == "" {
		return v.say("citizen.check")
	}
	const most = 3
	var found []string
	for _, part := range []struct {
		status bot.Status
		depth  int
	}{{bot.Resolved, checkDepth}, {bot.Taken, checkDepth / 5}, {bot.New, checkDepth / 5}} { // the other track may still be open
		err := v.search(v.tx, words, part.status, part.depth, func(c bot.Case) bool {
			if len(found) < most && c.InForce() {
				found = append(found, v.Text.Text("citizen.check_found",
					"ticket", c.Ticket, "verdict", locales.Marked(v.verdictLines(*c.Verdict))))
			}
			return len(found) < most
		})
		if err != nil {
			return err
		}
	}
	if len(found) == 0 {
		return v.say("citizen.check_none", "words", shorten(words, 60))
	}
	return v.say("citizen.check_list", "list", locales.Marked(strings.Join(found, "\n\n")))
}

// edited keeps a later version of a message beside the first, if it belongs to one of the person's
// tips. An edit of anything else says nothing new.
func (v *visit) edited() error {
	const look = 20 // tips back: networks allow edits for two days
	n := 0
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		if n++; n > look {
			return nil
		}
		items, err := v.tx.Items(t.ID)
		if err != nil {
			return err
		}
		of := func(it bot.Item) bool { return it.Message == v.u.Message.ID }
		if !slices.ContainsFunc(items, of) {
			continue
		}
		slices.Reverse(items)
		latest := items[slices.IndexFunc(items, of)]
		if !v.changed(latest, items) { // a link preview, a live location
			return nil
		}
		return v.keepEdit(t)
	}
	return nil
}

// keepEdit stores the later version and, once the desk has seen the first, tells it.
// changed reports whether an edit says or shows something new, and leaves in it only the files that
// are: an edited caption comes with the file that is already kept.
func (v *visit) changed(latest bot.Item, items []bot.Item) bool {
	m := v.u.Message
	m.Files = slices.DeleteFunc(m.Files, func(f bot.Attachment) bool {
		return slices.ContainsFunc(items, func(it bot.Item) bool {
			return slices.ContainsFunc(it.Files, func(old bot.Attachment) bool { return old.Unique == f.Unique })
		})
	})
	return latest.Text != bot.Clean(m.Text) || !slices.Equal(latest.Links, m.Links) || len(m.Files) > 0
}

// keepEdit stores the later version and brings it to the desk, with the files it has anew.
func (v *visit) keepEdit(t bot.Tip) error {
	if t.Items >= 2*mostItems {
		return nil
	}
	index := t.Items
	t.Items++
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	if err := v.keep(t.ID, index, true); err != nil {
		return err
	}
	if t.Case == 0 {
		return nil
	}
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	if _, err := v.tx.Append(bot.Event{Case: c.ID, Action: bot.ActAdded, Detail: "edit"}); err != nil {
		return err
	}
	err = v.toDesk(v.tx, bot.Message{Case: c.ID,
		Text: v.Text.Text("desk.edited", "ticket", c.Ticket, "text", shorten(bot.Clean(v.u.Message.Text), 600))})
	if err != nil {
		return err
	}
	for _, f := range v.u.Message.Files {
		if err := v.postFile(v.tx, c, f); err != nil {
			return err
		}
	}
	return nil
}

// takeInvite uses up an invitation to become what role says; ok is false if there is none. One to become
// something else stays good: a code for members must never make a coordinator.
func (v *visit) takeInvite(typed string, role bot.Role) (i bot.Invite, ok bool, err error) {
	word, _ := cutWord(typed)
	code := strings.ToLower(word) // phones like to capitalise
	i, err = v.tx.TakeInvite(code)
	switch {
	case err != nil:
		return i, false, ignoreMissing(err)
	case i.Role != role:
		return i, false, v.tx.PutInvite(code, i)
	}
	return i, true, nil
}

// acceptInvite makes a coordinator of whoever opens an invitation link in time.
func (v *visit) acceptInvite(code string) error {
	role, _, err := v.role(v.tx, v.u.From.ID)
	if err != nil {
		return err
	}
	name := shorten(bot.Clean(v.u.From.Name), 60)
	if role != bot.Public && role != bot.Member { // the invitation stays good for whom it was meant
		return v.say("staff.already", "name", name)
	}
	i, ok, err := v.takeInvite(code, bot.Officer)
	if err != nil {
		return err
	}
	if !ok {
		return v.say("staff.invite_dead")
	}
	c := bot.Coordinator{ID: v.u.From.ID, Name: name, Role: bot.Officer, Added: v.tx.Now(), AddedBy: i.By}
	if err := v.tx.PutCoordinator(c); err != nil {
		return err
	}
	e := bot.Event{Action: bot.ActStaff, Actor: i.By, Name: i.ByName, Detail: "added", Text: name}
	if _, err := v.tx.Append(e); err != nil {
		return err
	}
	if err := v.toDesk(v.tx, bot.Message{Text: v.Text.Text("staff.joined", "name", name, "by", i.ByName)}); err != nil {
		return err
	}
	return v.say("staff.welcome")
}

// revoked records that a sender deleted a message in their chat. What they sent stays stored until
// they ask for it to be erased or its time is over, as the privacy notice says.
func (v *visit) revoked() error {
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		items, err := v.tx.Items(t.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(items, func(it bot.Item) bool { return it.Message == v.u.Message.ID }) {
			continue
		}
		if t.Case == 0 {
			return nil
		}
		c, err := v.tx.Case(t.Case)
		if err != nil {
			return err
		}
		if _, err := v.tx.Append(bot.Event{Case: c.ID, Action: bot.ActRevoked}); err != nil {
			return err
		}
		if err := v.toDesk(v.tx, bot.Message{Case: c.ID, Text: v.Text.Text("desk.revoked", "ticket", c.Ticket)}); err != nil {
			return err
		}
		return v.say("citizen.revoked", "ticket", t.Ticket)
	}
	return nil
}
