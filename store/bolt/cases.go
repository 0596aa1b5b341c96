package bolt

import (
	"bytes"
	"fmt"
	"iter"

	"awassiber/bot"
)

// statusByte is the stored form of a status; zero for one there is not.
func statusByte(s bot.Status) byte {
	switch s {
	case bot.New:
		return 1
	case bot.Taken:
		return 2
	case bot.Resolved:
		return 3
	case bot.Closed:
		return 4
	}
	return 0
}

func statusOf(b byte) (bot.Status, bool) {
	for _, s := range bot.Statuses() {
		if statusByte(s) == b {
			return s, true
		}
	}
	return "", false
}

func caseCounter(s bot.Status) string { return "case/" + string(s) }

// Case implements bot.CaseTx.
func (x *tx) Case(id bot.CaseID) (bot.Case, error) {
	var c bot.Case
	err := x.get(tCase, u64(uint64(id)), &c)
	return c, err
}

// PutCase implements bot.CaseTx.
func (x *tx) PutCase(c bot.Case) error {
	status := statusByte(c.Status)
	if status == 0 || c.ID == 0 {
		return fmt.Errorf("write case: status %q, number %d", c.Status, c.ID)
	}
	key := u64(uint64(c.ID))
	var old caseHead
	if v := x.bucket(tCase).Get(key); v != nil {
		head, err := x.head(tCase, v)
		if err != nil || len(head) == 0 {
			return errDamaged(tCase, x.s.names)
		}
		old = caseHead(head)
	}
	now := x.headOf(c)
	if old.status() != status {
		if err := x.restatus(old.status(), status, key); err != nil {
			return err
		}
	}
	if !bytes.Equal(old, now) {
		if err := x.requeue(old, now, key); err != nil {
			return err
		}
	}
	return x.put(tCase, key, now, c)
}

// restatus moves a case in index and counters.
func (x *tx) restatus(was, is byte, key []byte) error {
	err := x.reindex(tCaseStatus, was != 0, append([]byte{was}, key...), true, append([]byte{is}, key...))
	if err != nil {
		return err
	}
	if old, ok := statusOf(was); ok {
		if err := x.count(caseCounter(old), -1); err != nil {
			return err
		}
	}
	now, _ := statusOf(is)
	return x.count(caseCounter(now), 1)
}

// Cases implements bot.CaseTx.
func (x *tx) Cases(s bot.Status, newest bool) iter.Seq2[bot.Case, error] {
	return x.indexed(tCaseStatus, []byte{statusByte(s)}, newest)
}

// CasesFrom implements bot.CaseTx.
func (x *tx) CasesFrom(s bot.Status, after bot.CaseID) iter.Seq2[bot.Case, error] {
	prefix := []byte{statusByte(s)}
	return read(x, tCaseStatus, x.scanFrom(tCaseStatus, prefix, append(prefix, u64(uint64(after)+1)...)), x.caseAt)
}

// Recent implements bot.CaseTx.
func (x *tx) Recent(before bot.CaseID) iter.Seq2[bot.Case, error] {
	return read(x, tCase, x.scanBack(tCase, nil, keyBefore(nil, uint64(before))), x.caseAt)
}

// CaseCounts implements bot.CaseTx.
func (x *tx) CaseCounts(region string) (map[bot.Status]int, error) {
	counts := map[bot.Status]int{}
	area := x.s.keys.Mark("area", region)
	for _, s := range bot.Statuses() {
		if counts[s] = x.counted(caseCounter(s)); region != "" {
			counts[s] = x.counted(areaCounter(area[:], s))
		}
	}
	return counts, nil
}
