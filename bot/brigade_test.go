package bot_test

import (
	"fmt"
	"testing"
	"time"

	"awassiber/bot"
)

// sendings are n senders who wrote words, so far apart, known so long before.
func sendings(n int, words string, apart, known time.Duration) []bot.Sending {
	var all []bot.Sending
	for i := range n {
		at := opened.Add(time.Duration(i) * apart)
		all = append(all, bot.Sending{At: at, Known: at.Add(-known), Words: words})
	}
	return all
}

func TestBrigade(t *testing.T) {
	const text = "tolong sebarkan calon nomor satu curang di kecamatan kami"
	many := func(all ...[]bot.Sending) (joined []bot.Sending) {
		for _, a := range all {
			joined = append(joined, a...)
		}
		return joined
	}
	varied := sendings(6, "", time.Minute, time.Minute)
	nearly, apart := sendings(6, "", time.Minute, time.Minute), sendings(6, "", time.Minute, time.Minute)
	for i := range varied {
		varied[i].Words = fmt.Sprintf("kata%d lain%d sekali%d", i, i, i)
		nearly[i].Words = fmt.Sprintf("%s nomor%d", text, i)          // 9 of 11 words alike
		apart[i].Words = fmt.Sprintf("%s satu%d dua%d", text, i, i*2) // 9 of 13
	}
	backwards := sendings(5, text, -time.Minute, time.Minute)
	for _, tt := range []struct {
		name string
		sent []bot.Sending
		want int
	}{
		{"nobody", nil, 0},
		{"four", sendings(4, text, time.Minute, time.Minute), 0},
		{"five", sendings(5, text, time.Minute, time.Minute), 5},
		{"many", sendings(40, text, 30*time.Second, time.Minute), 40},
		{"in any order", backwards, 5},
		{"all at once, met just then", sendings(7, text, 0, 0), 7},
		{"nearly the same", nearly, 6},
		{"not alike enough", apart, 0},
		{"their own words", varied, 0},
		{"forwards of one post", sendings(30, "", time.Minute, time.Minute), 0},
		{"known for long", sendings(30, text, time.Minute, time.Hour), 0},
		{"known just short of it", sendings(5, text, time.Minute, time.Hour-1), 5},
		{"half an hour to the second", sendings(5, text, 450*time.Second, time.Minute), 5},
		{"over half an hour", sendings(5, text, 451*time.Second, time.Minute), 0},
		{"over a day, any half hour holds only a few", sendings(100, text, 10*time.Minute, time.Minute), 0},
		{"never met, as the erased are", []bot.Sending{{At: opened, Words: text}, {At: opened, Words: text}, {At: opened, Words: text},
			{At: opened, Words: text}, {At: opened, Words: text}}, 0},
		{"a wave among ordinary people", many(varied, sendings(5, text, time.Minute, time.Minute), sendings(9, text, time.Minute, 48*time.Hour)), 5},
		{"of two waves the greater", many(sendings(5, text, time.Minute, time.Minute), sendings(8, "lain sekali isinya", time.Minute, time.Minute)), 8},
	} {
		if got := bot.Brigade(tt.sent); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
