package digest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"awassiber/bot"
)

var (
	petugas1 = bot.Staff{ID: "p1", Name: "petugas1", Role: bot.Officer}
	petugas2 = bot.Staff{ID: "p2", Name: "petugas2", Role: bot.Officer}
)

// desk does to a store what handlers do: change the case, append the event.
type desk struct {
	t  testing.TB
	tx bot.Tx
}

func (d desk) open(id bot.CaseID, change func(*bot.Case)) {
	d.t.Helper()
	c := bot.NewCase(id, fmt.Sprintf("JBI-26-%05d-X", id), d.tx.Now())
	c.Excerpt = "kalimat warga yang tidak boleh ikut"
	if change != nil {
		change(&c)
	}
	d.put(c, bot.ActOpened)
}

func (d desk) put(c bot.Case, a bot.Action) {
	d.t.Helper()
	if err := d.tx.PutCase(c); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.tx.Append(bot.Event{Case: c.ID, Action: a}); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) event(e bot.Event) {
	d.t.Helper()
	if _, err := d.tx.Append(e); err != nil {
		d.t.Fatal(err)
	}
}

// do applies one of the case's own transitions.
func (d desk) do(id bot.CaseID, a bot.Action) {
	d.t.Helper()
	c, err := d.tx.Case(id)
	if err != nil {
		d.t.Fatal(err)
	}
	now := d.tx.Now()
	switch a {
	case bot.ActTaken:
		err = c.Take("", petugas1, now.Add(2*time.Hour), now)
	case bot.ActReleased:
		err = c.Release("", petugas1, now)
	case bot.ActClosed:
		err = c.Shut("", "di luar wilayah", false, petugas1, now)
	case bot.ActReopened:
		err = c.Reopen("", petugas1, now)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.put(c, a)
}

// decide publishes a verdict, or the next version of it, by two people.
func (d desk) decide(id bot.CaseID, v bot.Verdict) {
	d.t.Helper()
	c, err := d.tx.Case(id)
	if err != nil {
		d.t.Fatal(err)
	}
	write := c.Propose
	if w := c.Work(bot.TrackHoax); w != nil && w.Stage == bot.Published {
		write = c.Correct
	}
	if err := write(v, petugas1, d.tx.Now()); err != nil {
		d.t.Fatal(err)
	}
	d.put(c, bot.ActProposed)
	if err := c.Approve(petugas2, d.tx.Now()); err != nil {
		d.t.Fatal(err)
	}
	d.put(c, bot.ActDecided)
}

// on puts a case on tracks, all of which wait.
func on(tracks ...bot.Track) []bot.Work {
	var works []bot.Work
	for _, t := range tracks {
		works = append(works, bot.Work{Track: t, Stage: bot.Waiting})
	}
	return works
}

// clock is a clock that tests set.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// gather runs before and after as two periods and reports the second.
func gather(t *testing.T, before, after func(desk)) (Report, *memory) {
	t.Helper()
	c := &clock{at(t, "2024-09-30 18:00:00 +0700")}
	m := newMemory(c.now)
	tx := &memoryTx{m: m, now: c.t}
	since := bot.Cursor{Slot: c.t}
	if before != nil {
		before(desk{t, tx})
	}
	since.Event, _ = tx.LastEvent()
	c.t = at(t, "2024-10-01 18:00:00 +0700")
	tx.now = c.t
	after(desk{t, tx})
	m.caseReads = 0
	r, err := Gather(tx, since, c.t)
	if err != nil {
		t.Fatal(err)
	}
	return r, m
}

func TestGatherCountsCasesNotEvents(t *testing.T) {
	salah := bot.Verdict{Rating: bot.Salah, Explanation: "Surat itu palsu. KPU membantahnya."}
	open := func(d desk) { d.open(1, nil) }
	for _, tt := range []struct {
		name          string
		before, after func(desk)
		want          Report
	}{
		{"nothing", open, func(desk) {}, Report{}},
		{"a note is no change", open, func(d desk) { d.put(bot.Case{ID: 1, Status: bot.New}, bot.ActNoted) }, Report{}},
		{"staff events touch no case", nil, func(d desk) { _, _ = d.tx.Append(bot.Event{Action: bot.ActStaff}) }, Report{}},
		{"recognised twice", open, func(d desk) {
			d.put(bot.Case{ID: 1, Status: bot.New}, bot.ActJoined)
			d.put(bot.Case{ID: 1, Status: bot.New}, bot.ActJoined)
		}, Report{Repeats: 2}},
		{"taken twice", open, func(d desk) {
			d.do(1, bot.ActTaken)
			d.do(1, bot.ActReleased)
			d.do(1, bot.ActTaken)
		}, Report{Taken: 1}},
		{"taken and given back", open, func(d desk) {
			d.do(1, bot.ActTaken)
			d.do(1, bot.ActReleased)
		}, Report{Released: 1}},
		{"taken yesterday, given back today", func(d desk) { open(d); d.do(1, bot.ActTaken) },
			func(d desk) { d.do(1, bot.ActReleased) }, Report{Released: 1}},
		{"opened, taken and resolved", nil, func(d desk) {
			open(d)
			d.do(1, bot.ActTaken)
			d.decide(1, salah)
		}, Report{New: 1, Taken: 1, Resolved: 1}},
		{"resolved and reopened", open, func(d desk) {
			d.decide(1, salah)
			d.do(1, bot.ActReopened)
		}, Report{Reopened: 1}},
		{"closed, reopened, resolved", open, func(d desk) {
			d.do(1, bot.ActClosed)
			d.do(1, bot.ActReopened)
			d.decide(1, salah)
		}, Report{Resolved: 1}},
		{"resolved yesterday, corrected today", func(d desk) { open(d); d.decide(1, bot.Verdict{Rating: bot.BelumTerbukti}) },
			func(d desk) { d.decide(1, salah) }, Report{}},
		{"resolved and reopened yesterday, resolved today", func(d desk) {
			open(d)
			d.decide(1, bot.Verdict{Rating: bot.BelumTerbukti})
			d.do(1, bot.ActReopened)
		}, func(d desk) { d.decide(1, salah) }, Report{Resolved: 1}},
		{"resolved and corrected today", open, func(d desk) {
			d.decide(1, bot.Verdict{Rating: bot.BelumTerbukti})
			d.decide(1, salah)
		}, Report{Resolved: 1}},
		{"given to somebody, whose hold ran out", open, func(d desk) {
			d.event(bot.Event{Case: 1, Action: bot.ActAssigned})
			d.event(bot.Event{Case: 1, Action: bot.ActLapsed})
		}, Report{Released: 1}},
		{"referred twice and received", open, func(d desk) {
			d.event(bot.Event{Case: 1, Action: bot.ActReferred})
			d.event(bot.Event{Case: 1, Action: bot.ActReferred})
			d.event(bot.Event{Case: 1, Action: bot.ActReceived})
		}, Report{Received: 1}},
		{"referred and given back", open, func(d desk) {
			d.event(bot.Event{Case: 1, Action: bot.ActReferred})
			d.event(bot.Event{Case: 1, Action: bot.ActReturned})
		}, Report{}},
		{"only a track closed", open, func(d desk) { d.event(bot.Event{Case: 1, Action: bot.ActClosed, Detail: "hoax"}) }, Report{}},
		{"published alone, and corrected by two", open, func(d desk) {
			d.event(bot.Event{Case: 1, Action: bot.ActOverrode, Name: "admin", Text: "Menyebar cepat. Sekali."})
			d.decide(1, salah)
		}, Report{Resolved: 1, Overrides: []Override{{"JBI-26-00001-X", "admin", "Menyebar cepat."}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := gather(t, tt.before, tt.after)
			only := cmpopts.IgnoreFields(Report{},
				"From", "To", "Slot", "Kinds", "Areas", "Verdicts", "Waiting", "Oldest")
			if diff := cmp.Diff(tt.want, got, only); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGatherVerdicts(t *testing.T) {
	got, _ := gather(t,
		func(d desk) {
			d.open(1, nil)
			d.open(2, nil)
			d.decide(1, bot.Verdict{Rating: bot.Benar, Explanation: "Benar."})
		},
		func(d desk) {
			d.decide(2, bot.Verdict{Rating: bot.Salah, Explanation: "Versi pertama."})
			d.decide(2, bot.Verdict{
				Rating: bot.Penipuan, Explanation: "Tautan itu mencuri data. Jangan dibuka.",
				Link: "https://turnbackhoax.id/contoh", Publisher: "turnbackhoax.id",
			})
			d.decide(1, bot.Verdict{Rating: bot.SebagianBenar, Explanation: "Angkanya keliru."})
		})
	want := []Verdict{
		{Ticket: "JBI-26-00001-X", Rating: bot.SebagianBenar, Explanation: "Angkanya keliru.", Corrected: true, At: got.To},
		{Ticket: "JBI-26-00002-X", Rating: bot.Penipuan, Explanation: "Tautan itu mencuri data.",
			Link: "https://turnbackhoax.id/contoh", Publisher: "turnbackhoax.id", At: got.To},
	}
	if diff := cmp.Diff(want, got.Verdicts); diff != "" {
		t.Error(diff)
	}
}

func TestGatherKindsAreasAndQueue(t *testing.T) {
	got, _ := gather(t,
		func(d desk) { d.open(1, nil); d.open(2, nil); d.do(1, bot.ActTaken) },
		func(d desk) {
			d.open(3, func(c *bot.Case) { c.Claim, c.Region = bot.ClaimHoax, "15.71" })
			d.open(4, func(c *bot.Case) { c.Claim, c.Works, c.Region = bot.ClaimHoax, on(bot.TrackViolation), "15.71" })
			d.open(5, func(c *bot.Case) { c.Works, c.Region = on(bot.TrackHoax, bot.TrackViolation), "15.08" })
			d.open(6, func(c *bot.Case) { c.Claim = bot.ClaimUnsure })
			d.open(7, nil)
		})
	if diff := cmp.Diff(Kinds{Hoax: 1, Violation: 1, Both: 1, Unsure: 2}, got.Kinds); diff != "" {
		t.Error("kinds:", diff)
	}
	if diff := cmp.Diff(map[string]int{"15.71": 2, "15.08": 1, "": 2}, got.Areas); diff != "" {
		t.Error("areas:", diff)
	}
	if diff := cmp.Diff(Waiting{Ticket: "JBI-26-00002-X", Age: 24 * time.Hour}, got.Oldest); diff != "" {
		t.Error("oldest:", diff)
	}
	if got.Waiting[bot.New] != 6 || got.Waiting[bot.Taken] != 1 {
		t.Errorf("waiting: %v", got.Waiting)
	}
}

// TestGatherReadsOnlyWhatChanged: the cost must follow the changes, not the store.
func TestGatherReadsOnlyWhatChanged(t *testing.T) {
	_, m := gather(t,
		func(d desk) {
			for id := range bot.CaseID(500) {
				d.open(id+1, nil)
			}
		},
		func(d desk) {
			d.do(1, bot.ActTaken) // counted without being read
			d.decide(2, bot.Verdict{Rating: bot.Salah})
			d.open(501, nil)
		})
	if m.caseReads != 2 {
		t.Errorf("read %d cases, want the resolved and the new one", m.caseReads)
	}
}

func TestGatherFailures(t *testing.T) {
	m := newMemory(time.Now)
	tx := &memoryTx{m: m}
	if _, err := tx.Append(bot.Event{Case: 9, Action: bot.ActOpened}); err != nil {
		t.Fatal(err)
	}
	if _, err := Gather(tx, bot.Cursor{}, time.Time{}); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an event of a case that is not there: %v", err)
	}
	m.rows.cases[9] = bot.Case{ID: 9, Status: bot.Resolved}
	if _, err := tx.Append(bot.Event{Case: 9, Action: bot.ActDecided}); err != nil {
		t.Fatal(err)
	}
	if _, err := Gather(tx, bot.Cursor{}, time.Time{}); err == nil {
		t.Error("decided without a verdict: no error")
	}
}

func TestFirstSentence(t *testing.T) {
	long := ""
	for range 60 {
		long += "panjang "
	}
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"  Tidak benar.  ", "Tidak benar."},
		{"Tidak benar. KPU membantah.", "Tidak benar."},
		{"Benarkah? Tidak.", "Benarkah?"},
		{"Foto lama dari Kab. Bungo. Diambil 2019.", "Foto lama dari Kab. Bungo."},
		{"Biaya Rp50.000 di kpu.go.id itu palsu. Gratis.", "Biaya Rp50.000 di kpu.go.id itu palsu."},
		{"Surat No. 5 dari H. Contoh palsu. Ya.", "Surat No. 5 dari H. Contoh palsu."},
		{"Baris satu\nBaris dua", "Baris satu"},
		{"tanpa titik", "tanpa titik"},
		{"Kata dua.Tiga", "Kata dua.Tiga"},
		{long, "panjang panjang panjang panjang panjang panjang panjang panjang panjang panjang panjang " +
			"panjang panjang panjang panjang panjang panjang panjang panjang panjang panjang panjang…"},
		{"Konon... tidak benar. Lalu.", "Konon... tidak benar."},
	} {
		if got := firstSentence(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
