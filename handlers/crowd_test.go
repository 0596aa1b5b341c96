package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/store/bolt"
)

// crowdSize is how many people send one case in these tests.
const crowdSize = 10_000

// crowd adds tips by so many people to a case, all of whom can be reached.
func (w *world) crowd(id bot.CaseID, people int) {
	w.t.Helper()
	const step = 1000
	for from := 0; from < people; from += step {
		w.update(func(tx bot.Tx) error {
			for i := from; i < min(from+step, people); i++ {
				if err := w.join(tx, id, fmt.Sprint("massa", i)); err != nil {
					return err
				}
			}
			arrivals, err := tx.Arrivals(step)
			for _, a := range arrivals { // only to be known
				err = errors.Join(err, tx.Finish(a))
			}
			k, err2 := tx.Case(id)
			k.Senders += min(step, people-from)
			return errors.Join(err, err2, tx.PutCase(k))
		})
	}
}

// join has somebody the bot does not know yet send a tip to a case.
func (w *world) join(tx bot.Tx, id bot.CaseID, who string) error {
	hello := bot.Update{Network: bot.Sim, ID: bot.UpdateID(who), Kind: bot.KindUnknown, Private: true, Chat: chat(who), From: bot.Person{Address: chat(who)}}
	if _, err := tx.Deliver(hello); err != nil {
		return err
	}
	t, err := tx.NewTip(bot.Tip{Case: id, Network: bot.Sim, Reporter: w.person(who), Items: 1, Shown: 1, Started: tx.Now(), Last: tx.Now()})
	if err != nil {
		return err
	}
	t.Ticket = w.router.ticket(t)
	return errors.Join(tx.PutTip(t), tx.AddItem(t.ID, 0, bot.Item{Message: "m", Text: "kabar yang sama"}))
}

// writes counts what a transaction writes.
type writes struct {
	bot.Tx
	n int
}

func (w *writes) PutTip(t bot.Tip) error      { w.n++; return w.Tx.PutTip(t) }
func (w *writes) PutCase(c bot.Case) error    { w.n++; return w.Tx.PutCase(c) }
func (w *writes) Enqueue(m bot.Message) error { w.n++; return w.Tx.Enqueue(m) }
func (w *writes) SetTimer(t bot.Timer) error  { w.n++; return w.Tx.SetTimer(t) }

// Append implements bot.CaseTx.
func (w *writes) Append(e bot.Event) (bot.Event, error) { w.n++; return w.Tx.Append(e) }

// errCrash is what a transaction fails with that never came to its end.
var errCrash = errors.New("crash")

// work handles what is due, transaction by transaction, in a program that dies all the time: before every
// third transaction is on disk, and with the store opened anew every so often. It returns how many
// transactions there were and how much the largest wrote.
func (w *world) work() (transactions, most int) {
	w.t.Helper()
	for tries := 1; tries < 10_000; tries++ {
		done, n := false, 0
		err := w.store.Update(context.Background(), func(tx bot.Tx) error {
			counted := &writes{Tx: tx}
			ids, err := tx.Arrivals(1)
			if err != nil || len(ids) == 0 {
				done = true
				return err
			}
			a, err := tx.Arrival(ids[0])
			if err != nil {
				return err
			}
			err = errors.Join(w.router.Handle(counted, a.Update), tx.Finish(ids[0]))
			if n = counted.n; err == nil && tries%3 == 0 {
				err = errCrash
			}
			return err
		})
		if err != nil && !errors.Is(err, errCrash) {
			w.t.Fatal(err)
		}
		if done {
			return transactions, most
		}
		if tries%40 == 0 {
			w.reopen()
		}
		transactions, most = transactions+1, max(most, n)
	}
	w.t.Fatal("the inbox never comes to rest")
	return 0, 0
}

// reopen is what a restart does to the store.
func (w *world) reopen() {
	w.t.Helper()
	check(w.t, w.store.Close())
	var err error
	w.store, err = bolt.Open(w.path, bolt.Options{Keys: w.keys, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)})
	check(w.t, err)
}

// say delivers what somebody types in the group, and leaves it to be handled.
func (w *world) say(who, text string) {
	w.t.Helper()
	w.seq++
	id := fmt.Sprint("c/", w.seq)
	u := bot.Update{Network: bot.Sim, ID: bot.UpdateID(id), Kind: bot.KindMessage, Chat: desk(), At: w.now,
		From: bot.Person{Address: chat(who), Name: who}, Message: &bot.Incoming{ID: bot.MessageID(id), Text: text}}
	w.update(func(tx bot.Tx) error { _, err := tx.Deliver(u); return err })
}

// toldHow counts what waits for each person, many in a transaction.
func (w *world) toldHow() map[string]int {
	w.t.Helper()
	told := map[string]int{}
	for more := true; more; {
		w.update(func(tx bot.Tx) error {
			ids, err := tx.Deliveries(1000, bot.Address{})
			more = len(ids) > 0
			for _, id := range ids {
				d, err := tx.Claim(id, tx.Now())
				if err != nil {
					return err
				}
				if d.Message != nil {
					told[d.To.Chat]++
				}
				if err := tx.Sent(id, bot.MessageRef{Chat: d.To, ID: bot.MessageID(d.Unique)}); err != nil {
					return err
				}
			}
			return err
		})
	}
	delete(told, desk().Chat)
	return told
}

func (w *world) everybodyOnce(t *testing.T, people int) {
	t.Helper()
	told, twice := w.toldHow(), 0
	for _, n := range told {
		if n != 1 {
			twice++
		}
	}
	if len(told) != people || twice > 0 {
		t.Errorf("%d of %d were told, %d of them more than once", len(told), people, twice)
	}
}

// small is how many rows a transaction may write that is about a crowd: a slice of people with their
// messages, and the case's own.
const small = 2*slice + 30

// Publishing on a case of ten thousand senders is one short transaction; the others follow in slices, and
// whatever dies in between, everybody is told exactly once: of the verdict, and of a body.
func TestCrowdIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tip("warga1", "kabar yang sama")
	w.crowd(1, crowdSize)
	w.group(officer, "/putus 1 SALAH tidak benar")
	w.toldHow()
	for _, do := range []string{"/setuju 1", "/rujuk 1 BAWASLU_PROV"} {
		w.say("petugas2", do)
		first := 0
		check(t, ignoreCrash(w.store.Update(context.Background(), func(tx bot.Tx) error {
			ids, err := tx.Arrivals(1)
			if err != nil || len(ids) != 1 {
				return errors.Join(err, fmt.Errorf("%d arrivals", len(ids)))
			}
			a, err := tx.Arrival(ids[0])
			if err != nil {
				return err
			}
			counted := &writes{Tx: tx}
			err = w.router.Handle(counted, a.Update)
			first = counted.n
			return errors.Join(err, errCrash) // only measured
		})))
		if first > 2*firstSlice+20 {
			t.Errorf("%s writes %d rows at once", do, first)
		}
		transactions, most := w.work()
		if transactions < crowdSize/slice || most > small {
			t.Errorf("%s: %d transactions, the largest of %d rows", do, transactions, most)
		}
		w.everybodyOnce(t, crowdSize+1)
	}
}

func ignoreCrash(err error) error {
	if errors.Is(err, errCrash) {
		return nil
	}
	return err
}

// A case of ten thousand senders is merged into a published one in slices: nobody is lost on the way, and
// everybody is told what they have not heard, once.
func TestCrowdIsMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tip("warga1", "kabar pertama")
	w.tip("warga2", "kabar yang sama")
	w.crowd(2, crowdSize)
	w.group(officer, "/putus 1 SALAH tidak benar")
	w.group("petugas2", "/setuju 1")
	w.toldHow()
	w.say(officer, "/gabung 1 2")
	if _, most := w.work(); most > 2*small {
		t.Errorf("a transaction writes %d rows", most)
	}
	w.everybodyOnce(t, crowdSize+1)
	k := w.caseOf(1)
	if k.Senders != crowdSize+2 {
		t.Errorf("%d senders", k.Senders)
	}
	w.view(func(tx bot.Tx) error {
		n := 0
		for tip, err := range tx.TipsOf(1) {
			if err != nil {
				return err
			}
			if n++; tip.Told != inForce(k) {
				t.Fatalf("tip %d bears %+v", tip.ID, tip.Told)
			}
		}
		if n != crowdSize+2 {
			t.Errorf("%d tips", n)
		}
		for tip := range tx.TipsOf(2) {
			t.Fatalf("tip %d was left behind", tip.ID)
		}
		return nil
	})
}
