package bot

import (
	"slices"
	"time"
)

// MergeInto makes c a part of another case: its tracks, referrals, clocks and categories go over where
// the other has none of its own; of two clocks of one kind the earlier stays. The tips are moved beside.
// A proposal has to be settled first, for it would be lost; a verdict on both sides stays with each
// side's senders.
func (c *Case) MergeInto(n *Case, now time.Time) error {
	switch {
	case c.ID == n.ID:
		return Refuse("desk.merge_self", "ticket", c.Ticket)
	case c.Merged == n.ID:
		return ErrUnchanged
	case c.Merged != 0:
		return Refuse("desk.merged", "ticket", c.Ticket)
	case n.Merged != 0:
		return Refuse("desk.merged", "ticket", n.Ticket)
	case c.Proposal != nil:
		return Refuse("desk.proposal_waits", "ticket", c.Ticket)
	}
	for _, w := range c.Works {
		n.adopt(w)
	}
	if n.Verdict == nil && n.Proposal == nil {
		n.Verdict = c.Verdict
	}
	for _, r := range c.Referrals {
		if i := slices.IndexFunc(n.Referrals, r.same); i < 0 {
			n.Referrals = append(n.Referrals, r)
		} else if n.Referrals[i].Pending() {
			n.Referrals[i] = r
		}
	}
	slices.SortStableFunc(n.Referrals, func(a, b Referral) int { return a.At.Compare(b.At) })
	for _, k := range c.Clocks {
		same := func(o Clock) bool { return o.Kind == k.Kind && o.Tip == k.Tip && !k.Due.Before(o.Due) }
		if !slices.ContainsFunc(n.Clocks, same) {
			n.SetClock(k)
		}
	}
	n.Categories = union(n.Categories, c.Categories)
	n.SenderCategories = union(n.SenderCategories, c.SenderCategories)
	n.Members = union(n.Members, c.Members)
	n.Told = union(n.Told, c.Told)
	n.Holds = union(append(n.Holds, c.ID), c.Holds)
	if n.Region == "" {
		n.Region, n.SenderRegion = c.Region, c.SenderRegion
	}
	n.Joined = now
	n.settle(now)

	c.Merged, c.Holds, c.Clocks, c.Due = n.ID, nil, nil, time.Time{}
	c.Works = []Work{{Track: Unsorted, Stage: Shut, Since: now}}
	c.settle(now)
	return nil
}

// adopt takes over a track from a merged case. If c is on it already, it goes on from where c is, and
// with whoever holds it there; only what c had ended without an outcome gives way. What is unsorted
// there tells nothing.
func (c *Case) adopt(w Work) {
	if own := c.Work(w.Track); own != nil {
		switch {
		case own.Stage == Shut && w.Stage != Shut && w.Track != Unsorted:
			*own = w
		case own.free() && w.Open():
			own.Lease = w.Lease
		}
		return
	}
	if w.Track == Unsorted {
		return
	}
	if u := c.Work(Unsorted); u != nil {
		if w.Lease == nil && w.Open() {
			w.Lease = u.Lease
		}
		*u = w
		return
	}
	c.Works = append(c.Works, w)
}

// SplitFrom makes c, merged into n before or new, a case of its own again: to be sorted, or with the
// body that has not answered to the hand-over it brought along. What it brought stays with n as well.
func (c *Case) SplitFrom(n *Case, now time.Time) {
	n.Holds = slices.DeleteFunc(n.Holds, func(id CaseID) bool { return id == c.ID })
	c.Merged, c.Brigade = 0, 0
	c.Works = []Work{{Track: Unsorted, Stage: Waiting, Since: now}}
	for i, r := range c.Referrals { // they were answered over there
		if j := slices.IndexFunc(n.Referrals, r.same); j >= 0 {
			c.Referrals[i] = n.Referrals[j]
		}
	}
	if c.referral("", Referral.Pending) != nil {
		c.enter(TrackViolation, now).move(Referred, now)
	}
	for _, k := range slices.Clone(n.Clocks) {
		if k.Tip == TipID(c.ID) {
			c.SetClock(k)
			n.StopClock(k.Kind, k.Tip)
		}
	}
	c.settle(now)
	n.settle(now)
}

// union is a with what b has besides, in order.
func union[T comparable](a, b []T) []T {
	for _, v := range b {
		if !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}
