package handlers

import (
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

// The desk's list of queues tells which network is down and since when; what is known is recorded once.
func TestOutageIsRecordedOnce(t *testing.T) {
	w := newWorld(t)
	since := w.now.Add(-10 * time.Minute)
	change := func(link bot.LinkChange, since time.Time) {
		t.Helper()
		w.happen(bot.Update{Kind: bot.KindNotice, Notice: &bot.Notice{Key: "notice.whatsapp_connected", Link: link, Since: since}})
		w.heard()
	}
	queues := func() string {
		t.Helper()
		w.group("petugas1", "/antrean")
		return strings.Join(to(w.heard(), "koordinator"), "\n")
	}
	change(bot.LinkUp, w.now) // nobody knew of a trouble
	change(bot.LinkDown, since)
	change(bot.LinkDown, w.now) // as after a restart in the middle
	if said := queues(); !strings.Contains(said, "Jaringan latihan terganggu") || !strings.Contains(said, "10 menit") {
		t.Errorf("/antrean says %s", said)
	}
	w.now = w.now.Add(time.Hour)
	change(bot.LinkUp, w.now)
	change(bot.LinkUp, w.now)
	if said := queues(); strings.Contains(said, "terganggu") {
		t.Errorf("afterwards /antrean says %s", said)
	}
	w.view(func(tx bot.Tx) error {
		var outages []bot.Event
		for e, err := range tx.EventsAfter(0) {
			if err != nil {
				return err
			}
			if e.Action == bot.ActOutage {
				outages = append(outages, e)
			}
		}
		if len(outages) != 1 || outages[0].Detail != string(bot.Sim) || outages[0].Text != since.Format(time.RFC3339) || !outages[0].At.Equal(w.now) {
			t.Errorf("recorded %+v", outages)
		}
		return nil
	})
}
