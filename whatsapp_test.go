package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"
	_ "modernc.org/sqlite"

	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

// TestMain sets what the libraries of WhatsApp keep in variables before any client connects: see
// fakewa.TrustRoot and whatsapp.Prepare.
func TestMain(m *testing.M) {
	fakewa.TrustRoot()
	whatsapp.Prepare(whatsappDevice, slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// waRig is the rig with a loopback WhatsApp beside the Bot API server.
type waRig struct {
	*rig
	wa    *fakewa.Server
	watch *fakewa.Watch
}

// newWhatsAppRig starts the program on both networks. before may add settings that need the server.
func newWhatsAppRig(t *testing.T, linked bool, before func(*fakewa.Server) []string) *waRig {
	t.Helper()
	wa, err := fakewa.Start(fakewa.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := wa.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	settings := append([]string{"AWAS_DATA", dir, "AWAS_WHATSAPP", "on", "AWAS_WHATSAPP_TEST", standIn(wa)}, before(wa)...)
	if linked {
		linkDevice(t, wa, filepath.Join(dir, "whatsapp.db"))
	}
	r := newRig(t, append(settings, "AWAS_DATA", dir)...)
	r.dir = dir
	return &waRig{rig: r, wa: wa, watch: wa.Watch()}
}

// standIn is the setting that leads the program to a loopback WhatsApp.
func standIn(wa *fakewa.Server) string {
	key := fakewa.RootKey()
	return wa.Addr() + ";" + hex.EncodeToString(key[:])
}

// linkDevice makes a session file with a linked phone.
func linkDevice(t testing.TB, wa *fakewa.Server, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	if err == nil {
		container := sqlstore.NewWithDB(db, "sqlite", nil)
		if err = container.Upgrade(t.Context()); err == nil {
			_, err = wa.Device(t.Context(), container)
		}
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// told waits for the next message a person reads that contains all words; in a group, g is its address.
func (r *waRig) told(p *fakewa.Person, chat string, words ...string) fakewa.Message {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	m, err := r.watch.Next(ctx, p.Heard(func(m *fakewa.Message) bool {
		for _, w := range words {
			if !strings.Contains(m.Text(), w) {
				return false
			}
		}
		return chat == "" || m.Chat.String() == chat
	}))
	if err != nil {
		all := ""
		for _, m := range r.wa.Messages() {
			all += m.Text() + "\n--\n"
		}
		r.t.Fatalf("%v: nobody was told %q, but:\n%s\nlog:\n%s", err, words, all, r.logs)
	}
	return m
}

// sent ends the test at an error; it returns the id of what was sent.
func (r *waRig) sent(id string, err error) string {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// TestWhatsAppTipToVerdict is the main job on WhatsApp alone, with a stop in the middle.
func TestWhatsAppTipToVerdict(t *testing.T) {
	var citizen, officer, admin *fakewa.Person
	var group *fakewa.Group
	r := newWhatsAppRig(t, true, func(wa *fakewa.Server) []string {
		citizen, officer, admin = wa.Person("warga1"), wa.Person("petugas1"), wa.Person("admin")
		group = wa.Group("Koordinator", admin, officer)
		return []string{"AWAS_COORDINATORS", "whatsapp:" + group.JID.String(), "AWAS_ADMINS", "whatsapp:" + admin.LID.String()}
	})
	r.secret = append(r.secret, citizen.PN.User, citizen.LID.User)
	desk := group.JID.String()

	r.sent(citizen.Forward(sentence, 7))
	receipt := r.told(citizen, "", "Nomor tiket")
	ticket := regexp.MustCompile(`JBI-\d\d-\d{5}-.`).FindString(receipt.Text())
	card := r.told(officer, desk, ticket, sentence)
	r.sent(citizen.Say("1"))
	r.told(citizen, "", "kabupaten/kota mana")
	r.sent(citizen.Say("muaro jambi"))

	r.end()
	late := r.sent(citizen.Say("STATUS")) // the program is down: WhatsApp keeps it
	r.start()
	r.told(citizen, "", "Tiket Kakak", ticket)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.wa.WaitAcknowledged(ctx, late); err != nil {
		t.Error(err)
	}

	r.sent(admin.Say("/alamat"))
	r.told(admin, admin.LID.String(), "whatsapp:"+admin.LID.String())
	r.sent(admin.InGroup(group).Reply(card, "1")) // the card's first button
	r.told(officer, desk, "mengambil kasus")
	r.sent(admin.InGroup(group).Say("!putus 1 SALAH Kotak suara disegel https://cekfakta.example.id/kotak"))
	r.sent(admin.InGroup(group).Say("!darurat 1 hanya ada satu petugas"))
	r.told(citizen, "", ticket, "SALAH", "Kotak suara disegel")
	r.drained()
	if code, body := r.get("/readyz"); code != http.StatusOK || !strings.Contains(body, `{"name":"whatsapp","ok":true,"note":"connected"}`) {
		t.Errorf("/readyz: %d %s", code, body)
	}
	if p := r.wa.Problems(); len(p) > 0 {
		t.Errorf("messages nobody could read: %+v", p)
	}
}

// TestWhatsAppLoggedOut: the admins hear of it on Telegram, where work goes on; a new phone is linked by
// the page, and what waited is sent.
func TestWhatsAppLoggedOut(t *testing.T) {
	r := newWhatsAppRig(t, true, func(*fakewa.Server) []string { return nil })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.wa.WaitActive(ctx); err != nil {
		t.Fatal(err)
	}
	person := r.wa.Person("warga1")
	r.secret = append(r.secret, person.PN.User)
	r.sent(person.Say(sentence + " dari WhatsApp"))
	r.told(person, "", "Nomor tiket")
	r.hear(r.group.ID, sentence, "dari WhatsApp") // and so to the Telegram group

	r.wa.Inject(fakewa.DeviceRemoved{})
	r.hear(r.admin.ID, "kaitan bot dengan ponsel WhatsApp diputus", "awassiber pair")
	r.tip(r.citizen, "kiriman lewat Telegram")
	if code, body := r.get("/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, `{"name":"whatsapp","ok":false,"note":"logged_out"}`) {
		t.Errorf("/readyz: %d %s", code, body)
	}
	r.enrol()
	r.api.Text(r.group, r.admin, "/putus 1 BENAR Sudah diperiksa https://cekfakta.example.id/kotak")
	r.api.Text(r.group, r.admin, "/darurat 1 hanya ada satu petugas")
	r.hear(r.group.ID, "Sudah diperiksa")

	r.pairByCommand()
	r.hear(r.admin.ID, "WhatsApp tersambung lagi")
	r.told(person, "", "Sudah diperiksa") // judged on Telegram meanwhile
}

// pairByCommand runs the pair command beside the program and scans what the page shows.
func (r *waRig) pairByCommand() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	screen, code := &journal{}, make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"pair"}, func(name string) string { return r.set[name] }, screen, screen)
	}()
	screen.wait(r.t, "Kode QR 1 dari")
	link, _, err := dialControl(ctx, filepath.Join(r.dir, "awas.sock"))
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := link.pairing(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.wa.Scan(v.QR); err != nil {
		r.t.Fatal(err)
	}
	if c := <-code; c != exitOK || !strings.Contains(screen.String(), "terkait dan tersambung") || !strings.Contains(screen.String(), "█") {
		r.t.Errorf("pair ended with %d:\n%s", c, screen)
	}
}

// TestPairPage: the page is for this machine, its forms for the page alone.
func TestPairPage(t *testing.T) {
	r := newWhatsAppRig(t, false, func(*fakewa.Server) []string { return nil })
	page := "http://" + r.address() + pairPath
	do := func(method, host, origin, form string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, page, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		if host != "" {
			req.Host = host
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body strings.Builder
		if err := resp.Write(&body); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, body.String()
	}
	seen := func(words string) {
		t.Helper()
		late, look := time.After(patience), time.NewTicker(20*time.Millisecond)
		defer look.Stop()
		for {
			code, body := do(http.MethodGet, "", "", "")
			if code == http.StatusOK && strings.Contains(body, words) {
				return
			}
			select {
			case <-look.C:
			case <-late:
				t.Fatalf("the page never showed %q: %d %s\n%s", words, code, body, r.logs)
			}
		}
	}
	seen("data:image/png;base64,")
	if code, _ := do(http.MethodGet, "awas.example.id", "", ""); code != http.StatusMisdirectedRequest {
		t.Errorf("a foreign host is answered %d", code)
	}
	if code, _ := do(http.MethodPost, "", "http://evil.example.id", "do=resume"); code != http.StatusForbidden {
		t.Errorf("a foreign page's form is answered %d", code)
	}
	if code, body := do(http.MethodPost, "", "", "do=phone&number=1"); code != http.StatusOK || !strings.Contains(body, "Kode tidak didapat") {
		t.Errorf("a bad number is answered %d %s", code, body)
	}
	if code, body := do(http.MethodPost, "", "", "do=phone&number="+r.wa.Number().User); code != http.StatusSeeOther {
		t.Fatalf("a number is answered %d %s\n%s", code, body, r.logs)
	}
	seen("Kode untuk diketik")
	link, _, err := dialControl(t.Context(), filepath.Join(r.dir, "awas.sock"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := link.pairing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.wa.EnterCode(ctx, v.Code); err != nil {
		t.Fatal(err)
	}
	seen("terkait dan tersambung")
	r.secret = append(r.secret[:0], r.wa.Number().User+" ")
}

// TestWhatsAppBackup: the link to the phone is in the backup of a running program, and works where it is
// restored.
func TestWhatsAppBackup(t *testing.T) {
	r := newWhatsAppRig(t, true, func(*fakewa.Server) []string { return nil })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.wa.WaitActive(ctx); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return r.set[name] }
	file := filepath.Join(t.TempDir(), "cadangan")
	if got := play(t, env, "backup", file); got.code != exitOK || !strings.Contains(got.out, "0 berkas") {
		t.Fatalf("backup: %+v", got)
	}
	if got := play(t, env, "verify"); got.code != exitOK {
		t.Errorf("verify: %+v", got)
	}
	r.end()
	other := t.TempDir()
	key, err := os.ReadFile(filepath.Join(r.dir, "awas.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(other, "awas.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.dir, r.set["AWAS_DATA"] = other, other
	if got := play(t, env, "restore", file); got.code != exitOK {
		t.Fatalf("restore: %+v", got)
	}
	if got := play(t, env, "restore", file); got.code != exitFailure { // there is something now
		t.Errorf("restore over data: %+v", got)
	}
	if got := play(t, env, "restore", "--force", file); got.code != exitOK {
		t.Errorf("restore by force: %+v", got)
	}
	path := filepath.Join(other, sessionMember)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("restored session: %v, %v", info, err)
	}
	r.logs.clear()
	r.start()
	person := r.wa.Person("warga1")
	r.sent(person.Say(sentence))
	r.told(person, "", "Nomor tiket")
	r.end()

	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 200; i < min(len(raw), 3*4096); i++ {
		raw[i] ^= 0x55
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := play(t, env, "verify"); got.code != exitFailure || !strings.Contains(got.out, sessionMember) {
		t.Errorf("a damaged session verifies: %+v", got)
	}
}
