package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"awassiber/bot"

	"pgregory.net/rapid"
)

// TestCaseworkModel does random steps on a few cases and compares store and model after each.
func TestCaseworkModel(t *testing.T) {
	keys, dir, run := newKeys(t), t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		d := &deskModel{now: time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC), cases: map[bot.CaseID]*kase{},
			tips: map[bot.TipID]brought{}, published: map[bot.CaseID]int{}}
		s, err := Open(filepath.Join(dir, strconv.Itoa(run)), Options{Keys: keys, Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		s.db.NoSync, d.s = true, s // nothing here is about the disk
		d.tip(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"tip": d.tip, "work": d.work, "decide": d.decide, "hand over": d.handOver, "put on a track": d.sort,
			"merge": d.merge, "split": d.split, "clock": d.clock, "side": d.side, "time passes": d.pass,
			"": d.check,
		})
		if r, err := s.Verify(t.Context(), nil); err != nil || !r.OK() {
			rt.Fatalf("verify: %v, %q", err, r.Problems)
		}
	})
}

// brought is a tip in the model.
type brought struct {
	in     bot.CaseID
	sender bot.PersonID
}

type deskModel struct {
	s         *Store
	now       time.Time
	n         int
	cases     map[bot.CaseID]*kase
	tips      map[bot.TipID]brought
	published map[bot.CaseID]int // the last version seen
}

func (d *deskModel) actor(t *rapid.T) actor {
	return rapid.SampledFrom([]actor{{name: "petugas1"}, {name: "petugas2"}, {name: "petugas3"}, {"admin", true}}).Draw(t, "actor")
}

func (d *deskModel) pick(t *rapid.T, label string) bot.CaseID {
	return rapid.SampledFrom(sorted(d.cases)).Draw(t, label)
}

func sorted[K bot.CaseID | bot.TipID, V any](m map[K]V) []K {
	var all []K
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// step does a step on stored cases and wants it to be possible or not as the model says. One that is not
// possible has to leave the cases as they were.
func (d *deskModel) step(t *rapid.T, name string, possible bool, ids []bot.CaseID, do func(bot.Tx, []*bot.Case) error) {
	err := d.s.Update(t.Context(), func(tx bot.Tx) error {
		var all []*bot.Case
		for _, id := range ids {
			c, err := tx.Case(id)
			if err != nil {
				return err
			}
			all = append(all, &c)
		}
		before := text(t, all)
		if err := do(tx, all); err != nil {
			if after := text(t, all); after != before {
				t.Fatalf("%s was refused and changed the case:\n%s\n%s", name, before, after)
			}
			return err
		}
		for _, c := range all {
			if c.Senders = d.senders(c.ID); c.Merged != 0 {
				c.Senders = 1
			}
			_, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActNoted, Text: name})
			if err := errors.Join(err, tx.PutCase(*c)); err != nil {
				return err
			}
		}
		return nil
	})
	var refused *bot.UserError
	if (err == nil) != possible || err != nil && !errors.As(err, &refused) && !errors.Is(err, bot.ErrUnchanged) {
		t.Fatalf("%s on %d: %v, by the model possible: %v", name, ids, err, possible)
	}
}

// alone is a step on one case.
func (d *deskModel) alone(t *rapid.T, id bot.CaseID, name string, possible bool, do func(*bot.Case) error) {
	d.step(t, name, possible, []bot.CaseID{id}, func(_ bot.Tx, c []*bot.Case) error { return do(c[0]) })
}

func text(t *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// tip is a tip of somebody: of a new story, or of one that is there.
func (d *deskModel) tip(t *rapid.T) {
	sender := bot.PersonID(fmt.Sprint("warga", rapid.IntRange(1, 4).Draw(t, "sender")))
	var in bot.CaseID
	if len(d.cases) > 0 && (len(d.cases) > 5 || rapid.Bool().Draw(t, "a known story")) {
		if in = d.pick(t, "case"); d.cases[in].merged != 0 {
			t.Skip("merged")
		}
	}
	d.write(t, func(tx bot.Tx) error {
		tip, err := tx.NewTip(bot.Tip{Reporter: sender, Network: bot.Sim, Started: tx.Now(), Last: tx.Now(), Case: in})
		if err != nil {
			return err
		}
		c := bot.NewCase(bot.CaseID(tip.ID), fmt.Sprint("T-", tip.ID), tx.Now())
		if tip.Case == 0 {
			tip.Case = c.ID
			if err := tx.PutTip(tip); err != nil {
				return err
			}
			d.cases[c.ID] = newKase()
		} else if c, err = tx.Case(in); err != nil {
			return err
		}
		d.tips[tip.ID] = brought{tip.Case, sender}
		c.Senders = d.senders(tip.Case)
		return tx.PutCase(c)
	})
}

func (d *deskModel) write(t *rapid.T, fn func(bot.Tx) error) {
	if err := d.s.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func (d *deskModel) senders(id bot.CaseID) int {
	seen := map[bot.PersonID]bool{}
	for _, b := range d.tips {
		if b.in == id {
			seen[b.sender] = true
		}
	}
	return len(seen)
}

func (d *deskModel) work(t *rapid.T) {
	id, a := d.pick(t, "case"), d.actor(t)
	steps := []bot.Step{bot.StepTake, bot.StepRelease, bot.StepAssign, bot.StepShut, bot.StepReopen}
	step := rapid.SampledFrom(steps).Draw(t, "step")
	only := rapid.SampledFrom([]bot.Track{"", "", bot.TrackHoax, bot.TrackViolation}).Draw(t, "track")
	to := d.actor(t)
	if step == bot.StepAssign {
		only = ""
	}
	possible := d.cases[id].work(step, only, a, to.name, d.now)
	d.alone(t, id, string(step)+" by "+a.name, possible, func(c *bot.Case) error {
		switch step {
		case bot.StepTake:
			return c.Take(only, a.staff(), d.now.Add(term), d.now)
		case bot.StepRelease:
			return c.Release(only, a.staff(), d.now)
		case bot.StepAssign:
			return c.Assign(to.staff(), a.staff(), d.now.Add(term), d.now)
		case bot.StepShut:
			return c.Shut(only, "selesai", false, a.staff(), d.now)
		}
		return c.Reopen(only, a.staff(), d.now)
	})
}

func (d *deskModel) decide(t *rapid.T) {
	id, a := d.pick(t, "case"), d.actor(t)
	step := rapid.SampledFrom([]bot.Step{bot.StepPropose, bot.StepCorrect, bot.StepApprove, bot.StepReject, bot.StepOverride}).Draw(t, "step")
	d.n++
	v := bot.Verdict{Rating: bot.Salah, Explanation: fmt.Sprint("penjelasan ", d.n)}
	possible := d.cases[id].decide(step, a, d.now)
	d.alone(t, id, string(step)+" by "+a.name, possible, func(c *bot.Case) error {
		switch step {
		case bot.StepPropose:
			return c.Propose(v, a.staff(), d.now)
		case bot.StepCorrect:
			return c.Correct(v, a.staff(), d.now)
		case bot.StepApprove:
			return c.Approve(a.staff(), d.now)
		case bot.StepReject:
			return c.Reject(a.staff(), d.now.Add(term), d.now)
		}
		return c.Override("mendesak", a.staff(), d.now)
	})
}

func (d *deskModel) handOver(t *rapid.T) {
	id, a := d.pick(t, "case"), d.actor(t)
	step := rapid.SampledFrom([]bot.Step{bot.StepRefer, bot.StepReceive, bot.StepReturn}).Draw(t, "step")
	to := rapid.SampledFrom([]string{"BAWASLU", "POLDA", ""}).Draw(t, "body")
	if step == bot.StepRefer && to == "" {
		to = "KPID"
	}
	d.n++
	d.now = d.now.Add(time.Second) // no two hand-overs are of one moment
	k, possible := d.cases[id], false
	if step == bot.StepRefer {
		possible = k.refer(to, d.n, a)
	} else {
		possible = k.heard(step == bot.StepReceive, to)
	}
	d.alone(t, id, string(step)+" "+to+" by "+a.name, possible, func(c *bot.Case) error {
		switch step {
		case bot.StepRefer:
			return c.Refer(bot.Referral{To: to, Title: to}, a.staff(), d.now)
		case bot.StepReceive:
			return c.Receive(to, fmt.Sprint(d.n), a.staff(), d.now)
		}
		return c.Return(to, "kurang", a.staff(), d.now)
	})
}

func (d *deskModel) sort(t *rapid.T) {
	id := d.pick(t, "case")
	track := rapid.SampledFrom([]bot.Track{bot.TrackHoax, bot.TrackViolation}).Draw(t, "track")
	k := d.cases[id]
	possible := k.road(track) == nil && k.enter(track) != nil
	d.alone(t, id, "put on "+string(track), possible, func(c *bot.Case) error { return c.Sort(track, d.now) })
}

func (d *deskModel) merge(t *rapid.T) {
	from, into := d.pick(t, "from"), d.pick(t, "into")
	possible := d.cases[from].merge(d.cases[into], into)
	var moved []bot.TipID
	for _, id := range sorted(d.tips) {
		if b := d.tips[id]; possible && b.in == from {
			d.tips[id] = brought{into, b.sender}
			moved = append(moved, id)
		}
	}
	d.step(t, fmt.Sprint("merge into ", into), possible, []bot.CaseID{from, into}, func(tx bot.Tx, c []*bot.Case) error {
		if err := c[0].MergeInto(c[1], d.now); err != nil {
			return err
		}
		return move(tx, into, moved...)
	})
}

// move puts tips into a case.
func move(tx bot.Tx, into bot.CaseID, tips ...bot.TipID) error {
	for _, id := range tips {
		tip, err := tx.Tip(id)
		if tip.Case = into; err == nil {
			err = tx.PutTip(tip)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// split takes a tip that did not open its case out of it.
func (d *deskModel) split(t *rapid.T) {
	var able []bot.TipID
	for _, id := range sorted(d.tips) {
		if d.tips[id].in != bot.CaseID(id) {
			able = append(able, id)
		}
	}
	if len(able) == 0 {
		t.Skip("every tip is in the case it opened")
	}
	tip := rapid.SampledFrom(able).Draw(t, "tip")
	from, own := d.tips[tip].in, bot.CaseID(tip)
	if d.cases[own] == nil {
		d.cases[own] = newKase()
		d.write(t, func(tx bot.Tx) error { return tx.PutCase(bot.NewCase(own, fmt.Sprint("T-", own), d.now)) })
	}
	d.cases[own].split(d.cases[from], tip)
	d.tips[tip] = brought{own, d.tips[tip].sender}
	d.step(t, "split", true, []bot.CaseID{own, from}, func(tx bot.Tx, c []*bot.Case) error {
		c[0].SplitFrom(c[1], d.now)
		return move(tx, own, tip)
	})
}

func (d *deskModel) clock(t *rapid.T) {
	tip := rapid.SampledFrom(sorted(d.tips)).Draw(t, "tip")
	id := d.tips[tip].in
	c := rapid.SampledFrom([]clockOf{{bot.ClockReport, tip}, {bot.ClockComplete, tip}, {bot.ClockAnswer, 0}}).Draw(t, "clock")
	days := rapid.IntRange(0, 4).Draw(t, "days")
	due := time.Date(2026, 10, 1+days, 9, 0, 0, 0, time.UTC)
	d.alone(t, id, "clock", true, func(k *bot.Case) error {
		if days == 0 {
			k.StopClock(c.kind, c.tip)
			return nil
		}
		k.SetClock(bot.Clock{Kind: c.kind, Tip: c.tip, Due: due})
		return nil
	})
	if delete(d.cases[id].clocks, c); days > 0 {
		d.cases[id].clocks[c] = due
	}
}

func (d *deskModel) side(t *rapid.T) {
	id, code := d.pick(t, "case"), rapid.SampledFrom([]string{"", "A"}).Draw(t, "side")
	d.cases[id].sided = code != ""
	d.alone(t, id, "side", true, func(c *bot.Case) error { c.Benefits = code; return nil })
}

// pass lets time pass, and ends the holds that are over then.
func (d *deskModel) pass(t *rapid.T) {
	d.now = d.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
	for _, id := range sorted(d.cases) {
		over := d.cases[id].can("", func(r *road) bool { return r.holder != "" && !r.until.After(d.now) }, (*road).drop)
		d.alone(t, id, "expire", over, func(c *bot.Case) error {
			if ended := c.Expire(d.now); len(ended) == 0 {
				return bot.ErrUnchanged
			}
			return nil
		})
	}
}
