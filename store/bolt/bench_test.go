package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"awassiber/bot"
)

// The benchmarks measure a durable tip as the program really does it, two transactions: Deliver,
// then tip, item, case, event, dialogue, receipt, card, arrival finished. In the same run they
// measure bbolt itself putting and deleting the same keys with values of the same length in the
// same number of transactions, and report the ratio.

var (
	benchText = strings.Repeat("Pesan berantai tentang surat suara yang sudah dicoblos di gudang. ", 6)
	desk      = bot.Address{Network: bot.Sim, Chat: "grup-petugas"}
)

func benchUpdate(n int64) bot.Update {
	id := fmt.Sprint(n)
	chat := bot.Address{Network: bot.Sim, Chat: "warga" + id}
	return bot.Update{
		Network: bot.Sim, ID: bot.UpdateID("u/" + id), Kind: bot.KindMessage, Private: true,
		Chat: chat, From: bot.Person{Address: chat, Name: "warga"}, At: time.Unix(1790000000, 0).UTC(),
		Message: &bot.Incoming{ID: bot.MessageID(id), Text: benchText, Links: []string{"https://contoh.id/a"},
			Forward: &bot.Forward{Kind: bot.ForwardChannel, Title: "Kanal Contoh", Link: "https://t.me/contoh/1"}},
	}
}

// decide is what a handler does with the arrival of one tip.
func decide(tx bot.Tx, id bot.QueueID) error {
	a, err := tx.Arrival(id)
	if err != nil {
		return err
	}
	u, now := a.Update, tx.Now()
	tip, err := tx.NewTip(bot.Tip{Reporter: u.From.ID, Network: u.Network, Started: now, Last: now})
	if err != nil {
		return err
	}
	m := u.Message
	item := bot.Item{Message: m.ID, At: u.At, Text: m.Text, Links: m.Links, Forward: m.Forward}
	if err := tx.AddItem(tip.ID, 0, item); err != nil {
		return err
	}
	tip.Ticket = bot.Ticket{Prefix: "JBI", Year: now.Year(), Seq: tip.ID}.String()
	tip.Case, tip.Items = bot.CaseID(tip.ID), 1
	if err := tx.PutTip(tip); err != nil {
		return err
	}
	c := bot.Case{ID: tip.Case, Ticket: tip.Ticket, Status: bot.New, Opened: now, Changed: now, Senders: 1,
		Excerpt: m.Text[:200], Origin: m.Forward}
	if err := tx.PutCase(c); err != nil {
		return err
	}
	if _, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActOpened}); err != nil {
		return err
	}
	if err := tx.PutDialogue(bot.Dialogue{Person: u.From.ID, Tip: tip.ID, Question: "claim",
		Options: []string{"hoax", "violation", "unsure"}, Asked: now}); err != nil {
		return err
	}
	receipt := bot.Message{Key: bot.Key("receipt/" + tip.Ticket), Person: u.From.ID, Text: benchText[:300], Case: c.ID}
	card := bot.Message{Key: bot.Key("card/" + tip.Ticket), To: desk, Text: benchText[:300], Case: c.ID,
		Buttons: [][]bot.Button{{{Label: "Ambil", Data: "take/1"}, {Label: "Hoaks", Data: "hoax/1"}}}}
	if err := errors.Join(tx.Enqueue(receipt), tx.Enqueue(card)); err != nil {
		return err
	}
	return tx.Finish(id)
}

// deliver is the first transaction of a tip.
func deliver(s *Store, n int64) (bot.QueueID, error) {
	u := benchUpdate(n)
	lane := s.keys.Mark("lane", "person", string(s.keys.Pseudonym(u.From.Address)))
	var id bot.QueueID
	err := s.Update(context.Background(), func(btx bot.Tx) error {
		if _, err := btx.Deliver(u); err != nil {
			return err
		}
		x := btx.(*tx)
		id = x.inbox().id(lane[:], u64(x.bucket(tIn).Sequence()))
		return nil
	})
	return id, err
}

// tip makes one tip durable, in two transactions.
func tip(s *Store, n int64) error {
	id, err := deliver(s, n)
	if err != nil {
		return err
	}
	return s.Update(context.Background(), func(tx bot.Tx) error { return decide(tx, id) })
}

func openBench(b *testing.B) *Store {
	s, err := Open(filepath.Join(b.TempDir(), "awas.db"), Options{Keys: newKeys(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// BenchmarkTip is one client.
func BenchmarkTip(b *testing.B) { benchTips(b, 1) }

// BenchmarkTip256 is 256 clients at the same time.
func BenchmarkTip256(b *testing.B) { benchTips(b, 256) }

// benchRounds: store and baseline take turns, so that a busy machine disturbs both alike.
const benchRounds = 8

func benchTips(b *testing.B, clients int) {
	s, bare := openBench(b), newBare(b, recordTip(b), clients)
	var n atomic.Int64
	var took, base time.Duration
	share := max(b.N/benchRounds, 1)
	b.ResetTimer()
	for range benchRounds {
		took += inParallel(b, clients, share, func(int) error { return tip(s, n.Add(1)) })
		base += bare.run(b, share)
	}
	b.StopTimer()
	done := float64(share * benchRounds)
	b.ReportMetric(0, "ns/op") // meaningless here: it holds both
	b.ReportMetric(done/took.Seconds(), "tips/s")
	b.ReportMetric(done/base.Seconds(), "bare-tips/s")
	b.ReportMetric(base.Seconds()/took.Seconds(), "ratio")
}

// inParallel calls do n times, divided among clients, and returns how long it took.
func inParallel(b *testing.B, clients, n int, do func(i int) error) time.Duration {
	b.Helper()
	var next atomic.Int64
	errs := make(chan error, clients)
	start := time.Now()
	for range clients {
		go func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					errs <- nil
					return
				}
				if err := do(i); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	for range clients {
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
