package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"awassiber/bot"
)

// queues checks the rows and the ready index of every queue, and what was put aside.
func (v *verifier) queues() error {
	if err := v.queue(v.inbox(), func(r row) error { return v.inbox().open(r, new(bot.Update)) }); err != nil {
		return err
	}
	if err := v.queue(v.timers(), func(r row) error { return v.timers().open(r, new(bot.Timer)) }); err != nil {
		return err
	}
	if err := v.queue(v.outbox(), func(r row) error { return v.outbox().open(r, new(outRow)) }); err != nil {
		return err
	}
	if err := v.queue(v.jobs(), func(r row) error { return v.jobs().open(r, new(bot.Job)) }); err != nil {
		return err
	}
	if err := v.each(tEdit, v.editRow); err != nil {
		return err
	}
	aside := map[string]int{}
	err := v.each(tBad, func(k, val []byte) error {
		var bad quarantined
		err := v.decode(tBad, k, val, &bad)
		aside[badCounter(bad.Reason)]++
		return err
	})
	if err != nil {
		return err
	}
	if err := v.each(tRetired, opens[retired](v, tRetired)); err != nil {
		return err
	}
	v.expect("retired", v.Rows[v.s.names[tRetired]])
	v.expect("quarantined", aside["quarantined"])
	v.expect("skipped", aside["skipped"])
	return nil
}

// queue checks that every lane's first row, and no other, is in the ready index.
func (v *verifier) queue(l lanes, open func(row) error) error {
	lanesFound := 0
	var lane []byte
	err := v.each(l.rows, func(k, val []byte) error {
		r, err := l.parse(k, val)
		if err != nil {
			return err
		}
		if !bytes.Equal(r.lane(), lane) {
			lane = bytes.Clone(r.lane())
			lanesFound++
			at := v.bucket(l.ready).Get(readyKey(r.due, lane))
			if len(at) != 9 || binary.BigEndian.Uint64(at[1:]) != r.number() {
				return errors.New("head of lane is not in the ready index")
			}
		}
		return open(r)
	})
	if err != nil {
		return err
	}
	if err := v.each(l.ready, number); err != nil {
		return err
	}
	if n := v.Rows[v.s.names[l.ready]]; n != lanesFound {
		v.problem(l.ready, nil, fmt.Errorf("%d entries for %d lanes", n, lanesFound))
	}
	return nil
}

func (v *verifier) editRow(k, val []byte) error {
	if len(val) != 1+rowKeySize || val[0] != valueVersion {
		return errDamage
	}
	r, ok, err := v.outbox().find(val[1:])
	if err != nil || !ok {
		return errors.New("edit names no waiting row")
	}
	var out outRow
	if err := v.outbox().open(r, &out); err != nil {
		return err
	}
	if string(out.Message.Edit) != string(k) {
		return errors.New("edit names another message's row")
	}
	return nil
}
