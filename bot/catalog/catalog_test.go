package catalog

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

const (
	ballots  = "Surat suara sudah dicoblos semua di gudang KPU Kota Jambi sebelum hari pemungutan suara"
	ballots2 = "VIRALKAN!! Surat suara SDH dicoblos semua di gudang KPU Kota Jambi sebelum hari pemungutan suara 😱"
	offices  = "Besok semua kantor kelurahan di Kabupaten Tebo tutup sehingga undangan memilih tidak bisa diambil"
	polling  = "Warga diminta tidak datang ke TPS 12 Kelurahan Simpang Rimbo karena surat suara habis sejak pagi"
	polling2 = "Warga diminta tidak datang ke TPS 13 Kelurahan Simpang Rimbo karena surat suara habis sejak pagi"
)

func TestRecognise(t *testing.T) {
	d := newDesk(t)
	d.open(d.gather(text(ballots)))                                                             // 1
	d.open(d.gather(text(offices)))                                                             // 2
	d.open(d.gather(text(polling)))                                                             // 3
	d.open(d.gather(photo("u4", "")))                                                           // 4
	d.open(d.gather(text("Cek https://www.facebook.com/warga/posts/1234567890123?fbclid=abc"))) // 5
	c := d.catalog("")
	for name, tt := range map[string]struct {
		items []bot.Item
		want  bot.Decision
		is    bot.CaseID
	}{
		"dressed up":         {[]bot.Item{text(ballots2)}, bot.Same, 1},
		"with a comment":     {[]bot.Item{text("cek dulu min"), text(ballots)}, bot.Same, 1},
		"another station":    {[]bot.Item{text(polling2)}, bot.Maybe, 3},
		"two stories":        {[]bot.Item{text(ballots), text(offices)}, bot.Maybe, 0},
		"one known, one not": {[]bot.Item{text(ballots), text("Kotak suara di Desa Muara Tembesi dibawa pulang oleh petugas tanpa segel tadi malam")}, bot.Maybe, 1},
		"the same file":      {[]bot.Item{photo("u4", "")}, bot.Same, 4},
		"another file":       {[]bot.Item{photo("u5", "")}, bot.Different, 0},
		"the same link":      {[]bot.Item{text("https://m.facebook.com/warga/posts/1234567890123?utm_source=wa")}, bot.Same, 5},
		"new":                {[]bot.Item{text("Kotak suara di Desa Muara Tembesi dibawa pulang oleh petugas tanpa segel tadi malam")}, bot.Different, 0},
		"nothing said":       {[]bot.Item{text("😱😱")}, bot.Different, 0},
		"read by a machine":  {[]bot.Item{{Files: []bot.Attachment{{Kind: bot.Photo, Network: bot.Sim, Unique: "u9", Text: ballots}}}}, bot.Maybe, 1},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.Recognise(t.Context(), d.gather(tt.items...))
			if got == nil || got.Decision != tt.want || got.Items != len(tt.items) || got.Twin != 0 {
				t.Fatalf("recognised as %+v", got)
			}
			if tt.is != 0 && (len(got.Candidates) == 0 || got.Candidates[0].Case != tt.is) {
				t.Errorf("candidates %+v", got.Candidates)
			}
			if tt.want == bot.Maybe && tt.is == 0 && len(got.Candidates) != 2 {
				t.Errorf("candidates %+v", got.Candidates)
			}
		})
	}
	if got := c.Recognise(t.Context(), 9999); got != nil {
		t.Errorf("a tip that is gone is %+v", got)
	}
	if n := c.State().Answers; n[bot.Same] != 4 || n[bot.Maybe] != 4 || n[bot.Different] != 3 {
		t.Errorf("counted %v", n)
	}
}

// Before the store was read nothing is said, so that the caller waits.
func TestNothingIsSaidBeforeItWasRead(t *testing.T) {
	d := newDesk(t)
	d.open(d.gather(text(ballots)))
	path := filepath.Join(t.TempDir(), "indeks.awas")
	check(t, d.catalog(path).Save(t.Context()))
	c, err := New(d.store, Options{Path: path, Sealer: d})
	check(t, err)
	id := d.gather(text(ballots))
	if got := c.Recognise(t.Context(), id); got == nil || got.Decision != "" || !c.State().Reading {
		t.Errorf("recognised as %+v", got)
	}
	d.follow(c)
	if got := c.Recognise(t.Context(), id); got.Decision != bot.Same || c.State().Reading {
		t.Errorf("recognised as %+v", got)
	}
}

// Who sends the same in the same moment is told whose it is, until the index knows it.
func TestTwins(t *testing.T) {
	d := newDesk(t)
	c := d.catalog("")
	first, second, other := d.gather(text(ballots)), d.gather(text(ballots2)), d.gather(text(offices))
	for id, want := range map[bot.TipID]bot.TipID{first: 0} {
		if got := c.Recognise(t.Context(), id); got.Twin != want || got.Decision != bot.Different {
			t.Errorf("the first is %+v", got)
		}
	}
	if got := c.Recognise(t.Context(), second); got.Twin != first || got.Decision != bot.Same {
		t.Errorf("the second is %+v", got)
	}
	if got := c.Recognise(t.Context(), other); got.Twin != 0 {
		t.Errorf("another is %+v", got)
	}
	if got := c.Recognise(t.Context(), first); got.Twin != 0 {
		t.Errorf("the first, asked again, is %+v", got)
	}
	d.open(first)
	d.follow(c)
	if got := c.Recognise(t.Context(), second); got.Twin != 0 || got.Decision != bot.Same || got.Candidates[0].Case != bot.CaseID(first) {
		t.Errorf("afterwards the second is %+v", got)
	}
	d.now = d.now.Add(2 * twinTime) // the other never became a case: it is not waited for
	if got := c.Recognise(t.Context(), d.gather(text(offices))); got.Twin != 0 {
		t.Errorf("long after: %+v", got)
	}
}

func TestSnapshot(t *testing.T) {
	d := newDesk(t)
	d.open(d.gather(text(ballots)))
	d.open(d.gather(text(polling)))
	path := filepath.Join(t.TempDir(), "indeks.awas")
	check(t, d.catalog(path).Save(t.Context()))
	raw, err := os.ReadFile(path)
	check(t, err)
	if bytes.Contains(raw, []byte("gudang")) || bytes.Contains(raw, []byte("simpang")) {
		t.Error("the snapshot can be read")
	}
	id := d.gather(text(ballots2))
	same := func(c *Catalog) bool {
		got := c.Recognise(t.Context(), id)
		return got.Decision == bot.Same && got.Candidates[0].Case == 1
	}
	begin := func(d *desk, content []byte) *Catalog {
		p := filepath.Join(t.TempDir(), "indeks.awas")
		check(t, os.WriteFile(p, content, 0o600))
		c, err := New(d.store, Options{Path: p, Sealer: d})
		check(t, err)
		_, _, err = c.open(t.Context())
		check(t, err)
		return c
	}
	if c := begin(d, raw); c.State().Rebuilding || c.position != 2 || c.State().Documents != 2 {
		t.Errorf("read as %+v at %d", c.State(), c.position)
	}
	for name, content := range map[string][]byte{
		"empty": nil, "half": raw[:len(raw)/2], "without its end": raw[:len(raw)-1],
		"changed": append(append(bytes.Clone(raw[:len(raw)/2]), raw[len(raw)/2]^1), raw[len(raw)/2+1:]...),
		"noise":   bytes.Repeat([]byte{0xff}, 100),
	} {
		c := begin(d, content)
		if !c.State().Rebuilding {
			t.Errorf("%s: taken for good", name)
		}
		d.follow(c)
		if !same(c) || c.State().Rebuilding {
			t.Errorf("%s: not built again", name)
		}
	}
	// Of another store with the same keys, as after restoring an older backup.
	other := newDesk(t)
	other.keys, other.now = d.keys, other.now.Add(time.Hour)
	other.open(other.gather(text(offices)))
	other.open(other.gather(text(offices)))
	if c := begin(other, raw); !c.State().Rebuilding {
		t.Error("the snapshot of another store is taken for this one's")
	}
}

// While the index is built again, what is not found yet is looked up afterwards.
func TestLateAfterARebuild(t *testing.T) {
	d := newDesk(t)
	for range slice + 1 {
		d.open(d.gather(text("Kabar nomor satu")))
	}
	d.open(d.gather(text(ballots)))
	last := bot.CaseID(slice + 2)
	c, err := New(d.store, Options{Deliver: func(_ context.Context, us []bot.Update) error {
		if len(us) != 1 || us[0].Kind != bot.KindRecognised || us[0].Recognised.Candidates[0].Case != last {
			t.Errorf("delivered %+v", us)
		}
		d.tips = -1000
		return nil
	}})
	check(t, err)
	_, err = c.CatchUp(t.Context())
	check(t, err)
	if s := c.State(); !s.Rebuilding || s.Percent < 90 || s.Percent > 99 || s.Lag != 2 {
		t.Errorf("state %+v", s)
	}
	id := d.gather(text(ballots))
	if got := c.Recognise(t.Context(), id); got.Decision != bot.Different {
		t.Errorf("recognised as %+v", got)
	}
	d.open(id)
	d.follow(c)
	if d.tips != -1000 {
		t.Error("nothing was delivered late")
	}
}

// What was erased is soon out of the snapshot too, and the end of the program writes it.
func TestRunSaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		path := filepath.Join(t.TempDir(), "indeks.awas")
		c, err := New(d.store, Options{Path: path, Sealer: d})
		check(t, err)
		d.open(d.gather(text(ballots)))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		if _, err := os.Stat(path); err == nil {
			t.Error("written at once")
		}
		d.update(func(tx bot.Tx) error { return note(tx, 1, bot.ActErased, "") })
		c.Kick()
		time.Sleep(eraseWithin + 2*time.Minute) // the bubble's clock, no waiting
		synctest.Wait()
		before, err := os.ReadFile(path)
		check(t, err)
		d.open(d.gather(text(offices)))
		c.Kick()
		synctest.Wait()
		cancel()
		check(t, <-done)
		if after, err := os.ReadFile(path); err != nil || bytes.Equal(before, after) {
			t.Errorf("not written at the end: %v", err)
		}
	})
}

// What is found late comes to the inbox once, also when the same events are followed again.
func TestLateComesOnce(t *testing.T) {
	d := newDesk(t)
	d.open(d.gather(text(ballots)))
	id := d.gather(photo("u9", ""))
	d.open(id)
	d.update(func(tx bot.Tx) error {
		items, err := tx.Items(id)
		if err != nil {
			return err
		}
		items[0].Files[0].Text = ballots
		if err := tx.PutItem(id, 0, items[0]); err != nil {
			return err
		}
		return note(tx, bot.CaseID(id), bot.ActExamined, "photo")
	})
	for range 2 {
		d.catalog("")
	}
	check(t, d.store.View(t.Context(), func(tx bot.Tx) error {
		ids, err := tx.Arrivals(10)
		if err != nil || len(ids) != 1 {
			t.Errorf("%d arrivals, %v", len(ids), err)
			return err
		}
		a, err := tx.Arrival(ids[0])
		if u := a.Update; err != nil || u.Kind != bot.KindRecognised || u.Recognised.Tip != id || u.Recognised.Candidates[0].Case != 1 {
			t.Errorf("arrived %+v, %v", u, err)
		}
		return nil
	}))
}

func TestHalfWrittenSnapshotsAreSwept(t *testing.T) {
	d := newDesk(t)
	dir := t.TempDir()
	left := filepath.Join(dir, halfWritten+"1")
	check(t, os.WriteFile(left, []byte("x"), 0o600))
	d.catalog(filepath.Join(dir, "indeks.awas"))
	if _, err := os.Stat(left); err == nil {
		t.Error("it still lies there")
	}
}
