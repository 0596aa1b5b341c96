package handlers

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"awassiber/bot"
)

func TestSplitLink(t *testing.T) {
	for in, want := range map[string][2]string{
		"tidak benar":                                       {"tidak benar", ""},
		"tidak benar https://a.example.id/x":                {"tidak benar", "https://a.example.id/x"},
		"lihat (https://a.example.id/x).":                   {"lihat ().", "https://a.example.id/x"},
		"www.a.example.id katanya":                          {"katanya", "https://www.a.example.id"},
		"baris satu\nHTTPS://A.example.id/x":                {"baris satu", "https://A.example.id/x"},
		"dua https://a.example.id dan https://b.example.id": {"dua dan https://b.example.id", "https://a.example.id"},
		"bukan tautan: a.example.id":                        {"bukan tautan: a.example.id", ""},
		"disalin cekfakta.example.id/2026/tps.":             {"disalin .", "https://cekfakta.example.id/2026/tps"},
		"jam 10.30/11.00, kab./kota, s.d/x, 22/11/2026":     {"jam 10.30/11.00, kab./kota, s.d/x, 22/11/2026", ""},
	} {
		text, link, err := splitLink(in)
		if err != nil || text != want[0] || link != want[1] {
			t.Errorf("splitLink(%q) = %q, %q, %v, want %q", in, text, link, err, want)
		}
	}
	for _, in := range []string{"https://salah", "http://", "javascript://a.example.id", "ftp://a.example.id", "https://nama@a.example.id",
		"https://a.example.id/" + strings.Repeat("x", maxLink), "http://%zz.example.id", "www.salah@a.example.id"} {
		var refusal *bot.UserError
		if _, link, err := splitLink("x " + in); !errors.As(err, &refusal) || refusal.Key != "desk.bad_link" {
			t.Errorf("splitLink(%.40q) = %q, %v", in, link, err)
		}
	}
}

// However much is said about a case, its card fits the one message that can be edited.
func TestCardFitsOneMessage(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("kata panjang ", 400)
	w.private("warga1", long, forwarded)
	w.wait(15 * time.Second)
	for _, do := range []string{"/putus 1 SALAH " + long + " https://a.example.id/" + strings.Repeat("x", 400), "/catat 1 " + long, "/buka 1", "/tutup 1 " + long} {
		w.group(officer, do)
	}
	cards := 0
	for _, l := range w.heard() {
		if l.m.Edit != "" || l.m.Key == cardKey(1) {
			cards++
			if n := len(utf16.Encode([]rune(bot.Unmark(l.m.Text)))); n > 4096 {
				t.Errorf("a card has %d characters", n)
			}
		}
	}
	if cards == 0 {
		t.Error("no card was seen")
	}
}

// A list says how many there are and shows the first; by area it counts what it found.
func TestLists(t *testing.T) {
	w := newWorld(t)
	for i := range 20 {
		c := bot.Case{ID: bot.CaseID(100 + i), Ticket: "JBI", Status: bot.New, Opened: w.now, Changed: w.now, Excerpt: "kabar lama"}
		if i%2 == 0 {
			c.Region = "15.09"
		}
		w.update(func(tx bot.Tx) error { return tx.PutCase(c) })
	}
	for do, want := range map[string]string{
		"/kasus": "*20 kasus*", "/kasus baru": "*20 kasus*", "/kasus diambil": "Tidak ada kasus", "/kasus tebo": "*10 kasus*",
		"/kasus selesai": "Tidak ada kasus", "/kasus baru jambi": "bisa berarti", "/kasus atlantis": "bukan wilayah", "/cari lama": "Hasil pencarian",
		"/cari": "Belum lengkap", "/kasus kerinci": "Tidak ada kasus",
	} {
		w.group(officer, do)
		said := to(w.heard(), "koordinator")
		wants(t, said, want)
		if n := strings.Count(said[0], "\n#"); n > 15 {
			t.Errorf("%s lists %d", do, n)
		}
	}
}

// CEK shows what was published about rumours. A report of a violation is nobody else's business,
// unless the desk put it on the hoax track as well.
func TestCheckKeepsViolationsToItself(t *testing.T) {
	for name, c := range map[string]struct {
		claim, press string
		shown        bool
	}{
		"rumour":                 {"", "", true},
		"hoax by the sender":     {"hoax", "", true},
		"violation by sender":    {"violation", "", false},
		"violation by the desk":  {"", "violation", false},
		"both by the desk":       {"violation", "hoax", true},
		"sender errs, says hoax": {"hoax", "violation", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.tip("warga1", "kades membagi sembako")
			if c.claim != "" {
				w.press("warga1", "a:1:claim:"+c.claim)
			}
			if c.press != "" {
				w.pressCard(officer, "k:1:"+c.press)
			}
			w.group(officer, "/putus 1 BENAR sudah kami periksa")
			w.group(admin, "/setuju 1")
			w.heard()
			w.private("warga2", "CEK sembako")
			want := "Belum ada hasil"
			if c.shown {
				want = "sudah kami periksa"
			}
			wants(t, to(w.heard(), "warga2"), want)
		})
	}
}

// An invitation is for one person, survives being opened by a coordinator, and its word may be
// typed as phones capitalise it.
func TestInvitation(t *testing.T) {
	w := newWorld(t)
	w.group(admin, "/petugas tambah")
	invitation := to(w.heard(), "koordinator")[0]
	word := invitation[strings.LastIndex(invitation, "\n")+1:]
	if !strings.HasPrefix(word, "MULAI petugas_") {
		t.Fatalf("the invitation is %q", invitation)
	}
	w.private(officer, word)
	wants(t, to(w.heard(), officer), officer+" sudah terdaftar")
	code := strings.TrimPrefix(word, "MULAI petugas_")
	w.private("baru", "Mulai petugas_"+strings.ToUpper(code)+" ")
	wants(t, to(w.heard(), "baru"), "Selamat bergabung")
	w.private("tamu", word)
	wants(t, to(w.heard(), "tamu"), "tidak berlaku")
	w.group("baru", "/kasus")
	wants(t, to(w.heard(), "koordinator"), "Tidak ada kasus")
}
