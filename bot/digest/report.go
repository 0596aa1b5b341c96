package digest

import (
	"time"

	"awassiber/bot"
)

// Report is what a digest tells, as numbers and rows. A case counts once however often something
// was done to it, and what was undone within the period does not count: a case resolved and
// reopened is reopened, one taken and given back is released.
type Report struct {
	// From is when the digest before was made; zero if the period has no beginning. To is now.
	From, To time.Time
	// Slot is when the digest was due; zero if somebody asked for it.
	Slot time.Time
	Late bool

	New, Taken, Released       int
	Repeats                    int // tips that were recognised and joined a case that was known
	Resolved, Closed, Reopened int
	Referred, Received         int            // handed to another body, and taken by it
	Kinds                      Kinds          // of the new cases
	Areas                      map[string]int // new cases by Kemendagri code; "" where not told

	Overrides []Override         // in the order they were
	Verdicts  []Verdict          // published in the period, in the order they were
	Waiting   map[bot.Status]int // cases of the whole store by status
	Oldest    Waiting            // the one that waits longest to be taken; zero if none waits

	// Outages are the times in which a network could not be used: those that ended in the period, in
	// the order they ended, and then those that go on.
	Outages []Outage
}

// Kinds counts cases by what they are: as the desk has it, else as the sender said.
type Kinds struct{ Hoax, Violation, Both, Unsure int }

// Verdict is one verdict of the period. Corrected means that it replaces an earlier one of a case
// that was resolved already; such a case is not counted as resolved again.
type Verdict struct {
	Ticket      string
	Rating      bot.Rating
	Explanation string // its first sentence
	Link        string
	Publisher   string
	Corrected   bool
	At          time.Time
}

// Override is a verdict that an admin published without a second person. Everybody at the desk is to know,
// whatever became of it since.
type Override struct{ Ticket, Name, Reason string }

// Outage is a time in which a network was in trouble. To is zero while it lasts.
type Outage struct {
	Network  bot.Network
	From, To time.Time
}

// Waiting is a case nobody has taken.
type Waiting struct {
	Ticket string
	Age    time.Duration
}

// Quiet reports whether nothing happened in the period.
func (r Report) Quiet() bool {
	return r.New+r.Repeats+r.Taken+r.Released+r.Resolved+r.Closed+r.Reopened+r.Referred+r.Received+len(r.Overrides)+len(r.Verdicts) == 0
}
