package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// play does steps like "refer A", "receive A 001", "return B kurang", "reopen" on a case, an hour apart.
func play(t *testing.T, c *bot.Case, script string) error {
	t.Helper()
	now := c.Changed
	for line := range strings.SplitSeq(script, "; ") {
		now = now.Add(time.Hour)
		f := append(strings.Fields(line), "", "")
		to := strings.TrimSuffix(f[1], "*") // "*" alone: the one asked last
		var err error
		switch f[0] {
		case "refer":
			err = c.Refer(bot.Referral{To: to, Title: "Badan " + to, Posted: true}, staff("petugas1"), now)
		case "receive":
			err = c.Receive(to, f[2], staff("petugas2"), now)
		case "return":
			err = c.Return(to, f[2], staff("petugas2"), now)
		case "reopen":
			err = c.Reopen("", staff("petugas1"), now)
		case "shut":
			err = c.Shut("", "selesai", false, staff("admin"), now)
		case "take":
			err = c.Take("", staff("petugas1"), now.Add(2*time.Hour), now)
		default:
			t.Fatalf("no step %q", line)
		}
		if err != nil {
			return err
		}
		if b := broken(*c); b != "" {
			t.Fatalf("%s, at %q: %s", script, line, b)
		}
	}
	return nil
}

// answers writes the referrals of a case: "A? B=001 C!kurang" are pending, received and returned.
func answers(c bot.Case) string {
	var all []string
	for _, r := range c.Referrals {
		s := r.To + "=" + r.Register
		switch {
		case r.Pending():
			s = r.To + "?"
		case r.Reason != "":
			s = fmt.Sprintf("%s!%s", s, r.Reason)
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func TestReferrals(t *testing.T) {
	for _, tt := range []struct{ script, works, answers string }{
		{"refer A", "v.referred", "A?"},
		{"refer A; receive A 001", "v.received", "A=001"},
		{"refer A; receive A", "v.received", "A="}, // without a number
		{"refer A; return A kurang", "v.returned", "A=!kurang"},
		{"refer A; return A kurang; refer A", "v.referred", "A=!kurang A?"},
		{"refer A; return A kurang; refer A; receive * 002", "v.received", "A=!kurang A=002"},
		{"refer A; receive A 001; return A kurang", "v.returned", "A=001!kurang"},
		// two bodies, in any order
		{"refer A; refer B", "v.referred", "A? B?"},
		{"refer A; refer B; receive * 001", "v.received", "A? B=001"},
		{"refer A; refer B; receive A 001; receive B 002", "v.received", "A=001 B=002"},
		{"refer A; refer B; receive B 002; receive A 001", "v.received", "A=001 B=002"},
		{"refer A; refer B; receive * 002; receive * 001", "v.received", "A=001 B=002"},
		{"refer A; refer B; return A kurang", "v.referred", "A=!kurang B?"},
		{"refer A; refer B; return A kurang; receive B 002", "v.received", "A=!kurang B=002"},
		{"refer A; refer B; receive A 001; return A kurang", "v.referred", "A=001!kurang B?"},
		{"refer A; refer B; take; return A kurang", "v.referred+petugas1", "A=!kurang B?"},
		{"refer A; refer B; receive A 001; return A kurang; return B bukan", "v.returned", "A=001!kurang B=!bukan"},
		{"refer A; receive A 001; reopen; refer B; return B bukan", "v.returned", "A=001 B=!bukan"}, // the desk took it back from A
		{"refer A; refer B; return * kurang; return * lagi", "v.returned", "A=!lagi B=!kurang"},
		// that one gave it back does not end what the other has
		{"refer A; refer B; receive A 001; return B bukan", "v.received", "A=001 B=!bukan"},
		{"refer A; refer B; receive A 001; return B bukan; return A kurang", "v.returned", "A=001!kurang B=!bukan"},
		{"refer A; refer B; receive B 002; return * kurang", "v.received", "A=!kurang B=002"}, // A had not answered
		// the desk went on meanwhile
		{"refer A; shut; reopen; receive A 001", "v.received", "A=001"},
		{"refer A; refer B; receive A 001; reopen; take; return B bukan", "v.waiting+petugas1", "A=001 B=!bukan"},
		{"refer A; refer B; receive A 001; reopen; take; receive B 002", "v.received", "A=001 B=002"},
		{"refer A; return A kurang; take; refer B; take", "v.referred+petugas1", "A=!kurang B?"},
	} {
		c := at("u.waiting")
		if err := play(t, &c, tt.script); err != nil || works(c) != tt.works || answers(c) != tt.answers {
			t.Errorf("%s: %v, %s, %s; want %s, %s", tt.script, err, works(c), answers(c), tt.works, tt.answers)
		}
	}
}

// TestReferralRefusals: the last step of the script is refused and changes nothing.
func TestReferralRefusals(t *testing.T) {
	for _, tt := range []struct{ before, last, want string }{
		{"refer A", "refer A", "="},
		{"refer A; refer B", "refer A", "="},
		{"refer A; shut; reopen", "refer A", "="}, // it still has the question
		{"refer A", "receive B 001", "not_referred_there"},
		{"refer A", "return B kurang", "not_referred_there"},
		{"refer A; receive A 001", "receive A 009", "="},
		{"refer A; receive A 001", "receive * 009", "="},
		{"refer A; return A kurang", "return A lagi", "="},
		{"refer A; return A kurang", "return * lagi", "="},
		{"refer A; return A kurang", "receive A 001", "nothing_referred"},
		{"refer A; return A kurang", "receive * 001", "nothing_referred"},
		{"refer A; refer B; return B kurang", "receive B 001", "nothing_referred"},
		{"refer A; refer B; receive A 001", "receive A 009", "="},
		{"refer A; shut", "receive A 001", "closed_reopen"},
		{"refer A; shut", "return A kurang", "closed_reopen"},
		{"refer A; receive A 001", "refer B", "finished"},
	} {
		c, before := at("u.waiting"), at("u.waiting")
		for _, k := range []*bot.Case{&c, &before} {
			if err := play(t, k, tt.before); err != nil {
				t.Fatalf("%s: %v", tt.before, err)
			}
		}
		if got := word(play(t, &c, tt.last), c); got != tt.want {
			t.Errorf("%s; then %s: %s, want %s", tt.before, tt.last, got, tt.want)
		}
		if d := cmp.Diff(before, c); d != "" {
			t.Errorf("%s; then %s was refused and changed the case:\n%s", tt.before, tt.last, d)
		}
	}
}

// TestReferralRecords: who, when and what are the step's own, whatever came in.
func TestReferralRecords(t *testing.T) {
	c := at("v.waiting+")
	r := bot.Referral{To: "A", Title: "Badan A", Posted: true, By: "id-palsu", Name: "palsu", Register: "palsu", Reason: "palsu", Answered: opened}
	if err := c.Refer(r, staff("petugas1"), later); err != nil {
		t.Fatal(err)
	}
	want := bot.Referral{To: "A", Title: "Badan A", Posted: true, At: later, By: "id-petugas1", Name: "petugas1"}
	if d := cmp.Diff([]bot.Referral{want}, c.Referrals); d != "" || !c.Referrals[0].Pending() {
		t.Error(d)
	}
	if err := errors.Join(c.Receive("A", "001/LP/PG/2024", staff("petugas2"), until), c.Return("A", "kurang saksi", staff("petugas2"), until.Add(1))); err != nil {
		t.Fatal(err)
	}
	want.Register, want.Reason, want.Answered = "001/LP/PG/2024", "kurang saksi", until.Add(1)
	if d := cmp.Diff([]bot.Referral{want}, c.Referrals); d != "" {
		t.Error(d)
	}
}
