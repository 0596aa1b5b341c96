package locales

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"awassiber/bot"
)

// printer loads a language; a file that does not parse, or has an unpaired asterisk, ends the test.
func printer(t testing.TB, language string) *Printer {
	t.Helper()
	p, err := New(language)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLanguagesSayTheSame(t *testing.T) {
	standard := printer(t, Default)
	for _, language := range Languages() {
		other := printer(t, language)
		for _, key := range standard.Keys() {
			if !other.Has(key) {
				t.Errorf("%s.toml lacks %s", language, key)
				continue
			}
			if want, got := standard.Placeholders(key), other.Placeholders(key); !slices.Equal(want, got) {
				t.Errorf("%s.toml: %s has placeholders %q, %s.toml has %q", language, key, got, Default, want)
			}
		}
		for _, key := range other.Keys() {
			if !standard.Has(key) {
				t.Errorf("%s.toml has %s, which %s.toml lacks", language, key, Default)
			}
		}
	}
}

// plain is how a sentence reads with its placeholders shown by name and bold as *…*.
func plain(p *Printer, key string) string {
	s := p.texts[key]
	var out strings.Builder
	for i, name := range s.names {
		out.WriteString(s.literals[i] + "{" + name + "}")
	}
	out.WriteString(s.literals[len(s.names)])
	return bot.Asterisks(out.String())
}

func TestSentencesAreTidy(t *testing.T) {
	layout := []string{"cli.force"} // indented like the lines of help it stands among
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			text := plain(p, key)
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty", language, key)
			}
			if strings.HasSuffix(text, "\n") {
				t.Errorf("%s: %s ends in an empty line", language, key)
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				lead := strings.TrimLeft(line, " ")
				if strings.HasSuffix(line, " ") || (line != lead && key != "desk.line_holder" && !slices.Contains(layout, key)) {
					t.Errorf("%s: %s has a space at a line's edge: %q", language, key, line)
				}
				if strings.Contains(lead, "  ") && !slices.Contains(layout, key) {
					t.Errorf("%s: %s has two spaces together: %q", language, key, line)
				}
			}
			if strings.ContainsAny(text, "\t\r\u00a0\u200b") {
				t.Errorf("%s: %s has an invisible character: %q", language, key, text)
			}
		}
	}
}

// WhatsApp shows *bold* only within a line and only without a space at its edges.
func TestBoldShowsOnEveryNetwork(t *testing.T) {
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			parts := strings.Split(plain(p, key), "*")
			for i := 1; i < len(parts); i += 2 {
				if b := parts[i]; b == "" || b != strings.TrimSpace(b) || strings.Contains(b, "\n") {
					t.Errorf("%s: %s has bold that some networks will not show: %q", language, key, b)
				}
			}
		}
	}
}

// The bot names no article and threatens nobody: that is for lawyers and judges.
func TestNoLawAndNoThreats(t *testing.T) {
	law := regexp.MustCompile(`(?i)\b(pasal|ps\.? *\d|ayat|uu \d|perpu|penjara|denda|pidana|dipidana|hukuman|sanksi|article \d|prison|jail|fined|penalt(y|ies)|punish\w*)\b`)
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			if word := law.FindString(plain(p, key)); word != "" {
				t.Errorf("%s: %s speaks of %q", language, key, word)
			}
		}
	}
}

// People read on small screens: a citizen's message has at most fifteen lines, but for the three
// that are asked for in order to be read.
func TestCitizensMessagesAreShort(t *testing.T) {
	long := []string{"citizen.formal", "citizen.privacy", "citizen.help"}
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			if !strings.HasPrefix(key, "citizen.") && !strings.HasPrefix(key, "ask.") || slices.Contains(long, key) {
				continue
			}
			if n := strings.Count(plain(p, key), "\n") + 1; n > 15 {
				t.Errorf("%s: %s has %d lines", language, key, n)
			}
		}
	}
}

// A whole sentence ends like one. What follows a placeholder, a list or a line of a table does not
// have to; labels and fragments (few words, or a table of their own) are no sentences.
func TestSentencesEnd(t *testing.T) {
	const fewWords = 6
	speech := []string{"citizen", "ask", "desk", "staff", "notice", "verdict"}
	end := regexp.MustCompile(`[.!?:)}…][*”)]*$`)
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			table, _, _ := strings.Cut(key, ".")
			text := plain(p, key)
			if slices.Contains(speech, table) && len(strings.Fields(text)) >= fewWords && key != "citizen.no_contact" && !end.MatchString(text) {
				t.Errorf("%s: %s does not end: %q", language, key, text)
			}
		}
	}
}

// Words that dictionaries of Indonesian do not have, but keyboards do.
func TestIndonesianSpelling(t *testing.T) {
	wrong := regexp.MustCompile(`(?i)\b(silahkan|jum'at|antri|antrian|aktifitas|resiko|ijin|merubah|dirubah|rubah|hutang|sekedar|nomer|jaman|kwitansi|photo|email|download|upload|anda|gak|nggak|dimana|kemana|diatas|dibawah|disini|kesini|terimakasih|karna|apotik|analisa|praktek|team|hoax)\b`)
	p := printer(t, Default)
	for _, key := range p.Keys() {
		if word := wrong.FindString(plain(p, key)); word != "" {
			t.Errorf("%s: %q is not how it is written here", key, word)
		}
	}
}
