package locales

import (
	"errors"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

// say builds a printer of one sentence.
func say(t testing.TB, text string) *Printer {
	t.Helper()
	s, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return &Printer{language: Default, texts: map[string]sentence{"k": s}}
}

func TestText(t *testing.T) {
	var unset *bot.UserError
	for _, c := range []struct {
		name, text string
		args       []any
		want       string
	}{
		{"as it stands", "Halo, Kak!", nil, "Halo, Kak!"},
		{"bold", "Ketik *LAPOR* dulu.", nil, "Ketik \x02LAPOR\x03 dulu."},
		{"a real asterisk", `Ketik \*123\# atau *\**.`, nil, `Ketik *123\# atau ` + "\x02*\x03."},
		{"placeholders", "{a} dan {b}", []any{"b", "dua", "a", "satu"}, "satu dan dua"},
		{"the same twice", "{a}, {a}", []any{"a", "x"}, "x, x"},
		{"side by side", "{a}{b}", []any{"a", "x", "b", "y"}, "xy"},
		{"bold around a placeholder", "*{a}*", []any{"a", "x"}, "\x02x\x03"},
		{"an argument too many", "{a}", []any{"a", "x", "b", "y"}, "x"},
		{"an argument missing", "{a} {b}", []any{"a", "x"}, "x ⟦b⟧"},
		{"a name without a value", "{a}", []any{"a"}, "⟦a⟧"},
		{"an empty value is a value", "[{a}]", []any{"a", ""}, "[]"},
		{"numbers are grouped", "{n} kasus", []any{"n", 1234567}, "1.234.567 kasus"},
		{"digits in a string are not", "{n}", []any{"n", "1234567"}, "1234567"},
		{"other values by their own word", "{d}", []any{"d", 90 * time.Second}, "1m30s"},
		{"a nil error", "{e}", []any{"e", unset}, "<nil>"},
		{"an error's text is cleaned", "{e}", []any{"e", errors.New("a\x02b\x00")}, "ab"},
		{"marks from outside are taken off", "{a}", []any{"a", "\x02tebal\x03"}, "tebal"},
		{"marks of ours stay", "{a}", []any{"a", Marked("\x02tebal\x03")}, "\x02tebal\x03"},
		{"asterisks from outside stay", "{a}", []any{"a", "*x*"}, "*x*"},
		{"braces from outside are no placeholders", "{a}", []any{"a", "{b}", "b", "x"}, "{b}"},
		{"reversing characters are taken off", "{a}", []any{"a", "nama\u202egpj.exe"}, "namagpj.exe"},
		{"broken UTF-8 is taken off", "{a}", []any{"a", "a\xffb"}, "ab"},
		{"lines stay", "{a}", []any{"a", "satu\ndua"}, "satu\ndua"},
		{"a blank line at the edge stays", "\n{a}\n", []any{"a", "x"}, "\nx\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := say(t, c.text).Text("k", c.args...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMissingKeyIsSeen(t *testing.T) {
	p := printer(t, Default)
	if got := p.Text("citizen.nothing_of_the_kind", "a", 1); got != "⟦citizen.nothing_of_the_kind⟧" {
		t.Errorf("a missing key reads %q", got)
	}
	if p.Has("citizen.nothing_of_the_kind") || p.Has("citizen") || !p.Has("citizen.hello") {
		t.Error("Has must know sentences, and only sentences")
	}
}

func TestRefusal(t *testing.T) {
	got := say(t, "{typed}: {n} kasus").Refusal(&bot.UserError{Key: "k", Args: map[string]any{"n": 5000, "typed": "\x02hai"}})
	if got != "hai: 5.000 kasus" {
		t.Errorf("got %q", got)
	}
	if got := say(t, "Maaf.").Refusal(&bot.UserError{Key: "k"}); got != "Maaf." {
		t.Errorf("without arguments: got %q", got)
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 7: "7", 999: "999", 1000: "1.000", 12345: "12.345", 999999: "999.999", 1000000: "1.000.000",
		-1: "-1", -999: "-999", -1000: "-1.000", -123456: "-123.456",
	} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"*", "*tebal", "a*b*c*", `\**`, "{", "{a", "a {}", "{a}{", "*{a*"} {
		if s, err := parse(text); err == nil {
			t.Errorf("parse(%q) = %+v, want an error", text, s)
		}
	}
}

func TestNew(t *testing.T) {
	for _, language := range []string{"", "xx", "../id", "id.toml"} {
		if _, err := New(language); err == nil {
			t.Errorf("New(%q) found a language", language)
		}
	}
	if p := printer(t, "en"); p.Language() != "en" {
		t.Errorf("Language() = %q", p.Language())
	}
	if Languages()[0] != Default {
		t.Error("the default language must come first")
	}
}

func TestFlattenRefusesWhatIsNoSentence(t *testing.T) {
	p := &Printer{texts: map[string]sentence{}}
	for _, tree := range []map[string]any{
		{"a": int64(1)},
		{"a": map[string]any{"b": []any{"x"}}},
		{"a": map[string]any{"b": "*"}},
	} {
		if err := p.flatten("", tree); err == nil || !strings.HasPrefix(err.Error(), "a") {
			t.Errorf("flatten(%v) = %v, want an error that names the key", tree, err)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	if got := strings.Join(say(t, "{b} {a} {b}").Placeholders("k"), " "); got != "a b" {
		t.Errorf("got %q, want each name once, in order", got)
	}
	if got := say(t, "x").Placeholders("absent"); len(got) != 0 {
		t.Errorf("an absent key has placeholders %q", got)
	}
}

// Whatever a translator writes, parse either refuses it or gives a sentence whose marks are paired
// and which says again everything but its markup.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"Halo, Kak!", "*{a}* · {b}", `\*`, `*\**`, "{", "}{", "**", "{a}}", "\x00", "\x02*x*", "\n{x}\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			return
		}
		if len(s.literals) != len(s.names)+1 {
			t.Fatalf("%d literals around %d placeholders", len(s.literals), len(s.names))
		}
		args := make([]any, 0, 2*len(s.names))
		for _, name := range s.names {
			if name == "" {
				t.Fatal("a placeholder without a name")
			}
			args = append(args, name, Marked("{"+name+"}"))
		}
		p := Printer{texts: map[string]sentence{"k": s}}
		said := p.Text("k", args...)
		if strings.Contains(said, "⟦") && !strings.Contains(text, "⟦") {
			t.Fatalf("a given argument is missing in %q", said)
		}
		if strings.ContainsAny(text, "\x00\x02\x03") {
			return // no file of ours holds control characters; then only "no panic" is promised
		}
		if strings.Count(said, "\x02") != strings.Count(said, "\x03") {
			t.Fatalf("unpaired marks in %q", said)
		}
		if got, want := strings.ReplaceAll(bot.Unmark(said), "*", ""), strings.ReplaceAll(strings.ReplaceAll(text, `\*`, ""), "*", ""); got != want {
			t.Fatalf("said %q of %q", got, want)
		}
	})
}
