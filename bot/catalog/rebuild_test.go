package catalog

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"awassiber/bot"
)

// Whatever happened, in whatever slices it was followed: an index that followed it, one that was read from a
// snapshot on the way and one that is built from nothing answer the same.
func TestRebuiltAnswersTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		path := filepath.Join(t.TempDir(), "indeks.awas")
		c := d.catalog(path)
		var cases []bot.CaseID
		pick := func(name string) bot.CaseID { return rapid.SampledFrom(cases).Draw(rt, name) }
		for range rapid.IntRange(3, 25).Draw(rt, "steps") {
			what := rapid.SampledFrom([]string{"open", "open", "join", "merge", "erase", "follow", "save", "restart"}).Draw(rt, "what")
			if len(cases) < 2 && (what == "join" || what == "merge" || what == "erase") {
				what = "open"
			}
			switch what {
			case "open":
				id := d.gather(d.anything(rt))
				d.open(id)
				cases = append(cases, bot.CaseID(id))
			case "join":
				d.join(d.gather(d.anything(rt)), pick("into"))
			case "merge":
				d.merge(pick("part"), pick("whole"))
			case "erase":
				d.erase(pick("of"))
			case "follow":
				d.follow(c)
			case "save":
				d.follow(c)
				check(t, c.Save(t.Context()))
			case "restart":
				c = d.catalog(path)
			}
		}
		d.follow(c)
		fresh := d.catalog("")
		for range 8 {
			docs := c.documents([]bot.Item{d.anything(rt)})
			a, as := decide(c.index, docs, 0)
			b, bs := decide(fresh.index, docs, 0)
			if a != b || !reflect.DeepEqual(as, bs) {
				rt.Fatalf("followed: %s %+v, built: %s %+v", a, as, b, bs)
			}
		}
	})
}

// anything is a message out of few words, so that they resemble each other.
func (d *desk) anything(rt *rapid.T) bot.Item {
	if rapid.IntRange(0, 4).Draw(rt, "kind") == 0 {
		return photo(rapid.SampledFrom([]string{"u1", "u2", "u3"}).Draw(rt, "file"), "")
	}
	all := []string{ballots, ballots2, offices, polling, polling2}
	s := rapid.SampledFrom(all).Draw(rt, "text")
	return text(s + " " + rapid.SampledFrom([]string{"", "kata saksi", "menurut ketua RT", "pagi tadi di pasar"}).Draw(rt, "tail"))
}

func (d *desk) merge(part, whole bot.CaseID) {
	d.update(func(tx bot.Tx) error {
		p, err := tx.Case(part)
		w, err2 := tx.Case(whole)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if p.MergeInto(&w, tx.Now()) != nil {
			return nil // not these two
		}
		var tips []bot.TipID
		for t, err := range tx.TipsOf(part) {
			if err != nil {
				return err
			}
			tips = append(tips, t.ID)
		}
		for _, id := range tips {
			if err := move(tx, id, whole); err != nil {
				return err
			}
		}
		return errors.Join(tx.PutCase(p), tx.PutCase(w), note(tx, part, bot.ActMerged, fmt.Sprint(whole)), note(tx, whole, bot.ActAbsorbed, fmt.Sprint(part)))
	})
}

// erase erases the case's first tip, as HAPUS DATA of its sender does.
func (d *desk) erase(of bot.CaseID) {
	d.update(func(tx bot.Tx) error {
		for t, err := range tx.TipsOf(of) {
			if err != nil {
				return err
			}
			t.Reporter, t.Erased = "", tx.Now()
			return errors.Join(tx.EraseItems(t.ID), tx.PutTip(t), note(tx, of, bot.ActErased, ""))
		}
		return nil
	})
}
