package bot_test

import (
	"errors"
	"testing"

	"awassiber/bot"
)

func TestErrors(t *testing.T) {
	r := bot.Refuse("desk.taken_by", "ticket", "T-7", "name", "petugas1", "odd")
	if r.Key != "desk.taken_by" || len(r.Args) != 2 || r.Args["ticket"] != "T-7" {
		t.Errorf("%+v", r)
	}
	cause := errors.New("cause")
	for _, e := range []*bot.SendError{{Reason: "blocked"}, {Reason: "timeout", Err: cause}} {
		if (e.Err != nil) != errors.Is(e, cause) || e.Error() == "" {
			t.Errorf("%v", e)
		}
	}
}

func TestTipStates(t *testing.T) {
	for _, tt := range []struct {
		tip       bot.Tip
		gathering bool
		asked     bool
	}{
		{bot.Tip{}, true, false},
		{bot.Tip{Case: 3}, false, false},
		{bot.Tip{Erased: later}, false, false},
		{bot.Tip{Case: 3, Inquiry: &bot.Inquiry{At: opened}}, false, true},
		{bot.Tip{Case: 3, Inquiry: &bot.Inquiry{At: opened, Overdue: true}}, false, true},
		{bot.Tip{Case: 3, Inquiry: &bot.Inquiry{At: opened, Answered: later}}, false, false},
	} {
		if tt.tip.Gathering() != tt.gathering || tt.tip.Inquiry.Pending() != tt.asked {
			t.Errorf("%+v: gathering %v, asked %v", tt.tip, tt.tip.Gathering(), tt.tip.Inquiry.Pending())
		}
	}
}
