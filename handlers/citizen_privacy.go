package handlers

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"awassiber/bot"
)

// askErase asks for confirmation before anything is erased.
func (v *visit) askErase() error {
	gathering, err := v.gathering()
	if err != nil {
		return err
	}
	if !gathering { // a burst waits for the answer: what may be erased is not shown to the desk first
		v.d = bot.Dialogue{}
	}
	tips := 0
	for _, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		tips++
	}
	v.d.Question, v.d.Options, v.d.Asked = askErase, []string{"1"}, v.tx.Now()
	if err := v.save(); err != nil {
		return err
	}
	return v.tx.Enqueue(bot.Message{
		Person: v.u.From.ID,
		Text:   v.Text.Text("citizen.erase_ask", "tips", tips),
		Buttons: [][]bot.Button{
			{{Label: "1 " + v.Text.Text("citizen.erase_yes"), Data: answerData(0, askErase, "1")}},
			{{Label: "0 " + v.Text.Text("citizen.erase_no"), Data: answerData(0, askErase, skip)}},
		},
	})
}

// confirmErase erases identity, texts and files, if the confirmation was asked for a short while
// ago. What remains of each tip is a tombstone: number, dates, area, kind.
func (v *visit) confirmErase(yes bool) error {
	asked := v.d.Question == askErase && v.tx.Now().Sub(v.d.Asked) <= v.Idle
	if !asked {
		return v.say("citizen.old_button")
	}
	if !yes {
		return v.keepAll()
	}
	var tips []bot.Tip
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		tips = append(tips, t)
	}
	if err := v.eraseTips(v.tx, tips); err != nil {
		return err
	}
	for _, t := range tips {
		if t.Case == 0 {
			continue
		}
		if _, err := v.tx.Append(bot.Event{Case: t.Case, Action: bot.ActErased}); err != nil {
			return err
		}
	}
	if err := v.leaveOrganisation(); err != nil {
		return err
	}
	// The farewell is enqueued in the transaction that forgets the address; it alone survives it.
	if err := v.tx.Enqueue(bot.Message{Person: v.u.From.ID, Text: v.Text.Text("citizen.erased", "tips", len(tips))}); err != nil {
		return err
	}
	return v.tx.Forget(v.u.From.ID)
}

// leaveOrganisation ends a membership, which is about the person. That somebody works at the desk stays.
func (v *visit) leaveOrganisation() error {
	known, err := v.tx.Coordinator(v.u.From.ID)
	switch {
	case err != nil:
		return ignoreMissing(err)
	case known.Role == bot.Member:
		return v.tx.DeleteCoordinator(known.ID)
	}
	return v.say("citizen.copy_staff")
}

// keepAll ends the question without erasing anything. A burst that waited for it goes on.
func (v *visit) keepAll() error {
	tip := v.d.Tip
	v.d = bot.Dialogue{Tip: tip}
	if err := v.save(); err != nil {
		return err
	}
	if tip != 0 {
		err := v.tx.SetTimer(bot.Timer{Name: fmt.Sprintf("quiet/%d", tip), Due: v.tx.Now().Add(v.Quiet), Tip: tip, Person: v.u.From.ID})
		if err != nil {
			return err
		}
	}
	return v.say("citizen.erase_kept")
}

// undecided reports until when a burst waits for the answer to HAPUS DATA; zero if it does not.
func (r *Router) undecided(tx bot.Tx, t bot.Tip) (time.Time, error) {
	d, err := tx.Dialogue(t.Reporter)
	if err != nil || d.Question != askErase {
		return time.Time{}, err
	}
	return d.Asked.Add(r.Idle), nil
}

// eraseTips erases texts and files of tips, leaves their tombstones, and takes their words off the cases
// that show them: the one they belong to, and the one they opened, if that was merged.
func (r *Router) eraseTips(tx bot.Tx, tips []bot.Tip) error {
	var cases []bot.CaseID
	for _, t := range tips {
		if err := eraseTip(tx, t); err != nil {
			return err
		}
		for _, id := range []bot.CaseID{t.Case, bot.CaseID(t.ID)} {
			if t.Case != 0 && !slices.Contains(cases, id) {
				cases = append(cases, id)
			}
		}
	}
	for _, id := range cases {
		if err := r.eraseFromCase(tx, id, tips); ignoreMissing(err) != nil {
			return err
		}
	}
	return nil
}

func eraseTip(tx bot.Tx, t bot.Tip) error {
	items, err := tx.Items(t.ID)
	if err != nil {
		return err
	}
	for _, it := range items {
		for _, f := range it.Files {
			if err := dropFile(tx, f); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(tx.EraseItems(t.ID), tx.EraseDetails(t.ID)); err != nil {
		return err
	}
	for _, name := range []string{"quiet", "added", "inquire", "inquiry", "tell"} {
		if err := tx.StopTimer(fmt.Sprintf("%s/%d", name, t.ID)); err != nil {
			return err
		}
	}
	t.Reporter, t.Erased, t.Items, t.Shown = "", tx.Now(), 0, 0
	t.Answers.HappenedText, t.Answers.LearnedText, t.Answers.TPS = "", "", ""
	t.Inquiry, t.Report = nil, nil
	return tx.PutTip(t)
}

// dropFile gives up a reference to a stored file and has it removed with the last one.
func dropFile(tx bot.Tx, f bot.Attachment) error {
	if f.SHA256 == "" {
		return nil
	}
	left, err := tx.FileUsed(f.SHA256, -1)
	if err != nil || left > 0 {
		return err
	}
	return tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: f})
}

// eraseFromCase takes the words of tips off a case and its card, and out of what waits for a group.
func (r *Router) eraseFromCase(tx bot.Tx, id bot.CaseID, tips []bot.Tip) error {
	c, err := tx.Case(id)
	if err != nil {
		return err
	}
	for _, t := range tips {
		if bot.CaseID(t.ID) == c.ID {
			c.Excerpt, c.Origin, c.Files, c.TPS = "", nil, nil, ""
		}
		c.StopClock(bot.ClockReport, t.ID) // nobody is left who could report
	}
	c.Erased, c.Changed = true, tx.Now()
	if err := r.store(tx, c); err != nil {
		return err
	}
	group, err := r.group(tx)
	if err != nil {
		return err
	}
	groups := []bot.Address{group}
	channels, err := tx.Channels()
	if err != nil {
		return err
	}
	for _, ch := range channels {
		groups = append(groups, ch.Group)
	}
	for _, g := range groups {
		if err := tx.Withdraw(g, c.ID); err != nil {
			return err
		}
	}
	return r.refreshCard(tx, c)
}
