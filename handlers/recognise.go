package handlers

import (
	"fmt"
	"time"

	"awassiber/bot"
)

// What was recognised of a tip is looked up outside its transaction, in an index that lags behind and knows
// nothing of merges, erasures and verdicts. So everything is read again here: a candidate is only a case to
// look at, and what is told of it is how it stands now.

// A burst that ended waits this long, in steps, for an index that is being read, or for a twin whose case is
// about to be opened. Then it becomes a case of its own: nobody waits for their receipt because of a search.
const (
	recogniseWait = 10 * time.Second
	recogniseStep = 250 * time.Millisecond
)

// match is what a tip is, by what was recognised: the case it joins, or those it may be the same as.
type match struct {
	same  *bot.Case
	by    bot.Candidate // how the same was recognised
	maybe []bot.Suggestion
}

// recognised turns a recognition into cases as they are now. wait is set while it is worth waiting for more.
func (r *Router) recognised(tx bot.Tx, t bot.Tip, found *bot.Recognition) (m match, wait bool, err error) {
	patient := tx.Now().Before(t.Last.Add(r.Quiet + recogniseWait))
	switch {
	case found == nil || found.Tip != t.ID:
		return m, false, nil
	case found.Items != t.Items, found.Decision == "":
		return m, patient, nil
	case found.Twin != 0 && found.Twin != t.ID:
		return r.twin(tx, found.Twin, patient)
	}
	for _, cand := range found.Candidates {
		k, ok, err := currentCase(tx, cand.Case)
		if err != nil {
			return m, false, err
		}
		switch {
		case !ok || k.ID == bot.CaseID(t.ID):
		case found.Decision == bot.Same:
			m.same, m.by = &k, cand
			return m, false, nil
		case !k.Spam && !suggests(m.maybe, k.ID):
			cand.Case = k.ID
			m.maybe = append(m.maybe, bot.Suggestion{Candidate: cand, Ticket: k.Ticket})
		}
	}
	return m, false, nil
}

// twin goes where an earlier tip of the very same content went; wait while that one is on its way.
func (r *Router) twin(tx bot.Tx, id bot.TipID, patient bool) (m match, wait bool, err error) {
	first, err := tx.Tip(id)
	if err != nil || !first.Erased.IsZero() {
		return m, false, ignoreMissing(err)
	}
	if first.Case == 0 {
		return m, patient, nil
	}
	k, ok, err := currentCase(tx, first.Case)
	if err == nil && ok {
		m.same, m.by = &k, bot.Candidate{Case: k.ID, Score: 1, By: bot.ByText}
	}
	return m, false, err
}

// currentCase is the case that another is now a part of, or itself.
func currentCase(tx bot.Tx, id bot.CaseID) (k bot.Case, ok bool, err error) {
	for range 20 { // merges form no circle; a damaged store might
		k, err = tx.Case(id)
		if err != nil || k.Merged == 0 {
			return k, err == nil, ignoreMissing(err)
		}
		id = k.Merged
	}
	return k, false, nil
}

func suggests(list []bot.Suggestion, id bot.CaseID) bool {
	for _, s := range list {
		if s.Case == id {
			return true
		}
	}
	return false
}

// endBurst makes of a gathered tip what it is: a part of a case that is known, or a case of its own. ask tells
// whether its sender is asked about it.
func (r *Router) endBurst(tx bot.Tx, t bot.Tip, m match, ask bool) error {
	if m.same != nil {
		return r.join(tx, t, *m.same, m.by, ask)
	}
	t, err := r.openCase(tx, t, m.maybe, ask)
	if err != nil || !ask {
		return err
	}
	if asked, err := r.askSame(tx, t); asked || err != nil {
		return err
	}
	return r.ask(tx, t, questions()[0])
}

// lateRecognised takes what was found out only after the tip's case was opened: from a picture that came late,
// or while the index was being built.
func (r *Router) lateRecognised(tx bot.Tx, found bot.Recognition) error {
	t, err := tx.Tip(found.Tip)
	if err != nil || t.Case == 0 || t.Reporter == "" || bot.CaseID(t.ID) != t.Case {
		return ignoreMissing(err) // gone, or part of another case already
	}
	own, err := tx.Case(t.Case)
	if err != nil {
		return ignoreMissing(err)
	}
	found.Items = t.Items
	m, _, err := r.recognised(tx, t, &found)
	switch {
	case err != nil:
		return err
	case m.same != nil && own.Untouched():
		return r.become(tx, t, own, *m.same, m.by)
	case m.same != nil:
		m.by.Case = m.same.ID
		m.maybe = []bot.Suggestion{{Candidate: m.by, Ticket: m.same.Ticket}}
	}
	fresh := false
	for _, s := range m.maybe {
		if !suggests(own.Suggested, s.Case) && len(own.Suggested) < mostSuggested {
			own.Suggested, fresh = append(own.Suggested, s), true
		}
	}
	if !fresh || !own.Open() {
		return nil
	}
	if err := tx.PutCase(own); err != nil {
		return err
	}
	return r.refreshCard(tx, own)
}

// mostSuggested is how many cases a card suggests at most.
const mostSuggested = 3

func countName(id bot.CaseID) string { return fmt.Sprintf("count/%d", id) }
