package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"awassiber/bot"
)

// copyOfData is the document DATAKU answers with: all that is stored about the asker, and the
// names of its fields are for them to read.
type copyOfData struct {
	Made     time.Time   `json:"dibuat"`
	Address  string      `json:"alamat_chat"`
	Since    time.Time   `json:"dikenal_sejak"`
	Dialogue *string     `json:"pertanyaan_terbuka,omitempty"`
	Tips     []copyOfTip `json:"aduan"`
}

type copyOfTip struct {
	Ticket   string       `json:"tiket"`
	Started  time.Time    `json:"diterima"`
	Status   string       `json:"status,omitempty"`
	Answers  bot.Answers  `json:"jawaban"`
	Messages []bot.Item   `json:"pesan"`
	Verdict  *bot.Verdict `json:"hasil,omitempty"`
}

// export answers DATAKU (UU 27/2022, right of access).
func (v *visit) export() error {
	address, since, err := v.tx.Identity(v.u.From.ID)
	if err != nil {
		return err
	}
	doc := copyOfData{Made: v.tx.Now(), Address: address.String(), Since: since, Tips: []copyOfTip{}}
	if v.d.Question != "" {
		doc.Dialogue = &v.d.Question
	}
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		c, err := v.copyTip(t)
		if err != nil {
			return err
		}
		doc.Tips = append(doc.Tips, c)
	}
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	return v.tx.Enqueue(bot.Message{
		Person:   v.u.From.ID,
		Text:     v.Text.Text("citizen.export", "tips", len(doc.Tips)),
		Document: &bot.Document{Name: "dataku.json", MIME: "application/json", Data: data},
	})
}

func (v *visit) copyTip(t bot.Tip) (copyOfTip, error) {
	items, err := v.tx.Items(t.ID)
	if err != nil {
		return copyOfTip{}, err
	}
	out := copyOfTip{Ticket: v.ticket(t), Started: t.Started, Answers: t.Answers, Messages: items}
	if t.Case == 0 {
		return out, nil
	}
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return out, err
	}
	out.Status = string(c.Status)
	if c.Verdict != nil {
		public := *c.Verdict
		public.By, public.Name = "", "" // the desk's data, not the asker's
		out.Verdict = &public
	}
	return out, nil
}

// askErase asks for confirmation before anything is erased.
func (v *visit) askErase() error {
	if err := v.closeOpen(); err != nil {
		return err
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
		v.d = bot.Dialogue{}
		return errors.Join(v.save(), v.say("citizen.erase_kept"))
	}
	var tips []bot.Tip
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		tips = append(tips, t)
	}
	for _, t := range tips {
		if err := v.eraseTip(v.tx, t); err != nil {
			return err
		}
		if t.Case == 0 {
			continue
		}
		if _, err := v.tx.Append(bot.Event{Case: t.Case, Action: bot.ActErased}); err != nil {
			return err
		}
	}
	// The farewell is enqueued in the transaction that forgets the address; it alone survives it.
	if err := v.tx.Enqueue(bot.Message{Person: v.u.From.ID, Text: v.Text.Text("citizen.erased", "tips", len(tips))}); err != nil {
		return err
	}
	return v.tx.Forget(v.u.From.ID)
}

// eraseTip erases a tip's texts and files and leaves its tombstone.
func (r *Router) eraseTip(tx bot.Tx, t bot.Tip) error {
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
	if err := tx.EraseItems(t.ID); err != nil {
		return err
	}
	for _, name := range []string{"quiet", "added"} {
		if err := tx.StopTimer(fmt.Sprintf("%s/%d", name, t.ID)); err != nil {
			return err
		}
	}
	t.Reporter, t.Erased, t.Items, t.Shown = "", tx.Now(), 0, 0
	t.Answers.HappenedText, t.Answers.LearnedText = "", ""
	if err := tx.PutTip(t); err != nil || t.Case == 0 {
		return err
	}
	return r.eraseFromCase(tx, t)
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

// eraseFromCase takes a tip's words off its case and card.
func (r *Router) eraseFromCase(tx bot.Tx, t bot.Tip) error {
	c, err := tx.Case(t.Case)
	if err != nil {
		return err
	}
	if bot.CaseID(t.ID) == c.ID {
		c.Excerpt, c.Origin, c.Files = "", nil, nil
	}
	c.Erased, c.Changed = true, tx.Now()
	if err := tx.PutCase(c); err != nil {
		return err
	}
	return r.refreshCard(tx, c)
}
