package handlers

import (
	"slices"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
)

// named reports whether a tip's sender gave the name and the address that a report needs.
func named(tx bot.Tx, t bot.Tip) (bool, error) {
	if t.Report == nil || !t.Report.Named {
		return false, nil
	}
	return tx.HasDetails(t.ID)
}

// completeness says how many of the seven elements a tip has, and names the others.
func (r *Router) completeness(tx bot.Tx, t bot.Tip) (done int, missing string, err error) {
	named, err := named(tx, t)
	if err != nil {
		return 0, "", err
	}
	var names []string
	for _, e := range t.Missing(named) {
		names = append(names, r.Text.Text("element."+string(e)))
	}
	return len(bot.Elements()) - len(names), strings.Join(names, ", "), nil
}

// reportLines show the desk how complete a sender's report is and what they gave. Who they are is
// sealed: that it was given is all the desk sees.
func (c *call) reportLines(t bot.Tip) []string {
	r := t.Report
	if r == nil {
		return nil
	}
	line, err := c.meterLine(c.tx, t)
	if err != nil {
		return nil
	}
	lines := []string{line}
	for key, text := range map[string]string{"desk.reported": r.Reported, "desk.place": r.Place, "desk.chronology": r.Chronology, "desk.witnesses": r.Witnesses} {
		if text != "" {
			lines = append(lines, c.Text.Text(key, "text", text))
		}
	}
	slices.Sort(lines[1:])
	return lines
}

// meterLine is the meter of a report as the desk sees it.
func (r *Router) meterLine(tx bot.Tx, t bot.Tip) (string, error) {
	done, missing, err := r.completeness(tx, t)
	switch {
	case err != nil || missing == "":
		return r.Text.Text("card.report_complete", "ticket", t.Ticket), err
	case t.Answers.Confidentiality == bot.Anonymous:
		return r.Text.Text("card.report_anonymous", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing)), nil
	}
	return r.Text.Text("card.report", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing)), nil
}
