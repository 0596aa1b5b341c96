package bot_test

import (
	"slices"
	"strings"
	"testing"

	"awassiber/bot"
)

func TestParseRating(t *testing.T) {
	for _, r := range bot.Ratings() {
		for _, typed := range []string{string(r), strings.ToLower(string(r)), " " + string(r) + " ",
			strings.ReplaceAll(string(r), "_", " "), strings.ReplaceAll(string(r), "_", "-"), strings.ReplaceAll(string(r), "_", "  ")} {
			if got, ok := bot.ParseRating(typed); !ok || got != r {
				t.Errorf("%q: got %q, %v", typed, got, ok)
			}
		}
	}
	for typed, want := range map[string]bot.Rating{
		"hoaks": bot.Salah, "Hoax": bot.Salah, "palsu": bot.Salah, "keliru": bot.Salah, "sesat": bot.Menyesatkan,
		"sebagian": bot.SebagianBenar, "belum": bot.BelumTerbukti, "parodi": bot.Satire, "tipu": bot.Penipuan,
	} {
		if got, ok := bot.ParseRating(typed); !ok || got != want {
			t.Errorf("%q: got %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", " ", "_", "benar sekali", "SALAH.", "HOAKS=SALAH", "salah benar", "s a l a h", "12"} {
		if got, ok := bot.ParseRating(typed); ok || got != "" {
			t.Errorf("%q: got %q", typed, got)
		}
	}
	if all := bot.Ratings(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != 7 {
		t.Errorf("ratings: %v", all)
	}
}
