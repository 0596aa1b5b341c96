package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"awassiber/bot"
)

var errItemExists = errors.New("tip has this item already")

// tipHead is what PutTip compares: the case and the reporter, which the indexes follow.
func tipHead(t bot.Tip) []byte {
	return append(u64(uint64(t.Case)), t.Reporter...)
}

func tipOfHead(head []byte) (t bot.Tip, ok bool) {
	if len(head) < 8 {
		return t, false
	}
	t.Case, t.Reporter = bot.CaseID(binary.BigEndian.Uint64(head)), bot.PersonID(head[8:])
	return t, true
}

// NewTip implements bot.CaseTx.
func (x *tx) NewTip(t bot.Tip) (bot.Tip, error) {
	n, err := x.next(tTip)
	if err != nil {
		return bot.Tip{}, err
	}
	t.ID = bot.TipID(n)
	return t, x.storeTip(bot.Tip{}, t)
}

// Tip implements bot.CaseTx.
func (x *tx) Tip(id bot.TipID) (bot.Tip, error) {
	var t bot.Tip
	err := x.get(tTip, u64(uint64(id)), &t)
	return t, err
}

// PutTip implements bot.CaseTx.
func (x *tx) PutTip(t bot.Tip) error {
	v := x.bucket(tTip).Get(u64(uint64(t.ID)))
	if v == nil {
		return bot.ErrNotFound
	}
	head, err := x.head(tTip, v)
	if err != nil {
		return err
	}
	old, ok := tipOfHead(head)
	if !ok {
		return errDamaged(tTip, x.s.names)
	}
	return x.storeTip(old, t)
}

// storeTip writes a tip and moves it in the indexes where it differs from old.
func (x *tx) storeTip(old, t bot.Tip) error {
	id := uint64(t.ID)
	if old.Case != t.Case {
		if err := x.reindex(tTipCase, old.Case != 0, pair(uint64(old.Case), id), t.Case != 0, pair(uint64(t.Case), id)); err != nil {
			return err
		}
	}
	if old.Reporter != t.Reporter {
		was, is := append(byPerson(old.Reporter), u64(id)...), append(byPerson(t.Reporter), u64(id)...)
		if err := x.reindex(tPerson, old.Reporter != "", was, t.Reporter != "", is); err != nil {
			return err
		}
	}
	return x.put(tTip, u64(id), tipHead(t), t)
}

// reindex removes one index key and adds another, each if it applies.
func (t *txn) reindex(b table, remove bool, old []byte, add bool, key []byte) error {
	if remove {
		if err := t.remove(b, old); err != nil {
			return err
		}
	}
	if !add {
		return nil
	}
	return t.mark(b, key)
}

// TipsOf implements bot.CaseTx.
func (x *tx) TipsOf(id bot.CaseID) iter.Seq2[bot.Tip, error] {
	return x.tipsIn(tTipCase, u64(uint64(id)), false)
}

// TipsFrom implements bot.CaseTx.
func (x *tx) TipsFrom(c bot.CaseID, after bot.TipID) iter.Seq2[bot.Tip, error] {
	return read(x, tTipCase, x.scanFrom(tTipCase, u64(uint64(c)), pair(uint64(c), uint64(after)+1)), x.tipAt)
}

// NewestTips implements bot.CaseTx.
func (x *tx) NewestTips(c bot.CaseID) iter.Seq2[bot.Tip, error] {
	return follow(x, tTipCase, u64(uint64(c)), true, x.tipAt)
}

// TipsBy implements bot.CaseTx.
func (x *tx) TipsBy(p bot.PersonID) iter.Seq2[bot.Tip, error] {
	return x.tipsIn(tPerson, byPerson(p), true)
}

func (x *tx) tipsIn(b table, prefix []byte, newest bool) iter.Seq2[bot.Tip, error] {
	return follow(x, b, prefix, newest, x.tipAt)
}

func (x *tx) tipAt(id uint64) (bot.Tip, error) { return x.Tip(bot.TipID(id)) }

// follow yields the rows an index names in the last eight bytes of its keys.
func follow[T any](x *tx, b table, prefix []byte, newest bool, row func(uint64) (T, error)) iter.Seq2[T, error] {
	return read(x, b, x.scan(b, prefix, newest), row)
}

// read yields the rows that keys of an index name in their last eight bytes.
func read[T any](x *tx, b table, keys iter.Seq2[[]byte, []byte], row func(uint64) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for k := range keys {
			v, err := row(binary.BigEndian.Uint64(k[len(k)-8:]))
			if err != nil {
				err = fmt.Errorf("%s: %w", x.s.names[b], err)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func itemKey(id bot.TipID, n int) []byte {
	return binary.BigEndian.AppendUint32(u64(uint64(id)), uint32(n))
}

// AddItem implements bot.CaseTx.
func (x *tx) AddItem(id bot.TipID, n int, i bot.Item) error {
	if x.has(tItem, itemKey(id, n)) {
		return errItemExists
	}
	return x.put(tItem, itemKey(id, n), nil, i)
}

// PutItem implements bot.CaseTx.
func (x *tx) PutItem(id bot.TipID, n int, i bot.Item) error {
	if !x.has(tItem, itemKey(id, n)) {
		return bot.ErrNotFound
	}
	return x.put(tItem, itemKey(id, n), nil, i)
}

// Items implements bot.CaseTx.
func (x *tx) Items(id bot.TipID) ([]bot.Item, error) {
	var all []bot.Item
	for k, v := range x.scan(tItem, u64(uint64(id)), false) {
		var i bot.Item
		if err := x.decode(tItem, k, v, &i); err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

// Details implements bot.CaseTx.
func (x *tx) Details(id bot.TipID) (bot.Details, error) {
	var d bot.Details
	err := x.get(tDetails, u64(uint64(id)), &d)
	return d, err
}

// HasDetails implements bot.CaseTx.
func (x *tx) HasDetails(id bot.TipID) (bool, error) { return x.has(tDetails, u64(uint64(id))), nil }

// PutDetails implements bot.CaseTx.
func (x *tx) PutDetails(id bot.TipID, d bot.Details) error {
	return x.put(tDetails, u64(uint64(id)), nil, d)
}

// EraseDetails implements bot.CaseTx.
func (x *tx) EraseDetails(id bot.TipID) error { return x.remove(tDetails, u64(uint64(id))) }

// EraseItems implements bot.CaseTx.
func (x *tx) EraseItems(id bot.TipID) error {
	for k := range x.scan(tItem, u64(uint64(id)), false) {
		if err := x.remove(tItem, append([]byte(nil), k...)); err != nil {
			return err
		}
	}
	return nil
}
