package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"awassiber/bot"
)

func nowIsFixed(e *env) {
	e.update(func(tx bot.Tx) error {
		before := tx.Now()
		e.clock.pass(time.Hour)
		if !tx.Now().Equal(before) || tx.Now().Location() != time.UTC {
			return fmt.Errorf("time moved from %v to %v", before, tx.Now())
		}
		return nil
	})
}

// writeMuch touches every kind of row.
func writeMuch(e *env, tx bot.Tx) error {
	if _, err := tx.Deliver(e.private("warga1", "x")); err != nil {
		return err
	}
	p := tx.Pseudonym(address("warga1"))
	tip, err := tx.NewTip(bot.Tip{Reporter: p, Case: 1})
	if err != nil {
		return err
	}
	if _, err := tx.Append(bot.Event{Case: 1, Action: bot.ActOpened}); err != nil {
		return err
	}
	return errors.Join(
		tx.PutCase(bot.Case{ID: 1, Status: bot.New}),
		tx.AddItem(tip.ID, 0, bot.Item{Text: "x"}),
		tx.Enqueue(bot.Message{Key: "k", Person: p, Text: "x"}),
		tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink}),
		tx.SetTimer(bot.Timer{Name: "t", Due: tx.Now()}),
		tx.PutDialogue(bot.Dialogue{Person: p, Tip: 1}),
		tx.SetHold(true),
	)
}

// nothing checks that a store is as empty as a new one.
func (e *env) nothing() {
	e.Helper()
	same(e, e.queues(), bot.Queues{})
	same(e, view(e, func(tx bot.Tx) (bot.EventID, error) { return tx.LastEvent() }), 0)
	same(e, view(e, func(tx bot.Tx) (map[bot.Status]int, error) { return tx.CaseCounts("") })[bot.New], 0)
	missing(e, func(tx bot.Tx) (bot.Tip, error) { return tx.Tip(1) })
	missing(e, func(tx bot.Tx) (bot.Case, error) { return tx.Case(1) })
	missing(e, func(tx bot.Tx) (bot.Address, error) {
		a, _, err := tx.Identity(tx.Pseudonym(address("warga1")))
		return a, err
	})
	same(e, view(e, func(tx bot.Tx) ([]bot.Item, error) { return tx.Items(1) }), []bot.Item(nil))
}

func rollbackError(e *env) {
	e.refused(errAgain, func(tx bot.Tx) error {
		if err := writeMuch(e, tx); err != nil {
			return err
		}
		return errAgain
	})
	e.nothing()
	e.update(func(tx bot.Tx) error { return writeMuch(e, tx) })
}

func rollbackPanic(e *env) {
	err := e.store.Update(e.Context(), func(tx bot.Tx) error {
		if err := writeMuch(e, tx); err != nil {
			return err
		}
		panic("on purpose")
	})
	if err == nil {
		e.Fatal("a panic was swallowed")
	}
	e.nothing()
	e.update(func(tx bot.Tx) error { return writeMuch(e, tx) })
}

func viewDoesNotWrite(e *env) {
	if e.store.View(e.Context(), func(tx bot.Tx) error { return writeMuch(e, tx) }) == nil {
		e.Fatal("a view wrote")
	}
	e.nothing()
	if err := e.store.View(e.Context(), func(bot.Tx) error { return errAgain }); !errors.Is(err, errAgain) {
		e.Fatalf("View returned %v", err)
	}
}

func contextEnds(e *env) {
	ctx, cancel := context.WithCancel(e.Context())
	cancel()
	ran := func(bot.Tx) error { e.Error("ran after its context ended"); return nil }
	for _, run := range []func(context.Context, func(bot.Tx) error) error{e.store.Update, e.store.View} {
		if err := run(ctx, ran); !errors.Is(err, context.Canceled) {
			e.Fatalf("got %v", err)
		}
	}

	// One that waits for its turn gives up; the one that runs is waited for.
	inside, leave := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	ctx, cancel = context.WithCancel(e.Context())
	go func() {
		first <- e.store.Update(ctx, func(tx bot.Tx) error {
			close(inside)
			<-leave
			_, err := tx.Append(bot.Event{Action: bot.ActStaff})
			return err
		})
	}()
	<-inside
	second := make(chan error, 1)
	go func() { second <- e.store.Update(ctx, ran) }()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		e.Fatalf("waiting: got %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		e.Fatalf("running: got %v", err)
	}
	same(e, view(e, func(tx bot.Tx) (bot.EventID, error) { return tx.LastEvent() }), 1)
}

// snapshot: a view sees one moment.
func snapshot(e *env) {
	e.putCases(1)
	err := e.store.View(e.Context(), func(tx bot.Tx) error {
		done := make(chan error, 1)
		go func() {
			done <- e.store.Update(e.Context(), func(tx bot.Tx) error {
				return tx.PutCase(bot.Case{ID: 1, Status: bot.Closed})
			})
		}()
		if err := <-done; err != nil {
			return err
		}
		c, err := tx.Case(1)
		if err == nil && c.Status != bot.New {
			err = fmt.Errorf("saw %q, written after the view began", c.Status)
		}
		return err
	})
	if err != nil {
		e.Fatal(err)
	}
	same(e, view(e, func(tx bot.Tx) (bot.Case, error) { return tx.Case(1) }).Status, bot.Closed)
}

const callers, rounds = 16, 20

// concurrent: each of many callers sees its own writes and nobody's half.
func concurrent(e *env) {
	var wg sync.WaitGroup
	errs := make(chan error, callers)
	for range callers {
		wg.Go(func() {
			for range rounds {
				err := e.store.Update(e.Context(), func(tx bot.Tx) error {
					c, err := tx.Cursor("counter")
					if err != nil {
						return err
					}
					c.Event++
					return tx.PutCursor("counter", c)
				})
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		e.Fatal(err)
	}
	same(e, view(e, func(tx bot.Tx) (bot.Cursor, error) { return tx.Cursor("counter") }).Event, callers*rounds)
}

// failuresAmongMany: those that fail or panic get their own error and write nothing, the others
// are not harmed.
func failuresAmongMany(e *env) {
	const n = 100
	inside, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // keeps the writer busy, so that the others wait together
		_ = e.store.Update(e.Context(), func(bot.Tx) error { close(inside); <-leave; return nil })
	})
	<-inside
	errs := make([]error, n)
	var ready sync.WaitGroup
	ready.Add(n)
	for i := range n {
		wg.Go(func() {
			ready.Done()
			errs[i] = e.store.Update(e.Context(), func(tx bot.Tx) error {
				if _, err := tx.Append(bot.Event{Case: bot.CaseID(i + 1), Action: bot.ActOpened}); err != nil {
					return err
				}
				switch {
				case i%10 == 3:
					return fmt.Errorf("%d: %w", i, errAgain)
				case i == 50:
					panic("on purpose")
				}
				return tx.PutCase(bot.Case{ID: bot.CaseID(i + 1), Status: bot.New})
			})
		})
	}
	ready.Wait()
	close(leave)
	wg.Wait()
	stored := 0
	for i, err := range errs {
		bad := i%10 == 3 || i == 50
		if (err != nil) != bad {
			e.Errorf("%d: %v", i, err)
		}
		if i%10 == 3 && (!errors.Is(err, errAgain) || err.Error() != fmt.Sprintf("%d: %v", i, errAgain)) {
			e.Errorf("%d got another's error: %v", i, err)
		}
		if !bad {
			stored++
		}
	}
	same(e, view(e, func(tx bot.Tx) (bot.EventID, error) { return tx.LastEvent() }), bot.EventID(stored))
	same(e, len(e.caseIDs(bot.New, false)), stored)
}
