package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

// lies stores cases as a desk of some years has them.
func (w *world) lies(n int, change func(*bot.Case)) {
	w.t.Helper()
	w.update(func(tx bot.Tx) error {
		for i := range n {
			c := bot.NewCase(bot.CaseID(1000+i), "JBI-26-0", tx.Now())
			c.Excerpt = "kabar biasa"
			change(&c)
			if err := tx.PutCase(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// A search goes through slice after slice, whatever stands in the words, and answers once, in reply to who asked.
func TestSearchGoesOn(t *testing.T) {
	w := newWorld(t)
	w.lies(3*searchSlice, func(c *bot.Case) {
		if c.ID == 1002 || c.ID == 1400 {
			c.Excerpt, c.Status = "jalan 5/7% rusak", bot.Resolved
		}
	})
	w.group(officer, "/cari jalan 5/7%")
	said := w.heard()
	wants(t, to(said, "koordinator"), "#1400")
	if text := to(said, "koordinator")[0]; !strings.Contains(text, "#1002") || !strings.Contains(text, fmt.Sprint(3*searchSlice)) || said[len(said)-1].m.ReplyTo == "" {
		t.Errorf("answered %+v", said)
	}
	w.group(officer, "/cari tidakada")
	wants(t, to(w.heard(), "koordinator"), "Tidak ada kasus")
	w.group(officer, "/cari kabar biasa") // enough found in the first slice
	said = w.heard()
	if text := to(said, "koordinator")[0]; strings.Count(text, "\n#") != searchMost || strings.Contains(text, fmt.Sprint(searchSlice)) {
		t.Errorf("answered %q", text)
	}
	for _, name := range []string{"find/", "find/1/x//a", "find/1/2/3/%zz", "find/1/2/x/a"} {
		err := w.store.Update(t.Context(), func(tx bot.Tx) error { return w.router.timer(tx, bot.Timer{Name: name}, nil) })
		if err == nil {
			t.Errorf("%q is taken for a search", name)
		}
	}
}

// A long history is shown from its end, and before a line on request.
func TestLongHistory(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	w.update(func(tx bot.Tx) error {
		for i := range 150 {
			if _, err := tx.Append(bot.Event{Case: 1, Action: bot.ActNoted, Text: fmt.Sprintf("catatan %03d.", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	said := func(do string) string {
		w.group(officer, do)
		return strings.Join(to(w.heard(), "koordinator"), "\n")
	}
	late := said("/riwayat 1")
	if strings.Contains(late, "catatan 049.") || !strings.Contains(late, "catatan 050.") || !strings.Contains(late, "catatan 149.") {
		t.Fatalf("the last lines are %s", late)
	}
	_, line, ok := strings.Cut(late, "/riwayat 1 <")
	if line, _, _ = strings.Cut(line, "\n"); !ok {
		t.Fatal("nobody is told how to see more")
	}
	early := said("/riwayat 1 <" + line)
	if !strings.Contains(early, "catatan 049.") || strings.Contains(early, "catatan 050.") || !strings.Contains(early, "kasus dibuka") || strings.Contains(early, "<") {
		t.Errorf("the lines before are %s", early)
	}
	for _, bad := range []string{"/riwayat 1 <0", "/riwayat 1 kemarin"} {
		if text := said(bad); !strings.Contains(text, "Contoh") && !strings.Contains(text, "contoh") {
			t.Errorf("%s: %s", bad, text)
		}
	}
}

// The promise of a first answer is watched behind however many cases that were looked at before.
func TestFirstAnswerBehindMany(t *testing.T) {
	w := newWorld(t)
	w.lies(450, func(c *bot.Case) { c.Touched = w.now })
	w.tip("warga1", "kabar yang belum dilihat")
	w.update(func(tx bot.Tx) error { // it came after all of them
		c, err := tx.Case(1)
		if err != nil {
			return err
		}
		c.ID = 2000
		return tx.PutCase(c)
	})
	w.group(officer, "/tutup 1 ganda")
	w.heard()
	w.wait(13 * time.Hour)
	said := strings.Join(to(w.heard(), "koordinator"), "\n")
	if !strings.Contains(said, "#2000") || strings.Contains(said, "#1000") {
		t.Errorf("said %q", said)
	}
}

// The card of a case with very many limits fits its message, and its row stays small.
func TestManyClocks(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "ada bagi-bagi amplop")
	w.update(func(tx bot.Tx) error {
		k, err := tx.Case(1)
		if err != nil {
			return err
		}
		for i := range 3 * mostClocks {
			w.router.startClock(tx, &k, bot.Clock{Kind: bot.ClockReport, Tip: bot.TipID(i + 1), Due: w.now.Add(time.Duration(1000-i) * time.Hour)})
		}
		if len(k.Clocks) != mostClocks || !k.Due.Equal(w.now.Add(time.Duration(1000-3*mostClocks+1)*time.Hour)) {
			t.Errorf("%d clocks, the first at %v", len(k.Clocks), k.Due)
		}
		return w.router.store(tx, k)
	})
	w.group(officer, "/catat 1 banyak")
	for _, l := range w.heard() {
		if l.m.Edit == cardKey(1) && (strings.Count(l.text, "Lapor resmi sebaiknya") != 4 || !strings.Contains(l.text, "196 tenggat lain")) {
			t.Errorf("the card is %s", l.text)
		}
	}
}

// What /lihat shows has an end: of texts and of files.
func TestShowHasAnEnd(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	w.update(func(tx bot.Tx) error {
		for range 20 {
			tip, err := tx.NewTip(bot.Tip{Case: 1, Network: bot.Sim, Items: 10, Started: tx.Now()})
			if err != nil {
				return err
			}
			for i := range 10 {
				it := bot.Item{Text: strings.Repeat("panjang ", 40), Files: []bot.Attachment{{Kind: bot.Photo, Network: bot.Sim, FileID: fmt.Sprint(tip.ID, i)}}}
				if err := tx.AddItem(tip.ID, i, it); err != nil {
					return err
				}
			}
		}
		return nil
	})
	w.group(officer, "/lihat 1")
	files, texts := 0, 0
	for _, l := range w.heard() {
		if l.m.File != nil {
			files++
		}
		texts += len(l.m.Text)
	}
	if files != filesShown-filesShown%10 && files != filesShown || texts > 4*textsShown {
		t.Errorf("%d files, %d bytes of text", files, texts)
	}
}

// One hand is noticed among the latest senders, however many came before.
func TestBrigadeAmongTheLatest(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	w.update(func(tx bot.Tx) error {
		for i := range 60 {
			who := fmt.Sprint("lama", i)
			if i >= 50 {
				who = fmt.Sprint("baru", i)
				if _, err := tx.Deliver(bot.Update{Network: bot.Sim, ID: bot.UpdateID(who), Kind: bot.KindUnknown, Private: true, Chat: chat(who), From: bot.Person{Address: chat(who)}}); err != nil {
					return err
				}
			}
			tip, err := tx.NewTip(bot.Tip{Case: 1, Network: bot.Sim, Reporter: w.person(who), Items: 1, Started: tx.Now().Add(time.Duration(i) * time.Second)})
			if err != nil {
				return err
			}
			if err := tx.AddItem(tip.ID, 0, bot.Item{Text: "coblos ulang sekarang juga di kecamatan kami"}); err != nil {
				return err
			}
		}
		n, err := brigade(tx, bot.Case{ID: 1})
		if n != 10 {
			t.Errorf("%d seem moved by one hand, want 10 (%v)", n, err)
		}
		return err
	})
}
