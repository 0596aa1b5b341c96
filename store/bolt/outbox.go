package bolt

import (
	"bytes"
	"errors"
	"strconv"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
)

// jobLanes is how many jobs of one network may be worked on at the same time.
const jobLanes = 4

// outRow is a waiting message. Private is the address of the person it goes to, kept here so that
// a farewell still arrives after the identity was erased.
type outRow struct {
	Message bot.Message `json:"m"`
	Private bot.Address `json:"p,omitzero"`
}

// retired is what remains of a delivery that was given up: nothing of its text or destination.
type retired struct {
	At     time.Time  `json:"at"`
	Since  time.Time  `json:"since"`
	Reason string     `json:"why"`
	Case   bot.CaseID `json:"case,omitempty"`
}

var errDestination = errors.New("message needs either a group or a person")

// Enqueue implements bot.OutboxTx.
func (x *tx) Enqueue(m bot.Message) error {
	if m.To.IsZero() == (m.Person == "") {
		return errDestination
	}
	if m.Key != "" && x.has(tKey, []byte(m.Key)) {
		return nil
	}
	if !x.queued {
		x.queued, x.outMark = true, x.bucket(tOut).Sequence()
	}
	out := outRow{Message: m}
	lane, err := x.destination(m, &out.Private)
	if err != nil {
		return err
	}
	if m.Key != "" {
		if err := x.mark(tKey, []byte(m.Key)); err != nil {
			return err
		}
	}
	if m.Edit != "" {
		if done, err := x.replaceEdit(m.Edit, out); done || err != nil {
			return err
		}
	}
	var flags byte
	if m.Key != "" || m.Edit != "" || m.Answerable != "" {
		flags = flagKeyed
	}
	key, err := x.outbox().put(lane, x.now, x.now, flags, out)
	if err != nil || m.Edit == "" {
		return err
	}
	return x.write(tEdit, []byte(m.Edit), append([]byte{valueVersion}, key...))
}

// destination finds the lane of a message and, for a person, the address. The answers to pressed
// buttons of a chat have a lane beside its messages: they are worth nothing after a minute, and
// must not wait behind what a rate limit holds up.
func (x *tx) destination(m bot.Message, private *bot.Address) (lane seal.Mark, err error) {
	if m.Person == "" {
		lane, err = x.groupLane(m.To)
	} else {
		lane = x.personLane(m.Person)
		*private, _, err = x.Identity(m.Person)
	}
	if m.Answer != "" {
		lane = x.answerLane(lane)
	}
	return lane, err
}

// answerLane is the lane of answers beside that of a chat's messages.
func (x *tx) answerLane(chat seal.Mark) seal.Mark {
	return x.s.keys.Mark("lane", "answer", string(chat[:]))
}

// groupLane is the lane of what a group has become, so that order holds across a move.
func (x *tx) groupLane(a bot.Address) (seal.Mark, error) {
	a, err := x.ResolveAddress(a)
	return x.s.keys.Mark("lane", "to", string(a.Network), a.Chat), err
}

// replaceEdit puts an edit in the place of one of the same message that nobody has claimed.
func (x *tx) replaceEdit(key bot.Key, out outRow) (bool, error) {
	v := x.bucket(tEdit).Get([]byte(key))
	if len(v) != 1+rowKeySize {
		return false, nil
	}
	r, ok, err := x.outbox().find(append([]byte(nil), v[1:]...))
	if !ok || err != nil || r.tries > 0 {
		return false, err
	}
	return true, x.outbox().replace(r, out)
}

// EnqueueJob implements bot.OutboxTx.
func (x *tx) EnqueueJob(j bot.Job) error {
	n := x.bucket(tJob).Sequence() % jobLanes
	lane := x.s.keys.Mark("lane", "job", string(j.File.Network), strconv.FormatUint(n, 10))
	_, err := x.jobs().put(lane, x.now, x.now, 0, j)
	return err
}

// Deliveries implements bot.OutboxTx.
func (x *tx) Deliveries(limit int, except bot.Address) ([]bot.QueueID, error) {
	held, err := x.Held()
	if err != nil {
		return nil, err
	}
	if !held {
		return due(x.now, limit, x.outbox(), x.jobs())
	}
	if limit <= 0 {
		return nil, nil
	}
	var ids []bot.QueueID
	if !except.IsZero() {
		lane, err := x.groupLane(except)
		if err != nil {
			return nil, err
		}
		for _, lane := range []seal.Mark{lane, x.answerLane(lane)} {
			r, err := x.outbox().first(lane[:])
			if err != nil {
				return nil, err
			}
			if r != nil && r.due <= nanos(x.now) && len(ids) < limit {
				ids = append(ids, x.outbox().id(r.key))
			}
		}
	}
	jobs, err := due(x.now, limit-len(ids), x.jobs())
	return append(ids, jobs...), err
}

// Withdraw implements bot.OutboxTx.
func (x *tx) Withdraw(group bot.Address, c bot.CaseID) error {
	if group.IsZero() {
		return nil
	}
	lane, err := x.groupLane(group)
	if err != nil {
		return err
	}
	for k, v := range x.scan(tOut, lane[:], false) {
		r, err := x.outbox().parse(bytes.Clone(k), v)
		if err != nil {
			return err
		}
		var out outRow
		if err := x.outbox().open(r, &out); err != nil {
			return err
		}
		onItsWay := r.tries > 0 && out.Message.Key != "" // sent at this moment: the edit will find it
		if out.Message.Case != c || onItsWay {
			continue
		}
		if err := x.dropOut(r); err != nil {
			return err
		}
	}
	return nil
}

// NextDelivery implements bot.OutboxTx.
func (x *tx) NextDelivery() (time.Time, error) {
	return earlier(x.outbox().nextDue(), x.jobs().nextDue()), nil
}

func (x *tx) delivery(id bot.QueueID) (lanes, row, bool, error) {
	return pick(id, x.outbox(), x.jobs())
}

// Claim implements bot.OutboxTx.
func (x *tx) Claim(id bot.QueueID, next time.Time) (bot.Delivery, error) {
	q, r, ok, err := x.delivery(id)
	if err != nil {
		return bot.Delivery{}, err
	}
	if !ok {
		return bot.Delivery{}, bot.ErrNotFound
	}
	r.tries = tried(r.tries)
	d := bot.Delivery{ID: id, Tries: int(r.tries), Since: moment(r.since), Unique: string(id)}
	if q.tag == x.jobs().tag {
		d.Job = new(bot.Job)
		err = q.open(r, d.Job)
	} else {
		err = x.fill(&d, r)
	}
	if err != nil {
		return bot.Delivery{}, err
	}
	return d, q.move(r, next)
}

// fill opens a message row into d.
func (x *tx) fill(d *bot.Delivery, r row) error {
	var out outRow
	if err := x.outbox().open(r, &out); err != nil {
		return err
	}
	d.Message, d.To = &out.Message, out.Private
	var err error
	if d.To.IsZero() {
		if d.To, err = x.ResolveAddress(out.Message.To); err != nil {
			return err
		}
	}
	if out.Message.Edit != "" {
		d.Ref, err = x.sentRef(out.Message.Edit, d.To)
	}
	if under := out.Message.Under; under != "" && err == nil {
		var ref bot.MessageRef
		ref, err = x.sentRef(under, d.To)
		if ref.Chat == d.To { // not where it stands in another chat by now
			d.Message.ReplyTo = ref.ID
		}
	}
	return err
}

// Sent implements bot.OutboxTx.
func (x *tx) Sent(id bot.QueueID, ref bot.MessageRef) error {
	q, r, ok, err := x.delivery(id)
	if !ok || err != nil {
		return err
	}
	if q.tag == x.jobs().tag {
		return q.drop(r)
	}
	if r.flags&flagKeyed != 0 && ref.ID != "" {
		var out outRow
		if err := q.open(r, &out); err != nil {
			return err
		}
		for _, key := range []bot.Key{out.Message.Key, out.Message.Edit} {
			if err := x.remembered(key, ref, out.Message.Person == ""); err != nil {
				return err
			}
		}
		if err := x.answerable(out, ref.ID); err != nil {
			return err
		}
	}
	return x.served(r)
}

// served removes a row that was dealt with, and lets its lane stand back.
func (x *tx) served(r row) error {
	lane := bytes.Clone(r.lane()) // the row's memory may go with it
	if err := x.dropOut(r); err != nil {
		return err
	}
	return x.outbox().yield(lane, x.now)
}

// Reschedule implements bot.OutboxTx.
func (x *tx) Reschedule(id bot.QueueID, next time.Time) error {
	q, r, ok, err := x.delivery(id)
	if !ok || err != nil {
		return err
	}
	return q.move(r, next)
}

// Retire implements bot.OutboxTx.
func (x *tx) Retire(id bot.QueueID, reason string) error {
	q, r, ok, err := x.delivery(id)
	if !ok || err != nil {
		return err
	}
	n, err := x.next(tRetired)
	if err != nil {
		return err
	}
	old := retired{At: x.now, Since: moment(r.since), Reason: reason}
	if q.tag == x.outbox().tag {
		var out outRow
		if err := q.open(r, &out); err != nil {
			return err
		}
		old.Case = out.Message.Case
	}
	if err := x.put(tRetired, u64(n), nil, old); err != nil {
		return err
	}
	if err := x.count("retired", 1); err != nil {
		return err
	}
	if q.tag == x.jobs().tag {
		return q.drop(r)
	}
	return x.served(r)
}
