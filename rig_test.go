package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/telegram/fakeapi"
)

// rig is the whole program, started as main starts it, on a Bot API server of the test's own. Whatever
// a test does with it, at every stop the logs and the data directory are searched for what must not be
// in them, and the data are verified.
type rig struct {
	t   *testing.T
	api *fakeapi.Server
	dir string
	set map[string]string // the environment

	citizen, admin, officer fakeapi.User
	group                   fakeapi.Chat

	heard  map[int64]int // by chat: the last thing the bot did there that the test looked at
	secret []string      // what must not be found
	logs   *journal
	stop   func()
}

// sentence is what citizens write in these tests.
const sentence = "Katanya surat suara sudah tercoblos di gudang kelurahan"

// patience bounds waits; a test that is well never comes near it.
const patience = 90 * time.Second

// newRig starts the program. Settings are pairs of name and value, added to or in place of the usual.
func newRig(t *testing.T, settings ...string) *rig {
	t.Helper()
	r := &rig{
		t: t, api: fakeapi.StartFor(t, fakeapi.Options{Token: "314159:rahasia-besar-token"}), dir: t.TempDir(),
		citizen: fakeapi.User{ID: 7300000001, First: "Warganame", Username: "warga_satu_uji"},
		admin:   fakeapi.User{ID: 7300000091, First: "Admin"},
		officer: fakeapi.User{ID: 7300000081, First: "Petugas 1"},
		group:   fakeapi.Group(-512340001, "Koordinator"),
		heard:   map[int64]int{}, logs: &journal{},
	}
	r.set = map[string]string{
		"AWAS_DATA": r.dir, "AWAS_HTTP": "127.0.0.1:0", "AWAS_LOG": "debug", "AWAS_RATE_LIMITS": "off",
		"AWAS_TELEGRAM_TOKEN": r.api.Token, "AWAS_TELEGRAM_API": r.api.URL, "AWAS_QUIET_PERIOD": "1ms",
		"AWAS_COORDINATORS": "telegram:" + strconv.FormatInt(r.group.ID, 10),
		"AWAS_ADMINS":       "telegram:" + strconv.FormatInt(r.admin.ID, 10),
	}
	for i := 0; i < len(settings); i += 2 {
		r.set[settings[i]] = settings[i+1]
	}
	r.secret = []string{sentence, r.api.Token, "rahasia-besar-token", r.citizen.First, r.citizen.Username,
		strconv.FormatInt(r.citizen.ID, 10)}
	r.start()
	t.Cleanup(func() { r.end() })
	return r
}

// person is another citizen.
func (r *rig) person(n int64) fakeapi.User {
	u := fakeapi.User{ID: 7300000001 + n, First: "Warganame"}
	r.secret = append(r.secret, strconv.FormatInt(u.ID, 10))
	return u
}

// start starts the program and returns when it has receiving under way.
func (r *rig) start() {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	code := make(chan int, 1)
	go func() { code <- run(ctx, nil, func(name string) string { return r.set[name] }, io.Discard, r.logs) }()
	r.stop = func() {
		cancel()
		if c := <-code; c != exitOK {
			r.t.Errorf("exit code %d", c)
		}
	}
	r.logs.wait(r.t, "msg=listening")
}

// end stops the program, if it still runs, and looks at what it left.
func (r *rig) end() {
	r.t.Helper()
	if r.stop == nil {
		return
	}
	r.stop()
	r.stop = nil
	if text := r.logs.String(); strings.Contains(text, "panic") {
		r.t.Errorf("a panic in the log:\n%s", text)
	}
	for _, words := range r.secret {
		r.absent(words)
	}
	v := r.vault()
	defer v.close()
	if rep, err := v.verify(context.Background(), func(int64, int64) {}); err != nil || rep.Found > 0 {
		r.t.Errorf("data do not verify: %v %+v", err, rep)
	}
}

// restart stops and starts.
func (r *rig) restart() {
	r.t.Helper()
	r.end()
	r.logs.clear()
	r.start()
}

// vault opens the data of a program that was stopped.
func (r *rig) vault() *vault {
	r.t.Helper()
	cfg, err := loadConfig(nil, func(name string) string { return r.set[name] })
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := openVault(cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	return v
}

// absent fails the test if words stand in the log or anywhere in the data directory; a number is also
// looked for in binary.
func (r *rig) absent(words string) {
	r.t.Helper()
	forms := [][]byte{[]byte(words)}
	if n, err := strconv.ParseUint(words, 10, 64); err == nil {
		forms = append(forms, binary.BigEndian.AppendUint64(nil, n), binary.LittleEndian.AppendUint64(nil, n), binary.AppendUvarint(nil, n))
	}
	look := func(where string, raw []byte) {
		for _, f := range forms {
			if i := bytes.Index(raw, f); i >= 0 {
				r.t.Errorf("%q stands in %s: …%q…", words, where, raw[max(0, i-80):min(len(raw), i+80)])
			}
		}
	}
	look("the log", []byte(r.logs.String()))
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		// The library of WhatsApp keeps its session in clear, and what a phone may ask for again: see threats.md.
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "whatsapp.db") {
			return err
		}
		raw, err := os.ReadFile(path)
		look(filepath.Base(path), append(raw, filepath.Base(path)...))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// hear waits for the next thing the bot does in a chat that contains all words.
func (r *rig) hear(chat int64, words ...string) fakeapi.Sent {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	m, err := r.api.WaitMessage(ctx, func(m fakeapi.Sent) bool {
		for _, w := range words {
			if !strings.Contains(m.Text, w) {
				return false
			}
		}
		return m.Chat == chat && m.Seq > r.heard[chat]
	})
	if err != nil {
		r.t.Fatalf("%v: the bot never said %q; it said:\n%s\nlog:\n%s", err, words, r.said(), r.logs.String())
	}
	r.heard[chat] = m.Seq
	return m
}

// said is everything the bot did.
func (r *rig) said() string {
	var out strings.Builder
	for _, m := range r.api.Messages() {
		out.WriteString(strconv.Itoa(m.Seq) + " " + m.Method + " " + strconv.FormatInt(m.Chat, 10) + ": " + m.Text + "\n")
	}
	return out.String()
}

// tip is a citizen writing; it returns the receipt.
func (r *rig) tip(from fakeapi.User, text string, options ...fakeapi.Option) fakeapi.Sent {
	r.t.Helper()
	r.api.Text(fakeapi.Private(from), from, text, options...)
	return r.hear(from.ID, "Nomor tiket")
}

// enrol makes the officer a coordinator, as an admin does it: by replying.
func (r *rig) enrol() {
	r.t.Helper()
	hello := r.api.Text(r.group, r.officer, "Selamat pagi")
	r.api.Text(r.group, r.admin, "/petugas tambah", fakeapi.ReplyTo(hello.Message))
	r.hear(r.group.ID, r.officer.First, "sekarang petugas")
}

// get asks the running program over its control socket, which serves what the public address does.
func (r *rig) get(path string) (int, string) {
	r.t.Helper()
	link, ok, err := dialControl(r.t.Context(), filepath.Join(r.dir, "awas.sock"))
	if err != nil || !ok {
		r.t.Fatalf("no control socket: %v", err)
	}
	resp, err := link.ask(r.t.Context(), http.MethodGet, path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// address is where the program listens.
func (r *rig) address() string {
	r.t.Helper()
	_, after, _ := strings.Cut(r.logs.String(), "address=")
	address, _, _ := strings.Cut(after, "\n")
	if _, _, err := net.SplitHostPort(address); err != nil {
		r.t.Fatalf("no address in the log: %v", err)
	}
	return address
}

// journal collects what is logged.
type journal struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed at the next line; nil if nobody waits
}

// Write appends a line.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return j.text.Write(p)
}

// String returns everything so far.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Reset()
}

// wait waits for words in the log.
func (j *journal) wait(t testing.TB, words string) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		j.mu.Lock()
		found := bytes.Contains(j.text.Bytes(), []byte(words))
		if j.changed == nil {
			j.changed = make(chan struct{})
		}
		changed := j.changed
		j.mu.Unlock()
		if found {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			t.Fatalf("never logged: %q; logged was:\n%s", words, j.String())
		}
	}
}

// people are the addresses of citizens.
func (r *rig) people(of []fakeapi.User) (all []bot.Address) {
	for _, u := range of {
		all = append(all, bot.Address{Network: bot.Telegram, Chat: strconv.FormatInt(u.ID, 10)})
	}
	return all
}

// tips counts the tips of people; more than one of the same person, or one that did not become a case,
// fails the test.
func (v *vault) tips(t testing.TB, people []bot.Address) (n int) {
	t.Helper()
	err := v.store.View(context.Background(), func(tx bot.Tx) error {
		for _, p := range people {
			mine := 0
			for tip, err := range tx.TipsBy(tx.Pseudonym(p)) {
				if err != nil {
					return err
				}
				if mine++; tip.Case == 0 || tip.Items != 1 {
					t.Errorf("tip %d: case %d, %d items", tip.ID, tip.Case, tip.Items)
				}
			}
			if n += mine; mine > 1 {
				t.Errorf("%d tips of one person who sent one", mine)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
