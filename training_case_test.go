package main

import (
	"strings"
	"testing"

	"awassiber/bot/sim/simtest"
)

// trainee is somebody at the training page with its two sides, as a computer shows it or a phone, where one side is seen
// at a time.
type trainee struct {
	*simtest.Page
	phone bool
}

func (s trainee) side(tab string) {
	if s.phone {
		s.Click(tab)
	}
}

// citizen types as a citizen.
func (s trainee) citizen(text string) {
	s.side(simtest.CitizenTab)
	s.Type(simtest.CitizenText, text)
	s.Click(simtest.CitizenSend)
}

// desk types in the coordinators' group as somebody.
func (s trainee) desk(who, text string) {
	s.side(simtest.GroupTab)
	s.Choose(simtest.GroupWho, who)
	s.Type(simtest.GroupText, text)
	s.Click(simtest.GroupSend)
}

// button presses a button in the coordinators' group as somebody.
func (s trainee) button(who, label string) {
	s.side(simtest.GroupTab)
	s.Choose(simtest.GroupWho, who)
	s.Press(simtest.GroupLog, label)
}

// later moves the clock by fifteen seconds.
func (s trainee) later() {
	if s.phone {
		s.Click(simtest.MoveClock)
	}
	s.Click(simtest.Plus15s)
	if s.phone {
		s.Click(simtest.MoveClock)
	}
}

// TestCasesOnTheTrainingPage: a violation from the first words to Bawaslu's register number and the opening of
// a sealed identity, and a hoax from a forward to a corrected verdict, as people who learn it do: in a real
// browser, on a computer and on a phone.
func TestCasesOnTheTrainingPage(t *testing.T) {
	browser := simtest.Start(t)
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"computer", 1280, 860}, {"phone", 390, 844}} {
		t.Run(size.name, func(t *testing.T) {
			s := trainee{browser.Open(t, startProgram(t, nil), size.width, size.height), size.width < 900}
			s.Click(simtest.WelcomeLook)
			violationToRegister(s)
			keyboardFits(t, s)
			hoaxToCorrection(s)
			keep(t, s.Page, "kasus-"+size.name)
			for _, problem := range s.Problems() {
				t.Errorf("the page complained: %s", problem)
			}
		})
	}
}

func violationToRegister(s trainee) {
	s.citizen("Ada bagi-bagi amplop dari timses di dekat pasar tadi malam")
	s.Wait(`document.querySelector("#panel-warga .own .ticks.ok")`)
	s.later()
	s.See(simtest.CitizenLog, "Nomor tiket: JBI-")
	for _, step := range []struct{ press, see string }{
		{"2 Dugaan pelanggaran", "kabupaten/kota mana"}, {"5 Muaro Jambi", "kejadiannya"}, {"2 Kemarin", "mengetahuinya"},
		{"1 Hari ini", "identitas Kakak"}, {"2 Rahasia", "sudah kami teruskan"},
	} {
		s.Press(simtest.CitizenLog, step.press)
		s.See(simtest.CitizenLog, step.see)
	}
	s.citizen("RESMI")
	s.Press(simtest.CitizenLog, "1 Ya, mulai")
	s.Press(simtest.CitizenLog, "1 Ya, saya bersedia")
	for _, step := range []struct{ see, answer string }{
		{"nama lengkap", "Nama Uji"}, {"alamat Kakak", "Alamat Uji"}, {"diduga melakukannya", "Tim sukses berkaus gambar"},
		{"tempatnya", "Pasar Sengeti"}, {"Ceritakan berurutan", "Dua orang membagikan amplop kepada pembeli"},
		{"buktinya", "selesai"}, {"yang melihat atau mengetahuinya", "Dua pedagang"},
	} {
		s.See(simtest.CitizenLog, step.see)
		s.citizen(step.answer)
	}
	s.See(simtest.CitizenLog, "6 dari 7")

	s.button("Petugas 1", "Jenis")
	s.See(simtest.GroupLog, "Boleh lebih dari satu")
	s.Press(simtest.GroupLog, "Politik uang")
	s.See(simtest.GroupLog, "Jenis: Politik uang")
	s.desk("Petugas 1", "/rujuk 1")
	s.See(simtest.GroupLog, "Untuk merujuk: /rujuk 1 BAWASLU_15.05")
	s.desk("Petugas 1", "/rujuk 1 BAWASLU_15.05")
	s.See(simtest.GroupLog, "Untuk disampaikan kepada Bawaslu Kabupaten Muaro Jambi")
	s.desk("Petugas 2", "/diterima 1 003/LP/PB/Kab/06.08/XI/2026")
	s.See(simtest.GroupLog, "nomor register 003/LP/PB/Kab/06.08/XI/2026")

	s.side(simtest.CitizenTab)
	s.Choose(simtest.CitizenWho, "Penjaga identitas")
	s.citizen("MENU")
	s.See(simtest.CitizenLog, "Lapor")
	s.desk("Penjaga identitas", "/identitas 1 diminta Bawaslu untuk berita acara")
	s.See(simtest.GroupLog, "membuka identitas pengirim")
	s.See(simtest.CitizenLog, "Alamat Uji")
	s.side(simtest.CitizenTab)
	s.Choose(simtest.CitizenWho, "Warga 2")
}

func hoaxToCorrection(s trainee) {
	s.side(simtest.CitizenTab)
	s.Click(simtest.Samples)
	s.Click(simtest.FirstSample)
	s.Wait(`document.querySelector("#panel-warga .own .ticks.ok")`)
	s.later()
	s.See(simtest.CitizenLog, "Nomor tiket: JBI-")
	s.desk("Petugas 1", "/putus 2 SALAH TPS buka sampai pukul 13.00 https://cekfakta.example.id/tps")
	s.button("Petugas 2", "Setujui hasil")
	s.See(simtest.CitizenLog, "TPS buka sampai pukul 13.00")
	s.desk("Petugas 2", "/ralat 2 SEBAGIAN_BENAR Satu TPS buka lebih siang https://cekfakta.example.id/tps-2")
	s.desk("Petugas 2", "/setuju 2")
	s.See(simtest.GroupLog, "Harus petugas lain yang menyetujui")
	s.desk("Petugas 1", "/setuju 2")
	s.See(simtest.CitizenLog, "Satu TPS buka lebih siang")
	s.See(simtest.CitizenLog, "SEBAGIAN BENAR")
}

// keyboardFits: the longest keyboard of the desk, nineteen categories, has keys that hold their words and is no
// wider than the page.
func keyboardFits(t *testing.T, s trainee) {
	t.Helper()
	s.desk("Petugas 1", "/jenis 1")
	s.Wait(`[...document.querySelectorAll("#panel-koordinator .keyboard")].findLast((k) => k.querySelectorAll(".key").length === 19)`)
	name := "jenis-komputer"
	if s.phone {
		name = "jenis-ponsel"
	}
	keep(t, s.Page, name)
	check := strings.Join([]string{
		`document.documentElement.scrollWidth <= innerWidth`,
		`[...document.querySelectorAll("#panel-koordinator .key")].every((k) => k.scrollWidth <= k.clientWidth + 1 && k.scrollHeight <= k.clientHeight + 1)`,
		`[...document.querySelectorAll("#panel-koordinator .key")].every((k) => k.offsetHeight >= 44)`,
	}, " && ")
	if !s.Is(check) {
		t.Error("a keyboard is too small for its words, or too wide for the page")
	}
	unbroken := `[...document.querySelectorAll("#panel-koordinator .key")].every((k) => [...k.childNodes].every((n) =>
		n.nodeType !== 3 || [...n.data.matchAll(/[^ ]+/g)].every((w) => {
			const r = document.createRange();
			r.setStart(n, w.index);
			r.setEnd(n, w.index + w[0].length);
			return r.getClientRects().length === 1;
		})))`
	if !s.Is(unbroken) {
		t.Error("a word on a key is broken in two")
	}
}
