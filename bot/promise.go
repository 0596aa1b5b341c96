package bot

import "time"

// Promise is something done within a time, with a warning that long before it ends. The zero value
// promises nothing.
type Promise struct{ Within, Warn time.Duration }

// From returns the promise made at a moment as a deadline: Safe is the moment of the warning.
func (p Promise) From(start time.Time) Deadline {
	if p.Within <= 0 || start.IsZero() {
		return Deadline{}
	}
	last := start.Add(p.Within)
	return Deadline{Safe: last.Add(-p.Warn), Last: last}
}

// Promises are the clocks the desk sets itself, and the one UU PDP sets it. They run day and night.
type Promises struct {
	FirstAnswer Promise // somebody of the desk takes a new case
	Inquiry     Promise // the reporter answers a question; afterwards the card says they did not
	Lease       Promise // a coordinator's hold on a case
	Privacy     Promise // a person's request about their data: 3×24 hours (Ps 30, 32, 40, 41 UU 27/2022)
	Source      Source
}
