package bot_test

import (
	"errors"
	"testing"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// TestTwoPersons: no one publishes alone, whoever they are; and a proposal publishes nothing.
func TestTwoPersons(t *testing.T) {
	for _, proposer := range []string{"petugas1", "admin"} {
		c := at("u.waiting")
		v := salah()
		v.Version, v.By, v.Name, v.Approver, v.Approved, v.Urgent = 99, "id-palsu", "palsu", "id-palsu", "palsu", "palsu"
		if err := c.Propose(v, staff(proposer), opened); err != nil {
			t.Fatal(err)
		}
		p := c.Proposal
		want := salah()
		want.Version, want.At, want.By, want.Name = 1, opened, staff(proposer).ID, proposer
		if d := cmp.Diff(&want, p); d != "" || c.Verdict != nil || c.Status != bot.Taken {
			t.Fatalf("a proposal bears what its proposer cannot say, or published something:\n%s", d)
		}
		if got := word(c.Approve(staff(proposer), later), c); got != "own_proposal" || c.Verdict != nil {
			t.Errorf("%s approves themselves: %s", proposer, got)
		}
		if err := c.Approve(staff("petugas2"), later); err != nil {
			t.Fatal(err)
		}
		want.At, want.Approver, want.Approved = later, "id-petugas2", "petugas2"
		if d := cmp.Diff(&want, c.Verdict); d != "" || c.Proposal != nil || c.Status != bot.Resolved || !c.Finished.Equal(later) {
			t.Errorf("%s, finished %v\n%s", c.Status, c.Finished, d)
		}
		if got := word(c.Approve(staff("petugas3"), later), c); got != "nothing_proposed" {
			t.Errorf("approved twice: %s", got)
		}
	}
}

// TestOverride: published alone, and marked for ever.
func TestOverride(t *testing.T) {
	c := at("u.waiting")
	if err := errors.Join(c.Propose(salah(), staff("admin"), opened), c.Override("orang dalam bahaya", staff("admin"), later)); err != nil {
		t.Fatal(err)
	}
	if v := c.Verdict; v.By != v.Approver || v.Urgent != "orang dalam bahaya" || v.Version != 1 || broken(c) != "" {
		t.Errorf("%+v; %s", v, broken(c))
	}
	next := salah()
	next.Explanation = "baru"
	next.Urgent = "palsu"
	if err := errors.Join(c.Correct(next, staff("petugas1"), later), c.Approve(staff("petugas2"), later)); err != nil || c.Verdict.Urgent != "" || c.Verdict.Version != 2 {
		t.Errorf("the next version, of two people, bears the mark: %v, %+v", err, c.Verdict)
	}
}

// TestReject leads back to where the proposal came from: work goes to its proposer again, a correction
// leaves what is published.
func TestReject(t *testing.T) {
	c := both("h.waiting+", "v.waiting")
	if err := c.Propose(salah(), staff("admin"), opened); err != nil { // an admin may, though petugas1 holds it
		t.Fatal(err)
	}
	if err := c.Reject(staff("petugas2"), until, later); err != nil || works(c) != "h.waiting+admin v.waiting" || c.Proposal != nil {
		t.Fatalf("%v, %s", err, works(c))
	}
	if l := c.Work(bot.TrackHoax).Lease; !l.Until.Equal(until) || l.Holder != "id-admin" || c.Work(bot.TrackHoax).Before != "" {
		t.Errorf("hold %+v", l)
	}
	if err := errors.Join(c.Propose(salah(), staff("admin"), later), c.Reject(staff("admin"), until, later)); err != nil || works(c) != "h.waiting+admin v.waiting" {
		t.Errorf("who proposed takes it back: %v, %s", err, works(c))
	}
	// A correction, rejected, leaves version 1 in force and nobody holding anything.
	c = at("h.correction")
	old := *c.Verdict
	if err := c.Reject(staff("petugas2"), until, later); err != nil || works(c) != "h.published" || c.Status != bot.Resolved || broken(c) != "" {
		t.Errorf("%v, %s, %s; %s", err, works(c), c.Status, broken(c))
	}
	if d := cmp.Diff(&old, c.Verdict); d != "" {
		t.Errorf("the verdict in force changed:\n%s", d)
	}
}

// TestVersions: each published verdict counts one on, also after reopening and after rejected ones.
func TestVersions(t *testing.T) {
	c := at("h.published")
	same := salah()
	if err := c.Correct(same, staff("petugas2"), later); !errors.Is(err, bot.ErrUnchanged) || c.Proposal != nil {
		t.Errorf("the same again: %v", err)
	}
	for i, v := range []bot.Verdict{
		{Rating: bot.Benar, Explanation: "lama", Link: same.Link}, {Rating: bot.Benar, Explanation: "b", Link: same.Link}, {Rating: bot.Benar, Explanation: "b"},
	} {
		inForce := *c.Verdict
		if err := c.Correct(v, staff("petugas2"), later); err != nil || c.Proposal.Version != i+2 {
			t.Fatalf("change %d: %v, %+v", i, err, c.Proposal)
		}
		if d := cmp.Diff(&inForce, c.Verdict); d != "" {
			t.Errorf("change %d: a proposal changed what is in force:\n%s", i, d)
		}
		if err := errors.Join(c.Reject(staff("petugas3"), until, later), c.Correct(v, staff("petugas1"), later),
			c.Approve(staff("petugas2"), later)); err != nil || c.Verdict.Version != i+2 || c.Verdict.Rating != v.Rating {
			t.Fatalf("change %d: %v, %+v", i, err, c.Verdict)
		}
	}
	// Reopened, the old verdict stays until the next, which counts on even if it says the same.
	if err := c.Reopen("", staff("petugas1"), later); err != nil || c.Verdict == nil || !c.Finished.IsZero() {
		t.Fatalf("reopen: %v, %+v", err, c)
	}
	again := *c.Verdict
	if err := errors.Join(c.Propose(again, staff("admin"), later), c.Approve(staff("petugas1"), later)); err != nil ||
		c.Verdict.Version != 5 || c.Verdict.By != "id-admin" || c.Status != bot.Resolved {
		t.Errorf("after reopening: %v, %+v", err, c.Verdict)
	}
}

// TestCorrectReopened: what was reopened is no longer in force; a correction of it is proposed like the
// first verdict, counts on, and is given back to its proposer if it is rejected.
func TestCorrectReopened(t *testing.T) {
	c := at("h.published")
	if !c.InForce() {
		t.Error("what is published is not in force")
	}
	if err := c.Reopen("", staff("petugas1"), later); err != nil || c.InForce() || c.Verdict == nil {
		t.Fatalf("%v, in force %v, %+v", err, c.InForce(), c.Verdict)
	}
	next := salah()
	next.Explanation = "baru"
	if err := c.Correct(next, staff("petugas1"), later); err != nil || works(c) != "h.proposed" || c.Proposal.Version != 2 || c.InForce() || broken(c) != "" {
		t.Fatalf("%v, %s, %+v; %s", err, works(c), c.Proposal, broken(c))
	}
	if err := c.Reject(staff("petugas2"), until, later); err != nil || works(c) != "h.waiting+petugas1" || c.InForce() {
		t.Errorf("%v, %s", err, works(c))
	}
	if err := c.Correct(*c.Verdict, staff("petugas1"), later); err != nil || c.Proposal.Version != 2 { // looked into again, and found the same
		t.Errorf("the same again: %v, %+v", err, c.Proposal)
	}
	for place, want := range map[string]bool{"h.correction": true, "h.proposed": false, "h.waiting": false, "h.shut": false, "u.waiting": false, "v.received": false} {
		if c := at(place); c.InForce() != want {
			t.Errorf("%s: in force %v", place, !want)
		}
	}
}
