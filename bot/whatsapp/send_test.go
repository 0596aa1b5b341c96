package whatsapp_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

// heard returns the text of the client's next message to p.
func heard(t *testing.T, w *fakewa.Watch, p *fakewa.Person) fakewa.Message {
	t.Helper()
	return must(w.Next(within(t), p.Heard(nil)))(t)
}

func TestSendTexts(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	asked := must(p.Say("Benarkah ini?"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	buttons := [][]bot.Button{{{Label: "Ambil", Data: "k:1:take"}, {Label: "Hoaks", Data: "k:1:hoax"}}}
	for name, c := range map[string]struct {
		m    bot.Message
		want string
	}{
		"plain":       {bot.Message{Text: "halo"}, "halo"},
		"bold":        {bot.Message{Text: "Tiket " + bot.Bold("JBI-1") + " *apa adanya*"}, "Tiket *JBI-1* *apa adanya*"},
		"buttons":     {bot.Message{Text: "Kasus", Buttons: buttons}, "Kasus\n\n1. Ambil\n2. Hoaks"},
		"own numbers": {bot.Message{Text: "Jenis?", Buttons: [][]bot.Button{{{Label: "1 Hoaks"}}, {{Label: "0 Lewati"}}}}, "Jenis?\n\n1 Hoaks\n0 Lewati"},
		"reply":       {bot.Message{Text: "Tidak.", ReplyTo: bot.MessageID(asked)}, "Tidak."},
	} {
		w := r.Watch()
		ref, err := r.client.Send(within(t), delivery(chat, c.m))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m := heard(t, w, p)
		if m.Text() != c.want || ref != (bot.MessageRef{Chat: chat, ID: bot.MessageID(m.ID)}) {
			t.Errorf("%s: %q as %v, want %q as %s", name, m.Text(), ref, c.want, m.ID)
		}
		quoted := m.Body.GetExtendedTextMessage().GetContextInfo()
		if c.m.ReplyTo != "" && (quoted.GetStanzaID() != asked || quoted.GetParticipant() != p.LID.String() ||
			quoted.GetQuotedMessage().GetConversation() != "Benarkah ini?") {
			t.Errorf("quoted %v", quoted)
		}
	}
}

func TestSendWhatNeedsNoNetwork(t *testing.T) {
	r := linked(t)
	for name, c := range map[string]struct {
		d         bot.Delivery
		permanent bool
	}{
		"answer":     {delivery(bot.Address{}, bot.Message{Answer: "1", Text: "Sudah."}), false},
		"no message": {bot.Delivery{To: address("1@lid")}, true},
		"no text":    {delivery(address("1@lid"), bot.Message{}), true},
		"no address": {delivery(bot.Address{Network: bot.Telegram, Chat: "1"}, bot.Message{Text: "x"}), true},
		"odd server": {delivery(address("1@newsletter"), bot.Message{Text: "x"}), true},
		"a device":   {delivery(address("1:2@lid"), bot.Message{Text: "x"}), true},
		"no file":    {delivery(address("1@lid"), bot.Message{File: &bot.Attachment{Kind: bot.Photo, SHA256: "00"}}), true},
		"bad file":   {delivery(address("1@lid"), bot.Message{File: &bot.Attachment{Kind: bot.Photo, Network: bot.WhatsApp, FileID: "x.!"}}), true},
	} {
		_, err := r.client.Send(within(t), c.d)
		var failure *bot.SendError
		if c.permanent != (errors.As(err, &failure) && failure.Permanent) || !c.permanent && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(r.Messages()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}

// A message whose outcome is unknown goes again under its id: a phone shows it once.
func TestResendHasTheSameID(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	d := delivery(chat, bot.Message{Text: "sekali saja"})
	if _, err := r.client.Send(within(t), d); err != nil {
		t.Fatal(err)
	}
	r.restart(t)
	r.states.wait(t, whatsapp.Connected)
	d.Tries++
	ref := must(r.client.Send(within(t), d))(t)
	all := r.Messages()
	if len(all) != 1 || all[0].Arrivals != 2 || ref.ID != bot.MessageID(all[0].ID) {
		t.Errorf("sent %+v", all)
	}
	for name, other := range map[string]bot.Delivery{
		"another row":     {Unique: "q/2", Message: d.Message, To: chat, Since: d.Since},
		"another content": {Unique: d.Unique, Message: &bot.Message{Text: "lain"}, To: chat, Since: d.Since},
		"another store":   {Unique: d.Unique, Message: d.Message, To: chat, Since: d.Since.Add(time.Hour)},
	} {
		if got := must(r.client.Send(within(t), other))(t); got.ID == ref.ID {
			t.Errorf("%s has the same id", name)
		}
	}
}

func TestLostConnectionIsTemporary(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	d := delivery(chat, bot.Message{Text: "sekali saja"})
	r.Inject(fakewa.LoseAcks{Times: 2})
	for ctx := within(t); ; {
		ref, err := r.client.Send(within(t), d)
		if err == nil {
			if all := r.Messages(); len(all) != 1 || ref.ID != bot.MessageID(all[0].ID) {
				t.Errorf("sent %+v", all)
			}
			return
		}
		var failure *bot.SendError
		if !errors.As(err, &failure) || failure.Permanent || ctx.Err() != nil {
			t.Fatal(err)
		}
		ok(t, r.WaitActive(within(t)))
	}
}

// A member is mentioned so that their phone rings; who is no member, or in a private chat, is not.
func TestMention(t *testing.T) {
	r := linked(t, func(c *whatsapp.Config) {
		c.Pseudonym = func(a bot.Address) bot.PersonID { return bot.PersonID("id-" + a.Chat) }
	})
	petugas, orang := r.Person("petugas1"), r.Person("warga1")
	g := r.Group("Meja", petugas, orang)
	meja := address(g.JID.String())
	for _, c := range []struct {
		name, who string
		re        bot.MessageID
		want      []string
		text      string
	}{
		{"by hidden identity", petugas.LID.String(), "", []string{petugas.LID.String()}, "@" + petugas.LID.User + " lihat"},
		{"by number", petugas.PN.String(), "", []string{petugas.LID.String()}, "@" + petugas.LID.User + " lihat"},
		{"in a reply", petugas.LID.String(), "AB12", []string{petugas.LID.String()}, "@" + petugas.LID.User + " lihat"},
		{"a stranger", r.Person("warga2").LID.String(), "", nil, "lihat"},
	} {
		d := delivery(meja, bot.Message{Text: "lihat", Mention: bot.PersonID("id-" + c.who), ReplyTo: c.re})
		d.Unique = c.name
		ref := must(r.client.Send(within(t), d))(t)
		m := must(r.WaitMessage(within(t), petugas.Heard(func(m *fakewa.Message) bool { return m.ID == string(ref.ID) })))(t)
		context := m.Body.GetExtendedTextMessage().GetContextInfo()
		if m.Text() != c.text || !slices.Equal(context.GetMentionedJID(), c.want) || context.GetStanzaID() != string(c.re) {
			t.Errorf("%s: %q mentions %v, quotes %q", c.name, m.Text(), context.GetMentionedJID(), context.GetStanzaID())
		}
	}
}

func TestEdit(t *testing.T) {
	clock := newClock()
	r := linked(t, func(c *whatsapp.Config) { c.Now = clock.now })
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	w := r.Watch()
	first := delivery(chat, bot.Message{Text: "Kartu", Key: "k"})
	photo := delivery(chat, bot.Message{Text: "Foto", Document: &bot.Document{Name: "a.txt", MIME: "text/plain", Data: []byte("isi")}})
	photo.Unique = "q/foto"
	ref := must(r.client.Send(within(t), first))(t)
	heard(t, w, p)
	fileRef := must(r.client.Send(within(t), photo))(t)
	heard(t, w, p)
	edit := func(text string, ref bot.MessageRef) (bot.MessageRef, fakewa.Message) {
		d := delivery(chat, bot.Message{Text: text, Edit: "k"})
		d.Ref = ref
		got := must(r.client.Send(within(t), d))(t)
		return got, heard(t, w, p)
	}
	if got, m := edit("Kartu baru", ref); got != ref || m.Body.GetProtocolMessage().GetKey().GetID() != string(ref.ID) || m.Text() != "Kartu baru" {
		t.Errorf("edit: %v, %v", got, m.Body)
	}
	if got, m := edit("Foto baru", fileRef); got != fileRef ||
		m.Body.GetProtocolMessage().GetEditedMessage().GetDocumentMessage().GetCaption() != "Foto baru" {
		t.Errorf("edit of a caption: %v, %v", got, m.Body)
	}
	if got, m := edit("Asing", bot.MessageRef{Chat: chat, ID: "3EB0"}); got.ID == "3EB0" || m.Text() != "Asing" || m.Body.GetProtocolMessage() != nil {
		t.Errorf("edit of an unknown message: %v, %v", got, m.Body)
	}
	clock.move(15 * time.Minute)
	if got, m := edit("Terlambat", ref); got == ref || m.Text() != "Terlambat" || m.Body.GetProtocolMessage() != nil {
		t.Errorf("late edit: %v, %v", got, m.Body)
	}
}

func TestFilesBothWays(t *testing.T) {
	stored := []byte("gambar dari Telegram")
	sum := sha256.Sum256(stored)
	shelf := shelf{hex.EncodeToString(sum[:]): stored}
	r := linked(t, func(c *whatsapp.Config) { c.Evidence = shelf })
	p, other := r.Person("warga1"), r.Person("petugas1")
	data := []byte(strings.Repeat("foto", 50_000))
	must(p.Media(fakewa.File{Kind: fakewa.Image, Data: data, Caption: "lihat https://contoh.id/a."}))(t)
	u := r.inbox.wait(t, 1)[0]
	file := u.Message.Files[0]
	dataSum := sha256.Sum256(data)
	if file.Kind != bot.Photo || file.Size != int64(len(data)) || file.Unique != hex.EncodeToString(dataSum[:]) ||
		file.MIME != "image/jpeg" || strings.Contains(file.FileID, p.LID.User) || len(u.Message.Links) != 1 {
		t.Errorf("got %+v, links %v", file, u.Message.Links)
	}
	if got := fetched(t, r, file); got != string(data) {
		t.Errorf("fetched %d bytes", len(got))
	}
	must(other.Say("halo"))(t)
	chat := r.inbox.wait(t, 2)[1].Chat
	for name, c := range map[string]struct {
		m    bot.Message
		want string
	}{
		"by reference": {bot.Message{Text: "bukti", File: &file}, string(data)},
		"uploaded":     {bot.Message{Text: "bukti", File: &bot.Attachment{Kind: bot.Photo, Network: bot.Telegram, SHA256: hex.EncodeToString(sum[:])}}, string(stored)},
		"document":     {bot.Message{Text: "berkas", Document: &bot.Document{Name: "../a.pdf", MIME: "application/pdf", Data: []byte("%PDF")}}, "%PDF"},
	} {
		w := r.Watch()
		if _, err := r.client.Send(within(t), delivery(chat, c.m)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := heard(t, w, other)
		if got := must(r.Open(m))(t); string(got) != c.want || m.Text() != c.m.Text {
			t.Errorf("%s: %d bytes with %q", name, len(got), m.Text())
		}
		if name := m.Body.GetDocumentMessage().GetFileName(); strings.Contains(name, "/") {
			t.Errorf("file name %q", name)
		}
	}
}

func TestLongCaptionFollows(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	w := r.Watch()
	long := strings.Repeat("kata ", 300)
	ref := must(r.client.Send(within(t), delivery(chat, bot.Message{Text: long, Document: &bot.Document{Name: "a", Data: []byte("x")}})))(t)
	first, second := heard(t, w, p), heard(t, w, p)
	if first.Body.GetDocumentMessage() == nil || first.Text() != "" || second.Text() != strings.TrimSpace(long) ||
		first.ID == second.ID || ref.ID != bot.MessageID(second.ID) {
		t.Errorf("got %q, %q as %v", first.Text(), second.Text(), ref)
	}
}

// fetched reads an attachment whole.
func fetched(t *testing.T, r *rig, a bot.Attachment) string {
	t.Helper()
	body, err := r.client.Fetch(within(t), a)
	if err != nil {
		t.Fatal(err)
	}
	data := readAll(t, body)
	ok(t, body.Close())
	return data
}

func TestExpiredMedia(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	g := r.Group("Meja", p)
	for i, voice := range []fakewa.Voice{p.Voice, p.InGroup(g)} {
		for j, status := range []int{http.StatusNotFound, http.StatusGone} {
			id := must(voice.Media(fakewa.File{Kind: fakewa.Video, Data: []byte("video")}))(t)
			file := r.inbox.wait(t, 2*i+j+1)[2*i+j].Message.Files[0]
			ok(t, voice.ExpireMedia(id, status))
			if got := fetched(t, r, file); got != "video" {
				t.Errorf("fetched %q", got)
			}
		}
	}
	file := r.inbox.wait(t, 1)[0].Message.Files[0]
	_, encoded, _ := strings.Cut(file.FileID, ".")
	for name, a := range map[string]bot.Attachment{
		"origin forgotten": {Network: bot.WhatsApp, FileID: "LUPA." + encoded},
		"unreadable":       {Network: bot.WhatsApp, FileID: "tanpa titik"},
		"another network":  {Network: bot.Telegram, FileID: file.FileID},
	} {
		ok(t, p.ExpireMedia(string(r.inbox.wait(t, 1)[0].Message.ID), http.StatusGone))
		if _, err := r.client.Fetch(within(t), a); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesTooLarge(t *testing.T) {
	r := linked(t, func(c *whatsapp.Config) { c.MaxFile = 1000 })
	p := r.Person("warga1")
	must(p.Media(fakewa.File{Kind: fakewa.Document, Data: make([]byte, 2000), Name: "besar.bin"}))(t)
	announced := r.inbox.wait(t, 1)[0].Message.Files[0]
	if announced.Name != "besar.bin" || announced.Size != 2000 {
		t.Errorf("got %+v", announced)
	}
	lied := announced
	lied.Size = 500
	unknown := announced
	unknown.Size = 0
	for name, a := range map[string]bot.Attachment{"announced": announced, "lied about": lied, "not announced": unknown} {
		if _, err := r.client.Fetch(within(t), a); !errors.Is(err, bot.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHabits(t *testing.T) {
	r := linked(t, func(c *whatsapp.Config) { c.Habits = whatsapp.Habits{} })
	p := r.Person("warga1")
	g := r.Group("Meja", p)
	must(p.InGroup(g).Say("di grup"))(t)
	id := must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 2)[1].Chat
	read := must(r.WaitActivity(within(t), func(a *fakewa.Activity) bool { return a.Kind == "read" }))(t)
	if read.Chat != p.LID || len(read.IDs) != 1 || read.IDs[0] != id {
		t.Errorf("read %+v", read)
	}
	must(r.client.Send(within(t), delivery(chat, bot.Message{Text: "pendek"})))(t)
	for _, a := range r.Activity() {
		if a.Kind == "composing" {
			t.Error("typing before a short answer")
		}
	}
	must(r.client.Send(within(t), delivery(chat, bot.Message{Text: strings.Repeat("panjang ", 40)})))(t)
	must(r.WaitActivity(within(t), func(a *fakewa.Activity) bool { return a.Kind == "composing" && a.Chat == p.LID }))(t)
}

// A refusal that asks for silence is not tried again before its time.
func TestTimeLock(t *testing.T) {
	clock := newClock()
	r := linked(t, func(c *whatsapp.Config) { c.Now = clock.now })
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	d := delivery(chat, bot.Message{Text: "balas"})
	locked := func(least time.Duration) {
		t.Helper()
		_, err := r.client.Send(within(t), d)
		var failure *bot.SendError
		if !errors.As(err, &failure) || failure.Permanent || !failure.WholeNetwork || !failure.PersonsOnly || failure.After < least {
			t.Errorf("while locked: %+v", err)
		}
	}
	r.Inject(fakewa.RefuseSends{Code: 463, Times: 1})
	locked(50 * time.Minute)
	locked(50 * time.Minute) // not asked again
	if n := len(r.Refused()); n != 1 {
		t.Errorf("%d attempts reached the network", n)
	}
	if s := r.states.wait(t, whatsapp.TimeLocked); s.Until.IsZero() {
		t.Errorf("status %+v", s)
	}
	clock.move(time.Hour + time.Minute)
	must(r.client.Send(within(t), d))(t)
	r.Inject(fakewa.TimeLock{Active: true, Kind: "DEFAULT", Ends: clock.now().Add(3 * time.Hour)})
	waitStatus(t, r, whatsapp.TimeLocked)
	locked(2 * time.Hour)
	if until := r.client.SilentUntil(); until.Sub(clock.now()) < 2*time.Hour {
		t.Errorf("silent until %v", until)
	}
	r.restart(t) // which forgets nothing
	waitStatus(t, r, whatsapp.TimeLocked)
	locked(2 * time.Hour)
	r.Inject(fakewa.TimeLock{Active: false})
	waitStatus(t, r, whatsapp.Connected)
	if until := r.client.SilentUntil(); !until.IsZero() {
		t.Errorf("silent until %v", until)
	}
	must(r.client.Send(within(t), d))(t)
	r.restart(t)
	waitStatus(t, r, whatsapp.Connected)
}

func TestRefusedSends(t *testing.T) {
	r := linked(t)
	p := r.Person("warga1")
	must(p.Say("halo"))(t)
	chat := r.inbox.wait(t, 1)[0].Chat
	for code, want := range map[int]bot.SendError{
		403: {Permanent: true}, 404: {Permanent: true}, 479: {Permanent: true}, 400: {Permanent: true}, 420: {Permanent: true},
		429: {WholeNetwork: true}, 421: {}, 500: {}, 503: {},
	} {
		r.Inject(fakewa.RefuseSends{Code: code, Times: 1})
		_, err := r.client.Send(within(t), delivery(chat, bot.Message{Text: "balas"}))
		var failure *bot.SendError
		if !errors.As(err, &failure) || failure.Permanent != want.Permanent || failure.WholeNetwork != want.WholeNetwork ||
			strings.Contains(err.Error(), p.LID.User) {
			t.Errorf("%d: %+v (%v)", code, failure, err)
		}
	}
	nobody := address("620099999@s.whatsapp.net")
	_, err := r.client.Send(within(t), delivery(nobody, bot.Message{Text: "x"}))
	var failure *bot.SendError
	if !errors.As(err, &failure) || !failure.Permanent || strings.Contains(err.Error(), "620099999") {
		t.Errorf("not on WhatsApp: %v", err)
	}
	elsewhere := r.GroupWithoutAccount("Orang lain", p)
	_, err = r.client.Send(within(t), delivery(address(elsewhere.JID.String()), bot.Message{Text: "x"}))
	if !errors.As(err, &failure) || !failure.Permanent {
		t.Errorf("a group the bot is not in: %v", err)
	}
}

func TestSendWhileStopping(t *testing.T) {
	r := linked(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.client.Send(ctx, delivery(address(r.Person("warga1").LID.String()), bot.Message{Text: "x"}))
	var failure *bot.SendError
	if !errors.As(err, &failure) || failure.Permanent {
		t.Errorf("got %v", err)
	}
}
