package bot_test

import (
	"slices"
	"testing"

	"awassiber/bot"
)

func TestMenuLabel(t *testing.T) {
	card := "Kartu\n1. bukan pilihan\n\n1. Ambil\n2. Hoaks\n10. Jenis"
	for _, c := range []struct{ text, typed, want string }{
		{card, "1", "Ambil"}, {card, " 10 ", "Jenis"}, {card, "3", ""}, {card, "0", ""}, {card, "-1", ""}, {card, "satu", ""}, {card, "", ""},
		{"Kartu\n\n2. Hoaks", "1", ""}, {"", "1", ""}, {"1. Ambil", "1", "Ambil"},
	} {
		if got := bot.MenuLabel(c.text, c.typed); got != c.want {
			t.Errorf("MenuLabel(%q, %q) = %q, want %q", c.text, c.typed, got, c.want)
		}
	}
}

func TestMenu(t *testing.T) {
	card := [][]bot.Button{{{Label: "Ambil", Data: "k:1:take"}, {Label: "Hoaks", Data: "k:1:hoax"}}, {{Label: "Laman", URL: "https://contoh.id/a"}}}
	question := [][]bot.Button{{{Label: "1 Hoaks", Data: "a"}}, {{Label: "2 Pelanggaran", Data: "b"}}, {{Label: "0 Lewati", Data: "c"}}}
	for _, c := range []struct {
		rows  [][]bot.Button
		lines []string
		typed map[int]string
	}{
		{nil, nil, map[int]string{0: "", 1: ""}},
		{card, []string{"1. Ambil", "2. Hoaks", "3. Laman: https://contoh.id/a"},
			map[int]string{-1: "", 0: "", 1: "Ambil", 2: "Hoaks", 3: "Laman", 4: ""}},
		{question, []string{"1 Hoaks", "2 Pelanggaran", "0 Lewati"},
			map[int]string{0: "0 Lewati", 1: "1 Hoaks", 2: "2 Pelanggaran", 3: ""}},
		{[][]bot.Button{{{Label: "17+ saja"}, {Label: "2024"}}}, []string{"1. 17+ saja", "2. 2024"}, map[int]string{17: "", 2: "2024"}},
	} {
		if got := bot.MenuLines(c.rows); !slices.Equal(got, c.lines) {
			t.Errorf("MenuLines(%v) = %q, want %q", c.rows, got, c.lines)
		}
		for n, want := range c.typed {
			if got, ok := bot.MenuChoice(c.rows, n); ok != (want != "") || got.Label != want {
				t.Errorf("MenuChoice(%v, %d) = %q, %v, want %q", c.rows, n, got.Label, ok, want)
			}
		}
	}
}
