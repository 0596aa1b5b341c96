package storetest

import (
	"errors"
	"iter"
	"time"

	"awassiber/bot"
)

func forget(e *env) {
	p1, p2 := e.id("warga1"), e.id("warga2")
	e.deliver(e.private("warga1", "a1"))
	in := e.arrivals()[0].ID
	e.deliver(e.private("warga1", "a2"))
	e.deliver(e.private("warga2", "b1"))
	e.enqueue(bot.Message{Person: p1, Text: "x"}, bot.Message{Person: p1, Edit: "ask/1", Text: "y"}, bot.Message{Person: p2, Text: "z"})
	e.update(func(tx bot.Tx) error { return tx.PutDialogue(bot.Dialogue{Person: p1, Tip: 1}) })
	e.update(func(tx bot.Tx) error { // as a handler does, working on their own request
		if err := tx.Forget(p1); err != nil {
			return err
		}
		return tx.Finish(in)
	})
	missing(e, func(tx bot.Tx) (bot.Address, error) { a, _, err := tx.Identity(p1); return a, err })
	same(e, view(e, func(tx bot.Tx) (bot.Dialogue, error) { return tx.Dialogue(p1) }), bot.Dialogue{})
	same(e, e.texts(), []string{"b1"})
	same(e, said(e.drain()), []string{"z"})
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error { return tx.Enqueue(bot.Message{Person: p1, Text: "x"}) })
	e.update(func(tx bot.Tx) error { return errors.Join(tx.Forget(p1), tx.Forget("unknown"), tx.Forget("")) })

	e.deliver(e.private("warga1", "kembali")) // who comes back is known again, under the same pseudonym
	e.enqueue(bot.Message{Person: p1, Text: "halo lagi"})
	same(e, said(e.drain()), []string{"halo lagi"})
}

func farewell(e *env) {
	p := e.id("warga1")
	e.deliver(e.private("warga1", "hapus"))
	e.enqueue(bot.Message{Person: p, Text: "menunggu"})
	e.update(func(tx bot.Tx) error {
		if err := tx.Enqueue(bot.Message{Person: p, Key: "bye", Text: "selamat tinggal"}); err != nil {
			return err
		}
		return tx.Forget(p)
	})
	all := e.drain()
	same(e, said(all), []string{"selamat tinggal"})
	same(e, all[0].To, address("warga1"))
}

func forgetQuarantined(e *env) {
	p := e.id("warga1")
	for _, u := range []bot.Update{e.private("warga1", "a"), e.private("warga2", "b"),
		{Network: bot.Sim, ID: "f", Kind: bot.KindFetched, Fetched: &bot.Fetched{Tip: 1, File: bot.Attachment{Name: "foto.jpg"}}}} {
		e.deliver(u)
	}
	e.update(func(tx bot.Tx) error {
		if _, err := tx.NewTip(bot.Tip{Reporter: p}); err != nil {
			return err
		}
		ids, err := tx.Arrivals(10)
		for _, id := range ids {
			err = errors.Join(err, tx.Quarantine(id, "panic"))
		}
		return err
	})
	same(e, e.queues().Quarantined, 3)
	e.update(func(tx bot.Tx) error { return tx.Forget(p) })
	same(e, e.queues().Quarantined, 1)
}

func dialogue(e *env) {
	same(e, view(e, func(tx bot.Tx) (bot.Dialogue, error) { return tx.Dialogue("p") }), bot.Dialogue{})
	d := bot.Dialogue{Person: "p", Tip: 4, Question: "region", Options: []string{"15.71", "15.72"}, Asked: e.now()}
	e.update(func(tx bot.Tx) error { return tx.PutDialogue(d) })
	same(e, view(e, func(tx bot.Tx) (bot.Dialogue, error) { return tx.Dialogue("p") }), d)
	e.update(func(tx bot.Tx) error { return tx.PutDialogue(bot.Dialogue{Person: "p"}) })
	same(e, view(e, func(tx bot.Tx) (bot.Dialogue, error) { return tx.Dialogue("p") }).Tip, 0)
	if e.store.Update(e.Context(), func(tx bot.Tx) error { return tx.PutDialogue(bot.Dialogue{Tip: 1}) }) == nil {
		e.Fatal("a dialogue of nobody was accepted")
	}
}

func coordinators(e *env) {
	get := func() []bot.Coordinator {
		return view(e, func(tx bot.Tx) ([]bot.Coordinator, error) { return tx.Coordinators() })
	}
	same(e, len(get()), 0)
	a := bot.Coordinator{ID: "a", Name: "petugas1", Role: bot.Officer, Added: e.now(), AddedBy: "admin"}
	b := bot.Coordinator{ID: "b", Role: bot.Admin, Added: e.now()}
	e.update(func(tx bot.Tx) error { return errors.Join(tx.PutCoordinator(a), tx.PutCoordinator(b)) })
	same(e, get(), []bot.Coordinator{a, b})
	same(e, view(e, func(tx bot.Tx) (bot.Coordinator, error) { return tx.Coordinator("a") }), a)
	e.update(func(tx bot.Tx) error { return errors.Join(tx.DeleteCoordinator("a"), tx.DeleteCoordinator("a")) })
	missing(e, func(tx bot.Tx) (bot.Coordinator, error) { return tx.Coordinator("a") })
	same(e, get(), []bot.Coordinator{b})
}

func invitations(e *env) {
	i := bot.Invite{Expires: e.now().Add(time.Hour), By: "admin", ByName: "admin"}
	e.update(func(tx bot.Tx) error { return errors.Join(tx.PutInvite("kode1", i), tx.PutInvite("kode2", i)) })
	same(e, change(e, func(tx bot.Tx) (bot.Invite, error) { return tx.TakeInvite("kode1") }), i)
	for _, code := range []string{"kode1", "kode", ""} { // once; and only the whole code
		e.refused(bot.ErrNotFound, func(tx bot.Tx) error { _, err := tx.TakeInvite(code); return err })
	}
	e.clock.pass(time.Hour)
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error { _, err := tx.TakeInvite("kode2"); return err })
	i.Expires = e.now().Add(time.Hour)
	e.update(func(tx bot.Tx) error { return tx.PutInvite("kode3", i) })
	same(e, change(e, func(tx bot.Tx) (bot.Invite, error) { return tx.TakeInvite("kode3") }), i)
}

func cursors(e *env) {
	same(e, view(e, func(tx bot.Tx) (bot.Cursor, error) { return tx.Cursor("digest") }), bot.Cursor{})
	c := bot.Cursor{Event: 17, Slot: e.now()}
	e.update(func(tx bot.Tx) error { return tx.PutCursor("digest", c) })
	same(e, view(e, func(tx bot.Tx) (bot.Cursor, error) { return tx.Cursor("digest") }), c)
	same(e, view(e, func(tx bot.Tx) (bot.Cursor, error) { return tx.Cursor("other") }), bot.Cursor{})
}

func notFound(e *env) {
	missing(e, func(tx bot.Tx) (bot.Arrival, error) { return tx.Arrival("x") })
	missing(e, func(tx bot.Tx) (bot.Tip, error) { return tx.Tip(1) })
	missing(e, func(tx bot.Tx) (bot.Tip, error) { return tx.Tip(0) })
	missing(e, func(tx bot.Tx) (bot.Case, error) { return tx.Case(1) })
	missing(e, func(tx bot.Tx) (bot.Coordinator, error) { return tx.Coordinator("") })
	missing(e, func(tx bot.Tx) (bot.Key, error) { return tx.KeyOf(bot.MessageRef{}) })
	same(e, view(e, func(tx bot.Tx) ([]bot.Item, error) { return tx.Items(7) }), []bot.Item(nil))
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Tip, error] { return tx.TipsBy("") }), []bot.Tip{})
	same(e, list(e, func(tx bot.Tx) iter.Seq2[bot.Event, error] { return tx.History(7) }), []bot.Event{})
}
