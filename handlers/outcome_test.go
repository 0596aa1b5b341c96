package handlers

import (
	"fmt"
	"testing"
	"time"

	"awassiber/bot"
)

// shared makes one case of tips by so many people on WhatsApp.
func (w *world) shared(people int) {
	w.t.Helper()
	for i := range people {
		w.tip(fmt.Sprint("warga", i+1), fmt.Sprint("katanya TPS pindah ", i+1))
	}
	w.update(func(tx bot.Tx) error {
		for id := range people {
			t, err := tx.Tip(bot.TipID(id + 1))
			if err != nil {
				return err
			}
			t.Network, t.Case = bot.WhatsApp, 1
			if err := tx.PutTip(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// told are those who were told an outcome since the last look.
func (w *world) told(t *testing.T) (who []string) {
	t.Helper()
	for _, l := range w.heard() {
		if l.to == "koordinator" {
			continue
		}
		if l.m.ReplyTo == "" || l.m.ReplyText == "" {
			t.Errorf("%s is told without a quotation: %+v", l.to, l.m)
		}
		who = append(who, l.to)
	}
	return who
}

// One outcome for many on WhatsApp is told one after the other, in answer to each one's own message; a
// time-lock stops it, and afterwards it goes on at the same pace.
func TestOutcomeIsSpreadOnWhatsApp(t *testing.T) {
	var until time.Time
	w := newWorld(t, func(c *Config) {
		c.Spread = 20 * time.Second
		c.Silent = func(n bot.Network) time.Time {
			if n == bot.WhatsApp {
				return until
			}
			return time.Time{}
		}
	})
	w.shared(4)
	expect := func(want ...string) {
		t.Helper()
		if got := w.told(t); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("told %v, want %v", got, want)
		}
	}
	w.group("petugas1", "/putus 1 SALAH TPS tidak pindah https://cekfakta.example.id/tps")
	w.group("petugas2", "/setuju 1")
	expect("warga1")
	w.wait(19 * time.Second)
	expect()
	w.wait(time.Second)
	expect("warga2")
	until = w.now.Add(time.Hour)
	w.wait(time.Minute)
	expect()
	w.wait(time.Hour - time.Minute)
	expect()
	w.wait(2*20*time.Second - time.Second)
	expect()
	w.wait(time.Second)
	expect("warga3")
	w.group("petugas1", "/buka 1")
	w.group("petugas1", "/ralat 1 BENAR TPS memang pindah https://cekfakta.example.id/tps")
	w.group("petugas2", "/setuju 1")
	expect("warga1")
	for range 3 {
		w.wait(20 * time.Second)
	}
	expect("warga2", "warga3", "warga4") // who heard nothing of the first verdict hears the second alone
	w.wait(24 * time.Hour)
	expect()
}

// Elsewhere everybody is told at once.
func TestOutcomeIsToldAtOnceElsewhere(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Spread = 20 * time.Second })
	w.shared(3)
	w.update(func(tx bot.Tx) error {
		for id := range 3 {
			tip, err := tx.Tip(bot.TipID(id + 1))
			if err != nil {
				return err
			}
			tip.Network = bot.Sim
			if err := tx.PutTip(tip); err != nil {
				return err
			}
		}
		return nil
	})
	w.group("petugas1", "/tutup 1 bukan wewenang kami")
	if got := w.told(t); len(got) != 3 {
		t.Errorf("told %v", got)
	}
}
