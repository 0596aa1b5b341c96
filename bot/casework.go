package bot

import (
	"slices"
	"time"
)

// Take gives every open track of the case, or one only, to s until a time. Taking again what one
// holds renews it, if more than half of the time has passed. ErrUnchanged if there is nothing to
// renew; a UserError if another holds it or it is finished.
func (c *Case) Take(only Track, s Staff, until, now time.Time) error {
	renewed, held := false, false
	for i := range c.Works {
		if w := &c.Works[i]; w.Lease != nil && w.Lease.Holder == s.ID && (only == "" || only == w.Track) {
			held = true
			if w.Lease.Until.Sub(now) < until.Sub(now)/2 {
				w.Lease.Until, renewed = until, true
			}
		}
	}
	err := c.each(StepTake, only, s, now, func(w *Work) { w.Lease = &Lease{Holder: s.ID, Name: s.Name, Until: until} })
	switch {
	case err == nil:
		return nil
	case renewed:
		c.settle(now)
		return nil
	case held:
		return ErrUnchanged
	}
	return err
}

// Release puts what s holds of the case back into the queue; an admin releases everything.
func (c *Case) Release(only Track, s Staff, now time.Time) error {
	return c.each(StepRelease, only, s, now, func(w *Work) { w.Lease = nil })
}

// Assign gives the case to another coordinator.
func (c *Case) Assign(to, s Staff, until, now time.Time) error {
	if !slices.ContainsFunc(c.Works, func(w Work) bool { return w.Open() && (w.Lease == nil || w.Lease.Holder != to.ID) }) && c.Open() {
		return ErrUnchanged
	}
	return c.each(StepAssign, "", s, now, func(w *Work) { w.Lease = &Lease{Holder: to.ID, Name: to.Name, Until: until} })
}

// Expire ends the holds whose time is over and returns them. There is no one to refuse it to.
func (c *Case) Expire(now time.Time) []Lease {
	var ended []Lease
	for i := range c.Works {
		if l := c.Works[i].Lease; l != nil && !l.Until.After(now) {
			if !slices.ContainsFunc(ended, func(e Lease) bool { return e.Holder == l.Holder }) {
				ended = append(ended, *l)
			}
			c.Works[i].Lease = nil
		}
	}
	if len(ended) > 0 {
		c.settle(now)
	}
	return ended
}

// Sort puts the case on a track, besides any it is on. What was unsorted becomes the track, with
// whoever holds it. A case closed altogether has to be opened first.
func (c *Case) Sort(t Track, now time.Time) error {
	switch {
	case c.On(t):
		return ErrUnchanged
	case c.Merged != 0, c.Status == Closed:
		return Refuse("desk.closed_reopen", "ticket", c.Ticket)
	}
	c.enter(t, now)
	c.settle(now)
	return nil
}

// enter returns the work on a track, which the case comes on if it is not.
func (c *Case) enter(t Track, now time.Time) *Work {
	if w := c.Work(t); w != nil {
		return w
	}
	if w := c.Work(Unsorted); w != nil {
		w.Track = t
		return w
	}
	c.Works = append(c.Works, Work{Track: t, Stage: Waiting, Since: now})
	return c.Work(t)
}

// on does a step on a track that the step itself may bring the case on. Nothing changes if it fails.
func (c *Case) on(t Track, step Step, s Staff, now time.Time, do func(*Work)) error {
	before := slices.Clone(c.Works)
	if w := c.enter(t, now); c.Status == Closed {
		w.Stage = Shut // a case closed altogether has to be opened first
	}
	err := c.each(step, t, s, now, do)
	if err != nil {
		c.Works = before
	}
	return err
}

// Shut ends the open tracks, or one only, without an outcome. Spam is the whole case or nothing of it:
// there no track may be somebody else's, and none may have had an outcome.
func (c *Case) Shut(only Track, reason string, spam bool, s Staff, now time.Time) error {
	if spam && (c.Verdict != nil || c.outcome()) {
		return Refuse("desk.finished", "ticket", c.Ticket)
	}
	for _, w := range c.Works {
		if _, err := c.permit(StepShut, w, s); spam && w.Open() && err != nil {
			return err
		}
	}
	err := c.each(StepShut, only, s, now, func(w *Work) { w.Lease = nil })
	if err == nil && !c.Open() {
		c.Reason, c.Spam = reason, spam
	}
	if w := c.Work(TrackViolation); err == nil && (c.Status == Closed || w != nil && w.Stage == Shut) {
		c.EndClocks(ClockKinds()...) // nobody waits for a body any more, nor for a report
	}
	return err
}

// Reopen puts ended tracks, or one only, back into the queue. A verdict once published stays visible
// until the next one replaces it.
func (c *Case) Reopen(only Track, s Staff, now time.Time) error {
	if c.Merged != 0 {
		return Refuse("desk.merged", "ticket", c.Ticket)
	}
	return c.each(StepReopen, only, s, now, func(*Work) {})
}
