package bolt

import (
	"bytes"
	"context"
	"errors"
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
	err := s.read(func(bt *bbolt.Tx) error {
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
	ofPerson    int // tips that are indexed under their sender
}

func (v *verifier) run() error {
	for err := range v.bt.Check() {
		v.problem(tMeta, nil, err)
	}
	for b := range tables {
		if v.bt.Bucket([]byte(v.s.names[b])) == nil {
			v.problem(b, nil, errors.New("bucket is missing"))
			return nil
		}
		v.total += int64(v.bucket(b).Stats().KeyN)
	}
	checks := []func() error{v.plainRows, v.members, v.queues, v.tips, v.cases, v.events, v.seen}
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
		tPerson: v.personRow,
		tStaff:  opens[bot.Coordinator](v, tStaff), tInvite: opens[bot.Invite](v, tInvite),
		tDetails: v.detailsRow, tChannel: opens[bot.Channel](v, tChannel), tMode: opens[bot.ElectionDay](v, tMode),
		tCursor: opens[bot.Cursor](v, tCursor), tFile: number, tKnown: v.knownRow, tCount: number, tMeta: v.metaRow, tKey: v.keyRow,
	} {
		if err := v.each(b, check); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) personRow(k, val []byte) error {
	_, rest, more := bytes.Cut(k, []byte{0})
	switch {
	case !more:
		return opens[identity](v, tPerson)(k, val)
	case len(rest) == 1 && rest[0] == kindDialogue:
		return opens[bot.Dialogue](v, tPerson)(k, val)
	case len(rest) == 1+8 && rest[0] == kindTip:
		v.ofPerson++
		return marked(k, val)
	}
	return errDamage
}

func (v *verifier) detailsRow(k, val []byte) error {
	if len(k) != 8 || !v.has(tTip, k) {
		return errors.New("details of no tip")
	}
	return opens[bot.Details](v, tDetails)(k, val)
}

// knownRow checks that names of files and what is known of them lead to each other.
func (v *verifier) knownRow(k, val []byte) error {
	if len(k) > seal.MarkSize && k[0] == kindUnique {
		var sha string
		if err := v.decode(tKnown, k, val, &sha); err != nil {
			return err
		}
		if !v.has(tKnown, append(namesOf(sha), k[1:]...)) {
			return errors.New("a name of no file")
		}
		return nil
	}
	content, mark, named := bytes.Cut(k, []byte{0})
	if !v.has(tKnown, content) {
		return errors.New("nothing is known of the file")
	}
	if !named {
		return opens[bot.Attachment](v, tKnown)(k, val)
	}
	if !v.has(tKnown, append([]byte{kindUnique}, mark...)) {
		return errors.New("no such name of a file")
	}
	return marked(k, val)
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
		v.problem(tCount, nil, fmt.Errorf("%s is %d, rows are %d", name, got, n))
	}
}

// expectAll compares the counters whose names begin alike with what was counted: none differs, none is missing.
func (v *verifier) expectAll(prefix string, counted map[string]int) {
	for name, n := range counted {
		v.expect(name, n)
	}
	for k := range v.scan(tCount, []byte(prefix), false) {
		if counted[string(k)] == 0 {
			v.expect(string(k), 0)
		}
	}
}

// members checks the members of organisations and their counters.
func (v *verifier) members() error {
	counted := map[string]int{}
	err := v.each(tMember, func(k, val []byte) error {
		var c bot.Coordinator
		if err := v.decode(tMember, k, val, &c); err != nil {
			return err
		}
		if c.Role != bot.Member || v.has(tStaff, k) {
			return errors.New("no member, or at the desk as well")
		}
		counted[memberPrefix+c.Organisation]++
		return nil
	})
	v.expectAll(memberPrefix, counted)
	return err
}
