package handlers

import (
	"fmt"
	"time"

	"awassiber/bot"
)

// Retention is how long a finished case keeps what people sent (UU 27/2022, Ps 43 and 44: data is
// deleted when its purpose is over, destroyed when its time is). Zero keeps for ever.
type Retention struct {
	Identity time.Duration // the link from a tip to its sender
	Content  time.Duration // texts and files
}

const day = 24 * time.Hour

// RetentionDays makes a Retention of days.
func RetentionDays(identity, content int) Retention {
	return Retention{Identity: time.Duration(identity) * day, Content: time.Duration(content) * day}
}

// firstTime sets the alarm after which somebody who never sent a tip is forgotten. It is called when
// nothing is known of where a person stands.
func (v *visit) firstTime() error {
	m := v.u.Message
	if v.Retention.Identity == 0 || m != nil && m.Unsupported == bot.UnsupportedService {
		return nil
	}
	name, due := "person/"+string(v.u.From.ID), v.tx.Now().Add(v.Retention.Identity)
	return v.tx.SetTimer(bot.Timer{Name: name, Due: due, Person: v.u.From.ID})
}

// retain sets the alarms that end a finished case's keeping, and takes them back when it is
// opened again. It is called at every change of a case by the desk.
func (r *Router) retain(tx bot.Tx, c bot.Case) error {
	for kind, keep := range map[string]time.Duration{"identity": r.Retention.Identity, "content": r.Retention.Content} {
		name := fmt.Sprintf("%s/%d", kind, c.ID)
		var err error
		if c.Finished.IsZero() || keep == 0 {
			err = tx.StopTimer(name)
		} else {
			err = tx.SetTimer(bot.Timer{Name: name, Due: c.Finished.Add(keep), Case: c.ID})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// identityOver cuts the link between a long finished case and its senders. Whoever has no other
// tip here is forgotten altogether.
func (r *Router) identityOver(tx bot.Tx, id bot.CaseID) error {
	tips, err := r.finishedTips(tx, id)
	if err != nil {
		return err
	}
	cut := false
	for _, t := range tips {
		person := t.Reporter
		if person == "" {
			continue
		}
		t.Reporter, cut = "", true
		if err := tx.PutTip(t); err != nil {
			return err
		}
		if err := forgetIfDone(tx, person); err != nil {
			return err
		}
	}
	if !cut {
		return nil
	}
	_, err = tx.Append(bot.Event{Case: id, Action: bot.ActExpired, Detail: "identity"})
	return err
}

// forgetIfDone forgets a person who has no tip left and of whom nothing waits to be handled.
func forgetIfDone(tx bot.Tx, p bot.PersonID) error {
	if p == "" {
		return nil
	}
	for _, err := range tx.TipsBy(p) {
		return err // one is enough, be it a tip or a failure to read it
	}
	busy, err := tx.Busy(p)
	if err != nil || busy { // they are writing at this moment: their new tip will be finished one day
		return err
	}
	return tx.Forget(p)
}

// contentOver erases texts and files of a case finished long ago; numbers, dates, area, kind and
// verdict stay, for the statistics.
func (r *Router) contentOver(tx bot.Tx, id bot.CaseID) error {
	tips, err := r.finishedTips(tx, id)
	if err != nil || len(tips) == 0 {
		return err
	}
	for _, t := range tips {
		if err := r.eraseTip(tx, t); err != nil {
			return err
		}
		if err := forgetIfDone(tx, t.Reporter); err != nil {
			return err
		}
	}
	_, err = tx.Append(bot.Event{Case: id, Action: bot.ActExpired, Detail: "content"})
	return err
}

// finishedTips are the tips of a case that are not erased yet; none if the case is open again.
func (r *Router) finishedTips(tx bot.Tx, id bot.CaseID) ([]bot.Tip, error) {
	c, err := tx.Case(id)
	if err != nil || c.Finished.IsZero() {
		return nil, ignoreMissing(err)
	}
	var tips []bot.Tip
	for t, err := range tx.TipsOf(id) {
		if err != nil {
			return nil, err
		}
		if t.Erased.IsZero() {
			tips = append(tips, t)
		}
	}
	return tips, nil
}
