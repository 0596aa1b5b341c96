package handlers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
)

// albumWait is the shortest quiet period while an album is arriving: its items come as messages
// of their own (Bot API, Message.media_group_id).
const albumWait = 1500 * time.Millisecond

// intake accepts whatever was sent, before anything is asked. It joins the tip the dialogue has
// open, or the tip whose album it continues, or begins a new one.
func (v *visit) intake() error {
	now := v.tx.Now()
	t, found, err := v.openTip()
	if err != nil {
		return err
	}
	if found && t.Items >= mostItems {
		return v.tooMany(t)
	}
	index := 0
	if found {
		index = t.Items
		t.Items, t.Last = t.Items+1, now
		err = v.tx.PutTip(t)
	} else {
		t, err = v.newTipOf(now)
	}
	if err != nil {
		return err
	}
	if err := v.keep(t.ID, index, false); err != nil {
		return err
	}
	return v.await(t)
}

// mostItems is how many messages one tip holds. An album has thirty at most; what is more is a flood, and
// a desk that has to read it serves nobody else.
const mostItems = 200

// tooMany counts a message that the tip has no room for, and says so the first time. It does not prolong
// the burst.
func (v *visit) tooMany(t bot.Tip) error {
	t.Over++
	if err := v.tx.PutTip(t); err != nil || t.Over > 1 {
		return err
	}
	return v.say("citizen.too_many", "ticket", v.ticket(t), "count", mostItems)
}

// newTipOf stores a new tip of the visitor, marked if they are a member of an organisation.
func (v *visit) newTipOf(now time.Time) (bot.Tip, error) {
	known, err := v.tx.Coordinator(v.u.From.ID)
	if ignoreMissing(err) != nil {
		return bot.Tip{}, err
	}
	return v.tx.NewTip(bot.Tip{Reporter: v.u.From.ID, Network: v.u.Network, Started: now, Last: now, Items: 1, Member: known.Organisation})
}

// await sets the timer that ends the burst, or the one that acknowledges what joined after the
// receipt. While a timer runs it is left alone: when it fires early it sets itself again, so that
// a burst costs one timer and not one a message.
func (v *visit) await(t bot.Tip) error {
	name, due := quietName(t.ID), v.tx.Now().Add(v.patience(v.u.Message.Album))
	switch {
	case t.Gathering() && t.Items > 1:
		return nil
	case t.Gathering():
		v.d = bot.Dialogue{Tip: t.ID}
	case v.d.Added:
		return nil
	default:
		name = fmt.Sprintf("added/%d", t.ID)
		v.d.Added = true
	}
	if err := v.tx.SetTimer(bot.Timer{Name: name, Due: due, Tip: t.ID, Person: v.u.From.ID}); err != nil {
		return err
	}
	return v.save()
}

func (r *Router) patience(album string) time.Duration {
	if album != "" {
		return max(r.Quiet, albumWait)
	}
	return r.Quiet
}

// openTip finds the tip that a message joins.
func (v *visit) openTip() (bot.Tip, bool, error) {
	if v.d.Tip != 0 {
		t, err := v.tx.Tip(v.d.Tip)
		switch {
		case err != nil && ignoreMissing(err) != nil:
			return t, false, err
		case err == nil && t.Erased.IsZero() && (t.Gathering() || !v.expired()):
			return t, true, nil
		}
		v.d = bot.Dialogue{Person: v.u.From.ID}
	}
	if album := v.u.Message.Album; album != "" {
		return v.albumTip(album)
	}
	return bot.Tip{}, false, nil
}

// expired reports whether the open question is so old that what comes now is another matter.
func (v *visit) expired() bool {
	return v.d.Question == "" && !v.d.Added || v.tx.Now().Sub(v.d.Asked) > v.idle()
}

// idle is how long the open question claims the next message: those of an official report are asked of
// people who have to think, and go to look.
func (v *visit) idle() time.Duration {
	if v.d.Report {
		return max(v.Idle, reportIdle)
	}
	return v.Idle
}

// albumTip finds the person's latest tip if it holds the beginning of the album: a straggler after
// a short quiet period belongs there, not in a tip of its own.
func (v *visit) albumTip(album string) (bot.Tip, bool, error) {
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return t, false, err
		}
		items, err := v.tx.Items(t.ID)
		if err != nil {
			return t, false, err
		}
		found := len(items) > 0 && items[len(items)-1].Album == album
		if found {
			v.d.Tip = t.ID
		}
		return t, found, nil
	}
	return bot.Tip{}, false, nil
}

// keep stores the message as an item of the tip and asks for its files.
func (v *visit) keep(tip bot.TipID, index int, edit bool) error {
	m := v.u.Message
	item := bot.Item{
		Message: m.ID, At: v.u.At, Text: bot.Clean(m.Text), Links: m.Links, Forward: m.Forward,
		Album: m.Album, Files: m.Files, Location: m.Location, Edits: edit,
	}
	for i, f := range item.Files {
		if v.FileCap > 0 && f.Size > v.FileCap {
			item.Files[i].State = bot.FileTooLarge
			continue
		}
		if err := v.tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, Tip: tip, Item: index, File: f}); err != nil {
			return err
		}
	}
	return v.tx.AddItem(tip, index, item)
}

func quietName(id bot.TipID) string { return fmt.Sprintf("quiet/%d", id) }

// quietOver ends a burst, or waits on if more came meanwhile. One whose sender has turned to something else
// waits for nothing, and nothing is asked about it: a typed number could not answer.
func (r *Router) quietOver(tx bot.Tx, id bot.TipID, found *bot.Recognition) error {
	t, err := tx.Tip(id)
	if err != nil || !t.Gathering() {
		return ignoreMissing(err)
	}
	d, err := tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	current := d.Tip == t.ID
	if current {
		waiting, err := r.waitOn(tx, t, quietName(id))
		if err != nil || waiting {
			return err
		}
	}
	until, err := r.undecided(tx, t)
	if err != nil {
		return err
	}
	m, wait, err := r.recognised(tx, t, found)
	if err != nil {
		return err
	}
	if again := tx.Now().Add(recogniseStep); wait && again.After(until) {
		until = again
	}
	if until.After(tx.Now()) {
		return tx.SetTimer(bot.Timer{Name: quietName(id), Due: until, Tip: t.ID, Person: t.Reporter})
	}
	return r.endBurst(tx, t, m, current)
}

// waitOn sets the timer again if the tip's last message is younger than the quiet period.
func (r *Router) waitOn(tx bot.Tx, t bot.Tip, name string) (bool, error) {
	album := ""
	if r.Quiet < albumWait { // only then does an album need longer than the timer already gave
		items, err := tx.Items(t.ID)
		if err != nil {
			return false, err
		}
		if len(items) > 0 {
			album = items[len(items)-1].Album
		}
	}
	due := t.Last.Add(r.patience(album))
	if !due.After(tx.Now()) {
		return false, nil
	}
	return true, tx.SetTimer(bot.Timer{Name: name, Due: due, Tip: t.ID, Person: t.Reporter})
}

// openCase makes a case of a tip: receipt to the sender, card to the desk, with the cases it may be the same
// as. ask tells whether its sender is asked about it next. It returns the tip as it then is.
func (r *Router) openCase(tx bot.Tx, t bot.Tip, maybe []bot.Suggestion, ask bool) (bot.Tip, error) {
	items, err := tx.Items(t.ID)
	if err != nil {
		return t, err
	}
	if err := tx.StopTimer(quietName(t.ID)); err != nil {
		return t, err
	}
	now := tx.Now()
	c := bot.NewCase(bot.CaseID(t.ID), r.ticket(t), now)
	c.Excerpt, c.Origin, c.Suggested = excerpt(items), origin(items), maybe
	if t.Member != "" {
		c.Members = []string{t.Member}
	}
	c.SenderCategories = bot.SuggestCategories(ownWords(items))
	for _, it := range items {
		for _, f := range it.Files {
			c.Files = append(c.Files, f.Kind)
		}
	}
	t.Case, t.Ticket, t.Shown = c.ID, c.Ticket, len(items)
	if err := tx.PutTip(t); err != nil {
		return t, err
	}
	if err := tx.PutCase(c); err != nil {
		return t, err
	}
	if _, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActOpened, Detail: string(t.Network)}); err != nil {
		return t, err
	}
	receipt := "citizen.receipt"
	if !ask {
		receipt = "citizen.receipt_only"
	}
	if err := r.tell(tx, t.Reporter, receipt, "ticket", c.Ticket, "time", calendar.Moment(t.Started, r.Zone)); err != nil {
		return t, err
	}
	if err := r.tellTooLarge(tx, t, items); err != nil {
		return t, err
	}
	if err := r.caution(tx, t, c, ownWords(items)); err != nil {
		return t, err
	}
	if err := r.postCard(tx, c); err != nil {
		return t, err
	}
	if err := r.watchFirst(tx); err != nil {
		return t, err
	}
	return t, r.postFiles(tx, c, items)
}

// ownWords are what the sender wrote themselves: what they forward is somebody else's story.
func ownWords(items []bot.Item) string {
	var own []string
	for _, it := range items {
		if it.Forward == nil && it.Text != "" {
			own = append(own, it.Text)
		}
	}
	return strings.Join(own, "\n")
}

// caution tells a sender, once, whom to call if somebody is in danger, and that they need not accuse
// themselves: who took money is liable too, and a chat is no place to say so.
func (r *Router) caution(tx bot.Tx, t bot.Tip, c bot.Case, words string) error {
	if slices.Contains(c.SenderCategories, bot.Intimidation) {
		if err := r.tell(tx, t.Reporter, "citizen.danger"); err != nil {
			return err
		}
		if err := r.urgent(tx, c); err != nil {
			return err
		}
	}
	if confesses(words) {
		return r.tell(tx, t.Reporter, "citizen.no_need_to_say")
	}
	return nil
}

// confesses reports whether somebody says that they received money or goods themselves.
func confesses(words string) bool {
	return regexp.MustCompile(`(?i)\b(saya|aku|sayo|awak|kami|kito|kita)\b[^.!?\n]{0,25}\b(terima|menerima|nerima|dikasih|diberi|dapat|dapet|ambil)\b[^.!?\n]{0,30}\b(uang|duit|amplop|sembako|rb|ribu|juta|voucher)\b`).MatchString(words)
}

// addedOver acknowledges, once, what joined a tip after its receipt, and brings it to the desk.
func (r *Router) addedOver(tx bot.Tx, id bot.TipID) error {
	t, err := tx.Tip(id)
	if err != nil || t.Case == 0 {
		return ignoreMissing(err)
	}
	waiting, err := r.waitOn(tx, t, fmt.Sprintf("added/%d", id))
	if err != nil || waiting {
		return err
	}
	if t.Reporter == "" {
		return nil
	}
	d, err := tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	stale := d.Stale && d.Tip == t.ID
	d.Added, d.Stale = false, d.Stale && !stale
	if err := tx.PutDialogue(d); err != nil {
		return err
	}
	items, err := tx.Items(t.ID)
	if err != nil {
		return err
	}
	fresh := items[min(t.Shown, len(items)):]
	key, reporting := "citizen.added", d.Report && d.Tip == t.ID
	switch {
	case reporting && d.Question == askEvidence:
		key = "report.evidence_added"
	case reporting:
		key = "report.added"
	}
	if t.Inquiry.Fresh() {
		key = "citizen.inquiry_thanks"
	}
	if err := r.tell(tx, t.Reporter, key, "ticket", t.Ticket); err != nil {
		return err
	}
	if confesses(ownWords(fresh)) && !confesses(ownWords(items[:len(items)-len(fresh)])) {
		if err := r.tell(tx, t.Reporter, "citizen.no_need_to_say"); err != nil {
			return err
		}
	}
	if d.Tip == t.ID && d.Question != "" && d.Question != questionMenu && !d.Hinted && !reporting {
		if err := r.tell(tx, t.Reporter, "citizen.still_asking"); err != nil {
			return err
		}
	}
	if err := r.tellTooLarge(tx, t, fresh); err != nil {
		return err
	}
	if err := r.broughtMore(tx, t, stale); err != nil {
		return err
	}
	return r.resume(tx, d)
}

// tellTooLarge tells a sender which of their files are kept by reference only.
func (r *Router) tellTooLarge(tx bot.Tx, t bot.Tip, items []bot.Item) error {
	for _, it := range items {
		for _, f := range it.Files {
			if f.State != bot.FileTooLarge {
				continue
			}
			if err := r.tell(tx, t.Reporter, "citizen.too_large", "size", int(f.Size>>20)); err != nil {
				return err
			}
		}
	}
	return nil
}

// broughtMore records at the desk that a tip grew: event, card, and the new files and words. stale: the card
// does not show the latest in any case.
func (r *Router) broughtMore(tx bot.Tx, t bot.Tip, stale bool) error {
	c, err := tx.Case(t.Case)
	if err != nil {
		return err
	}
	items, err := tx.Items(t.ID)
	if err != nil {
		return err
	}
	fresh := items[min(t.Shown, len(items)):]
	before, err := r.cardText(tx, c, nil)
	if err != nil {
		return err
	}
	for _, it := range fresh {
		for _, f := range it.Files {
			c.Files = append(c.Files, f.Kind)
		}
	}
	words := excerpt(fresh)
	if bot.CaseID(t.ID) == c.ID { // what stands on the card goes when the first sender's data goes
		if c.Excerpt == "" { // a photo first, and then what it shows
			c.Excerpt = words
		}
		if c.Origin == nil {
			c.Origin = origin(fresh)
		}
	}
	t.Shown, c.Changed = len(items), tx.Now()
	more := r.moreText(t, words)
	answers := t.Inquiry.Fresh()
	if answers {
		t.Inquiry.Passed = true
	}
	if err := tx.PutTip(t); err != nil {
		return err
	}
	if err := tx.PutCase(c); err != nil {
		return err
	}
	if _, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActAdded}); err != nil {
		return err
	}
	after, err := r.cardText(tx, c, nil)
	if err != nil {
		return err
	}
	if after != before || answers || stale { // else it would be edited into itself
		if err := r.refreshCard(tx, c); err != nil {
			return err
		}
	}
	if words == "" && answers {
		more = r.Text.Text("desk.answer_files", "ticket", t.Ticket)
	}
	if words != "" || answers {
		if err := r.underCard(tx, c, "", more); err != nil {
			return err
		}
	}
	return r.postFiles(tx, c, fresh)
}
