package telegram_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/telegram/fakeapi"
)

func to(chat int64) bot.Address {
	return bot.Address{Network: bot.Telegram, Chat: fmt.Sprint(chat)}
}

// deliver wraps a message for warga1's chat.
func deliver(m bot.Message) bot.Delivery {
	return bot.Delivery{Message: &m, To: to(warga1.ID), Unique: "d1", Tries: 1}
}

// send sends and returns what the server saw of it.
func (r rig) send(t *testing.T, d bot.Delivery) (bot.MessageRef, []fakeapi.Sent) {
	t.Helper()
	before := len(r.Messages())
	ref, err := r.client.Send(within(t), d)
	if err != nil {
		t.Fatal(err)
	}
	return ref, r.Messages()[before:]
}

// failure sends and returns the error.
func (r rig) failure(t *testing.T, d bot.Delivery) *bot.SendError {
	t.Helper()
	_, err := r.client.Send(within(t), d)
	var failed *bot.SendError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v, want a *bot.SendError", err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, failed), "TEST-token") {
		t.Errorf("the token stands in %v", err)
	}
	return failed
}

func TestTextWithBoldAndButtons(t *testing.T) {
	r := newRig(t)
	ref, sent := r.send(t, deliver(bot.Message{Text: "😀 " + bot.Bold("JBI-26-00173-K") + " *bukan* <b>markup</b>",
		ReplyTo: "77", Buttons: [][]bot.Button{{{Label: "1 Ya", Data: "y/17"}, {Label: "Situs", URL: "https://contoh.invalid/"}}, {}}}))
	if len(sent) != 1 {
		t.Fatalf("%d messages", len(sent))
	}
	m := sent[0]
	if m.Text != "😀 JBI-26-00173-K *bukan* <b>markup</b>" || m.Chat != warga1.ID {
		t.Errorf("text %q to %d", m.Text, m.Chat)
	}
	if want := []fakeapi.Entity{{Type: "bold", Offset: 3, Length: 14}}; !slices.Equal(m.Entities, want) {
		t.Errorf("entities %v, want %v", m.Entities, want)
	}
	if len(m.Buttons) != 1 || len(m.Buttons[0]) != 2 || m.Buttons[0][0].Data != "y/17" || m.Buttons[0][1].URL == "" {
		t.Errorf("buttons %v", m.Buttons)
	}
	if ref.Chat != to(warga1.ID) || ref.ID != bot.MessageID(fmt.Sprint(m.ID)) {
		t.Errorf("reference %v, message %d", ref, m.ID)
	}
}

func TestReply(t *testing.T) {
	r := newRig(t)
	question := r.Text(desk, petugas1, "/lihat 17")
	_, sent := r.send(t, bot.Delivery{To: to(desk.ID), Message: &bot.Message{Text: "ini", ReplyTo: bot.MessageID(fmt.Sprint(question.Message))}})
	if sent[0].ReplyTo != question.Message {
		t.Errorf("reply to %d, want %d", sent[0].ReplyTo, question.Message)
	}
	if _, sent = r.send(t, deliver(bot.Message{Text: "ini", ReplyTo: "bukan angka"})); sent[0].ReplyTo != 0 {
		t.Errorf("reply to %d", sent[0].ReplyTo)
	}
}

func TestLongTextKeepsBoldAndButtonsAtTheEnd(t *testing.T) {
	r := newRig(t)
	text := bot.Bold(strings.Repeat("Kalimat pendek. ", 600))
	ref, sent := r.send(t, deliver(bot.Message{Text: text, Buttons: [][]bot.Button{{{Label: "1", Data: "x"}}}}))
	if len(sent) != 3 {
		t.Fatalf("%d parts, want 3", len(sent))
	}
	for i, m := range sent {
		last := i == len(sent)-1
		if len(m.Entities) != 1 || m.Entities[0].Offset != 0 || m.Entities[0].Length != len(m.Text) {
			t.Errorf("part %d of %d units: entities %v", i, len(m.Text), m.Entities)
		}
		if (len(m.Buttons) > 0) != last {
			t.Errorf("part %d: buttons %v", i, m.Buttons)
		}
		if last && ref.ID != bot.MessageID(fmt.Sprint(m.ID)) {
			t.Errorf("the reference is not the last part")
		}
	}
}

func TestPartsAreNotRepeated(t *testing.T) {
	r := newRig(t)
	d := deliver(bot.Message{Text: strings.Repeat("Kalimat pendek. ", 600)})
	r.Inject(fakeapi.Fault{Method: "sendMessage", Delay: time.Nanosecond}) // the first part passes
	r.Inject(fakeapi.Fault{Method: "sendMessage", Code: 500, Times: 2})
	if f := r.failure(t, d); f.Permanent || f.Reason != "server" {
		t.Errorf("failure %+v", f)
	}
	r.failure(t, d)
	r.send(t, d)
	var whole strings.Builder
	for _, m := range r.Messages() {
		whole.WriteString(m.Text + " ")
	}
	if whole.String() != d.Message.Text {
		t.Errorf("%d messages of %d characters, want every sentence once", len(r.Messages()), whole.Len())
	}
	if _, sent := r.send(t, d); len(sent) != 3 {
		t.Errorf("a later delivery sent %d parts", len(sent))
	}
}

func TestEdit(t *testing.T) {
	r := newRig(t)
	message := bot.Message{Key: "card/1", Text: "baru", Buttons: [][]bot.Button{{{Label: "Ambil", Data: "t/1"}}}}
	ref, sent := r.send(t, deliver(message))
	edit := deliver(bot.Message{Edit: "card/1", Text: "diambil " + bot.Bold("petugas1")})
	edit.Ref = ref
	again, _ := r.send(t, edit)
	now, _ := r.Shown(sent[0].ID)
	if again != ref || now.Text != "diambil petugas1" || len(now.Buttons) != 0 || len(now.Entities) != 1 {
		t.Errorf("%v shows %+v", again, now)
	}
	if _, sent = r.send(t, edit); len(sent) != 0 {
		t.Errorf("an edit that changes nothing did %v", sent)
	}
	edit.Ref.Chat = bot.Address{} // a store that keeps no private chat in references
	edit.Message.Text = "selesai"
	if _, sent = r.send(t, edit); len(sent) != 1 || !sent[0].Edited() {
		t.Errorf("did %v, want an edit", sent)
	}
}

func TestEditOfACaption(t *testing.T) {
	r := newRig(t)
	ref, _ := r.send(t, deliver(bot.Message{Text: "lama", Document: &bot.Document{Name: "data.json", Data: []byte("{}")}}))
	edit := deliver(bot.Message{Edit: "k", Text: "baru"})
	edit.Ref = ref
	if _, sent := r.send(t, edit); len(sent) != 1 || sent[0].Method != "editMessageCaption" || sent[0].Text != "baru" {
		t.Errorf("did %+v", sent)
	}
}

func TestWhatCannotBeEditedIsSentAnew(t *testing.T) {
	for _, c := range []struct {
		name  string
		ref   bot.MessageRef
		fault string
		text  string
	}{
		{"never sent", bot.MessageRef{}, "", "baru"},
		{"deleted", bot.MessageRef{Chat: to(warga1.ID), ID: "999999"}, "", "baru"},
		{"too old", bot.MessageRef{ID: "101"}, "Bad Request: message can't be edited", "baru"},
		{"left behind in the old group", bot.MessageRef{Chat: to(-5), ID: "101"}, "", "baru"},
		{"reference of another network", bot.MessageRef{ID: "abc"}, "", "baru"},
		{"too long for one message", bot.MessageRef{ID: "101"}, "", strings.Repeat("panjang ", 600)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.send(t, deliver(bot.Message{Text: "lama"})) // 101
			if c.fault != "" {
				r.Inject(fakeapi.Fault{Method: "editMessageText", Code: 400, Text: c.fault})
			}
			edit := deliver(bot.Message{Edit: "k", Text: c.text})
			edit.Ref = c.ref
			ref, sent := r.send(t, edit)
			if len(sent) == 0 || sent[0].Edited() || ref == c.ref || ref.ID == "" {
				t.Errorf("did %d things, reference %v", len(sent), ref)
			}
		})
	}
}

func TestAnswer(t *testing.T) {
	r := newRig(t)
	press := r.Press(desk, petugas1, 1, "t/1")
	ref, sent := r.send(t, deliver(bot.Message{Answer: press.Query, Text: bot.Bold(strings.Repeat("catatan ", 40))}))
	if len(sent) != 1 || sent[0].Query != press.Query || len([]rune(sent[0].Text)) > 200 || !strings.HasSuffix(sent[0].Text, "…") {
		t.Errorf("did %+v", sent)
	}
	if ref != (bot.MessageRef{}) {
		t.Errorf("an answer has the reference %v", ref)
	}
	r.send(t, deliver(bot.Message{Answer: "q99999", Text: "terlambat"})) // too old: done
	r.Inject(fakeapi.Fault{Method: "answerCallbackQuery", Code: 500})
	if f := r.failure(t, deliver(bot.Message{Answer: press.Query})); f.Permanent {
		t.Errorf("failure %+v", f)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fakeapi.Fault
		want  bot.SendError
	}{
		{"flood", fakeapi.Fault{Code: 429, RetryAfter: 7}, bot.SendError{Reason: "rate", After: 7 * time.Second}},
		{"blocked", fakeapi.Fault{Code: 403, Text: "Forbidden: bot was blocked by the user"}, bot.SendError{Reason: "blocked", Permanent: true}},
		{"moved", fakeapi.Fault{Code: 400, MigrateTo: -1009}, bot.SendError{Reason: "moved", Moved: to(-1009)}},
		{"no chat", fakeapi.Fault{Code: 400, Text: "Bad Request: chat not found"}, bot.SendError{Reason: "no_chat", Permanent: true}},
		{"no rights", fakeapi.Fault{Code: 400, Text: "Bad Request: not enough rights to send text messages to the chat"}, bot.SendError{Reason: "no_rights", Permanent: true}},
		{"refused", fakeapi.Fault{Code: 400, Text: "Bad Request: BUTTON_DATA_INVALID"}, bot.SendError{Reason: "refused", Permanent: true}},
		{"token", fakeapi.Fault{Code: 401}, bot.SendError{Reason: "unauthorised", WholeNetwork: true, After: time.Minute}},
		{"server", fakeapi.Fault{Code: 503}, bot.SendError{Reason: "server"}},
		{"page", fakeapi.Fault{Code: 502, HTML: true}, bot.SendError{Reason: "unreadable"}},
		{"truncated", fakeapi.Fault{Truncate: true}, bot.SendError{Reason: "unreadable"}},
		{"cut", fakeapi.Fault{Cut: true}, bot.SendError{Reason: "network"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.fault.Method = "sendMessage"
			r.Inject(c.fault)
			got := *r.failure(t, deliver(bot.Message{Text: "rahasia warga"}))
			if strings.Contains(got.Error(), "rahasia") {
				t.Errorf("the text stands in the error %q", got.Error())
			}
			got.Err = nil
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			r.send(t, deliver(bot.Message{Text: "rahasia warga"})) // and then it works
		})
	}
}

func TestNowhereAndNothing(t *testing.T) {
	r := newRig(t)
	for name, d := range map[string]bot.Delivery{
		"empty":           deliver(bot.Message{}),
		"only marks":      deliver(bot.Message{Text: bot.Bold(" ")}),
		"no message":      {To: to(5)},
		"another network": {To: bot.Address{Network: bot.Sim, Chat: "5"}, Message: &bot.Message{Text: "x"}},
		"no address":      {Message: &bot.Message{Text: "x"}},
	} {
		if f := r.failure(t, d); !f.Permanent {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if n := len(r.Messages()); n != 0 {
		t.Errorf("%d messages went out", n)
	}
}

func TestUnreachableServer(t *testing.T) {
	r := newRig(t)
	r.Close()
	if f := r.failure(t, deliver(bot.Message{Text: "x"})); f.Permanent || f.Reason != "network" || f.Err == nil {
		t.Errorf("failure %+v", f)
	}
	if _, err := r.client.Me(within(t)); err == nil || strings.Contains(err.Error(), r.Token) {
		t.Errorf("Me: %v", err)
	}
}

func TestRateLimitsOfTheServer(t *testing.T) {
	server := fakeapi.StartFor(t, fakeapi.Options{Limits: true, Now: func() time.Time { return time.Unix(1700000000, 0) }})
	client, err := telegram.New(telegram.Config{Token: server.Token, API: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	r := rig{Server: server, client: client}
	r.send(t, deliver(bot.Message{Text: "satu"}))
	if f := r.failure(t, deliver(bot.Message{Text: "dua"})); f.Reason != "rate" || f.After != time.Second {
		t.Errorf("failure %+v", f)
	}
}
