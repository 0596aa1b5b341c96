package inbox

import (
	"context"
	"slices"
	"testing"

	"awassiber/bot"
)

// What is looked up for a timer comes with it; messages are not asked about, and a panic costs only what
// would have been looked up.
func TestPrepare(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	var asked []string
	got := map[string]*bot.Recognition{}
	handler := func(_ bot.Tx, u bot.Update) error {
		if u.Timer != nil {
			got[u.Timer.Name] = u.Recognised
		} else if u.Recognised != nil {
			t.Errorf("a message came with %+v", *u.Recognised)
		}
		return nil
	}
	prepare := func(_ context.Context, a bot.Timer) *bot.Recognition {
		asked = append(asked, a.Name)
		switch a.Name {
		case "quiet/1":
			return &bot.Recognition{Tip: 1, Items: 2, Decision: bot.Same}
		case "quiet/2":
			panic("broken index")
		}
		return nil
	}
	in := newFixture(t, s, handler, Options{Prepare: prepare})
	in.panics = 1
	deliver(t, in, say("warga1", 1, "satu"))
	for _, name := range []string{"quiet/1", "quiet/2", "clock/3"} {
		setTimer(t, s, name, c.now())
	}
	drain(t, in)
	slices.Sort(asked)
	if want := []string{"clock/3", "quiet/1", "quiet/2"}; !slices.Equal(asked, want) {
		t.Errorf("prepared %v, want %v", asked, want)
	}
	if r := got["quiet/1"]; r == nil || r.Tip != 1 || r.Items != 2 || r.Decision != bot.Same {
		t.Errorf("the timer came with %+v", r)
	}
	if len(got) != 3 || got["quiet/2"] != nil || got["clock/3"] != nil {
		t.Errorf("handled %v", got)
	}
}
