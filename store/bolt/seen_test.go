package bolt

import (
	"bytes"
	"encoding/hex"
	"testing"

	"awassiber/bot"
)

// TestUpdateMark: numbers keep their order and are told apart by network; everything else is hashed.
func TestUpdateMark(t *testing.T) {
	s, _ := tempStore(t)
	x := s.tx(s.begin(nil, new(scratch)))
	mark := func(net bot.Network, id bot.UpdateID) []byte {
		m := x.updateMark(net, id)
		return m[:]
	}
	known := map[string]bot.UpdateID{}
	for _, id := range []bot.UpdateID{"u/0", "u/7", "u/07", "u/+7", "u/-7", "u/", "7", "u/7/7", "U/7", "u/u/7",
		"u/255", "u/256", "u/18446744073709551615", "u/18446744073709551616", "moved/7/8"} {
		key := hex.EncodeToString(mark(bot.Telegram, id))
		if other, ok := known[key]; ok {
			t.Errorf("%s and %s are the same", id, other)
		}
		known[key] = id
	}
	if bytes.Compare(mark(bot.Telegram, "u/255"), mark(bot.Telegram, "u/256")) >= 0 {
		t.Error("numbers are not in order")
	}
	for _, id := range []bot.UpdateID{"u/7", "m/7"} {
		if bytes.Equal(mark(bot.Telegram, id), mark(bot.Sim, id)) {
			t.Errorf("%s of two networks is the same", id)
		}
	}
	if secret := mark(bot.Telegram, "moved/-1/7"); bytes.HasSuffix(secret, u64(7)) {
		t.Error("an id that holds a chat is not hashed")
	}
}
