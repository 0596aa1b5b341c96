package bot

import (
	"strings"
	"time"
)

// Rating is the outcome of a fact check. The values are the words coordinators type.
type Rating string

// Ratings (DOMAIN section 6.2, after the CekFakta coalition's vocabulary).
const (
	Salah          Rating = "SALAH"
	Menyesatkan    Rating = "MENYESATKAN"
	SebagianBenar  Rating = "SEBAGIAN_BENAR"
	Benar          Rating = "BENAR"
	BelumTerbukti  Rating = "BELUM_TERBUKTI"
	Satire         Rating = "SATIRE"
	Penipuan       Rating = "PENIPUAN"
	ratingSynonyms        = "HOAKS=SALAH HOAX=SALAH KELIRU=SALAH PALSU=SALAH SESAT=MENYESATKAN SEBAGIAN=SEBAGIAN_BENAR " +
		"BELUM=BELUM_TERBUKTI PARODI=SATIRE TIPU=PENIPUAN"
)

// Ratings lists every rating in the order help shows them.
func Ratings() []Rating {
	return []Rating{Salah, Menyesatkan, SebagianBenar, Benar, BelumTerbukti, Satire, Penipuan}
}

// ParseRating reads a typed rating in any case, with space, dash or underscore, or one of the
// usual other words for it.
func ParseRating(s string) (Rating, bool) {
	s = strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToUpper(s))
	s = strings.Join(strings.Fields(s), "_")
	for pair := range strings.FieldsSeq(ratingSynonyms) {
		if from, to, _ := strings.Cut(pair, "="); s == from {
			s = to
		}
	}
	for _, r := range Ratings() {
		if s == string(r) {
			return r, true
		}
	}
	return "", false
}

// Verdict is a published outcome, or the proposal of one. The bot never makes one: By proposed it,
// Approver published it, and Link, Publisher and Checked are the fact check it quotes. Without a link,
// people are told that there is no published fact check yet.
type Verdict struct {
	Rating      Rating
	Explanation string
	Link        string    `json:",omitempty"`
	Publisher   string    `json:",omitempty"` // the link's host
	Checked     time.Time `json:",omitzero"`  // day of the fact check; zero if it bears none
	At          time.Time // when it was proposed, and then when it was published
	By          PersonID
	Name        string   // By's display name at the time
	Approver    PersonID `json:",omitempty"` // empty for a proposal
	Approved    string   `json:",omitempty"` // Approver's display name at the time
	Urgent      string   `json:",omitempty"` // why an admin published it without a second person
	Version     int      // from 1; a later verdict on the same case counts on
}

// InForce reports whether the case's verdict holds: it was published, and at most its correction is
// being written. That of a reopened case does not, though it stays visible at the desk.
func (c Case) InForce() bool {
	w := c.Work(TrackHoax)
	return c.Verdict != nil && w != nil && (w.Stage == Published || w.Stage == Proposed && w.Before == Published)
}

// Propose writes a verdict for a second person to publish.
func (c *Case) Propose(v Verdict, s Staff, now time.Time) error {
	return c.propose(StepPropose, v, s, now)
}

// Correct proposes the next version of a published verdict, which stays in force meanwhile.
// ErrUnchanged if it says the same as one in force.
func (c *Case) Correct(v Verdict, s Staff, now time.Time) error {
	if old := c.Verdict; c.InForce() && old.Rating == v.Rating && old.Explanation == v.Explanation && old.Link == v.Link {
		return ErrUnchanged
	}
	if c.Verdict != nil && !c.InForce() { // reopened: the next version is proposed like the first
		return c.propose(StepPropose, v, s, now)
	}
	return c.propose(StepCorrect, v, s, now)
}

func (c *Case) propose(step Step, v Verdict, s Staff, now time.Time) error {
	v.Version, v.At, v.By, v.Name = 1, now, s.ID, s.Name
	v.Approver, v.Approved, v.Urgent = "", "", ""
	if c.Verdict != nil {
		v.Version = c.Verdict.Version + 1
	}
	was := Waiting
	if w := c.Work(TrackHoax); w != nil {
		was = w.Stage
	}
	err := c.on(TrackHoax, step, s, now, func(w *Work) { w.Before, w.Lease = was, nil })
	if err == nil {
		c.Proposal = &v
	}
	return err
}

// Approve publishes what another proposed.
func (c *Case) Approve(s Staff, now time.Time) error { return c.publish(StepApprove, "", s, now) }

// Override publishes a proposal without a second person, for a reason that is kept and told.
func (c *Case) Override(reason string, s Staff, now time.Time) error {
	return c.publish(StepOverride, reason, s, now)
}

func (c *Case) publish(step Step, urgent string, s Staff, now time.Time) error {
	if !c.On(TrackHoax) {
		return Refuse("desk.nothing_proposed", "ticket", c.Ticket)
	}
	err := c.each(step, TrackHoax, s, now, func(w *Work) { w.Before = "" })
	if err != nil {
		return err
	}
	v := *c.Proposal
	v.At, v.Approver, v.Approved, v.Urgent = now, s.ID, s.Name, urgent
	c.Verdict, c.Proposal = &v, nil
	return nil
}

// Reject sends a proposal back to where it came from; its proposer may withdraw it so. A proposer who
// had work to do holds it again until a time.
func (c *Case) Reject(s Staff, until, now time.Time) error {
	if !c.On(TrackHoax) {
		return Refuse("desk.nothing_proposed", "ticket", c.Ticket)
	}
	p := c.Proposal
	err := c.each(StepReject, TrackHoax, s, now, func(w *Work) {
		w.move(w.Before, now)
		w.Before = ""
		if w.Stage == Waiting {
			w.Lease = &Lease{Holder: p.By, Name: p.Name, Until: until}
		}
	})
	if err == nil {
		c.Proposal = nil
	}
	return err
}
