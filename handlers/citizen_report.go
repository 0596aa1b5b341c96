package handlers

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// The steps of RESMI: what Bawaslu's form asks for, one small question at a time. Each can be skipped,
// and RESMI takes it up again days later where something is missing. Area and the two days are the
// usual questions.
const (
	askReport     = "report"       // whether to begin, and for which tip
	askIdentity   = "identity"     // what being the reporter means, before a name is asked for
	askName       = "name"         // sealed
	askHome       = "home"         // sealed
	askReported   = "reported"     // terlapor
	askPlace      = "place"        // below the area
	askChronology = "chronology"   //
	askEvidence   = "evidence"     // files and links until "selesai"
	askWitnesses  = "witnesses"    //
	reportIdle    = 12 * time.Hour // how long a step waits for its answer without RESMI being typed again
)

// reportSteps are the steps in order, with the element each belongs to.
func reportSteps() []string {
	return []string{askIdentity, askName, askHome, askReported, askHappened, askLearned, askRegion, askPlace, askChronology, askEvidence, askWitnesses}
}

// official answers RESMI: how to report officially, and for whoever has a tip the offer to prepare it.
func (v *visit) official() error {
	if err := v.say("citizen.formal", "operator", v.Operator, "contact", locales.Marked(v.contact())); err != nil {
		return err
	}
	t, ok, err := v.reportable()
	if err != nil || !ok {
		return err
	}
	done, missing, err := v.completeness(v.tx, t)
	if err != nil {
		return err
	}
	m := bot.Message{Person: v.u.From.ID, Case: t.Case, Text: v.Text.Text("report.offer", "ticket", t.Ticket)}
	if t.Report != nil {
		m.Text = v.Text.Text("report.resume", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing))
	}
	m.Buttons = [][]bot.Button{
		{{Label: "1 " + v.Text.Text("report.begin"), Data: answerData(t.ID, askReport, "1")}},
		{{Label: skip + " " + v.Text.Text("report.later"), Data: answerData(t.ID, askReport, skip)}},
	}
	if err := v.tx.Enqueue(m); err != nil {
		return err
	}
	v.d = bot.Dialogue{Person: v.u.From.ID, Tip: t.ID, Question: askReport, Options: []string{"1"}, Asked: v.tx.Now(), Report: true}
	return v.save()
}

// reportable is the person's latest tip that an official report could be made of.
func (v *visit) reportable() (bot.Tip, bool, error) {
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return t, false, err
		}
		if t.Case != 0 && t.Erased.IsZero() && t.Answers.Claim != bot.ClaimHoax {
			return t, true, nil
		}
	}
	return bot.Tip{}, false, nil
}

// completeness says how many of the seven elements a tip has, and names the others.
func (r *Router) completeness(tx bot.Tx, t bot.Tip) (done int, missing string, err error) {
	named, err := tx.HasDetails(t.ID)
	if err != nil {
		return 0, "", err
	}
	var names []string
	for _, e := range t.Missing(named) {
		names = append(names, r.Text.Text("element."+string(e)))
	}
	return len(bot.Elements()) - len(names), strings.Join(names, ", "), nil
}

// reporting reports whether the dialogue is at a step of RESMI.
func (v *visit) reporting() bool { return v.d.Report && v.d.Question != "" && v.d.Tip != 0 }

// reportStep takes what was sent for the answer to the open step. handled is false where it is none.
func (v *visit) reportStep(m *bot.Incoming) (handled bool, err error) {
	t, err := v.tx.Tip(v.d.Tip)
	if err != nil || t.Reporter != v.u.From.ID || v.tx.Now().Sub(v.d.Asked) > reportIdle {
		return false, ignoreMissing(err)
	}
	words, typed := plainWords(m.Text), strings.TrimSpace(bot.Clean(m.Text))
	attached := m.Forward != nil || len(m.Files) > 0 || m.Location != nil
	if attached || v.d.Question == askEvidence && words != "selesai" && words != skip && words != "lewati" {
		return true, v.moreEvidence(t, attached || len(m.Links) > 0)
	}
	switch value, chosen := v.chosen(words); {
	case v.d.Question == askRegion, v.d.Question == askHappened, v.d.Question == askLearned:
		return false, nil // as ever; record goes on with the report
	case chosen:
		return true, v.reportChoice(t, value)
	case v.d.Question == askEvidence: // selesai
		return true, v.nextStep(t)
	case v.d.Question == askReport || v.d.Question == askIdentity:
		return true, v.say("report.choose")
	}
	return true, v.reportText(t, shorten(typed, 3000))
}

// pressedStep is a button of a step. Only that of the open step counts: the answers before it stand.
func (v *visit) pressedStep(id bot.TipID, q, value string) error {
	t, err := v.tx.Tip(id)
	if ignoreMissing(err) != nil {
		return err
	}
	open := err == nil && t.Reporter == v.u.From.ID && v.d.Tip == id && v.d.Question == q && v.d.Report
	if !open || value != skip && value != "1" {
		return v.say("citizen.old_button")
	}
	return v.reportChoice(t, value)
}

// reportChoice is a number, a button or "lewati".
func (v *visit) reportChoice(t bot.Tip, value string) error {
	switch {
	case v.d.Question == askReport && value == skip:
		v.d = bot.Dialogue{}
		return errors.Join(v.save(), v.say("report.left", "ticket", t.Ticket))
	case v.d.Question == askReport:
		return v.beginReport(t)
	case v.d.Question == askIdentity && value != skip:
		t.Report.Told, t.Answers.Confidentiality = true, bot.Formal
	case v.d.Question == askIdentity: // anonymous: everything but who they are
		t.Answers.Confidentiality = bot.Anonymous
		if err := v.tx.EraseDetails(t.ID); err != nil {
			return err
		}
		v.d.Question = askHome
	}
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	return v.nextStep(t)
}

func (v *visit) beginReport(t bot.Tip) error {
	if t.Report == nil {
		t.Report = &bot.Report{}
		if items, err := v.tx.Items(t.ID); err == nil {
			t.Report.Evidence = slices.ContainsFunc(items, func(it bot.Item) bool { return len(it.Files) > 0 || len(it.Links) > 0 })
		}
		if err := v.tx.PutTip(t); err != nil {
			return err
		}
		c, err := v.tx.Case(t.Case)
		if err != nil {
			return err
		}
		if _, err := v.tx.Append(bot.Event{Case: c.ID, Action: bot.ActReporting, Detail: t.Ticket}); err != nil {
			return err
		}
	}
	v.d.Question = ""
	return v.nextStep(t)
}

// isIdentityNumber reports whether a text holds a NIK, which has sixteen digits and no business in a chat.
func isIdentityNumber(text string) bool {
	return regexp.MustCompile(`\d{16}`).MatchString(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(text))
}

// reportText keeps a typed answer where it belongs: who the reporter is apart from everything else.
func (v *visit) reportText(t bot.Tip, text string) error {
	if text == "" {
		return v.say("report.empty")
	}
	if isIdentityNumber(text) {
		return v.say("report.no_number")
	}
	switch v.d.Question {
	case askName, askHome:
		return v.reportDetails(t, text)
	case askReported:
		t.Report.Reported = text
	case askPlace:
		t.Report.Place = text
	case askChronology:
		t.Report.Chronology = text
	case askWitnesses:
		t.Report.Witnesses = text
	}
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	return v.nextStep(t)
}

func (v *visit) reportDetails(t bot.Tip, text string) error {
	d, err := v.tx.Details(t.ID)
	if ignoreMissing(err) != nil {
		return err
	}
	text = shorten(strings.ReplaceAll(text, "\n", ", "), 200)
	if v.d.Question == askName {
		d.Name = text
	} else {
		d.Address = text
	}
	if err := v.tx.PutDetails(t.ID, d); err != nil {
		return err
	}
	return v.nextStep(t)
}

// moreEvidence keeps what was sent with the tip. The question stays open until "selesai".
func (v *visit) moreEvidence(t bot.Tip, proves bool) error {
	if proves && t.Report != nil && !t.Report.Evidence {
		t.Report.Evidence = true
		if err := v.tx.PutTip(t); err != nil {
			return err
		}
	}
	return v.continueTip(t)
}

// nextStep asks for what is missing after the step just done, or ends with the meter.
func (v *visit) nextStep(t bot.Tip) error {
	steps := reportSteps()
	details, err := v.tx.Details(t.ID)
	if ignoreMissing(err) != nil {
		return err
	}
	for _, q := range steps[slices.Index(steps, v.d.Question)+1:] {
		if v.lacks(t, details, q) {
			return v.askStep(t, q)
		}
	}
	return v.endReport(t)
}

// lacks reports whether a step still has something to ask.
func (v *visit) lacks(t bot.Tip, d bot.Details, q string) bool {
	switch q {
	case askIdentity:
		return !t.Report.Told
	case askName:
		return t.Report.Told && d.Name == ""
	case askHome:
		return t.Report.Told && d.Address == ""
	case askReported:
		return t.Report.Reported == ""
	case askHappened:
		return t.Answers.Happened.IsZero()
	case askLearned:
		return t.Answers.Learned.IsZero()
	case askRegion:
		return t.Answers.Region == ""
	case askPlace:
		return t.Report.Place == ""
	case askChronology:
		return t.Report.Chronology == ""
	case askEvidence:
		return !t.Report.Evidence
	}
	return t.Report.Witnesses == ""
}

func (v *visit) askStep(t bot.Tip, q string) error {
	if q == askRegion || q == askHappened || q == askLearned {
		if err := v.ask(v.tx, t, q); err != nil {
			return err
		}
	} else {
		m := bot.Message{Person: t.Reporter, Case: t.Case, Text: v.Text.Text("report." + q), Answerable: questionKey(t.ID, q)}
		leave := "ask.skip"
		v.d = bot.Dialogue{Person: t.Reporter, Tip: t.ID, Question: q, Asked: v.tx.Now()}
		if q == askIdentity {
			leave, v.d.Options = "report.stay_anonymous", []string{"1"}
			m.Buttons = [][]bot.Button{{{Label: "1 " + v.Text.Text("report.agree"), Data: answerData(t.ID, q, "1")}}}
		}
		m.Buttons = append(m.Buttons, []bot.Button{{Label: skip + " " + v.Text.Text(leave), Data: answerData(t.ID, q, skip)}})
		if err := v.tx.Enqueue(m); err != nil {
			return err
		}
		if err := v.save(); err != nil {
			return err
		}
	}
	d, err := v.tx.Dialogue(t.Reporter)
	if err != nil {
		return err
	}
	d.Report = true
	v.d = d
	return v.save()
}

// endReport tells the sender how complete their report is, until when it is best filed, and where; and
// the desk that it changed.
func (v *visit) endReport(t bot.Tip) error {
	v.d = bot.Dialogue{}
	if err := v.save(); err != nil {
		return err
	}
	done, missing, err := v.completeness(v.tx, t)
	if err != nil {
		return err
	}
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return err
	}
	v.reportClock(v.tx, &c, t)
	if err := v.store(v.tx, c); err != nil {
		return err
	}
	if err := v.refreshCard(v.tx, c); err != nil {
		return err
	}
	text := v.Text.Text("report.complete", "ticket", t.Ticket)
	if missing != "" {
		text = v.Text.Text("report.incomplete", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing))
	}
	return enqueueParts(v.tx, bot.Message{Person: t.Reporter, Case: t.Case}, text+"\n\n"+v.whereToFile(c, t))
}

// whereToFile says which Bawaslu it is, and until when.
func (v *visit) whereToFile(c bot.Case, t bot.Tip) string {
	d, ok := v.reportDeadline(v.tx.Now(), c, t)
	if !ok {
		return v.Text.Text("report.where", "contact", locales.Marked(v.contact()))
	}
	key := "report.where_until"
	switch d.State(v.tx.Now()) {
	case bot.DeadlineHurry:
		key = "report.where_hurry"
	case bot.DeadlineOver:
		key = "report.where_over"
	}
	return v.Text.Text(key, "contact", locales.Marked(v.contact()), "due", calendar.Moment(d.Safe, v.Zone), "last", calendar.Day(d.Last.In(v.Zone.Location)))
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
	if err != nil || missing == "" {
		return r.Text.Text("card.report_complete", "ticket", t.Ticket), err
	}
	return r.Text.Text("card.report", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing)), nil
}
