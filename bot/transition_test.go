package bot_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// transitionTable has a row for a step at places: what it gives petugas1, petugas2 and the admin. "*" is
// the track of the place, "me" who does the step, "&" stands between two tracks; a word without a dot is
// a refusal, "=" means unchanged.
func transitionTable() []string {
	const (
		same     = " = = ="
		proposed = " proposal_waits proposal_waits proposal_waits"
		finished = " finished finished finished"
		closed   = " closed_reopen closed_reopen closed_reopen"
		unknown  = " nothing_published nothing_published nothing_published"
		nothing  = " nothing_proposed nothing_proposed nothing_proposed"
		nobody   = " nothing_referred nothing_referred nothing_referred"
	)
	return []string{
		"take u.waiting h.waiting v.waiting  *.waiting+me *.waiting+me *.waiting+me",
		"take v.referred  v.referred+me v.referred+me v.referred+me",
		"take v.returned  v.returned+me v.returned+me v.returned+me",
		"take u.waiting+ h.waiting+ v.waiting+ v.referred+ v.returned+  = taken_by taken_by",
		"take h.proposed h.correction" + proposed,
		"take h.published v.received" + finished,
		"take u.shut h.shut v.shut" + closed,

		"release u.waiting h.waiting v.waiting v.referred v.returned" + same,
		"release u.waiting+ h.waiting+ v.waiting+  *.waiting taken_by *.waiting",
		"release v.referred+  v.referred taken_by v.referred",
		"release v.returned+  v.returned taken_by v.returned",
		"release h.proposed h.correction" + proposed,
		"release h.published v.received" + finished,
		"release u.shut h.shut v.shut" + closed,

		"assign u.waiting h.waiting v.waiting  *.waiting+petugas3 *.waiting+petugas3 *.waiting+petugas3",
		"assign v.referred  v.referred+petugas3 v.referred+petugas3 v.referred+petugas3",
		"assign v.returned  v.returned+petugas3 v.returned+petugas3 v.returned+petugas3",
		"assign u.waiting+ h.waiting+ v.waiting+  *.waiting+petugas3 taken_by *.waiting+petugas3",
		"assign v.referred+  v.referred+petugas3 taken_by v.referred+petugas3",
		"assign v.returned+  v.returned+petugas3 taken_by v.returned+petugas3",
		"assign h.proposed h.correction" + proposed,
		"assign h.published v.received" + finished,
		"assign u.shut h.shut v.shut" + closed,

		"propose u.waiting h.waiting  h.proposed h.proposed h.proposed",
		"propose u.waiting+ h.waiting+  h.proposed taken_by h.proposed",
		"propose v.waiting  h.proposed&v.waiting h.proposed&v.waiting h.proposed&v.waiting",
		"propose v.waiting+  h.proposed&v.waiting+petugas1 h.proposed&v.waiting+petugas1 h.proposed&v.waiting+petugas1",
		"propose v.referred  h.proposed&v.referred h.proposed&v.referred h.proposed&v.referred",
		"propose v.referred+  h.proposed&v.referred+petugas1 h.proposed&v.referred+petugas1 h.proposed&v.referred+petugas1",
		"propose v.received  h.proposed&v.received h.proposed&v.received h.proposed&v.received",
		"propose v.returned  h.proposed&v.returned h.proposed&v.returned h.proposed&v.returned",
		"propose v.returned+  h.proposed&v.returned+petugas1 h.proposed&v.returned+petugas1 h.proposed&v.returned+petugas1",
		"propose h.proposed h.correction" + proposed,
		"propose h.published  published_already published_already published_already",
		"propose u.shut h.shut v.shut" + closed,

		"correct h.published  h.proposed h.proposed h.proposed",
		"correct h.proposed h.correction" + proposed,
		"correct u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.shut" + unknown,
		"correct v.waiting v.waiting+ v.referred v.referred+ v.received v.returned v.returned+ v.shut" + unknown,

		"approve h.proposed h.correction  own_proposal h.published h.published",
		"approve u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.published h.shut" + nothing,
		"approve v.waiting v.waiting+ v.referred v.referred+ v.received v.returned v.returned+ v.shut" + nothing,

		"reject h.proposed  h.waiting+petugas1 h.waiting+petugas1 h.waiting+petugas1",
		"reject h.correction  h.published h.published h.published",
		"reject u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.published h.shut" + nothing,
		"reject v.waiting v.waiting+ v.referred v.referred+ v.received v.returned v.returned+ v.shut" + nothing,

		"override h.proposed h.correction  h.published h.published h.published", // by right only an admin's
		"override u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.published h.shut" + nothing,
		"override v.waiting v.waiting+ v.referred v.referred+ v.received v.returned v.returned+ v.shut" + nothing,

		"refer u.waiting v.waiting v.referred v.returned  v.referred v.referred v.referred",
		"refer u.waiting+ v.waiting+ v.referred+ v.returned+  v.referred taken_by v.referred",
		"refer h.waiting  h.waiting&v.referred h.waiting&v.referred h.waiting&v.referred",
		"refer h.waiting+  h.waiting+petugas1&v.referred h.waiting+petugas1&v.referred h.waiting+petugas1&v.referred",
		"refer h.proposed h.correction  h.proposed&v.referred h.proposed&v.referred h.proposed&v.referred",
		"refer h.published  h.published&v.referred h.published&v.referred h.published&v.referred",
		"refer v.received" + finished,
		"refer u.shut h.shut v.shut" + closed,

		"receive v.referred v.referred+  v.received v.received v.received",
		"receive v.received" + same,
		"receive v.returned v.returned+ v.waiting v.waiting+ v.shut" + nobody,
		"receive u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.proposed h.correction h.published h.shut" + nobody,

		"return v.referred v.referred+ v.received  v.returned v.returned v.returned",
		"return v.returned v.returned+" + same,
		"return v.waiting v.waiting+ v.shut" + nobody,
		"return u.waiting u.waiting+ u.shut h.waiting h.waiting+ h.proposed h.correction h.published h.shut" + nobody,

		"shut u.waiting h.waiting v.waiting v.referred v.returned  *.shut *.shut *.shut",
		"shut u.waiting+ h.waiting+ v.waiting+ v.referred+ v.returned+  *.shut taken_by *.shut",
		"shut h.proposed h.correction" + proposed,
		"shut h.published v.received" + finished,
		"shut u.shut h.shut v.shut" + same,

		"reopen h.published v.received u.shut h.shut v.shut  *.waiting *.waiting *.waiting",
		"reopen u.waiting u.waiting+ h.waiting h.waiting+ h.proposed h.correction" + same,
		"reopen v.waiting v.waiting+ v.referred v.referred+ v.returned v.returned+" + same,
	}
}

// TestStepRights: which role may do which step. A right is asked for before anything else.
func TestStepRights(t *testing.T) {
	for _, step := range bot.Steps() {
		for _, role := range bot.Roles() {
			for _, custodian := range []bool{false, true} {
				s := bot.Staff{ID: "x", Role: role, Custodian: custodian}
				want := role == bot.Officer || role == bot.Admin // a custodian only opens identities
				if step == bot.StepOverride {
					want = role == bot.Admin
				}
				if got := s.May(step.Permission()); got != want {
					t.Errorf("%s by %q (custodian besides: %v): %v, want %v", step, role, custodian, got, want)
				}
			}
		}
	}
}

// both builds a case on two tracks.
func both(hoax, violation string) bot.Case {
	c, v := at(hoax), at(violation)
	c.Works, c.Referrals = append(c.Works, v.Works...), v.Referrals
	if c.Status = status(c); c.Status == bot.New || c.Status == bot.Taken {
		c.Finished, c.Reason = time.Time{}, ""
	}
	return c
}

// eachPair calls do with every hoax place beside every violation place.
func eachPair(do func(hoax, violation string)) {
	for _, h := range places() {
		for _, v := range places() {
			if h[0] == 'h' && v[0] == 'v' {
				do(h, v)
			}
		}
	}
}

// TestStepsOnTwoTracks: a step on a case on both tracks does on each what it would do there alone, and is
// refused only if it is refused on both. What concerns one track leaves the other as it was.
func TestStepsOnTwoTracks(t *testing.T) {
	eachPair(func(h, v string) {
		for _, step := range bot.Steps() {
			for _, name := range []string{"petugas1", "petugas2", "admin"} {
				c, before := both(h, v), both(h, v)
				err := steps()[step](&c, staff(name))
				what := fmt.Sprintf("%s at %s by %s", step, works(before), name)
				if b := broken(c); b != "" {
					t.Fatalf("%s leaves a broken case: %s", what, b)
				}
				if err != nil && !reflect.DeepEqual(before, c) {
					t.Fatalf("%s was refused and changed the case:\n%s", what, cmp.Diff(before, c))
				}
				for _, track := range []bot.Track{bot.TrackHoax, bot.TrackViolation} {
					alone := both(h, v)
					if concerns(step) == "" || concerns(step) == track {
						alone.Works = []bot.Work{*alone.Work(track)}
						alone.Status = status(alone)
						_ = steps()[step](&alone, staff(name))
					}
					if !reflect.DeepEqual(alone.Work(track), c.Work(track)) {
						t.Fatalf("%s: %s is not as if alone:\n%s", what, track, cmp.Diff(alone.Work(track), c.Work(track)))
					}
				}
			}
		}
	})
}

// concerns is the one track a step is about, empty if it is about all.
func concerns(step bot.Step) bot.Track {
	switch {
	case slices.Contains([]bot.Step{bot.StepPropose, bot.StepCorrect, bot.StepApprove, bot.StepReject, bot.StepOverride}, step):
		return bot.TrackHoax
	case slices.Contains([]bot.Step{bot.StepRefer, bot.StepReceive, bot.StepReturn}, step):
		return bot.TrackViolation
	}
	return ""
}

// TestOneTrack: a step on one track only leaves the other alone, and on a track the case is not on it is
// refused.
func TestOneTrack(t *testing.T) {
	one := map[bot.Step]func(*bot.Case, bot.Track, bot.Staff) error{
		bot.StepTake:    func(c *bot.Case, only bot.Track, s bot.Staff) error { return c.Take(only, s, until, later) },
		bot.StepRelease: func(c *bot.Case, only bot.Track, s bot.Staff) error { return c.Release(only, s, later) },
		bot.StepShut: func(c *bot.Case, only bot.Track, s bot.Staff) error {
			return c.Shut(only, "selesai", false, s, later)
		},
		bot.StepReopen: func(c *bot.Case, only bot.Track, s bot.Staff) error { return c.Reopen(only, s, later) },
	}
	for step, do := range one {
		eachPair(func(h, v string) {
			c, before := both(h, v), both(h, v)
			err := do(&c, bot.TrackHoax, staff("petugas1"))
			if d := cmp.Diff(before.Work(bot.TrackViolation), c.Work(bot.TrackViolation)); d != "" {
				t.Errorf("%s on the hoax track of %s changed the other:\n%s", step, works(before), d)
			}
			if err != nil && !reflect.DeepEqual(before, c) {
				t.Errorf("%s on the hoax track of %s was refused and changed the case:\n%s", step, works(before), cmp.Diff(before, c))
			}
			if b := broken(c); b != "" {
				t.Errorf("%s on the hoax track of %s: %s", step, works(before), b)
			}
		})
		c, before := at("h.waiting"), at("h.waiting")
		if got := word(do(&c, bot.TrackViolation, staff("admin")), c); got != "not_on_track" || cmp.Diff(before, c) != "" {
			t.Errorf("%s on a track the case is not on: %s", step, got)
		}
	}
}

func TestSort(t *testing.T) {
	for _, row := range [][3]string{ // place, track, outcome
		{"u.waiting", "h", "h.waiting"}, {"u.waiting+", "v", "v.waiting+petugas1"}, {"u.shut", "h", "closed_reopen"},
		{"h.waiting+", "v", "h.waiting+petugas1 v.waiting"}, {"h.waiting", "h", "="}, {"h.shut", "h", "="}, {"h.shut", "v", "closed_reopen"},
		{"h.published", "v", "h.published v.waiting"}, {"v.received", "h", "h.waiting v.received"}, {"h.proposed", "v", "h.proposed v.waiting"},
		{"v.shut", "h", "closed_reopen"}, {"v.referred", "h", "h.waiting v.referred"},
	} {
		c, before := at(row[0]), at(row[0])
		if got := word(c.Sort(trackOf(row[1]), later), c); got != row[2] {
			t.Errorf("%s on %s: %s, want %s", row[0], row[1], got, row[2])
		} else if d := cmp.Diff(before, c); (row[2] == "=" || row[2] == "closed_reopen") && d != "" {
			t.Errorf("%s on %s was refused and changed the case:\n%s", row[0], row[1], d)
		}
		if b := broken(c); b != "" {
			t.Errorf("%s on %s: %s", row[0], row[1], b)
		}
	}
}
