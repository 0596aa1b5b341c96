package bot

import (
	"slices"
	"time"
)

// Status sums up how far the desk is with a case: what the queue is sorted by. It follows from the
// stages of the case's tracks and is never set by itself. Separate from what is true (Verdict) and
// from who it was handed to (Referral).
type Status string

// Statuses. In a New case some track waits for somebody; in a Taken one every open track is held,
// proposed or with another body; a Resolved one ended with a verdict or a register number on some
// track, a Closed one without.
const (
	New      Status = "new"
	Taken    Status = "taken"
	Resolved Status = "resolved"
	Closed   Status = "closed"
)

// Statuses lists every status in the order people read them.
func Statuses() []Status { return []Status{New, Taken, Resolved, Closed} }

// Case is the unit of the desk's work: one story, brought by one or many tips.
type Case struct {
	ID     CaseID
	Ticket string // of the tip that opened it
	Status Status // follows from Works
	// Works are the tracks the case is on, never none. A case nobody has sorted is on Unsorted alone.
	Works  []Work
	Claim  Claim  `json:",omitempty"` // what its first sender said it is
	Region string `json:",omitempty"` // Kemendagri code of a kabupaten or kota
	// SenderRegion is set while Region is only the first sender's word, which they may correct.
	SenderRegion bool `json:",omitempty"`
	// TPS is the polling station in the words of the sender of the tip that opened the case.
	TPS string `json:",omitempty"`
	// Categories are the desk's; SenderCategories are what its senders said.
	Categories       []Category `json:",omitempty"`
	SenderCategories []Category `json:",omitempty"`

	Opened   time.Time
	Changed  time.Time
	Finished time.Time `json:",omitzero"` // when the last open track ended
	// Joined is when another case was last merged into this one: what it brought is kept from then.
	Joined time.Time `json:",omitzero"`
	// Touched is when a coordinator first did anything: the desk's first answer.
	Touched time.Time `json:",omitzero"`
	// Due is the earliest clock that runs (Clocks); zero if none does. The queue begins with it.
	Due    time.Time `json:",omitzero"`
	Clocks []Clock   `json:",omitempty"`

	Verdict   *Verdict   `json:",omitempty"` // the last published
	Proposal  *Verdict   `json:",omitempty"` // waits for a second person
	Referrals []Referral `json:",omitempty"` // oldest first
	Reason    string     `json:",omitempty"` // why it was closed
	Spam      bool       `json:",omitempty"` // closed as spam
	Merged    CaseID     `json:",omitempty"` // the case this one was merged into
	Holds     []CaseID   `json:",omitempty"` // the cases merged into this one, and those merged into them

	// Suggested are the cases it may be the same as, best first, until somebody has decided.
	Suggested []Suggestion `json:",omitempty"`

	Senders int // distinct people who sent it
	// Counted is when the card shows the number of senders next, so that a rush of repeats is one edit; until
	// then it shows Shown of them.
	Counted time.Time `json:",omitzero"`
	Shown   int       `json:",omitempty"`
	// Brigade is how many of the senders look moved by one hand; zero if it does not look so.
	Brigade int `json:",omitempty"`
	// Excerpt is the first lines of the first tip; empty if there was no text or it was erased.
	Excerpt string     `json:",omitempty"`
	Origin  *Forward   `json:",omitempty"` // where the first tip was forwarded from
	Files   []FileKind `json:",omitempty"`
	Erased  bool       `json:",omitempty"` // a sender had their data erased: the excerpt may be gone
	Members []string   `json:",omitempty"` // organisations whose members sent it
	// Reported and Benefits are sides of the election, by code, as the desk sees them. For the
	// desk's own look in the mirror, never for the public.
	Reported string `json:",omitempty"`
	Benefits string `json:",omitempty"`
	// Told are the groups that the case was posted to: they are told the verdict and its corrections.
	Told []Address `json:",omitempty"`
}

// Staff is a coordinator as an actor: who, and the name to show.
type Staff struct {
	ID        PersonID
	Name      string
	Role      Role
	Custodian bool
	Regions   []string // the areas they work on; none means all
}

// Covers reports whether s works on cases of an area. A case without an area is everybody's.
func (s Staff) Covers(region string) bool {
	return region == "" || len(s.Regions) == 0 || s.Role == Admin || slices.Contains(s.Regions, region)
}

// NewCase is a case as a tip opens it.
func NewCase(id CaseID, ticket string, now time.Time) Case {
	return Case{
		ID: id, Ticket: ticket, Status: New, Opened: now, Changed: now, Senders: 1,
		Works: []Work{{Track: Unsorted, Stage: Waiting, Since: now}},
	}
}

// Work returns the case's work on a track, nil if it is not on it. It points into Works.
func (c *Case) Work(t Track) *Work {
	for i := range c.Works {
		if c.Works[i].Track == t {
			return &c.Works[i]
		}
	}
	return nil
}

// On reports whether the desk has put the case on a track.
func (c Case) On(t Track) bool { return c.Work(t) != nil }

// Leases are the holds on the case, one a person: the one that ends first.
func (c Case) Leases() []Lease {
	var list []Lease
	for _, w := range c.Works {
		if w.Lease == nil {
			continue
		}
		switch i := slices.IndexFunc(list, func(l Lease) bool { return l.Holder == w.Lease.Holder }); {
		case i < 0:
			list = append(list, *w.Lease)
		case w.Lease.Until.Before(list[i].Until):
			list[i] = *w.Lease
		}
	}
	return list
}

// Weight is how many senders count for the queue: those who look moved by one hand count as one, so that
// whoever has many accounts gets nothing done earlier.
func (c Case) Weight() int {
	if c.Brigade > 0 {
		return max(c.Senders-c.Brigade, 0) + 1
	}
	return c.Senders
}

// LeaseEnds is when the first hold on the case runs out; zero if nobody holds it.
func (c Case) LeaseEnds() time.Time {
	var first time.Time
	for _, l := range c.Leases() {
		if first.IsZero() || l.Until.Before(first) {
			first = l.Until
		}
	}
	return first
}

// PassedOn reports whether the case is on the violation track for nothing but being handed over, as a hoax is that
// a ministry or the police get: of nobody is it said that they broke an election rule.
func (c Case) PassedOn() bool {
	said := c.Categories
	if len(said) == 0 {
		said = c.SenderCategories
	}
	other := func(cat Category) bool { return cat != HoaxContent && cat != Fraud }
	return c.On(TrackViolation) && len(said) > 0 && !slices.ContainsFunc(said, other)
}

// Open reports whether some track is not ended.
func (c Case) Open() bool { return slices.ContainsFunc(c.Works, Work.Open) }

// Urgent reports whether people may be in danger: such a case cannot wait.
func (c Case) Urgent() bool {
	return slices.ContainsFunc(c.Categories, Category.urgent)
}

// outcome reports whether some track ended with one.
func (c *Case) outcome() bool {
	return slices.ContainsFunc(c.Works, func(w Work) bool { return w.Stage == Published || w.Stage == Received })
}

// settle makes Status, Finished, and whether there is a reason for having closed it, follow from the
// works. Every change ends with it.
func (c *Case) settle(now time.Time) {
	c.Changed = now
	was := c.Status
	switch {
	case slices.ContainsFunc(c.Works, Work.free):
		c.Status = New
	case c.Open():
		c.Status = Taken
	case c.outcome():
		c.Status = Resolved
	default:
		c.Status = Closed
	}
	c.Spam = c.Spam && c.Status == Closed
	if c.Open() {
		c.Finished, c.Reason = time.Time{}, ""
	} else if was == New || was == Taken || c.Finished.IsZero() {
		c.Finished = now
	}
}
