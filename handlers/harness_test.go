package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/gazetteer"
	"awassiber/locales"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

// world is the real router on a real store, with a clock of its own and no network: what the bot
// says is taken from the outbox.
type world struct {
	t      testing.TB
	now    time.Time
	keys   *seal.Keyring
	path   string
	store  *bolt.Store
	router *Router
	seq    int
	jobs   []bot.Job // work on files the handlers asked for
	// recognise, if set, stands in for the index: what it returns comes with a timer, as inbox.Options.Prepare.
	recognise func(bot.Tip) *bot.Recognition
}

// line is one thing the bot said, with bold as asterisks.
type line struct {
	to      string // chat
	text    string
	buttons []bot.Button
	note    bool // the answer to a press
	m       bot.Message
}

func desk() bot.Address                       { return bot.Address{Network: bot.Sim, Chat: "koordinator"} }
func chat(name string) bot.Address            { return bot.Address{Network: bot.Sim, Chat: name} }
func (w *world) person(n string) bot.PersonID { return w.keys.Pseudonym(chat(n)) }

// newWorld starts with an empty store; petugas1 and petugas2 are coordinators, mantan was one.
func newWorld(t testing.TB, change ...func(*Config)) *world {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	check(t, err)
	w := &world{t: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), path: filepath.Join(t.TempDir(), "awas.db")}
	w.keys, err = seal.New(id)
	check(t, err)
	w.store, err = bolt.Open(w.path, bolt.Options{Keys: w.keys, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	t.Cleanup(w.close)
	text, err := locales.New(locales.Default)
	check(t, err)
	places, err := gazetteer.Jambi()
	check(t, err)
	zone, err := calendar.LoadZone("Asia/Jakarta")
	check(t, err)
	c := Config{
		Text: text, Places: places, Zone: zone, Group: desk(), Admins: []bot.Address{chat("admin")},
		Quiet: 15 * time.Second, Idle: 30 * time.Minute, Prefix: "JBI", Operator: "Pengelola Uji", Province: "Provinsi Jambi",
		Custodians: []bot.Address{chat("penjaga")}, Routing: testRouting(t), Elections: testElections(),
		Promises: bot.Promises{
			FirstAnswer: bot.Promise{Within: 12 * time.Hour, Warn: 2 * time.Hour},
			Lease:       bot.Promise{Within: 2 * time.Hour, Warn: 15 * time.Minute},
			Inquiry:     bot.Promise{Within: 24 * time.Hour},
			Privacy:     bot.Promise{Within: 72 * time.Hour, Warn: 24 * time.Hour},
		},
		FileCap: 20 << 20, Self: func(bot.Network) string { return "awas_siber_bot" },
		Summary: func(bot.Tx) (string, error) { return "ringkasan uji", nil }, Random: zeros{},
	}
	for _, f := range change {
		f(&c)
	}
	w.router = New(c)
	w.update(func(tx bot.Tx) error {
		for _, p := range []string{"petugas1", "petugas2"} {
			if err := tx.PutCoordinator(bot.Coordinator{ID: w.person(p), Name: p, Role: bot.Officer, Added: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	w.group("admin", "/petugas tambah mantan")
	w.group("admin", "/petugas hapus mantan")
	w.heard()
	return w
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// close verifies the file: whatever a test did, indexes, counters and the audit chain must agree.
func (w *world) close() {
	report, err := w.store.Verify(context.Background(), nil)
	if err != nil || !report.OK() {
		w.t.Errorf("the store does not verify: %v %+v", err, report)
	}
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

func (w *world) update(fn func(bot.Tx) error) {
	w.t.Helper()
	check(w.t, w.store.Update(context.Background(), fn))
}

func (w *world) view(fn func(bot.Tx) error) {
	w.t.Helper()
	check(w.t, w.store.View(context.Background(), fn))
}

// happen delivers an update and handles everything that is due.
func (w *world) happen(u bot.Update) {
	w.t.Helper()
	w.seq++
	u.Network, u.ID = bot.Sim, bot.UpdateID(fmt.Sprint("u/", w.seq))
	if u.At.IsZero() {
		u.At = w.now
	}
	w.update(func(tx bot.Tx) error {
		fresh, err := tx.Deliver(u)
		if err == nil && !fresh {
			return fmt.Errorf("update %s was taken for a repetition", u.ID)
		}
		return err
	})
	w.settle()
}

// settle handles what is due, as the inbox would. An error of a handler fails the test: a citizen's
// words must never end in quarantine.
func (w *world) settle() {
	w.t.Helper()
	for range 1000 {
		worked := false
		w.update(func(tx bot.Tx) error {
			ids, err := tx.Arrivals(1)
			if err != nil || len(ids) == 0 {
				return err
			}
			worked = true
			a, err := tx.Arrival(ids[0])
			if err != nil {
				return err
			}
			if t, err := tx.Tip(timerTip(a.Update)); err == nil && w.recognise != nil {
				a.Update.Recognised = w.recognise(t)
			}
			if err := w.router.Handle(tx, a.Update); err != nil {
				return fmt.Errorf("handling a %s: %w", a.Update.Kind, err)
			}
			return tx.Finish(ids[0])
		})
		if !worked {
			return
		}
	}
	w.t.Fatal("the inbox never comes to rest")
}

// timerTip is the tip of a timer; 0 for any other update.
func timerTip(u bot.Update) bot.TipID {
	if u.Kind != bot.KindTimer {
		return 0
	}
	return u.Timer.Tip
}

// heard takes what waits in the outbox, as if it had been sent.
func (w *world) heard() []line {
	w.t.Helper()
	var out []line
	for {
		var d bot.Delivery
		w.update(func(tx bot.Tx) error {
			d = bot.Delivery{}
			ids, err := tx.Deliveries(1, bot.Address{})
			if err != nil || len(ids) == 0 {
				return err
			}
			if d, err = tx.Claim(ids[0], tx.Now().Add(time.Minute)); err != nil {
				return err
			}
			ref := bot.MessageRef{Chat: d.To, ID: bot.MessageID(d.Unique)}
			if d.Ref.ID != "" {
				ref = d.Ref
			}
			return tx.Sent(d.ID, ref)
		})
		switch {
		case d.Job != nil:
			w.jobs = append(w.jobs, *d.Job)
		case d.Message != nil:
			out = append(out, line{to: d.To.Chat, text: bot.Asterisks(d.Message.Text), buttons: slices.Concat(d.Message.Buttons...),
				note: d.Message.Answer != "", m: *d.Message})
		default:
			return out
		}
	}
}

// to are the texts said to one chat, without the empty answers to presses.
func to(all []line, name string) []string {
	var out []string
	for _, l := range all {
		if l.to == name && !(l.note && l.text == "") {
			out = append(out, l.text)
		}
	}
	return out
}

func (w *world) wait(d time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(d)
	w.settle()
}

// private is a message in a person's own chat; more changes it before it is sent.
func (w *world) private(who, text string, more ...func(*bot.Incoming)) bot.MessageID {
	w.t.Helper()
	m := &bot.Incoming{ID: bot.MessageID(fmt.Sprint("p", w.seq)), Text: text}
	for _, f := range more {
		f(m)
	}
	w.happen(bot.Update{Kind: bot.KindMessage, Chat: chat(who), Private: true, From: bot.Person{Address: chat(who), Name: who}, Message: m})
	return m.ID
}

func (w *world) edit(who string, id bot.MessageID, text string) {
	w.t.Helper()
	w.happen(bot.Update{Kind: bot.KindEdit, Chat: chat(who), Private: true, From: bot.Person{Address: chat(who), Name: who},
		Message: &bot.Incoming{ID: id, Text: text}})
}

func (w *world) press(who, data string) {
	w.t.Helper()
	w.happen(bot.Update{Kind: bot.KindPress, Chat: chat(who), Private: true, From: bot.Person{Address: chat(who), Name: who},
		Press: &bot.Press{ID: fmt.Sprint("press", w.seq), Data: data}})
}

// group is a message in the coordinators' group.
func (w *world) group(who, text string, more ...func(*bot.Incoming)) {
	w.t.Helper()
	m := &bot.Incoming{ID: bot.MessageID(fmt.Sprint("g", w.seq)), Text: text}
	for _, f := range more {
		f(m)
	}
	w.happen(bot.Update{Kind: bot.KindMessage, Chat: desk(), From: bot.Person{Address: chat(who), Name: who}, Message: m})
}

func (w *world) pressCard(who, data string) {
	w.t.Helper()
	w.happen(bot.Update{Kind: bot.KindPress, Chat: desk(), From: bot.Person{Address: chat(who), Name: who},
		Press: &bot.Press{ID: fmt.Sprint("press", w.seq), Data: data}})
}

// tip is a tip of one message, its case opened; what was said of it is discarded.
func (w *world) tip(who, text string) {
	w.t.Helper()
	w.private(who, text)
	w.wait(15 * time.Second)
	w.heard()
}

// tips are a person's tips with their items, oldest first.
func (w *world) tips(who string) (tips []bot.Tip, items [][]bot.Item) {
	w.t.Helper()
	w.view(func(tx bot.Tx) error {
		tips, items = nil, nil
		for t, err := range tx.TipsBy(w.person(who)) {
			if err != nil {
				return err
			}
			all, err := tx.Items(t.ID)
			if err != nil {
				return err
			}
			tips, items = append(tips, t), append(items, all)
		}
		return nil
	})
	slices.Reverse(tips)
	slices.Reverse(items)
	return tips, items
}

func (w *world) caseOf(id bot.CaseID) (c bot.Case) {
	w.t.Helper()
	w.view(func(tx bot.Tx) (err error) { c, err = tx.Case(id); return err })
	return c
}

// state is everything a refused action must leave alone, as text.
func state(tx bot.Tx) (string, error) {
	var all []any
	for _, s := range bot.Statuses() {
		for c, err := range tx.Cases(s, false) {
			if err != nil {
				return "", err
			}
			all = append(all, c)
			for t, err := range tx.TipsOf(c.ID) {
				if err != nil {
					return "", err
				}
				items, err := tx.Items(t.ID)
				if err != nil {
					return "", err
				}
				all = append(all, t, items)
			}
		}
	}
	for e, err := range tx.EventsAfter(0) {
		if err != nil {
			return "", err
		}
		all = append(all, e)
	}
	staff, err := tx.Coordinators()
	if err != nil {
		return "", err
	}
	held, err := tx.Held()
	if err != nil {
		return "", err
	}
	raw, err := json.MarshalIndent(append(all, staff, held), "", " ")
	return string(raw), err
}

func (w *world) state() (s string) {
	w.t.Helper()
	w.view(func(tx bot.Tx) (err error) { s, err = state(tx); return err })
	return s
}

// wants fails unless the texts begin like the wanted ones, in order and no more.
func wants(t testing.TB, got []string, want ...string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.Contains(got[i], want[i])
	}
	if !ok {
		t.Errorf("said %d things:\n%s\nwant, in this order:\n%s", len(got), strings.Join(got, "\n--\n"), strings.Join(want, "\n--\n"))
	}
}
