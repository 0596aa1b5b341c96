package bot_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"awassiber/bot"
)

func TestPhaseAt(t *testing.T) {
	for _, c := range []struct {
		at, region string
		want       bot.Phase
	}{
		{"2024-09-24 23:59", tebo, bot.NoPhase},
		{"2024-09-25 00:00", tebo, bot.Campaign},
		{"2024-11-23 23:59", "", bot.Campaign},
		{"2024-11-24 00:00", "15", bot.Silence},
		{"2024-11-27 12:00", bungo, bot.Voting},
		{"2024-12-20 12:00", bungo, bot.Dispute},
		{"2024-12-20 12:00", tebo, bot.NoPhase},
		{"2025-04-05 08:00", bungo, bot.Revote},
		{"2025-04-05 08:00", bungo + ".01", bot.Revote},
		{"2025-04-05 08:00", "15.080", bot.NoPhase}, // no part of 15.08
		{"2025-04-05 08:00", "", bot.NoPhase},
		{"2025-04-08 00:00", bungo, bot.NoPhase},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, wib)
		if err != nil {
			t.Fatal(err)
		}
		for _, zone := range []*time.Location{wib, time.UTC} { // the same moment, however it is written
			if got := pilkada().PhaseAt(at.In(zone), c.region); got != c.want {
				t.Errorf("%s in %q: %s, want %s", c.at, c.region, got, c.want)
			}
		}
	}
	// An area's own phase wins over the general one, in either order of the configuration.
	e := bot.Election{Spans: []bot.PhaseSpan{span(bot.Revote, "2024-12-01", "2024-12-01", bungo), span(bot.Counting, "2024-11-28", "2024-12-16")}}
	at := day("2024-12-01").At(0, nil)
	if a, b := e.PhaseAt(at, bungo), e.PhaseAt(at, tebo); a != bot.Revote || b != bot.Counting {
		t.Errorf("Bungo %s, Tebo %s", a, b)
	}
	if p := (bot.Election{}).PhaseAt(at, bungo); p != bot.NoPhase {
		t.Errorf("the zero election is in %s", p)
	}
	// An area can be taken out of an election.
	e.Spans[0].Phase = bot.NoPhase
	if a, b := e.PhaseAt(at, bungo), e.PhaseAt(at, tebo); a != bot.NoPhase || b != bot.Counting {
		t.Errorf("Bungo %s, Tebo %s", a, b)
	}
}

func TestForAnElection(t *testing.T) {
	village := bot.Election{Code: "pilkades", Zone: wib, Spans: []bot.PhaseSpan{span(bot.Voting, "2024-10-10", "2024-10-10", tebo)}}
	rules := bot.Election{Code: "dates unknown", Zone: wib}
	all := bot.Elections{rules, pemilu(), pilkada(), village}
	for _, c := range []struct{ day, region, want string }{
		{"2024-02-14", tebo, "pemilu-2024"},
		{"2024-11-27", tebo, "pilkada-2024"},
		{"2024-10-10", tebo, "pilkada-2024"}, // both are in a phase: the first configured
		{"2024-03-01", tebo, "pemilu-2024"},  // nearest
		{"2024-09-01", "", "pilkada-2024"},
		{"2026-11-24", tebo, "pilkada-2024"},
		{"2020-01-01", tebo, "pemilu-2024"},
		{"2025-04-05", bungo, "pilkada-2024"},
	} {
		e, ok := all.For(day(c.day).At(12*time.Hour, wib), c.region)
		if !ok || e.Code != c.want {
			t.Errorf("%s in %q: %s, %v; want %s", c.day, c.region, e.Code, ok, c.want)
		}
	}
	if e, _ := (bot.Elections{village, pilkada()}).For(day("2024-10-10").At(0, wib), bungo); e.Code != "pilkada-2024" {
		t.Errorf("an election of Tebo for Bungo: %s", e.Code)
	}
	if e, ok := (bot.Elections{rules}).For(day("2024-10-10").At(0, wib), bungo); !ok || e.Code != rules.Code {
		t.Error("the only election must be found although nothing is known of its dates")
	}
	if _, ok := bot.Elections(nil).For(day("2024-10-10").At(0, wib), bungo); ok {
		t.Error("found one where there is none")
	}
	if e, ok := all.ByCode("pilkades"); !ok || e.Code != "pilkades" {
		t.Error("not found by its code")
	}
	if _, ok := all.ByCode(""); ok {
		t.Error("found one without a code")
	}
}

func TestVotingDayAndSides(t *testing.T) {
	e := pilkada()
	e.Sides = []bot.Side{{Code: "01"}, {Code: "02"}, {Code: "kosong", Area: "15.04"}}
	for region, want := range map[string]string{"": "2024-11-27", bungo: "2024-11-27", tebo: "2024-11-27"} {
		if d, ok := e.VotingDay(region); !ok || d.String() != want {
			t.Errorf("%q votes on %v, %v", region, d, ok)
		}
	}
	if d, ok := (bot.Election{}).VotingDay(tebo); ok {
		t.Errorf("the zero election votes on %v", d)
	}
	e.Spans = append(e.Spans, span(bot.Campaign, "2024-11-27", "2024-11-27", tebo), span(bot.Voting, "2024-12-04", "2024-12-04", tebo))
	if d, _ := e.VotingDay(tebo); d.String() != "2024-12-04" {
		t.Errorf("a vote put off is on %v", d)
	}
	for region, want := range map[string]int{"": 3, "15.04": 3, "15.04.02": 3, tebo: 2} {
		if got := e.SidesIn(region); len(got) != want {
			t.Errorf("%q has %v", region, got)
		}
	}
}

func TestHoursOn(t *testing.T) {
	e := pilkada()
	for _, c := range []struct{ day, region, want string }{
		{"2024-10-04", tebo, "8h0m0s-16h30m0s"}, // Friday
		{"2024-10-05", tebo, "closed"},          // Saturday
		{"2024-12-25", tebo, "closed"},
		{"2024-11-24", tebo, "0s-24h0m0s"}, // a Sunday in masa tenang
		{"2024-11-27", tebo, "0s-24h0m0s"}, // a holiday, and voting
		{"2025-04-03", bungo, "0s-24h0m0s"},
		{"2025-04-03", tebo, "closed"},
	} {
		h, got := e.HoursOn(day(c.day), c.region), "closed"
		if !h.Closed() {
			got = fmt.Sprintf("%v-%v", h.Open, h.Close)
		}
		if got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.day, c.region, got, c.want)
		}
	}
	friday := day("2024-10-04")
	for clock, want := range map[time.Duration]bool{8*time.Hour - 1: false, 8 * time.Hour: true, 16 * time.Hour: true, 16*time.Hour + 30*time.Minute: false} {
		if got := e.OpenAt(friday.At(0, wib).Add(clock), tebo); got != want {
			t.Errorf("open at %v: %v", clock, got)
		}
	}
}

func TestDays(t *testing.T) {
	if d := bot.NewDay(2024, 2, 30); d != day("2024-03-01") {
		t.Errorf("30 February is %v", d)
	}
	if d := day("2024-12-31") + 1; d.String() != "2025-01-01" || d.Weekday() != time.Wednesday {
		t.Errorf("%v, %v", d, d.Weekday())
	}
	if bot.DayOf(time.Time{}, wib) != 0 || bot.DayOf(time.Time{}, nil) != 0 || bot.Day(0).String() != "" {
		t.Error("the zero time is a day")
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]*time.Location{wib, wit, time.UTC, nil}).Draw(t, "zone")
		d := bot.Day(rapid.IntRange(1, 1_000_000).Draw(t, "day"))
		clock := time.Duration(rapid.IntRange(0, 24*60*60-1).Draw(t, "second")) * time.Second
		at := d.At(clock, zone)
		if bot.DayOf(at, zone) != d || at.Weekday() != d.Weekday() || bot.DayOf(d.At(24*time.Hour, zone), zone) != d+1 {
			t.Fatalf("%v at %v is %v", d, clock, at)
		}
		if y, m, dd := at.Date(); bot.NewDay(y, m, dd) != d {
			t.Fatalf("%v is %v", d, at)
		}
	})
}
