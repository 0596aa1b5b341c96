package referral

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

var update = flag.Bool("update", false, "rewrite the golden texts")

func tools(t *testing.T, language string) (*locales.Printer, calendar.Zone) {
	t.Helper()
	p, err := locales.New(language)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := calendar.LoadZone("WIB")
	if err != nil {
		t.Fatal(err)
	}
	return p, zone
}

// day is an hour of October 2024 in the election's zone.
func day(zone calendar.Zone, d, hour int) time.Time {
	return time.Date(2024, 10, d, hour, 0, 0, 0, zone.Location)
}

func full(zone calendar.Zone) Sheet {
	return Sheet{
		Ticket: "JBI-24-00173-K", To: "Bawaslu Kabupaten Muaro Jambi", Prepared: true, Reporter: Ready,
		Reasons:    []string{"dugaan pelanggaran pemilihan ditangani Bawaslu di tempat kejadian"},
		Categories: []bot.Category{bot.VoteBuying, bot.CivilServants}, Senders: 1203, Made: day(zone, 2, 9),
		Accused: "Akun \"Contoh Saja\", https://example.org/akun",
		Event:   "Dugaan pembagian amplop\nsebelum pemilihan", Place: "TPS 4, Desa Contoh", Area: "Kabupaten Muaro Jambi",
		Happened: day(zone, 1, 0), HappenedText: "malam selasa", Learned: day(zone, 1, 0),
		Witnesses: []string{"seorang warga yang hadir", " ", "penjaga warung"},
		Evidence: []Evidence{
			{Kind: bot.Photo, SHA256: strings.Repeat("ab", 32), At: day(zone, 1, 19)},
			{Kind: bot.Voice, SHA256: strings.Repeat("cd", 32)},
		},
		Links:   []string{"https://example.org/unggahan"},
		Account: "Warga berkumpul pukul 19.00.\n\nSetelah itu amplop dibagikan.",
		Limited: true, Safe: day(zone, 7, 16), Last: day(zone, 8, 0),
	}
}

func TestLayGolden(t *testing.T) {
	for _, language := range locales.Languages() {
		p, zone := tools(t, language)
		hostile := full(zone)
		hostile.Prepared, hostile.Reporter, hostile.To, hostile.Reasons = false, Anonymous, "", nil
		hostile.Accused = "*tebal* _miring_ <b>x</b> [a](http://x) \x02palsu\x03"
		hostile.Account = "1. Pelapor\n\x02*1. Pelapor*\x03\u202enamaku {ticket} `kode`"
		hostile.Witnesses = []string{"a\n2. b\n*5. Bukti*"}
		hostile.Happened, hostile.HappenedText = time.Time{}, "kapan-kapan\n*6. Uraian*"
		for name, s := range map[string]Sheet{
			"full": full(zone), "empty": {Ticket: "JBI-24-00001-A"}, "undated": {Ticket: "JBI-24-00001-A", Limited: true}, "hostile": hostile,
		} {
			got := bot.Asterisks(Lay(p, zone, s)) + "\n"
			path := filepath.Join("testdata", name+"."+language+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s in %s:\n%s\nwant:\n%s", name, language, got, want)
			}
		}
	}
}

// Only our own headings are bold, whatever people wrote.
func TestTextFromOutsideCannotFormat(t *testing.T) {
	p, zone := tools(t, "id")
	evil := "\x02x\x03\x00\u202e"
	s := Sheet{Ticket: evil, To: evil, Reasons: []string{evil}, Accused: evil, Event: evil, Place: evil, Area: evil, HappenedText: evil,
		LearnedText: evil, Witnesses: []string{evil}, Links: []string{evil}, Account: evil, Evidence: []Evidence{{Kind: bot.Photo, SHA256: evil}}}
	got := Lay(p, zone, s)
	clean := Lay(p, zone, Sheet{Ticket: "x", To: "x", Reasons: []string{"x"}, Accused: "x", Event: "x", Place: "x", Area: "x", HappenedText: "x",
		LearnedText: "x", Witnesses: []string{"x"}, Links: []string{"x"}, Account: "x", Evidence: []Evidence{{Kind: bot.Photo, SHA256: "x"}}})
	if got != clean {
		t.Errorf("got\n%q\nwant\n%q", got, clean)
	}
}

func TestLongAccountIsSplitWhole(t *testing.T) {
	const limit = 4096
	p, zone := tools(t, "id")
	s := full(zone)
	if parts := Parts(p, zone, s, limit); len(parts) != 1 || parts[0] != Lay(p, zone, s) {
		t.Errorf("a short sheet has %d parts", len(parts))
	}
	word := "kejadian😀 "
	s.Account = strings.Repeat(word, 3000)
	parts := Parts(p, zone, s, limit)
	if len(parts) < 8 {
		t.Fatalf("%d parts", len(parts))
	}
	words := 0
	for i, part := range parts {
		if n := len(utf16.Encode([]rune(bot.Unmark(part)))); n > limit {
			t.Errorf("part %d has %d units", i+1, n)
		}
		if !strings.Contains(part, s.Ticket) {
			t.Errorf("part %d does not name its ticket", i+1)
		}
		words += strings.Count(part, strings.TrimSpace(word))
	}
	if words != 3000 {
		t.Errorf("%d of 3000 words are left", words)
	}
}

// The labels fit on a button, and typing one is understood.
func TestCategoryLabels(t *testing.T) {
	const widest = 30
	for _, language := range locales.Languages() {
		p, _ := tools(t, language)
		for _, c := range bot.Categories() {
			label := p.Text("category." + string(c))
			if n := len([]rune(label)); n > widest {
				t.Errorf("%s: %q has %d letters", language, label, n)
			}
			if got, unknown := bot.ParseCategories(label); len(got) != 1 || got[0] != c || unknown != nil {
				t.Errorf("%s: %q is read as %v, %v; want %s", language, label, got, unknown, c)
			}
			if about := p.Text("category." + string(c) + "_about"); strings.Contains(about, "\n") {
				t.Errorf("%s: %s_about has several lines", language, c)
			}
		}
	}
}
