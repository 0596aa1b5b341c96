package handlers

import (
	"slices"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// A repeat is a tip that was recognised: it joins the case, and its sender hears at once how that stands.

// countWait is how long a card waits for further repeats before it shows the new number of senders.
const countWait = 10 * time.Second

// join makes a gathered tip a part of a case. The desk sees the number of senders grow, and files it has not
// seen; the sender gets the verdict in force, or that the matter is being looked into.
func (r *Router) join(tx bot.Tx, t bot.Tip, k bot.Case, by bot.Candidate, ask bool) error {
	items, err := tx.Items(t.ID)
	if err != nil {
		return err
	}
	by.Case = k.ID
	t.Case, t.Ticket, t.Shown, t.Joined = k.ID, r.ticket(t), len(items), &by
	if t, err = r.enter(tx, t, &k, items); err != nil {
		return err
	}
	e := bot.Event{Case: k.ID, Action: bot.ActJoined, Detail: t.Ticket, Text: by.Basis()}
	if _, err := tx.Append(e); err != nil {
		return err
	}
	if err := r.tellTooLarge(tx, t, items); err != nil {
		return err
	}
	if err := r.postFiles(tx, k, r.unseenFiles(tx, k, t, items)); err != nil {
		return err
	}
	return r.answerRepeat(tx, t, k, ask)
}

// enter stores a tip as part of a case, and the case with what the tip brings: one more sender, once.
func (r *Router) enter(tx bot.Tx, t bot.Tip, k *bot.Case, items []bot.Item) (bot.Tip, error) {
	now := tx.Now()
	t.Told, t.Passed = bot.Told{}, nil
	switch { // what the answer below tells
	case k.InForce():
		t.Told = inForce(*k)
	case k.Status == bot.Closed:
		t.Told = bot.Told{Case: k.ID}
	}
	for _, ref := range lastReferrals(*k) {
		t.Passed = append(t.Passed, bot.Passed{To: ref.To, Taken: !ref.Pending()})
	}
	if err := tx.PutTip(t); err != nil {
		return t, err
	}
	if err := tx.StopTimer(quietName(t.ID)); err != nil {
		return t, err
	}
	var err error
	shown := k.Senders
	if k.Senders, err = sendersWith(tx, k.Senders, t); err != nil {
		return t, err
	}
	if k.Senders <= brigadeLook { // beyond, the card's timer looks: what one hand moves must not rank up meanwhile
		if k.Brigade, err = brigade(tx, *k); err != nil {
			return t, err
		}
	}
	if t.Member != "" && !slices.Contains(k.Members, t.Member) {
		k.Members = append(k.Members, t.Member)
	}
	said := bot.SuggestCategories(ownWords(items))
	for _, cat := range said {
		if !slices.Contains(k.SenderCategories, cat) {
			k.SenderCategories = append(k.SenderCategories, cat)
		}
	}
	if from := origin(items); from != nil && (k.Origin == nil || from.Score > k.Origin.Score) {
		k.Origin = from
	}
	k.Changed = now
	if !k.Counted.After(now) && k.Senders != shown { // else the card would be edited into itself
		k.Counted, k.Shown = now.Add(countWait), shown
		if err := tx.SetTimer(bot.Timer{Name: countName(k.ID), Due: k.Counted, Case: k.ID}); err != nil {
			return t, err
		}
	}
	if err := r.store(tx, *k); err != nil {
		return t, err
	}
	warned := *k
	warned.SenderCategories = said // what this sender says, not what others said before
	return t, r.caution(tx, t, warned, ownWords(items))
}

// unseenFiles leaves of a tip's files those the desk has not seen with the case's first tip. With many senders
// none is shown any more: /lihat has them.
func (r *Router) unseenFiles(tx bot.Tx, k bot.Case, t bot.Tip, items []bot.Item) []bot.Item {
	const most = 20
	if k.Spam || k.Senders > most || t.Joined != nil && t.Joined.By == bot.ByFile {
		return nil
	}
	first, err := tx.Items(bot.TipID(k.ID))
	if err != nil { // then the desk sees one too many
		first = nil
	}
	seen := func(f bot.Attachment) bool {
		return slices.ContainsFunc(first, func(it bot.Item) bool {
			return slices.ContainsFunc(it.Files, func(o bot.Attachment) bool {
				return f.Unique != "" && f.Unique == o.Unique && f.Network == o.Network || f.SHA256 != "" && f.SHA256 == o.SHA256
			})
		})
	}
	out := slices.Clone(items)
	for i := range out {
		out[i].Files = slices.DeleteFunc(slices.Clone(out[i].Files), seen)
	}
	return out
}

// answerRepeat tells the sender of a repeat how its case stands. Who sent a hoax is asked nothing: there is
// nothing left to say about it.
func (r *Router) answerRepeat(tx bot.Tx, t bot.Tip, k bot.Case, ask bool) error {
	first, err := firstOfSender(tx, t) // who sent it before was asked then
	if err != nil {
		return err
	}
	ask = ask && first && !k.InForce() && k.Open() && !toldHoax(k) && !k.Spam
	d := bot.Dialogue{Person: t.Reporter}
	if old, err := tx.Dialogue(t.Reporter); err != nil {
		return err
	} else if old.Tip != t.ID && old.Tip != 0 {
		d = old // they have turned to something else
	}
	if err := tx.PutDialogue(d); err != nil {
		return err
	}
	if k.Spam {
		return r.tell(tx, t.Reporter, "citizen.receipt_only", "ticket", t.Ticket, "time", calendar.Moment(t.Started, r.Zone))
	}
	m, err := r.repeatMessage(tx, t, k, ask)
	if err != nil {
		return err
	}
	if err := r.answerTip(tx, t, m); err != nil || !ask {
		return err
	}
	return r.ask(tx, t, questions()[0])
}

func (r *Router) repeatMessage(tx bot.Tx, t bot.Tip, k bot.Case, ask bool) (bot.Message, error) {
	demand := r.Text.Text("citizen.known_again")
	if k.Senders > 1 {
		demand = r.Text.Text("citizen.known_demand", "count", k.Senders)
	}
	args := []any{"ticket", t.Ticket, "time", calendar.Moment(t.Started, r.Zone), "demand", locales.Marked(demand)}
	var m bot.Message // with a way out: what was recognised may be something else
	m.Buttons = [][]bot.Button{{{Label: r.Text.Text("button.differs"), Data: answerData(t.ID, pressDiffers, "1")}}}
	if k.InForce() {
		m.Key = verdictKey(t)
		m.Text = r.Text.Text("citizen.known_verdict", append(args, "verdict", locales.Marked(r.verdictLines(*k.Verdict)))...)
		return m, nil
	}
	v := visit{Router: r, tx: tx}
	state, err := v.stateLines(k, t)
	next := ""
	switch {
	case ask:
		next = r.Text.Text("citizen.known_asking")
	case k.Open():
		next = r.Text.Text("citizen.known_next")
	}
	m.Text = r.Text.Text("citizen.known_open", append(args, "state", locales.Marked(state), "next", locales.Marked(next))...)
	return m, err
}

// countDue brings a card up to date with the repeats that came.
func (r *Router) countDue(tx bot.Tx, id bot.CaseID) error {
	k, err := tx.Case(id)
	if err != nil || k.Merged != 0 {
		return ignoreMissing(err)
	}
	shown := k.Shown
	k.Counted, k.Shown = time.Time{}, 0
	if k.Brigade, err = brigade(tx, k); err != nil {
		return err
	}
	if err := tx.PutCase(k); err != nil || k.Spam || k.Senders == shown {
		return err
	}
	return r.refreshCard(tx, k)
}
