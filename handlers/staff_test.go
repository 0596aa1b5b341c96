package handlers

import (
	"testing"

	"awassiber/bot"
)

// TestPersonID: what names a person to /petugas is what /alamat tells on their network.
func TestPersonID(t *testing.T) {
	for _, c := range []struct {
		network bot.Network
		id      string
		want    bool
	}{
		{bot.Telegram, "7300000081", true},
		{bot.Telegram, "petugas1", false},
		{bot.Telegram, "0811740000", false}, // a phone number
		{bot.Sim, "petugas1", true},
		{bot.WhatsApp, "200000000000006@lid", true},
		{bot.WhatsApp, "6200000000001@s.whatsapp.net", true},
		{bot.WhatsApp, "6200000000001", false}, // a phone number, which is nobody's id there
		{bot.WhatsApp, "200000000000006@g.us", false},
		{bot.WhatsApp, "petugas1@lid", false},
		{bot.WhatsApp, "@lid", false},
		{bot.Telegram, "200000000000006@lid", false},
	} {
		if got := personID(c.network, c.id); got != c.want {
			t.Errorf("personID(%s, %q) = %t", c.network, c.id, got)
		}
	}
}
