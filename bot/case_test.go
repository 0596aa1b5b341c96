package bot_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"awassiber/bot"
)

var (
	opened = time.Date(2024, 10, 1, 12, 0, 0, 0, time.UTC)
	later  = opened.Add(time.Hour)
)

func staff(name string) bot.Staff {
	return bot.Staff{ID: bot.PersonID("id-" + name), Name: name, Role: map[string]bot.Role{"admin": bot.Admin}[name]}
}

// in returns a case in a status; Taken is held by petugas1.
func in(status bot.Status) bot.Case {
	c := bot.Case{ID: 7, Ticket: "T-7", Status: status, Opened: opened, Changed: opened}
	switch status {
	case bot.Taken:
		c.Holder, c.HolderName = "id-petugas1", "petugas1"
	case bot.Resolved:
		c.Finished = opened
		c.Verdict = &bot.Verdict{Rating: bot.Salah, Explanation: "lama", Link: "https://contoh.test/1", Version: 1, At: opened}
	case bot.Closed:
		c.Finished, c.Reason, c.Spam = opened, "spam", true
	}
	return c
}

// Every status × action × actor. What an action gives: the next status, "=" for unchanged, or the
// key of the refusal. The last column is an admin who does not hold the case.
func TestTransitions(t *testing.T) {
	type outcome [3]string // petugas1 (holder of the taken case), petugas2, admin
	all := func(s string) outcome { return outcome{s, s, s} }
	taken, finished, reopen := "desk.taken_by", "desk.finished", "desk.closed_reopen"
	verdict := bot.Verdict{Rating: bot.Benar, Explanation: "baru", Link: "https://contoh.test/2"}
	actions := []struct {
		name string
		do   func(*bot.Case, bot.Staff) error
		want map[bot.Status]outcome
	}{
		{"take", func(c *bot.Case, s bot.Staff) error { return c.Take(s, later) }, map[bot.Status]outcome{
			bot.New: all("taken"), bot.Taken: {"=", taken, taken}, bot.Resolved: all(finished), bot.Closed: all(finished)}},
		{"release", func(c *bot.Case, s bot.Staff) error { return c.Release(s, later) }, map[bot.Status]outcome{
			bot.New: all("="), bot.Taken: {"new", taken, "new"}, bot.Resolved: all(finished), bot.Closed: all(finished)}},
		{"decide", func(c *bot.Case, s bot.Staff) error { return c.Decide(verdict, s, later) }, map[bot.Status]outcome{
			bot.New: all("resolved"), bot.Taken: {"resolved", taken, "resolved"}, bot.Resolved: all("resolved"), bot.Closed: all(reopen)}},
		{"close", func(c *bot.Case, s bot.Staff) error { return c.Close("selesai", false, s, later) }, map[bot.Status]outcome{
			bot.New: all("closed"), bot.Taken: {"closed", taken, "closed"}, bot.Resolved: all(finished), bot.Closed: all("=")}},
		{"reopen", func(c *bot.Case, _ bot.Staff) error { return c.Reopen(later) }, map[bot.Status]outcome{
			bot.New: all("="), bot.Taken: all("="), bot.Resolved: all("new"), bot.Closed: all("new")}},
		{"hoax", func(c *bot.Case, _ bot.Staff) error { return c.Classify(bot.TrackHoax, later) }, map[bot.Status]outcome{
			bot.New: all("new"), bot.Taken: all("taken"), bot.Resolved: all("resolved"), bot.Closed: all("closed")}},
		{"violation", func(c *bot.Case, _ bot.Staff) error { return c.Classify(bot.TrackViolation, later) }, map[bot.Status]outcome{
			bot.New: all("new"), bot.Taken: all("taken"), bot.Resolved: all("resolved"), bot.Closed: all("closed")}},
	}
	for _, action := range actions {
		for _, status := range bot.Statuses() {
			for i, name := range []string{"petugas1", "petugas2", "admin"} {
				c, before := in(status), in(status)
				got := word(action.do(&c, staff(name)), c)
				if want := action.want[status][i]; got != want {
					t.Errorf("%s: %s by %s gives %q, want %q", status, action.name, name, got, want)
				}
				if changed := got == string(c.Status); !changed && !reflect.DeepEqual(c, before) {
					t.Errorf("%s: %s by %s was refused and changed the case: %+v", status, action.name, name, c)
				} else if changed {
					checkCase(t, c)
				}
			}
		}
	}
}

// word writes the outcome of an action as the table has it.
func word(err error, c bot.Case) string {
	var refused *bot.UserError
	switch {
	case errors.Is(err, bot.ErrUnchanged):
		return "="
	case errors.As(err, &refused):
		return refused.Key
	case err != nil:
		return err.Error()
	}
	return string(c.Status)
}

// checkCase holds after every change.
func checkCase(t *testing.T, c bot.Case) {
	t.Helper()
	over := c.Status == bot.Resolved || c.Status == bot.Closed
	switch {
	case !c.Changed.Equal(later):
		t.Errorf("%+v: Changed was not moved", c)
	case (c.Status == bot.Taken) != (c.Holder != "") || (c.Holder == "") != (c.HolderName == ""):
		t.Errorf("%+v: holder and status disagree", c)
	case over == c.Finished.IsZero():
		t.Errorf("%+v: Finished and status disagree", c)
	case c.Status != bot.Closed && (c.Reason != "" || c.Spam):
		t.Errorf("%+v: has a reason but is not closed", c)
	case c.Status == bot.Resolved && c.Verdict == nil:
		t.Errorf("%+v: resolved without a verdict", c)
	}
}

func TestRefusalNamesHolder(t *testing.T) {
	c := in(bot.Taken)
	var refused *bot.UserError
	if err := c.Take(staff("petugas2"), later); !errors.As(err, &refused) || refused.Args["name"] != "petugas1" || refused.Args["ticket"] != "T-7" {
		t.Errorf("got %v", err)
	}
}

func TestDecideVersions(t *testing.T) {
	c := in(bot.New)
	first := bot.Verdict{Rating: bot.Salah, Explanation: "a", Link: "https://contoh.test/1", Version: 99, Name: "palsu"}
	if err := c.Decide(first, staff("petugas1"), later); err != nil {
		t.Fatal(err)
	}
	if v := c.Verdict; v.Version != 1 || v.By != "id-petugas1" || v.Name != "petugas1" || !v.At.Equal(later) {
		t.Errorf("first verdict %+v", v)
	}
	if err := c.Decide(first, staff("petugas2"), later); !errors.Is(err, bot.ErrUnchanged) || c.Verdict.Name != "petugas1" {
		t.Errorf("the same again: %v, %+v", err, c.Verdict)
	}
	for i, v := range []bot.Verdict{
		{Rating: bot.Benar, Explanation: "a", Link: first.Link}, {Rating: bot.Benar, Explanation: "b", Link: first.Link}, {Rating: bot.Benar, Explanation: "b"},
	} {
		if err := c.Decide(v, staff("petugas2"), later); err != nil || c.Verdict.Version != i+2 || c.Verdict.Rating != v.Rating {
			t.Errorf("change %d: %v, %+v", i, err, c.Verdict)
		}
	}
	// Reopened, the old verdict stays until the next, which counts on even if it says the same.
	if err := c.Reopen(later); err != nil || c.Verdict == nil || !c.Finished.IsZero() {
		t.Fatalf("reopen: %v, %+v", err, c)
	}
	again := *c.Verdict
	if err := c.Decide(again, staff("admin"), later); err != nil || c.Verdict.Version != 5 || c.Status != bot.Resolved {
		t.Errorf("after reopening: %v, %+v", err, c.Verdict)
	}
}

func TestClassify(t *testing.T) {
	c := in(bot.New)
	for _, step := range []struct {
		track        bot.Track
		err          error
		hoax, breach bool
	}{
		{bot.TrackHoax, nil, true, false}, {bot.TrackHoax, bot.ErrUnchanged, true, false},
		{bot.TrackViolation, nil, true, true}, {bot.TrackViolation, bot.ErrUnchanged, true, true},
	} {
		if err := c.Classify(step.track, later); !errors.Is(err, step.err) || c.Hoax != step.hoax || c.Breach != step.breach {
			t.Errorf("%s: %v, %+v", step.track, err, c)
		}
	}
}

func TestCloseAsSpam(t *testing.T) {
	c := in(bot.New)
	if err := c.Close("iklan", true, staff("petugas1"), later); err != nil || !c.Spam || c.Reason != "iklan" {
		t.Errorf("%v, %+v", err, c)
	}
	if err := c.Close("lain", false, staff("admin"), later); !errors.Is(err, bot.ErrUnchanged) || c.Reason != "iklan" {
		t.Errorf("closed twice: %v, %+v", err, c)
	}
}

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
	for _, tip := range []struct {
		tip  bot.Tip
		want bool
	}{{bot.Tip{}, true}, {bot.Tip{Case: 3}, false}, {bot.Tip{Erased: later}, false}} {
		if tip.tip.Gathering() != tip.want {
			t.Errorf("%+v: Gathering is %v", tip.tip, !tip.want)
		}
	}
}
