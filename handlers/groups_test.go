package handlers

import (
	"strings"
	"testing"

	"awassiber/bot"
)

// Somebody adds the bot to a group: the admins hear of it once, the group nothing.
func TestAddedToAGroup(t *testing.T) {
	w := newWorld(t)
	added := func(group bot.Address) []line {
		t.Helper()
		w.happen(bot.Update{Kind: bot.KindJoined, Chat: group, Title: "Warga *RT 5*\nJambi", From: bot.Person{Address: chat("warga1"), Name: "warga1"}})
		return w.heard()
	}
	got := added(chat("grup-warga"))
	if len(got) != 1 || got[0].to != "admin" || !strings.Contains(got[0].text, "sim:grup-warga") || !strings.Contains(got[0].text, "RT 5") ||
		strings.Contains(got[0].text, "warga1") {
		t.Errorf("the admins were told %+v", got)
	}
	if got := added(chat("grup-warga")); len(got) != 0 {
		t.Errorf("told again: %+v", got)
	}
	if got := added(desk()); len(got) != 0 {
		t.Errorf("told of the desk itself: %+v", got)
	}
}

// An admin on WhatsApp who never wrote to the bot is not written to first.
func TestAdminsOnWhatsAppAreNotWrittenToFirst(t *testing.T) {
	known := bot.Address{Network: bot.WhatsApp, Chat: "1@lid"}
	w := newWorld(t, func(c *Config) { c.Admins = []bot.Address{known, {Network: bot.WhatsApp, Chat: "2@lid"}} })
	w.update(func(tx bot.Tx) error {
		_, err := tx.Deliver(bot.Update{Network: bot.WhatsApp, ID: "m/1", Kind: bot.KindMessage, Chat: known, Private: true, At: w.now,
			From: bot.Person{Address: known}, Message: &bot.Incoming{ID: "A", Text: "halo"}})
		return err
	})
	w.settle()
	w.heard()
	w.happen(bot.Update{Kind: bot.KindNotice, Notice: &bot.Notice{Key: "notice.whatsapp_replaced"}})
	told := map[string]int{}
	for _, l := range w.heard() {
		told[l.to]++
	}
	if told["1@lid"] != 1 || told["2@lid"] != 0 || told["koordinator"] != 1 {
		t.Errorf("told %v", told)
	}
}
