package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"awassiber/bot"
)

// tips checks tips, their indexes and their items.
func (v *verifier) tips() error {
	inCase, ofPerson := 0, 0
	err := v.each(tTip, func(k, val []byte) error {
		var t bot.Tip
		if err := v.decode(tTip, k, val, &t); err != nil {
			return err
		}
		head, err := v.head(tTip, val)
		if err != nil || !bytes.Equal(head, tipHead(t)) || !bytes.Equal(k, u64(uint64(t.ID))) {
			return errDamage
		}
		if t.Case != 0 {
			inCase++
			if !v.has(tTipCase, pair(uint64(t.Case), uint64(t.ID))) {
				return errors.New("not indexed under its case")
			}
		}
		if t.Reporter != "" {
			ofPerson++
			if !v.has(tPerson, append(byPerson(t.Reporter), k...)) {
				return errors.New("not indexed under its sender")
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.index(tTipCase, inCase); err != nil {
		return err
	}
	if v.ofPerson != ofPerson {
		v.problem(tPerson, nil, fmt.Errorf("%d tips for %d rows", v.ofPerson, ofPerson))
	}
	return v.each(tItem, func(k, val []byte) error {
		if len(k) != 12 || !v.has(tTip, k[:8]) {
			return errors.New("item of no tip")
		}
		return opens[bot.Item](v, tItem)(k, val)
	})
}

// index checks that an index has as many entries as rows asked to be in it; since each of those
// was found, there is then none too many.
func (v *verifier) index(b table, rows int) error {
	if err := v.each(b, marked); err != nil {
		return err
	}
	if n := v.Rows[v.s.names[b]]; n != rows {
		v.problem(b, nil, fmt.Errorf("%d entries for %d rows", n, rows))
	}
	return nil
}

// cases checks cases, their index and their counters.
func (v *verifier) cases() error {
	counts := map[bot.Status]int{}
	queued, placed, mirrored := 0, 0, 0
	areas := map[string]int{}
	err := v.each(tCase, func(k, val []byte) error {
		var c bot.Case
		if err := v.decode(tCase, k, val, &c); err != nil {
			return err
		}
		status := statusByte(c.Status)
		head, err := v.head(tCase, val)
		want := v.headOf(c)
		if err != nil || !bytes.Equal(head, want) || !bytes.Equal(k, u64(uint64(c.ID))) {
			return errDamage
		}
		if rank := want.ranked(k); rank != nil {
			queued++
			if !v.has(tCaseQueue, rank) {
				return errors.New("not indexed in the queue")
			}
		}
		if place := want.placed(k); place != nil {
			placed++
			areas[areaCounter(want.area(), c.Status)]++
			if !v.has(tCaseArea, place) {
				return errors.New("not indexed under its area")
			}
		}
		if want.mirrored() {
			mirrored++
			if !v.has(tCaseMirror, k) {
				return errors.New("not indexed where a side was noted")
			}
		}
		counts[c.Status]++
		if !v.has(tCaseStatus, append([]byte{status}, k...)) {
			return errors.New("not indexed under its status")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range bot.Statuses() {
		v.expect(caseCounter(s), counts[s])
	}
	v.expectAll("area/", areas)
	if err := v.index(tCaseQueue, queued); err != nil {
		return err
	}
	if err := v.index(tCaseArea, placed); err != nil {
		return err
	}
	if err := v.index(tCaseMirror, mirrored); err != nil {
		return err
	}
	return v.index(tCaseStatus, v.Rows[v.s.names[tCase]])
}

// events follows the hash chain from the first event to the last.
func (v *verifier) events() error {
	var previous []byte
	last, inCase := uint64(0), 0
	err := v.each(tEvent, func(k, val []byte) error {
		hash, text, err := v.eventText(k, val)
		if err != nil {
			return err
		}
		var e bot.Event
		if err := json.Unmarshal(text, &e); err != nil {
			return errDamage
		}
		whole := bytes.Equal(hash, chain(previous, text)) && uint64(e.ID) == last+1 && bytes.Equal(k, u64(last+1))
		previous, last = append(previous[:0], hash...), binary.BigEndian.Uint64(k)
		if !whole {
			return errors.New("audit chain is broken here")
		}
		v.Events++
		if e.Case != 0 {
			inCase++
			if !v.has(tEventCase, append(u64(uint64(e.Case)), k...)) {
				return errors.New("not indexed under its case")
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if last != v.bucket(tEvent).Sequence() {
		v.problem(tEvent, nil, errors.New("the last events are missing"))
	}
	return v.index(tEventCase, inCase)
}
