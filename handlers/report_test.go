package handlers

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

func TestIdentityNumber(t *testing.T) {
	link := "https://contoh.example/unggahan/1234567890123456"
	for text, want := range map[string]bool{
		"1571010101900001": true, "NIK saya 1571 0101 0190 0001.": true, "157101-010190-0001": true, "15.71.01.010190.0001": true,
		"nik:1571010101900001,ya": true, "157101 010190 0001": true,
		"": false, "0812-3456-7890": false, "08123456789 dan 08198765432": false, "157101010190000": false, "15710101019000012": false,
		"tanggal 1/10/2024 pukul 19.00": false, "rekening 1234 5678 90": false, link: false,
	} {
		if got := isIdentityNumber(text, []string{link}); got != want {
			t.Errorf("isIdentityNumber(%q) = %v", text, got)
		}
	}
}

// prepare a whole report of warga1's tip 1.
func (w *world) report() {
	for _, say := range []string{"RESMI", "1", "1", "Nama Uji", "Alamat Uji", "akun contoh", "Balai desa", "Awalnya rapat", "0", "dua tetangga"} {
		w.private("warga1", say)
	}
}

func TestReportIsInTheCopyAndGoesWithTheIdentity(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Retention = RetentionDays(10, 1000) })
	w.tip("warga1", "Kades mengajak memilih")
	for _, say := range []string{"2", "tebo", "1", "1", "rahasia"} {
		w.private("warga1", say)
	}
	w.report()
	for _, l := range w.heard() {
		if l.to == "koordinator" && (strings.Contains(l.text, "Nama Uji") || strings.Contains(l.text, "Alamat Uji")) {
			t.Errorf("the group was told who reports: %s", l.text)
		}
	}
	w.private("warga1", "DATAKU")
	given := []string{"Nama Uji", "Alamat Uji", "akun contoh", "Balai desa", "Awalnya rapat", "dua tetangga", "15.09"}
	var doc string
	for _, l := range w.heard() {
		if l.m.Document != nil {
			doc = string(l.m.Document.Data)
		}
	}
	for _, words := range given {
		if !strings.Contains(doc, words) {
			t.Errorf("the copy lacks %q:\n%s", words, doc)
		}
	}
	w.group(officer, "/tutup 1 selesai dibahas")
	w.wait(11 * 24 * time.Hour)
	w.view(func(tx bot.Tx) error {
		if _, err := tx.Details(1); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("after its time the name is still there: %v", err)
		}
		tip, err := tx.Tip(1)
		if n, err := named(tx, tip); n || err != nil {
			t.Errorf("and counts as given: %v", err)
		}
		return err
	})
}

// Under the law of general elections the limit counts working days; the sentence is made of the same rule.
func TestLimitOfWorkingDays(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		e := c.Elections[0]
		e.Kind, e.Report.Kind = bot.Pemilu, bot.WorkingDays
		friday := bot.DayOf(time.Date(2026, 11, 27, 0, 0, 0, 0, e.Zone), e.Zone)
		e.Holidays = []bot.Holiday{{Name: "libur uji", From: friday, To: friday}}
		c.Elections = bot.Elections{e}
	})
	w.tip("warga1", "Kades mengajak memilih")
	for _, say := range []string{"2", "tebo", "1", "1", "rahasia"} {
		w.private("warga1", say)
	}
	// Monday the 23rd is the first of seven: 24, 25, 26, 30, 1, 2; the 27th and the weekend do not count.
	said := to(w.heard(), "warga1")
	if last := said[len(said)-1]; !strings.Contains(last, "*Rabu, 2 Desember 2026 pukul 16.00 WIB* (batas akhir Kamis, 3 Desember 2026)") {
		t.Errorf("told: %s", last)
	}
}

// Who is asked by a body that takes no official reports waits for no clock, and takes none from another.
func TestClocksOfBodies(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "Kades mengajak memilih")
	kinds := func() (out []bot.ClockKind) {
		for _, k := range w.caseOf(1).Clocks {
			out = append(out, k.Kind)
		}
		return out
	}
	for _, tt := range []struct {
		do   string
		want []bot.ClockKind
	}{
		{"/rujuk 1 POLDA", nil},
		{"/rujuk 1 BAWASLU_PROV", []bot.ClockKind{bot.ClockAnswer}},
		{"/kembali 1 POLDA bukan urusan kami", []bot.ClockKind{bot.ClockAnswer}},
		{"/kembali 1 kurang saksi", []bot.ClockKind{bot.ClockComplete}},
		{"/rujuk 1 BAWASLU_PROV", []bot.ClockKind{bot.ClockAnswer}},
		{"/diterima 1 003/LP/PB/Kab/06.08/XII/2024", []bot.ClockKind{bot.ClockHandling}},
		{"/kembali 1 tidak cukup bukti", []bot.ClockKind{bot.ClockComplete}},
	} {
		w.group(officer, tt.do)
		if got := kinds(); !slices.Equal(got, tt.want) {
			t.Errorf("after %s the clocks are %v, want %v\n%s", tt.do, got, tt.want, strings.Join(to(w.heard(), "koordinator"), "\n"))
		}
	}
}
