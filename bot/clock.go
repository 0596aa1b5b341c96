package bot

import (
	"slices"
	"time"
)

// ClockKind says what a clock counts down to.
type ClockKind string

// Clocks of a case.
const (
	ClockReport   ClockKind = "report"   // the last good day to file an official report (Ps 134 Perpu 1/2014)
	ClockAnswer   ClockKind = "answer"   // the body a case was handed to should have answered ("3+2 hari")
	ClockHandling ClockKind = "handling" // and should have decided on it
	ClockComplete ClockKind = "complete" // the reporter completes what the body asked for
)

// ClockKinds lists every kind.
func ClockKinds() []ClockKind {
	return []ClockKind{ClockReport, ClockAnswer, ClockHandling, ClockComplete}
}

// Clock is a limit that runs for a case.
type Clock struct {
	Kind ClockKind
	Due  time.Time // the safe day; people are told this one
	Last time.Time `json:",omitzero"`  // the day the law allows, if it is later
	Tip  TipID     `json:",omitempty"` // whose limit it is, if it is a sender's
	// Told is until when it was told that the limit comes nearer, or when the clock was set.
	Told time.Time `json:",omitzero"`
}

// End is when the clock is over.
func (k Clock) End() time.Time {
	if k.Last.IsZero() {
		return k.Due
	}
	return k.Last
}

// Next is the first moment after Told at which there is something to tell: one of the reminders, which
// are times before Due, then Due, and the end.
func (k Clock) Next(reminders []time.Duration) time.Time {
	next := k.End()
	for _, b := range append(slices.Clone(reminders), 0) {
		if at := k.Due.Add(-b); at.After(k.Told) && at.Before(next) {
			next = at
		}
	}
	return next
}

// SetClock sets or moves the clock of a kind and tip.
func (c *Case) SetClock(k Clock) {
	c.StopClock(k.Kind, k.Tip)
	c.Clocks = append(c.Clocks, k)
	c.due()
}

// StopClock takes a clock away, if it is there.
func (c *Case) StopClock(kind ClockKind, tip TipID) {
	c.Clocks = slices.DeleteFunc(c.Clocks, func(k Clock) bool { return k.Kind == kind && k.Tip == tip })
	c.due()
}

// EndClocks takes away all clocks of some kinds.
func (c *Case) EndClocks(kinds ...ClockKind) {
	c.Clocks = slices.DeleteFunc(c.Clocks, func(k Clock) bool { return slices.Contains(kinds, k.Kind) })
	c.due()
}

// due makes Due the earliest clock.
func (c *Case) due() {
	c.Due = time.Time{}
	for _, k := range c.Clocks {
		if c.Due.IsZero() || k.Due.Before(c.Due) {
			c.Due = k.Due
		}
	}
}
