package digest

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"awassiber/bot"
)

// lateAfter is how long after its slot a digest may be sent without saying that it is late. Waking
// up and waiting for the store take seconds, so minutes mean that the process was not there.
const lateAfter = 5 * time.Minute

// Reader is the part of [bot.Tx] that a report is made from.
type Reader interface {
	Now() time.Time
	EventsAfter(bot.EventID) iter.Seq2[bot.Event, error]
	HistoryBefore(c bot.CaseID, before bot.EventID) iter.Seq2[bot.Event, error]
	Case(bot.CaseID) (bot.Case, error)
	Cases(s bot.Status, newest bool) iter.Seq2[bot.Case, error]
	CaseCounts(region string) (map[bot.Status]int, error)
	Cursor(name string) (bot.Cursor, error)
}

// Gather reports what happened after since. slot is when the digest was due; the zero time means
// that somebody asks for it now.
func Gather(tx Reader, since bot.Cursor, slot time.Time) (Report, error) {
	r := Report{From: since.Slot, To: tx.Now(), Slot: slot, Areas: map[string]int{}}
	r.Late = !slot.IsZero() && r.To.Sub(slot) > lateAfter
	changes, err := r.readEvents(tx, since.Event)
	if err != nil {
		return Report{}, fmt.Errorf("digest: events: %w", err)
	}
	for _, id := range slices.Sorted(maps.Keys(changes)) { // neighbours in the store are read together
		if err := r.add(tx, id, changes[id], since.Event); err != nil {
			return Report{}, fmt.Errorf("digest: case %d: %w", id, err)
		}
	}
	slices.SortFunc(r.Verdicts, func(a, b Verdict) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return cmp.Compare(a.Ticket, b.Ticket)
	})
	if err := r.addWaiting(tx); err != nil {
		return Report{}, fmt.Errorf("digest: waiting cases: %w", err)
	}
	if err := r.addOutages(tx); err != nil {
		return Report{}, fmt.Errorf("digest: outages: %w", err)
	}
	return r, nil
}

// addOutages adds the networks that are in trouble now.
func (r *Report) addOutages(tx Reader) error {
	for _, n := range bot.Networks() {
		down, err := tx.Cursor(bot.DownName(n))
		if err != nil {
			return err
		}
		if !down.Slot.IsZero() {
			r.Outages = append(r.Outages, Outage{Network: n, From: down.Slot})
		}
	}
	return nil
}

// change is what happened to one case in the period: whether it was opened, the last word on who works on
// it (taken, released), the last on how it ended (decided, closed, reopened), the last on its hand-over
// (referred, received, returned), and the verdicts published without a second person.
type change struct {
	opened                  bool
	holding, ending, handed bot.Action
	overrides               []bot.Event
}

// readEvents folds the events after an id by case, and notes the outages that ended. Cases to which
// nothing happened that a digest tells of are left out.
func (r *Report) readEvents(tx Reader, after bot.EventID) (map[bot.CaseID]change, error) {
	changes := map[bot.CaseID]change{}
	for e, err := range tx.EventsAfter(after) {
		if err != nil {
			return nil, err
		}
		ch := changes[e.Case]
		switch e.Action {
		case bot.ActOpened:
			ch.opened = true
		case bot.ActTaken, bot.ActAssigned:
			ch.holding = bot.ActTaken
		case bot.ActReleased, bot.ActLapsed:
			ch.holding = bot.ActReleased
		case bot.ActReferred, bot.ActReceived, bot.ActReturned:
			ch.handed = e.Action
		case bot.ActOverrode:
			ch.overrides = append(ch.overrides, e)
		case bot.ActDecided, bot.ActClosed, bot.ActReopened:
			ch.ending = e.Action
		case bot.ActJoined:
			r.Repeats++
			continue
		case bot.ActOutage:
			from, err := time.Parse(time.RFC3339, e.Text)
			if err != nil {
				return nil, err
			}
			r.Outages = append(r.Outages, Outage{Network: bot.Network(e.Detail), From: from, To: e.At})
			continue
		default:
			continue
		}
		changes[e.Case] = ch
	}
	return changes, nil
}

// add counts one case. The case itself is read only where something of it is told. One of which only a
// track was closed is not closed.
func (r *Report) add(tx Reader, id bot.CaseID, ch change, since bot.EventID) error {
	count(&r.New, ch.opened)
	count(&r.Taken, ch.holding == bot.ActTaken)
	count(&r.Released, ch.holding == bot.ActReleased)
	count(&r.Reopened, ch.ending == bot.ActReopened)
	count(&r.Referred, ch.handed == bot.ActReferred)
	count(&r.Received, ch.handed == bot.ActReceived)
	if !ch.opened && ch.ending != bot.ActDecided && ch.ending != bot.ActClosed && len(ch.overrides) == 0 {
		return nil
	}
	c, err := tx.Case(id)
	if err != nil {
		return err
	}
	count(&r.Closed, ch.ending == bot.ActClosed && !c.Open())
	for _, e := range ch.overrides {
		r.Overrides = append(r.Overrides, Override{Ticket: c.Ticket, Name: e.Name, Reason: firstSentence(e.Text)})
	}
	if ch.opened {
		r.Areas[c.Region]++
		r.Kinds.add(c)
	}
	if ch.ending == bot.ActDecided {
		return r.addVerdict(tx, c, since)
	}
	return nil
}

func (r *Report) addVerdict(tx Reader, c bot.Case, since bot.EventID) error {
	v := c.Verdict
	if v == nil {
		return errors.New("decided, but without a verdict")
	}
	corrected := false
	if v.Version > 1 {
		var err error
		if corrected, err = resolvedAt(tx, c.ID, since); err != nil {
			return err
		}
	}
	count(&r.Resolved, !corrected)
	r.Verdicts = append(r.Verdicts, Verdict{
		Ticket: c.Ticket, Rating: v.Rating, Explanation: firstSentence(v.Explanation),
		Link: v.Link, Publisher: v.Publisher, Corrected: corrected, At: v.At,
	})
	return nil
}

// resolvedAt reports whether a case was resolved right after the event at, by its own history:
// a verdict that comes later then only corrects it. A case may have a very long history, of which only the
// last events before are looked at.
func resolvedAt(tx Reader, id bot.CaseID, at bot.EventID) (bool, error) {
	const look = 500
	n := 0
	for e, err := range tx.HistoryBefore(id, at+1) {
		if n++; err != nil || n > look {
			return false, err
		}
		switch e.Action {
		case bot.ActDecided:
			return true, nil
		case bot.ActReopened:
			return false, nil
		}
	}
	return false, nil
}

// addWaiting reads how many cases there are of each status, and the first in the queue.
func (r *Report) addWaiting(tx Reader) (err error) {
	if r.Waiting, err = tx.CaseCounts(""); err != nil {
		return err
	}
	for c, err := range tx.Cases(bot.New, false) {
		if err != nil {
			return err
		}
		r.Oldest = Waiting{Ticket: c.Ticket, Age: max(r.To.Sub(c.Opened), 0)}
		break
	}
	return nil
}

// add counts a case by the desk's tracks, or by its sender's word while the desk has said nothing.
func (k *Kinds) add(c bot.Case) {
	hoax, violation := c.On(bot.TrackHoax), c.On(bot.TrackViolation) && !(c.PassedOn() && c.On(bot.TrackHoax))
	if !hoax && !violation {
		hoax, violation = c.Claim == bot.ClaimHoax, c.Claim == bot.ClaimViolation
	}
	switch {
	case hoax && violation:
		k.Both++
	case hoax:
		k.Hoax++
	case violation:
		k.Violation++
	default:
		k.Unsure++
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}
