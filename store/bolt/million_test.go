package bolt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/store/seal"
)

// buildCases fills a store with n cases, in large transactions, and with what grows beside them: about one
// in a hundred is new, one in fifty held or handed over, one in ten has several senders, one in twenty a side.
func buildCases(s *Store, n int) error {
	const share = 10_000
	for done := 0; done < n; done += share {
		err := s.Update(context.Background(), func(tx bot.Tx) error {
			for i := done; i < min(done+share, n); i++ {
				if err := oldCase(tx, i, n-i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return errors.Join(buildMembers(s, n/500), buildLarge(s, n/100))
}

// oldCase stores a case with its tip, opened age cases before the newest, a quarter of a minute each.
func oldCase(tx bot.Tx, i, age int) error {
	at := tx.Now().Add(-time.Duration(age) * 15 * time.Second)
	t, err := oldTip(tx, bot.CaseID(i+1), "warga"+strconv.Itoa(i/3), at)
	if err != nil {
		return err
	}
	c := bot.NewCase(t.Case, t.Ticket, at)
	c.Excerpt = benchText[:200]
	if area := i % 13; area < 11 {
		c.Region = benchAreas()[area]
	}
	if i%20 == 5 {
		c.Reported, c.Benefits = "0"+strconv.Itoa(1+i/20%2), "0"+strconv.Itoa(1+i/40%2)
	}
	if i%10 == 0 {
		c.Senders = 2 + i/10%8
	}
	if err := oldStage(tx, &c, i); err != nil {
		return err
	}
	if err := tx.PutCase(c); err != nil {
		return err
	}
	_, err = tx.Append(bot.Event{Case: c.ID, Action: bot.ActOpened})
	return err
}

func oldTip(tx bot.Tx, of bot.CaseID, who string, at time.Time) (bot.Tip, error) {
	person := tx.Pseudonym(bot.Address{Network: bot.Sim, Chat: who})
	if of == 0 || of%100 == 1 || int(of) > 1_000_000 { // who is to be told something must be known
		if err := known(tx, who); err != nil {
			return bot.Tip{}, err
		}
	}
	t, err := tx.NewTip(bot.Tip{Reporter: person, Network: bot.Sim, Started: at, Last: at, Case: of, Items: 1, Shown: 1})
	if err != nil {
		return t, err
	}
	t.Ticket = bot.Ticket{Prefix: "JBI", Year: at.Year(), Seq: t.ID}.String()
	if err := tx.PutTip(t); err != nil {
		return t, err
	}
	return t, tx.AddItem(t.ID, 0, bot.Item{Message: "1", At: at, Text: benchText})
}

// known has somebody write to the bot.
func known(tx bot.Tx, who string) error {
	a := bot.Address{Network: bot.Sim, Chat: who}
	_, err := tx.Deliver(bot.Update{Network: bot.Sim, ID: bot.UpdateID(who), Kind: bot.KindMessage, Chat: a, Private: true,
		From: bot.Person{Address: a}, Message: &bot.Incoming{ID: bot.MessageID(who)}})
	if err != nil {
		return err
	}
	ids, err := tx.Arrivals(1)
	if err != nil || len(ids) == 0 {
		return err
	}
	return tx.Finish(ids[0])
}

// oldStage brings an old case to where it stands.
func oldStage(tx bot.Tx, c *bot.Case, i int) error {
	work := func(t bot.Track, s bot.Stage) []bot.Work { return []bot.Work{{Track: t, Stage: s, Since: c.Opened}} }
	soon := tx.Now().Add(time.Duration(i%7000) * time.Minute)
	switch i % 100 {
	case 0:
		return nil // new, and nobody has sorted it
	case 1:
		c.Works, c.Categories, c.Touched = work(bot.TrackViolation, bot.Waiting), []bot.Category{bot.VoteBuying}, c.Opened
		c.SetClock(bot.Clock{Kind: bot.ClockReport, Tip: bot.TipID(c.ID), Due: soon, Last: soon.Add(72 * time.Hour), Told: c.Opened})
		return nil
	case 2:
		c.Works, c.Categories, c.Status = work(bot.TrackViolation, bot.Referred), []bot.Category{bot.CivilServants}, bot.Taken
		c.Referrals = []bot.Referral{{To: "BAWASLU_PROV", Title: "Bawaslu Provinsi", At: c.Opened, By: "petugas", Name: "petugas1"}}
		c.SetClock(bot.Clock{Kind: bot.ClockAnswer, Due: soon, Last: soon.Add(48 * time.Hour), Told: c.Opened})
		return nil
	case 3:
		c.Works, c.Status = work(bot.TrackHoax, bot.Waiting), bot.Taken
		c.Works[0].Lease = &bot.Lease{Holder: "petugas", Name: "petugas1", Until: tx.Now().Add(time.Hour)}
		return nil
	case 4:
		c.Works, c.Status = work(bot.TrackViolation, bot.Received), bot.Resolved
		c.Referrals = []bot.Referral{{To: "BAWASLU_PROV", Title: "Bawaslu Provinsi", At: c.Opened, Register: "003/LP/PB/Kab/06.08/XII/2024", Answered: c.Opened}}
		c.SetClock(bot.Clock{Kind: bot.ClockHandling, Due: soon, Last: soon.Add(48 * time.Hour), Told: c.Opened})
	default:
		c.Works, c.Status = work(bot.TrackHoax, bot.Published), bot.Resolved
		c.Verdict = &bot.Verdict{Rating: bot.Salah, Explanation: benchText[:100], At: c.Opened, Version: 1}
	}
	c.Finished = c.Opened.Add(time.Duration(i%72) * time.Hour)
	if i%10 != 6 { // a timer for one in ten: all of them would be the size of the rest
		return nil
	}
	return tx.SetTimer(bot.Timer{Name: "content/" + strconv.Itoa(i+1), Due: c.Finished.Add(1095 * 24 * time.Hour), Case: c.ID})
}

// buildMembers stores members of an organisation.
func buildMembers(s *Store, n int) error {
	return s.Update(context.Background(), func(tx bot.Tx) error {
		for i := range n {
			id := tx.Pseudonym(bot.Address{Network: bot.Sim, Chat: "anggota" + strconv.Itoa(i)})
			if err := tx.PutCoordinator(bot.Coordinator{ID: id, Role: bot.Member, Added: tx.Now(), Organisation: "IWO"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// buildLarge makes the newest case one that n people sent, with a long history and many limits.
func buildLarge(s *Store, n int) error {
	return s.Update(context.Background(), func(tx bot.Tx) error {
		first, err := oldTip(tx, 0, "wargabesar0", tx.Now())
		if err != nil {
			return err
		}
		first.Case = bot.CaseID(first.ID)
		c := bot.NewCase(first.Case, first.Ticket, tx.Now())
		c.Excerpt, c.Senders, c.Region = benchText[:200], n, benchAreas()[0]
		if err := tx.PutTip(first); err != nil {
			return err
		}
		for i := 1; i < n; i++ {
			t, err := oldTip(tx, c.ID, "wargabesar"+strconv.Itoa(i), tx.Now())
			if err != nil {
				return err
			}
			if _, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActAbsorbed, Detail: t.Ticket, Actor: "petugas", Name: "petugas1"}); err != nil {
				return err
			}
			if _, err := tx.Append(bot.Event{Case: c.ID, Action: bot.ActAnswered, Detail: "region"}); err != nil {
				return err
			}
			if i < 200 {
				c.SetClock(bot.Clock{Kind: bot.ClockReport, Tip: t.ID, Due: tx.Now().Add(time.Duration(i) * time.Hour), Told: tx.Now()})
			}
		}
		return tx.PutCase(c)
	})
}

func benchAreas() []string {
	return []string{"15.01", "15.02", "15.03", "15.04", "15.05", "15.06", "15.07", "15.08", "15.09", "15.71", "15.72"}
}

// million opens the store of a million cases in AWAS_BENCH_DIR, building it the first time; it
// takes some minutes and 3 GB, so that without the variable its benchmarks are skipped.
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
			_, err := tx.CaseCounts("")
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
