package handlers

import (
	"fmt"
	"slices"
	"strings"

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
		if connected && k.InForce() && !slices.Contains(k.Told, ch.Group) {
			k.Told = append(k.Told, ch.Group)
		}
		k.EndClocks(bot.ClockComplete) // it has what it asked for
		c.answerClock(k, bot.ClockAnswer)
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
	proposals, err := c.Routing.Propose(categoriesOf(k), k.Region, c.phaseNow(c.tx.Now(), k.Region))
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
	phase := c.phaseNow(c.tx.Now(), k.Region)
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

// answerClock starts the clock of a body: to answer a hand-over, or to decide on what it received.
func (c *call) answerClock(k *bot.Case, kind bot.ClockKind) {
	if e, ok := c.Elections.For(c.tx.Now(), k.Region); ok {
		if d := e.HandlingDeadline(c.tx.Now()); !d.Last.IsZero() {
			c.startClock(c.tx, k, bot.Clock{Kind: kind, Due: d.Safe, Last: d.Last})
		}
	}
}

// answeredClock stops the clock of an answer, unless another body has not answered yet.
func answeredClock(k *bot.Case) {
	if !slices.ContainsFunc(k.Referrals, bot.Referral.Pending) {
		k.EndClocks(bot.ClockAnswer)
	}
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
		answeredClock(k)
		k.EndClocks(bot.ClockComplete)
		if register != "" { // it is a report now: its senders need not be reminded to make one
			k.EndClocks(bot.ClockReport)
		}
		c.answerClock(k, bot.ClockHandling)
		return bot.Event{Action: bot.ActReceived, Detail: o.Code, Text: register}, nil
	})
}

// returned answers /kembali N [lembaga] alasan. What the body lacks has to be completed in time.
func (c *call) returned() error {
	k, rest, err := c.caseArg()
	if err != nil {
		return err
	}
	o, reason := c.answeredBy(k, rest)
	if reason == "" {
		return c.usage()
	}
	reason = shorten(bot.Clean(reason), 600)
	return c.apply(k, func(k *bot.Case) (bot.Event, error) {
		if err := k.Return(o.Code, reason, c.staff, c.tx.Now()); err != nil {
			return bot.Event{}, err
		}
		answeredClock(k)
		k.EndClocks(bot.ClockHandling)
		if e, ok := c.Elections.For(c.tx.Now(), k.Region); ok {
			if d := e.CompletionDeadline(c.tx.Now(), k.Region); !d.Last.IsZero() {
				c.startClock(c.tx, k, bot.Clock{Kind: bot.ClockComplete, Due: d.Safe, Last: d.Last})
			}
		}
		return bot.Event{Action: bot.ActReturned, Detail: o.Code, Text: reason}, nil
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
	named, err := c.tx.HasDetails(t.ID)
	if err != nil {
		return nil, err
	}
	d, limited := c.reportDeadline(c.tx.Now(), k, t)
	s := referral.Sheet{
		Ticket: k.Ticket, To: o.Name, Categories: categoriesOf(k), Senders: k.Senders, Made: c.tx.Now(),
		Prepared: len(t.Missing(named)) == 0, Event: shorten(strings.ReplaceAll(k.Excerpt, "\n", " "), 200), Area: c.areaName(k),
		Happened: t.Answers.Happened, Learned: t.Answers.Learned, HappenedText: t.Answers.HappenedText, LearnedText: t.Answers.LearnedText,
		Limited: limited && o.Register.Example() != "", Safe: d.Safe, Last: d.Last,
	}
	switch t.Answers.Confidentiality {
	case bot.Anonymous:
		s.Reporter = referral.Anonymous
	case bot.Formal:
		s.Reporter = referral.Ready
	}
	if proposals, err := c.Routing.Propose(categoriesOf(k), k.Region, c.phaseNow(c.tx.Now(), k.Region)); err == nil {
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
		named, err := c.tx.HasDetails(t.ID)
		if err != nil {
			return best, err
		}
		if m := len(t.Missing(named)); m < least {
			least, best = m, t
		}
	}
	return best, nil
}
