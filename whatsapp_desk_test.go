package main

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awassiber/bot/whatsapp/fakewa"
)

// waDesk is the program with its coordinators' group on WhatsApp.
type waDesk struct {
	*waRig
	citizen, officer, admin *fakewa.Person
	group                   *fakewa.Group
}

func newWhatsAppDesk(t *testing.T, settings ...string) *waDesk {
	t.Helper()
	d := &waDesk{}
	d.waRig = newWhatsAppRig(t, true, func(wa *fakewa.Server) []string {
		d.citizen, d.officer, d.admin = wa.Person("warga1"), wa.Person("petugas1"), wa.Person("admin")
		d.group = wa.Group("Koordinator", d.admin, d.officer)
		return append([]string{"AWAS_COORDINATORS", "whatsapp:" + d.group.JID.String(), "AWAS_ADMINS", "whatsapp:" + d.admin.LID.String()}, settings...)
	})
	d.secret = append(d.secret, d.citizen.PN.User, d.citizen.LID.User)
	return d
}

// active waits until the bot is connected.
func (d *waRig) active() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	if err := d.wa.WaitActive(ctx); err != nil {
		d.t.Fatal(err)
	}
}

// card waits for the card of the next tip and returns it with the ticket.
func (d *waDesk) card(words ...string) (fakewa.Message, string) {
	d.t.Helper()
	m := d.told(d.officer, d.group.JID.String(), append([]string{"JBI-"}, words...)...)
	return m, regexp.MustCompile(`JBI-\d\d-\d{5}-.`).FindString(m.Text())
}

// A tip from Telegram is judged in the WhatsApp group, and its sender hears of it on Telegram.
func TestTelegramTipJudgedOnWhatsApp(t *testing.T) {
	d := newWhatsAppDesk(t)
	d.tip(d.rig.citizen, sentence)
	_, ticket := d.card(sentence)
	d.sent(d.admin.InGroup(d.group).Say("/putus " + ticket + " SALAH Kotak suara disegel https://cekfakta.example.id/kotak"))
	d.sent(d.admin.InGroup(d.group).Say("/darurat " + ticket + " hanya ada satu petugas"))
	d.hear(d.rig.citizen.ID, ticket, "SALAH", "Kotak suara disegel")
}

// What a sender adds reaches whoever holds the case: their phone rings.
func TestHolderIsMentioned(t *testing.T) {
	d := newWhatsAppDesk(t)
	d.sent(d.citizen.Say(sentence))
	card, ticket := d.card(sentence)
	d.sent(d.admin.InGroup(d.group).Reply(card, "!ambil"))
	d.told(d.officer, d.group.JID.String(), ticket, "mengambil kasus")
	d.sent(d.citizen.Media(fakewa.File{Kind: fakewa.Image, Data: picture("foto.png"), Caption: "ini fotonya"}))
	m := d.told(d.officer, d.group.JID.String(), "Tambahan untuk", ticket, "ini fotonya")
	if got := m.Body.GetExtendedTextMessage().GetContextInfo().GetMentionedJID(); !slices.Equal(got, []string{d.admin.LID.String()}) {
		t.Errorf("mentioned %v", got)
	}
	photo := d.told(d.officer, d.group.JID.String(), "Lampiran", ticket)
	if data, err := d.wa.Open(photo); err != nil || !bytes.Equal(data, picture("foto.png")) {
		t.Errorf("the desk sees %d bytes, %v", len(data), err)
	}
}

// A file that neither the servers nor the sender's phone have any more is told to the sender and to the desk.
func TestLostMediaIsTold(t *testing.T) {
	d := newWhatsAppDesk(t)
	d.active()
	d.end() // the file is lost while the bot is away
	id := d.sent(d.citizen.Media(fakewa.File{Kind: fakewa.Video, Data: []byte("video"), Caption: sentence}))
	kept := d.sent(d.citizen.Media(fakewa.File{Kind: fakewa.Image, Data: picture("foto.png")}))
	if err := d.citizen.LoseMedia(id); err != nil {
		t.Fatal(err)
	}
	if err := d.citizen.ExpireMedia(kept, 410); err != nil { // this one the phone still has
		t.Fatal(err)
	}
	d.start()
	d.told(d.citizen, "", "sudah tidak bisa kami ambil", "kirim sekali lagi")
	for _, m := range d.wa.Messages() {
		if strings.Count(m.Text(), "sudah tidak bisa kami ambil") > 0 && !strings.Contains(m.Text(), "JBI-") {
			t.Errorf("told without a ticket: %s", m.Text())
		}
	}
	d.drained()
}

// What could not be read at first becomes part of the tip when the phone has sent it again.
func TestUnreadableMessageJoinsItsTip(t *testing.T) {
	d := newWhatsAppDesk(t, "AWAS_QUIET_PERIOD", "2s")
	d.sent(d.citizen.Say("halo")) // a session stands
	d.told(d.citizen, "", "Awas Siber")
	d.wa.Inject(fakewa.Garble{Times: 1})
	d.sent(d.citizen.Say("Kotak suara dibuka di TPS 3"))
	d.sent(d.citizen.Say("saksi saya sendiri"))
	d.card("Kotak suara dibuka di TPS 3", "saksi saya sendiri")
	d.drained()
	if n := d.wa.Problems(); len(n) > 0 {
		t.Errorf("unread: %+v", n)
	}
}

// Added to a group nobody registered, the bot says nothing there, and the admins learn of it on their network.
func TestAddedToAStrangersGroup(t *testing.T) {
	d := newWhatsAppRig(t, true, func(*fakewa.Server) []string { return nil })
	d.active()
	stranger := d.wa.Person("warga1")
	g := d.wa.GroupWithoutAccount("Warga RT 5", stranger)
	for range 2 {
		if err := g.AddAccount(stranger); err != nil {
			t.Fatal(err)
		}
		d.sent(stranger.InGroup(g).Say("/bantuan"))
		d.sent(stranger.InGroup(g).Say("Katanya TPS 12 tutup jam 10, benar?"))
		if err := g.RemoveAccount(stranger); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.AddAccount(stranger); err != nil { // and this time it stays
		t.Fatal(err)
	}
	d.sent(stranger.InGroup(g).Say("/bantuan"))
	d.hear(d.admin.ID, "Warga RT 5", "whatsapp:"+g.JID.String())
	d.sent(stranger.Say(sentence)) // a private message, after all that
	d.told(stranger, "", "Nomor tiket")
	d.drained()
	for _, m := range d.wa.Messages() {
		if m.Chat == g.JID {
			t.Errorf("said in the group: %s", m.Text())
		}
	}
	n := 0
	for _, m := range d.api.Messages() {
		if strings.Contains(m.Text, "Warga RT 5") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the admins were told %d times", n)
	}
}
