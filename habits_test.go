package main

import (
	"slices"
	"testing"
	"time"

	"awassiber/bot/whatsapp"
)

// What the settings say by default is what the package recommends, and can be changed.
func TestWhatsAppHabitsAreSettings(t *testing.T) {
	load := func(env map[string]string) (Config, error) {
		return loadConfig(nil, func(name string) string { return env[name] })
	}
	c, err := load(map[string]string{"AWAS_WHATSAPP": "on"})
	if err != nil {
		t.Fatal(err)
	}
	if c.WhatsAppPace != whatsapp.SafeLimits() {
		t.Errorf("pace %+v, recommended %+v", c.WhatsAppPace, whatsapp.SafeLimits())
	}
	if c.Habits != (whatsapp.Habits{ReadAfter: 3 * time.Second, TypeFrom: 80, TypeMax: 4 * time.Second, Jitter: time.Second}) || c.Spread != 20*time.Second {
		t.Errorf("habits %+v, spread %v", c.Habits, c.Spread)
	}
	if slices.Contains(c.Warnings, "whatsapp_pace_is_risky") {
		t.Error("the recommended pace is warned about")
	}
	c, err = load(map[string]string{"AWAS_WHATSAPP": "on", "AWAS_WHATSAPP_PACE": "1/1s", "AWAS_WHATSAPP_JITTER": "0", "AWAS_WHATSAPP_TYPING": "0s",
		"AWAS_WHATSAPP_READ_AFTER": "0", "AWAS_WHATSAPP_TYPING_FROM": "1", "AWAS_WHATSAPP_SPREAD": "1m"})
	if err != nil {
		t.Fatal(err)
	}
	if c.WhatsAppPace.Every != time.Second || c.Habits != (whatsapp.Habits{ReadAfter: -1, TypeFrom: 1, TypeMax: -1, Jitter: -1}) || c.Spread != time.Minute {
		t.Errorf("set: %+v %+v %v", c.WhatsAppPace, c.Habits, c.Spread)
	}
	if !slices.Contains(c.Warnings, "whatsapp_pace_is_risky") {
		t.Error("a faster pace is not warned about")
	}
	for name, value := range map[string]string{"PACE": "3", "CHAT_PACE": "0/4s", "GROUP_PACE": "4/0s", "SPREAD": "2h", "JITTER": "-1s",
		"READ_AFTER": "soon", "TYPING": "6s", "TYPING_FROM": "0"} {
		if _, err := load(map[string]string{"AWAS_WHATSAPP_" + name: value}); err == nil {
			t.Errorf("AWAS_WHATSAPP_%s=%s is taken", name, value)
		}
	}
}
