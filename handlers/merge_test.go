package handlers

import (
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

func (w *world) tipOf(id bot.TipID) (t bot.Tip) {
	w.t.Helper()
	w.view(func(tx bot.Tx) (err error) { t, err = tx.Tip(id); return err })
	return t
}

// learned sets the day the sender of a tip learned of it, as if they had answered.
func (w *world) learned(who string, id string, day time.Time) {
	w.t.Helper()
	w.press(who, "a:"+id+":learned:"+day.Format(time.DateOnly))
}

// A case that took another in was touched, and stays so while its tips move.
func TestMergingTouches(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.tip("warga2", "kabar dua")
	w.group(officer, "/gabung 1 2")
	if w.caseOf(1).Touched.IsZero() || w.caseOf(2).Touched.IsZero() {
		t.Error("who merged two cases has not touched them")
	}
}

// A clock that moved with a merge reminds once, however long the way, and once more after a split.
func TestClocksFollowTheirCase(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"warga1", "warga2", "warga3"} {
		w.tip(who, "ada bagi-bagi amplop")
	}
	w.learned("warga3", "3", w.now)
	w.group(officer, "/gabung 2 3")
	w.group(officer, "/gabung 1 2")
	w.heard()
	due := w.caseOf(1).Due
	if due.IsZero() || !w.caseOf(2).Due.IsZero() || !w.caseOf(3).Due.IsZero() {
		t.Fatal("the clock did not come along")
	}
	reminders := func() (n int) {
		for _, text := range to(w.heard(), "warga3") {
			if strings.Contains(text, "JBI-26-00003") {
				n++
			}
		}
		return n
	}
	w.wait(due.Add(-48 * time.Hour).Sub(w.now))
	if n := reminders(); n != 1 {
		t.Errorf("%d reminders after two merges", n)
	}
	w.group(officer, "/pisah 1 3")
	w.heard()
	if w.caseOf(3).Due.IsZero() || !w.caseOf(1).Due.IsZero() {
		t.Fatal("the clock did not leave with its tip")
	}
	w.wait(due.Add(-12 * time.Hour).Sub(w.now))
	if n := reminders(); n != 1 {
		t.Errorf("%d reminders after the split", n)
	}
	w.wait(20 * 24 * time.Hour)
	if k := w.caseOf(3); len(k.Clocks) != 0 || !k.Due.IsZero() {
		t.Errorf("the clock never ends: %+v", k.Clocks)
	}
}

// Nobody is reminded of a case that was closed; opened again, its limits run again.
func TestClosingEndsClocks(t *testing.T) {
	for _, end := range []string{"/tutup 1 bukan pelanggaran", "k:1:spam"} {
		w := newWorld(t)
		w.tip("warga1", "ada bagi-bagi amplop")
		w.learned("warga1", "1", w.now)
		due := w.caseOf(1).Due
		if strings.HasPrefix(end, "/") {
			w.group(officer, end)
		} else {
			w.pressCard(officer, end)
		}
		if k := w.caseOf(1); !k.Due.IsZero() || len(k.Clocks) != 0 {
			t.Fatalf("%s leaves %+v", end, k.Clocks)
		}
		w.heard()
		w.wait(due.Sub(w.now))
		if said := to(w.heard(), "warga1"); len(said) != 0 {
			t.Errorf("%s: and yet warga1 hears %q", end, said)
		}
		w.group(officer, "/buka 1")
		if w.caseOf(1).Due.IsZero() {
			t.Errorf("%s: opened again, no limit runs", end)
		}
	}
}

// Whoever heard a verdict in the case that was merged away is not told again, and is not listed as if
// they had not heard.
func TestMergedSendersHaveHeard(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.tip("warga2", "kabar dua")
	w.group(officer, "/putus 2 SALAH keterangan")
	w.group(admin, "/setuju 2")
	if n := len(to(w.heard(), "warga2")); n != 1 {
		t.Fatalf("warga2 was told %d times", n)
	}
	w.group(officer, "/gabung 1 2")
	said := w.heard()
	wants(t, to(said, "warga1"), "sudah selesai diperiksa")
	wants(t, to(said, "warga2"))
	w.group(officer, "/lihat 1")
	if text := strings.Join(to(w.heard(), "koordinator"), "\n"); strings.Contains(text, w.caseOf(2).Ticket+".") || !strings.Contains(text, "2 ") {
		t.Errorf("warga2 is listed as one who has not heard:\n%s", text)
	}
	if first, n := w.tipOf(2), w.caseOf(1); first.Told != inForce(n) || first.Heard.Case != 2 {
		t.Errorf("tip 2 bears %+v, %+v", first.Told, first.Heard)
	}
	w.group(officer, "/ralat 1 BENAR ternyata benar")
	w.group(admin, "/setuju 1")
	said = w.heard()
	wants(t, to(said, "warga1"), "ternyata benar")
	wants(t, to(said, "warga2"), "ternyata benar")
}

// Who joins a closed case hears that it is closed, but not twice.
func TestMergingIntoAClosedCase(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"warga1", "warga2", "warga3"} {
		w.tip(who, "kabar dari "+who)
	}
	w.group(officer, "/tutup 1 bukan wewenang")
	w.group(officer, "/tutup 3 bukan wewenang")
	w.wait(time.Minute)
	w.heard()
	w.group(officer, "/gabung 1 3")
	w.group(officer, "/gabung 1 2")
	said := w.heard()
	wants(t, to(said, "warga1"))
	wants(t, to(said, "warga2"), "JBI-26-00002")
	wants(t, to(said, "warga3"))
}

// What a merge brought is kept from the merge on, not from the day the other case was finished.
func TestRetentionCountsFromTheMerge(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Retention = RetentionDays(10, 30) })
	w.tip("warga1", "kabar lama")
	w.group(officer, "/tutup 1 bukan wewenang")
	w.wait(40 * 24 * time.Hour)
	w.tip("warga2", "kabar baru")
	w.group(officer, "/gabung 1 2")
	w.wait(time.Hour)
	if got := w.tipOf(2); got.Reporter == "" || !got.Erased.IsZero() {
		t.Fatal("a fresh tip was erased because an old case took it in")
	}
	w.wait(40 * 24 * time.Hour)
	if got := w.tipOf(2); got.Reporter != "" || got.Erased.IsZero() {
		t.Error("it is kept for ever")
	}
}

// While the tips of a case still move it may itself be merged: none is left on the way.
func TestMergingOnTheWay(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "satu")
	w.tip("warga2", "dua")
	w.tip("warga3", "tiga")
	w.update(func(tx bot.Tx) error {
		for range 60 {
			if _, err := tx.NewTip(bot.Tip{Case: 3, Network: bot.Sim, Started: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	g := bot.Update{Kind: bot.KindMessage, Chat: desk(), From: bot.Person{Address: chat(officer), Name: officer}}
	for i, text := range []string{"/gabung 2 3", "/gabung 1 2"} { // both before any timer
		g.Message = &bot.Incoming{ID: bot.MessageID(text), Text: text}
		g.Network, g.ID, g.At = bot.Sim, bot.UpdateID("on-the-way/"+string(rune('a'+i))), w.now
		w.update(func(tx bot.Tx) error { _, err := tx.Deliver(g); return err })
		w.update(func(tx bot.Tx) error {
			u := g
			u.From.ID = w.person(officer)
			return w.router.Handle(tx, u)
		})
	}
	w.settle()
	w.view(func(tx bot.Tx) error {
		for _, id := range []bot.CaseID{2, 3} {
			for t := range tx.TipsOf(id) {
				w.t.Errorf("tip %d was left with case %d", t.ID, id)
			}
		}
		return nil
	})
}

// A hand-over is told to those who know the verdict already, and once however the cases are merged.
func TestReferralsAreToldOnce(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.tip("warga2", "kabar dua")
	w.group(officer, "/putus 2 SALAH keterangan")
	w.group(admin, "/setuju 2")
	w.heard()
	w.group(officer, "/rujuk 2 BAWASLU_PROV")
	wants(t, to(w.heard(), "warga2"), "Bawaslu Uji")
	w.group(officer, "/gabung 1 2")
	said := w.heard()
	wants(t, to(said, "warga2"))
	if len(to(said, "warga1")) != 2 { // the verdict, and where it went
		t.Errorf("warga1 heard %q", to(said, "warga1"))
	}
	w.group(officer, "/diterima 1 003/LP/PB/Kab/06.08/XII/2024")
	said = w.heard()
	wants(t, to(said, "warga1"), "Bawaslu Uji")
	wants(t, to(said, "warga2"), "Bawaslu Uji")
}

// Whoever has a tip in both cases hears of a hand-over once, also while the many tips of the other case are still on
// their way.
func TestMergingTellsAReferralOnce(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.tip("warga2", "kabar dua")
	w.crowd(2, 3*firstSlice)
	w.update(func(tx bot.Tx) error { return w.join(tx, 2, "warga1") })
	w.group(officer, "/rujuk 2 BAWASLU_PROV")
	if n := len(to(w.heard(), "warga1")); n != 1 {
		t.Fatalf("warga1 was told %d times", n)
	}
	w.say(officer, "/gabung 1 2")
	w.say(officer, "/rujuk 1 POLDA")
	w.settle()
	said := w.heard()
	for _, who := range []string{"warga1", "warga2", "massa0", "massa74"} {
		wants(t, to(said, who), "Polda")
		if n := len(to(said, who)); n != 1 {
			t.Errorf("%s hears %q", who, to(said, who))
		}
	}
}
