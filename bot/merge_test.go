package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// as gives a case a number and hand-overs of its own.
func as(id bot.CaseID, c bot.Case) bot.Case {
	c.ID, c.Ticket = id, "T-"+string(rune('0'+id))
	for i := range c.Referrals {
		c.Referrals[i].At = opened.Add(time.Duration(id))
	}
	return c
}

// TestMergeTracks: every place into every other. What was going on in either goes on, and what ended with
// an outcome does not begin again.
func TestMergeTracks(t *testing.T) {
	for _, from := range places() {
		for _, into := range places() {
			c, n := as(2, at(from)), as(1, at(into))
			before, beforeN := as(2, at(from)), as(1, at(into))
			err := c.MergeInto(&n, later)
			if c.Merged == 0 {
				if d := cmp.Diff([]bot.Case{before, beforeN}, []bot.Case{c, n}); err == nil || d != "" {
					t.Errorf("%s into %s: %v\n%s", from, into, err, d)
				}
				if before.Proposal == nil || word(err, c) != "proposal_waits" {
					t.Errorf("%s into %s: %v", from, into, err)
				}
				continue
			}
			if b := broken(c) + broken(n); err != nil || b != "" {
				t.Errorf("%s into %s: %v; %s", from, into, err, b)
			}
			if want := mergedWorks(from, into); works(n) != want {
				t.Errorf("%s into %s: %s, want %s", from, into, works(n), want)
			}
			if works(c) != "u.shut" || c.Status != bot.Closed || c.Due != (time.Time{}) || len(c.Leases()) > 0 {
				t.Errorf("%s into %s leaves %s, %s", from, into, works(c), c.Status)
			}
			if beforeN.Verdict != nil && cmp.Diff(beforeN.Verdict, n.Verdict) != "" || cmp.Diff(before.Verdict, c.Verdict) != "" {
				t.Errorf("%s into %s: a verdict changed", from, into)
			}
			if len(n.Referrals) != len(before.Referrals)+len(beforeN.Referrals) {
				t.Errorf("%s into %s: referrals %v", from, into, n.Referrals)
			}
		}
	}
}

// mergedWorks is what becomes of two cases that are each at one place.
func mergedWorks(from, into string) string {
	show := func(place string) string { return works(at(place)) }
	f, n := at(from).Works[0], at(into).Works[0]
	switch {
	case f.Track == bot.Unsorted && f.Lease != nil && (into == "u.waiting"):
		return "u.waiting+petugas1"
	case f.Track == bot.Unsorted:
		return show(into)
	case f.Track == n.Track && n.Stage == bot.Shut:
		return show(from)
	case f.Track == n.Track && n.Lease == nil && f.Lease != nil && (n.Stage == bot.Waiting || n.Stage == bot.Returned):
		return show(into) + "+petugas1"
	case f.Track == n.Track:
		return show(into)
	case n.Track == bot.Unsorted && n.Lease != nil && f.Lease == nil && f.Stage == bot.Waiting:
		return show(from) + "+petugas1"
	case n.Track == bot.Unsorted && n.Lease != nil && (f.Stage == bot.Referred || f.Stage == bot.Returned) && f.Lease == nil:
		return show(from) + "+petugas1"
	case n.Track == bot.Unsorted:
		return show(from)
	case f.Track == bot.TrackHoax:
		return show(from) + " " + show(into)
	}
	return show(into) + " " + show(from)
}

// full are two cases with something of everything.
func full() (c, n bot.Case) {
	day := 24 * time.Hour
	c, n = as(2, both("h.published", "v.referred+")), as(1, at("h.waiting"))
	c.Categories, n.Categories = []bot.Category{bot.HoaxContent, bot.VoteBuying}, []bot.Category{bot.VoteBuying}
	c.SenderCategories, n.SenderCategories = []bot.Category{bot.Fraud}, nil
	c.Members, n.Members = []string{"IWO", "MAFINDO"}, []string{"IWO"}
	c.Told, n.Told = []bot.Address{{Network: bot.Sim, Chat: "g1"}}, []bot.Address{{Network: bot.Sim, Chat: "g2"}}
	c.Region, c.SenderRegion = "15.09", true
	c.Holds = []bot.CaseID{5, 6}
	for _, k := range []bot.Clock{
		{Kind: bot.ClockReport, Tip: 2, Due: opened.Add(3 * day), Last: opened.Add(4 * day)},
		{Kind: bot.ClockComplete, Tip: 2, Due: opened.Add(2 * day)},
		{Kind: bot.ClockReport, Tip: 5, Due: opened.Add(5 * day)},
		{Kind: bot.ClockAnswer, Due: opened.Add(day), Last: opened.Add(2 * day)},
	} {
		c.SetClock(k)
	}
	n.SetClock(bot.Clock{Kind: bot.ClockReport, Tip: 1, Due: opened.Add(6 * day)})
	n.SetClock(bot.Clock{Kind: bot.ClockAnswer, Due: opened.Add(4 * day)})
	return c, n
}

func TestMergeLosesNothing(t *testing.T) {
	c, n := full()
	clocks := append(slices.Clone(c.Clocks), n.Clocks[0]) // of both answers' clocks the earlier stays
	if err := c.MergeInto(&n, later); err != nil {
		t.Fatal(err)
	}
	for _, b := range []string{broken(c), broken(n)} {
		if b != "" {
			t.Error(b)
		}
	}
	order := func(a, b bot.Clock) int { return a.Due.Compare(b.Due) }
	slices.SortFunc(clocks, order)
	got := slices.SortedFunc(slices.Values(n.Clocks), order)
	for what, d := range map[string]string{
		"works":             cmp.Diff("h.waiting v.referred+petugas1", works(n)),
		"categories":        cmp.Diff([]bot.Category{bot.VoteBuying, bot.HoaxContent}, n.Categories),
		"sender categories": cmp.Diff([]bot.Category{bot.Fraud}, n.SenderCategories),
		"members":           cmp.Diff([]string{"IWO", "MAFINDO"}, n.Members),
		"told":              cmp.Diff([]bot.Address{{Network: bot.Sim, Chat: "g2"}, {Network: bot.Sim, Chat: "g1"}}, n.Told),
		"holds":             cmp.Diff([]bot.CaseID{2, 5, 6}, n.Holds),
		"region":            cmp.Diff("15.09", n.Region),
		"clocks":            cmp.Diff(clocks, got),
		"due":               cmp.Diff(opened.Add(24*time.Hour), n.Due),
		"referrals":         cmp.Diff(c.Referrals, n.Referrals),
		"verdict":           cmp.Diff(c.Verdict, n.Verdict),
		"left":              cmp.Diff([]bot.CaseID(nil), c.Holds) + cmp.Diff([]bot.Clock(nil), c.Clocks),
	} {
		if d != "" {
			t.Errorf("%s:\n%s", what, d)
		}
	}
	if c.Merged != 1 || !c.Changed.Equal(later) || !n.Changed.Equal(later) || !n.SenderRegion {
		t.Errorf("%+v", c)
	}
}

// TestMergeRefusals: into itself, twice, from or into what is merged, in circles, and with an open proposal.
func TestMergeRefusals(t *testing.T) {
	merged := func(id, into bot.CaseID) bot.Case {
		c, n := as(id, at("h.waiting")), as(into, at("h.waiting"))
		if err := c.MergeInto(&n, opened); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, tt := range []struct {
		name string
		c, n bot.Case
		want string
	}{
		{"into itself", as(1, at("h.waiting")), as(1, at("h.waiting")), "merge_self"},
		{"twice", merged(2, 1), as(1, at("h.waiting")), "="},
		{"what is elsewhere", merged(2, 1), as(3, at("h.waiting")), "merged"},
		{"into what is merged", as(3, at("h.waiting")), merged(2, 1), "merged"},
		{"in a circle", as(1, at("h.waiting")), merged(2, 1), "merged"},
		{"both merged", merged(3, 4), merged(2, 1), "merged"},
		{"a proposal would be lost", as(2, at("h.proposed")), as(1, at("h.waiting")), "proposal_waits"},
	} {
		before := []string{cmp.Diff(bot.Case{}, tt.c), cmp.Diff(bot.Case{}, tt.n)}
		err := tt.c.MergeInto(&tt.n, later)
		if got := word(err, tt.n); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		after := []string{cmp.Diff(bot.Case{}, tt.c), cmp.Diff(bot.Case{}, tt.n)}
		if !slices.Equal(before, after) {
			t.Errorf("%s was refused and changed something", tt.name)
		}
	}
	// What is merged can do nothing by itself any more.
	for step, do := range steps() {
		c := merged(2, 1)
		if err := do(&c, staff("admin")); err == nil || works(c) != "u.shut" {
			t.Errorf("%s on a merged case: %v, %s", step, err, works(c))
		}
	}
	c := merged(2, 1)
	if got := word(c.Sort(bot.TrackHoax, later), c); got != "closed_reopen" {
		t.Errorf("sort: %s", got)
	}
}

// TestMergeChain: 3 into 2 into 1 loses nothing on the way, and what came with 3 is found in 1.
func TestMergeChain(t *testing.T) {
	one, two, three := as(1, at("u.waiting")), as(2, at("v.referred")), as(3, at("h.published"))
	three.SetClock(bot.Clock{Kind: bot.ClockReport, Tip: 3, Due: opened.Add(time.Hour)})
	if err := errors.Join(three.MergeInto(&two, later), two.MergeInto(&one, later)); err != nil {
		t.Fatal(err)
	}
	if works(one) != "h.published v.referred" || one.Verdict == nil || len(one.Referrals) != 1 || len(one.Clocks) != 1 ||
		!slices.Equal(one.Holds, []bot.CaseID{2, 3}) || two.Holds != nil || broken(one)+broken(two)+broken(three) != "" {
		t.Fatalf("%s, %+v", works(one), one)
	}
	three.SplitFrom(&one, until)
	if three.Merged != 0 || !slices.Equal(one.Holds, []bot.CaseID{2}) || len(three.Clocks) != 1 || len(one.Clocks) != 0 || broken(one)+broken(three) != "" {
		t.Errorf("%+v, %+v", three, one)
	}
}

func TestSplitLosesNothing(t *testing.T) {
	c, n := full()
	before, _ := full()
	c.Brigade = 9
	if err := c.MergeInto(&n, later); err != nil {
		t.Fatal(err)
	}
	if err := n.Receive("BAWASLU", "007", staff("petugas1"), later); err != nil {
		t.Fatal(err)
	}
	c.SplitFrom(&n, until)
	kinds := func(of bot.Case) map[bot.TipID]int {
		m := map[bot.TipID]int{}
		for _, k := range of.Clocks {
			m[k.Tip]++
		}
		return m
	}
	for what, d := range map[string]string{
		"clocks of its tip": cmp.Diff(map[bot.TipID]int{2: 2}, kinds(c)),
		"the others stay":   cmp.Diff(map[bot.TipID]int{0: 1, 1: 1, 5: 1}, kinds(n)),
		"due":               cmp.Diff(opened.Add(48*time.Hour), c.Due),
		"holds":             cmp.Diff([]bot.CaseID{5, 6}, n.Holds),
		"categories":        cmp.Diff(before.Categories, c.Categories),
		"verdict":           cmp.Diff(before.Verdict, c.Verdict),
		"both were told":    cmp.Diff("BAWASLU=007", answers(c)) + cmp.Diff("BAWASLU=007", answers(n)),
		"works":             cmp.Diff("u.waiting", works(c)),
		"invariants":        broken(c) + broken(n),
	} {
		if d != "" {
			t.Errorf("%s:\n%s", what, d)
		}
	}
	if c.Merged != 0 || c.Status != bot.New || !c.Finished.IsZero() || c.Brigade != 0 {
		t.Errorf("%+v", c)
	}
	if err := c.MergeInto(&n, until); err != nil || broken(c)+broken(n) != "" || answers(n) != "BAWASLU=007" || len(n.Clocks) != 5 {
		t.Errorf("merged again: %v, %s; %s, %v", err, broken(c)+broken(n), answers(n), n.Clocks)
	}
}

// TestSplitKeepsWaiting: a hand-over that was not answered is waited for by both.
func TestSplitKeepsWaiting(t *testing.T) {
	c, n := as(2, at("v.referred")), as(1, at("u.waiting"))
	if err := c.MergeInto(&n, later); err != nil {
		t.Fatal(err)
	}
	c.SplitFrom(&n, until)
	if works(c) != "v.referred" || works(n) != "v.referred" {
		t.Fatalf("%s, %s", works(c), works(n))
	}
	for _, k := range []*bot.Case{&c, &n} {
		if err := k.Receive("", "008", staff("petugas1"), until); err != nil || k.Status != bot.Resolved {
			t.Errorf("%v, %s", err, k.Status)
		}
	}
	fresh, n := bot.NewCase(9, "T-9", until), as(1, at("h.published")) // a tip that never was a case of its own
	fresh.SplitFrom(&n, until)
	if works(fresh) != "u.waiting" || works(n) != "h.published" || n.Status != bot.Resolved || !n.Finished.Equal(opened) {
		t.Errorf("%s, %s, %v", works(fresh), works(n), n.Finished)
	}
}

func TestClocks(t *testing.T) {
	c := at("v.referred")
	for i, tt := range []struct {
		set  bot.Clock
		stop bool
		due  time.Duration
		n    int
	}{
		{set: bot.Clock{Kind: bot.ClockReport, Tip: 1, Due: opened.Add(9)}, due: 9, n: 1},
		{set: bot.Clock{Kind: bot.ClockReport, Tip: 2, Due: opened.Add(7)}, due: 7, n: 2},
		{set: bot.Clock{Kind: bot.ClockAnswer, Due: opened.Add(8)}, due: 7, n: 3},
		{set: bot.Clock{Kind: bot.ClockReport, Tip: 2, Due: opened.Add(10)}, due: 8, n: 3}, // moved
		{set: bot.Clock{Kind: bot.ClockAnswer}, stop: true, due: 9, n: 2},
		{set: bot.Clock{Kind: bot.ClockAnswer, Tip: 2}, stop: true, due: 9, n: 2}, // there is none
		{set: bot.Clock{Kind: bot.ClockReport, Tip: 1}, stop: true, due: 10, n: 1},
		{set: bot.Clock{Kind: bot.ClockReport, Tip: 2}, stop: true, due: -1, n: 0},
	} {
		if tt.stop {
			c.StopClock(tt.set.Kind, tt.set.Tip)
		} else {
			c.SetClock(tt.set)
		}
		want := opened.Add(tt.due)
		if tt.due < 0 {
			want = time.Time{}
		}
		if !c.Due.Equal(want) || len(c.Clocks) != tt.n || broken(c) != "" {
			t.Errorf("%d: due %v, want %v; %v", i, c.Due, want, c.Clocks)
		}
	}
}
