package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"math"

	"awassiber/bot"
	"awassiber/store/seal"
)

// caseHead is what PutCase compares: status u8 ‖ mirrored u8 ‖ mark of the area, zeros if none ‖ rank, the last
// only for a case that goes before others of its status: one with a clock, or an open one that more than one
// person sent (bot.Case.Weight). A file of schema 1 has the status alone.
type caseHead []byte

const (
	rankDue     = 0
	rankSenders = 1
	rankAge     = 2 // in the index by area, where all cases are
	headRank    = 2 + seal.MarkSize
)

func (t *txn) headOf(c bot.Case) caseHead {
	h := make(caseHead, headRank, headRank+17)
	h[0] = statusByte(c.Status)
	if c.Reported != "" || c.Benefits != "" {
		h[1] = 1
	}
	if c.Region != "" {
		area := t.s.keys.Mark("area", c.Region)
		copy(h[2:], area[:])
	}
	senders := math.MaxUint64 - uint64(c.Weight()) // most first
	switch {
	case !c.Due.IsZero():
		h = binary.BigEndian.AppendUint64(append(h, rankDue), uint64(nanos(c.Due)))
		return binary.BigEndian.AppendUint64(h, senders)
	case (c.Status == bot.New || c.Status == bot.Taken) && c.Weight() > 1:
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

// rank is the place among the cases of a status; nil if only the age counts.
func (h caseHead) rank() []byte {
	if len(h) <= headRank {
		return nil
	}
	return h[headRank:]
}

// area is the mark of the area; nil if there is none.
func (h caseHead) area() []byte {
	if len(h) < headRank || bytes.Equal(h[2:headRank], make([]byte, seal.MarkSize)) {
		return nil
	}
	return h[2:headRank]
}

// ranked is the key in the queue's index; nil if the case is not in it.
func (h caseHead) ranked(key []byte) []byte {
	if h.rank() == nil {
		return nil
	}
	return append(append([]byte{h[0]}, h.rank()...), key...)
}

// placed is the key in the index by area; nil if the case has none.
func (h caseHead) placed(key []byte) []byte {
	if h.area() == nil {
		return nil
	}
	k := append(bytes.Clone(h.area()), h[0])
	switch {
	case h.rank() != nil:
		k = append(k, h.rank()...)
	case h[0] == statusByte(bot.New) || h[0] == statusByte(bot.Taken):
		k = append(k, rankAge)
	default: // newest first
		k = binary.BigEndian.AppendUint64(append(k, rankAge), math.MaxUint64-binary.BigEndian.Uint64(key))
	}
	return append(k, key...)
}

// requeue moves a case in the indexes that follow its head.
func (x *tx) requeue(old, now caseHead, key []byte) error {
	was, is := old.ranked(key), now.ranked(key)
	if err := x.reindex(tCaseQueue, was != nil, was, is != nil, is); err != nil {
		return err
	}
	was, is = old.placed(key), now.placed(key)
	if err := x.reindex(tCaseArea, was != nil, was, is != nil, is); err != nil {
		return err
	}
	if err := x.recount(old, -1); err != nil {
		return err
	}
	if err := x.recount(now, 1); err != nil {
		return err
	}
	if old.mirrored() == now.mirrored() {
		return nil
	}
	return x.reindex(tCaseMirror, old.mirrored(), key, now.mirrored(), key)
}

// recount counts a case of an area up or down.
func (x *tx) recount(h caseHead, delta int) error {
	s, ok := statusOf(h.status())
	if h.area() == nil || !ok {
		return nil
	}
	return x.count(areaCounter(h.area(), s), delta)
}

// areaCounter names the counter of an area's cases of a status.
func areaCounter(area []byte, s bot.Status) string {
	return "area/" + hex.EncodeToString(area) + "/" + string(s)
}

// areaKey begins the keys of an area in its index.
func (x *tx) areaKey(region string, s bot.Status) []byte {
	area := x.s.keys.Mark("area", region)
	return append(area[:], statusByte(s))
}

func (x *tx) indexed(b table, prefix []byte, newest bool) iter.Seq2[bot.Case, error] {
	return follow(x, b, prefix, newest, x.caseAt)
}

func (x *tx) caseAt(id uint64) (bot.Case, error) { return x.Case(bot.CaseID(id)) }

// Queue implements bot.CaseTx.
func (x *tx) Queue(s bot.Status, region string) iter.Seq2[bot.Case, error] {
	if region != "" {
		return x.indexed(tCaseArea, x.areaKey(region, s), false)
	}
	return func(yield func(bot.Case, error) bool) {
		for c, err := range x.indexed(tCaseQueue, []byte{statusByte(s)}, false) {
			if !yield(c, err) || err != nil {
				return
			}
		}
		for c, err := range x.Cases(s, false) {
			if err == nil && x.headOf(c).rank() != nil {
				continue // it came before
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Due implements bot.CaseTx.
func (x *tx) Due(s bot.Status, region string) iter.Seq2[bot.Case, error] {
	if region != "" {
		return x.indexed(tCaseArea, append(x.areaKey(region, s), rankDue), false)
	}
	return x.indexed(tCaseQueue, []byte{statusByte(s), rankDue}, false)
}

// Mirrored implements bot.CaseTx.
func (x *tx) Mirrored() iter.Seq2[bot.Case, error] { return x.indexed(tCaseMirror, nil, true) }
