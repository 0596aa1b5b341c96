package telegram

import (
	"sync"
	"time"
)

// State is how receiving goes.
type State string

// States. Starting, and a webhook to which nothing came yet, are the zero State's name.
const (
	Starting     State = "starting"     // nothing was received yet
	Receiving    State = "receiving"    // the last request was answered, or the last post stored
	Conflict     State = "conflict"     // another process receives with this token, or a webhook is set
	Unauthorised State = "unauthorised" // the token is wrong or was revoked
	Unreachable  State = "unreachable"  // no answer, or none that can be read
	NotStoring   State = "not_storing"  // updates arrive and cannot be stored; Telegram keeps them
)

// Status is a state and its history, for /readyz.
type Status struct {
	State   State
	Since   time.Time // when the state began
	Success time.Time // the last success; zero if there was none
}

// tracker keeps a Status and tells of its changes.
type tracker struct {
	now    func() time.Time
	change func(from, to Status) // may be nil

	mu     sync.Mutex
	status Status
}

func newTracker(now func() time.Time, change func(from, to Status)) *tracker {
	return &tracker{now: now, change: change, status: Status{State: Starting, Since: now()}}
}

func (t *tracker) get() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status
}

// set notes a state; change is called once if it is another than before, outside the lock.
func (t *tracker) set(s State) {
	t.mu.Lock()
	now := t.now()
	before := t.status
	if s == Receiving {
		t.status.Success = now
	}
	if s != before.State {
		t.status.State, t.status.Since = s, now
	}
	after := t.status
	t.mu.Unlock()
	if after.State != before.State && t.change != nil {
		t.change(before, after)
	}
}
