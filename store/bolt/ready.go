package bolt

import (
	"bytes"
	"encoding/binary"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
)

func (l lanes) setReady(r row) error {
	value := binary.BigEndian.AppendUint64(append(make([]byte, 0, 9), valueVersion), r.number())
	return l.t.write(l.ready, readyKey(r.due, r.lane()), value)
}

func readyKey(due int64, lane []byte) []byte {
	k := binary.BigEndian.AppendUint64(make([]byte, 0, 8+seal.MarkSize), uint64(due))
	return append(k, lane...)
}

// nextDue is when the earliest lane is due; zero if all are empty.
func (l lanes) nextDue() time.Time {
	k, _ := l.t.bucket(l.ready).Cursor().First()
	if len(k) < 8 {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(k))).UTC()
}

// due lists the heads of several queues that are due, at most limit, earliest first.
func due(now time.Time, limit int, queues ...lanes) ([]bot.QueueID, error) {
	type front struct {
		lanes
		next func() ([]byte, []byte)
		k, v []byte
	}
	fronts := make([]front, 0, len(queues))
	for _, q := range queues {
		c := q.t.bucket(q.ready).Cursor()
		k, v := c.First()
		fronts = append(fronts, front{lanes: q, next: c.Next, k: k, v: v})
	}
	var ids []bot.QueueID
	for len(ids) < limit {
		best := -1
		for i, f := range fronts {
			if f.k != nil && (best < 0 || bytes.Compare(f.k, fronts[best].k) < 0) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		f := &fronts[best]
		if len(f.k) != 8+seal.MarkSize || len(f.v) != 9 {
			return nil, errDamaged(f.ready, f.t.s.names)
		}
		if int64(binary.BigEndian.Uint64(f.k)) > nanos(now) {
			break
		}
		ids = append(ids, f.id(f.k[8:], f.v[1:]))
		f.k, f.v = f.next()
	}
	return ids, nil
}
