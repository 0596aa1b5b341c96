package handlers

import (
	"errors"
	"slices"
	"strconv"
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
	askMend       = "mend"         // which answer to change
	reportIdle    = 12 * time.Hour // how long a step waits for its answer without RESMI being typed again
)

// What the offer of RESMI can be answered with.
const (
	reportBegin = "1"
	reportMend  = "mend"
)

// reportSteps are the steps in order, with the element each belongs to.
func reportSteps() []string {
	return []string{askIdentity, askName, askHome, askReported, askHappened, askLearned, askRegion, askPlace, askChronology, askEvidence, askWitnesses}
}

// official answers RESMI: how to report officially, and for whoever has a tip the offer to prepare it.
// ticket is what stood behind the word: the number of a tip, or nothing for the latest that will do.
func (v *visit) official(ticket string) error {
	if ticket == "" {
		if err := v.say("citizen.formal", "operator", v.Operator, "contact", locales.Marked(v.contact())); err != nil {
			return err
		}
	}
	t, ok, err := v.reportable(ticket)
	if err != nil || !ok {
		return err
	}
	done, missing, err := v.completeness(v.tx, t)
	if err != nil {
		return err
	}
	m := bot.Message{Person: v.u.From.ID, Case: t.Case}
	options := []choice{{v.Text.Text("report.begin"), reportBegin}}
	switch {
	case t.Report == nil:
		m.Text = v.Text.Text("report.offer", "ticket", t.Ticket)
	case missing == "":
		m.Text = v.Text.Text("report.whole", "ticket", t.Ticket)
		options = []choice{{v.Text.Text("report.mend"), reportMend}}
	default:
		m.Text = v.Text.Text("report.resume", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing))
		options = []choice{{v.Text.Text("report.go_on"), reportBegin}, {v.Text.Text("report.mend"), reportMend}}
	}
	return v.offer(t, askReport, m, options, "report.later")
}

// offer sends a choice of the report's, with a last one that leaves it.
func (v *visit) offer(t bot.Tip, q string, m bot.Message, options []choice, leave string) error {
	v.d = bot.Dialogue{Person: v.u.From.ID, Tip: t.ID, Question: q, Asked: v.tx.Now(), Report: true, Stale: v.d.Stale && v.d.Tip == t.ID}
	m.Answerable = questionKey(t.ID, q)
	for i, o := range options {
		v.d.Options = append(v.d.Options, o.value)
		m.Buttons = append(m.Buttons, []bot.Button{{Label: strconv.Itoa(i+1) + " " + o.label, Data: answerData(t.ID, q, o.value)}})
	}
	m.Buttons = append(m.Buttons, []bot.Button{{Label: skip + " " + v.Text.Text(leave), Data: answerData(t.ID, q, skip)}})
	if err := v.tx.Enqueue(m); err != nil {
		return err
	}
	return v.save()
}

// reportable is the person's tip of a number, or without one the latest that an official report could be
// made of. A number that is none of theirs is a refusal that does not tell whether it exists.
func (v *visit) reportable(ticket string) (bot.Tip, bool, error) {
	id, err := bot.ParseTicket(v.Prefix, ticket)
	if ticket != "" && err != nil {
		return bot.Tip{}, false, bot.Refuse("report.no_such_tip", "typed", shorten(bot.Clean(ticket), 40))
	}
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return t, false, err
		}
		if t.Case == 0 || !t.Erased.IsZero() {
			continue
		}
		if t.ID == id || ticket == "" && t.Answers.Claim != bot.ClaimHoax {
			return t, true, nil
		}
	}
	if ticket != "" {
		return bot.Tip{}, false, bot.Refuse("report.no_such_tip", "typed", shorten(bot.Clean(ticket), 40))
	}
	return bot.Tip{}, false, nil
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
	if isIdentityNumber(typed, m.Links) {
		return true, v.say("report.no_number")
	}
	attached := m.Forward != nil || len(m.Files) > 0 || m.Location != nil
	if attached || v.d.Question == askEvidence && words != "selesai" && words != skip && words != "lewati" {
		return true, v.moreEvidence(t, attached || len(m.Links) > 0)
	}
	switch value, chosen := v.chosen(v.withoutLabel(words)); {
	case v.d.Question == askRegion, v.d.Question == askHappened, v.d.Question == askLearned:
		return false, nil // as ever; record goes on with the report
	case chosen:
		return true, v.reportChoice(t, value)
	case v.d.Question == askEvidence: // selesai
		return true, v.nextStep(t)
	case v.d.Question == askReport && (isYes(words) || words == "lanjut"):
		return true, v.reportChoice(t, v.d.Options[0])
	case v.d.Question == askReport: // an offer holds nobody up: what they send is another matter
		v.d = bot.Dialogue{}
		return false, v.save()
	case v.d.Question == askIdentity, v.d.Question == askMend:
		return true, v.say("report.choose", "count", len(v.d.Options))
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
	if !open || value != skip && !slices.Contains(v.d.Options, value) {
		return v.say("citizen.old_button")
	}
	return v.reportChoice(t, value)
}

// reportChoice is a number, a button or "lewati".
func (v *visit) reportChoice(t bot.Tip, value string) error {
	switch {
	case v.d.Question == askReport && value == skip, v.d.Question == askMend && value == skip:
		v.d = bot.Dialogue{}
		return errors.Join(v.save(), v.say("report.left", "ticket", t.Ticket))
	case v.d.Question == askReport && value == reportMend:
		return v.offerMending(t)
	case v.d.Question == askReport:
		return v.beginReport(t)
	case v.d.Question == askMend:
		return v.askStep(t, value)
	case v.d.Question == askIdentity && value != skip:
		v.d.Stale = v.d.Stale || t.Answers.Confidentiality == bot.Anonymous
		t.Report.Told, t.Answers.Confidentiality = true, bot.Formal
	case v.d.Question == askIdentity:
		return v.stayAnonymous(t)
	}
	if err := v.tx.PutTip(t); err != nil {
		return err
	}
	return v.nextStep(t)
}

// stayAnonymous goes on with everything but who they are, and says what that makes of it.
func (v *visit) stayAnonymous(t bot.Tip) error {
	t.Answers.Confidentiality, t.Report.Told, t.Report.Named = bot.Anonymous, false, false
	if err := errors.Join(v.tx.PutTip(t), v.tx.EraseDetails(t.ID), v.say("report.anonymous")); err != nil {
		return err
	}
	v.d.Question, v.d.Stale = askHome, true
	return v.nextStep(t)
}

func (v *visit) beginReport(t bot.Tip) error {
	fresh := t.Report == nil
	if fresh {
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
	if fresh {
		return v.askStep(t, askIdentity)
	}
	v.d.Question = ""
	return v.nextStep(t)
}

// reportText keeps a typed answer where it belongs: who the reporter is apart from everything else.
func (v *visit) reportText(t bot.Tip, text string) error {
	if text == "" {
		return v.say("report.empty")
	}
	before := len(t.Missing(t.Report.Named))
	switch v.d.Question {
	case askName, askHome:
		return v.reportDetails(t, text)
	case askReported:
		t.Report.Reported = text
	case askPlace:
		t.Report.Place = text
	case askChronology:
		t.Report.Chronology = text
		if confesses(text) {
			if err := v.say("citizen.no_need_to_say"); err != nil {
				return err
			}
		}
	case askWitnesses:
		t.Report.Witnesses = text
	}
	v.d.Stale = v.d.Stale || len(t.Missing(t.Report.Named)) != before
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
	whole := d.Name != "" && d.Address != ""
	t.Report.Named, v.d.Stale = whole, v.d.Stale || whole != t.Report.Named
	if err := errors.Join(v.tx.PutDetails(t.ID, d), v.tx.PutTip(t)); err != nil {
		return err
	}
	return v.nextStep(t)
}

// moreEvidence keeps what was sent with the tip. The question stays open until "selesai".
func (v *visit) moreEvidence(t bot.Tip, proves bool) error {
	if proves && t.Report != nil && !t.Report.Evidence {
		t.Report.Evidence, v.d.Stale = true, true
		if err := errors.Join(v.tx.PutTip(t), v.save()); err != nil {
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
	case askIdentity: // who chose to stay anonymous is not asked at every visit
		return !t.Report.Told && t.Answers.Confidentiality != bot.Anonymous
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
		return t.Report.Place == "" && t.Answers.TPS == ""
	case askChronology:
		return t.Report.Chronology == ""
	case askEvidence:
		return !t.Report.Evidence
	}
	return t.Report.Witnesses == ""
}

func (v *visit) askStep(t bot.Tip, q string) error {
	m := bot.Message{Person: t.Reporter, Case: t.Case}
	switch q {
	case askIdentity:
		m.Text = v.Text.Text("report.identity")
		return v.offer(t, q, m, []choice{{v.Text.Text("report.agree"), "1"}}, "report.stay_anonymous")
	case askRegion, askHappened, askLearned:
		if err := v.save(); err != nil { // what ask carries over
			return err
		}
	default:
		m.Text = v.Text.Text("report." + q)
		return v.offer(t, q, m, nil, "ask.skip")
	}
	if err := v.ask(v.tx, t, q); err != nil {
		return err
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
	stale := v.d.Stale
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
	before, err := v.cardText(v.tx, c, nil)
	if err != nil {
		return err
	}
	v.reportClock(v.tx, &c, t)
	if err := v.store(v.tx, c); err != nil {
		return err
	}
	after, err := v.cardText(v.tx, c, nil)
	if err != nil {
		return err
	}
	if after != before || stale {
		if err := v.refreshCard(v.tx, c); err != nil {
			return err
		}
	}
	text := v.Text.Text("report.complete", "ticket", t.Ticket)
	if missing != "" {
		text = v.Text.Text("report.incomplete", "ticket", t.Ticket, "done", done, "missing", locales.Marked(missing))
	}
	then := v.whereToFile(c, t)
	if t.Answers.Confidentiality == bot.Anonymous {
		then = v.Text.Text("report.anonymous_end")
	}
	return enqueueParts(v.tx, bot.Message{Person: t.Reporter, Case: t.Case}, text+"\n\n"+then)
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
