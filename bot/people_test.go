package bot_test

import (
	"slices"
	"testing"

	"awassiber/bot"
)

// The whole of who may do what. A new permission or role has to be entered here.
func TestMay(t *testing.T) {
	officer := []bot.Role{bot.Officer, bot.Admin}
	want := map[bot.Permission][]bot.Role{
		bot.MayAsk:      bot.Roles(),
		bot.MayRead:     {bot.Officer, bot.Admin, bot.Custodian},
		bot.MayWork:     officer,
		bot.MayDecide:   officer,
		bot.MayRefer:    officer,
		bot.MayOverride: {bot.Admin},
		bot.MayHold:     {bot.Admin},
		bot.MayStaff:    {bot.Admin},
		bot.MayPhase:    {bot.Admin},
		bot.MayOpen:     {bot.Custodian},
	}
	if len(want) != len(bot.Permissions()) {
		t.Errorf("%d permissions are tested, there are %d", len(want), len(bot.Permissions()))
	}
	for p, roles := range want {
		for _, r := range bot.Roles() {
			if got := bot.May(r, p); got != slices.Contains(roles, r) {
				t.Errorf("May(%q, %q) = %v", r, p, got)
			}
			s := bot.Staff{Role: r, Custodian: true}
			if got := s.May(p); got != (slices.Contains(roles, r) || slices.Contains(roles, bot.Custodian)) {
				t.Errorf("custodian besides %q: May(%q) = %v", r, p, got)
			}
		}
	}
	for _, r := range []bot.Role{"coordinator ", "root"} {
		if bot.May(r, bot.MayRead) || bot.May(bot.Admin, "everything") || bot.May(bot.Admin, "") {
			t.Errorf("a role or a right there is not is granted: %q", r)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		staff  bot.Staff
		region string
		want   bool
	}{
		{bot.Staff{Role: bot.Officer}, "15.09", true},
		{bot.Staff{Role: bot.Officer, Regions: []string{"15.09"}}, "15.09", true},
		{bot.Staff{Role: bot.Officer, Regions: []string{"15.09"}}, "15.08", false},
		{bot.Staff{Role: bot.Officer, Regions: []string{"15.09"}}, "", true},
		{bot.Staff{Role: bot.Admin, Regions: []string{"15.09"}}, "15.08", true},
	} {
		if got := c.staff.Covers(c.region); got != c.want {
			t.Errorf("%+v covers %q: %v", c.staff, c.region, got)
		}
	}
}
