package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

func TestMaybeIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		in     bot.CaseID
		said   []string
		events map[bot.Action]int
	}{
		"this":        {"1", 1, []string{"sudah diperiksa"}, map[bot.Action]int{bot.ActConfirmed: 1, bot.ActDenied: 1}},
		"the other":   {"2", 2, []string{"hal yang sama", claim}, map[bot.Action]int{bot.ActConfirmed: 1, bot.ActDenied: 1}},
		"none":        {"3", 4, []string{claim}, map[bot.Action]int{bot.ActDenied: 2}},
		"left open":   {"0", 4, []string{claim}, nil},
		"words":       {"yang pertama", 4, []string{"Balas dengan nomornya"}, nil},
		"pressed":     {"a:4:same:1", 1, []string{"sudah diperiksa"}, map[bot.Action]int{bot.ActConfirmed: 1, bot.ActDenied: 1}},
		"not offered": {"a:4:same:3", 4, []string{"Tombol itu sudah tidak berlaku"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, who := range []string{"warga1", "warga2"} {
				w.private(who, "surat suara rusak menurut "+who, forwarded)
				w.wait(15 * time.Second)
			}
			w.tip("warga3", "saya sendiri melihat surat suara rusak") // nobody else's to read
			w.verdict(1, "SALAH surat suara utuh")
			w.heard()
			w.knows(bot.Maybe, 1, 2, 3)
			w.private("warga4", "surat suara rusak semua", forwarded)
			w.wait(15 * time.Second)
			said := w.heard()
			wants(t, to(said, "warga4"), receipt, "Apakah maksud Kakak")
			if text := to(said, "warga4")[1]; !strings.Contains(text, "1. “surat suara rusak menurut warga1” (") || !strings.Contains(text, "2. “") || strings.Contains(text, "saya sendiri") {
				t.Errorf("asked %q", text)
			}
			wants(t, to(said, "koordinator"), "(#3): 70% mirip (tulisan; angkanya berbeda).")
			if strings.HasPrefix(c.answer, "a:") {
				w.press("warga4", c.answer)
			} else {
				w.private("warga4", c.answer)
			}
			said = w.heard()
			wants(t, to(said, "warga4"), c.said...)
			tips, _ := w.tips("warga4")
			if tips[0].Case != c.in {
				t.Errorf("the tip is in case %d", tips[0].Case)
			}
			for _, a := range []bot.Action{bot.ActConfirmed, bot.ActDenied} {
				if n := len(w.events(4, a)); n != c.events[a] {
					t.Errorf("%d times %s, want %d", n, a, c.events[a])
				}
			}
			if own := w.caseOf(4); (own.Merged != 0) != (c.in != 4) || c.in != 4 && (w.caseOf(c.in).Senders != 2 || !slices.Contains(w.caseOf(c.in).Holds, 4)) {
				t.Errorf("own case %+v, other %+v", own, w.caseOf(c.in))
			}
		})
	}
}

// After the desk has begun, the sender's word is noted, and the desk decides.
func TestMaybeAfterTheDeskBegan(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "surat suara rusak", forwarded)
	w.wait(15 * time.Second)
	w.knows(bot.Maybe, 1)
	w.private("warga2", "surat suara rusak semua")
	w.wait(15 * time.Second)
	w.group("petugas1", "/ambil 2")
	w.heard()
	w.private("warga2", "1")
	said := w.heard()
	wants(t, to(said, "warga2"), claim)
	wants(t, to(said, "koordinator"), "Pengirim: ya, sama.")
	if c := w.caseOf(2); c.Merged != 0 || c.Suggested[0].Said != bot.Same {
		t.Errorf("case %+v", c)
	}
}

func TestDeskDecidesOnASuggestion(t *testing.T) {
	begin := func(t *testing.T) *world {
		w := newWorld(t)
		w.tip("warga1", "surat suara rusak")
		w.tip("warga2", "kotak suara rusak")
		w.knows(bot.Maybe, 1, 2)
		w.tip("warga3", "surat suara rusak semua")
		return w
	}
	t.Run("one", func(t *testing.T) {
		w := begin(t)
		w.pressCard("petugas1", "k:3:same-1")
		said := to(w.heard(), "koordinator") // the answer to a press comes when it likes
		slices.SortFunc(said, func(a, b string) int { return len(a) - len(b) })
		wants(t, said, "JBI-26-00001-8 · 23 Nov", "Pengirim: 2 orang", "digabung ke #1")
		if c := w.caseOf(3); c.Merged != 1 || len(c.Suggested) != 0 || w.caseOf(1).Senders != 2 {
			t.Errorf("case %+v", c)
		}
		if e := w.events(3, bot.ActConfirmed); len(e) != 1 || e[0].Name != "petugas1" || e[0].Text != "text 0.90" {
			t.Errorf("recorded %+v", e)
		}
	})
	t.Run("by command", func(t *testing.T) {
		w := begin(t)
		w.group("petugas1", "/gabung 2 3")
		if e := w.events(3, bot.ActConfirmed); len(e) != 1 || e[0].Text != "text 0.80" || w.caseOf(3).Merged != 2 {
			t.Errorf("recorded %+v", e)
		}
	})
	t.Run("none", func(t *testing.T) {
		w := begin(t)
		w.pressCard("petugas1", "k:3:apart")
		said := to(w.heard(), "koordinator")
		if len(said) != 2 || strings.Contains(said[0], "mirip (") {
			t.Errorf("said %q", said)
		}
		if e := w.events(3, bot.ActDenied); len(e) != 2 || len(w.caseOf(3).Suggested) != 0 {
			t.Errorf("recorded %+v", e)
		}
	})
	t.Run("refused", func(t *testing.T) {
		w := begin(t)
		before := w.state()
		for _, data := range []string{"k:3:same-9", "k:3:same-", "k:3:same-x", "k:1:same-1", "k:1:apart"} {
			w.pressCard("petugas1", data)
		}
		w.pressCard("tamu", "k:3:same-1")
		if w.state() != before {
			t.Error("something changed")
		}
	})
}

// What one person wrote themselves is shown to no other, also after the desk put two of them together. A comment
// beside a forward is theirs too. A verdict is public.
func TestPublicWords(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "saya sendiri melihat surat suara rusak") // 1
	w.tip("warga2", "saya juga melihatnya di gudang")         // 2
	w.group("petugas1", "/gabung 1 2")
	w.private("warga3", "kata tetangga saya") // 3
	w.private("warga3", "surat suara rusak semua", forwarded)
	w.wait(15 * time.Second)
	w.tip("warga4", "surat suara basah") // 4
	w.verdict(4, "SALAH surat suara kering")
	w.tip("warga5", "surat suara hilang dari gudang") // 5
	w.knows(bot.Same, 5)
	w.tip("warga6", "surat suara hilang dari gudang") // joins by 90 %: not the very same words
	want := map[bot.CaseID]string{1: "", 3: "surat suara rusak semua", 4: "surat suara kering", 5: ""}
	look := func() {
		w.t.Helper()
		w.view(func(tx bot.Tx) error {
			for id, words := range want {
				k, err := tx.Case(id)
				if err != nil {
					return err
				}
				if got, err := publicWords(tx, k); err != nil || got != words {
					t.Errorf("of case %d %q is shown, want %q (%v)", id, got, words, err)
				}
			}
			return nil
		})
	}
	look()
	w.recognise = func(t bot.Tip) *bot.Recognition {
		return &bot.Recognition{Tip: t.ID, Items: t.Items, Decision: bot.Same, Candidates: []bot.Candidate{{Case: 5, Score: 1, By: bot.ByText}}}
	}
	w.tip("warga7", "surat suara hilang dari gudang")
	want[5] = "surat suara hilang dari gudang"
	look()
}

// A button of a question about one's own case does nothing once that is part of another.
func TestOldAnswerJudgesNobodyElses(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "surat suara rusak", forwarded) // 1
	w.wait(15 * time.Second)
	w.knows(bot.Maybe, 1)
	w.tip("warga2", "surat suara rusak semua") // 2, asked about 1
	w.tip("warga3", "surat suara rusak juga")  // 3, asked about 1
	w.group("petugas1", "/gabung 2 3")
	w.heard()
	before := w.state()
	w.press("warga3", "a:3:same:1")
	w.press("warga3", "a:3:same:none")
	wants(t, to(w.heard(), "warga3"), "Tombol itu sudah tidak berlaku", "Tombol itu sudah tidak berlaku")
	if w.state() != before {
		t.Error("something changed")
	}
}
