package bolt

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"awassiber/bot"
	"awassiber/store/seal"
)

// buildCases fills a store with n cases of one tip each, in large transactions. About one in a
// hundred is still new.
func buildCases(s *Store, n int) error {
	const share = 10_000
	for done := 0; done < n; done += share {
		err := s.Update(context.Background(), func(tx bot.Tx) error {
			for i := done; i < min(done+share, n); i++ {
				if err := oldCase(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func oldCase(tx bot.Tx, i int) error {
	at := tx.Now()
	person := tx.Pseudonym(bot.Address{Network: bot.Sim, Chat: "warga" + strconv.Itoa(i/3)})
	t, err := tx.NewTip(bot.Tip{Reporter: person, Network: bot.Sim, Started: at, Last: at, Case: bot.CaseID(i + 1), Items: 1,
		Ticket: bot.Ticket{Prefix: "JBI", Year: at.Year(), Seq: bot.TipID(i + 1)}.String()})
	if err != nil {
		return err
	}
	if err := tx.AddItem(t.ID, 0, bot.Item{Message: "1", At: at, Text: benchText}); err != nil {
		return err
	}
	c := bot.Case{ID: t.Case, Ticket: t.Ticket, Status: bot.New, Opened: at, Changed: at, Senders: 1, Excerpt: benchText[:200]}
	if i%100 != 0 {
		c.Status, c.Finished = bot.Resolved, at
		c.Verdict = &bot.Verdict{Rating: bot.Salah, Explanation: benchText[:100], At: at, Version: 1}
	}
	if err := tx.PutCase(c); err != nil {
		return err
	}
	_, err = tx.Append(bot.Event{Case: c.ID, Action: bot.ActOpened})
	return err
}

// million opens the store of a million cases in AWAS_BENCH_DIR, building it the first time; it
// takes a minute or two and 2.3 GB, so that without the variable its benchmarks are skipped.
func million(b *testing.B) (open func() *Store) {
	dir := os.Getenv("AWAS_BENCH_DIR")
	if dir == "" {
		b.Skip("AWAS_BENCH_DIR names no directory for a store of a million cases")
	}
	path := filepath.Join(dir, "million.db")
	exists, err := Exists(path)
	if err != nil {
		b.Fatal(err)
	}
	keys, _, err := seal.LoadOrCreate(filepath.Join(dir, "million.key"), !exists)
	if err != nil {
		b.Fatal(err)
	}
	open = func() *Store {
		s, err := Open(path, Options{Keys: keys})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	if !exists {
		s := open()
		if err := buildCases(s, 1_000_000); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return open
}

// BenchmarkMillionOpen is the start of a program with a million cases, until the first answer.
func BenchmarkMillionOpen(b *testing.B) {
	open := million(b)
	for b.Loop() {
		s := open()
		err := s.View(b.Context(), func(tx bot.Tx) error {
			_, err := tx.CaseCounts()
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillionChanged reads what a digest needs: the last thousand events and their cases.
func BenchmarkMillionChanged(b *testing.B) {
	s := million(b)()
	defer s.Close()
	for b.Loop() {
		err := s.View(b.Context(), func(tx bot.Tx) error {
			last, err := tx.LastEvent()
			if err != nil {
				return err
			}
			for e, err := range tx.EventsAfter(last - 1000) {
				if err != nil {
					return err
				}
				if _, err := tx.Case(e.Case); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/digest")
}
