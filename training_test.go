package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"awassiber/bot/sim/simtest"
)

// screenshots, if set, is a directory to keep pictures of the page in: those of docs/ are made so.
const screenshots = "AWAS_SCREENSHOTS"

// TestATipToAVerdictOnTheTrainingPage is the newcomer's first five minutes: the program as
// `go run .` starts it, its page in a real browser, a tip sent, a card taken, a verdict received.
func TestATipToAVerdictOnTheTrainingPage(t *testing.T) {
	browser := simtest.Start(t)
	url := startProgram(t, nil)
	page := browser.Open(t, url, 1280, 860)

	page.Click(simtest.WelcomeLook)
	page.Click(simtest.Samples)
	page.Click(simtest.FirstSample)
	page.Wait(`document.querySelector("#panel-warga .own .ticks.ok")`)
	page.Click(simtest.Plus15s)
	page.See(simtest.CitizenLog, "Nomor tiket: JBI-")
	page.Press(simtest.CitizenLog, "1 Kabar bohong")
	page.See(simtest.CitizenLog, "kabupaten/kota mana")
	page.Press(simtest.CitizenLog, "9 Tebo")
	page.See(simtest.GroupLog, "Kabupaten Tebo")

	page.Choose(simtest.GroupWho, "Petugas 1")
	page.Press(simtest.GroupLog, "Ambil")
	page.See(simtest.GroupNote, "mengambil kasus")
	page.See(simtest.GroupLog, "Dipegang oleh: Petugas 1")
	page.Type(simtest.GroupText, "/putus 1 SALAH TPS buka sampai pukul 13.00 https://cekfakta.example.id/tps")
	page.Click(simtest.GroupSend)
	page.See(simtest.GroupLog, "Usulan hasil dari Petugas 1")
	page.Choose(simtest.GroupWho, "Admin")
	page.Press(simtest.GroupLog, "Setujui hasil")
	page.See(simtest.CitizenLog, "sudah selesai diperiksa")
	page.See(simtest.CitizenLog, "TPS buka sampai pukul 13.00")
	keep(t, page, "training")

	page.Click(simtest.Until18)
	page.See(simtest.GroupLog, "Ringkasan")
	page.Resize(390, 844)
	page.Click(simtest.CitizenTab)
	keep(t, page, "training-phone")
	for _, problem := range page.Problems() {
		t.Errorf("the page complained: %s", problem)
	}
}

func keep(t *testing.T, page *simtest.Page, name string) {
	t.Helper()
	if dir := os.Getenv(screenshots); dir != "" {
		page.Wait(`![...document.querySelectorAll(".note")].some((n) => n.innerText.trim())`) // passing notes have passed
		simtest.Save(t, filepath.Join(dir, name+".png"), page.Screenshot())
	}
}

// startProgram runs the program as the command line does, on a port of the kernel's, and returns
// the page's address. It ends, cleanly, with the test.
func startProgram(t *testing.T, settings map[string]string) string {
	t.Helper()
	env := map[string]string{"AWAS_DATA": t.TempDir(), "AWAS_HTTP": "127.0.0.1:0", "AWAS_LOG": "error"}
	for k, v := range settings {
		env[k] = v
	}
	ctx, stop := context.WithCancel(context.Background())
	var errs lockedBuffer
	out := newLineWatch(regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`))
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, nil, func(k string) string { return env[k] }, out, &errs)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-done; code != exitOK {
			t.Errorf("the program ended with %d: %s", code, errs.String())
		}
	})
	select {
	case url := <-out.found:
		return url
	case code := <-done:
		done <- code
		t.Fatalf("the program did not start: %s", errs.String())
	}
	return ""
}

// lineWatch is an output that waits for a word.
type lineWatch struct {
	word  *regexp.Regexp
	found chan string
	buf   bytes.Buffer
	once  sync.Once
}

func newLineWatch(word *regexp.Regexp) *lineWatch {
	return &lineWatch{word: word, found: make(chan string, 1)}
}

// Write looks for the word in all that was written.
func (w *lineWatch) Write(p []byte) (int, error) {
	w.buf.Write(p)
	if m := w.word.Find(w.buf.Bytes()); m != nil {
		w.once.Do(func() { w.found <- string(m) })
	}
	return len(p), nil
}

// lockedBuffer collects output of several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String returns what was written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

var _ io.Writer = (*lockedBuffer)(nil)
