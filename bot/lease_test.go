package bot_test

import (
	"errors"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// TestTwoAtOnce: of two who take a case, one has it and the other is told who.
func TestTwoAtOnce(t *testing.T) {
	c := at("u.waiting")
	if err := c.Take("", staff("petugas1"), until, later); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"petugas2", "admin"} { // an admin asks too, and assigns if it must be
		var refused *bot.UserError
		if err := c.Take("", staff(name), until, later); !errors.As(err, &refused) ||
			refused.Key != "desk.taken_by" || refused.Args["name"] != "petugas1" || refused.Args["ticket"] != "T-7" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := works(c); got != "u.waiting+petugas1" || c.Status != bot.Taken {
		t.Errorf("%s, %s", got, c.Status)
	}
}

// TestRenew: pressing again is nothing until half of the time has passed, and then begins it anew.
func TestRenew(t *testing.T) {
	const term = 2 * time.Hour
	for _, tt := range []struct {
		after   time.Duration
		renewed bool
	}{{0, false}, {time.Minute, false}, {term / 2, false}, {term/2 + time.Second, true}, {term - time.Second, true}, {term, true}, {2 * term, true}} {
		c := both("h.waiting", "v.referred")
		if err := c.Take("", staff("petugas1"), opened.Add(term), opened); err != nil {
			t.Fatal(err)
		}
		now := opened.Add(tt.after)
		err := c.Take("", staff("petugas1"), now.Add(term), now)
		if tt.renewed != (err == nil) || !tt.renewed && !errors.Is(err, bot.ErrUnchanged) {
			t.Errorf("after %v: %v", tt.after, err)
		}
		want := opened.Add(term)
		if tt.renewed {
			want = now.Add(term)
		}
		if !c.LeaseEnds().Equal(want) || len(c.Leases()) != 1 || broken(c) != "" || tt.renewed != c.Changed.Equal(now) && tt.after > 0 {
			t.Errorf("after %v: ends %v, want %v; changed %v; %s", tt.after, c.LeaseEnds(), want, c.Changed, broken(c))
		}
	}
}

// TestTakeWhatIsLeft: who holds one track takes the other, and the first is not touched before its half.
func TestTakeWhatIsLeft(t *testing.T) {
	c := both("h.waiting", "v.waiting")
	first, second := opened.Add(2*time.Hour), opened.Add(150*time.Minute)
	if err := c.Take(bot.TrackViolation, staff("petugas1"), first, opened); err != nil {
		t.Fatal(err)
	}
	if got := works(c); got != "h.waiting v.waiting+petugas1" || c.Status != bot.New {
		t.Fatalf("%s, %s", got, c.Status)
	}
	if err := c.Take("", staff("petugas1"), second, opened.Add(30*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if !c.Work(bot.TrackViolation).Lease.Until.Equal(first) || !c.Work(bot.TrackHoax).Lease.Until.Equal(second) {
		t.Errorf("%+v, %+v", c.Work(bot.TrackHoax).Lease, c.Work(bot.TrackViolation).Lease)
	}
	// One hold is shown of a person with two: the one that ends first, or its alarm would come too late.
	if l := c.Leases(); len(l) != 1 || !l[0].Until.Equal(first) || !c.LeaseEnds().Equal(first) {
		t.Errorf("holds %+v, ends %v", l, c.LeaseEnds())
	}
	// petugas2 gets neither, nor takes anything away.
	before := works(c)
	if got := word(c.Take("", staff("petugas2"), until, later), c); got != "taken_by" || works(c) != before {
		t.Errorf("petugas2: %s, %s", got, works(c))
	}
}

// TestTakeAnothersTrack: of a case that somebody works on, one takes what nobody holds.
func TestTakeAnothersTrack(t *testing.T) {
	c := both("h.waiting+", "v.waiting")
	if err := c.Take("", staff("petugas2"), until, later); err != nil {
		t.Fatal(err)
	}
	if got := works(c); got != "h.waiting+petugas1 v.waiting+petugas2" || c.Status != bot.Taken || len(c.Leases()) != 2 {
		t.Errorf("%s, %s, %v", got, c.Status, c.Leases())
	}
	if err := c.Release("", staff("petugas2"), later); err != nil || works(c) != "h.waiting+petugas1 v.waiting" {
		t.Errorf("release gave up another's: %v, %s", err, works(c))
	}
	if err := c.Release("", staff("admin"), later); err != nil || works(c) != "h.waiting v.waiting" {
		t.Errorf("an admin releases all: %v, %s", err, works(c))
	}
}

func TestExpire(t *testing.T) {
	two := func() bot.Case { // petugas1 until 14:00, petugas2 until 15:00
		c := both("h.waiting+", "v.referred")
		c.Work(bot.TrackViolation).Lease = lease("petugas2", opened.Add(3*time.Hour))
		return c
	}
	for _, tt := range []struct {
		after time.Duration
		ended []bot.Lease
		want  string
	}{
		{2*time.Hour - 1, nil, "h.waiting+petugas1 v.referred+petugas2"},
		{2 * time.Hour, []bot.Lease{*lease("petugas1", opened.Add(2*time.Hour))}, "h.waiting v.referred+petugas2"},
		{9 * time.Hour, []bot.Lease{*lease("petugas1", opened.Add(2*time.Hour)), *lease("petugas2", opened.Add(3*time.Hour))}, "h.waiting v.referred"},
	} {
		c, before := two(), two()
		ended := c.Expire(opened.Add(tt.after))
		if d := cmp.Diff(tt.ended, ended); d != "" || works(c) != tt.want || broken(c) != "" {
			t.Errorf("after %v: %s, %s\n%s", tt.after, works(c), broken(c), d)
		}
		if d := cmp.Diff(before, c); tt.ended == nil && d != "" {
			t.Errorf("nothing ended, and the case changed:\n%s", d)
		}
	}
	// One person's holds on two tracks end as one.
	c := both("h.waiting+", "v.waiting+")
	if ended := c.Expire(opened.Add(2 * time.Hour)); len(ended) != 1 || c.Status != bot.New {
		t.Errorf("%v, %s", ended, c.Status)
	}
	for _, place := range places() { // and of what nobody holds, nothing ends
		if c := at(place); place[len(place)-1] != '+' && c.Expire(opened.Add(99*time.Hour)) != nil {
			t.Errorf("%s: something ended", place)
		}
	}
}

func TestAssign(t *testing.T) {
	c := both("h.waiting", "v.returned+")
	if err := c.Assign(staff("petugas1"), staff("petugas2"), until, later); err != nil || works(c) != "h.waiting+petugas1 v.returned+petugas1" {
		t.Fatalf("petugas2 assigns what is free: %v, %s", err, works(c))
	}
	before := both("h.waiting+", "v.returned+")
	c = both("h.waiting+", "v.returned+")
	if err := c.Assign(staff("petugas1"), staff("admin"), until, later); !errors.Is(err, bot.ErrUnchanged) || cmp.Diff(before, c) != "" {
		t.Errorf("to who has it all: %v", err)
	}
	if err := c.Assign(staff("petugas3"), staff("petugas1"), until, later); err != nil || works(c) != "h.waiting+petugas3 v.returned+petugas3" ||
		!c.LeaseEnds().Equal(until) || broken(c) != "" {
		t.Errorf("the holder hands it on: %v, %s", err, works(c))
	}
	if got := word(c.Assign(staff("petugas1"), staff("petugas1"), until, later), c); got != "taken_by" {
		t.Errorf("who has it no longer takes it back: %s", got)
	}
}

func TestSpam(t *testing.T) {
	for _, tt := range []struct {
		c    bot.Case
		by   string
		want string
	}{
		{at("u.waiting"), "petugas1", "u.shut"},
		{both("h.waiting+", "v.waiting"), "petugas1", "h.shut v.shut"},
		{both("h.waiting+", "v.waiting"), "petugas2", "taken_by"}, // and not the half of it
		{both("h.waiting+", "v.waiting"), "admin", "h.shut v.shut"},
		{both("h.proposed", "v.waiting"), "petugas1", "proposal_waits"},
		{both("h.published", "v.waiting"), "petugas1", "finished"}, // somebody was told
		{both("h.waiting", "v.received"), "petugas1", "finished"},  // somebody took it
		{both("h.shut", "v.waiting"), "petugas1", "h.shut v.shut"},
		{at("u.shut"), "petugas1", "="},
	} {
		before, was := works(tt.c), tt.c.Status
		got := word(tt.c.Shut("", "iklan", true, staff(tt.by), later), tt.c)
		if got != tt.want || broken(tt.c) != "" {
			t.Errorf("%s by %s: %s, want %s; %s", before, tt.by, got, tt.want, broken(tt.c))
		}
		if done := tt.c.Status == bot.Closed && was != bot.Closed; tt.c.Spam != done || done && tt.c.Reason != "iklan" {
			t.Errorf("%s by %s: spam %v, reason %q", before, tt.by, tt.c.Spam, tt.c.Reason)
		}
		if !tt.c.Spam {
			continue
		}
		if err := tt.c.Reopen("", staff("petugas2"), later); err != nil || tt.c.Spam || tt.c.Reason != "" || broken(tt.c) != "" {
			t.Errorf("%s reopened: %v, spam %v, reason %q", before, err, tt.c.Spam, tt.c.Reason)
		}
	}
}

// TestReasonOfOneTrack: a reason is kept when the last track ended, and only then.
func TestReasonOfOneTrack(t *testing.T) {
	c := both("h.waiting", "v.waiting")
	if err := c.Shut(bot.TrackHoax, "bukan hoaks", false, staff("petugas1"), later); err != nil || c.Reason != "" || c.Status != bot.New || !c.Finished.IsZero() {
		t.Errorf("%v, %q, %s", err, c.Reason, c.Status)
	}
	if err := c.Shut("", "di luar wilayah", false, staff("petugas1"), later); err != nil || c.Reason != "di luar wilayah" || !c.Finished.Equal(later) {
		t.Errorf("%v, %q, %v", err, c.Reason, c.Finished)
	}
	if err := c.Reopen(bot.TrackViolation, staff("petugas1"), until); err != nil || works(c) != "h.shut v.waiting" || c.Reason != "" || !c.Finished.IsZero() {
		t.Errorf("%v, %s, %q", err, works(c), c.Reason)
	}
}
