// Package storetest is the contract of bot.Store and bot.Tx as tests. Every store runs it: what
// the program relies on is written here, not in the documentation of one store.
//
// Persons are sim:warga1 and the like; the clock stands still unless a test moves it.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"

	"awassiber/bot"

	"github.com/google/go-cmp/cmp"
)

// Open makes a new, empty store that reads the given clock. Closing it is the caller's part
// (t.Cleanup), as is any check of what is on disk afterwards.
type Open func(t *testing.T, now func() time.Time) bot.Store

// Run holds a store to the contract.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*env){
		"deliver once":               deliverOnce,
		"anonymous above the store":  anonymous,
		"caller's update is kept":    callerKeepsUpdate,
		"lanes keep order":           lanesKeepOrder,
		"retry holds the lane":       retryHoldsLane,
		"quarantine":                 quarantine,
		"timers":                     timers,
		"timer sets itself again":    timerAgain,
		"claim before sending":       claimBeforeSending,
		"outbox order":               outboxOrder,
		"outbox takes turns":         takingTurns,
		"hold":                       hold,
		"keys":                       keys,
		"edits":                      edits,
		"key of a message":           keyOf,
		"moved chats":                moved,
		"jobs":                       jobs,
		"retire":                     retire,
		"destination is one":         destination,
		"answers overtake":           answersOvertake,
		"withdraw":                   withdraw,
		"busy":                       busy,
		"gone rows":                  goneRows,
		"tips":                       tips,
		"items":                      items,
		"cases":                      cases,
		"cases change while listed":  casesWhileListed,
		"events":                     events,
		"forget":                     forget,
		"farewell":                   farewell,
		"forget quarantined":         forgetQuarantined,
		"dialogue":                   dialogue,
		"coordinators":               coordinators,
		"invitations":                invitations,
		"files":                      files,
		"known files":                knownFiles,
		"forgotten files":            forgottenFiles,
		"forget fetched":             forgetFetched,
		"cursors":                    cursors,
		"now":                        nowIsFixed,
		"rollback after an error":    rollbackError,
		"rollback after a panic":     rollbackPanic,
		"view does not write":        viewDoesNotWrite,
		"context":                    contextEnds,
		"snapshot":                   snapshot,
		"concurrent updates":         concurrent,
		"failures among many":        failuresAmongMany,
		"lanes against a model":      laneModel,
		"not found":                  notFound,
		"seen days pass":             seenDays,
		"queues":                     queues,
		"lanes of fetched and notes": ownLanes,
		"queue order":                queueOrder,
		"sides":                      sides,
		"cases by area":              areas,
		"parts of long lists":        parts,
		"members of organisations":   members,
		"tips after one":             tipsFrom,
		"details":                    details,
		"channels":                   channels,
		"election day":               electionDay,
		"was it sent":                wasSent,
		"replies under a message":    repliesUnder,
	} {
		t.Run(name, func(t *testing.T) { test(newEnv(t, open)) })
	}
}

// env is one test's store and clock.
type env struct {
	*testing.T
	store bot.Store
	clock *clock
	n     int // numbers updates
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newEnv(t *testing.T, open Open) *env {
	c := &clock{now: time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC)}
	return &env{T: t, store: open(t, c.read), clock: c}
}

func (e *env) now() time.Time { return e.clock.read() }

// update runs fn and fails the test if it fails.
func (e *env) update(fn func(bot.Tx) error) {
	e.Helper()
	if err := e.store.Update(context.Background(), fn); err != nil {
		e.Fatalf("Update: %v", err)
	}
}

// refused runs fn and wants target.
func (e *env) refused(target error, fn func(bot.Tx) error) {
	e.Helper()
	if err := e.store.Update(context.Background(), fn); !errors.Is(err, target) {
		e.Fatalf("Update: got %v, want %v", err, target)
	}
}

// same compares two values of one type.
func same[T any](e *env, got, want T) {
	e.Helper()
	if d := cmp.Diff(want, got); d != "" {
		e.Fatalf("not as wanted (-want +got):\n%s", d)
	}
}

// view reads one value.
func view[T any](e *env, read func(bot.Tx) (T, error)) T {
	e.Helper()
	var v T
	err := e.store.View(context.Background(), func(tx bot.Tx) (err error) {
		v, err = read(tx)
		return err
	})
	if err != nil {
		e.Fatalf("View: %v", err)
	}
	return v
}

// change writes and returns what was returned.
func change[T any](e *env, write func(bot.Tx) (T, error)) T {
	e.Helper()
	var v T
	e.update(func(tx bot.Tx) (err error) {
		v, err = write(tx)
		return err
	})
	return v
}

// missing wants ErrNotFound and a zero value.
func missing[T any](e *env, read func(bot.Tx) (T, error)) {
	e.Helper()
	err := e.store.View(context.Background(), func(tx bot.Tx) error {
		v, err := read(tx)
		if err != nil && !reflect.ValueOf(&v).Elem().IsZero() {
			e.Errorf("a value came with %v", err)
		}
		return err
	})
	if !errors.Is(err, bot.ErrNotFound) {
		e.Fatalf("got %v, want ErrNotFound", err)
	}
}

func address(chat string) bot.Address { return bot.Address{Network: bot.Sim, Chat: chat} }

// group is a group's address.
func group(name string) bot.Address { return address("grup-" + name) }

// private is a message of a person in their own chat, each call a new update and message.
func (e *env) private(person, text string) bot.Update {
	e.n++
	id := strconv.Itoa(e.n)
	return bot.Update{
		Network: bot.Sim, ID: bot.UpdateID("u/" + id), Kind: bot.KindMessage, Private: true,
		Chat: address(person), From: bot.Person{Address: address(person), Name: "nama " + person}, At: e.now(),
		Message: &bot.Incoming{ID: bot.MessageID(id), Text: text},
	}
}

// spoken is a message of a person in a group.
func (e *env) spoken(person, in, text string) bot.Update {
	u := e.private(person, text)
	u.Private, u.Chat = false, group(in)
	return u
}

func (e *env) deliver(u bot.Update) bool {
	e.Helper()
	return change(e, func(tx bot.Tx) (bool, error) { return tx.Deliver(u) })
}

func (e *env) id(person string) bot.PersonID {
	e.Helper()
	return view(e, func(tx bot.Tx) (bot.PersonID, error) { return tx.Pseudonym(address(person)), nil })
}

func (e *env) arrivals() []bot.Arrival {
	e.Helper()
	return view(e, func(tx bot.Tx) ([]bot.Arrival, error) {
		ids, err := tx.Arrivals(1000)
		var all []bot.Arrival
		for _, id := range ids {
			a, err := tx.Arrival(id)
			if err != nil {
				return nil, err
			}
			all = append(all, a)
		}
		return all, err
	})
}

// texts lists what waits at the head of the inbox lanes that are due.
func (e *env) texts() []string {
	e.Helper()
	all := []string{}
	for _, a := range e.arrivals() {
		all = append(all, a.Update.Message.Text)
	}
	return all
}

func (e *env) enqueue(all ...bot.Message) {
	e.Helper()
	e.update(func(tx bot.Tx) error {
		for _, m := range all {
			if err := tx.Enqueue(m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *env) deliveries() []bot.QueueID {
	e.Helper()
	return view(e, func(tx bot.Tx) ([]bot.QueueID, error) { return tx.Deliveries(1000, group("petugas")) })
}

func (e *env) claim(id bot.QueueID) bot.Delivery {
	e.Helper()
	return change(e, func(tx bot.Tx) (bot.Delivery, error) { return tx.Claim(id, tx.Now().Add(time.Minute)) })
}

func (e *env) sent(id bot.QueueID, ref bot.MessageRef) {
	e.Helper()
	e.update(func(tx bot.Tx) error { return tx.Sent(id, ref) })
}

// drain sends everything that is due, in order, and returns it.
func (e *env) drain() []bot.Delivery {
	e.Helper()
	var all []bot.Delivery
	for {
		ids := e.deliveries()
		if len(ids) == 0 {
			return all
		}
		for _, id := range ids {
			d := e.claim(id)
			e.n++
			e.sent(id, bot.MessageRef{Chat: d.To, ID: bot.MessageID("m" + strconv.Itoa(e.n))})
			all = append(all, d)
		}
	}
}

// said lists the texts of deliveries.
func said(all []bot.Delivery) []string {
	texts := []string{}
	for _, d := range all {
		texts = append(texts, d.Message.Text)
	}
	return texts
}

func (e *env) queues() bot.Queues {
	e.Helper()
	return view(e, func(tx bot.Tx) (bot.Queues, error) { return tx.Queues() })
}
