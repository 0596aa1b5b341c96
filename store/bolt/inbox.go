package bolt

import (
	"errors"
	"math"
	"strconv"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
)

// quarantined is a row of tBad: an arrival that could not be handled, whole.
type quarantined struct {
	Update bot.Update `json:"u"`
	Since  time.Time  `json:"since"`
	Tries  int        `json:"n"`
	At     time.Time  `json:"at"`
	Reason string     `json:"why"`
}

// errNoID: an update without an id could not be told from the next one without.
var errNoID = errors.New("update has no id")

// Deliver implements bot.InboxTx.
func (x *tx) Deliver(u bot.Update) (bool, error) {
	if u.ID == "" {
		return false, errNoID
	}
	fresh, err := x.unseen(u)
	if !fresh || err != nil {
		return false, err
	}
	person := u.From.Address
	if person.IsZero() && u.Private {
		person = u.Chat
	}
	quoted, err := x.quotedKey(u)
	if err != nil {
		return false, err
	}
	u = x.anonymous(u, person)
	if quoted != "" {
		u.Message.ReplyTo.Key = quoted // a copy by now
	}
	service := u.Message != nil && u.Message.Unsupported == bot.UnsupportedService // nothing they said
	if u.Private && !person.IsZero() && !service {
		if err := x.remember(u.From.ID, person); err != nil {
			return false, err
		}
	}
	_, err = x.inbox().put(x.inboxLane(u), x.now, x.now, 0, u)
	return err == nil, err
}

// quotedKey is the key of the message of ours that a private one quotes; empty if it is none that counts.
func (x *tx) quotedKey(u bot.Update) (bot.Key, error) {
	if !u.Private || u.Message == nil || u.Message.ReplyTo == nil {
		return "", nil
	}
	key, err := x.KeyOf(bot.MessageRef{Chat: u.Chat, ID: u.Message.ReplyTo.ID})
	if err == bot.ErrNotFound {
		return "", nil
	}
	return key, err
}

// anonymous returns u without addresses of persons. What u points to is copied, since the caller
// keeps it and may deliver it again.
func (x *tx) anonymous(u bot.Update, person bot.Address) bot.Update {
	if !person.IsZero() {
		u.From.ID = x.Pseudonym(person)
	}
	u.From.Address = bot.Address{}
	if u.Private {
		u.Chat.Chat = ""
	}
	if m := u.Message; m != nil && m.ReplyTo != nil {
		in, quoted := *m, *m.ReplyTo
		if !quoted.From.Address.IsZero() {
			quoted.From.ID = x.Pseudonym(quoted.From.Address)
			quoted.From.Address = bot.Address{}
		}
		in.ReplyTo, u.Message = &quoted, &in
	}
	return u
}

// inboxLane tells which arrivals must wait for which: those of a person, those of a group. What the
// program tells itself must not wait for anybody's message.
func (x *tx) inboxLane(u bot.Update) seal.Mark {
	switch {
	case u.Fetched != nil:
		return x.fetchedLane(u.Fetched.Tip)
	case u.Notice != nil && u.Notice.Link != "": // the end of an outage after its beginning
		return x.s.keys.Mark("lane", "link", string(u.Network))
	case u.Notice != nil:
		return x.s.keys.Mark("lane", "notice", u.Notice.Key)
	case u.Failed != nil:
		return x.s.keys.Mark("lane", "failed")
	case u.Private:
		return x.personLane(u.From.ID)
	}
	return x.s.keys.Mark("lane", "chat", string(u.Chat.Network), u.Chat.Chat, string(u.Network))
}

func (t *txn) personLane(p bot.PersonID) seal.Mark { return t.s.keys.Mark("lane", "person", string(p)) }

func (t *txn) fetchedLane(id bot.TipID) seal.Mark {
	return t.s.keys.Mark("lane", "fetched", strconv.FormatUint(uint64(id), 10))
}

// Arrivals implements bot.InboxTx.
func (x *tx) Arrivals(limit int) ([]bot.QueueID, error) {
	return due(x.now, limit, x.inbox(), x.timers())
}

// NextArrival implements bot.InboxTx.
func (x *tx) NextArrival() (time.Time, error) {
	return earlier(x.inbox().nextDue(), x.timers().nextDue()), nil
}

// earlier returns the earlier of two times that are not zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (x *tx) arrival(id bot.QueueID) (lanes, row, bool, error) {
	return pick(id, x.inbox(), x.timers())
}

// Arrival implements bot.InboxTx.
func (x *tx) Arrival(id bot.QueueID) (bot.Arrival, error) {
	q, r, ok, err := x.arrival(id)
	if err != nil {
		return bot.Arrival{}, err
	}
	if !ok {
		return bot.Arrival{}, bot.ErrNotFound
	}
	a := bot.Arrival{ID: id, Tries: int(r.tries), Since: moment(r.since)}
	if q.tag == x.inbox().tag {
		return a, q.open(r, &a.Update)
	}
	var timer bot.Timer
	if err := q.open(r, &timer); err != nil {
		return bot.Arrival{}, err
	}
	a.Update = bot.Update{ID: bot.UpdateID("timer/" + string(id)), Kind: bot.KindTimer, At: timer.Due, Timer: &timer}
	return a, nil
}

// Alarm implements bot.InboxTx.
func (x *tx) Alarm(id bot.QueueID) (bot.Timer, error) {
	var t bot.Timer
	q, r, ok, err := x.arrival(id)
	switch {
	case err != nil:
		return t, err
	case !ok || q.tag == x.inbox().tag:
		return t, bot.ErrNotFound
	}
	return t, q.open(r, &t)
}

// Finish implements bot.InboxTx.
func (x *tx) Finish(id bot.QueueID) error {
	q, r, ok, err := x.arrival(id)
	if !ok || err != nil {
		return err
	}
	return q.drop(r)
}

// Retry implements bot.InboxTx.
func (x *tx) Retry(id bot.QueueID, next time.Time) error {
	q, r, ok, err := x.arrival(id)
	if !ok || err != nil {
		return err
	}
	r.tries = tried(r.tries)
	return q.move(r, next)
}

func tried(n uint16) uint16 { return min(n, math.MaxUint16-1) + 1 }

// Quarantine implements bot.InboxTx.
func (x *tx) Quarantine(id bot.QueueID, reason string) error {
	a, err := x.Arrival(id)
	if err == bot.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	q, r, _, err := x.arrival(id)
	if err != nil {
		return err
	}
	bad := quarantined{Update: a.Update, Since: a.Since, Tries: a.Tries, At: x.now, Reason: reason}
	if err := x.put(tBad, r.key, nil, bad); err != nil {
		return err
	}
	if err := x.count(badCounter(reason), 1); err != nil {
		return err
	}
	return q.drop(r)
}

// badCounter is where a quarantined row is counted.
func badCounter(reason string) string {
	if reason == bot.ReasonUnknownType {
		return "skipped"
	}
	return "quarantined"
}

func (x *tx) timerLane(name string) seal.Mark { return x.s.keys.Mark("lane", "timer", name) }

// SetTimer implements bot.InboxTx. A timer that is being handled and sets itself again gets a new
// row, so that finishing the old one leaves it.
func (x *tx) SetTimer(timer bot.Timer) error {
	if err := x.StopTimer(timer.Name); err != nil {
		return err
	}
	_, err := x.timers().put(x.timerLane(timer.Name), timer.Due, x.now, 0, timer)
	return err
}

// StopTimer implements bot.InboxTx.
func (x *tx) StopTimer(name string) error {
	lane := x.timerLane(name)
	r, err := x.timers().first(lane[:])
	if err != nil || r == nil {
		return err
	}
	return x.timers().drop(*r)
}
