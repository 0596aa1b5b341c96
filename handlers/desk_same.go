package handlers

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// What a card suggests: cases it may be the same as, with the likeness and what speaks against it. The desk
// makes one of them with a button (or /gabung), or says that they are not; both are kept for calibration.

// suggestionLines are the lines of a card about the cases it may be the same as.
func (r *Router) suggestionLines(c bot.Case) []string {
	if c.Merged != 0 || !c.Open() {
		return nil
	}
	var lines []string
	for _, s := range c.Suggested {
		basis := []string{r.Text.Text("same.by_" + string(s.By))}
		for _, d := range s.Doubts {
			if key := "same.doubt_" + d; r.Text.Has(key) {
				basis = append(basis, r.Text.Text(key))
			}
		}
		said := ""
		if s.Said != "" {
			said = " " + r.Text.Text("same.said_"+string(s.Said))
		}
		lines = append(lines, r.Text.Text("card.same", "ticket", s.Ticket, "seq", strconv.FormatUint(uint64(s.Case), 10),
			"score", int(math.Round(100*s.Score)), "basis", strings.Join(basis, "; "), "said", locales.Marked(said)))
	}
	return lines
}

// basis puts what something was recognised by into words: "text 0.93" (bot.Candidate.Basis).
func (r *Router) basis(stored string) string {
	by, score, _ := strings.Cut(stored, " ")
	f, err := strconv.ParseFloat(score, 64)
	if key := "same.by_" + by; err == nil && r.Text.Has(key) {
		return r.Text.Text("same.basis", "by", r.Text.Text(key), "score", int(math.Round(100*f)))
	}
	return stored
}

// The acts of a suggestion's buttons.
const (
	actSame  = "same-" // and the case's number
	actApart = "apart"
)

// suggestionButtons offer to make one case of two, and to say that they are not one.
func (r *Router) suggestionButtons(c bot.Case) [][]bot.Button {
	if c.Merged != 0 || !c.Open() || len(c.Suggested) == 0 {
		return nil
	}
	var row []bot.Button
	for _, s := range c.Suggested {
		seq := strconv.FormatUint(uint64(s.Case), 10)
		row = append(row, bot.Button{Label: r.Text.Text("button.same", "seq", seq), Data: fmt.Sprintf("k:%d:%s%s", c.ID, actSame, seq)})
	}
	return [][]bot.Button{row, {r.cardButton(c, actApart)}}
}

// pressedSame makes the case a part of the one suggested.
func (c *call) pressedSame(k bot.Case, act string) (string, error) {
	id, err := strconv.ParseUint(strings.TrimPrefix(act, actSame), 10, 64)
	if err != nil || !suggests(k.Suggested, bot.CaseID(id)) {
		return "", bot.Refuse("desk.old_button")
	}
	target, ok, err := currentCase(c.tx, bot.CaseID(id))
	switch {
	case err != nil:
		return "", err
	case !ok || target.ID == k.ID:
		return "", bot.Refuse("desk.old_button")
	}
	e, err := c.mergeInto(target, k)
	if err != nil {
		return "", err
	}
	return c.Text.Text("desk.done", "ticket", target.Ticket, "line", locales.Marked(c.eventLine(e))), nil
}

// settle records the desk's word on a suggestion that a merge of the two cases gives.
func (c *call) settle(k, other *bot.Case) error {
	for _, pair := range [][2]*bot.Case{{k, other}, {other, k}} {
		of, is := pair[0], pair[1]
		i := slices.IndexFunc(of.Suggested, func(s bot.Suggestion) bool { return s.Case == is.ID })
		if i < 0 {
			continue
		}
		e := bot.Event{Case: of.ID, Actor: c.staff.ID, Name: c.staff.Name, Action: bot.ActConfirmed, Detail: is.Ticket, Text: of.Suggested[i].Basis()}
		if _, err := c.tx.Append(e); err != nil {
			return err
		}
		of.Suggested = slices.Delete(of.Suggested, i, i+1)
	}
	return nil
}

// apart records that a case is none of those suggested.
func (c *call) apart(k *bot.Case) (bot.Event, error) {
	if len(k.Suggested) == 0 {
		return bot.Event{}, bot.ErrUnchanged
	}
	last := k.Suggested[len(k.Suggested)-1]
	for _, s := range k.Suggested[:len(k.Suggested)-1] {
		e := bot.Event{Case: k.ID, Actor: c.staff.ID, Name: c.staff.Name, Action: bot.ActDenied, Detail: s.Ticket, Text: s.Basis()}
		if _, err := c.tx.Append(e); err != nil {
			return e, err
		}
	}
	k.Suggested, k.Changed = nil, c.tx.Now()
	return bot.Event{Action: bot.ActDenied, Detail: last.Ticket, Text: last.Basis()}, nil
}
