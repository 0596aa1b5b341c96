package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"awassiber/bot/telegram/fakeapi"
)

// TestTelegramConflict: another process takes the updates for a while. It is said where operators and
// admins look, and receiving resumes by itself.
func TestTelegramConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.logs.wait(t, "to=receiving")
	r.api.Inject(fakeapi.Fault{Method: "getUpdates", Times: -1, Code: http.StatusConflict,
		Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
	r.intrude()
	r.hear(r.admin.ID, "proses lain memakai token")
	r.hear(r.group.ID, "proses lain memakai token")
	code, body := r.get("/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, `{"name":"telegram","ok":false,"note":"conflict"}`) {
		t.Errorf("/readyz: %d %s", code, body)
	}
	if code, _ := r.get("/healthz"); code != http.StatusOK {
		t.Errorf("/healthz: %d; a restart would mend nothing", code)
	}
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, sentence)
	r.api.Clear() // the other one is gone
	r.hear(r.admin.ID, "hanya dipakai bot ini lagi")
	r.hear(r.citizen.ID, "Nomor tiket")
	if code, body := r.get("/readyz"); code != http.StatusOK {
		t.Errorf("/readyz afterwards: %d %s", code, body)
	}
}

// intrude asks for updates as another process with the same token would, which ends the bot's request.
// It is refused itself, by the same fault.
func (r *rig) intrude() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	before := r.api.Calls("getUpdates")
	r.api.Text(fakeapi.Group(-5, "lain"), r.officer, "ends the poll that is open") // no command: no answer
	if err := r.api.WaitCalls(ctx, "getUpdates", before+1); err != nil {
		r.t.Fatal(err)
	}
}

// TestTelegramBlocked: who blocked the bot cannot be told, the desk is; everybody else is served.
func TestTelegramBlocked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.api.Block(r.citizen.ID)
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, sentence)
	card := r.hear(r.group.ID, sentence, "baru")
	r.tip(r.person(1), "dari orang lain")
	r.hear(r.group.ID, "dari orang lain")
	if card.Find("Ambil") == "" {
		t.Error("the blocked citizen's case cannot be taken")
	}
	r.drained()
	if !strings.Contains(r.said(), "memblokir bot") {
		t.Errorf("the desk was not told:\n%s", r.said())
	}
}

// TestTelegramGroupBecomesASupergroup is followed whether the group says so or the next send fails.
func TestTelegramGroupBecomesASupergroup(t *testing.T) {
	for name, move := range map[string]func(r *rig, to fakeapi.Chat){
		"update": func(r *rig, to fakeapi.Chat) { r.api.Migrate(r.group, to) },
		"error": func(r *rig, to fakeapi.Chat) {
			r.api.Inject(fakeapi.Fault{Chat: r.group.ID, Times: -1, Code: http.StatusBadRequest, MigrateTo: to.ID,
				Text: "Bad Request: group chat was upgraded to a supergroup chat"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.enrol()
			r.tip(r.citizen, sentence)
			r.hear(r.group.ID, sentence)
			super := fakeapi.Group(-1005123400001, r.group.Title)
			move(r, super)
			r.tip(r.person(1), "sesudah pindah")
			r.hear(super.ID, "sesudah pindah")
			r.api.Text(super, r.officer, "/ambil 1")
			// The old card stayed behind in the old chat: a new one takes its place.
			r.hear(super.ID, sentence, "Dipegang oleh: Petugas 1")
			r.drained()
			if n := strings.Count(r.said(), "sudah menjadi supergrup"); n != 1 {
				t.Errorf("the desk was told of the move %d times", n)
			}
			r.restart()
			r.tip(r.person(2), "sesudah mulai lagi")
			r.hear(super.ID, "sesudah mulai lagi")
		})
	}
}

// TestTelegramBadLine: slow, cut, garbled and refused calls delay, and lose nothing.
func TestTelegramBadLine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.logs.wait(t, "to=receiving")
	for _, f := range []fakeapi.Fault{
		{Method: "getUpdates", Cut: true},
		{Method: "getUpdates", Truncate: true},
		{Method: "getUpdates", Code: http.StatusBadGateway, HTML: true},
		{Method: "sendMessage", Delay: 200 * time.Millisecond},
		{Method: "sendMessage", Cut: true},
		{Method: "sendMessage", Code: http.StatusInternalServerError},
		{Method: "sendMessage", Code: http.StatusTooManyRequests, RetryAfter: 1},
		{Method: "sendMessage", Truncate: true, After: true},
		{Method: "getFile", Code: http.StatusBadGateway, HTML: true},
		{Method: "file", Cut: true},
	} {
		r.api.Inject(f)
	}
	people := []fakeapi.User{r.citizen, r.person(1), r.person(2), r.person(3)}
	matters := []string{sentence, "Baliho roboh di simpang empat", "Honor saksi belum dibayar", "Undangan memilih tertukar dengan tetangga"}
	for i, p := range people { // each their own, else they would be recognised as one case
		r.api.File(fakeapi.Private(p), p, "photo", fakeapi.FileData{Data: picture(matters[i])}, fakeapi.Caption(matters[i]))
	}
	for _, p := range people {
		r.hear(p.ID, "Nomor tiket")
		r.hear(p.ID, "Menurut Kakak")
	}
	for range people {
		r.file("photo")
	}
	r.drained()
	if code, body := r.get("/metrics"); code != http.StatusOK || !strings.Contains(body, "awas_retired 0\n") {
		t.Errorf("a message was given up: %s", body)
	}
	if cases := strings.Count(r.said(), "Pengirim: 1 orang"); cases < len(people) || cases > len(people)+1 {
		t.Errorf("%d cards for %d tips, of which at most one may be repeated:\n%s", cases, len(people), r.said())
	}
	r.end()
	v := r.vault()
	defer v.close()
	if n := v.tips(t, r.people(people)); n != len(people) {
		t.Errorf("%d tips of %d people", n, len(people))
	}
}

// TestTelegramWebhook: updates posted to the program's own address.
func TestTelegramWebhook(t *testing.T) {
	t.Parallel()
	const path = "/kait/telegram"
	r := newRig(t, "AWAS_TELEGRAM_WEBHOOK", "http://localhost"+path, "AWAS_TELEGRAM_SECRET", "kata-sandi-kait")
	r.secret = append(r.secret, "kata-sandi-kait")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.api.WaitCalls(ctx, "setWebhook", 1); err != nil {
		t.Fatal(err)
	}
	r.logs.wait(t, "msg=listening")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, r.address())
		}}}
	r.api.PushClient(client)
	post := func(secret string, body []byte) int {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost"+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	forged := []byte(`{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":7300000009,"type":"private"},"from":{"id":7300000009},"text":"palsu"}}`)
	for secret, want := range map[string]int{"": 401, "salah": 401, "kata-sandi-kai": 401} {
		if code := post(secret, forged); code != want {
			t.Errorf("secret %q: %d, want %d", secret, code, want)
		}
	}
	if code := post("kata-sandi-kait", bytes.Repeat([]byte(" "), 2<<20)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 2 MB: %d", code)
	}
	if code, body := r.get("/readyz"); code != http.StatusOK {
		t.Errorf("/readyz before the first post: %d %s", code, body)
	}
	r.api.Text(fakeapi.Private(r.citizen), r.citizen, sentence)
	if code, err := r.api.Push(ctx); code != http.StatusOK || err != nil {
		t.Fatalf("post: %d, %v", code, err)
	}
	// What was answered 200 is on disk: the program may go and the tip is there.
	r.restart()
	r.hear(r.citizen.ID, "Nomor tiket")
	r.hear(r.group.ID, sentence)
	// The same update once more, as Telegram posts it when the answer was lost.
	again, err := json.Marshal(map[string]any{"update_id": r.api.Acknowledged()[0], "message": map[string]any{
		"message_id": 101, "date": 1, "text": sentence, "from": map[string]any{"id": r.citizen.ID, "first_name": r.citizen.First},
		"chat": map[string]any{"id": r.citizen.ID, "type": "private"}}})
	if err != nil {
		t.Fatal(err)
	}
	if code := post("kata-sandi-kait", again); code != http.StatusOK {
		t.Errorf("a repeated post: %d", code)
	}
	r.drained()
	r.end()
	v := r.vault()
	defer v.close()
	if n := v.tips(t, r.people([]fakeapi.User{r.citizen, {ID: 7300000009}})); n != 1 {
		t.Errorf("%d tips, want 1", n)
	}
}
