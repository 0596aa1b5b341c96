package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

var (
	opened = time.Date(2024, 10, 1, 12, 0, 0, 0, time.UTC)
	later  = opened.Add(time.Hour)
	until  = later.Add(2 * time.Hour)
)

func staff(name string) bot.Staff {
	s := bot.Staff{ID: bot.PersonID("id-" + name), Name: name, Role: bot.Officer}
	if strings.HasPrefix(name, "admin") {
		s.Role = bot.Admin
	}
	return s
}

func lease(name string, end time.Time) *bot.Lease {
	return &bot.Lease{Holder: bot.PersonID("id-" + name), Name: name, Until: end}
}

func salah() bot.Verdict {
	return bot.Verdict{Rating: bot.Salah, Explanation: "lama", Link: "https://contoh.test/1", Publisher: "contoh.test"}
}

// place is where a case can be on one track: "h.waiting" is the hoax track waiting, "+" at the end that
// petugas1 holds it. Proposals are petugas1's; "h.correction" is one of a next version.
func places() []string {
	return strings.Fields(`u.waiting u.waiting+ u.shut
		h.waiting h.waiting+ h.proposed h.correction h.published h.shut
		v.waiting v.waiting+ v.referred v.referred+ v.received v.returned v.returned+ v.shut`)
}

func trackOf(letter string) bot.Track {
	return map[string]bot.Track{"u": bot.Unsorted, "h": bot.TrackHoax, "v": bot.TrackViolation}[letter]
}

// at builds a case that is at a place and nowhere else. Two calls build equal cases that share nothing.
func at(place string) bot.Case {
	letter, stage, _ := strings.Cut(place, ".")
	stage, held := strings.CutSuffix(stage, "+")
	w := bot.Work{Track: trackOf(letter), Stage: bot.Stage(stage), Since: opened}
	c := bot.NewCase(7, "T-7", opened)
	if held {
		w.Lease = lease("petugas1", opened.Add(2*time.Hour))
	}
	old := salah()
	old.Version, old.At, old.By, old.Name, old.Approver, old.Approved = 1, opened, "id-petugas1", "petugas1", "id-petugas2", "petugas2"
	proposed := salah()
	proposed.Version, proposed.At, proposed.By, proposed.Name = 1, opened, "id-petugas1", "petugas1"
	asked := bot.Referral{To: "BAWASLU", Title: "Bawaslu", At: opened, By: "id-petugas1", Name: "petugas1"}
	switch w.Stage {
	case bot.Published:
		c.Verdict = &old
	case bot.Proposed:
		w.Before, c.Proposal = bot.Waiting, &proposed
	case "correction":
		proposed.Version = 2
		w.Stage, w.Before, c.Verdict, c.Proposal = bot.Proposed, bot.Published, &old, &proposed
	case bot.Received:
		asked.Answered, asked.Register = opened, "001"
	case bot.Returned:
		asked.Answered, asked.Reason = opened, "kurang"
	case bot.Shut:
		c.Reason = "lama"
	}
	if w.Stage == bot.Referred || w.Stage == bot.Received || w.Stage == bot.Returned {
		c.Referrals = []bot.Referral{asked}
	}
	c.Works = []bot.Work{w}
	c.Status = status(c)
	if c.Status == bot.Resolved || c.Status == bot.Closed {
		c.Finished = opened
	}
	return c
}

// status is the status of a case as docs/ tells it.
func status(c bot.Case) bot.Status {
	open, free, outcome := false, false, false
	for _, w := range c.Works {
		switch w.Stage {
		case bot.Waiting, bot.Returned:
			open, free = true, free || w.Lease == nil
		case bot.Proposed, bot.Referred:
			open = true
		case bot.Published, bot.Received:
			outcome = true
		}
	}
	switch {
	case free:
		return bot.New
	case open:
		return bot.Taken
	case outcome:
		return bot.Resolved
	}
	return bot.Closed
}

// broken tells what holds for every case at any time and does not for this one; empty if all holds.
func broken(c bot.Case) string {
	var bad []string
	say := func(wrong bool, what string) {
		if wrong {
			bad = append(bad, what)
		}
	}
	over := c.Status == bot.Resolved || c.Status == bot.Closed
	say(c.Status != status(c), fmt.Sprintf("status %s does not follow from the works", c.Status))
	say(over == c.Open(), "Open and status disagree")
	say(over == c.Finished.IsZero(), "Finished and status disagree")
	say(!over && c.Reason != "", "open with a reason for having been closed")
	say(c.Spam && c.Status != bot.Closed, "spam, but not closed")
	say(len(c.Works) == 0, "on no track")
	say(c.On(bot.Unsorted) && len(c.Works) > 1, "sorted and unsorted")
	say((c.Merged != 0) && c.Open(), "merged and open")
	proposed, stages := false, map[bot.Track][]bot.Stage{
		bot.Unsorted:       {bot.Waiting, bot.Shut},
		bot.TrackHoax:      {bot.Waiting, bot.Proposed, bot.Published, bot.Shut},
		bot.TrackViolation: {bot.Waiting, bot.Referred, bot.Received, bot.Returned, bot.Shut},
	}
	seen := map[bot.Track]bool{}
	for _, w := range c.Works {
		say(seen[w.Track], "twice on "+string(w.Track))
		seen[w.Track] = true
		say(!slices.Contains(stages[w.Track], w.Stage), fmt.Sprintf("%s cannot be %s", w.Track, w.Stage))
		say(w.Lease != nil && !slices.Contains([]bot.Stage{bot.Waiting, bot.Referred, bot.Returned}, w.Stage), "held while "+string(w.Stage))
		say((w.Before != "") != (w.Stage == bot.Proposed), "Before and stage disagree")
		proposed = proposed || w.Stage == bot.Proposed
		say(w.Stage == bot.Published && c.Verdict == nil, "published, but there is no verdict")
	}
	say(proposed != (c.Proposal != nil), "proposal and stage disagree")
	if p := c.Proposal; p != nil {
		last := 0
		if c.Verdict != nil {
			last = c.Verdict.Version
		}
		say(p.Version != last+1 || p.Approver != "" || p.Approved != "" || p.Urgent != "" || p.By == "", "bad proposal")
	}
	if v := c.Verdict; v != nil {
		say(v.Version < 1 || v.By == "" || v.Approver == "" || (v.By == v.Approver && v.Urgent == ""), "verdict of one person, unmarked")
	}
	due := time.Time{}
	for _, k := range c.Clocks {
		if due.IsZero() || k.Due.Before(due) {
			due = k.Due
		}
	}
	say(!due.Equal(c.Due), "Due is not the earliest clock")
	return strings.Join(bad, "; ")
}

// TestPassedOn: a hoax on the violation track is only handed over, unless something else is said of it too.
func TestPassedOn(t *testing.T) {
	for _, tt := range []struct {
		place        string
		desk, sender []bot.Category
		want         bool
	}{
		{"v.referred", []bot.Category{bot.HoaxContent}, nil, true},
		{"v.referred", []bot.Category{bot.HoaxContent, bot.Fraud}, []bot.Category{bot.VoteBuying}, true},
		{"v.referred", nil, []bot.Category{bot.HoaxContent}, true},
		{"v.referred", []bot.Category{bot.HoaxContent, bot.HateSpeech}, nil, false},
		{"v.referred", nil, nil, false},
		{"h.waiting", []bot.Category{bot.HoaxContent}, nil, false},
	} {
		c := at(tt.place)
		c.Categories, c.SenderCategories = tt.desk, tt.sender
		if got := c.PassedOn(); got != tt.want {
			t.Errorf("%s %v %v: %v", tt.place, tt.desk, tt.sender, got)
		}
	}
}

// works writes the works of a case, in the order of the tracks: "h.waiting+petugas1 v.shut".
func works(c bot.Case) string {
	var all []string
	for _, letter := range []string{"u", "h", "v"} {
		if w := c.Work(trackOf(letter)); w != nil {
			s := letter + "." + string(w.Stage)
			if w.Lease != nil {
				s += "+" + w.Lease.Name
			}
			all = append(all, s)
		}
	}
	return strings.Join(all, " ")
}

// word writes the outcome of a step: the works it led to, "=" for unchanged, or the refusal's key.
func word(err error, c bot.Case) string {
	var refused *bot.UserError
	switch {
	case errors.Is(err, bot.ErrUnchanged):
		return "="
	case errors.As(err, &refused):
		return strings.TrimPrefix(refused.Key, "desk.")
	case err != nil:
		return err.Error()
	}
	return works(c)
}

// steps does every step on a whole case.
func steps() map[bot.Step]func(*bot.Case, bot.Staff) error {
	next := bot.Verdict{Rating: bot.Benar, Explanation: "baru", Version: 99, Name: "palsu", Approver: "palsu", Urgent: "palsu"}
	return map[bot.Step]func(*bot.Case, bot.Staff) error{
		bot.StepTake:     func(c *bot.Case, s bot.Staff) error { return c.Take("", s, until, later) },
		bot.StepRelease:  func(c *bot.Case, s bot.Staff) error { return c.Release("", s, later) },
		bot.StepAssign:   func(c *bot.Case, s bot.Staff) error { return c.Assign(staff("petugas3"), s, until, later) },
		bot.StepPropose:  func(c *bot.Case, s bot.Staff) error { return c.Propose(next, s, later) },
		bot.StepCorrect:  func(c *bot.Case, s bot.Staff) error { return c.Correct(next, s, later) },
		bot.StepApprove:  func(c *bot.Case, s bot.Staff) error { return c.Approve(s, later) },
		bot.StepReject:   func(c *bot.Case, s bot.Staff) error { return c.Reject(s, until, later) },
		bot.StepOverride: func(c *bot.Case, s bot.Staff) error { return c.Override("mendesak", s, later) },
		bot.StepRefer: func(c *bot.Case, s bot.Staff) error {
			return c.Refer(bot.Referral{To: "POLDA", Title: "Polda"}, s, later)
		},
		bot.StepReceive: func(c *bot.Case, s bot.Staff) error { return c.Receive("", "002", s, later) },
		bot.StepReturn:  func(c *bot.Case, s bot.Staff) error { return c.Return("", "kurang bukti", s, later) },
		bot.StepShut:    func(c *bot.Case, s bot.Staff) error { return c.Shut("", "selesai", false, s, later) },
		bot.StepReopen:  func(c *bot.Case, s bot.Staff) error { return c.Reopen("", s, later) },
	}
}

// TestTransitions holds every step at every place by everybody against the table: petugas1 (who holds
// what is held and proposed what is proposed), petugas2, and an admin.
func TestTransitions(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range transitionTable() {
		f := strings.Fields(row)
		step, outcomes := bot.Step(f[0]), f[len(f)-3:]
		for _, place := range f[1 : len(f)-3] {
			if key := string(step) + " " + place; seen[key] || !slices.Contains(places(), place) || !slices.Contains(bot.Steps(), step) {
				t.Fatalf("row %q: %s stands twice, or there is no such place or step", row, key)
			}
			seen[string(step)+" "+place] = true
			for i, name := range []string{"petugas1", "petugas2", "admin"} {
				checkStep(t, step, place, name, expand(outcomes[i], place, name))
			}
		}
	}
	for _, step := range bot.Steps() {
		for _, place := range places() {
			if !seen[string(step)+" "+place] {
				t.Errorf("%s at %s is not in the table", step, place)
			}
		}
	}
}

// expand fills the table's short forms: "*" is the letter of the track, "me" who does the step.
func expand(outcome, place, name string) string {
	outcome = strings.ReplaceAll(outcome, "*", place[:1])
	return strings.NewReplacer("+me", "+"+name, "&", " ").Replace(outcome)
}

func checkStep(t *testing.T, step bot.Step, place, name, want string) {
	t.Helper()
	c, before := at(place), at(place)
	if b := broken(before); b != "" {
		t.Fatalf("%s as the test builds it: %s", place, b)
	}
	err := steps()[step](&c, staff(name))
	if got := word(err, c); got != want {
		t.Errorf("%s at %s by %s gives %q, want %q", step, place, name, got, want)
	}
	var refused *bot.UserError
	if errors.As(err, &refused) && refused.Args["ticket"] != "T-7" {
		t.Errorf("%s at %s by %s: the refusal does not name the case: %v", step, place, name, refused.Args)
	}
	if d := cmp.Diff(before, c); err != nil && d != "" {
		t.Errorf("%s at %s by %s was refused and changed the case:\n%s", step, place, name, d)
	} else if err == nil && !c.Changed.Equal(later) {
		t.Errorf("%s at %s by %s: Changed was not moved", step, place, name)
	}
	if b := broken(c); b != "" {
		t.Errorf("%s at %s by %s leaves a broken case: %s", step, place, name, b)
	}
}
