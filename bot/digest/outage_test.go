package digest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awassiber/bot"
)

// An outage is told once it is over, in the period in which it ended, and as long as it lasts.
func TestOutagesOfAPeriod(t *testing.T) {
	now := at(t, "2026-11-23 18:00:00 +0700").UTC()
	m := newMemory(func() time.Time { return now })
	began := now.Add(-30 * time.Hour)
	var got Report
	gather := func(since bot.Cursor, before func(bot.Tx) error) []Outage {
		t.Helper()
		err := m.Update(context.Background(), func(tx bot.Tx) (err error) {
			if err := before(tx); err != nil {
				return err
			}
			got, err = Gather(tx, since, time.Time{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got.Outages
	}
	lasting := gather(bot.Cursor{Slot: now.Add(-time.Hour)}, func(tx bot.Tx) error {
		return tx.PutCursor(bot.DownName(bot.WhatsApp), bot.Cursor{Slot: began})
	})
	if diff := cmp.Diff([]Outage{{Network: bot.WhatsApp, From: began}}, lasting); diff != "" {
		t.Errorf("lasting: %s", diff)
	}
	over := gather(bot.Cursor{Slot: now.Add(-time.Hour)}, func(tx bot.Tx) error {
		if _, err := tx.Append(bot.Event{Action: bot.ActOutage, Detail: "whatsapp", Text: began.Format(time.RFC3339)}); err != nil {
			return err
		}
		return tx.PutCursor(bot.DownName(bot.WhatsApp), bot.Cursor{})
	})
	if diff := cmp.Diff([]Outage{{Network: bot.WhatsApp, From: began, To: now}}, over); diff != "" {
		t.Errorf("over: %s", diff)
	}
	if got.Quiet() != true {
		t.Error("an outage alone is no work of the desk's")
	}
	if told := gather(bot.Cursor{Event: 1, Slot: now}, func(bot.Tx) error { return nil }); told != nil {
		t.Errorf("told again: %+v", told)
	}
}
