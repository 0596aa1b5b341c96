package bot

import "time"

// Referral is one hand-over of a case to another body: sent, then received under that body's own
// register number, or returned.
type Referral struct {
	To    string // code of the organisation
	Title string // its name at the time
	At    time.Time
	By    PersonID
	Name  string // By's display name at the time
	// Posted: the text went to the organisation's own group. Else somebody carries it.
	Posted   bool      `json:",omitempty"`
	Register string    `json:",omitempty"` // the body's number for it
	Answered time.Time `json:",omitzero"`  // received or returned
	Reason   string    `json:",omitempty"` // why it was returned
}

// Pending reports whether the body has not answered.
func (r Referral) Pending() bool { return r.Answered.IsZero() }

// Refer hands the case over. The same body is not asked twice while it has not answered.
func (c *Case) Refer(r Referral, s Staff, now time.Time) error {
	for _, old := range c.Referrals {
		if old.To == r.To && old.Pending() {
			return ErrUnchanged
		}
	}
	err := c.on(TrackViolation, StepRefer, s, now, func(w *Work) { w.Lease = nil })
	if err == nil {
		r.At, r.By, r.Name = now, s.ID, s.Name
		r.Register, r.Reason, r.Answered = "", "", time.Time{}
		c.Referrals = append(c.Referrals, r)
	}
	return err
}

// taken reports whether the body has it: received, and not given back since.
func (r Referral) taken() bool { return !r.Pending() && r.Reason == "" }

// same reports whether o is this hand-over, as a merged case keeps it too.
func (r Referral) same(o Referral) bool { return o.To == r.To && o.By == r.By && o.At.Equal(r.At) }

// referral finds the latest hand-over of a kind to a body, or to any if none is named.
func (c *Case) referral(to string, kind func(Referral) bool) *Referral {
	for i := len(c.Referrals) - 1; i >= 0; i-- {
		if r := &c.Referrals[i]; (to == "" || r.To == to) && kind(*r) {
			return r
		}
	}
	return nil
}

// answerable finds the hand-over an answer is about, or says why there is none.
func (c *Case) answerable(to string, kinds ...func(Referral) bool) (*Referral, error) {
	always := func(Referral) bool { return true }
	switch w := c.Work(TrackViolation); {
	case w == nil, c.referral("", always) == nil:
		return nil, Refuse("desk.nothing_referred", "ticket", c.Ticket)
	case c.referral(to, always) == nil:
		return nil, Refuse("desk.not_referred_there", "ticket", c.Ticket)
	}
	for _, kind := range kinds {
		if r := c.referral(to, kind); r != nil {
			return r, nil
		}
	}
	return nil, ErrUnchanged
}

// Receive records that the body took the case, under its register number if it gave one. An empty
// to means the one asked last that has not answered. ErrUnchanged if it has.
func (c *Case) Receive(to, register string, s Staff, now time.Time) error {
	r, err := c.answerable(to, Referral.Pending)
	if err == ErrUnchanged && c.referral(to, Referral.taken) == nil { // given back
		err = Refuse("desk.nothing_referred", "ticket", c.Ticket)
	}
	if err != nil {
		return err
	}
	err = c.each(StepReceive, TrackViolation, s, now, func(w *Work) { w.Lease = nil })
	if err == nil {
		r.Register, r.Answered = register, now
	}
	return err
}

// Return records that the body gave the case back, and why; the reason must not be empty. An empty to
// means the one asked last that has not answered, or else the last that took it. ErrUnchanged if that
// is known already. The track is work to do again, unless another body has it or has yet to answer, or the desk is
// at it.
func (c *Case) Return(to, reason string, s Staff, now time.Time) error {
	r, err := c.answerable(to, Referral.Pending, Referral.taken)
	if err != nil {
		return err
	}
	taken, asked := false, false
	for i := range c.Referrals {
		if o := &c.Referrals[i]; o != r {
			taken, asked = taken || o.taken(), asked || o.Pending()
		}
	}
	err = c.each(StepReturn, TrackViolation, s, now, func(w *Work) {
		switch {
		case w.Stage == Received && taken, w.Stage == Referred && asked:
		case w.Stage == Received && asked:
			w.move(Referred, now)
		case w.Stage == Referred, w.Stage == Received:
			w.move(Returned, now)
			w.Lease = nil
		}
	})
	if err == nil {
		r.Answered, r.Reason = now, reason
	}
	return err
}
