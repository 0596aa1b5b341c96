package sim_test

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"awassiber/bot"
	"awassiber/bot/sim"
	"awassiber/bot/sim/simtest"
)

// pictures, if set, is a directory to keep screenshots in.
const pictures = "AWAS_SCREENSHOTS"

// serve shows the page of a network with a stub bot in a browser.
func serve(t *testing.T, width, height int64) (*simtest.Page, *sim.Network, *stub) {
	t.Helper()
	browser := simtest.Start(t)
	n, s := start(t, sim.Options{})
	server := httptest.NewServer(n.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return browser.Open(t, server.URL, width, height), n, s
}

func shoot(t *testing.T, p *simtest.Page, name string) {
	t.Helper()
	if dir := os.Getenv(pictures); dir != "" {
		simtest.Save(t, filepath.Join(dir, name+".png"), p.Screenshot())
	}
}

func calm(t *testing.T, p *simtest.Page) {
	t.Helper()
	for _, problem := range p.Problems() {
		t.Errorf("the page complained: %s", problem)
	}
}

func TestAConversationInTheBrowser(t *testing.T) {
	p, _, _ := serve(t, 1280, 800)
	p.See(simtest.Welcome, "Tidak ada yang terkirim ke luar")
	shoot(t, p, "sambutan")
	p.Click(simtest.WelcomeGo)
	p.See(simtest.CitizenLog, "Diteruskan dari Kabar Kampung")
	p.See(simtest.CitizenLog, "JBI-26-00001-A")
	p.Wait(`document.querySelector('.from-bot .text strong')?.textContent === "JBI-26-00001-A"`)
	p.See(simtest.Connection, "Terhubung")

	p.Type(simtest.CitizenText, "Lihat https://contoh.invalid/a. <b>Benar</b>?")
	p.Keys(kb.Enter)
	p.See(simtest.CitizenLog, "<b>Benar</b>?")
	p.Wait(`[...document.querySelectorAll('.own .text a')].some((a) => a.href === "https://contoh.invalid/a" && a.rel.includes("noopener"))`)
	p.Press(simtest.CitizenLog, "1 Hoaks")
	p.See(simtest.CitizenNote, "Tercatat.")

	p.Choose(simtest.GroupWho, "Petugas 2")
	p.Press(simtest.GroupLog, "1 Ambil")
	p.See(simtest.GroupLog, "diambil Petugas 2")
	p.See(simtest.GroupLog, "diedit")
	p.Type(simtest.GroupText, "/kasus")
	p.Click(simtest.GroupSend)
	p.See(simtest.GroupLog, "Tidak ada kasus.")
	p.Choose(simtest.GroupWho, "Admin")
	p.Wait(`document.querySelector("#panel-koordinator .message[data-from=petugas2]").classList.contains("other")`)
	shoot(t, p, "obrolan")
	p.Dark(true)
	shoot(t, p, "obrolan-gelap")
	calm(t, p)
}

func TestFilesAndOtherThingsInTheBrowser(t *testing.T) {
	p, n, s := serve(t, 1280, 800)
	p.Click(simtest.WelcomeLook)
	dir := t.TempDir()
	files := []string{picture(t, dir, "satu.png", color.RGBA{R: 0x2f, G: 0x80, B: 0x6b, A: 0xff}), picture(t, dir, "dua.png", color.RGBA{R: 0xc9, G: 0x86, B: 0x2f, A: 0xff})}
	notes := filepath.Join(dir, "catatan.txt")
	if err := os.WriteFile(notes, []byte("contoh latihan\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Attach(simtest.CitizenFile, files...)
	p.Type(simtest.CitizenText, "Dua foto")
	shoot(t, p, "lampiran")
	p.Keys(kb.Enter)
	p.Wait(`document.querySelectorAll(".files.grid img").length === 2 && [...document.querySelectorAll(".files.grid img")].every((i) => i.naturalWidth > 0)`)
	p.Attach(simtest.CitizenFile, notes)
	p.Click(simtest.ForwardMark)
	p.Choose(`[data-testid=warga-asal]`, "Akun tersembunyi")
	p.Keys(kb.Tab)
	p.Click(simtest.CitizenSend)
	p.See(simtest.CitizenLog, "catatan.txt")
	p.See(simtest.CitizenLog, "akun tersembunyi")
	p.Click(simtest.Places)
	shoot(t, p, "lokasi")
	p.Click(simtest.FirstPlace)
	p.See(simtest.CitizenLog, "-1,6101; 103,6131")
	p.Click(`[data-testid=warga-stiker]`)
	p.See(simtest.CitizenLog, "Stiker")

	p.Click(simtest.Until18)
	p.See(simtest.Clock, "18.00")
	p.Click(simtest.CitizenAdd)
	p.Wait(`document.querySelector("[data-testid=warga-pelaku]").value === "warga4"`)
	p.Type(simtest.CitizenText, "Halo")
	p.Keys(kb.Enter)
	p.Wait(`document.querySelector("#panel-warga .own .ticks.ok")`)
	p.Choose(simtest.CitizenWho, "Warga 1")
	p.See(simtest.CitizenLog, "catatan.txt")
	shoot(t, p, "isi")

	var kinds []bot.FileKind
	for _, u := range s.updates() {
		for _, f := range u.Message.Files {
			kinds = append(kinds, f.Kind)
		}
	}
	if len(kinds) != 3 || kinds[0] != bot.Photo || kinds[2] != bot.File {
		t.Errorf("the bot got files of kinds %v", kinds)
	}
	if _, err := n.Say(context.Background(), sim.Post{From: at("warga4"), Text: "dari luar halaman"}); err != nil {
		t.Fatal(err)
	}
	p.Wait(`[...document.querySelector("[data-testid=warga-pelaku]").options].some((o) => o.text.includes("Warga 4 · 1 baru"))`)
	calm(t, p)
}

func TestThePageFitsAPhone(t *testing.T) {
	p, _, s := serve(t, 360, 740)
	fits := `document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll("body *")].every((e) => ` +
		`!e.getClientRects().length || e.closest(".tools, .chips, .strip, .skip, .only-read, .picker") || e.getBoundingClientRect().right <= innerWidth + 1)`
	p.Wait(fits)
	shoot(t, p, "ponsel-sambutan")
	p.Click(simtest.WelcomeGo)
	p.See(simtest.CitizenLog, "JBI-26-00001-A")
	p.See(simtest.GroupUnread, "1")
	p.Wait(fits)
	p.Resize(390, 844)
	shoot(t, p, "ponsel-warga")
	p.Click(simtest.GroupTab)
	p.Wait(`!document.querySelector("#panel-warga").getClientRects().length`)
	p.See(simtest.GroupLog, "Kasus 1")
	p.Press(simtest.GroupLog, "1 Ambil")
	p.See(simtest.GroupLog, "diambil Admin")
	p.Wait(`document.querySelector("[data-testid=belum-koordinator]").hidden`)
	p.Click(simtest.MoveClock)
	p.Click(simtest.Plus15s)
	p.See(simtest.Clock, "12.00.15")
	shoot(t, p, "ponsel-koordinator")
	p.Resize(360, 740)
	p.Wait(fits)
	if got := len(s.updates()); got != 2 {
		t.Errorf("the bot got %d updates, want a message and a press", got)
	}
	calm(t, p)
}

func TestTheKeyboardIsEnough(t *testing.T) {
	p, _, s := serve(t, 1280, 800)
	p.Wait(`document.activeElement.dataset.testid === "sambutan-mulai"`)
	p.Keys(kb.Escape)
	p.Wait(`!document.querySelector("dialog")`)
	p.Wait(`document.activeElement === document.body`)
	p.Keys(kb.Tab)
	p.Wait(`document.activeElement.className === "skip"`)
	p.Keys(kb.Enter)
	p.Keys(kb.Tab) // from the skip link's target on
	tabTo(p, "warga-tulis")
	p.Keys("baris satu")
	p.Keys(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift))
	p.Keys("baris dua")
	p.Keys(kb.Enter)
	p.See(simtest.CitizenLog, "baris satu\nbaris dua")
	p.See(simtest.CitizenLog, "JBI-26-00001-A")
	p.Wait(`document.querySelector("[data-testid=warga-tulis]").value === ""`) // sent text stays until it is known to be
	p.Keys(kb.ArrowUp)                                                         // into the chat
	p.Wait(`document.activeElement.matches("#panel-warga .message.from-bot")`)
	p.Keys(kb.Tab)
	p.Wait(`document.activeElement.dataset.data === "q/1"`)
	p.Keys(kb.Enter)
	p.See(simtest.CitizenNote, "Tercatat.")
	p.Keys(kb.ArrowUp)
	p.Wait(`document.activeElement.matches("#panel-warga .message.own")`)
	p.Keys(kb.Tab) // reply
	p.Keys(kb.Tab) // edit
	p.Wait(`document.activeElement.dataset.testid === "pesan-edit"`)
	p.Keys(kb.Enter)
	p.Wait(`document.activeElement.value === "baris satu\nbaris dua"`)
	shoot(t, p, "ubah")
	p.Keys(" saja")
	p.Keys(kb.Enter)
	p.See(`#panel-warga .own`, "baris dua saja")
	p.See(`#panel-warga .own`, "diedit")

	p.Resize(390, 844)
	tabTo(p, "tab-warga")
	p.Keys(kb.ArrowRight)
	p.Wait(`document.activeElement.dataset.testid === "tab-koordinator"`)
	p.See(simtest.GroupLog, "Kasus 1")
	last := s.updates()
	if u := last[len(last)-1]; u.Kind != bot.KindEdit || u.Message.Text != "baris satu\nbaris dua saja" {
		t.Errorf("the last update was %s %+v", u.Kind, u.Message)
	}
	calm(t, p)
}

// tabTo presses Tab until an element has the focus; it need not be the next, only reachable.
func tabTo(p *simtest.Page, testid string) {
	for range 40 {
		if p.Is(`document.activeElement?.dataset?.testid === "` + testid + `"`) {
			return
		}
		p.Keys(kb.Tab)
	}
	p.Wait(`document.activeElement.dataset.testid === "` + testid + `"`)
}

// picture writes a PNG with a plain motif, big enough to be shown.
func picture(t *testing.T, dir, name string, c color.RGBA) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			shade := c
			if (x/40+y/40)%2 == 0 {
				shade.A, shade.R, shade.G, shade.B = 0xff, c.R/2+96, c.G/2+96, c.B/2+96
			}
			img.SetRGBA(x, y, shade)
		}
	}
	path := filepath.Join(dir, name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}
