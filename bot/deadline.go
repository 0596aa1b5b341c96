package bot

import (
	"slices"
	"time"
)

// DayKind says which days a limit counts. Which one the law means is disputed, so it is configuration
// (DOMAIN 2.3).
type DayKind string

// Kinds of days.
const (
	CalendarDays DayKind = "kalender"
	WorkingDays  DayKind = "kerja"
)

// DayKinds lists both.
func DayKinds() []DayKind { return []DayKind{CalendarDays, WorkingDays} }

// Limit is a number of days within which something must be done. The zero value is no limit.
type Limit struct {
	Days int
	// CountFirst counts the day from which the limit runs as day one, for the safe limit.
	CountFirst bool
	Kind       DayKind
	Source     Source
}

// HandlingRule is how long Bawaslu may take over a report it received: Days, and Extra more if it asks
// the reporter for further information ("3+2 hari", Ps 134 Perpu 1/2014; "7+7", Ps 454 UU 7/2017).
type HandlingRule struct {
	Days, Extra int
	Kind        DayKind
	Source      Source
}

// Deadline is a limit of two moments: until Safe nobody can dispute that it is kept, after Last nobody
// that it is missed. The zero value is no limit.
type Deadline struct{ Safe, Last time.Time }

// DeadlineState is what a moment is to a deadline.
type DeadlineState string

// States of a deadline. Hurry: the safe limit has passed, the last has not.
const (
	DeadlineNone  DeadlineState = "none"
	DeadlineOpen  DeadlineState = "open"
	DeadlineHurry DeadlineState = "hurry"
	DeadlineOver  DeadlineState = "over"
)

// DeadlineStates lists every state in the order a deadline passes through them.
func DeadlineStates() []DeadlineState {
	return []DeadlineState{DeadlineNone, DeadlineOpen, DeadlineHurry, DeadlineOver}
}

// State returns what now is to the deadline. Each moment itself still keeps it.
func (d Deadline) State(now time.Time) DeadlineState {
	switch {
	case d.Last.IsZero():
		return DeadlineNone
	case now.After(d.Last):
		return DeadlineOver
	case now.After(d.Safe):
		return DeadlineHurry
	}
	return DeadlineOpen
}

// Reminders returns the moments that lie the given times before Safe and after a moment, earliest
// first and each once.
func (d Deadline) Reminders(before []time.Duration, after time.Time) []time.Time {
	var at []time.Time
	for _, b := range before {
		if t := d.Safe.Add(-b); !d.Safe.IsZero() && t.After(after) && !slices.ContainsFunc(at, t.Equal) {
			at = append(at, t)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// ReportDeadline returns until when a citizen can report to Bawaslu what became known to them on a
// day. Known counts from told, when they said so, if it lies after that: nobody knows tomorrow. Zero
// told is ignored; zero learned gives no deadline. region is the place of the event.
//
// Last is the end of the day the law names: the day of knowing and the days of the limit. Safe leaves
// no room for another reading: one day less if the first day counts, then back to the last day with
// service, when the office closes (DOMAIN 2.4). Both are days of the law of e's kind.
func (e Election) ReportDeadline(learned, told time.Time, region string) Deadline {
	known := DayOf(learned, e.Zone)
	if !told.IsZero() {
		known = min(known, DayOf(told, e.Zone))
	}
	return e.until(known, e.Report, region)
}

// CompletionDeadline returns until when the reporter can complete a report, from when it was asked.
func (e Election) CompletionDeadline(asked time.Time, region string) Deadline {
	return e.until(DayOf(asked, e.Zone), e.Completion, region)
}

// HandlingDeadline returns when Bawaslu should have decided on a report received at a moment: Safe
// if it needs nothing more, Last if it asked the reporter for more.
func (e Election) HandlingDeadline(received time.Time) Deadline {
	r, day := e.Handling, DayOf(received, e.Zone)
	if day == 0 || r.Days <= 0 {
		return Deadline{}
	}
	return Deadline{Safe: e.endOf(e.after(day, r.Days, r.Kind)), Last: e.endOf(e.after(day, r.Days+r.Extra, r.Kind))}
}

func (e Election) until(day Day, l Limit, region string) Deadline {
	if day == 0 || l.Days <= 0 {
		return Deadline{}
	}
	safe := l.Days
	if l.CountFirst {
		safe--
	}
	return Deadline{
		Safe: e.lastService(day, e.after(day, safe, l.Kind), region),
		Last: e.endOf(e.after(day, l.Days, l.Kind)),
	}
}

// endless bounds the search for working days: a configuration without any must not hang the program.
const endless = 366

// after returns the day n days after another.
func (e Election) after(day Day, n int, kind DayKind) Day {
	if kind != WorkingDays {
		return day + Day(n)
	}
	for range endless {
		if n == 0 {
			break
		}
		if day++; e.Workday(day) {
			n--
		}
	}
	return day
}
