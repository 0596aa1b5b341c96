package bolt

import (
	"encoding/binary"
	"encoding/json"
	"time"

	"go.etcd.io/bbolt"

	"awassiber/bot"
)

// migrateSlice is how many rows a migration rewrites in one transaction, which has to fit into memory.
const migrateSlice = 20_000

// migrate brings a file of an older schema to this one. The version is written last: after a crash the rest
// is done at the next start, and what is done is passed over.
func (s *Store) migrate(from uint64) error {
	if err := s.db.Update(create); err != nil {
		return err
	}
	for next := u64(0); from < 2 && next != nil; {
		err := s.db.Update(func(bt *bbolt.Tx) (err error) {
			next, err = s.tx(s.begin(bt, new(scratch))).casesFromOne(next)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.db.Update(func(bt *bbolt.Tx) error {
		return s.begin(bt, new(scratch)).write(tMeta, []byte("schema"), binary.BigEndian.AppendUint64([]byte{valueVersion}, schemaVersion))
	})
}

// caseOne is what schema 1 kept of a case in place of its tracks.
type caseOne struct {
	Hoax, Breach bool
}

// casesFromOne gives the cases of schema 1, which had one status and one holder, their tracks. A case that
// was held is in the queue again: its hold had no end. It begins at a key and returns the one to go on at,
// nil at the end.
func (x *tx) casesFromOne(start []byte) (next []byte, err error) {
	n := 0
	for k, v := range x.scanFrom(tCase, nil, start) {
		key := append([]byte(nil), k...)
		if n++; n > migrateSlice {
			return key, nil
		}
		if err := x.caseFromOne(key, v); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (x *tx) caseFromOne(key, v []byte) error {
	plain, err := x.open(tCase, key, v)
	if err != nil {
		return err
	}
	var c bot.Case
	var old caseOne
	if json.Unmarshal(plain, &c) != nil || json.Unmarshal(plain, &old) != nil {
		return errDamaged(tCase, x.s.names)
	}
	if len(c.Works) > 0 {
		return nil
	}
	if c.Works = worksOf(c, old); c.Status == bot.Taken {
		c.Status = bot.New
	}
	return x.PutCase(c)
}

func worksOf(c bot.Case, old caseOne) []bot.Work {
	stage, since := bot.Waiting, c.Opened
	switch c.Status {
	case bot.Resolved:
		stage, since = bot.Published, c.Finished
	case bot.Closed:
		stage, since = bot.Shut, c.Finished
	}
	work := func(t bot.Track, s bot.Stage, at time.Time) bot.Work { return bot.Work{Track: t, Stage: s, Since: at} }
	var works []bot.Work
	if old.Hoax || c.Verdict != nil {
		works = append(works, work(bot.TrackHoax, stage, since))
	}
	if old.Breach {
		if stage == bot.Published { // a verdict said nothing of it
			stage = bot.Shut
		}
		works = append(works, work(bot.TrackViolation, stage, since))
	}
	if len(works) == 0 {
		works = append(works, work(bot.Unsorted, stage, since))
	}
	return works
}
