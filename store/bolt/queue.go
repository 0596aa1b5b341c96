package bolt

import (
	"encoding/binary"
	"iter"
	"math"

	"awassiber/bot"
)

// caseHead is what PutCase compares: status u8 ‖ mirrored u8 ‖ rank, the last only for a case that goes
// before others of its status: one with a clock, or an open one that more than one person sent.
type caseHead []byte

const (
	rankDue     = 0
	rankSenders = 1
)

func headOf(c bot.Case) caseHead {
	mirrored := byte(0)
	if c.Reported != "" || c.Benefits != "" {
		mirrored = 1
	}
	h := caseHead{statusByte(c.Status), mirrored}
	senders := math.MaxUint64 - uint64(c.Senders) // most first
	switch {
	case !c.Due.IsZero():
		h = binary.BigEndian.AppendUint64(append(h, rankDue), uint64(nanos(c.Due)))
		return binary.BigEndian.AppendUint64(h, senders)
	case (c.Status == bot.New || c.Status == bot.Taken) && c.Senders > 1:
		return binary.BigEndian.AppendUint64(append(h, rankSenders), senders)
	}
	return h
}

func (h caseHead) status() byte {
	if len(h) == 0 {
		return 0
	}
	return h[0]
}

func (h caseHead) mirrored() bool { return len(h) > 1 && h[1] == 1 }

// ranked is the key in the queue's index; nil if the case is not in it.
func (h caseHead) ranked(key []byte) []byte {
	if len(h) <= 2 {
		return nil
	}
	return append(append([]byte{h[0]}, h[2:]...), key...)
}

// requeue moves a case in the indexes that follow its head.
func (x *tx) requeue(old, now caseHead, key []byte) error {
	was, is := old.ranked(key), now.ranked(key)
	if err := x.reindex(tCaseQueue, was != nil, was, is != nil, is); err != nil {
		return err
	}
	if old.mirrored() == now.mirrored() {
		return nil
	}
	return x.reindex(tCaseMirror, old.mirrored(), key, now.mirrored(), key)
}

func (x *tx) indexed(b table, prefix []byte) iter.Seq2[bot.Case, error] {
	return follow(x, b, prefix, false, func(id uint64) (bot.Case, error) { return x.Case(bot.CaseID(id)) })
}

// Queue implements bot.CaseTx.
func (x *tx) Queue(s bot.Status) iter.Seq2[bot.Case, error] {
	return func(yield func(bot.Case, error) bool) {
		for c, err := range x.indexed(tCaseQueue, []byte{statusByte(s)}) {
			if !yield(c, err) || err != nil {
				return
			}
		}
		for c, err := range x.Cases(s, false) {
			if err == nil && len(headOf(c)) > 2 {
				continue // it came before
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Due implements bot.CaseTx.
func (x *tx) Due(s bot.Status) iter.Seq2[bot.Case, error] {
	return x.indexed(tCaseQueue, []byte{statusByte(s), rankDue})
}

// Mirrored implements bot.CaseTx.
func (x *tx) Mirrored() iter.Seq2[bot.Case, error] { return x.indexed(tCaseMirror, nil) }
