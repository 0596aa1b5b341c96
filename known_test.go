package main

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"awassiber/bot"
)

// Whoever can be reached is known, until they have their data erased; so are coordinators and admins.
func TestKnownPeople(t *testing.T) {
	set := map[string]string{"AWAS_DATA": t.TempDir(), "AWAS_TRAINING": "on", "AWAS_ADMINS": "whatsapp:3@lid"}
	cfg, err := loadConfig(nil, func(name string) string { return set[name] })
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProgram(cfg, parts{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	at := func(n string) bot.Address { return bot.Address{Network: bot.WhatsApp, Chat: n + "@lid"} }
	update := func(fn func(bot.Tx) error) {
		t.Helper()
		if err := p.store.Update(context.Background(), fn); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(want ...bool) {
		t.Helper()
		got, err := p.known(context.Background(), []bot.Address{at("1"), at("2"), at("3"), at("4")})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("known %v (%v), want %v", got, err, want)
		}
	}
	update(func(tx bot.Tx) error {
		if _, err := tx.Deliver(bot.Update{Network: bot.WhatsApp, ID: "m/1", Kind: bot.KindMessage, Chat: at("1"), Private: true,
			From: bot.Person{Address: at("1")}, At: time.Now(), Message: &bot.Incoming{ID: "A", Text: "halo"}}); err != nil {
			return err
		}
		return tx.PutCoordinator(bot.Coordinator{ID: tx.Pseudonym(at("2")), Name: "petugas1", Role: bot.Officer, Added: tx.Now()})
	})
	ask(true, true, true, false)
	update(func(tx bot.Tx) error { return tx.Forget(tx.Pseudonym(at("1"))) })
	ask(false, true, true, false)
}
