package main

import (
	"strings"
	"testing"
	"time"

	"awassiber/bot/whatsapp/fakewa"
)

// A network that stays out of reach is told of on the other one, shown in /antrean and in the digest, and
// so is its end, also by a process that was started in between.
func TestOutageIsTold(t *testing.T) {
	r := newWhatsAppRig(t, true, func(*fakewa.Server) []string { return []string{"AWAS_OUTAGE_AFTER", "1ms"} })
	r.enrol()
	r.wa.Inject(fakewa.RefuseLogin{Code: 418, Times: 1000}, fakewa.DropSocket{})
	r.hear(r.admin.ID, "WhatsApp tidak bisa dihubungi sejak")
	for late := time.Now().Add(patience); ; { // what was told may be the wait for the first connection
		r.api.Text(r.group, r.admin, "/antrean")
		if strings.Contains(r.hear(r.group.ID, "Antrean").Text, "WhatsApp terganggu") {
			break
		}
		if time.Now().After(late) {
			t.Fatal("/antrean never tells of the outage")
		}
	}
	r.api.Text(r.group, r.admin, "/ringkasan")
	r.hear(r.group.ID, "WhatsApp terganggu sejak", "belum pulih")
	r.end()
	r.wa.Heal()
	r.start()
	r.hear(r.admin.ID, "WhatsApp tersambung lagi")
	for late := time.Now().Add(patience); ; { // at this impatience the new connection may be told of as a trouble too
		r.api.Text(r.group, r.admin, "/ringkasan")
		if said := r.hear(r.group.ID, "WhatsApp sempat terganggu").Text; !strings.Contains(said, "belum pulih") {
			return
		}
		if time.Now().After(late) {
			t.Fatal("the digest never tells of the end")
		}
	}
}
