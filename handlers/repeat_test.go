package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

// knows makes the index recognise every tip as the cases given.
func (w *world) knows(d bot.Decision, ids ...bot.CaseID) {
	w.recognise = func(t bot.Tip) *bot.Recognition {
		found := &bot.Recognition{Tip: t.ID, Items: t.Items, Decision: d}
		for i, id := range ids {
			found.Candidates = append(found.Candidates, bot.Candidate{Case: id, Score: 0.9 - float64(i)/10, By: bot.ByText, Doubts: []string{"number"}})
		}
		return found
	}
}

// verdict publishes one on a case.
func (w *world) verdict(id int, words string) {
	w.t.Helper()
	w.group("petugas1", fmt.Sprintf("/putus %d %s", id, words))
	w.group("petugas2", fmt.Sprintf("/setuju %d", id))
}

func (w *world) events(id bot.CaseID, a bot.Action) (out []bot.Event) {
	w.t.Helper()
	w.view(func(tx bot.Tx) error {
		out = nil
		for e, err := range tx.History(id) {
			if err != nil {
				return err
			}
			if e.Action == a {
				out = append(out, e)
			}
		}
		return nil
	})
	return out
}

func TestRepeatOfAVerdict(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "TPS tutup jam 10")
	w.verdict(1, "SALAH TPS buka sampai jam 13")
	w.heard()
	w.knows(bot.Same, 1)

	w.private("warga2", "TPS tutup jam 10")
	w.wait(15 * time.Second)
	said := w.heard()
	wants(t, to(said, "warga2"), "sudah diperiksa*. Sudah 2 orang")
	if text := to(said, "warga2"); len(text) == 1 && (!strings.Contains(text[0], "jam 13") || !strings.Contains(text[0], "JBI-26-00002-9") || !strings.Contains(text[0], "BEDA")) {
		t.Errorf("answered %q", text)
	}
	if cards := to(said, "koordinator"); len(cards) != 0 {
		t.Errorf("the desk was told %q before it had time for more", cards)
	}
	w.wait(countWait)
	wants(t, to(w.heard(), "koordinator"), "Pengirim: 2 orang")

	w.private("warga2", "TPS tutup jam 10") // once more: answered again, counted once
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga2"), "sudah diperiksa")
	if c := w.caseOf(1); c.Senders != 2 {
		t.Errorf("%d senders", c.Senders)
	}
	if n := len(w.events(1, bot.ActJoined)); n != 2 {
		t.Errorf("%d tips joined", n)
	}

	// The correction reaches everybody who heard the first, once, and a repeat hears the new one only.
	w.group("petugas1", "/ralat 1 SEBAGIAN BENAR TPS di dua desa memang tutup")
	w.private("warga3", "TPS tutup jam 10")
	w.group("petugas2", "/setuju 1")
	said = w.heard()
	wants(t, to(said, "warga1"), "Pembaruan*")
	wants(t, to(said, "warga2"), "Pembaruan*")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga3"), "dua desa")
}

func TestRetractedVerdictIsNotServed(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "TPS tutup jam 10")
	w.verdict(1, "SALAH TPS buka sampai jam 13")
	w.group("petugas1", "/buka 1")
	w.heard()
	w.knows(bot.Same, 1)
	w.private("warga2", "TPS tutup jam 10")
	w.wait(15 * time.Second)
	said := to(w.heard(), "warga2")
	wants(t, said, "Sedang diperiksa ulang")
	if strings.Contains(said[0], "jam 13") {
		t.Errorf("served %q", said[0])
	}
	w.verdict(1, "BENAR TPS tutup lebih awal")
	wants(t, to(w.heard(), "warga2"), "lebih awal")
}

func TestRepeatOfAnOpenCase(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "TPS tutup jam 10")
	w.knows(bot.Same, 1)
	w.private("warga2", "TPS tutup jam 10")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga2"), "Sudah 2 orang mengirim hal yang sama. Menunggu petugas.", claim)
	w.private("warga2", "2") // their own answers are theirs
	if tips, _ := w.tips("warga2"); tips[0].Answers.Claim != bot.ClaimViolation || tips[0].Case != 1 {
		t.Errorf("tip %+v", tips[0])
	}
	w.group("petugas1", "/hapus")
	w.pressCard("petugas1", "k:1:hoax")
	w.heard()
	w.private("warga3", "TPS tutup jam 10") // of a hoax nothing more is asked
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga3"), "Sudah 3 orang")
	w.private("warga3", "hal lain sama sekali") // and what follows is another matter
	w.recognise = nil
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga3"), receipt, claim)

	// What became of the case is told to all of them.
	w.verdict(1, "SALAH TPS buka sampai jam 13")
	said := w.heard()
	for _, who := range []string{"warga1", "warga2", "warga3"} {
		wants(t, to(said, who), "sudah selesai diperiksa")
	}
}

func TestRepeatFollowsMergesAndEndings(t *testing.T) {
	w := newWorld(t)
	for _, who := range []string{"warga1", "warga2", "warga3"} {
		w.tip(who, "kabar dari "+who)
	}
	w.group("petugas1", "/gabung 1 2")
	w.group("petugas1", "/tutup 3 tidak dapat dicek")
	w.heard()
	w.knows(bot.Same, 2)
	w.tip("warga4", "kabar")
	w.knows(bot.Same, 3)
	w.private("warga5", "kabar")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga5"), "Sudah ditutup")
	w.knows(bot.Same, 99)
	w.private("warga6", "kabar") // an index that knows more than the store
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga6"), receipt, claim)
	for who, want := range map[string]bot.CaseID{"warga4": 1, "warga5": 3, "warga6": 6} {
		if tips, _ := w.tips(who); tips[0].Case != want {
			t.Errorf("%s's tip is in case %d, not %d", who, tips[0].Case, want)
		}
	}

	w.tip("warga7", "jual obat") // no: it is asked about before it is spam
	spam := bot.CaseID(6)
	w.pressCard("petugas1", fmt.Sprintf("k:%d:spam", spam))
	w.heard()
	w.knows(bot.Same, spam)
	w.private("warga8", "jual obat")
	w.wait(15 * time.Second)
	said := w.heard()
	wants(t, to(said, "warga8"), receipt)
	w.wait(time.Minute)
	if cards := to(append(said, w.heard()...), "koordinator"); len(cards) != 0 {
		t.Errorf("the desk hears of spam again: %q", cards)
	}
}

// Who is told that theirs is something else is believed.
func TestDiffers(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "TPS 12 tutup jam 10")
	w.verdict(1, "SALAH TPS buka sampai jam 13")
	w.private("warga9", "beda") // nothing of theirs was recognised: a word like any other
	w.wait(15 * time.Second)
	w.heard()
	for i, say := range []func(){func() { w.private("warga2", "BEDA") }, func() { w.press("warga3", "a:4:differs:1") }} {
		who := []string{"warga2", "warga3"}[i]
		w.knows(bot.Same, 1)
		w.private(who, "TPS 13 tutup jam 10")
		w.wait(15 * time.Second)
		w.wait(countWait)
		w.heard()
		say()
		said := w.heard()
		wants(t, to(said, who), receipt, claim)
		tips, _ := w.tips(who)
		if tips[0].Case != bot.CaseID(tips[0].ID) || tips[0].Joined != nil {
			t.Errorf("tip %+v", tips[0])
		}
		cards := to(said, "koordinator")
		wants(t, cards, "Pengirim: bukan.", "Pengirim: 1 orang")
		if c := w.caseOf(1); c.Senders != 1 {
			t.Errorf("%d senders", c.Senders)
		}
		if e := w.events(1, bot.ActDenied); len(e) != i+1 || e[i].Text != "text 0.90" || e[i].Actor != "" {
			t.Errorf("recorded %+v", e)
		}
		w.private(who, "0") // the questions go on
		w.heard()
	}
	w.press("warga3", "a:4:differs:1")
	w.press("warga1", "a:4:differs:1") // somebody else's
	w.press("warga1", "a:x:differs:1")
	said := w.heard()
	wants(t, to(said, "warga3"), "Tombol itu sudah tidak berlaku")
	wants(t, to(said, "warga1"), "Tombol itu sudah tidak berlaku", "Tombol itu sudah tidak berlaku")
}

// A receipt waits a little for the index and for a twin, and no longer.
func TestRecognitionIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "surat suara rusak")
	ready := false
	w.recognise = func(t bot.Tip) *bot.Recognition {
		found := &bot.Recognition{Tip: t.ID, Items: t.Items}
		if ready {
			found.Decision, found.Candidates = bot.Same, []bot.Candidate{{Case: 1, Score: 1, By: bot.ByText}}
		}
		return found
	}
	w.private("warga2", "surat suara rusak")
	w.wait(16 * time.Second)
	wants(t, to(w.heard(), "warga2"))
	ready = true
	w.wait(recogniseStep)
	wants(t, to(w.heard(), "warga2"), "Sudah 2 orang", claim)
	ready = false
	w.private("warga3", "surat suara rusak")
	for range 60 {
		w.wait(recogniseStep)
	}
	wants(t, to(w.heard(), "warga3"))
	for range 60 {
		w.wait(recogniseStep)
	}
	wants(t, to(w.heard(), "warga3"), receipt, claim)
}

func TestTwins(t *testing.T) {
	w := newWorld(t)
	w.recognise = func(t bot.Tip) *bot.Recognition {
		found := &bot.Recognition{Tip: t.ID, Items: t.Items, Decision: bot.Different}
		if t.ID == 1 { // the first is looked at after the second: it waits for a third that never comes
			found.Decision, found.Twin = bot.Same, 77
		}
		if t.ID == 2 {
			found.Decision, found.Twin = bot.Same, 1
		}
		return found
	}
	w.private("warga1", "surat suara rusak")
	w.private("warga2", "surat suara rusak")
	for range 8 {
		w.wait(5 * time.Second)
	}
	tips, _ := w.tips("warga2")
	if tips[0].Case != 1 || w.caseOf(1).Senders != 2 {
		t.Errorf("tip %+v", tips[0])
	}
}

// What is found out late makes one case of two while nobody has touched the new one, and a suggestion after.
func TestLateRecognition(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "surat suara rusak")
	w.verdict(1, "SALAH surat suara utuh")
	w.tip("warga2", "foto")
	w.tip("warga3", "foto lagi")
	w.group("petugas1", "/ambil 3")
	w.heard()
	late := func(tip bot.TipID, d bot.Decision) {
		w.happen(bot.Update{Kind: bot.KindRecognised, Recognised: &bot.Recognition{Tip: tip, Items: 1, Decision: d,
			Candidates: []bot.Candidate{{Case: 1, Score: 0.97, By: bot.ByImage}}}})
	}
	late(2, bot.Same)
	said := w.heard()
	wants(t, to(said, "warga2"), "sudah diperiksa")
	wants(t, to(said, "koordinator"), "digabung ke #1")
	late(2, bot.Same) // again, as after a crash
	late(3, bot.Same)
	late(3, bot.Maybe)
	late(99, bot.Same)
	said = w.heard()
	wants(t, to(said, "warga3"))
	wants(t, to(said, "koordinator"), "97% mirip (gambar)")
	w.wait(countWait)
	if c := w.caseOf(1); c.Senders != 2 || w.caseOf(3).Merged != 0 {
		t.Errorf("case %+v", c)
	}
	w.private("warga2", "BEDA")
	if c := w.caseOf(2); c.Merged != 0 || c.Senders != 1 || w.caseOf(1).Senders != 1 {
		t.Errorf("case %+v", c)
	}
}

// What went round a lot is shown so, also when only a later sender's copy did.
func TestForwardedManyTimes(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "surat suara rusak")
	w.knows(bot.Same, 1)
	w.private("warga2", "surat suara rusak", func(m *bot.Incoming) { m.Forward = &bot.Forward{Kind: bot.ForwardUnknown, Score: 6} })
	w.wait(15 * time.Second)
	w.wait(countWait)
	said := to(w.heard(), "koordinator")
	if len(said) != 1 || !strings.Contains(said[0], "diteruskan berkali-kali") {
		t.Errorf("said %q", said)
	}
}

// Repeats of what was finished long ago prolong nobody's keeping, and are kept as long as any other tip.
func TestRepeatsProlongNothing(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Retention = RetentionDays(90, 365) })
	w.tip("warga1", "TPS tutup jam 10")
	w.verdict(1, "SALAH TPS buka sampai jam 13")
	w.knows(bot.Same, 1)
	reporters := func() (out []string) {
		for _, who := range []string{"warga1", "warga2", "warga3"} {
			if tips, _ := w.tips(who); len(tips) > 0 {
				out = append(out, who)
			}
		}
		return out
	}
	w.wait(80 * day)
	w.tip("warga2", "TPS tutup jam 10")
	w.wait(9 * day)
	if got := reporters(); len(got) != 2 {
		t.Errorf("after 89 days known: %v", got)
	}
	w.wait(2 * day)
	if got := reporters(); !slices.Equal(got, []string{"warga2"}) {
		t.Errorf("after 91 days known: %v", got)
	}
	w.wait(50 * day)
	w.tip("warga3", "TPS tutup jam 10") // after all alarms of the case went off
	for range 40 {
		w.wait(day)
	}
	if got := reporters(); !slices.Equal(got, []string{"warga3"}) {
		t.Errorf("after 181 days known: %v", got)
	}
	for range 60 {
		w.wait(day)
	}
	if got := reporters(); len(got) != 0 {
		t.Errorf("in the end known: %v", got)
	}
}
