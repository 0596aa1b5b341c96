package bolt

import (
	"encoding/binary"

	"awassiber/bot"
)

// Cursor implements bot.LedgerTx.
func (x *tx) Cursor(name string) (bot.Cursor, error) {
	var c bot.Cursor
	err := x.lookup(tCursor, name, &c)
	if err == bot.ErrNotFound {
		return bot.Cursor{}, nil
	}
	return c, err
}

// PutCursor implements bot.LedgerTx.
func (x *tx) PutCursor(name string, c bot.Cursor) error {
	return x.put(tCursor, []byte(name), nil, c)
}

// modeElectionDay is the row of tMode that holds the bot.ElectionDay.
const modeElectionDay = "election-day"

// ElectionDay implements bot.LedgerTx.
func (x *tx) ElectionDay() (bot.ElectionDay, error) {
	var e bot.ElectionDay
	err := x.lookup(tMode, modeElectionDay, &e)
	if err == bot.ErrNotFound {
		return bot.ElectionDay{}, nil
	}
	return e, err
}

// SetElectionDay implements bot.LedgerTx.
func (x *tx) SetElectionDay(e bot.ElectionDay) error {
	return x.put(tMode, []byte(modeElectionDay), nil, e)
}

// FileUsed implements bot.PeopleTx. A file nobody refers to has no row.
func (x *tx) FileUsed(sha256 string, delta int) (int, error) {
	key := []byte(sha256)
	n := delta
	if v := x.bucket(tFile).Get(key); len(v) == 9 {
		n += int(binary.BigEndian.Uint64(v[1:]))
	}
	if n <= 0 {
		return 0, x.remove(tFile, key)
	}
	return n, x.write(tFile, key, binary.BigEndian.AppendUint64([]byte{valueVersion}, uint64(n)))
}
