package bot

import "time"

// Status is how far the desk is with a case. Separate from what is true about it (Verdict).
type Status string

// Statuses. New waits for somebody, Taken is held by Case.Holder, Resolved has a verdict, Closed
// was ended without one.
const (
	New      Status = "new"
	Taken    Status = "taken"
	Resolved Status = "resolved"
	Closed   Status = "closed"
)

// Statuses lists every status in the order people read them.
func Statuses() []Status { return []Status{New, Taken, Resolved, Closed} }

// Track is a road a case can be on; a case may be on both.
type Track string

// Tracks. What breaks election rules goes to Bawaslu, everything else elsewhere: that is decided
// per track.
const (
	TrackHoax      Track = "hoax"
	TrackViolation Track = "violation"
)

// Case is the unit of the desk's work: one story, brought by one or many tips.
type Case struct {
	ID     CaseID
	Ticket string // of the tip that opened it
	Status Status
	Hoax   bool   `json:",omitempty"` // on the hoax track, by the desk's word
	Breach bool   `json:",omitempty"` // on the violation track, by the desk's word
	Claim  Claim  `json:",omitempty"` // what its first sender said it is
	Region string `json:",omitempty"` // Kemendagri code of a kabupaten or kota

	Opened   time.Time
	Changed  time.Time
	Finished time.Time `json:",omitzero"` // when it was resolved or closed

	Holder     PersonID `json:",omitempty"` // who took it; empty unless Taken
	HolderName string   `json:",omitempty"`
	Verdict    *Verdict `json:",omitempty"`
	Reason     string   `json:",omitempty"` // why it was closed
	Spam       bool     `json:",omitempty"` // closed as spam

	Senders int // distinct people who sent it
	// Excerpt is the first lines of the first tip; empty if there was no text or it was erased.
	Excerpt string     `json:",omitempty"`
	Origin  *Forward   `json:",omitempty"` // where the first tip was forwarded from
	Files   []FileKind `json:",omitempty"`
	Erased  bool       `json:",omitempty"` // a sender had their data erased: the excerpt may be gone
}

// Staff is a coordinator as an actor: who, and the name to show.
type Staff struct {
	ID   PersonID
	Name string
	Role Role
}

// Take gives the case to s. ErrUnchanged if s holds it already; a UserError if another does or
// the case is finished.
func (c *Case) Take(s Staff, now time.Time) error {
	switch {
	case c.Status == Taken && c.Holder == s.ID:
		return ErrUnchanged
	case c.Status == Taken:
		return Refuse("desk.taken_by", "ticket", c.Ticket, "name", c.HolderName)
	case c.Status != New:
		return Refuse("desk.finished", "ticket", c.Ticket)
	}
	c.Status, c.Holder, c.HolderName, c.Changed = Taken, s.ID, s.Name, now
	return nil
}

// Release puts the case back into the queue. Only its holder or an admin may.
func (c *Case) Release(s Staff, now time.Time) error {
	switch {
	case c.Status == New:
		return ErrUnchanged
	case c.Status != Taken:
		return Refuse("desk.finished", "ticket", c.Ticket)
	case c.Holder != s.ID && s.Role != Admin:
		return Refuse("desk.taken_by", "ticket", c.Ticket, "name", c.HolderName)
	}
	c.Status, c.Holder, c.HolderName, c.Changed = New, "", "", now
	return nil
}

// Classify puts the case on a track, besides any it is on.
func (c *Case) Classify(t Track, now time.Time) error {
	on := &c.Hoax
	if t == TrackViolation {
		on = &c.Breach
	}
	if *on {
		return ErrUnchanged
	}
	*on, c.Changed = true, now
	return nil
}

// Decide records a verdict and resolves the case. Deciding again makes the next version. A case
// held by somebody else is theirs to decide, unless an admin does.
func (c *Case) Decide(v Verdict, s Staff, now time.Time) error {
	switch {
	case c.Status == Closed:
		return Refuse("desk.closed_reopen", "ticket", c.Ticket)
	case c.Status == Taken && c.Holder != s.ID && s.Role != Admin:
		return Refuse("desk.taken_by", "ticket", c.Ticket, "name", c.HolderName)
	}
	v.Version, v.At, v.By, v.Name = 1, now, s.ID, s.Name
	if old := c.Verdict; old != nil {
		if old.Rating == v.Rating && old.Explanation == v.Explanation && old.Link == v.Link && c.Status == Resolved {
			return ErrUnchanged
		}
		v.Version = old.Version + 1
	}
	c.finish(Resolved, now)
	c.Verdict = &v
	return nil
}

// Close ends the case without a verdict.
func (c *Case) Close(reason string, spam bool, s Staff, now time.Time) error {
	switch {
	case c.Status == Closed:
		return ErrUnchanged
	case c.Status == Resolved:
		return Refuse("desk.finished", "ticket", c.Ticket)
	case c.Status == Taken && c.Holder != s.ID && s.Role != Admin:
		return Refuse("desk.taken_by", "ticket", c.Ticket, "name", c.HolderName)
	}
	c.finish(Closed, now)
	c.Reason, c.Spam = reason, spam
	return nil
}

// Reopen puts a finished case back into the queue. A verdict once published stays visible on it
// until the next one replaces it.
func (c *Case) Reopen(now time.Time) error {
	if c.Status == New || c.Status == Taken {
		return ErrUnchanged
	}
	c.Status, c.Changed, c.Finished = New, now, time.Time{}
	c.Reason, c.Spam = "", false
	return nil
}

func (c *Case) finish(to Status, now time.Time) {
	c.Status, c.Changed, c.Finished = to, now, now
	c.Holder, c.HolderName = "", ""
}
