package storetest

import (
	"fmt"
	"strconv"
	"time"

	"awassiber/bot"
)

func deliverOnce(e *env) {
	u := e.private("warga1", "satu")
	same(e, e.deliver(u), true)
	same(e, e.deliver(u), false)

	again := u
	again.ID = "u/another" // the same message under another update number
	same(e, e.deliver(again), false)

	edit := u
	edit.ID, edit.Kind = "u/edit", bot.KindEdit // an edit carries its message's number
	same(e, e.deliver(edit), true)

	other := u
	other.Network = bot.Telegram // numbers are unique within a network only
	other.Chat.Network, other.From.Address.Network = bot.Telegram, bot.Telegram
	same(e, e.deliver(other), true)

	elsewhere := e.private("warga2", "satu")
	elsewhere.Message.ID = u.Message.ID // and message numbers within a chat only
	same(e, e.deliver(elsewhere), true)

	if e.store.Update(e.Context(), func(tx bot.Tx) error { _, err := tx.Deliver(bot.Update{Network: bot.Sim}); return err }) == nil {
		e.Fatal("an update without an id was accepted")
	}

	// Twice in one transaction, and after it was handled.
	once := e.private("warga3", "tiga")
	e.update(func(tx bot.Tx) error {
		for i, want := range []bool{true, false} {
			if fresh, err := tx.Deliver(once); err != nil || fresh != want {
				return fmt.Errorf("delivery %d: fresh %v, %v", i, fresh, err)
			}
		}
		return nil
	})
	for _, a := range e.arrivals() {
		e.update(func(tx bot.Tx) error { return tx.Finish(a.ID) })
	}
	same(e, e.deliver(once), false)
}

func seenDays(e *env) {
	u := e.private("warga1", "satu")
	same(e, e.deliver(u), true)
	for range 2 {
		e.clock.pass(24 * time.Hour)
		same(e, e.deliver(u), false)
		same(e, e.deliver(e.private("warga1", "lain")), true)
	}
	e.clock.pass(-72 * time.Hour) // a clock that was set back changes nothing
	same(e, e.deliver(u), false)
	e.clock.pass(30 * 24 * time.Hour)
	same(e, e.deliver(e.private("warga1", "lama kemudian")), true)
}

func anonymous(e *env) {
	u := e.private("warga1", "satu")
	u.Message.ReplyTo = &bot.Quoted{ID: "9", From: bot.Person{Address: address("warga2")}}
	e.deliver(u)
	g := e.spoken("petugas1", "petugas", "/kasus")
	g.Message.ReplyTo = &bot.Quoted{ID: "8", From: bot.Person{Address: address("petugas2")}}
	e.deliver(g)

	got := map[string]bot.Update{}
	for _, a := range e.arrivals() {
		got[a.Update.Message.Text] = a.Update
	}
	want := u
	want.Chat, want.From = bot.Address{Network: bot.Sim}, bot.Person{ID: e.id("warga1"), Name: "nama warga1"}
	want.Message = &bot.Incoming{ID: u.Message.ID, Text: "satu", ReplyTo: &bot.Quoted{ID: "9", From: bot.Person{ID: e.id("warga2")}}}
	same(e, got["satu"], want)
	want = g
	want.From = bot.Person{ID: e.id("petugas1"), Name: "nama petugas1"}
	want.Message = &bot.Incoming{ID: g.Message.ID, Text: "/kasus", ReplyTo: &bot.Quoted{ID: "8", From: bot.Person{ID: e.id("petugas2")}}}
	same(e, got["/kasus"], want)

	// Who wrote in private can be reached; who spoke in a group cannot be written to.
	at := e.now()
	e.clock.pass(time.Hour)
	e.deliver(e.private("warga1", "dua"))
	e.update(func(tx bot.Tx) error {
		a, since, err := tx.Identity(tx.Pseudonym(address("warga1")))
		if err != nil || a != address("warga1") || !since.Equal(at) {
			return fmt.Errorf("identity %v since %v: %v", a, since, err)
		}
		return nil
	})
	missing(e, func(tx bot.Tx) (bot.Address, error) {
		a, _, err := tx.Identity(tx.Pseudonym(address("petugas1")))
		return a, err
	})
}

// callerKeepsUpdate: a transaction may be run again, so that Deliver must not change what it is given.
func callerKeepsUpdate(e *env) {
	u := e.private("warga1", "satu")
	u.Message.ReplyTo = &bot.Quoted{ID: "9", From: bot.Person{Address: address("warga2")}}
	e.deliver(u)
	same(e, u.Message.ReplyTo.From.Address, address("warga2"))
	same(e, u.Chat, address("warga1"))
}

func lanesKeepOrder(e *env) {
	for _, text := range []string{"a1", "b1", "a2", "b2", "a3"} {
		e.clock.pass(time.Second)
		e.deliver(e.private("warga"+text[:1], text))
	}
	same(e, e.texts(), []string{"a1", "b1"})
	one := view(e, func(tx bot.Tx) ([]bot.QueueID, error) { return tx.Arrivals(1) })
	same(e, len(one), 1)
	e.update(func(tx bot.Tx) error { return tx.Finish(one[0]) })
	same(e, e.texts(), []string{"b1", "a2"}) // oldest first
	for _, want := range [][]string{{"a2", "b2"}, {"b2", "a3"}, {"a3"}, {}} {
		first := e.arrivals()[0]
		e.update(func(tx bot.Tx) error { return tx.Finish(first.ID) })
		same(e, e.texts(), want)
	}
	same(e, view(e, func(tx bot.Tx) (bool, error) {
		next, err := tx.NextArrival()
		return next.IsZero(), err
	}), true)
}

func retryHoldsLane(e *env) {
	e.deliver(e.private("warga1", "a1"))
	e.deliver(e.private("warga1", "a2"))
	e.clock.pass(time.Second)
	e.deliver(e.private("warga2", "b1"))
	a1 := e.arrivals()[0]
	next := e.now().Add(time.Minute)
	e.update(func(tx bot.Tx) error { return tx.Retry(a1.ID, next) })
	same(e, e.texts(), []string{"b1"})
	b1 := e.arrivals()[0]
	e.update(func(tx bot.Tx) error { return tx.Finish(b1.ID) })
	same(e, view(e, func(tx bot.Tx) (time.Time, error) { return tx.NextArrival() }), next)
	e.clock.pass(time.Minute)
	again := e.arrivals()
	same(e, len(again), 1)
	same(e, again[0].ID, a1.ID)
	same(e, again[0].Tries, 1)
	same(e, again[0].Since, a1.Since)
	e.update(func(tx bot.Tx) error { return tx.Finish(a1.ID) })
	same(e, e.texts(), []string{"a2"}) // due although the row itself never waited
}

func quarantine(e *env) {
	e.deliver(e.private("warga1", "a1"))
	e.deliver(e.private("warga1", "a2"))
	id := e.arrivals()[0].ID
	e.update(func(tx bot.Tx) error { return tx.Quarantine(id, "five tries") })
	same(e, e.texts(), []string{"a2"})
	missing(e, func(tx bot.Tx) (bot.Arrival, error) { return tx.Arrival(id) })
	e.update(func(tx bot.Tx) error { return tx.SetTimer(bot.Timer{Name: "t", Due: tx.Now()}) })
	e.deliver(bot.Update{Network: bot.Sim, ID: "new", Kind: bot.KindUnknown, Raw: []byte(`{"x":1}`)})
	for _, a := range e.arrivals() {
		switch a.Update.Kind {
		case bot.KindUnknown:
			same(e, string(a.Update.Raw), `{"x":1}`)
			e.update(func(tx bot.Tx) error { return tx.Quarantine(a.ID, bot.ReasonUnknownType) })
		case bot.KindTimer:
			e.update(func(tx bot.Tx) error { return tx.Quarantine(a.ID, "panic") })
		}
	}
	q := e.queues()
	same(e, []int{q.Quarantined, q.Skipped, q.Inbox, q.Timers}, []int{2, 1, 1, 0})
}

func timers(e *env) {
	due := e.now().Add(time.Minute)
	quiet := bot.Timer{Name: "quiet/1", Due: due, Tip: 1, Case: 2, Person: "p"}
	e.update(func(tx bot.Tx) error {
		if err := tx.SetTimer(bot.Timer{Name: "quiet/2", Due: due.Add(time.Hour)}); err != nil {
			return err
		}
		return tx.SetTimer(quiet)
	})
	same(e, len(e.arrivals()), 0)
	same(e, view(e, func(tx bot.Tx) (time.Time, error) { return tx.NextArrival() }), due)
	quiet.Due = due.Add(time.Minute)
	e.update(func(tx bot.Tx) error { return tx.SetTimer(quiet) }) // moved
	e.clock.pass(time.Minute)
	same(e, len(e.arrivals()), 0)
	e.clock.pass(time.Minute)
	fired := e.arrivals()
	same(e, len(fired), 1)
	same(e, fired[0].Update.Kind, bot.KindTimer)
	same(e, *fired[0].Update.Timer, quiet)
	if fired[0].Update.ID == "" {
		e.Fatal("a fired timer needs an id")
	}
	same(e, view(e, func(tx bot.Tx) (bot.Timer, error) { return tx.Alarm(fired[0].ID) }), quiet)
	e.deliver(e.private("warga1", "satu"))
	for _, a := range e.arrivals() {
		if a.Update.Kind != bot.KindTimer {
			missing(e, func(tx bot.Tx) (bot.Timer, error) { return tx.Alarm(a.ID) })
			e.update(func(tx bot.Tx) error { return tx.Finish(a.ID) })
		}
	}
	e.update(func(tx bot.Tx) error {
		if err := tx.StopTimer("quiet/2"); err != nil {
			return err
		}
		if err := tx.StopTimer("unknown"); err != nil {
			return err
		}
		return tx.Finish(fired[0].ID)
	})
	missing(e, func(tx bot.Tx) (bot.Timer, error) { return tx.Alarm(fired[0].ID) })
	e.clock.pass(24 * time.Hour)
	same(e, len(e.arrivals()), 0)
	same(e, e.queues().Timers, 0)
}

func timerAgain(e *env) {
	e.update(func(tx bot.Tx) error { return tx.SetTimer(bot.Timer{Name: "x", Due: tx.Now()}) })
	first := e.arrivals()[0]
	e.update(func(tx bot.Tx) error { // as a handler does, with the runner's Finish behind it
		if err := tx.SetTimer(bot.Timer{Name: "x", Due: tx.Now().Add(time.Hour)}); err != nil {
			return err
		}
		return tx.Finish(first.ID)
	})
	e.clock.pass(time.Hour)
	second := e.arrivals()
	same(e, len(second), 1)
	if second[0].Update.ID == first.Update.ID {
		e.Fatal("two firings have one id")
	}
}

// ownLanes: nothing the program tells itself waits for somebody's message, or the reverse.
func ownLanes(e *env) {
	u := e.private("warga1", "a1")
	e.deliver(u)
	a1, next := e.arrivals()[0], e.now().Add(time.Hour)
	e.update(func(tx bot.Tx) error { return tx.Retry(a1.ID, next) })
	for i, own := range []bot.Update{
		{Kind: bot.KindFetched, Fetched: &bot.Fetched{Tip: 1}},
		{Kind: bot.KindFetched, Fetched: &bot.Fetched{Tip: 2}},
		{Kind: bot.KindNotice, Notice: &bot.Notice{Key: "notice.conflict"}},
		{Kind: bot.KindFailed, Failed: &bot.Failed{Reason: "blocked", Person: e.id("warga1")}},
	} {
		own.Network, own.ID = bot.Sim, bot.UpdateID("own/"+strconv.Itoa(i))
		same(e, e.deliver(own), true)
	}
	same(e, len(e.arrivals()), 4)
}

func queues(e *env) {
	same(e, e.queues(), bot.Queues{})
	e.deliver(e.private("warga1", "a1"))
	at := e.now()
	e.clock.pass(time.Minute)
	e.deliver(e.private("warga2", "b1"))
	e.enqueue(bot.Message{To: group("petugas"), Text: "x"})
	out := e.now()
	e.clock.pass(time.Minute)
	e.enqueue(bot.Message{To: group("petugas"), Text: "y"})
	e.update(func(tx bot.Tx) error {
		if err := tx.SetTimer(bot.Timer{Name: "t", Due: tx.Now().Add(time.Hour)}); err != nil {
			return err
		}
		if err := tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink}); err != nil {
			return err
		}
		return tx.SetHold(true)
	})
	same(e, e.queues(), bot.Queues{
		Inbox: 2, Outbox: 2, Jobs: 1, Timers: 1, OldestInbox: at, OldestOutbox: out, Held: true,
	})
}
