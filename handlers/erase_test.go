package handlers

import (
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

func (w *world) erases(who string) {
	w.t.Helper()
	w.private(who, "HAPUS DATA")
	w.private(who, "ya")
}

// What a sender wrote goes from the case it opened too, when that was merged into another.
func TestErasingReachesMergedCases(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.private("warga2", "kalimat yang harus hilang", forwarded)
	w.wait(15 * time.Second)
	w.learned("warga2", "2", w.now)
	w.group(officer, "/gabung 1 2")
	w.heard()
	w.erases("warga2")
	said := w.heard()
	for id := bot.CaseID(1); id <= 2; id++ {
		if k := w.caseOf(id); strings.Contains(k.Excerpt, "hilang") || id == 2 && k.Origin != nil || !k.Erased || len(k.Clocks) != 0 {
			t.Errorf("case %d keeps %+v", id, k)
		}
	}
	edits := map[bot.Key]bool{}
	for _, l := range said {
		edits[l.m.Edit] = true
		if strings.Contains(l.text, "hilang") {
			t.Errorf("said afterwards: %q", l.text)
		}
	}
	if !edits[cardKey(1)] || !edits[cardKey(2)] {
		t.Errorf("cards edited: %v", edits)
	}
}

// The end of keeping identities takes the name and address of an official report along.
func TestIdentityOverTakesDetails(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Retention = RetentionDays(10, 1000) })
	w.tip("warga1", "ada bagi-bagi amplop")
	w.update(func(tx bot.Tx) error { return tx.PutDetails(1, bot.Details{Name: "Nama Uji", Address: "Alamat Uji"}) })
	w.group(officer, "/tutup 1 bukan wewenang")
	w.wait(11 * 24 * time.Hour)
	w.view(func(tx bot.Tx) error {
		if has, err := tx.HasDetails(1); has || err != nil {
			t.Errorf("details are kept: %v, %v", has, err)
		}
		return nil
	})
}

// A case of many tips is erased in slices, every one of them, and said once in its history.
func TestRetentionOfManyTips(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Retention = RetentionDays(10, 20) })
	w.tip("warga1", "satu")
	w.update(func(tx bot.Tx) error {
		for range 2*slice + 10 {
			tip, err := tx.NewTip(bot.Tip{Case: 1, Network: bot.Sim, Reporter: w.person("warga1"), Items: 1, Started: tx.Now()})
			if err != nil {
				return err
			}
			if err := tx.AddItem(tip.ID, 0, bot.Item{Text: "kalimat"}); err != nil {
				return err
			}
		}
		return nil
	})
	w.group(officer, "/tutup 1 bukan wewenang")
	w.wait(25 * 24 * time.Hour)
	w.view(func(tx bot.Tx) error {
		for tip, err := range tx.TipsOf(1) {
			if items, _ := tx.Items(tip.ID); err != nil || tip.Erased.IsZero() || tip.Reporter != "" || len(items) > 0 {
				t.Fatalf("tip %d is kept: %+v", tip.ID, tip)
			}
		}
		expired := 0
		for e := range tx.History(1) {
			if e.Action == bot.ActExpired {
				expired++
			}
		}
		if expired != 2 {
			t.Errorf("%d lines of history, want one for identity and one for content", expired)
		}
		return nil
	})
}

// Membership is about the person and ends with HAPUS DATA; that somebody works at the desk does not.
func TestErasingEndsMembership(t *testing.T) {
	w := newWorld(t)
	w.group(admin, "/anggota undang IWO")
	w.private("warga1", "ANGGOTA "+zeroCode)
	w.erases("warga1")
	if got := w.role("warga1"); got != bot.Public {
		t.Errorf("warga1 is still a %q", got)
	}
	w.private(officer, "halo")
	w.erases(officer)
	if got := w.role(officer); got != bot.Officer {
		t.Errorf("petugas1 became a %q", got)
	}
}

// An identity is opened with a record of it or not at all.
func TestOpeningIsRecordedOrRefused(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Custodians = []bot.Address{chat(officer)} })
	w.tip("warga1", "ada bagi-bagi amplop")
	w.private(officer, "halo")
	w.group(admin, "/wilayah 1 tebo")
	w.group(admin, "/petugas wilayah petugas1 kerinci")
	w.heard()
	w.group(officer, "/identitas 1 diminta untuk berita acara")
	if said := to(w.heard(), officer); len(said) != 0 {
		t.Errorf("opened without a record: %q", said)
	}
}
