package handlers

import (
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/locales"
)

// What its senders hear of a case that was handed to another body: that it was, once a body, and on STATUS
// how far it came there. Never that a report of theirs was registered: what they sent is information, and
// an official report is only what they bring to Bawaslu themselves (DOMAIN section 1).

// untold are the hand-overs of a case, the latest to each body, of which the sender of a tip was not told:
// that it was asked, or that it took the case. What ended, or came back, is no news any more.
func untold(k bot.Case, t bot.Tip) []bot.Referral {
	if k.Status == bot.Closed {
		return nil
	}
	return slices.DeleteFunc(lastReferrals(k), func(r bot.Referral) bool { return r.Reason != "" || hasHeard(t, r) })
}

// hasHeard reports whether the sender of a tip was told of a hand-over as it now stands, by that tip.
func hasHeard(t bot.Tip, r bot.Referral) bool {
	return slices.ContainsFunc(t.Passed, func(p bot.Passed) bool { return p.To == r.To && (p.Taken || r.Pending()) })
}

// lastReferrals is the latest hand-over of a case to each body, in the order they were asked first.
func lastReferrals(k bot.Case) []bot.Referral {
	var last []bot.Referral
	for _, r := range k.Referrals {
		if i := slices.IndexFunc(last, func(o bot.Referral) bool { return o.To == r.To }); i >= 0 {
			last[i] = r
		} else {
			last = append(last, r)
		}
	}
	return last
}

// tellReferrals tells one sender, once each, which bodies were handed the case and which of them took it,
// unless another tip of theirs in the case told them. It returns the tip as it then is.
func (r *Router) tellReferrals(tx bot.Tx, k bot.Case, t bot.Tip) (bot.Tip, error) {
	fresh := untold(k, t)
	if len(fresh) == 0 {
		return t, nil
	}
	mine, err := inCase(tx, t)
	if err != nil {
		return t, err
	}
	t.Passed = slices.Clone(t.Passed)
	for _, ref := range fresh {
		t.Passed = append(t.Passed, bot.Passed{To: ref.To, Taken: !ref.Pending()})
	}
	if err := tx.PutTip(t); err != nil {
		return t, err
	}
	for _, ref := range fresh {
		if slices.ContainsFunc(mine, func(o bot.Tip) bool { return hasHeard(o, ref) }) {
			continue
		}
		text := r.Text.Text("citizen.accepted", "ticket", t.Ticket, "name", ref.Title)
		if ref.Pending() {
			text = r.referredText(tx.Now(), k, t, ref)
		}
		if err := r.answerTip(tx, t, bot.Message{Text: text}); err != nil {
			return t, err
		}
	}
	return t, nil
}

// referredText says that a body was handed a tip; of one that official reports can be made to also that this
// is none, and until when one could be made.
func (r *Router) referredText(now time.Time, k bot.Case, t bot.Tip, ref bot.Referral) string {
	text := r.Text.Text("citizen.referred", "ticket", t.Ticket, "name", ref.Title)
	o, ok := r.Routing.Organisation(ref.To)
	if !ok || !supervises(o) {
		return text
	}
	text += " " + r.Text.Text("citizen.referred_early")
	if line := r.limitLine(now, k, t); line != "" && t.Answers.Confidentiality != bot.Anonymous {
		text += "\n" + line
	}
	return text
}

// stateLines say how far a case is, to one of its senders: what was found out, who has it now, and what the
// desk is still at.
func (v *visit) stateLines(c bot.Case, t bot.Tip) (string, error) {
	var lines []string
	hoax, violation := c.Work(bot.TrackHoax), c.Work(bot.TrackViolation)
	switch checking := hoax != nil && hoax.Open(); {
	case c.InForce():
		lines = append(lines, v.verdictLines(*c.Verdict))
	case checking && c.Verdict != nil:
		lines = append(lines, v.Text.Text("citizen.state_again"))
	case checking && len(c.Referrals) > 0:
		lines = append(lines, v.Text.Text("citizen.state_checking"))
	}
	for _, r := range lastReferrals(c) {
		key := "citizen.state_referred"
		switch {
		case r.Reason != "" && violation != nil && violation.Stage != bot.Returned && violation.Stage != bot.Waiting:
			continue // another body has it
		case r.Reason != "":
			key = "citizen.state_returned"
		case !r.Pending():
			key = "citizen.state_accepted"
		}
		lines = append(lines, v.Text.Text(key, "name", r.Title))
	}
	switch {
	case c.Status == bot.Closed && !toldHoax(c):
		lines = append(lines, v.Text.Text("citizen.state_closed_plain"))
	case len(lines) == 0 || c.Status == bot.Closed:
		lines = append(lines, v.Text.Text("citizen.state_"+string(c.Status)))
	case violation != nil && violation.Open() && len(c.Referrals) == 0:
		lines = append(lines, v.Text.Text("citizen.state_handling"))
	}
	meter, err := v.meter(c, t)
	if meter != "" {
		lines = append(lines, meter)
	}
	return strings.Join(lines, "\n"), err
}

// meter says how complete a sender's official report is; empty if they began none, or there is nothing to
// file any more.
func (v *visit) meter(c bot.Case, t bot.Tip) (string, error) {
	filed := slices.ContainsFunc(c.Referrals, func(r bot.Referral) bool { return r.Register != "" })
	if t.Report == nil || filed || c.Status == bot.Closed {
		return "", nil
	}
	done, missing, err := v.completeness(v.tx, t)
	if err != nil {
		return "", err
	}
	if missing == "" {
		return v.Text.Text("citizen.meter_complete") + "\n" + v.whereToFile(c, t), nil
	}
	key := "citizen.meter"
	if t.Answers.Confidentiality == bot.Anonymous {
		key = "citizen.meter_anonymous"
	}
	return v.Text.Text(key, "done", done, "missing", locales.Marked(missing)), nil
}
