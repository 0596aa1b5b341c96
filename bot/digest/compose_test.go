package digest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

func places(code string) string {
	names := map[string]string{"15.71": "Kota Jambi", "15.08": "Kab. Bungo", "15.05": "Kab. Muaro Jambi"}
	if n, ok := names[code]; ok {
		return n
	}
	return code
}

func busy(t *testing.T) Report {
	day := at(t, "2024-10-01 18:00:00 +0700")
	return Report{
		From: day.Add(-24 * time.Hour), To: day.Add(2 * time.Second), Slot: day,
		New: 1204, Taken: 8, Released: 1, Resolved: 2, Closed: 2, Reopened: 1,
		Kinds: Kinds{Hoax: 1190, Violation: 9, Both: 1, Unsure: 4},
		Areas: map[string]int{"15.08": 3, "15.71": 1195, "15.05": 3, "": 3},
		Verdicts: []Verdict{
			{Ticket: "JBI-26-00173-K", Rating: bot.Salah, Explanation: "Kartu bantuan itu tidak pernah diterbitkan KPU.",
				Link: "https://turnbackhoax.id/2024/10/01/contoh", Publisher: "turnbackhoax.id"},
			{Ticket: "JBI-26-00180-3", Rating: bot.SebagianBenar, Explanation: "Jadwalnya benar, *lokasinya* tidak.", Corrected: true},
			{Ticket: "JBI-26-00181-5", Rating: bot.Penipuan, Explanation: "Tautan itu meminta data pribadi.", Link: "https://example.org/cek"},
		},
		Waiting: map[bot.Status]int{bot.New: 14, bot.Taken: 6, bot.Resolved: 900},
		Oldest:  Waiting{Ticket: "JBI-26-00031-K", Age: 75 * time.Hour},
	}
}

func TestComposeGolden(t *testing.T) {
	quiet := busy(t)
	quiet = Report{From: quiet.From, To: quiet.To, Slot: quiet.Slot}
	with := func(r Report, change func(*Report)) Report { change(&r); return r }
	for name, r := range map[string]Report{
		"busy": busy(t),
		"outages": with(busy(t), func(r *Report) {
			r.Outages = []Outage{{bot.Telegram, r.From.Add(time.Hour), r.From.Add(2 * time.Hour)}, {bot.WhatsApp, r.From.Add(-30 * time.Hour), time.Time{}}}
		}),
		"overrides": with(busy(t), func(r *Report) {
			r.Referred, r.Received = 4, 3
			r.Overrides = []Override{{"JBI-26-00173-K", "admin", "Kabar palsu *pembatalan TPS* sedang menyebar"}}
		}),
		"many-overrides": with(busy(t), func(r *Report) {
			for range 7 {
				r.Overrides = append(r.Overrides, Override{"JBI-26-00173-K", "admin", strings.TrimSpace(strings.Repeat("alasan ", 20))})
			}
		}),
		"quiet-outage": with(quiet, func(r *Report) { r.Outages = []Outage{{Network: bot.WhatsApp, From: r.From.Add(20 * time.Hour)}} }),
		"quiet":        quiet,
		"quiet-in-work": with(quiet, func(r *Report) {
			r.Waiting = map[bot.Status]int{bot.Taken: 2}
		}),
		"quiet-untaken": with(quiet, func(r *Report) {
			r.Waiting = map[bot.Status]int{bot.New: 3}
			r.Oldest = Waiting{Ticket: "JBI-26-00031-K", Age: 5 * time.Hour}
		}),
		"quiet-late": with(quiet, func(r *Report) { r.Late, r.To = true, r.Slot.Add(13*time.Hour) }),
		"late":       with(busy(t), func(r *Report) { r.Late, r.To = true, r.Slot.Add(2*time.Hour) }),
		"asked": {
			To: at(t, "2024-10-01 09:30:00 +0700"), New: 1, Kinds: Kinds{Unsure: 1}, Areas: map[string]int{"": 1},
			Waiting: map[bot.Status]int{bot.New: 1}, Oldest: Waiting{Ticket: "JBI-26-00001-X", Age: time.Minute},
		},
		"many-verdicts": with(busy(t), func(r *Report) { r.Verdicts = many(25, "https://example.org/cek") }),
	} {
		for _, language := range locales.Languages() {
			t.Run(name+"/"+language, func(t *testing.T) {
				text := compose(t, language, r)
				file := filepath.Join("testdata", name+"."+language+".txt")
				if *update {
					if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if text+"\n" != string(want) {
					t.Errorf("-update rewrites %s. Now:\n%s", file, text)
				}
				if strings.Contains(text, "⟦") {
					t.Error("a sentence or an argument is missing")
				}
			})
		}
	}
}

func compose(t *testing.T, language string, r Report) string {
	t.Helper()
	p, err := locales.New(language)
	if err != nil {
		t.Fatal(err)
	}
	return bot.Asterisks(Compose(p, places, zone(t), r))
}

func many(n int, link string) []Verdict {
	var out []Verdict
	for i := range n {
		out = append(out, Verdict{
			Ticket: fmt.Sprintf("JBI-26-%05d-K", i+1), Rating: bot.Salah, Explanation: "Tidak benar.", Link: link,
		})
	}
	return out
}

// TestComposeFitsOneMessage: long links push verdicts out, never into a second message, and what is
// pushed out is counted.
func TestComposeFitsOneMessage(t *testing.T) {
	for _, length := range []int{10, 300, 900, 3000, 9000} {
		r := busy(t)
		r.Verdicts = many(10, "https://example.org/"+strings.Repeat("x", length))
		text := compose(t, locales.Default, r)
		if parts := len(bot.Split(text, messageLimit)); parts != 1 {
			t.Errorf("links of %d: %d messages", length, parts)
		}
		shown := strings.Count(text, "• ")
		if rest := fmt.Sprintf("dan %d lagi", 10-shown); shown < 10 && !strings.Contains(text, rest) {
			t.Errorf("links of %d: %d verdicts shown, but no %q", length, shown, rest)
		}
	}
}

// TestComposeCleansText: what the desk typed cannot pose as the program's own markup.
func TestComposeCleansText(t *testing.T) {
	r := busy(t)
	r.Verdicts = []Verdict{{
		Ticket: "JBI-26-00173-K", Rating: bot.Salah,
		Explanation: "a" + bot.Bold("b") + "\u202ec", Link: "https://example.org/\u202ed" + bot.Bold("e"),
	}}
	p, err := locales.New(locales.Default)
	if err != nil {
		t.Fatal(err)
	}
	text := Compose(p, places, zone(t), r)
	for _, bad := range []string{"\u202e", bot.Bold("b"), bot.Bold("e")} {
		if strings.Contains(text, bad) {
			t.Errorf("%q came through", bad)
		}
	}
	if !strings.Contains(text, "abc\nhttps://example.org/de") {
		t.Errorf("explanation and link are not there:\n%s", text)
	}
}

func zone(t testing.TB) calendar.Zone {
	t.Helper()
	z, err := calendar.LoadZone("WIB")
	if err != nil {
		t.Fatal(err)
	}
	return z
}
