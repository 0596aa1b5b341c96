package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/digest"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

// million is a world on the store of a million cases that the benchmarks of store/bolt make. What is done in
// it is undone: see script.
func million(b *testing.B) *world {
	dir := os.Getenv("AWAS_BENCH_DIR")
	if dir == "" {
		b.Skip("AWAS_BENCH_DIR names no directory with the store of a million cases: see store/bolt")
	}
	keys, _, err := seal.LoadOrCreate(filepath.Join(dir, "million.key"), false)
	check(b, err)
	w := newWorld(b, func(c *Config) {
		c.Summary = func(tx bot.Tx) (string, error) {
			last, err := tx.LastEvent()
			if err != nil {
				return "", err
			}
			r, err := digest.Gather(tx, bot.Cursor{Event: last - 1000, Slot: tx.Now().Add(-24 * time.Hour)}, time.Time{})
			return digest.Compose(c.Text, c.Places.Name, c.Zone, r), err
		}
	})
	w.keys, w.now = keys, time.Now()
	store, err := bolt.Open(filepath.Join(dir, "million.db"), bolt.Options{Keys: keys, Now: func() time.Time { return w.now }})
	check(b, err)
	small := w.store
	b.Cleanup(func() { check(b, store.Close()); w.store = small })
	w.store = store
	return w
}

// errUndo undoes what a script did.
var errUndo = errors.New("undo")

// listening is a transaction that remembers the last thing said to the coordinators' group.
type listening struct {
	bot.Tx
	said string
}

// Enqueue implements bot.OutboxTx.
func (l *listening) Enqueue(m bot.Message) error {
	if m.To == desk() && m.Edit == "" {
		l.said = m.Text
	}
	return l.Tx.Enqueue(m)
}

// line of a script: who types what, or presses it, and under which name its time is told.
type doing struct{ name, who, do string }

// script carries out lines in one transaction, tells how long each took in it, and undoes them.
func (w *world) script(b *testing.B, lines []doing, took laps) {
	err := w.store.Update(context.Background(), func(tx bot.Tx) error {
		for _, p := range []string{"petugas1", "petugas2"} {
			err := tx.PutCoordinator(bot.Coordinator{ID: w.person(p), Name: p, Role: bot.Officer, Added: tx.Now()})
			if err != nil {
				return err
			}
		}
		hello := bot.Update{Network: bot.Sim, ID: "hello", Kind: bot.KindMessage, Chat: chat(keeper), Private: true, From: bot.Person{Address: chat(keeper)}, Message: &bot.Incoming{ID: "1"}}
		if _, err := tx.Deliver(hello); err != nil { // so that the custodian can be answered
			return err
		}
		for i, l := range lines {
			u := bot.Update{Network: bot.Sim, ID: bot.UpdateID(fmt.Sprint("b/", i)), Kind: bot.KindMessage, Chat: desk(), At: w.now,
				From: bot.Person{ID: w.person(l.who), Name: l.who}, Message: &bot.Incoming{ID: bot.MessageID(fmt.Sprint(i)), Text: l.do}}
			if data, pressed := strings.CutPrefix(l.do, "press "); pressed {
				u.Kind, u.Message, u.Press = bot.KindPress, nil, &bot.Press{ID: fmt.Sprint(i), Data: data}
			}
			heard := &listening{Tx: tx}
			if err := took.of(l.name, func() error { return w.router.Handle(heard, u) }); err != nil {
				return fmt.Errorf("%s: %w", l.do, err)
			}
			if err := w.afterwards(heard, took); err != nil {
				return err
			}
			if heard.said == "" && l.name != "cari (tiada)" || strings.Contains(heard.said, "Maaf") || strings.Contains(heard.said, "⚠") {
				return fmt.Errorf("%s was answered %q", l.do, heard.said)
			}
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		b.Fatal(err)
	}
}

// afterwards handles what a command left to timers, each in operation a transaction of its own.
func (w *world) afterwards(tx bot.Tx, took laps) error {
	const most = 5 // slices of a kind, of those that ten thousand senders need
	slices := map[string]int{}
	for {
		ids, err := tx.Arrivals(1)
		if err != nil || len(ids) == 0 {
			return err
		}
		a, err := tx.Arrival(ids[0])
		if err != nil {
			return err
		}
		if a.Update.Kind == bot.KindTimer {
			kind, _, _ := strings.Cut(a.Update.Timer.Name, "/")
			if slices[kind]++; slices[kind] <= most {
				if err := took.of("waktu "+kind, func() error { return w.router.Handle(tx, a.Update) }); err != nil {
					return err
				}
			}
		}
		if err := tx.Finish(ids[0]); err != nil {
			return err
		}
	}
}

// everyCommand is each command once, on cases that stand as it needs them: n new, m another, b the one that
// ten thousand people sent.
func everyCommand(n, m, large int) []doing {
	type line = doing
	lines := []line{
		{"kasus", officer, "/kasus"}, {"kasus wilayah", officer, "/kasus tebo"}, {"kasus selesai wilayah", officer, "/kasus selesai kerinci"},
		{"lihat", officer, "/lihat {n}"}, {"ambil", officer, "/ambil {n}"}, {"catat", officer, "/catat {n} sudah ditelepon"},
		{"lepas", officer, "/lepas {n}"}, {"tugaskan", admin, "/tugaskan {n} petugas1"}, {"jenis", officer, "/jenis {n} PU HX"},
		{"jenis (tombol)", officer, "/jenis {n}"}, {"jenis (tekan)", officer, "press k:{n}:cat-NA"}, {"wilayah", officer, "/wilayah {n} tebo"}, {"pihak", officer, "/pihak {n} 01 02"},
		{"tanya", officer, "/tanya {n} di TPS berapa?"}, {"putus", officer, "/putus {n} SALAH keterangan https://cekfakta.example.id/2026/11/01/a"},
		{"tolak", "petugas2", "/tolak {n} kurang jelas"}, {"putus", officer, "/putus {n} SALAH keterangan"}, {"setuju", "petugas2", "/setuju {n}"},
		{"ralat", officer, "/ralat {n} BENAR keterangan lain"}, {"darurat", admin, "/darurat {n} mendesak"},
		{"rujuk", officer, "/rujuk {n}"}, {"rujuk", officer, "/rujuk {n} BAWASLU_PROV"}, {"kembali", officer, "/kembali {n} kurang saksi"},
		{"rujuk", officer, "/rujuk {n} BAWASLU_PROV"}, {"diterima", officer, "/diterima {n} 003/LP/PB/Kab/06.08/XII/2024"},
		{"gabung", officer, "/gabung {n} {m}"}, {"pisah", officer, "/pisah {n} {m}"}, {"tutup", officer, "/tutup {m} bukan wewenang"}, {"buka", officer, "/buka {m}"},
		{"cari", officer, "/cari gudang dicoblos"}, {"cari (tiada)", officer, "/cari tidakadakatanya"}, {"riwayat", officer, "/riwayat {n}"},
		{"tenggat", officer, "/tenggat"}, {"tenggat wilayah", officer, "/tenggat kota jambi"}, {"fase", officer, "/fase"}, {"cermin", officer, "/cermin"},
		{"identitas", keeper, "/identitas {n} diminta untuk berita acara"}, {"organisasi", officer, "/organisasi"},
		{"anggota", admin, "/anggota"}, {"ringkasan", officer, "/ringkasan"}, {"antrean", officer, "/antrean"}, {"petugas", admin, "/petugas"},
		{"insiden", admin, "/insiden"}, {"tahan", admin, "/tahan"}, {"lanjut", admin, "/lanjut"}, {"bantuan", officer, "/bantuan"}, {"alamat", officer, "/alamat"},
	}
	for _, l := range []line{
		{"lihat", officer, "/lihat {b}"}, {"ambil", officer, "/ambil {b}"}, {"catat", officer, "/catat {b} sudah ditelepon"}, {"riwayat", officer, "/riwayat {b}"},
		{"jenis", officer, "/jenis {b} PU"}, {"tanya", officer, "/tanya {b} di TPS berapa?"}, {"rujuk", officer, "/rujuk {b} BAWASLU_PROV"},
		{"putus", officer, "/putus {b} SALAH keterangan"}, {"setuju", "petugas2", "/setuju {b}"}, {"lihat", officer, "/lihat {b}"}, {"ralat", officer, "/ralat {b} BENAR lain"}, {"setuju", "petugas2", "/setuju {b}"},
		{"gabung", officer, "/gabung {b} {n}"}, {"pisah", officer, "/pisah {b} {n}"}, {"gabung ke", officer, "/gabung {n} {b}"},
	} {
		l.name += ", besar"
		lines = append(lines, l)
	}
	at := strings.NewReplacer("{n}", fmt.Sprint(n), "{m}", fmt.Sprint(m), "{b}", fmt.Sprint(large))
	for i := range lines {
		lines[i].do = at.Replace(lines[i].do)
	}
	return lines
}

// BenchmarkMillionCommands is how long each command takes in its transaction among a million cases.
//
//	AWAS_BENCH_DIR=DIR go test -run '^$' -bench MillionCommands -benchtime 100x ./handlers
func BenchmarkMillionCommands(b *testing.B) {
	w := million(b)
	took := laps{}
	const large = 1_000_001
	w.script(b, everyCommand(899_901, 899_801, large), laps{}) // what is read for the first time comes from the disk
	for i := 0; b.Loop(); i++ {
		n := 1 + i*97%9_000*100 // every hundredth is new
		w.view(func(tx bot.Tx) error {
			return took.of(yardstick, func() error {
				k := 0
				for range tx.Recent(bot.CaseID(n + 100)) {
					if k++; k == 100 {
						break
					}
				}
				return nil
			})
		})
		w.script(b, everyCommand(n, n+100, large), took)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took.slowest(), "slowest-p99-ms")
	b.ReportMetric(took.at(yardstick, 0.99), "yardstick-p99-ms")
	for _, name := range CommandNames() {
		if len(took[name]) == 0 {
			b.Errorf("/%s was not measured", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(took)) {
		fmt.Printf("%-22s p50 %7.2f ms   p99 %7.2f ms   of %d\n", name, took.at(name, 0.5), took.at(name, 0.99), len(took[name]))
	}
}

// yardstick is the name of what is done besides, to be compared with: a hundred cases opened.
const yardstick = "(100 cases opened)"

// laps are times by the name of what was done.
type laps map[string][]time.Duration

// of measures one thing that is done.
func (l laps) of(name string, do func() error) error {
	start := time.Now()
	err := do()
	l[name] = append(l[name], time.Since(start))
	return err
}

// at is the time below which a share of the laps lies, in milliseconds.
func (l laps) at(name string, share float64) float64 {
	d := l[name]
	slices.Sort(d)
	return millis(d[min(int(share*float64(len(d))), len(d)-1)])
}

// slowest is the highest p99 of all.
func (l laps) slowest() (most float64) {
	for name := range l {
		most = max(most, l.at(name, 0.99))
	}
	return most
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkPublish is the transaction in which a verdict on a case that ten thousand people sent is published,
// beside that of a case of one sender; both as they are in operation, durable.
//
//	go test -run '^$' -bench Publish -benchtime 100x ./handlers
func BenchmarkPublish(b *testing.B) {
	const people = 10_000
	w := newWorld(b)
	for c, n := range []int{1, people} {
		w.update(func(tx bot.Tx) error { return sentBy(tx, bot.CaseID(1+c), n) })
	}
	took := map[string][]time.Duration{}
	step := func(name, who, text string) {
		w.seq++
		u := bot.Update{Network: bot.Sim, ID: bot.UpdateID(fmt.Sprint("b/", w.seq)), Kind: bot.KindMessage, Chat: desk(), At: w.now,
			From: bot.Person{ID: w.person(who), Name: who}, Message: &bot.Incoming{ID: bot.MessageID(fmt.Sprint(w.seq)), Text: text}}
		start := time.Now()
		w.update(func(tx bot.Tx) error { return w.router.Handle(tx, u) })
		took[name] = append(took[name], time.Since(start))
	}
	for i := 0; b.Loop(); i++ {
		for name, id := range map[string]int{"one": 1, "many": 2} {
			step("propose", "petugas1", fmt.Sprintf("/ralat %d SALAH keterangan %d", id, i))
			if i == 0 {
				step("propose", "petugas1", fmt.Sprintf("/putus %d SALAH keterangan", id))
			}
			step(name, "petugas2", fmt.Sprintf("/setuju %d", id))
			w.update(func(tx bot.Tx) error { return tx.StopTimer(spreadName(bot.CaseID(id))) }) // the rest is not what is measured
			w.heard()
		}
	}
	b.ReportMetric(0, "ns/op")
	for _, d := range took {
		slices.Sort(d)
	}
	one, many := took["one"], took["many"]
	b.ReportMetric(millis(one[len(one)/2]), "one-p50-ms")
	b.ReportMetric(millis(many[len(many)/2]), "many-p50-ms")
	b.ReportMetric(millis(one[len(one)*99/100]), "one-p99-ms")
	b.ReportMetric(millis(many[len(many)*99/100]), "many-p99-ms")
	b.ReportMetric(many[len(many)/2].Seconds()/one[len(one)/2].Seconds(), "p50-ratio")
}

// sentBy makes a case of so many people's tips. Tips and people are numbered from the case on.
func sentBy(tx bot.Tx, id bot.CaseID, n int) error {
	for i := range n {
		who := fmt.Sprintf("warga%dof%d", i, id)
		u := bot.Update{Network: bot.Sim, ID: bot.UpdateID(who), Kind: bot.KindMessage, Chat: chat(who), Private: true,
			From: bot.Person{Address: chat(who)}, Message: &bot.Incoming{ID: "1"}}
		if _, err := tx.Deliver(u); err != nil {
			return err
		}
		ids, err := tx.Arrivals(1)
		if err != nil {
			return err
		}
		if err := tx.Finish(ids[0]); err != nil {
			return err
		}
		t, err := tx.NewTip(bot.Tip{Reporter: tx.Pseudonym(chat(who)), Network: bot.Sim, Case: id, Items: 1, Started: tx.Now()})
		if err != nil {
			return err
		}
		t.Ticket = bot.Ticket{Prefix: "JBI", Year: 2026, Seq: t.ID}.String()
		if err := errors.Join(tx.PutTip(t), tx.AddItem(t.ID, 0, bot.Item{Message: "1", Text: "kabar"})); err != nil {
			return err
		}
	}
	c := bot.NewCase(id, bot.Ticket{Prefix: "JBI", Year: 2026, Seq: bot.TipID(id)}.String(), tx.Now())
	c.Senders, c.Excerpt = n, "kabar"
	return tx.PutCase(c)
}
