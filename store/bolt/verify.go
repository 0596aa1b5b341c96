package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"awassiber/bot"
	"awassiber/store/seal"

	"go.etcd.io/bbolt"
)

// maxProblems is how many problems a Report names; it counts all.
const maxProblems = 100

// Report is what Verify found.
type Report struct {
	Rows   map[string]int // rows read, by bucket
	Events int            // links of the audit chain that hold
	// Problems names the first things that do not fit, by bucket and key, never by content.
	Problems []string
	Found    int // problems in all
}

// OK reports whether everything fits.
func (r Report) OK() bool { return r.Found == 0 }

// Verify checks the file's structure, opens and decodes every row, follows the hash chain of
// events, and compares indexes, counters and queues with the rows they describe. It works on a
// snapshot while work goes on. The error is only that it could not finish.
func (s *Store) Verify(ctx context.Context, progress func(done, total int64)) (Report, error) {
	r := Report{Rows: map[string]int{}}
	err := s.db.View(func(bt *bbolt.Tx) error {
		v := &verifier{Report: &r, txn: s.begin(bt, new(scratch)), ctx: ctx, progress: progress}
		return v.run()
	})
	return r, err
}

type verifier struct {
	*Report
	*txn
	ctx         context.Context
	progress    func(done, total int64)
	done, total int64
}

func (v *verifier) run() error {
	for err := range v.bt.Check() {
		v.problem(tMeta, nil, err)
	}
	for b := range tables {
		if v.bt.Bucket([]byte(v.s.names[b])) == nil {
			v.problem(b, nil, fmt.Errorf("bucket is missing"))
			return nil
		}
		v.total += int64(v.bucket(b).Stats().KeyN)
	}
	checks := []func() error{v.plainRows, v.queues, v.tips, v.cases, v.events, v.seen}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) problem(b table, key []byte, err error) {
	v.Found++
	if len(v.Problems) < maxProblems {
		v.Problems = append(v.Problems, fmt.Sprintf("%s %x: %v", v.s.names[b], key, err))
	}
}

// each calls check for every row of a bucket, unless ctx ends.
func (v *verifier) each(b table, check func(k, val []byte) error) error {
	for k, val := range v.scan(b, nil, false) {
		if v.done%1024 == 0 {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			v.tell()
		}
		v.done++
		v.Rows[v.s.names[b]]++
		if err := check(k, val); err != nil {
			v.problem(b, k, err)
		}
	}
	v.tell()
	return nil
}

func (v *verifier) tell() {
	if v.progress != nil {
		v.progress(v.done, max(v.total, v.done))
	}
}

// opens is the check of a sealed row that stands for itself.
func opens[T any](v *verifier, b table) func(k, val []byte) error {
	return func(k, val []byte) error {
		var row T
		return v.decode(b, k, val, &row)
	}
}

// marked is the check of a row that says nothing but that its key is there.
func marked(_, val []byte) error {
	if len(val) != 1 || val[0] != valueVersion {
		return errDamage
	}
	return nil
}

func number(_, val []byte) error {
	if len(val) != 9 || val[0] != valueVersion {
		return errDamage
	}
	return nil
}

// plainRows checks the buckets whose rows need no other bucket.
func (v *verifier) plainRows() error {
	for b, check := range map[table]func(k, val []byte) error{
		tMoved: opens[bot.Address](v, tMoved), tRef: opens[bot.Key](v, tRef),
		tPerson: opens[identity](v, tPerson), tDialogue: opens[bot.Dialogue](v, tDialogue),
		tStaff: opens[bot.Coordinator](v, tStaff), tInvite: opens[bot.Invite](v, tInvite),
		tCursor: opens[bot.Cursor](v, tCursor), tFile: number, tCount: number, tMeta: v.metaRow, tKey: v.keyRow,
	} {
		if err := v.each(b, check); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) metaRow(k, val []byte) error {
	switch string(k) {
	case "schema":
		return number(k, val)
	case holdKey:
		return marked(k, val)
	}
	return opens[string](v, tMeta)(k, val)
}

func (v *verifier) keyRow(k, val []byte) error {
	if len(val) == 1 {
		return marked(k, val)
	}
	return opens[sentRow](v, tKey)(k, val)
}

// seen checks the days of the duplicate guard.
func (v *verifier) seen() error {
	return v.each(tSeen, func(k, _ []byte) error {
		day := v.bucket(tSeen).Bucket(k)
		if day == nil || len(k) != 4 {
			return errDamage
		}
		return day.ForEach(func(mark, val []byte) error {
			v.done++
			if len(mark) != seal.MarkSize {
				return errDamage
			}
			return marked(mark, val)
		})
	})
}

// expect compares a counter with what was counted.
func (v *verifier) expect(name string, n int) {
	if got := v.counted(name); got != n {
		v.problem(tCount, []byte(name), fmt.Errorf("is %d, rows are %d", got, n))
	}
}

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
				return fmt.Errorf("head of lane is not in the ready index")
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
		return fmt.Errorf("edit names no waiting row")
	}
	var out outRow
	if err := v.outbox().open(r, &out); err != nil {
		return err
	}
	if string(out.Message.Edit) != string(k) {
		return fmt.Errorf("edit names another message's row")
	}
	return nil
}

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
				return fmt.Errorf("not indexed under its case")
			}
		}
		if t.Reporter != "" {
			ofPerson++
			if !v.has(tTipPerson, append(byPerson(t.Reporter), k...)) {
				return fmt.Errorf("not indexed under its sender")
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
	if err := v.index(tTipPerson, ofPerson); err != nil {
		return err
	}
	return v.each(tItem, func(k, val []byte) error {
		if len(k) != 12 || !v.has(tTip, k[:8]) {
			return fmt.Errorf("item of no tip")
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
	err := v.each(tCase, func(k, val []byte) error {
		var c bot.Case
		if err := v.decode(tCase, k, val, &c); err != nil {
			return err
		}
		status := statusByte(c.Status)
		head, err := v.head(tCase, val)
		if err != nil || len(head) != 1 || head[0] != status || !bytes.Equal(k, u64(uint64(c.ID))) {
			return errDamage
		}
		counts[c.Status]++
		if !v.has(tCaseStatus, append([]byte{status}, k...)) {
			return fmt.Errorf("not indexed under its status")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range bot.Statuses() {
		v.expect(caseCounter(s), counts[s])
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
			return fmt.Errorf("audit chain is broken here")
		}
		v.Events++
		if e.Case != 0 {
			inCase++
			if !v.has(tEventCase, append(u64(uint64(e.Case)), k...)) {
				return fmt.Errorf("not indexed under its case")
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if last != v.bucket(tEvent).Sequence() {
		v.problem(tEvent, nil, fmt.Errorf("the last events are missing"))
	}
	return v.index(tEventCase, inCase)
}
