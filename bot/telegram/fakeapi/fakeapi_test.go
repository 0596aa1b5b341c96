package fakeapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"awassiber/bot/telegram/fakeapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var warga1 = fakeapi.User{ID: 5001, First: "warga1"}

// answer is the API's envelope.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// client posts to one server.
type client struct {
	*fakeapi.Server
	t    *testing.T
	http *http.Client
}

func start(t *testing.T, o fakeapi.Options) client {
	t.Helper()
	c := client{fakeapi.StartFor(t, o), t, &http.Client{}}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

func (c client) post(method, kind string, body io.Reader) (answer, error) {
	var a answer
	resp, err := c.http.Post(c.URL+"/bot"+c.Token+"/"+method, kind, body)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	return a, json.NewDecoder(resp.Body).Decode(&a)
}

// call posts JSON and expects an envelope.
func (c client) call(method, body string) answer {
	c.t.Helper()
	a, err := c.post(method, "application/json", strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// poll asks for updates and returns their ids.
func (c client) poll(body string) []int64 {
	c.t.Helper()
	var updates []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(c.call("getUpdates", body).Result, &updates); err != nil {
		c.t.Fatal(err)
	}
	var ids []int64
	for _, u := range updates {
		ids = append(ids, u.ID)
	}
	return ids
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestOffsetAcknowledgesAllBelowIt(t *testing.T) {
	c := start(t, fakeapi.Options{})
	var ids []int64
	for range 5 {
		ids = append(ids, c.Text(fakeapi.Private(warga1), warga1, "x").Update)
	}
	if got := c.poll(`{"limit":2}`); !slices.Equal(got, ids[:2]) {
		t.Errorf("limit 2: %v", got)
	}
	if got := c.poll(`{}`); !slices.Equal(got, ids) {
		t.Errorf("what was not acknowledged comes again: %v", got)
	}
	if got := c.poll(fmt.Sprintf(`{"offset":%d}`, ids[2])); !slices.Equal(got, ids[2:]) {
		t.Errorf("after the offset: %v", got)
	}
	if got := c.Acknowledged(); !slices.Equal(got, ids[:2]) {
		t.Errorf("acknowledged %v", got)
	}
	if got := c.poll(`{"offset":1}`); !slices.Equal(got, ids[2:]) {
		t.Errorf("an older offset brings nothing back: %v", got)
	}
	if got := c.poll(`{"offset":-1}`); !slices.Equal(got, ids[4:]) {
		t.Errorf("negative offset: %v", got)
	}
	if got := c.Pending(); !slices.Equal(got, ids[4:]) {
		t.Errorf("pending %v", got)
	}
	c.Redeliver(ids[0])
	if got := c.poll(`{}`); !slices.Equal(got, []int64{ids[0], ids[4]}) {
		t.Errorf("redelivered: %v", got)
	}
}

func TestLongPollEndsWithAnUpdateOrInConflict(t *testing.T) {
	c := start(t, fakeapi.Options{})
	first := make(chan answer, 1)
	poll := func() {
		a, err := c.post("getUpdates", "application/json", strings.NewReader(`{"timeout":50}`))
		if err != nil {
			t.Error(err)
		}
		first <- a
	}
	go poll()
	if err := c.WaitCalls(within(t), "getUpdates", 1); err != nil {
		t.Fatal(err)
	}
	c.Text(fakeapi.Private(warga1), warga1, "x")
	if a := <-first; !a.OK || string(a.Result) == "[]" {
		t.Errorf("answer %+v", a)
	}
	c.poll(`{"offset":999999}`)
	go poll()
	if err := c.WaitCalls(within(t), "getUpdates", 3); err != nil {
		t.Fatal(err)
	}
	for c.poll(`{}`); len(first) == 0; c.poll(`{}`) { // the first of these may come before the other waits
	}
	if a := <-first; a.Code != http.StatusConflict {
		t.Errorf("the older poller got %+v, want a conflict", a)
	}
}

func TestBodiesOfEveryKind(t *testing.T) {
	c := start(t, fakeapi.Options{})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("photo", "a.jpg")
	if err == nil {
		_, err = part.Write([]byte("gambar"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"chat_id": "5001", "caption": "satu"} {
		if err := w.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, b := range []struct {
		method, kind string
		body         io.Reader
	}{
		{"sendPhoto", w.FormDataContentType(), &form},
		{"sendMessage", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"chat_id": {"5001"}, "text": {"satu"}}.Encode())},
		{"sendmessage", "application/json", strings.NewReader(`{"chat_id":5001,"text":"satu"}`)},
		{"sendMessage?chat_id=5001&text=satu", "", http.NoBody},
	} {
		if a, err := c.post(b.method, b.kind, b.body); err != nil || !a.OK {
			t.Errorf("%s %s: %+v, %v", b.method, b.kind, a, err)
		}
	}
	for _, m := range c.Messages() {
		if m.Text != "satu" || m.Chat != 5001 {
			t.Errorf("seen %+v", m)
		}
	}
	if m := c.Messages(); len(m) != 4 || string(m[0].File.Data) != "gambar" || !m[0].File.Upload {
		t.Errorf("seen %+v", m)
	}
	if a := c.call("sendMessage", `{"chat_id":`); a.Code != 400 {
		t.Errorf("half a body: %+v", a)
	}
}

func TestLimits(t *testing.T) {
	c := start(t, fakeapi.Options{})
	sent := c.call("sendMessage", `{"chat_id":5001,"text":"lama"}`)
	var message struct {
		ID int `json:"message_id"`
	}
	if err := json.Unmarshal(sent.Result, &message); err != nil {
		t.Fatal(err)
	}
	photo := c.File(fakeapi.Private(warga1), warga1, "photo", fakeapi.FileData{Data: []byte("g")})
	large := c.File(fakeapi.Private(warga1), warga1, "video", fakeapi.FileData{Size: 21 << 20})
	edit := func(text string) string {
		return fmt.Sprintf(`{"chat_id":5001,"message_id":%d,"text":%q}`, message.ID, text)
	}
	for _, b := range []struct{ method, body, want string }{
		{"sendMessage", `{"chat_id":5001,"text":"` + strings.Repeat("😀", 2048) + `"}`, ""},
		{"sendMessage", `{"chat_id":5001,"text":"` + strings.Repeat("😀", 2048) + `a"}`, "too long"},
		{"sendMessage", `{"chat_id":5001,"text":" "}`, "empty"},
		{"sendMessage", `{"text":"x"}`, "chat_id"},
		{"sendMessage", `{"chat_id":5001,"text":"x","entities":[{"type":"bold","offset":0,"length":2}]}`, "ENTITY"},
		{"sendMessage", `{"chat_id":5001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("a", 65) + `"}]]}}`, "BUTTON_DATA"},
		{"sendMessage", `{"chat_id":5001,"text":"x","reply_parameters":{"message_id":3}}`, "replied not found"},
		{"sendMessage", `{"chat_id":5001,"text":"x","reply_parameters":{"message_id":3,"allow_sending_without_reply":true}}`, ""},
		{"sendPhoto", `{"chat_id":5001,"photo":"` + c.FileOf(photo.Message) + `","caption":"` + strings.Repeat("a", 1025) + `"}`, "caption is too long"},
		{"sendVideo", `{"chat_id":5001,"video":"` + c.FileOf(photo.Message) + `"}`, "can't use file"},
		{"sendVideo", `{"chat_id":5001,"video":"none"}`, "wrong file identifier"},
		{"getFile", `{"file_id":"` + c.FileOf(large.Message) + `"}`, "too big"},
		{"getFile", `{"file_id":"none"}`, "invalid file_id"},
		{"editMessageText", edit("lama"), "not modified"},
		{"editMessageText", edit("baru"), ""},
		{"editMessageCaption", edit("baru"), "no caption"},
		{"editMessageText", `{"chat_id":5001,"message_id":9,"text":"x"}`, "not found"},
		{"answerCallbackQuery", `{"callback_query_id":"q1"}`, "too old"},
		{"sendMediaGroup", `{"chat_id":5001,"media":[]}`, "wrong number"},
		{"sendHologram", `{"chat_id":5001}`, "method not found"},
	} {
		a := c.call(b.method, b.body)
		if a.OK != (b.want == "") || !strings.Contains(a.Description, b.want) {
			t.Errorf("%s %.60s: %v %q, want %q", b.method, b.body, a.OK, a.Description, b.want)
		}
	}
	if m, ok := c.Shown(message.ID); !ok || m.Text != "baru" {
		t.Errorf("shown %+v", m)
	}
}

func TestRates(t *testing.T) {
	now := time.Unix(1700000000, 0)
	c := start(t, fakeapi.Options{Limits: true, Now: func() time.Time { return now }})
	send := func(chat int64) int {
		return c.call("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"x"}`, chat)).Parameters.RetryAfter
	}
	if a, b := send(1), send(1); a != 0 || b != 1 {
		t.Errorf("one chat: retry after %d, %d", a, b)
	}
	for i := range int64(29) {
		if r := send(100 + i); r != 0 {
			t.Errorf("message %d: retry after %d", i+2, r)
		}
	}
	if r := send(200); r != 1 {
		t.Errorf("the 31st within a second: retry after %d", r)
	}
	now = now.Add(time.Minute)
	for range 20 {
		if r := send(-5); r != 0 {
			t.Errorf("group: retry after %d", r)
		}
	}
	if r := send(-5); r != 60 {
		t.Errorf("the 21st in a group: retry after %d", r)
	}
}

func TestAlbums(t *testing.T) {
	c := start(t, fakeapi.Options{})
	posted := c.Album(fakeapi.Private(warga1), warga1, "tiga", []byte("a"), []byte("b"), []byte("c"))
	var updates []struct {
		Message struct {
			Album   string `json:"media_group_id"`
			Caption string `json:"caption"`
		} `json:"message"`
	}
	if err := json.Unmarshal(c.call("getUpdates", `{}`).Result, &updates); err != nil {
		t.Fatal(err)
	}
	if len(updates) != 3 || updates[0].Message.Album == "" || updates[0].Message.Album != updates[2].Message.Album ||
		updates[0].Message.Caption != "tiga" || updates[1].Message.Caption != "" {
		t.Errorf("updates %+v", updates)
	}
	id := c.FileOf(posted[1].Message)
	a := c.call("sendMediaGroup", `{"chat_id":5001,"media":[{"type":"photo","media":"`+id+`","caption":"x"},{"type":"photo","media":"`+id+`"}]}`)
	if m := c.Messages(); !a.OK || len(m) != 2 || m[0].Text != "x" || string(m[1].File.Data) != "b" {
		t.Errorf("%+v; seen %+v", a, m)
	}
}

func TestFaults(t *testing.T) {
	c := start(t, fakeapi.Options{})
	const body = `{"chat_id":5001,"text":"x"}`
	c.Inject(fakeapi.Fault{Method: "sendMessage", Code: 429, RetryAfter: 4})
	if a := c.call("sendMessage", body); a.Code != 429 || a.Parameters.RetryAfter != 4 {
		t.Errorf("429: %+v", a)
	}
	c.Inject(fakeapi.Fault{Method: "sendMessage", Code: 500, After: true})
	if a := c.call("sendMessage", body); a.Code != 500 || len(c.Messages()) != 1 {
		t.Errorf("lost answer: %+v, %d messages", a, len(c.Messages()))
	}
	for _, f := range []fakeapi.Fault{{Cut: true}, {Truncate: true}, {HTML: true, Code: 502}} {
		c.Inject(f)
		if a, err := c.post("sendMessage", "application/json", strings.NewReader(body)); err == nil {
			t.Errorf("%+v: %+v", f, a)
		}
	}
	c.Block(5001)
	if a := c.call("sendMessage", body); a.Code != 403 {
		t.Errorf("blocked: %+v", a)
	}
	if a := c.call("sendMessage", `{"chat_id":5002,"text":"x"}`); !a.OK {
		t.Errorf("somebody else: %+v", a)
	}
	c.Clear()
	c.Migrate(fakeapi.Group(-5, "a"), fakeapi.Group(-1001234567890, "a"))
	if a := c.call("sendMessage", `{"chat_id":-5,"text":"x"}`); a.Parameters.MigrateTo != -1001234567890 {
		t.Errorf("migrated: %+v", a)
	}
	if got := c.poll(`{}`); len(got) != 2 {
		t.Errorf("migration makes updates %v", got)
	}
}

func TestSlowAnswersEndWithTheClient(t *testing.T) {
	c := start(t, fakeapi.Options{})
	c.Inject(fakeapi.Fault{Delay: time.Hour, Times: 2})
	ctx, cancel := context.WithCancel(within(t))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/bot"+c.Token+"/getMe", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		resp, err := c.http.Do(req)
		if err == nil {
			err = resp.Body.Close()
		}
		done <- err
	}()
	if err := c.WaitCalls(within(t), "getMe", 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("an answer came although it takes an hour")
	}
}

func TestPushStopsAtARefusal(t *testing.T) {
	c := start(t, fakeapi.Options{})
	status := http.StatusInternalServerError
	var secrets []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secrets = append(secrets, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		w.WriteHeader(status)
	}))
	defer site.Close()
	if _, err := c.Push(within(t)); err == nil {
		t.Error("pushed without a webhook")
	}
	c.call("setWebhook", `{"url":"`+site.URL+`","secret_token":"rahasia"}`)
	if a := c.call("getUpdates", `{}`); a.Code != 409 {
		t.Errorf("getUpdates beside a webhook: %+v", a)
	}
	a, b := c.Text(fakeapi.Private(warga1), warga1, "x").Update, c.Text(fakeapi.Private(warga1), warga1, "y").Update
	if code, err := c.Push(within(t)); err != nil || code != 500 || len(c.Acknowledged()) != 0 {
		t.Errorf("refused: %d, %v, acknowledged %v", code, err, c.Acknowledged())
	}
	status = http.StatusOK
	if code, err := c.Push(within(t)); err != nil || code != 200 || !slices.Equal(c.Acknowledged(), []int64{a, b}) {
		t.Errorf("taken: %d, %v, acknowledged %v", code, err, c.Acknowledged())
	}
	if !slices.Equal(secrets, []string{"rahasia", "rahasia", "rahasia"}) {
		t.Errorf("secrets %v", secrets)
	}
	c.call("deleteWebhook", `{}`)
	if a := c.call("getUpdates", `{}`); !a.OK {
		t.Errorf("after deleteWebhook: %+v", a)
	}
}

func TestWaitMessage(t *testing.T) {
	c := start(t, fakeapi.Options{})
	c.call("sendMessage", `{"chat_id":5001,"text":"satu","reply_markup":{"inline_keyboard":[[{"text":"1 Hoaks","callback_data":"h"}]]}}`)
	ended := make(chan error, 1)
	go func() {
		_, err := c.post("sendMessage", "application/json", strings.NewReader(`{"chat_id":5001,"text":"dua"}`))
		ended <- err
	}()
	m, err := c.WaitMessage(within(t), func(m fakeapi.Sent) bool { return m.Text == "dua" })
	if err != nil || m.Seq != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if data := c.Messages()[0].Find("Hoaks"); data != "h" {
		t.Errorf("button %q", data)
	}
	ctx, cancel := context.WithCancel(within(t))
	cancel()
	if _, err := c.WaitMessage(ctx, func(m fakeapi.Sent) bool { return m.Text == "tiga" }); err == nil {
		t.Error("found what was never sent")
	}
}

func TestTheTokenIsChecked(t *testing.T) {
	c := start(t, fakeapi.Options{Token: "9:lain"})
	resp, err := c.http.Post(c.URL+"/bot9:salah/getMe", "", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d", resp.StatusCode)
	}
}
