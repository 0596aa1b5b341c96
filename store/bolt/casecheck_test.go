package bolt

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"awassiber/bot"

	"pgregory.net/rapid"
)

// check compares everything stored with the model, and the indexes with what they are an index of.
func (d *deskModel) check(t *rapid.T) {
	err := d.s.View(t.Context(), func(tx bot.Tx) error {
		all := map[bot.Status][]bot.Case{}
		for _, id := range sorted(d.cases) {
			c, err := tx.Case(id)
			if err != nil {
				return err
			}
			if got, want := stored(c), d.cases[id].String(); got != want {
				t.Fatalf("case %d is\n%s, want\n%s", id, got, want)
			}
			if v := d.cases[id].version; v < d.published[id] {
				t.Fatalf("case %d went from version %d back to %d", id, d.published[id], v)
			}
			d.published[id] = d.cases[id].version
			all[c.Status] = append(all[c.Status], c)
		}
		d.checkTips(t, tx)
		return d.checkQueues(t, tx, all)
	})
	if err != nil {
		t.Fatalf("View: %v", err)
	}
}

// String writes a case of the model in the form of stored.
func (k *kase) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s v%d by %q merged %d due %d sided %v;", k.status(), k.version, k.proposer, k.merged, k.due().Unix(), k.sided)
	for _, r := range k.roads {
		fmt.Fprintf(&b, " %s.%s+%s(%d)", r.track, r.stage, r.holder, r.until.Unix())
	}
	for _, q := range k.asked {
		fmt.Fprintf(&b, " %s%c", q.to, q.state)
	}
	return b.String()
}

// stored writes a stored case as far as the model knows it.
func stored(c bot.Case) string {
	k := kase{merged: c.Merged, sided: c.Benefits != "", clocks: map[clockOf]time.Time{}}
	if c.Proposal != nil {
		k.proposer = string(c.Proposal.By)
	}
	if c.Verdict != nil {
		k.version = c.Verdict.Version
	}
	for _, w := range c.Works {
		r := &road{track: w.Track, stage: w.Stage}
		if w.Lease != nil {
			r.holder, r.until = w.Lease.Name, w.Lease.Until
		}
		k.roads = append(k.roads, r)
	}
	for _, r := range c.Referrals {
		q := asking{to: r.To, state: '='}
		if r.Pending() {
			q.state = '?'
		} else if r.Reason != "" {
			q.state = '!'
		}
		k.asked = append(k.asked, q)
	}
	for i, o := range c.Clocks {
		k.clocks[clockOf{o.Kind, o.Tip}] = o.Due
		if len(k.clocks) != i+1 {
			return "two clocks of one kind and tip"
		}
	}
	if !k.due().Equal(c.Due) || k.status() != c.Status {
		return fmt.Sprintf("status %s, due %v, though it is %s", c.Status, c.Due, k.String())
	}
	return k.String()
}

// checkTips: every tip is in exactly one case, and that the one the model says.
func (d *deskModel) checkTips(t *rapid.T, tx bot.Tx) {
	seen := map[bot.TipID]bot.CaseID{}
	for _, id := range sorted(d.cases) {
		for tip, err := range tx.TipsOf(id) {
			if err != nil || seen[tip.ID] != 0 || tip.Case != id {
				t.Fatalf("tip %d of case %d is in %d as well as in %d (%v)", tip.ID, id, tip.Case, seen[tip.ID], err)
			}
			seen[tip.ID] = id
		}
	}
	for id, b := range d.tips {
		if seen[id] != b.in {
			t.Fatalf("tip %d is in case %d, want %d", id, seen[id], b.in)
		}
	}
	if len(seen) != len(d.tips) {
		t.Fatalf("%d tips are in cases, there are %d", len(seen), len(d.tips))
	}
}

// checkQueues compares every index with a full scan.
func (d *deskModel) checkQueues(t *rapid.T, tx bot.Tx, all map[bot.Status][]bot.Case) error {
	counts, err := tx.CaseCounts("")
	if err != nil {
		return err
	}
	var sided []bot.CaseID
	for _, s := range bot.Statuses() {
		d.same(t, fmt.Sprint("cases ", s), tx.Cases(s, false), numbers(all[s]))
		slices.SortFunc(all[s], func(a, b bot.Case) int { return before(a, b, s == bot.New || s == bot.Taken) })
		d.same(t, fmt.Sprint("queue ", s), tx.Queue(s, ""), numbers(all[s]))
		running := slices.DeleteFunc(slices.Clone(all[s]), func(c bot.Case) bool { return c.Due.IsZero() })
		d.same(t, fmt.Sprint("due ", s), tx.Due(s, ""), numbers(running))
		if counts[s] != len(all[s]) {
			t.Fatalf("%d cases are %s, counted are %d", len(all[s]), s, counts[s])
		}
	}
	for _, id := range sorted(d.cases) {
		if d.cases[id].sided {
			sided = append(sided, id)
		}
	}
	slices.Reverse(sided)
	d.same(t, "sides", tx.Mirrored(), sided)
	return nil
}

// before orders cases as the desk should work them: clock, senders, age.
func before(a, b bot.Case, open bool) int {
	clock := 0
	switch {
	case a.Due.IsZero() != b.Due.IsZero():
		clock = 1
		if b.Due.IsZero() {
			clock = -1
		}
	default:
		clock = a.Due.Compare(b.Due)
	}
	senders := 0
	if open || !a.Due.IsZero() {
		senders = b.Senders - a.Senders
	}
	return cmp.Or(clock, senders, cmp.Compare(a.ID, b.ID))
}

func numbers(all []bot.Case) []bot.CaseID {
	var ids []bot.CaseID
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

func (d *deskModel) same(t *rapid.T, what string, got iter.Seq2[bot.Case, error], want []bot.CaseID) {
	var ids []bot.CaseID
	for c, err := range got {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		ids = append(ids, c.ID)
	}
	if !slices.Equal(ids, want) {
		t.Fatalf("%s: %v, want %v", what, ids, want)
	}
}
