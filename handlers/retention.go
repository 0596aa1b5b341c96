package handlers

import (
	"errors"
	"fmt"
	"slices"
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

// What is kept for a time, as timers and events name it.
const (
	keepIdentity = "identity"
	keepContent  = "content"
)

func keepName(what string, c bot.CaseID) string { return fmt.Sprintf("%s/%d", what, c) }

// keeping is how long something is kept; 0 for ever.
func (r *Router) keeping(what string) time.Duration {
	if what == keepIdentity {
		return r.Retention.Identity
	}
	return r.Retention.Content
}

// retain sets the alarms that end a finished case's keeping, and takes them back when it is
// opened again. It is called at every change of a case by the desk.
func (r *Router) retain(tx bot.Tx, c bot.Case) error {
	for _, what := range []string{keepIdentity, keepContent} {
		name, keep := keepName(what, c.ID), r.keeping(what)
		var err error
		if c.Finished.IsZero() || keep == 0 {
			err = tx.StopTimer(name)
		} else {
			err = tx.SetTimer(bot.Timer{Name: name, Due: later(c.Finished, c.Joined).Add(keep), Case: c.ID})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// identityOver cuts the link between a long finished case and its senders, and with it what they gave for
// an official report. Whoever has no other tip here is forgotten altogether.
func (r *Router) identityOver(tx bot.Tx, of bot.Timer) error {
	return r.retire(tx, of, keepIdentity, func(tips []bot.Tip) error {
		for _, t := range tips {
			person := t.Reporter
			t.Reporter = ""
			if err := errors.Join(tx.PutTip(t), tx.EraseDetails(t.ID)); err != nil {
				return err
			}
			if err := forgetIfDone(tx, person); err != nil {
				return err
			}
		}
		return nil
	})
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
func (r *Router) contentOver(tx bot.Tx, of bot.Timer) error {
	return r.retire(tx, of, keepContent, func(tips []bot.Tip) error {
		if err := r.eraseTips(tx, tips); err != nil {
			return err
		}
		for _, t := range tips {
			if err := forgetIfDone(tx, t.Reporter); err != nil {
				return err
			}
		}
		return nil
	})
}

// retire ends the keeping of something for the tips of a finished case, in slices: the timer itself holds
// how far it came. A tip that came after the case was finished is kept as long as any other, counted from when it
// was sent; such are looked at again every day. Nothing happens to a case that is open again.
func (r *Router) retire(tx bot.Tx, of bot.Timer, what string, end func([]bot.Tip) error) error {
	c, err := tx.Case(of.Case)
	if err != nil || c.Finished.IsZero() {
		return ignoreMissing(err)
	}
	keep, young := r.keeping(what), false
	var tips []bot.Tip
	n, last := 0, of.Tip
	for t, err := range tx.TipsFrom(c.ID, of.Tip) {
		if err != nil {
			return err
		}
		if n == slice {
			err = tx.SetTimer(bot.Timer{Name: keepName(what, c.ID), Due: tx.Now(), Case: c.ID, Tip: last})
			if err != nil {
				return err
			}
			break
		}
		n, last = n+1, t.ID
		switch {
		case !t.Erased.IsZero() || what == keepIdentity && t.Reporter == "":
		case t.Started.Add(keep).After(tx.Now()):
			young = true
		default:
			tips = append(tips, t)
		}
	}
	if young {
		err := tx.SetTimer(bot.Timer{Name: keepName(what, c.ID) + "/young", Due: tx.Now().Add(day), Case: c.ID})
		if err != nil {
			return err
		}
	}
	if len(tips) == 0 {
		return nil
	}
	if err := end(tips); err != nil {
		return err
	}
	// Told once, and again where a merged case lost its words, for the index to forget them.
	held := func(t bot.Tip) bool { return slices.Contains(c.Holds, bot.CaseID(t.ID)) }
	if of.Tip != 0 && !slices.ContainsFunc(tips, held) {
		return nil
	}
	_, err = tx.Append(bot.Event{Case: c.ID, Action: bot.ActExpired, Detail: what})
	return err
}
