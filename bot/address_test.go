package bot_test

import (
	"errors"
	"testing"

	"awassiber/bot"
)

func TestParseAddress(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want bot.Address
	}{
		{"telegram:-1001234567890", bot.Address{Network: bot.Telegram, Chat: "-1001234567890"}},
		{" sim:petugas1\n", bot.Address{Network: bot.Sim, Chat: "petugas1"}},
		{"whatsapp:120363000000000000@g.us", bot.Address{Network: bot.WhatsApp, Chat: "120363000000000000@g.us"}},
		{"sim:a:b", bot.Address{Network: bot.Sim, Chat: "a:b"}}, // the chat is the adapter's business
	} {
		got, err := bot.ParseAddress(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("%q: got %v, %v", tt.in, got, err)
		}
		if again, err := bot.ParseAddress(got.String()); err != nil || again != got {
			t.Errorf("%q is not read back: %v, %v", got.String(), again, err)
		}
	}
	for _, in := range []string{"", ":", "telegram", "telegram:", ":5", "Telegram:5", "signal:5", "-1001234567890", "telegram -5", "telegram: ", " : "} {
		if got, err := bot.ParseAddress(in); !errors.Is(err, bot.ErrAddress) || !got.IsZero() {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	if (bot.Address{}).String() != "" || !(bot.Address{}).IsZero() || (bot.Address{Network: bot.Sim}).IsZero() {
		t.Error("the zero address")
	}
}
