package whatsapp

import (
	"sync"
	"time"
)

// State is how the link to WhatsApp goes. The values are shown in /readyz and chosen from by sentences,
// so they never change.
type State string

// States. Whoever is told of one, and what to do about it, is docs/operating.md.
const (
	Starting    State = "starting"         // not connected yet
	Unpaired    State = "pairing"          // no phone is linked: see Client.Pairing
	Connected   State = "connected"        // messages come and go
	NotStoring  State = "not_storing"      // messages come and cannot be stored; WhatsApp keeps them
	TimeLocked  State = "timelocked_until" // connected, but nothing may be said to persons until Until
	Unreachable State = "unreachable"      // no connection, or a refusal with Code that may pass
	BannedUntil State = "banned_until"     // banned for a time, until Until; Code is the reason (101-106)
	Outdated    State = "outdated"         // WhatsApp refuses this version: the program must be updated
	Replaced    State = "replaced"         // the session is in use elsewhere; waits for Client.Resume
	LoggedOut   State = "logged_out"       // the link was ended; waits for Client.Resume, then pairs
)

// Status is a state and its history, for /readyz and the admins.
type Status struct {
	State   State
	Since   time.Time // when the state began
	Until   time.Time // when it ends by itself, for BannedUntil and TimeLocked; else zero
	Code    int       // WhatsApp's number for the reason, 0 if there is none (types/events, ConnectFailureReason)
	Success time.Time // when a connection last stood or a message was last stored; zero: never
}

// tracker keeps a Status and tells of its changes. A time-lock and a store that fails lie over a
// standing connection and are remembered while it is gone.
type tracker struct {
	now    func() time.Time
	change func(from, to Status) // may be nil

	tell sync.Mutex // changes are told in order

	mu      sync.Mutex
	base    Status
	failing bool
	lock    time.Time
	lockNew time.Duration // how long the next lock of unknown length is taken to last
	shown   Status
}

// firstLock and lastLock bound how long we keep silent when WhatsApp refuses without saying until when.
const (
	firstLock = time.Hour
	lastLock  = 24 * time.Hour
)

func newTracker(now func() time.Time, change func(from, to Status)) *tracker {
	first := Status{State: Starting, Since: now()}
	return &tracker{now: now, change: change, base: first, shown: first, lockNew: firstLock}
}

// effective is what the parts amount to.
func (t *tracker) effective(now time.Time) Status {
	s := t.base
	if s.State == Connected {
		switch {
		case t.failing:
			s.State = NotStoring
		case t.lock.After(now):
			s.State, s.Until = TimeLocked, t.lock
		}
	}
	if s.State == t.shown.State {
		s.Since = t.shown.Since
	} else {
		s.Since = now
	}
	return s
}

// get is the state now; a lock that ran out is noticed here.
func (t *tracker) get() Status {
	t.update(func(time.Time) {})
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.shown
}

// update changes the parts and tells of a new state once, outside the lock.
func (t *tracker) update(change func(now time.Time)) {
	t.tell.Lock()
	defer t.tell.Unlock()
	t.mu.Lock()
	now := t.now()
	change(now)
	before := t.shown
	t.shown = t.effective(now)
	after := t.shown
	t.mu.Unlock()
	if t.change != nil && (after.State != before.State || after.Code != before.Code || !after.Until.Equal(before.Until)) {
		t.change(before, after)
	}
}

// set notes a state of the connection.
func (t *tracker) set(s State, code int, until time.Time) {
	t.update(func(now time.Time) {
		t.base.State, t.base.Code, t.base.Until = s, code, until
		if s == Connected {
			t.base.Success = now
		}
	})
}

// stored notes whether the store took what came.
func (t *tracker) stored(ok bool) {
	t.update(func(now time.Time) {
		t.failing = !ok
		if ok {
			t.base.Success = now
		}
	})
}

// locked notes a time-lock that ends at until; zero: nobody knows when. It returns the end.
func (t *tracker) locked(until time.Time) (end time.Time) {
	t.update(func(now time.Time) {
		switch {
		case until.After(now):
			t.lock = until
		case !t.lock.After(now):
			t.lock = now.Add(t.lockNew)
			t.lockNew = min(2*t.lockNew, lastLock)
		}
		end = t.lock
	})
	return end
}

// unlocked notes that the lock is over.
func (t *tracker) unlocked() {
	t.update(func(time.Time) { t.lock, t.lockNew = time.Time{}, firstLock })
}

// silent is until when nothing may be said to persons; zero if it may, or nobody knows. It tells of no
// change, so that it may be asked from within whatever is told.
func (t *tracker) silent() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	until := t.lock
	if t.base.State == BannedUntil && t.base.Until.After(until) {
		until = t.base.Until
	}
	if !until.After(t.now()) {
		return time.Time{}
	}
	return until
}

// sent notes that a person got a message: the next lock of unknown length starts short again.
func (t *tracker) sent() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lockNew = firstLock
}
