package bot

import (
	"slices"
	"time"
)

// Step is what can be done with one track of a case.
type Step string

// Steps.
const (
	StepTake     Step = "take"     // hold it for a time
	StepRelease  Step = "release"  // give it back
	StepAssign   Step = "assign"   // give the hold to somebody
	StepPropose  Step = "propose"  // write a verdict
	StepCorrect  Step = "correct"  // write the next version of a published one
	StepApprove  Step = "approve"  // publish what another proposed
	StepReject   Step = "reject"   // send it back
	StepOverride Step = "override" // publish without a second person: urgent, and marked
	StepRefer    Step = "refer"    // hand over to another body
	StepReceive  Step = "receive"  // that body took it
	StepReturn   Step = "return"   // that body gave it back
	StepShut     Step = "shut"     // end without an outcome
	StepReopen   Step = "reopen"   // begin again
)

// Steps lists every step.
func Steps() []Step {
	return []Step{StepTake, StepRelease, StepAssign, StepPropose, StepCorrect, StepApprove, StepReject,
		StepOverride, StepRefer, StepReceive, StepReturn, StepShut, StepReopen}
}

// Permission is the right a step needs.
func (s Step) Permission() Permission {
	switch s {
	case StepPropose, StepCorrect, StepApprove, StepReject:
		return MayDecide
	case StepOverride:
		return MayOverride
	case StepRefer, StepReceive, StepReturn:
		return MayRefer
	}
	return MayWork
}

// relation is how somebody must stand to a track to do a step.
type relation int

const (
	anyone relation = iota // of those who have the right
	unheld                 // nobody else may hold it, but an admin passes
	nobody                 // nobody at all may hold it
	holder                 // must hold it, but an admin passes
	second                 // must not be who proposed
)

// rule is one row of the table of transitions.
type rule struct {
	step Step
	from []Stage
	by   relation
	to   Stage // empty: the stage stays
}

// transitions is the table: what can be done at which stage, by whom, and where it leads. What does
// not stand here cannot be done.
func transitions() []rule {
	return []rule{
		{StepTake, []Stage{Waiting, Returned, Referred}, nobody, ""},
		{StepRelease, []Stage{Waiting, Returned, Referred}, holder, ""},
		{StepAssign, []Stage{Waiting, Returned, Referred}, unheld, ""},
		{StepPropose, []Stage{Waiting}, unheld, Proposed},
		{StepCorrect, []Stage{Published}, anyone, Proposed},
		{StepApprove, []Stage{Proposed}, second, Published},
		{StepReject, []Stage{Proposed}, anyone, ""}, // leads back to where the proposal came from
		{StepOverride, []Stage{Proposed}, anyone, Published},
		{StepRefer, []Stage{Waiting, Returned, Referred}, unheld, Referred},
		// A body may answer after another did, or after the desk went on without it.
		{StepReceive, []Stage{Waiting, Referred, Received, Returned}, anyone, Received},
		{StepReturn, []Stage{Waiting, Referred, Received, Returned}, anyone, ""}, // see Return
		{StepShut, []Stage{Waiting, Returned, Referred}, unheld, Shut},
		{StepReopen, []Stage{Published, Received, Shut}, anyone, Waiting},
	}
}

// permit finds the rule for a step on a track, or says why there is none. It does not ask for rights:
// May does, before.
func (c *Case) permit(step Step, w Work, s Staff) (rule, error) {
	i := slices.IndexFunc(transitions(), func(r rule) bool { return r.step == step && slices.Contains(r.from, w.Stage) })
	if i < 0 {
		return rule{}, c.wrongStage(step, w)
	}
	r := transitions()[i]
	held := w.Lease != nil
	mine := held && w.Lease.Holder == s.ID
	switch {
	case r.by == nobody && held, r.by == unheld && held && !mine && s.Role != Admin, r.by == holder && held && !mine && s.Role != Admin:
		return r, c.takenBy(w)
	case r.by == holder && !held:
		return r, ErrUnchanged
	case r.by == second && c.Proposal != nil && c.Proposal.By == s.ID:
		return r, Refuse("desk.own_proposal", "ticket", c.Ticket)
	}
	return r, nil
}

func (c *Case) takenBy(w Work) error {
	return Refuse("desk.taken_by", "ticket", c.Ticket, "name", w.Lease.Name)
}

// wrongStage says why a step is not possible now, in the words of what would be.
func (c *Case) wrongStage(step Step, w Work) error {
	refuse := func(key string) error { return Refuse(key, "ticket", c.Ticket) }
	switch {
	case step == StepReopen:
		return ErrUnchanged
	case step == StepCorrect && w.Stage == Proposed, step == StepPropose && w.Stage == Proposed:
		return refuse("desk.proposal_waits")
	case step == StepCorrect:
		return refuse("desk.nothing_published")
	case step == StepApprove, step == StepReject, step == StepOverride:
		return refuse("desk.nothing_proposed")
	case step == StepPropose && w.Stage == Published:
		return refuse("desk.published_already")
	case step == StepShut && w.Stage == Shut:
		return ErrUnchanged
	case w.Stage == Proposed:
		return refuse("desk.proposal_waits")
	case w.Stage == Shut:
		return refuse("desk.closed_reopen")
	}
	return refuse("desk.finished")
}

// each does a step on every track of the case, or on one only. It succeeds if it was possible on one;
// else it tells the first reason why not, a real one before "unchanged".
func (c *Case) each(step Step, only Track, s Staff, now time.Time, do func(*Work)) error {
	var reason error
	done := false
	for i := range c.Works {
		w := &c.Works[i]
		if only != "" && w.Track != only {
			continue
		}
		r, err := c.permit(step, *w, s)
		if err != nil {
			if reason == nil || reason == ErrUnchanged {
				reason = err
			}
			continue
		}
		done = true
		if r.to != "" {
			w.move(r.to, now)
		}
		do(w)
	}
	switch {
	case done:
		c.settle(now)
		return nil
	case reason == nil:
		return Refuse("desk.not_on_track", "ticket", c.Ticket)
	}
	return reason
}
