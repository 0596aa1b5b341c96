package bot_test

import (
	"testing"

	"awassiber/bot"
)

// The whole of who may do what. A new permission or role has to be entered here.
func TestMay(t *testing.T) {
	roles := []bot.Role{bot.Public, bot.Officer, bot.Admin, "coordinator ", "root"}
	for permission, want := range map[bot.Permission][5]bool{
		bot.MayAsk:    {true, true, true, true, true},
		bot.MayRead:   {false, true, true, false, false},
		bot.MayWork:   {false, true, true, false, false},
		bot.MayDecide: {false, true, true, false, false},
		bot.MayHold:   {false, false, true, false, false},
		bot.MayStaff:  {false, false, true, false, false},
		"":            {},
		"everything":  {},
	} {
		for i, role := range roles {
			if got := bot.May(role, permission); got != want[i] {
				t.Errorf("May(%q, %q) = %v", role, permission, got)
			}
		}
	}
}
