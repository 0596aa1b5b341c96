package storetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"

	"awassiber/bot"
)

// all collects what an iterator yields.
func all[T any](seq iter.Seq2[T, error]) ([]T, error) {
	list := []T{}
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// list collects in a view.
func list[T any](e *env, read func(bot.Tx) iter.Seq2[T, error]) []T {
	e.Helper()
	return view(e, func(tx bot.Tx) ([]T, error) { return all(read(tx)) })
}

func tipIDs(all []bot.Tip) []bot.TipID {
	ids := []bot.TipID{}
	for _, t := range all {
		ids = append(ids, t.ID)
	}
	return ids
}

func tips(e *env) {
	newTip := func(p bot.PersonID) bot.Tip {
		return change(e, func(tx bot.Tx) (bot.Tip, error) {
			return tx.NewTip(bot.Tip{Reporter: p, Network: bot.Sim, Started: tx.Now(), Last: tx.Now()})
		})
	}
	one, two, three := newTip("p1"), newTip("p2"), newTip("p1")
	same(e, tipIDs([]bot.Tip{one, two, three}), []bot.TipID{1, 2, 3})
	same(e, view(e, func(tx bot.Tx) (bot.Tip, error) { return tx.Tip(2) }), two)
	by := func(p bot.PersonID) []bot.TipID {
		return tipIDs(list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.TipsBy(p) }))
	}
	of := func(c bot.CaseID) []bot.TipID {
		return tipIDs(list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.TipsOf(c) }))
	}
	same(e, by("p1"), []bot.TipID{3, 1})
	same(e, by("p"), []bot.TipID{})
	one.Ticket, one.Case, three.Case, one.Items = "JBI-26-00001-A", 1, 1, 2
	one.Answers = bot.Answers{Claim: bot.ClaimHoax, Region: "15.71", Happened: e.now(), HappenedText: "kemarin"}
	e.update(func(tx bot.Tx) error {
		if err := tx.PutTip(one); err != nil {
			return err
		}
		return tx.PutTip(three)
	})
	same(e, view(e, func(tx bot.Tx) (bot.Tip, error) { return tx.Tip(1) }), one)
	same(e, of(1), []bot.TipID{1, 3})
	three.Case, one.Reporter, one.Erased = 3, "", e.now()
	e.update(func(tx bot.Tx) error {
		if err := tx.PutTip(one); err != nil {
			return err
		}
		return tx.PutTip(three)
	})
	same(e, of(1), []bot.TipID{1})
	same(e, of(3), []bot.TipID{3})
	same(e, by("p1"), []bot.TipID{3})
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error { return tx.PutTip(bot.Tip{ID: 99}) })

	// A number that was rolled back is given to the next.
	e.refused(errAgain, func(tx bot.Tx) error {
		if _, err := tx.NewTip(bot.Tip{}); err != nil {
			return err
		}
		return errAgain
	})
	same(e, newTip("p4").ID, 4)
}

func items(e *env) {
	want := []bot.Item{
		{Message: "1", At: e.now(), Text: "teks", Links: []string{"https://contoh.id/a"}},
		{Message: "2", At: e.now(), Files: []bot.Attachment{{Kind: bot.Photo, FileID: "f", Size: 9}},
			Forward: &bot.Forward{Kind: bot.ForwardChannel, Title: "Kanal"}, Location: &bot.Location{Latitude: -1.6, Longitude: 103.6}},
	}
	e.update(func(tx bot.Tx) error {
		tip, err := tx.NewTip(bot.Tip{})
		if err != nil {
			return err
		}
		other, err := tx.NewTip(bot.Tip{})
		if err != nil {
			return err
		}
		for i, item := range want {
			if err := tx.AddItem(tip.ID, i, item); err != nil {
				return err
			}
		}
		return tx.AddItem(other.ID, 0, bot.Item{Text: "lain"})
	})
	get := func(id bot.TipID) []bot.Item {
		return view(e, func(tx bot.Tx) ([]bot.Item, error) { return tx.Items(id) })
	}
	same(e, get(1), want)
	want[1].Files[0].State = bot.FileStored
	e.update(func(tx bot.Tx) error { return tx.PutItem(1, 1, want[1]) })
	same(e, get(1), want)
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error { return tx.PutItem(1, 2, bot.Item{}) })
	if e.store.Update(e.Context(), func(tx bot.Tx) error { return tx.AddItem(1, 0, bot.Item{}) }) == nil {
		e.Fatal("an item was overwritten by AddItem")
	}
	e.update(func(tx bot.Tx) error { return tx.EraseItems(1) })
	same(e, len(get(1)), 0)
	same(e, len(get(2)), 1)
}

// putCases stores new cases with the given numbers.
func (e *env) putCases(ids ...bot.CaseID) {
	e.Helper()
	e.update(func(tx bot.Tx) error {
		for _, id := range ids {
			c := bot.Case{ID: id, Ticket: fmt.Sprint("T", id), Status: bot.New, Opened: tx.Now(), Changed: tx.Now(), Senders: 1}
			if err := tx.PutCase(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *env) caseIDs(s bot.Status, newest bool) []bot.CaseID {
	e.Helper()
	ids := []bot.CaseID{}
	for _, c := range list(e, func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Cases(s, newest) }) {
		ids = append(ids, c.ID)
	}
	return ids
}

func cases(e *env) {
	counts := func() map[bot.Status]int {
		return view(e, func(tx bot.Tx) (map[bot.Status]int, error) { return tx.CaseCounts("") })
	}
	same(e, counts(), map[bot.Status]int{bot.New: 0, bot.Taken: 0, bot.Resolved: 0, bot.Closed: 0})
	e.putCases(1, 2, 300) // 300: order is by number, not by text
	c := view(e, func(tx bot.Tx) (bot.Case, error) { return tx.Case(2) })
	c.Works, c.Status = []bot.Work{{Track: bot.TrackHoax, Stage: bot.Waiting, Since: e.now(), Lease: &bot.Lease{Holder: "p", Name: "petugas1", Until: e.now()}}}, bot.Taken
	c.Verdict = &bot.Verdict{Rating: bot.Salah, Explanation: "tidak benar", At: e.now(), Version: 1}
	c.Origin, c.Files = &bot.Forward{Kind: bot.ForwardHidden}, []bot.FileKind{bot.Photo}
	e.update(func(tx bot.Tx) error { return tx.PutCase(c) })
	e.update(func(tx bot.Tx) error { return tx.PutCase(c) })
	same(e, view(e, func(tx bot.Tx) (bot.Case, error) { return tx.Case(2) }), c)
	same(e, e.caseIDs(bot.New, false), []bot.CaseID{1, 300})
	same(e, e.caseIDs(bot.New, true), []bot.CaseID{300, 1})
	same(e, e.caseIDs(bot.Taken, true), []bot.CaseID{2})
	same(e, e.caseIDs(bot.Closed, true), []bot.CaseID{})
	same(e, counts(), map[bot.Status]int{bot.New: 2, bot.Taken: 1, bot.Resolved: 0, bot.Closed: 0})
	for _, bad := range []bot.Case{{ID: 9, Status: "lost"}, {Status: bot.New}} {
		if e.store.Update(e.Context(), func(tx bot.Tx) error { return tx.PutCase(bad) }) == nil {
			e.Fatalf("stored %+v", bad)
		}
	}
	stop := view(e, func(tx bot.Tx) (bot.CaseID, error) { // leaving a loop early is allowed
		for c, err := range tx.Cases(bot.New, false) {
			return c.ID, err
		}
		return 0, nil
	})
	same(e, stop, 1)
}

func casesWhileListed(e *env) {
	for _, newest := range []bool{false, true} {
		e.putCases(1, 2, 3, 4, 5, 6)
		var seen []bot.CaseID
		e.update(func(tx bot.Tx) error {
			for c, err := range tx.Cases(bot.New, newest) {
				if err != nil {
					return err
				}
				seen = append(seen, c.ID)
				if c.Status = bot.Closed; c.ID%3 == 0 {
					c.Status = bot.New
				}
				if err := tx.PutCase(c); err != nil {
					return err
				}
			}
			return nil
		})
		want := []bot.CaseID{1, 2, 3, 4, 5, 6}
		if newest {
			want = []bot.CaseID{6, 5, 4, 3, 2, 1}
		}
		same(e, seen, want)
		same(e, e.caseIDs(bot.New, false), []bot.CaseID{3, 6})
	}
}

func events(e *env) {
	same(e, view(e, func(tx bot.Tx) (bot.EventID, error) { return tx.LastEvent() }), 0)
	var want []bot.Event
	for i, ev := range []bot.Event{
		{Case: 1, Action: bot.ActOpened},
		{Case: 2, Action: bot.ActOpened},
		{Case: 1, Action: bot.ActTaken, Actor: "p", Name: "petugas1"},
		{Action: bot.ActStaff, Detail: "tambah"},
	} {
		got := change(e, func(tx bot.Tx) (bot.Event, error) { return tx.Append(ev) })
		same(e, got.ID, bot.EventID(i+1))
		same(e, got.At, e.now())
		want = append(want, got)
	}
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.EventsAfter(0) }), want)
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.EventsAfter(2) }), want[2:])
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.EventsAfter(4) }), []bot.Event{})
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.History(1) }), []bot.Event{want[0], want[2]})
	same(e, view(e, func(tx bot.Tx) (bot.EventID, error) { return tx.LastEvent() }), 4)

	var previous []byte
	for _, ev := range want { // anybody can follow the chain
		hash := ev.Hash
		ev.Hash = nil
		text, err := json.Marshal(ev)
		if err != nil {
			e.Fatal(err)
		}
		sum := sha256.Sum256(append(previous, text...))
		same(e, hash, sum[:])
		previous = hash
	}
}
