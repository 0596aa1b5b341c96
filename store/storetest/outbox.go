package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"awassiber/bot"
)

func claimBeforeSending(e *env) {
	e.deliver(e.private("warga1", "halo"))
	m := bot.Message{Person: e.id("warga1"), Text: "terima kasih", Buttons: [][]bot.Button{{{Label: "1 Ya", Data: "y"}}}}
	e.enqueue(m)
	at := e.now()
	ids := e.deliveries()
	same(e, len(ids), 1)
	e.clock.pass(time.Second)
	next := e.now().Add(time.Minute)
	d := change(e, func(tx bot.Tx) (bot.Delivery, error) { return tx.Claim(ids[0], next) })
	if d.Unique == "" {
		e.Fatal("a delivery needs a stable id")
	}
	same(e, d, bot.Delivery{ID: ids[0], Message: &m, To: address("warga1"), Tries: 1, Since: at, Unique: d.Unique})
	same(e, len(e.deliveries()), 0) // nobody else sends it meanwhile
	same(e, view(e, func(tx bot.Tx) (time.Time, error) { return tx.NextDelivery() }), next)

	e.clock.pass(time.Minute) // the process died: it is due again, as the same delivery
	same(e, e.deliveries(), ids)
	again := e.claim(ids[0])
	same(e, again.Tries, 2)
	same(e, again.Unique, d.Unique)
	later := e.now().Add(time.Hour)
	e.update(func(tx bot.Tx) error { return tx.Reschedule(ids[0], later) })
	same(e, view(e, func(tx bot.Tx) (time.Time, error) { return tx.NextDelivery() }), later)
	e.sent(ids[0], bot.MessageRef{Chat: address("warga1"), ID: "1"})
	same(e, e.queues().Outbox, 0)
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error {
		_, err := tx.Claim(ids[0], next)
		return err
	})
}

func outboxOrder(e *env) {
	for _, text := range []string{"a1", "b1", "a2", "a3"} {
		e.clock.pass(time.Second)
		e.enqueue(bot.Message{To: group(text[:1]), Text: text})
	}
	ids := e.deliveries()
	same(e, len(ids), 2)
	a1, b1 := e.claim(ids[0]), e.claim(ids[1])
	same(e, said([]bot.Delivery{a1, b1}), []string{"a1", "b1"})
	e.sent(ids[1], bot.MessageRef{})
	same(e, len(e.deliveries()), 0) // a2 waits for a1
	e.sent(ids[0], bot.MessageRef{})
	same(e, said(e.drain()), []string{"a2", "a3"})
}

// takingTurns: a chat with much to hear does not keep another waiting for its first word.
func takingTurns(e *env) {
	for _, text := range []string{"a1", "a2", "a3", "b1", "c1"} {
		e.clock.pass(time.Second)
		e.enqueue(bot.Message{To: group(text[:1]), Text: text})
	}
	var order []bot.Delivery
	for range 5 {
		e.clock.pass(time.Second)
		ids := view(e, func(tx bot.Tx) ([]bot.QueueID, error) { return tx.Deliveries(1, bot.Address{}) })
		same(e, len(ids), 1)
		order = append(order, e.claim(ids[0]))
		e.sent(ids[0], bot.MessageRef{})
	}
	same(e, said(order), []string{"a1", "b1", "c1", "a2", "a3"})
}

func hold(e *env) {
	e.enqueue(bot.Message{To: group("lain"), Text: "lain"}, bot.Message{To: group("petugas"), Text: "desk"})
	e.update(func(tx bot.Tx) error {
		if err := tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: bot.Attachment{SHA256: "aa"}}); err != nil {
			return err
		}
		return tx.SetHold(true)
	})
	same(e, view(e, func(tx bot.Tx) (bool, error) { return tx.Held() }), true)
	var text []string
	for _, id := range e.deliveries() {
		d := e.claim(id)
		if d.Job != nil {
			text = append(text, "job")
		} else {
			text = append(text, d.Message.Text)
		}
		e.sent(id, bot.MessageRef{})
	}
	same(e, text, []string{"desk", "job"})
	same(e, len(e.deliveries()), 0)
	same(e, e.queues().Outbox, 1)
	e.update(func(tx bot.Tx) error { return tx.SetHold(false) })
	same(e, said(e.drain()), []string{"lain"})
}

func keys(e *env) {
	m := bot.Message{Key: "receipt/1", To: group("a"), Text: "sekali"}
	e.enqueue(m, m)
	e.enqueue(m)
	same(e, said(e.drain()), []string{"sekali"})
	e.enqueue(m) // also after it was sent
	same(e, len(e.drain()), 0)
	e.refused(errAgain, func(tx bot.Tx) error {
		if err := tx.Enqueue(bot.Message{Key: "receipt/2", To: group("a"), Text: "batal"}); err != nil {
			return err
		}
		return errAgain
	})
	e.enqueue(bot.Message{Key: "receipt/2", To: group("a"), Text: "dua"}) // what was rolled back was not used
	same(e, said(e.drain()), []string{"dua"})
}

var errAgain = errors.New("rolled back on purpose")

func edits(e *env) {
	card := func(text string) bot.Message { return bot.Message{Edit: "card/1", To: group("petugas"), Text: text} }
	e.enqueue(bot.Message{Key: "card/1", To: group("petugas"), Text: "kartu"}, card("satu"))
	e.enqueue(bot.Message{To: group("petugas"), Text: "antara"})
	e.enqueue(card("dua"))
	all := e.drain()
	same(e, said(all), []string{"kartu", "dua", "antara"}) // in the place of the first edit
	ref := all[1].Ref
	same(e, ref, bot.MessageRef{Chat: group("petugas"), ID: "m1"})

	// A claimed edit may be on its way: the next one queues behind it.
	e.enqueue(card("tiga"))
	id := e.deliveries()[0]
	e.claim(id)
	e.enqueue(card("empat"))
	e.enqueue(card("lima"))
	e.sent(id, bot.MessageRef{Chat: group("petugas"), ID: "m99"}) // could not be edited: sent anew
	all = e.drain()
	same(e, said(all), []string{"lima"})
	same(e, all[0].Ref.ID, "m99")

	// An edit of what was never sent has no message to edit.
	e.enqueue(bot.Message{Edit: "card/2", To: group("petugas"), Text: "tanpa asal"})
	all = e.drain()
	same(e, all[0].Ref, bot.MessageRef{})
	e.enqueue(bot.Message{Edit: "card/2", To: group("petugas"), Text: "kini ada"})
	if all = e.drain(); all[0].Ref.ID == "" {
		e.Fatal("an edit that was sent as a new message is not found by the next")
	}

	// A person's message is edited where the person is.
	e.deliver(e.private("warga1", "halo"))
	e.enqueue(bot.Message{Key: "ask/1", Person: e.id("warga1"), Text: "tanya"})
	e.drain()
	e.enqueue(bot.Message{Edit: "ask/1", Person: e.id("warga1"), Text: "tanya lagi"})
	all = e.drain()
	same(e, all[0].Ref.Chat, address("warga1"))
}

func keyOf(e *env) {
	e.enqueue(bot.Message{Key: "card/7", To: group("petugas"), Text: "kartu"})
	id := e.deliveries()[0]
	e.claim(id)
	ref := bot.MessageRef{Chat: group("petugas"), ID: "41"}
	missing(e, func(tx bot.Tx) (bot.Key, error) { return tx.KeyOf(ref) })
	e.sent(id, ref)
	same(e, view(e, func(tx bot.Tx) (bot.Key, error) { return tx.KeyOf(ref) }), "card/7")
	missing(e, func(tx bot.Tx) (bot.Key, error) {
		return tx.KeyOf(bot.MessageRef{Chat: group("lain"), ID: "41"})
	})
}

func moved(e *env) {
	old, now, newest := group("lama"), group("baru"), group("terbaru")
	e.enqueue(bot.Message{To: old, Text: "a1"}, bot.Message{To: old, Text: "a2"})
	e.update(func(tx bot.Tx) error {
		if err := tx.Moved(old, now); err != nil {
			return err
		}
		return tx.Moved(now, newest)
	})
	e.enqueue(bot.Message{To: old, Text: "a3"})
	for _, d := range e.drain() {
		same(e, d.To, newest)
	}
	resolve := func(a bot.Address) bot.Address {
		return view(e, func(tx bot.Tx) (bot.Address, error) { return tx.ResolveAddress(a) })
	}
	same(e, resolve(old), newest)
	same(e, resolve(group("lain")), group("lain"))
	e.update(func(tx bot.Tx) error { return tx.Moved(newest, old) }) // and back: no endless circle
	same(e, resolve(newest), old)
	same(e, resolve(now), old)
	same(e, resolve(old), old)
	e.refused(bot.ErrAddress, func(tx bot.Tx) error { return tx.Moved(old, old) })

	// While held, the coordinators' group is let through under either address.
	e.update(func(tx bot.Tx) error {
		if err := tx.Moved(group("petugas"), group("petugas-super")); err != nil {
			return err
		}
		return tx.SetHold(true)
	})
	e.enqueue(bot.Message{To: group("petugas-super"), Text: "desk"})
	same(e, said(e.drain()), []string{"desk"})
}

func jobs(e *env) {
	file := bot.Attachment{Kind: bot.Photo, Network: bot.Sim, FileID: "f1", Name: "foto.jpg"}
	want := bot.Job{Kind: bot.JobFetch, Tip: 3, Item: 1, File: file}
	e.update(func(tx bot.Tx) error {
		for range 2 {
			if err := tx.EnqueueJob(want); err != nil {
				return err
			}
		}
		return nil
	})
	ids := e.deliveries()
	same(e, len(ids), 2) // both at the same time
	d := e.claim(ids[0])
	same(e, d.Job, &want)
	same(e, d.Message == nil, true)
	e.update(func(tx bot.Tx) error { return tx.Reschedule(ids[0], tx.Now()) })
	same(e, e.claim(ids[0]).Tries, 2)
	e.sent(ids[0], bot.MessageRef{})
	e.update(func(tx bot.Tx) error { return tx.Retire(ids[1], "gone") })
	q := e.queues()
	same(e, []int{q.Jobs, q.Retired}, []int{0, 1})
}

func retire(e *env) {
	e.enqueue(bot.Message{Key: "k", To: group("a"), Text: "a1", Case: 4}, bot.Message{To: group("a"), Text: "a2"})
	id := e.deliveries()[0]
	e.claim(id)
	e.update(func(tx bot.Tx) error { return tx.Retire(id, "blocked") })
	same(e, said(e.drain()), []string{"a2"})
	same(e, e.queues().Retired, 1)
	e.enqueue(bot.Message{Key: "k", To: group("a"), Text: "a1"})
	same(e, len(e.drain()), 0) // given up is not forgotten
}

func destination(e *env) {
	for _, m := range []bot.Message{{Text: "x"}, {Text: "x", To: group("a"), Person: "p"}} {
		if err := e.store.Update(e.Context(), func(tx bot.Tx) error { return tx.Enqueue(m) }); err == nil {
			e.Fatalf("%+v was accepted", m)
		}
	}
	e.refused(bot.ErrNotFound, func(tx bot.Tx) error { return tx.Enqueue(bot.Message{Person: "nobody", Text: "x"}) })
}

// goneRows: a row may be erased while it is worked on.
func goneRows(e *env) {
	e.deliver(e.private("warga1", "a1"))
	in := e.arrivals()[0].ID
	e.enqueue(bot.Message{Person: e.id("warga1"), Text: "x"})
	out := e.deliveries()[0]
	e.update(func(tx bot.Tx) error { return tx.Forget(tx.Pseudonym(address("warga1"))) })
	e.update(func(tx bot.Tx) error {
		return errors.Join(tx.Finish(in), tx.Retry(in, tx.Now()), tx.Quarantine(in, "x"),
			tx.Sent(out, bot.MessageRef{ID: "1"}), tx.Reschedule(out, tx.Now()), tx.Retire(out, "x"))
	})
	for _, bad := range []bot.QueueID{in, out, "", "i", "nonsense"} {
		e.refused(bot.ErrNotFound, func(tx bot.Tx) error {
			if _, err := tx.Arrival(bad); !errors.Is(err, bot.ErrNotFound) {
				return fmt.Errorf("Arrival(%q): %v", bad, err)
			}
			_, err := tx.Claim(bad, tx.Now())
			return err
		})
	}
	same(e, e.queues(), bot.Queues{})
}

// answersOvertake: the answer to a pressed button does not wait behind the chat's messages, nor
// does a hold of everything else keep the desk's from it.
func answersOvertake(e *env) {
	e.enqueue(bot.Message{To: group("petugas"), Text: "kartu"}, bot.Message{To: group("petugas"), Answer: "p1", Text: "sudah"})
	both := e.deliveries()
	same(e, len(both), 2) // neither waits for the other
	for _, id := range both {
		e.claim(id)
		e.sent(id, bot.MessageRef{})
	}
	e.update(func(tx bot.Tx) error { return tx.SetHold(true) })
	e.enqueue(bot.Message{To: group("petugas"), Answer: "p2", Text: "ya"}, bot.Message{To: group("lain"), Answer: "p3", Text: "x"})
	same(e, said(e.drain()), []string{"ya"})
}

// withdraw takes back what waits for a group about one case, so that words erased at their sender's
// wish are not sent afterwards; an edit of the card then takes the card's place.
func withdraw(e *env) {
	card := bot.Message{Key: "card/7", To: group("petugas"), Case: 7, Text: "kartu dengan kata-kata"}
	e.enqueue(card, bot.Message{To: group("petugas"), Case: 7, Text: "lampiran"},
		bot.Message{To: group("petugas"), Case: 8, Text: "kasus lain"}, bot.Message{To: group("lain"), Case: 7, Text: "grup lain"})
	e.update(func(tx bot.Tx) error {
		if err := tx.Withdraw(group("petugas"), 7); err != nil {
			return err
		}
		return tx.Enqueue(bot.Message{Edit: "card/7", To: group("petugas"), Case: 7, Text: "kartu kosong"})
	})
	got := said(e.drain())
	slices.Sort(got)
	same(e, got, []string{"grup lain", "kartu kosong", "kasus lain"})
	e.update(func(tx bot.Tx) error { return tx.Withdraw(bot.Address{}, 7) })
}

// busy tells whether somebody's updates wait.
func busy(e *env) {
	p := e.id("warga1")
	is := func() bool { return view(e, func(tx bot.Tx) (bool, error) { return tx.Busy(p) }) }
	same(e, is(), false)
	e.deliver(e.private("warga1", "a"))
	same(e, is(), true)
	id := e.arrivals()[0].ID
	e.update(func(tx bot.Tx) error { return tx.Finish(id) })
	same(e, is(), false)
}
