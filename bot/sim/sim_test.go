package sim_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/sim"
)

func TestWhatPeopleDoBecomesUpdates(t *testing.T) {
	n, s := start(t, sim.Options{})
	ctx := t.Context()
	file, err := n.Upload(ctx, "a.txt", "", strings.NewReader("contoh"))
	if err != nil {
		t.Fatal(err)
	}
	fwd := &bot.Forward{Kind: bot.ForwardHidden, Title: "Anonim"}
	id, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "Lihat www.contoh.invalid/x?y=1, dan https://b.invalid.", Forward: fwd, Files: []bot.Attachment{file, file}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Say(ctx, sim.Post{From: at("admin"), To: n.Group(), Text: "/petugas tambah"}); err != nil {
		t.Fatal(err)
	}
	tamu, err := n.Say(ctx, sim.Post{From: at("tamu"), To: n.Group(), Text: "halo"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Say(ctx, sim.Post{From: at("admin"), To: n.Group(), Text: "balas", ReplyTo: tamu}); err != nil {
		t.Fatal(err)
	}
	if err := n.Edit(ctx, at("tamu"), n.Group(), tamu, "hai"); err != nil {
		t.Fatal(err)
	}
	us := s.updates()
	first := us[0]
	if first.ID != "t/1" || first.Network != bot.Sim || first.Kind != bot.KindMessage || !first.Private ||
		first.Chat != at("warga1") || first.From.Address != at("warga1") || first.From.Name != "Warga 1" || !first.At.Equal(noon()) {
		t.Errorf("first update %+v", first)
	}
	m := first.Message
	if m.ID != id || len(m.Links) != 2 || m.Links[0] != "www.contoh.invalid/x?y=1" || m.Links[1] != "https://b.invalid" || m.Forward != fwd {
		t.Errorf("first message %+v", m)
	}
	if second := us[1].Message; m.Album == "" || second.Album != m.Album || second.Text != "" || second.ID == id || len(second.Files) != 1 {
		t.Errorf("an album of two came as %+v and %+v", m, second)
	}
	last := us[len(us)-1]
	if last.Kind != bot.KindEdit || last.Private || last.Chat != n.Group() || last.Message.ID != tamu || last.Message.Text != "hai" {
		t.Errorf("edit came as %+v", last)
	}
	if q := us[len(us)-2].Message.ReplyTo; q == nil || q.ID != tamu || q.From.Address != at("tamu") || q.From.Name != "Tamu" {
		t.Errorf("reply quotes %+v", q)
	}
	seen := map[bot.UpdateID]bool{}
	for _, u := range us {
		if seen[u.ID] {
			t.Errorf("update id %s twice", u.ID)
		}
		seen[u.ID] = true
	}
}

func TestRefusals(t *testing.T) {
	n, s := start(t, sim.Options{})
	ctx := t.Context()
	own, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "punya saya"})
	if err != nil {
		t.Fatal(err)
	}
	forwarded, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "terusan", Forward: &bot.Forward{Kind: bot.ForwardUnknown}})
	if err != nil {
		t.Fatal(err)
	}
	before := len(s.updates())
	say := func(p sim.Post) func() error {
		return func() error { _, err := n.Say(ctx, p); return err }
	}
	tests := map[string]struct {
		do   func() error
		want error
	}{
		"nothing":              {say(sim.Post{From: at("warga1"), Text: " \n"}), sim.ErrEmpty},
		"stranger":             {say(sim.Post{From: at("siapa"), Text: "x"}), sim.ErrUnknown},
		"another network":      {say(sim.Post{From: bot.Address{Network: bot.Telegram, Chat: "warga1"}, Text: "x"}), sim.ErrUnknown},
		"to a person":          {say(sim.Post{From: at("warga1"), To: at("warga2"), Text: "x"}), sim.ErrUnknown},
		"to no group":          {say(sim.Post{From: at("warga1"), To: at("lain"), Text: "x"}), sim.ErrUnknown},
		"reply to nothing":     {say(sim.Post{From: at("warga1"), Text: "x", ReplyTo: "999"}), sim.ErrUnknown},
		"too long":             {say(sim.Post{From: at("warga1"), Text: strings.Repeat("😀", sim.MaxText/2+1)}), sim.ErrTooLong},
		"eleven files":         {say(sim.Post{From: at("warga1"), Files: make([]bot.Attachment, 11)}), sim.ErrTooMany},
		"edit of another's":    {func() error { return n.Edit(ctx, at("warga2"), at("warga1"), own, "x") }, sim.ErrUnknown},
		"edit of a forward":    {func() error { return n.Edit(ctx, at("warga1"), at("warga1"), forwarded, "x") }, sim.ErrNotYours},
		"edit to nothing":      {func() error { return n.Edit(ctx, at("warga1"), at("warga1"), own, "") }, sim.ErrEmpty},
		"press of no button":   {func() error { return n.Press(ctx, at("warga1"), at("warga1"), "tak ada") }, sim.ErrUnknown},
		"press on no message":  {func() error { return n.PressData(ctx, at("warga1"), at("warga1"), "999", "x") }, sim.ErrUnknown},
		"press with much data": {func() error { return n.PressData(ctx, at("warga1"), at("warga1"), own, strings.Repeat("x", 65)) }, sim.ErrTooLong},
		"nameless person":      {func() error { return n.AddPerson(sim.Person{Address: at("baru"), Name: " \u202e"}) }, sim.ErrEmpty},
		"person as group":      {func() error { return n.AddPerson(sim.Person{Address: n.Group(), Name: "x"}) }, sim.ErrUnknown},
		"group as person":      {func() error { return n.AddGroup(at("warga1")) }, sim.ErrUnknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.do(); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	if after := len(s.updates()); after != before {
		t.Errorf("refusals made %d updates", after-before)
	}
}

func TestButtons(t *testing.T) {
	n, s := start(t, sim.Options{})
	ctx := t.Context()
	if _, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "kabar"}); err != nil {
		t.Fatal(err)
	}
	rev := n.Rev()
	for _, button := range []string{"1 Ambil", "c/1/hoaks"} {
		err := n.Press(ctx, at("petugas1"), n.Group(), button)
		if button == "c/1/hoaks" { // the card was edited: that button is gone
			if !errors.Is(err, sim.ErrUnknown) {
				t.Errorf("pressing a button that is gone: %v", err)
			}
		} else if err != nil {
			t.Fatal(err)
		}
	}
	notes := n.Notes(at("petugas1"), rev)
	if len(notes) != 1 || notes[0].Text != "Tercatat." || notes[0].Chat != n.Group().Chat {
		t.Errorf("notes %+v", notes)
	}
	cards := n.Messages(n.Group(), rev)
	if len(cards) != 1 || !strings.Contains(cards[0].Text, "diambil Petugas 1") || cards[0].Edited.IsZero() || cards[0].Buttons != nil {
		t.Errorf("the card became %+v", cards)
	}
	if err := n.PressData(ctx, at("tamu"), n.Group(), cards[0].ID, "made/up"); err != nil {
		t.Errorf("a made-up press must reach the bot: %v", err)
	}
	us := s.updates()
	if p := us[len(us)-1].Press; p == nil || p.Data != "made/up" || p.MessageID != cards[0].ID {
		t.Errorf("press came as %+v", p)
	}
	if err := n.Press(ctx, at("warga1"), bot.Address{}, "pelanggaran"); err != nil { // by part of the label
		t.Error(err)
	}
}

func TestUpdatesWaitForTheBot(t *testing.T) {
	n, s := start(t, sim.Options{})
	ctx := t.Context()
	s.failWith(errors.New("disk full"))
	for _, text := range []string{"satu", "dua"} {
		if _, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if got := n.Messages(at("warga1"), 0); len(got) != 2 || got[0].Delivered || n.Pending() != 2 {
		t.Fatalf("undelivered messages look like %+v, %d pending", got, n.Pending())
	}
	s.failWith(nil)
	if _, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "tiga"}); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, u := range s.updates() {
		texts = append(texts, u.Message.Text)
	}
	if strings.Join(texts, " ") != "satu dua tiga" || n.Pending() != 0 {
		t.Errorf("the bot got %q, %d pending", texts, n.Pending())
	}
	if got := n.Messages(at("warga1"), 0); !got[0].Delivered {
		t.Error("a delivered message is not marked so")
	}
	if err := n.Attach(ctx, nil); err != nil { // the bot crashes
		t.Fatal(err)
	}
	if _, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "empat"}); err != nil {
		t.Fatal(err)
	}
	if err := n.Attach(ctx, s.deliver); err != nil { // and comes back
		t.Fatal(err)
	}
	if us := s.updates(); us[len(us)-1].Message.Text != "empat" {
		t.Error("what was said while the bot was away did not reach it")
	}
}

func TestSendIsSafeToRepeatAndFailsAsTold(t *testing.T) {
	n, s := start(t, sim.Options{})
	ctx := t.Context()
	d := bot.Delivery{To: at("warga1"), Message: &bot.Message{Text: "halo"}, Unique: "x"}
	first, err := n.Send(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := n.Send(ctx, d); err != nil || again != first || len(n.Messages(at("warga1"), 0)) != 1 {
		t.Errorf("sent again: %v %v", again, err)
	}
	gone := bot.MessageRef{Chat: at("warga1"), ID: "999"}
	if ref, err := n.Send(ctx, bot.Delivery{To: at("warga1"), Ref: gone, Message: &bot.Message{Text: "baru"}, Unique: "y"}); err != nil || ref == first || ref == gone {
		t.Errorf("an edit of a message that is gone gave %v, %v", ref, err)
	}
	check := func(what string, to bot.Address, permanent bool, reason string) {
		t.Helper()
		var se *bot.SendError
		if _, err := n.Send(ctx, bot.Delivery{To: to, Message: &bot.Message{Text: "z"}}); !errors.As(err, &se) || se.Permanent != permanent || se.Reason != reason {
			t.Errorf("%s: %v", what, err)
		}
	}
	n.Down(true)
	check("down", at("warga1"), false, "down")
	if _, err := n.Fetch(ctx, bot.Attachment{FileID: "x"}); err == nil {
		t.Error("a network that is down gave a file")
	}
	n.Down(false)
	n.Block(at("warga1"), true)
	check("blocked", at("warga1"), true, "blocked")
	n.Block(at("warga1"), false)
	check("nobody", at("siapa"), true, "no_chat")

	old := n.Group()
	if _, err := n.Send(ctx, bot.Delivery{To: old, Message: &bot.Message{Text: "kartu"}, Unique: "g"}); err != nil {
		t.Fatal(err)
	}
	if err := n.Migrate(ctx, old, at("supergrup")); err != nil {
		t.Fatal(err)
	}
	us := s.updates()
	if u := us[len(us)-1]; u.Kind != bot.KindMoved || u.Chat != old || u.MovedTo != at("supergrup") {
		t.Errorf("move came as %+v", u)
	}
	var se *bot.SendError
	if _, err := n.Send(ctx, bot.Delivery{To: old, Message: &bot.Message{Text: "z"}}); !errors.As(err, &se) || se.Moved != at("supergrup") {
		t.Errorf("sending to the old address: %v", err)
	}
	if len(n.Messages(at("supergrup"), 0)) != 1 || n.Group() != at("supergrup") {
		t.Error("the messages did not move with the group")
	}
	if err := n.Duplicate(ctx); err != nil {
		t.Fatal(err)
	}
	us = s.updates()
	if us[len(us)-1].ID != us[len(us)-2].ID {
		t.Error("a duplicate has another id")
	}
}

func TestFetch(t *testing.T) {
	n, _ := start(t, sim.Options{})
	ctx := t.Context()
	a, err := n.Upload(ctx, "x.txt", "", strings.NewReader("isi"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := n.Fetch(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := io.ReadAll(r); err != nil || string(data) != "isi" {
		t.Errorf("got %q, %v", data, err)
	}
	for name, tt := range map[string]struct {
		file bot.Attachment
		want error
	}{
		"made up":   {bot.Attachment{FileID: "../../etc/passwd"}, bot.ErrGone},
		"erased":    {bot.Attachment{FileID: strings.Repeat("a", 64)}, bot.ErrGone},
		"too large": {bot.Attachment{FileID: a.FileID, Size: 21 << 20}, bot.ErrTooLarge},
	} {
		var se *bot.SendError
		if _, err := n.Fetch(ctx, tt.file); !errors.Is(err, tt.want) || !errors.As(err, &se) || !se.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChatsAreBounded(t *testing.T) {
	n, _ := start(t, sim.Options{})
	for range sim.MaxMessages + 20 {
		if _, err := n.Send(t.Context(), bot.Delivery{To: at("warga1"), Message: &bot.Message{Text: "x"}}); err != nil {
			t.Fatal(err)
		}
	}
	got := n.Messages(at("warga1"), 0)
	if len(got) != sim.MaxMessages || got[0].ID != "21" {
		t.Errorf("%d messages kept, from %s on", len(got), got[0].ID)
	}
}

func TestAwaitAndCancel(t *testing.T) {
	n, _ := start(t, sim.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- n.Await(ctx, func() bool { return len(n.Messages(at("warga2"), 0)) == 1 })
	}()
	if _, err := n.Send(ctx, bot.Delivery{To: at("warga2"), Message: &bot.Message{Text: "x"}}); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	cancel()
	if err := n.Await(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait ended with %v", err)
	}
}
