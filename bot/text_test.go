package bot_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"awassiber/bot"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"halo *bold* <b>", "halo *bold* <b>"}, {"a\nb\tc", "a\nb\tc"},
		{"a\x00b\x1bc\rd\x7fe\u0085f", "abcdef"},
		{bot.Bold("palsu"), "palsu"}, // nobody outside can mark text
		{"a\xff\xfeb", "ab"}, {"a\ufffdb", "ab"}, {"\xed\xa0\x80", ""},
		{"gpj.\u202efoto\u202c", "gpj.foto"}, {"\u2066x\u2069", "x"},
		{"👨‍👩‍👧 keluarga", "👨‍👩‍👧 keluarga"}, {"é é", "é é"},
	} {
		if got := bot.Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPlain(t *testing.T) {
	on, off := "\x02", "\x03"
	for _, tt := range []struct {
		in, want string
		spans    []bot.Span
	}{
		{"", "", nil},
		{"biasa", "biasa", nil},
		{bot.Bold("Tiket") + " 5", "Tiket 5", []bot.Span{{0, 5}}},
		{"a " + bot.Bold("b") + " c " + bot.Bold("dd"), "a b c dd", []bot.Span{{2, 1}, {6, 2}}},
		// UTF-16: an emoji outside the BMP is two units, é is one.
		{"🙂" + bot.Bold("é🙂") + "x", "🙂é🙂x", []bot.Span{{2, 3}}},
		{bot.Bold(""), "", nil},
		{on + "terbuka", "terbuka", []bot.Span{{0, 7}}},
		{"a" + off + "b", "ab", nil},
		{bot.Bold("a" + bot.Bold("b")), "ab", []bot.Span{{0, 2}}},
	} {
		got, spans := bot.Plain(tt.in)
		if got != tt.want || !slices.Equal(spans, tt.spans) {
			t.Errorf("Plain(%q) = %q %v, want %q %v", tt.in, got, spans, tt.want, tt.spans)
		}
		if bot.Unmark(tt.in) != tt.want {
			t.Errorf("Unmark(%q) = %q", tt.in, bot.Unmark(tt.in))
		}
	}
	if got := bot.Asterisks("Nomor: " + bot.Bold("5")); got != "Nomor: *5*" {
		t.Errorf("Asterisks: %q", got)
	}
}

func TestSplit(t *testing.T) {
	b := bot.Bold
	for _, tt := range []struct {
		name, in string
		limit    int
		want     []string
	}{
		{"nothing", "", 10, nil},
		{"space only", " \n ", 2, nil},
		{"marks only", b(" ") + b(""), 10, nil},
		{"fits", "satu dua", 8, []string{"satu dua"}},
		{"paragraph first", "aaaa. bb\n\ncc dd ee", 14, []string{"aaaa. bb", "cc dd ee"}},
		{"line", "aaaa bb\ncc dd", 11, []string{"aaaa bb", "cc dd"}},
		{"sentence", "Satu dua. Tiga empat.", 15, []string{"Satu dua.", "Tiga empat."}},
		{"word", "satu dua tiga", 10, []string{"satu dua", "tiga"}},
		{"no place", "aaaaaaaaaa", 4, []string{"aaaa", "aaaa", "aa"}},
		{"place too early", "a bbbbbbbbbb", 8, []string{"a bbbbbb", "bbbb"}},
		{"emoji stay whole", "🙂🙂🙂", 3, []string{"🙂", "🙂", "🙂"}},
		{"limit below an emoji", "🙂a", 1, []string{"🙂", "a"}},
		{"bold goes on", b("satu dua tiga"), 8, []string{b("satu"), b("dua tiga")}},
		{"marks do not count", b("satu") + b(" dua"), 8, []string{b("satu") + b(" dua")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := bot.Split(tt.in, tt.limit); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// letters lists the characters that are no space, and whether each is bold.
type letter struct {
	r    rune
	bold bool
}

func letters(marked string) []letter {
	plain, spans := bot.Plain(marked)
	var out []letter
	at := 0
	for _, r := range plain {
		if !unicode.IsSpace(r) {
			in := slices.ContainsFunc(spans, func(s bot.Span) bool { return s.Offset <= at && at < s.Offset+s.Length })
			out = append(out, letter{r, in})
		}
		at += max(utf16.RuneLen(r), 1)
	}
	return out
}

func units(s string) int { return len(utf16.Encode([]rune(bot.Unmark(s)))) }

// However a text is cut, every part fits and can be sent, nothing but white space is lost, and what
// was bold stays bold.
func TestSplitKeepsEverything(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{" ", "\n", "\n\n", ". ", "! ", "? ", "  ", "\x02", "\x03", "🙂", "👨‍👩‍👧", "é", "e\u0301", "satu", "*", "\t"}),
		rapid.StringN(0, 12, -1),
		rapid.Map(rapid.StringN(1, 20, -1), func(s string) string { return bot.Bold(bot.Clean(s)) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "text"), "")
		limit := rapid.OneOf(rapid.IntRange(2, 12), rapid.IntRange(13, 200)).Draw(t, "limit")
		parts := bot.Split(text, limit)
		var got []letter
		for _, p := range parts {
			if n := units(p); n > limit {
				t.Fatalf("%d units in %q, limit %d", n, p, limit)
			}
			if !utf8.ValidString(p) {
				t.Fatalf("a character was cut: %q", p)
			}
			if strings.TrimSpace(bot.Unmark(p)) == "" {
				t.Fatalf("nothing to send in %q", p)
			}
			got = append(got, letters(p)...)
		}
		if want := letters(text); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// Split must come to an end on anything, with any limit.
func FuzzSplit(f *testing.F) {
	f.Add("satu\x02 dua\x03 tiga", 4)
	f.Add("\xff\xfe\x02🙂", 0)
	f.Add(strings.Repeat("🙂", 50), 1)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		for _, p := range bot.Split(text, limit) {
			if limit >= 2 && units(p) > limit {
				t.Errorf("%q is longer than %d", p, limit)
			}
		}
	})
}
