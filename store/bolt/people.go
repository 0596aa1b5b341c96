package bolt

import (
	"bytes"
	"errors"
	"time"

	"awassiber/bot"
)

// identity is the first row of a person in tPerson.
type identity struct {
	Address bot.Address `json:"a"`
	Since   time.Time   `json:"t"`
}

// What follows the PersonID and a zero byte in the keys of a person's other rows.
const (
	kindDialogue = 'd'
	kindTip      = 't'
)

var errNobody = errors.New("dialogue of nobody")

func dialogueKey(p bot.PersonID) []byte { return append([]byte(p), 0, kindDialogue) }

// byPerson begins the keys that name the tips of a person.
func byPerson(p bot.PersonID) []byte { return append([]byte(p), 0, kindTip) }

// Pseudonym implements bot.PeopleTx.
func (x *tx) Pseudonym(a bot.Address) bot.PersonID { return x.s.keys.Pseudonym(a) }

// remember stores how to reach a person, the first time they are met.
func (x *tx) remember(id bot.PersonID, a bot.Address) error {
	if x.has(tPerson, []byte(id)) {
		return nil
	}
	return x.put(tPerson, []byte(id), nil, identity{Address: a, Since: x.now})
}

// Identity implements bot.PeopleTx.
func (x *tx) Identity(id bot.PersonID) (bot.Address, time.Time, error) {
	var who identity
	err := x.lookup(tPerson, string(id), &who)
	return who.Address, who.Since, err
}

// lookup reads a row whose key is a string; an empty one, which bbolt knows no row for, is not found.
func (x *tx) lookup(b table, key string, v any) error {
	if key == "" {
		return bot.ErrNotFound
	}
	return x.get(b, []byte(key), v)
}

// Busy implements bot.PeopleTx.
func (x *tx) Busy(id bot.PersonID) (bool, error) {
	lane := x.personLane(id)
	r, err := x.inbox().first(lane[:])
	return r != nil, err
}

// Forget implements bot.PeopleTx.
func (x *tx) Forget(id bot.PersonID) error {
	if id == "" {
		return nil
	}
	if err := errors.Join(x.remove(tPerson, []byte(id)), x.remove(tPerson, dialogueKey(id))); err != nil {
		return err
	}
	lane := x.personLane(id)
	for k, v := range x.scan(tIn, lane[:], false) {
		r, err := x.inbox().parse(bytes.Clone(k), v)
		if err != nil {
			return err
		}
		if err := x.inbox().drop(r); err != nil {
			return err
		}
	}
	answers := x.answerLane(lane)
	if err := errors.Join(x.forgetOutgoing(lane[:]), x.forgetOutgoing(answers[:])); err != nil {
		return err
	}
	if err := x.forgetBad(lane[:]); err != nil {
		return err
	}
	for tip, err := range x.TipsBy(id) {
		if err != nil {
			return err
		}
		fetched := x.fetchedLane(tip.ID)
		if err := x.forgetBad(fetched[:]); err != nil {
			return err
		}
	}
	return nil
}

// forgetOutgoing removes the messages to a person that waited before this function began.
func (x *tx) forgetOutgoing(lane []byte) error {
	for k, v := range x.scan(tOut, lane, false) {
		r, err := x.outbox().parse(bytes.Clone(k), v)
		if err != nil {
			return err
		}
		if x.queued && r.number() > x.outMark {
			continue
		}
		if err := x.dropOut(r); err != nil {
			return err
		}
	}
	return nil
}

func (x *tx) forgetBad(lane []byte) error {
	for k, v := range x.scan(tBad, lane, false) {
		key := bytes.Clone(k)
		var bad quarantined
		if err := x.decode(tBad, key, v, &bad); err != nil {
			return err
		}
		if err := x.remove(tBad, key); err != nil {
			return err
		}
		if f := bad.Update.Fetched; f != nil && f.File.SHA256 != "" { // it was never counted: nothing else would remove it
			if err := x.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: f.File.Reference()}); err != nil {
				return err
			}
		}
		if err := x.count(badCounter(bad.Reason), -1); err != nil {
			return err
		}
	}
	return nil
}

// Dialogue implements bot.PeopleTx.
func (x *tx) Dialogue(id bot.PersonID) (bot.Dialogue, error) {
	var d bot.Dialogue
	err := x.get(tPerson, dialogueKey(id), &d)
	if err == bot.ErrNotFound {
		return bot.Dialogue{}, nil
	}
	return d, err
}

// PutDialogue implements bot.PeopleTx.
func (x *tx) PutDialogue(d bot.Dialogue) error {
	if d.Person == "" {
		return errNobody
	}
	return x.put(tPerson, dialogueKey(d.Person), nil, d)
}

// Coordinator implements bot.PeopleTx.
func (x *tx) Coordinator(id bot.PersonID) (bot.Coordinator, error) {
	var c bot.Coordinator
	err := x.lookup(tStaff, string(id), &c)
	if err == bot.ErrNotFound {
		err = x.lookup(tMember, string(id), &c)
	}
	return c, err
}

// PutCoordinator implements bot.PeopleTx. Members, who may be thousands, lie apart from those who work at the
// desk, and are counted.
func (x *tx) PutCoordinator(c bot.Coordinator) error {
	if err := x.DeleteCoordinator(c.ID); err != nil {
		return err
	}
	if c.Role != bot.Member {
		return x.put(tStaff, []byte(c.ID), nil, c)
	}
	return errors.Join(x.put(tMember, []byte(c.ID), nil, c), x.count(memberPrefix+c.Organisation, 1))
}

// memberPrefix begins the names of counters of members.
const memberPrefix = "member/"

// DeleteCoordinator implements bot.PeopleTx.
func (x *tx) DeleteCoordinator(id bot.PersonID) error {
	var old bot.Coordinator
	switch err := x.lookup(tMember, string(id), &old); {
	case err == nil:
		return errors.Join(x.remove(tMember, []byte(id)), x.count(memberPrefix+old.Organisation, -1))
	case err != bot.ErrNotFound:
		return err
	}
	return x.remove(tStaff, []byte(id))
}

// Members implements bot.PeopleTx.
func (x *tx) Members() (map[string]int, error) {
	members := map[string]int{}
	for k := range x.scan(tCount, []byte(memberPrefix), false) {
		if n := x.counted(string(k)); n > 0 {
			members[string(k[len(memberPrefix):])] = n
		}
	}
	return members, nil
}

// Coordinators implements bot.PeopleTx.
func (x *tx) Coordinators() ([]bot.Coordinator, error) {
	var all []bot.Coordinator
	for k, v := range x.scan(tStaff, nil, false) {
		var c bot.Coordinator
		if err := x.decode(tStaff, k, v, &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (x *tx) inviteKey(code string) []byte {
	m := x.s.keys.Mark("invite", code)
	return m[:]
}

// PutInvite implements bot.PeopleTx. Invitations that expired go on the occasion.
func (x *tx) PutInvite(code string, i bot.Invite) error {
	for k, v := range x.scan(tInvite, nil, false) {
		key := bytes.Clone(k)
		var old bot.Invite
		if err := x.decode(tInvite, key, v, &old); err != nil {
			return err
		}
		if !old.Expires.After(x.now) {
			if err := x.remove(tInvite, key); err != nil {
				return err
			}
		}
	}
	return x.put(tInvite, x.inviteKey(code), nil, i)
}

// TakeInvite implements bot.PeopleTx.
func (x *tx) TakeInvite(code string) (bot.Invite, error) {
	var i bot.Invite
	key := x.inviteKey(code)
	if err := x.get(tInvite, key, &i); err != nil {
		return bot.Invite{}, err
	}
	if !i.Expires.After(x.now) {
		return bot.Invite{}, bot.ErrNotFound // the next PutInvite removes it
	}
	return i, x.remove(tInvite, key)
}
