package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"awassiber/bot"
	"awassiber/bot/digest"
	"awassiber/bot/telegram/fakeapi"
)

// TestTelegramTipToVerdict is the main job on Telegram: a forwarded post, a receipt, a card, buttons,
// a verdict, and the evening digest that was missed while the program was down.
func TestTelegramTipToVerdict(t *testing.T) {
	quiet := goleak.IgnoreCurrent()
	r := newRig(t)
	r.enrol()
	citizen, group := r.citizen.ID, r.group.ID

	receipt := r.tip(r.citizen, sentence, fakeapi.ForwardedPost(fakeapi.Channel(-1005550001, "Kabar Kampung", "kabar_kampung_uji"), 7))
	ticket := regexp.MustCompile(`JBI-\d\d-\d{5}-.`).FindString(receipt.Text)
	if ticket == "" {
		t.Fatalf("no ticket number in %q", receipt.Text)
	}
	question := r.hear(citizen, "Menurut Kakak")
	card := r.hear(group, ticket, "baru", sentence, "saluran Kabar Kampung")
	r.api.Press(fakeapi.Private(r.citizen), r.citizen, question.ID, question.Find("Kabar bohong"))
	r.hear(citizen, "kabupaten/kota mana")
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, "muaro jambi")
	r.hear(group, "Kabupaten Muaro Jambi")

	if card.Find("Ambil") == "" {
		t.Fatalf("no button to take the case: %+v", card.Buttons)
	}
	stranger := r.api.Press(r.group, r.person(3), card.ID, card.Find("Ambil"))
	r.noted(stranger.Query, "")
	press := r.api.Press(r.group, r.officer, card.ID, card.Find("Ambil"))
	r.noted(press.Query, "mengambil kasus")
	if m := r.hear(group, "diambil", "Dipegang oleh: Petugas 1"); !m.Edited() || m.ID != card.ID {
		t.Errorf("the card was not edited in place: %+v", m)
	}
	r.api.Text(r.group, r.officer, "/putus@awas_uji_bot 1 SALAH Kotak suara disegel https://cekfakta.example.id/kotak")
	r.api.Text(r.group, r.admin, "/setuju 1")
	r.hear(citizen, ticket, "SALAH", "Kotak suara disegel", "https://cekfakta.example.id/kotak")
	r.hear(group, "selesai", "Kotak suara disegel")
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, "STATUS")
	r.hear(citizen, "Tiket Kakak", ticket, "SALAH")
	r.healthy()

	r.end()
	r.missEvening()
	r.logs.clear()
	r.start()
	r.hear(group, "Ringkasan", "Terlambat", "Kasus baru: 1", "Selesai diperiksa: 1", ticket+": SALAH")
	r.restart()
	r.api.Text(r.group, r.officer, "/antrean")
	r.hear(group, "Antrean")
	if n := strings.Count(r.said(), "Terlambat"); n != 1 {
		t.Errorf("the digest was sent %d times", n)
	}
	r.end()
	r.api.Close()
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, quiet)
}

// noted waits for the answer to a press; no words: any that refuses.
func (r *rig) noted(query, words string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	m, err := r.api.WaitMessage(ctx, func(m fakeapi.Sent) bool { return m.Query == query })
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.Contains(m.Text, words) || words == "" && strings.Contains(m.Text, "mengambil") {
		r.t.Errorf("the press was answered %q, want %q", m.Text, words)
	}
}

// missEvening makes a stopped program believe that its last digest was a day and a half ago.
func (r *rig) missEvening() {
	r.t.Helper()
	v := r.vault()
	defer v.close()
	err := v.store.Update(context.Background(), func(tx bot.Tx) error {
		c, err := tx.Cursor(digest.CursorName(digest.Coordinators))
		if err != nil {
			return err
		}
		c.Event, c.Slot = 0, time.Now().Add(-36*time.Hour)
		return tx.PutCursor(digest.CursorName(digest.Coordinators), c)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// healthy asks what an operator's monitoring asks.
func (r *rig) healthy() {
	r.t.Helper()
	if code, body := r.get("/healthz"); code != http.StatusOK || body != "ok\n" {
		r.t.Errorf("/healthz: %d %q", code, body)
	}
	code, body := r.get("/readyz")
	for _, line := range []string{`"ready":true`, `{"name":"store","ok":true}`, `{"name":"telegram","ok":true,"note":"receiving"}`,
		`{"name":"coordinators","ok":true,"note":"telegram"}`} {
		if code != http.StatusOK || !strings.Contains(body, line) {
			r.t.Errorf("/readyz: %d, no %s in %s", code, line, body)
		}
	}
	_, body = r.get("/metrics")
	for _, name := range []string{"awas_inbox_handled_total", "awas_outbox_sent_total", `awas_waiting{queue="outbox"}`,
		"awas_quarantined 0", "awas_panics_total 0", "process_resident_memory_bytes"} {
		if !strings.Contains(body, name) {
			r.t.Errorf("/metrics has no %s", name)
		}
	}
	for _, words := range r.secret {
		if strings.Contains(body, words) {
			r.t.Errorf("/metrics tells %q", words)
		}
	}
}

// TestTelegramFiles: what people send is fetched, stored once by content, and follows the card.
func TestTelegramFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kinds := map[string]string{} // SHA-256 of what must be stored, to its content
	data := func(name string) []byte {
		raw := picture(name)
		sum := sha256.Sum256(raw)
		kinds[hex.EncodeToString(sum[:])] = string(raw)
		return raw
	}
	photo, album, paper, video := r.citizen, r.person(1), r.person(2), r.person(4)

	r.api.File(fakeapi.Private(photo), photo, "photo", fakeapi.FileData{Data: data("satu")}, fakeapi.Caption(sentence))
	r.hear(photo.ID, "Nomor tiket")
	r.hear(r.group.ID, sentence, "1 foto")
	r.file("photo")

	r.api.Album(fakeapi.Private(album), album, "tiga lembar", data("dua"), data("tiga"), data("satu"))
	r.hear(album.ID, "Nomor tiket")
	r.hear(r.group.ID, "tiga lembar", "3 foto")
	for range 3 {
		r.file("photo")
	}

	r.api.File(fakeapi.Private(paper), paper, "document", fakeapi.FileData{Name: "bukti.png", MIME: "image/png", Data: data("lima")})
	r.hear(paper.ID, "Nomor tiket")
	r.hear(r.group.ID, "Pengirim: 1")
	if f := r.file("document"); string(f.File.Data) != string(picture("lima")) {
		t.Error("the document changed on its way to the desk")
	}

	r.api.File(fakeapi.Private(video), video, "video", fakeapi.FileData{Size: 21 << 20, Seconds: 60})
	r.hear(video.ID, "Nomor tiket")
	r.hear(r.group.ID, "1 video")
	r.api.Text(r.group, r.admin, "/lihat 4")
	r.hear(r.group.ID, "terlalu besar")

	r.drained()
	r.end()
	v := r.vault()
	defer v.close()
	stored := map[string]int{}
	err := v.store.View(t.Context(), func(tx bot.Tx) error {
		for id := range bot.TipID(4) {
			items, err := tx.Items(id + 1)
			if err != nil {
				return err
			}
			for _, it := range items {
				for _, f := range it.Files {
					if f.State == bot.FileStored {
						stored[f.SHA256]++
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for sha, want := range kinds {
		file, err := v.files.Open(sha)
		if err != nil {
			t.Errorf("file %s, referred to %d times: %v", sha, stored[sha], err)
			continue
		}
		if got, err := io.ReadAll(file); err != nil || string(got) != want {
			t.Errorf("file %s came back changed: %v", sha, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(stored) != len(kinds) || stored[sha(picture("satu"))] != 2 {
		t.Errorf("stored %v, want the %d files, one of them referred to twice", stored, len(kinds))
	}
}

func sha(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// file waits for the next file of a kind in the coordinators' group.
func (r *rig) file(kind string) fakeapi.Sent {
	r.t.Helper()
	for {
		if m := r.hear(r.group.ID); m.File != nil {
			if m.File.Kind != kind {
				r.t.Errorf("a %s came to the desk, want a %s", m.File.Kind, kind)
			}
			return m
		}
	}
}

// drained waits until nothing is on its way any more. Timers may be: some are set for years.
func (r *rig) drained() {
	r.t.Helper()
	drained(r.t, func() string { _, body := r.get("/metrics"); return body }, r.logs, "inbox", "outbox", "jobs")
}

// drained waits until queues are empty, as /metrics tells.
func drained(t testing.TB, metrics func() string, logs *journal, queues ...string) {
	t.Helper()
	late, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		body, busy := metrics(), false
		for _, queue := range queues {
			busy = busy || !strings.Contains(body, `awas_waiting{queue="`+queue+`"} 0`+"\n")
		}
		if !busy {
			return
		}
		select {
		case <-look.C:
		case <-late.Done():
			t.Fatalf("something waits for ever:\n%s\n%s", body, logs)
		}
	}
}

// TestTelegramEdit: an edited message is kept beside the original.
func TestTelegramEdit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol()
	first := r.api.Text(fakeapi.Private(r.citizen), r.citizen, sentence)
	r.hear(r.citizen.ID, "Nomor tiket")
	r.hear(r.group.ID, sentence)
	r.api.Edit(fakeapi.Private(r.citizen), r.citizen, first.Message, "Ternyata di gudang kecamatan")
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, "STATUS") // answered after the edit was handled
	r.hear(r.citizen.ID, "Tiket Kakak")
	r.api.Text(r.group, r.officer, "/lihat 1")
	r.hear(r.group.ID, sentence, "diubah menjadi", "Ternyata di gudang kecamatan")
}

// TestTelegramUpdateOfTheFuture: a type this version does not know is acknowledged, kept and counted.
func TestTelegramUpdateOfTheFuture(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol()
	id := strconv.FormatInt(r.citizen.ID, 10)
	future := r.api.Raw(`{"update_id":$ID,"hologram":{"from":{"id":` + id + `,"first_name":"Warganame"},"say":"` + sentence + `"}}`)
	r.tip(r.person(1), "tulisan biasa")
	r.api.Text(r.group, r.officer, "/antrean")
	r.hear(r.group.ID, "Antrean", "Dikarantina: 0", "Jenis belum dikenal: 1")
	if p := r.api.Pending(); len(p) > 0 && p[0] <= future {
		t.Errorf("update %d was not acknowledged", future)
	}
}
