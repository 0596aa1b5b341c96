package whatsapp_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"

	"awassiber/bot"
	"awassiber/bot/whatsapp/fakewa"
)

// Who is no longer known leaves no name, number, word or file in the session file; who is known stays, and
// whoever was forgotten can write again.
func TestSweep(t *testing.T) {
	r := linked(t)
	gone, stays := r.Person("warga1"), r.Person("warga2")
	g := r.Group("Meja", gone, stays)
	old := r.Person("warga3")
	old.Show(fakewa.ByNumberAlone)
	for i, p := range []*fakewa.Person{gone, stays, old} {
		must(p.Media(fakewa.File{Kind: fakewa.Image, Data: []byte("foto"), Caption: "kata-kata"}))(t)
		chat := r.inbox.wait(t, i+1)[i].Chat
		must(r.client.Send(within(t), delivery(chat, bot.Message{Text: "jawaban untuk " + p.Name})))(t)
	}
	must(gone.InGroup(g).Say("di grup"))(t)
	r.inbox.wait(t, 4)
	ok(t, r.WaitSettled(within(t)))
	known := func(_ context.Context, all []bot.Address) ([]bool, error) {
		var answers []bool
		for _, a := range all {
			if a.Network != bot.WhatsApp || a.Chat == r.LID().String() || a.Chat == r.Number().String() {
				t.Errorf("asked whether %v is known", a)
			}
			answers = append(answers, a.Chat == stays.LID.String()) // under one of two identities
		}
		return answers, nil
	}
	if n := must(r.client.Sweep(within(t), known))(t); n != 0 {
		t.Errorf("forgot %d at first sight", n)
	}
	if n := must(r.client.Sweep(within(t), known))(t); n != 2 {
		t.Errorf("forgot %d, want 2", n)
	}
	r.stop()
	for _, p := range []*fakewa.Person{gone, old} {
		in(t, r.config.Path, p.PN.User+"@s.whatsapp.net", false)
		in(t, r.config.Path, "jawaban untuk "+p.Name, false)
		in(t, r.config.Path, p.Name, false)
	}
	in(t, r.config.Path, "jawaban untuk warga2", true)
	in(t, r.config.Path, stays.PN.User, true)

	r.start(t)
	must(gone.Say("masih di sini"))(t)
	must(stays.Say("saya juga"))(t)
	must(old.Say("dan saya"))(t)
	var texts []string
	for n := 5; len(texts) < 3; n++ {
		if u := r.inbox.wait(t, n)[n-1]; u.Kind == bot.KindMessage {
			texts = append(texts, u.Message.Text)
		} else if u.From.Address.Chat != old.PN.String() { // whose phone is asked to send it again
			t.Errorf("unread: %+v", u)
		}
	}
	slices.Sort(texts)
	if !slices.Equal(texts, []string{"dan saya", "masih di sini", "saya juga"}) {
		t.Errorf("afterwards %q", texts)
	}
}

// in tells whether words stand anywhere in the file, deleted or not.
func in(t *testing.T, path, words string, want bool) {
	t.Helper()
	raw := must(os.ReadFile(path))(t)
	if log, err := os.ReadFile(path + "-wal"); err == nil {
		raw = append(raw, log...)
	}
	if got := bytes.Contains(raw, []byte(words)); got != want {
		t.Errorf("%q in the file: %v, want %v", words, got, want)
	}
}
