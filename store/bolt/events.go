package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"iter"

	"awassiber/bot"
)

// Append implements bot.CaseTx. The hash is SHA-256 of the previous event's hash (nothing for the
// first) and this event's JSON with an empty Hash, exactly as it is stored.
func (x *tx) Append(e bot.Event) (bot.Event, error) {
	previous, err := x.lastHash()
	if err != nil {
		return bot.Event{}, err
	}
	n, err := x.next(tEvent)
	if err != nil {
		return bot.Event{}, err
	}
	e.ID, e.At, e.Hash = bot.EventID(n), x.now, nil
	text, err := x.encode(e)
	if err != nil {
		return bot.Event{}, err
	}
	e.Hash = chain(previous, text)
	if err := x.putPlain(tEvent, u64(n), nil, append(bytes.Clone(e.Hash), text...)); err != nil {
		return bot.Event{}, err
	}
	if e.Case == 0 {
		return e, nil
	}
	return e, x.mark(tEventCase, pair(uint64(e.Case), n))
}

func chain(previous, text []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(text)
	return h.Sum(nil)
}

func (x *tx) lastHash() ([]byte, error) {
	k, v := x.bucket(tEvent).Cursor().Last()
	if k == nil {
		return nil, nil
	}
	hash, _, err := x.eventText(k, v)
	return hash, err
}

// eventText opens a row and splits it. Both parts are valid until the next open.
func (t *txn) eventText(k, v []byte) (hash, text []byte, err error) {
	plain, err := t.open(tEvent, k, v)
	if err != nil {
		return nil, nil, err
	}
	if len(plain) < sha256.Size {
		return nil, nil, errDamaged(tEvent, t.s.names)
	}
	return plain[:sha256.Size], plain[sha256.Size:], nil
}

func (t *txn) event(k, v []byte) (e bot.Event, err error) {
	hash, text, err := t.eventText(k, v)
	if err != nil {
		return e, err
	}
	if json.Unmarshal(text, &e) != nil { // its error may quote the row
		return bot.Event{}, errDamaged(tEvent, t.s.names)
	}
	e.Hash = bytes.Clone(hash)
	return e, nil
}

// History implements bot.CaseTx.
func (x *tx) History(id bot.CaseID) iter.Seq2[bot.Event, error] {
	return follow(x, tEventCase, u64(uint64(id)), false, x.eventAt)
}

// HistoryBefore implements bot.CaseTx.
func (x *tx) HistoryBefore(id bot.CaseID, before bot.EventID) iter.Seq2[bot.Event, error] {
	of := u64(uint64(id))
	return read(x, tEventCase, x.scanBack(tEventCase, of, keyBefore(of, uint64(before))), x.eventAt)
}

func (x *tx) eventAt(n uint64) (bot.Event, error) {
	key := u64(n)
	v := x.bucket(tEvent).Get(key)
	if v == nil {
		return bot.Event{}, bot.ErrNotFound
	}
	return x.event(key, v)
}

// EventsAfter implements bot.CaseTx.
func (x *tx) EventsAfter(id bot.EventID) iter.Seq2[bot.Event, error] {
	return func(yield func(bot.Event, error) bool) {
		for n := uint64(id) + 1; ; n++ {
			key := u64(n)
			v := x.bucket(tEvent).Get(key)
			if v == nil {
				return
			}
			e, err := x.event(key, v)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// LastEvent implements bot.CaseTx.
func (x *tx) LastEvent() (bot.EventID, error) {
	k, _ := x.bucket(tEvent).Cursor().Last()
	if k == nil {
		return 0, nil
	}
	return bot.EventID(binary.BigEndian.Uint64(k)), nil
}
