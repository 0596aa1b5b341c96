package handlers

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"awassiber/bot"
)

// What a text from a person with nothing open is taken for.
func TestFirstMessage(t *testing.T) {
	const (
		tip    = receipt
		menu   = "Ini *Awas Siber*"
		sorry  = "belum bisa kami terima"
		thanks = "Sama-sama"
		silent = ""
	)
	for name, c := range map[string]struct {
		text string
		with func(*bot.Incoming)
		want string
	}{
		"text":                       {"ada amplop di pasar", nil, tip},
		"a number in a sentence":     {"TPS 12", nil, tip},
		"a telephone number":         {"0800000000", nil, tip},
		"bare number":                {"1", nil, menu},
		"bare zero":                  {"0", nil, menu},
		"number with keycap":         {"3️⃣", nil, menu},
		"greeting":                   {"Halo kak", nil, tip},
		"greeting alone":             {"P", nil, menu},
		"thanks":                     {"Terima kasih 🙏", nil, thanks},
		"emoji":                      {"👍", nil, sorry},
		"dots":                       {"...", nil, sorry},
		"a link behind dots":         {"...", link("https://contoh.example.id"), tip},
		"batal in a sentence":        {"Batal dilantik karena kampanye hitam", nil, tip},
		"cek and a link":             {"cek https://contoh.example.id/x", link("https://contoh.example.id/x"), tip},
		"cek and words":              {"cek sembako", nil, "Belum ada hasil"},
		"status and a ticket":        {"STATUS JBI-26-00001-8", nil, "belum punya tiket"},
		"forwarded STATUS":           {"STATUS", forwarded, tip},
		"forwarded halo":             {"halo", forwarded, tip},
		"forwarded thanks":           {"terima kasih", forwarded, tip},
		"caption of a photo":         {"MENU", photo("a"), tip},
		"unknown command":            {"/apaini", nil, "tidak kami kenal"},
		"command of the desk":        {"/ambil 12", nil, "hanya untuk petugas"},
		"desk command, exclamation":  {"!ambil 12 kotak suara", nil, tip},
		"slash in front of a story":  {"/info ada politik uang", nil, tip},
		"sticker":                    {"", strange("sticker"), sorry},
		"poll":                       {"", strange("poll"), sorry},
		"service":                    {"", strange("service"), silent},
		"another bot":                {"halo", strange("bot"), silent},
		"confirmation never asked":   {"ya", nil, thanks},
		"region without a question":  {"tebo", nil, tip},
		"reply with a quote":         {"> kata orang\nbenarkah?", nil, tip},
		"right to left and no words": {"\u200f\u200b", nil, sorry},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var more []func(*bot.Incoming)
			if c.with != nil {
				more = append(more, c.with)
			}
			w.private("warga1", c.text, more...)
			w.wait(15 * time.Second)
			said := w.heard()
			tips, _ := w.tips("warga1")
			switch c.want {
			case silent:
				if len(said) != 0 || len(tips) != 0 {
					t.Errorf("%d tips, said %+v", len(tips), said)
				}
			case tip:
				wants(t, to(said, "warga1"), receipt, claim)
			default:
				wants(t, to(said, "warga1"), c.want)
				if len(tips) != 0 {
					t.Errorf("it became a tip")
				}
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	answers := func() bot.Answers { tips, _ := w.tips("warga1"); return tips[0].Answers }

	w.private("warga1", "Terima kasih")
	w.private("warga1", "👍")
	w.wait(time.Minute)
	wants(t, to(w.heard(), "warga1"), "Sama-sama", "belum bisa kami terima")
	w.private("warga1", "dugaan")
	w.private("warga1", "Di Tebo tadi pagi ada yang bagi uang di rumah kades")
	wants(t, to(w.heard(), "warga1"), "kabupaten/kota mana", "Kapan *kejadiannya*")
	w.private("warga1", "tgl 22/11")
	wants(t, to(w.heard(), "warga1"), "Maksudnya *")
	w.private("warga1", "iya")
	w.private("warga1", "besok")
	w.private("warga1", "31/2")
	w.private("warga1", "kemarin saya dengar dari tetangga di warung kopi")
	w.private("warga1", "rahasia")
	w.private("warga1", "rahasia") // nothing is open: a tip of its own
	a := answers()
	day := func(t time.Time) string { return t.In(w.router.Zone.Location).Format(time.DateOnly) }
	if a.Claim != bot.ClaimViolation || a.Region != "15.09" || day(a.Happened) != "2026-11-22" || day(a.Learned) != "2026-11-22" || a.Confidentiality != bot.Confidential {
		t.Errorf("answers %+v", a)
	}
	// Sentences were answers and more: they are kept as they were written.
	w.holds("warga1", []string{"kabar", "Di Tebo tadi pagi ada yang bagi uang di rumah kades", "kemarin saya dengar dari tetangga di warung kopi"}, []string{"rahasia"})
	w.wait(time.Minute)
	said := w.heard()
	if all := strings.Join(to(said, "koordinator"), "\n"); !strings.Contains(all, "rumah kades") || !strings.Contains(all, "warung kopi") {
		t.Errorf("the desk was not told:\n%s", all)
	}
}

func TestAnswersTwiceAndLate(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	w.press("warga1", "a:1:claim:hoax")
	wants(t, to(w.heard(), "warga1"), "kabupaten/kota mana")
	before := w.state()
	w.press("warga1", "a:1:claim:hoax")
	w.press("warga1", "a:1:claim:0")
	if said := to(w.heard(), "warga1"); len(said) != 0 || w.state() != before {
		t.Errorf("the same answer twice: said %q", said)
	}
	w.press("warga1", "a:1:claim:violation")
	wants(t, to(w.heard(), "warga1"), "sudah kami perbarui")

	w.wait(3 * time.Hour) // what is plainly an answer still is one; thanks and stories are not
	w.private("warga1", "Terima kasih")
	wants(t, to(w.heard(), "warga1"), "Sama-sama")
	w.tip("warga1", "hal lain di tebo")
	w.holds("warga1", []string{"kabar"}, []string{"hal lain di tebo"})
	w.wait(3 * time.Hour)
	w.private("warga1", "2")
	wants(t, to(w.heard(), "warga1"), "kabupaten/kota mana")
	if tips, _ := w.tips("warga1"); tips[1].Answers.Claim != bot.ClaimViolation || tips[0].Answers.Claim != bot.ClaimViolation {
		t.Errorf("answers %+v", tips)
	}
}

func TestMenuWhileGathering(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "kabar satu")
	w.private("warga1", "menu")
	w.private("warga1", "3")
	w.private("warga1", "44") // in no list: shown again, and the burst goes on
	w.private("warga1", "kabar dua")
	wants(t, to(w.heard(), "warga1"), "Ini *Awas Siber*", "Sedang kami kumpulkan", "Ini *Awas Siber*")
	w.wait(15 * time.Second)
	w.holds("warga1", []string{"kabar satu", "kabar dua"})
}

// A coordinator may be a citizen too: their tip is like any other, and nothing at the desk tells
// whose it is, though their name is known there.
func TestCoordinatorAsCitizen(t *testing.T) {
	w := newWorld(t)
	w.tip(officer, "kabar dari saya")
	w.private(officer, "1")
	w.group("petugas2", "/lihat 1")
	w.group("petugas2", "/riwayat 1")
	for _, s := range to(w.heard(), "koordinator") {
		if strings.Contains(s, officer) {
			t.Errorf("the desk is told who it was: %s", s)
		}
	}
	w.view(func(tx bot.Tx) error {
		for e, err := range tx.History(1) {
			if err != nil {
				return err
			}
			if e.Actor != "" || e.Name != "" || e.Text != "" {
				t.Errorf("the audit trail names a reporter: %+v", e)
			}
		}
		return nil
	})
	w.group(officer, "/putus 1 SALAH tidak benar")
	w.group(admin, "/setuju 1")
	wants(t, to(w.heard(), officer), "sudah selesai diperiksa")
	w.private(officer, "hapus data")
	w.private(officer, "1")
	w.heard()
	w.group(officer, "/kasus")
	wants(t, to(w.heard(), "koordinator"), "Tidak ada kasus")
}

// After an erasure nothing in the file leads from the case to the person, nor do their words stand
// in it: not in a row's key either.
func TestErasureLeavesNoTrace(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kalimat yang sangat rahasia")
	w.private("warga1", "petugas")
	w.group(officer, "/putus 1 SALAH tidak benar")
	w.group(admin, "/setuju 1")
	w.group(officer, "/buka 1")
	w.group(officer, "/tutup 1 ternyata sudah lama")
	wants(t, to(w.heard(), "warga1"), "Petugas sudah kami beri tahu", "sudah selesai diperiksa", "sudah ditutup petugas")
	w.private("warga1", "hapus data")
	w.private("warga1", "1")
	w.heard()
	rows := w.rows()
	for what, b := range map[string]string{"pseudonym": string(w.person("warga1")), "address": "warga1", "words": "sangat rahasia"} {
		if strings.Contains(rows, b) {
			t.Errorf("the %s is still in the store", what)
		}
	}
}

// rows is every live key and value of the store's file. Old pages stay in the file until they are
// used again, so the file itself would tell more.
func (w *world) rows() string {
	w.t.Helper()
	var copied bytes.Buffer
	check(w.t, w.store.Backup(w.t.Context(), &copied, nil))
	path := w.path + ".copy"
	check(w.t, os.WriteFile(path, copied.Bytes(), 0o600))
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	check(w.t, err)
	var out bytes.Buffer
	var walk func(b *bbolt.Bucket) error
	walk = func(b *bbolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			out.Write(k)
			out.WriteByte('\n')
			out.Write(v)
			out.WriteByte('\n')
			if v == nil {
				return walk(b.Bucket(k))
			}
			return nil
		})
	}
	check(w.t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error { return walk(b) })
	}))
	check(w.t, db.Close())
	return out.String()
}
