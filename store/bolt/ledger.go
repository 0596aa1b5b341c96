package bolt

import "awassiber/bot"

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
