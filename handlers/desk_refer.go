package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/referral"
	"awassiber/locales"
)

// refer answers /rujuk N: whose matter the case is, and why; and /rujuk N LEMBAGA: the hand-over. The
// text goes to the organisation's own group if one is connected, else into this group for carrying.
func (c *call) refer() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	if rest == "" {
		return c.proposeRoutes(k)
	}
	o, err := c.organisation(strings.TrimSpace(rest))
	if err != nil {
		return err
	}
	if owner, onward := c.onward(k, o); onward {
		return bot.Refuse("referral.onward_only", "name", o.Name, "owner", owner)
	}
	ch, connected, err := c.channel(c.tx, o.Code)
	if err != nil {
		return err
	}
	parts, err := c.referralParts(k, o)
	if err != nil {
		return err
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		r := bot.Referral{To: o.Code, Title: o.Name, Posted: connected}
		if err := k.Refer(r, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		if connected && !slices.Contains(k.Told, ch.Group) {
			k.Told = append(k.Told, ch.Group)
		}
		if c.gaveBack(*k, o.Code) { // it has what it asked for
			k.EndClocks(bot.ClockComplete)
		}
		c.answerClock(k, bot.ClockAnswer, o)
		if err := c.tellSenders(c.tx, *k); err != nil {
			return bot.Event{}, err
		}
		to := c.group
		if connected {
			to = ch.Group
		}
		return bot.Event{Action: bot.ActReferred, Detail: o.Code, Text: o.Name}, c.postReferral(*k, o, to, parts)
	})
}

// onward reports whether an organisation gets the case from its owner and not from the desk: who reports an
// election offence is not sent to the police alone.
func (c *call) onward(k bot.Case, o bot.Organisation) (owner string, onward bool) {
	proposals, err := c.Routing.Propose(categoriesOf(k), k.Region, c.phaseOfCase(c.tx, k))
	if err != nil {
		return "", false
	}
	for _, p := range proposals {
		if p.Organisation.Code == o.Code && p.Part == bot.Onward {
			return proposals[0].Organisation.Name, true
		}
	}
	return "", false
}

func (c *call) postReferral(k bot.Case, o bot.Organisation, to bot.Address, parts []string) error {
	if to == c.group {
		parts = append([]string{c.Text.Text("referral.carry", "name", o.Name, "ticket", k.Ticket)}, parts...)
	}
	for i, part := range parts {
		m := bot.Message{To: to, Text: part, Case: k.ID}
		if i == 0 {
			m.Key = bot.Key(fmt.Sprintf("referral/%d/%s/%d", k.ID, o.Code, len(k.Referrals)))
		}
		if err := c.tx.Enqueue(m); err != nil {
			return err
		}
	}
	if !k.InForce() || to == c.group {
		return nil
	}
	return c.tx.Enqueue(bot.Message{To: to, Case: k.ID, Text: c.Text.Text("organisation.verdict", "ticket", k.Ticket, "verdict", locales.Marked(c.verdictLines(*k.Verdict)))})
}

// categoriesOf are the desk's categories of a case, or its senders' while the desk has said nothing.
func categoriesOf(k bot.Case) []bot.Category {
	if len(k.Categories) > 0 {
		return k.Categories
	}
	return k.SenderCategories
}

// proposeRoutes says where the case belongs, and why. Where people may be in danger, whom to call comes
// before everything else.
func (c *call) proposeRoutes(k bot.Case) error {
	phase := c.phaseOfCase(c.tx, k)
	proposals, err := c.Routing.Propose(categoriesOf(k), k.Region, phase)
	if err != nil {
		return err
	}
	var lines []string
	if o, urgent := c.Routing.Emergency(categoriesOf(k), k.Region, phase); urgent {
		lines = append(lines, c.Text.Text("referral.emergency", "name", o.Name, "contact", locales.Marked(contactOf(o))))
	}
	for _, p := range proposals {
		lines = append(lines, c.Text.Text("referral.route_"+string(p.Part), "code", p.Organisation.Code, "name", p.Organisation.Name, "why", strings.Join(p.Reasons, "; ")))
	}
	return c.reply("referral.routes", "ticket", k.Ticket, "list", locales.Marked(strings.Join(lines, "\n")),
		"seq", fmt.Sprint(k.ID), "code", proposals[0].Organisation.Code)
}

func contactOf(o bot.Organisation) string {
	var lines []string
	for _, c := range o.Contacts {
		lines = append(lines, bot.Clean(c.Text))
	}
	return strings.Join(lines, ", ")
}

// gaveBack reports whether a body returned the case before.
func (c *call) gaveBack(k bot.Case, code string) bool {
	return slices.ContainsFunc(k.Referrals, func(r bot.Referral) bool { return r.To == code && r.Reason != "" })
}

// supervises reports whether a body works under the election laws' limits, as those do that give their
// reports register numbers of a known form. What others take, nobody can tell.
func supervises(o bot.Organisation) bool { return o.Register.Example() != "" }

// answerClock starts the clock of a body: to answer a hand-over, or to decide on what it received.
func (c *call) answerClock(k *bot.Case, kind bot.ClockKind, o bot.Organisation) {
	e, ok := c.Elections.For(c.tx.Now(), k.Region)
	if !ok || !supervises(o) {
		return
	}
	if d := e.HandlingDeadline(c.tx.Now()); !d.Last.IsZero() {
		c.startClock(c.tx, k, bot.Clock{Kind: kind, Due: d.Safe, Last: d.Last})
	}
}

// answeredClock stops the clock of an answer, unless another body that has one has not answered yet.
func (c *call) answeredClock(k *bot.Case) {
	for _, r := range k.Referrals {
		if o, ok := c.Routing.Organisation(r.To); ok && r.Pending() && supervises(o) {
			return
		}
	}
	k.EndClocks(bot.ClockAnswer)
}

// answeredBy finds the organisation that answered: the one named first among the arguments, or the one
// asked last. It returns what follows its name.
func (c *call) answeredBy(k bot.Case, rest string) (bot.Organisation, string) {
	word, after := cutWord(rest)
	if o, ok := c.Routing.Organisation(strings.ToUpper(word)); ok {
		return o, after
	}
	for _, r := range slices.Backward(k.Referrals) {
		if r.Pending() {
			o, _ := c.Routing.Organisation(r.To)
			return o, rest
		}
	}
	return bot.Organisation{}, rest
}

// received answers /diterima N [lembaga] nomor-register.
func (c *call) received() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	o, typed := c.answeredBy(k, rest)
	if o.Code != "" && typed == "" {
		return c.usage()
	}
	register := ""
	if o.Code != "" {
		if register, err = o.Register.Parse(typed); err != nil {
			return err
		}
	}
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if err := k.Receive(o.Code, register, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		c.answeredClock(k)
		if supervises(o) { // it is a report now: its senders need not be reminded to make one
			k.EndClocks(bot.ClockComplete, bot.ClockReport)
		}
		c.answerClock(k, bot.ClockHandling, o)
		return bot.Event{Action: bot.ActReceived, Detail: o.Code, Text: register}, c.tellSenders(c.tx, *k)
	})
}

// returned answers /kembali N [lembaga] alasan. What the body lacks has to be completed in time.
func (c *call) returned() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	o, reason := c.answeredBy(k, rest)
	if o.Code == "" { // given back after it was taken
		for _, r := range slices.Backward(k.Referrals) {
			if !r.Pending() && r.Reason == "" {
				o, _ = c.Routing.Organisation(r.To)
				break
			}
		}
	}
	if reason == "" {
		return c.usage()
	}
	reason = shorten(bot.Clean(reason), 600)
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if err := k.Return(o.Code, reason, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		e := bot.Event{Action: bot.ActReturned, Detail: o.Code, Text: reason}
		c.answeredClock(k)
		if !supervises(o) {
			return e, nil
		}
		k.EndClocks(bot.ClockHandling)
		if e, ok := c.Elections.For(c.tx.Now(), k.Region); ok {
			if d := e.CompletionDeadline(c.tx.Now(), k.Region); !d.Last.IsZero() {
				c.startClock(c.tx, k, bot.Clock{Kind: bot.ClockComplete, Due: d.Safe, Last: d.Last})
			}
		}
		return e, c.reportClocks(k) // it can be reported again
	})
}

// referralParts writes the hand-over from what the desk and the sender with the fullest report gave.
func (c *call) referralParts(k bot.Case, o bot.Organisation) ([]string, error) {
	t, err := c.fullest(k)
	if err != nil {
		return nil, err
	}
	items, err := c.tx.Items(t.ID)
	if err != nil {
		return nil, err
	}
	named, err := named(c.tx, t)
	if err != nil {
		return nil, err
	}
	phase := c.phaseOfCase(c.tx, k)
	d, limited := c.reportDeadline(c.tx.Now(), k, t)
	s := referral.Sheet{
		Ticket: k.Ticket, To: o.Name, Categories: c.Routing.With(categoriesOf(k), phase), Suggested: len(k.Categories) == 0, Senders: k.Senders, Made: c.tx.Now(),
		Prepared: len(t.Missing(named)) == 0, Event: shorten(strings.ReplaceAll(k.Excerpt, "\n", " "), 200), Area: c.areaName(k),
		Happened: t.Answers.Happened, Learned: t.Answers.Learned, HappenedText: t.Answers.HappenedText, LearnedText: t.Answers.LearnedText,
		Limited: limited && supervises(o) && t.Answers.Confidentiality != bot.Anonymous, Safe: d.Safe, Last: d.Last,
	}
	if d.State(c.tx.Now()) != bot.DeadlineOpen { // past, or no office opens in time
		s.Safe = time.Time{}
	}
	switch t.Answers.Confidentiality {
	case bot.Anonymous:
		s.Reporter = referral.Anonymous
	case bot.Formal:
		s.Reporter = referral.Ready
	}
	if proposals, err := c.Routing.Propose(categoriesOf(k), k.Region, phase); err == nil {
		for _, p := range proposals {
			if p.Organisation.Code == o.Code {
				s.Reasons = p.Reasons
			}
		}
	}
	if r := t.Report; r != nil {
		s.Accused, s.Place, s.Account = r.Reported, r.Place, r.Chronology
		if r.Witnesses != "" {
			s.Witnesses = strings.Split(r.Witnesses, "\n")
		}
	}
	if tps := t.Answers.TPS; tps != "" {
		s.Place = strings.TrimSuffix(tps+", "+s.Place, ", ")
	}
	for _, it := range items {
		for _, f := range it.Files {
			s.Evidence = append(s.Evidence, referral.Evidence{Kind: f.Kind, SHA256: f.SHA256, At: it.At})
		}
		s.Links = append(s.Links, it.Links...)
	}
	if s.Account == "" {
		s.Account = excerpt(items)
	}
	return referral.Parts(c.Text, c.Zone, s, partLimit), nil
}

func (c *call) areaName(k bot.Case) string {
	if k.Region == "" {
		return ""
	}
	return c.Places.Name(k.Region)
}

// fullest is the tip of a case whose report lacks least; the first among equals.
func (c *call) fullest(k bot.Case) (best bot.Tip, err error) {
	const look = 200
	least, n := len(bot.Elements())+1, 0
	for t, err := range c.tx.TipsOf(k.ID) {
		if n++; err != nil || n > look {
			return best, err
		}
		named, err := named(c.tx, t)
		if err != nil {
			return best, err
		}
		if m := len(t.Missing(named)); m < least {
			least, best = m, t
		}
	}
	return best, nil
}
