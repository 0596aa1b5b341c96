package storetest

import (
	"errors"
	"iter"
	"slices"
	"time"

	"awassiber/bot"
)

// queued are the numbers of cases as Queue or Due yields them.
func (e *env) queued(read func(bot.Tx) iter.Seq2[bot.Case, error]) []bot.CaseID {
	e.Helper()
	ids := []bot.CaseID{}
	for _, c := range list(e, read) {
		ids = append(ids, c.ID)
	}
	return ids
}

func (e *env) queue(s bot.Status) []bot.CaseID {
	e.Helper()
	return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Queue(s, "") })
}

func (e *env) due(s bot.Status) []bot.CaseID {
	e.Helper()
	return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Due(s, "") })
}

func (e *env) mirrored() []bot.CaseID {
	e.Helper()
	return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Mirrored() })
}

// alter reads a case, changes it and stores it.
func (e *env) alter(id bot.CaseID, change func(*bot.Case)) {
	e.Helper()
	e.update(func(tx bot.Tx) error {
		c, err := tx.Case(id)
		if err != nil {
			return err
		}
		change(&c)
		return tx.PutCase(c)
	})
}

func queueOrder(e *env) {
	same(e, e.queue(bot.New), []bot.CaseID{})
	e.putCases(1, 2, 3, 4, 5, 6, 300)
	same(e, e.queue(bot.New), []bot.CaseID{1, 2, 3, 4, 5, 6, 300}) // by age, that is by number
	senders := func(n int) func(*bot.Case) { return func(c *bot.Case) { c.Senders = n } }
	until := func(d time.Duration) func(*bot.Case) {
		return func(c *bot.Case) { c.SetClock(bot.Clock{Kind: bot.ClockReport, Due: e.now().Add(d)}) }
	}
	e.alter(300, senders(2))
	e.alter(4, senders(70_000))
	e.alter(6, senders(2))
	same(e, e.queue(bot.New), []bot.CaseID{4, 6, 300, 1, 2, 3, 5})
	e.alter(1, func(c *bot.Case) { c.Senders, c.Brigade = 7, 6 }) // one hand and one more
	e.alter(3, func(c *bot.Case) { c.Senders, c.Brigade = 7, 7 }) // one hand: nobody more than one
	same(e, e.queue(bot.New), []bot.CaseID{4, 1, 6, 300, 2, 3, 5})
	for _, id := range []bot.CaseID{1, 3} {
		e.alter(id, func(c *bot.Case) { c.Senders, c.Brigade = 1, 0 })
	}
	e.alter(5, until(48*time.Hour))
	e.alter(3, until(24*time.Hour))
	e.alter(2, until(24*time.Hour))
	same(e, e.queue(bot.New), []bot.CaseID{2, 3, 5, 4, 6, 300, 1})
	e.alter(3, senders(9)) // of two that end at one time, what more people sent
	e.alter(1, until(-time.Hour))
	same(e, e.queue(bot.New), []bot.CaseID{1, 3, 2, 5, 4, 6, 300})
	same(e, e.due(bot.New), []bot.CaseID{1, 3, 2, 5})

	// A case moves with its status, and back to its place when its clock stops.
	e.alter(3, func(c *bot.Case) { c.Status = bot.Taken })
	e.alter(5, func(c *bot.Case) { c.Status = bot.Taken })
	e.alter(2, func(c *bot.Case) { c.StopClock(bot.ClockReport, 0) })
	same(e, e.queue(bot.New), []bot.CaseID{1, 4, 6, 300, 2})
	same(e, e.queue(bot.Taken), []bot.CaseID{3, 5})
	same(e, e.due(bot.Taken), []bot.CaseID{3, 5})

	// What is finished goes by age, but for what a clock runs: a body still has to decide.
	for _, id := range []bot.CaseID{1, 4, 6} {
		e.alter(id, func(c *bot.Case) { c.Status = bot.Resolved })
	}
	e.alter(6, until(time.Hour))
	same(e, e.queue(bot.Resolved), []bot.CaseID{1, 6, 4})
	same(e, e.due(bot.Resolved), []bot.CaseID{1, 6})
	same(e, e.queue(bot.New), []bot.CaseID{300, 2})
	same(e, e.due(bot.New), []bot.CaseID{})

	// Awkward times have a place as well.
	e.alter(2, until(-200*365*24*time.Hour))
	e.alter(300, func(c *bot.Case) {
		c.SetClock(bot.Clock{Kind: bot.ClockReport, Due: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)})
	})
	e.putCases(301)
	same(e, e.queue(bot.New), []bot.CaseID{2, 300, 301})

	e.refused(errAgain, func(tx bot.Tx) error { // what is rolled back left no place behind
		c, err := tx.Case(301)
		if err != nil {
			return err
		}
		c.Senders, c.Reported = 40, "A"
		return errors.Join(tx.PutCase(c), errAgain)
	})
	same(e, e.queue(bot.New), []bot.CaseID{2, 300, 301})
	first := view(e, func(tx bot.Tx) (bot.CaseID, error) { // leaving a loop early is allowed
		for c, err := range tx.Queue(bot.New, "") {
			return c.ID, err
		}
		return 0, nil
	})
	same(e, first, 2)
}

func sides(e *env) {
	same(e, e.mirrored(), []bot.CaseID{})
	e.putCases(1, 2, 3)
	e.alter(3, func(c *bot.Case) { c.Reported = "A" })
	e.alter(1, func(c *bot.Case) { c.Benefits = "B" })
	same(e, e.mirrored(), []bot.CaseID{3, 1})
	e.alter(3, func(c *bot.Case) { c.Benefits, c.Status, c.Senders = "B", bot.Resolved, 5 })
	same(e, e.mirrored(), []bot.CaseID{3, 1}) // in any status
	e.alter(3, func(c *bot.Case) { c.Reported = "" })
	same(e, e.mirrored(), []bot.CaseID{3, 1})
	e.alter(3, func(c *bot.Case) { c.Benefits = "" })
	same(e, e.mirrored(), []bot.CaseID{1})
}

// areas: the queue of one area holds its cases alone, in the same order, and follows them.
func areas(e *env) {
	of := func(s bot.Status, region string) []bot.CaseID {
		return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Queue(s, region) })
	}
	due := func(region string) []bot.CaseID {
		return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Due(bot.New, region) })
	}
	count := func(region string) map[bot.Status]int {
		return view(e, func(tx bot.Tx) (map[bot.Status]int, error) { return tx.CaseCounts(region) })
	}
	e.putCases(1, 2, 3, 4, 5, 6)
	for id := bot.CaseID(1); id <= 5; id++ {
		e.alter(id, func(c *bot.Case) { c.Region = "15.09" })
	}
	same(e, of(bot.New, "15.09"), []bot.CaseID{1, 2, 3, 4, 5})
	same(e, of(bot.New, "15.0"), []bot.CaseID{}) // an area, and not how its code begins
	same(e, count("15.09")[bot.New], 5)
	same(e, count("")[bot.New], 6)
	e.alter(4, func(c *bot.Case) { c.SetClock(bot.Clock{Kind: bot.ClockReport, Due: e.now().Add(time.Hour)}) })
	e.alter(6, func(c *bot.Case) { c.SetClock(bot.Clock{Kind: bot.ClockReport, Due: e.now()}) })
	e.alter(5, func(c *bot.Case) { c.Senders = 3 })
	same(e, of(bot.New, "15.09"), []bot.CaseID{4, 5, 1, 2, 3})
	same(e, due("15.09"), []bot.CaseID{4})
	e.alter(2, func(c *bot.Case) { c.Region = "15.71" })
	same(e, of(bot.New, "15.09"), []bot.CaseID{4, 5, 1, 3})
	same(e, of(bot.New, "15.71"), []bot.CaseID{2})
	for _, id := range []bot.CaseID{1, 3, 5} {
		e.alter(id, func(c *bot.Case) { c.Status = bot.Closed })
	}
	same(e, of(bot.Closed, "15.09"), []bot.CaseID{5, 3, 1}) // what is finished, newest first
	same(e, count("15.09"), map[bot.Status]int{bot.New: 1, bot.Taken: 0, bot.Resolved: 0, bot.Closed: 3})
	e.alter(4, func(c *bot.Case) { c.Region = "" })
	same(e, of(bot.New, "15.09"), []bot.CaseID{})
	same(e, due("15.09"), []bot.CaseID{})
}

// parts of long lists: from after one, from before one, from the end.
func parts(e *env) {
	e.putCases(1, 2, 3, 300)
	e.alter(2, func(c *bot.Case) { c.Status = bot.Closed })
	from := func(after bot.CaseID) []bot.CaseID {
		return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.CasesFrom(bot.New, after) })
	}
	recent := func(before bot.CaseID) []bot.CaseID {
		return e.queued(func(tx bot.Tx) iter.Seq2[bot.Case, error] { return tx.Recent(before) })
	}
	same(e, from(0), []bot.CaseID{1, 3, 300})
	same(e, from(1), []bot.CaseID{3, 300})
	same(e, from(300), []bot.CaseID{})
	same(e, recent(0), []bot.CaseID{300, 3, 2, 1})
	same(e, recent(300), []bot.CaseID{3, 2, 1})
	same(e, recent(4), []bot.CaseID{3, 2, 1})
	same(e, recent(1), []bot.CaseID{})

	e.update(func(tx bot.Tx) error {
		for _, of := range []bot.CaseID{1, 2, 1, 1, 300} {
			if _, err := tx.Append(bot.Event{Case: of, Action: bot.ActNoted}); err != nil {
				return err
			}
			if _, err := tx.NewTip(bot.Tip{Case: of}); err != nil {
				return err
			}
		}
		return nil
	})
	before := func(c bot.CaseID, n bot.EventID) (ids []bot.EventID) {
		for _, v := range list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.HistoryBefore(c, n) }) {
			ids = append(ids, v.ID)
		}
		return ids
	}
	same(e, before(1, 0), []bot.EventID{4, 3, 1})
	same(e, before(1, 4), []bot.EventID{3, 1})
	same(e, before(1, 99), []bot.EventID{4, 3, 1})
	same(e, before(2, 0), []bot.EventID{2})
	same(e, before(2, 2), []bot.EventID(nil))
	same(e, before(3, 0), []bot.EventID(nil))
	same(e, tipIDs(list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.NewestTips(1) })), []bot.TipID{4, 3, 1})
	same(e, tipIDs(list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.NewestTips(3) })), []bot.TipID{})
}

// members lie apart from those who work at the desk, and are counted.
func members(e *env) {
	desk := func() (ids []bot.PersonID) {
		for _, c := range view(e, func(tx bot.Tx) ([]bot.Coordinator, error) { return tx.Coordinators() }) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	count := func() map[string]int {
		return view(e, func(tx bot.Tx) (map[string]int, error) { return tx.Members() })
	}
	put := func(id bot.PersonID, r bot.Role, organisation string) {
		e.update(func(tx bot.Tx) error {
			return tx.PutCoordinator(bot.Coordinator{ID: id, Role: r, Organisation: organisation})
		})
	}
	same(e, count(), map[string]int{})
	put("p1", bot.Officer, "")
	put("p2", bot.Member, "IWO")
	put("p3", bot.Member, "IWO")
	put("p3", bot.Member, "MAFINDO") // moved
	same(e, desk(), []bot.PersonID{"p1"})
	same(e, count(), map[string]int{"IWO": 1, "MAFINDO": 1})
	same(e, view(e, func(tx bot.Tx) (bot.Coordinator, error) { return tx.Coordinator("p2") }).Role, bot.Member)
	put("p2", bot.Officer, "") // came to the desk
	same(e, desk(), []bot.PersonID{"p1", "p2"})
	same(e, count(), map[string]int{"MAFINDO": 1})
	e.update(func(tx bot.Tx) error { return errors.Join(tx.DeleteCoordinator("p3"), tx.DeleteCoordinator("p1")) })
	same(e, desk(), []bot.PersonID{"p2"})
	same(e, count(), map[string]int{})
	missing(e, func(tx bot.Tx) (bot.Coordinator, error) { return tx.Coordinator("p3") })
}

func tipsFrom(e *env) {
	e.update(func(tx bot.Tx) error {
		for _, of := range []bot.CaseID{1, 2, 1, 1, 2, 1} {
			if _, err := tx.NewTip(bot.Tip{Case: of}); err != nil {
				return err
			}
		}
		return nil
	})
	from := func(c bot.CaseID, after bot.TipID) []bot.TipID {
		return tipIDs(list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.TipsFrom(c, after) }))
	}
	for _, tt := range []struct {
		of    bot.CaseID
		after bot.TipID
		want  []bot.TipID
	}{
		{1, 0, []bot.TipID{1, 3, 4, 6}}, {1, 1, []bot.TipID{3, 4, 6}}, {1, 2, []bot.TipID{3, 4, 6}}, {1, 4, []bot.TipID{6}},
		{1, 6, []bot.TipID{}}, {1, 99, []bot.TipID{}}, {2, 1, []bot.TipID{2, 5}}, {2, 5, []bot.TipID{}}, {3, 0, []bot.TipID{}},
	} {
		same(e, from(tt.of, tt.after), tt.want)
	}
	// Slices that each move what they read lose nothing and read nothing twice.
	var seen []bot.TipID
	for after := bot.TipID(0); ; {
		last := after
		e.update(func(tx bot.Tx) error {
			n := 0
			for t, err := range tx.TipsFrom(1, after) {
				if err != nil || n == 3 {
					return err
				}
				n, after, seen, t.Case = n+1, t.ID, append(seen, t.ID), 7
				if err := tx.PutTip(t); err != nil {
					return err
				}
			}
			return nil
		})
		if after == last {
			break
		}
	}
	slices.Sort(seen)
	same(e, slices.Compact(seen), []bot.TipID{1, 3, 4, 6})
	same(e, from(7, 0), []bot.TipID{1, 3, 4, 6})
	same(e, from(1, 0), []bot.TipID{})
}

func details(e *env) {
	e.update(func(tx bot.Tx) error {
		_, err := tx.NewTip(bot.Tip{})
		if err == nil {
			_, err = tx.NewTip(bot.Tip{})
		}
		return err
	})
	has := func(id bot.TipID) bool {
		return view(e, func(tx bot.Tx) (bool, error) { return tx.HasDetails(id) })
	}
	missing(e, func(tx bot.Tx) (bot.Details, error) { return tx.Details(1) })
	same(e, has(1), false)
	for _, want := range []bot.Details{{Name: "warga1"}, {Name: "warga1", Address: "jalan contoh"}} {
		e.update(func(tx bot.Tx) error { return tx.PutDetails(1, want) })
		same(e, view(e, func(tx bot.Tx) (bot.Details, error) { return tx.Details(1) }), want)
		same(e, has(1), true)
	}
	same(e, has(2), false)
	e.update(func(tx bot.Tx) error { return errors.Join(tx.EraseDetails(1), tx.EraseDetails(1), tx.EraseDetails(2)) })
	missing(e, func(tx bot.Tx) (bot.Details, error) { return tx.Details(1) })
	same(e, has(1), false)
}

func channels(e *env) {
	get := func() []bot.Channel {
		return view(e, func(tx bot.Tx) ([]bot.Channel, error) { return tx.Channels() })
	}
	same(e, len(get()), 0)
	a := bot.Channel{Organisation: "BAWASLU", Group: group("bawaslu"), Added: e.now(), By: "admin"}
	b := bot.Channel{Organisation: "POLDA", Group: group("polda"), Added: e.now(), By: "admin"}
	e.update(func(tx bot.Tx) error { return errors.Join(tx.PutChannel(b), tx.PutChannel(a)) })
	same(e, get(), []bot.Channel{a, b})
	a.Group = bot.Address{Network: bot.WhatsApp, Chat: "lain"} // it moved to another network
	e.update(func(tx bot.Tx) error { return tx.PutChannel(a) })
	same(e, get(), []bot.Channel{a, b})
	e.update(func(tx bot.Tx) error { return errors.Join(tx.DeleteChannel("BAWASLU"), tx.DeleteChannel("BAWASLU")) })
	same(e, get(), []bot.Channel{b})
}

func electionDay(e *env) {
	get := func() bot.ElectionDay {
		return view(e, func(tx bot.Tx) (bot.ElectionDay, error) { return tx.ElectionDay() })
	}
	same(e, get(), bot.ElectionDay{})
	d := bot.ElectionDay{From: e.now(), Until: e.now().Add(24 * time.Hour), Every: 2 * time.Hour,
		Officers: []bot.PersonID{"p1", "p2"}, By: "admin", Name: "admin"}
	e.update(func(tx bot.Tx) error { return tx.SetElectionDay(d) })
	same(e, get(), d)
	for after, on := range map[time.Duration]bool{-1: false, 0: true, 24*time.Hour - 1: true, 24 * time.Hour: false} {
		same(e, get().On(e.now().Add(after)), on)
	}
	e.update(func(tx bot.Tx) error { return tx.SetElectionDay(bot.ElectionDay{}) })
	same(e, get(), bot.ElectionDay{})
}

func wasSent(e *env) {
	was := func(k bot.Key) bool {
		return view(e, func(tx bot.Tx) (bool, error) { return tx.WasSent(k) })
	}
	e.deliver(e.private("warga1", "halo"))
	e.enqueue(bot.Message{Key: "verdict/1", Person: e.id("warga1"), Text: "hasil"}, bot.Message{Key: "verdict/2", To: group("a"), Text: "hasil"})
	same(e, []bool{was("verdict/1"), was("verdict/2"), was("verdict/3"), was("")}, []bool{false, false, false, false})
	ids := e.deliveries()
	same(e, len(ids), 2)
	sent, lost := e.claim(ids[0]), e.claim(ids[1])
	same(e, was(sent.Message.Key), false) // claimed is not sent
	e.sent(ids[0], bot.MessageRef{Chat: sent.To, ID: "5"})
	e.update(func(tx bot.Tx) error { return tx.Retire(ids[1], "blocked") })
	same(e, []bool{was(sent.Message.Key), was(lost.Message.Key)}, []bool{true, false})
	e.update(func(tx bot.Tx) error { return tx.Forget(tx.Pseudonym(address("warga1"))) })
	same(e, was(sent.Message.Key), true) // keys outlive an erasure
}

// repliesUnder: what a message is a reply to may not have been sent yet when it is enqueued.
func repliesUnder(e *env) {
	e.enqueue(bot.Message{Key: "card/1", To: group("petugas"), Text: "kartu"},
		bot.Message{Under: "card/1", To: group("petugas"), Text: "satu"},
		bot.Message{Under: "card/2", To: group("petugas"), Text: "dua"}, // of which nothing was ever sent
		bot.Message{Under: "card/2", ReplyTo: "9", To: group("petugas"), Text: "tiga"},
		bot.Message{Under: "card/1", To: group("lain"), Text: "empat"}) // where the card is not
	got := map[string]bot.MessageID{}
	for _, d := range e.drain() {
		got[d.Message.Text] = d.Message.ReplyTo
	}
	card := bot.MessageRef{Chat: group("petugas"), ID: got["satu"]}
	same(e, view(e, func(tx bot.Tx) (bot.Key, error) { return tx.KeyOf(card) }), "card/1")
	same(e, got, map[string]bot.MessageID{"kartu": "", "satu": card.ID, "dua": "", "tiga": "9", "empat": ""})

	e.enqueue(bot.Message{Under: "card/1", To: group("petugas"), Text: "lagi"}) // still, at every try
	id := e.deliveries()[0]
	same(e, e.claim(id).Message.ReplyTo, card.ID)
	same(e, e.claim(id).Message.ReplyTo, card.ID)
	e.sent(id, bot.MessageRef{})

	e.update(func(tx bot.Tx) error { return tx.Moved(group("petugas"), group("petugas-super")) })
	e.enqueue(bot.Message{Under: "card/1", To: group("petugas"), Text: "pindah"})
	same(e, e.drain()[0].Message.ReplyTo, "") // the card stayed behind

	// In a private chat as well.
	e.deliver(e.private("warga1", "halo"))
	e.enqueue(bot.Message{Key: "ask/1", Person: e.id("warga1"), Text: "tanya"},
		bot.Message{Under: "ask/1", Person: e.id("warga1"), Text: "lanjut"})
	all := e.drain()
	same(e, said(all), []string{"tanya", "lanjut"})
	same(e, all[1].Message.ReplyTo != "", true)
}
