package handlers

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParseCall(t *testing.T) {
	const self = "nama_bot"
	no := Call{}
	for name, c := range map[string]struct {
		in   string
		want Call
	}{
		"plain":                       {"/ambil 12", Call{"ambil", "", "12", true}},
		"to us":                       {"/ambil@nama_bot 12", Call{"ambil", "nama_bot", "12", true}},
		"to us, capitals":             {"/AMBIL@Nama_Bot 12", Call{"ambil", "nama_bot", "12", true}},
		"to another bot":              {"/ambil@bot_lain 12", no},
		"to nobody":                   {"/ambil@ 12", Call{"ambil", "", "12", true}},
		"only the address":            {"/@nama_bot 12", no},
		"exclamation":                 {"!ambil 12", Call{"ambil", "", "12", false}},
		"space after the slash":       {"/ ambil 12", Call{"ambil", "", "12", true}},
		"no-break spaces":             {"\u00a0/ambil\u00a012\u00a0", Call{"ambil", "", "12", true}},
		"narrow and ideographic":      {"\u202f/ambil\u300012", Call{"ambil", "", "12", true}},
		"zero width":                  {"\u200b/am\u200dbil\u2060 1\ufeff2", Call{"ambil", "", "12", true}},
		"right to left marks":         {"\u200f\u202e/ambil\u202c 12\u200e", Call{"ambil", "", "12", true}},
		"soft hyphen":                 {"/am\u00adbil 12", Call{"ambil", "", "12", true}},
		"emoji before":                {"👉🏽 /ambil 12", Call{"ambil", "", "12", true}},
		"emoji and variation":         {"❗️▶️/ambil️ 12", Call{"ambil", "", "12", true}},
		"family of emoji":             {"👩‍👩‍👧/ambil", Call{"ambil", "", "", true}},
		"newline for a space":         {"/catat\n12 baris satu\nbaris dua", Call{"catat", "", "12 baris satu\nbaris dua", true}},
		"newlines in the arguments":   {"/catat 12 satu\n\n dua\r\n", Call{"catat", "", "12 satu\n\n dua", true}},
		"quote, then command":         {"> /lepas 3\n> tolong\n/ambil 12", Call{"ambil", "", "12", true}},
		"quote without space":         {">/ambil 12", no},
		"quoted command":              {"> /ambil 12", no},
		"quote behind emoji":          {"👉 > /ambil 12", no},
		"quote behind a no-break":     {"\u00a0> /ambil 12", no},
		"command, then quote":         {"/catat 1 a\n> b", Call{"catat", "", "1 a\n> b", true}},
		"Turkish capital i":           {"/AMBİL 12", Call{"ambil", "", "12", true}},
		"dotless i":                   {"/ambıl 12", Call{"ambıl", "", "12", true}},
		"digits and underscores":      {"/hapus_data2", Call{"hapus_data2", "", "", true}},
		"only a slash":                {"/", no},
		"slash and spaces":            {" / \n ", no},
		"two slashes":                 {"//ambil 12", no},
		"only exclamations":           {"!!!", no},
		"shouting":                    {"!!! SEBARKAN", no},
		"a path":                      {"/home/petugas", no},
		"a date":                      {"/1/10", no},
		"dash":                        {"/ambil-12", no},
		"in the middle":               {"tolong /ambil 12", no},
		"behind a bracket":            {"(/ambil 12)", no},
		"behind a mention":            {"@nama_bot /ambil 12", no},
		"not UTF-8":                   {"/am\xffbil 12", no},
		"control characters":          {"\x00/ambil\x01 12", Call{"ambil", "", "12", true}},
		"bold marks":                  {"\x02/ambil\x03 12", Call{"ambil", "", "12", true}},
		"empty":                       {"", no},
		"name as long as allowed":     {"/" + strings.Repeat("é", 32), Call{strings.Repeat("é", 32), "", "", true}},
		"name longer":                 {"/" + strings.Repeat("a", 33), no},
		"100,000 characters":          {"/" + strings.Repeat("a", 100_000), no},
		"100,000 of arguments":        {"/cari " + strings.Repeat("a", 100_000), Call{"cari", "", strings.Repeat("a", 100_000), true}},
		"100,000 emoji":               {strings.Repeat("👍", 100_000) + "/ambil 1", Call{"ambil", "", "1", true}},
		"100,000 quoted lines":        {strings.Repeat("> x\n", 100_000) + "/ambil 1", Call{"ambil", "", "1", true}},
		"arguments keep their emoji":  {"/catat 1 👍 ok", Call{"catat", "", "1 👍 ok", true}},
		"a second command is a text":  {"/catat 1 /ambil 2", Call{"catat", "", "1 /ambil 2", true}},
		"exclamation with a sentence": {"!Awas penipuan", Call{"awas", "", "penipuan", false}},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := ParseCall(c.in, self)
			if got != c.want || ok != (c.want != no) {
				t.Errorf("ParseCall(%.60q) = %.99s, %v, want %.99s", c.in, fmt.Sprintf("%+v", got), ok, fmt.Sprintf("%+v", c.want))
			}
		})
	}
}

// Before the network told us our own name, a command to any bot may be meant for us.
func TestParseCallUnnamed(t *testing.T) {
	if got, ok := ParseCall("/ambil@bot_lain 12", ""); !ok || got.To != "bot_lain" {
		t.Errorf("got %+v, %v", got, ok)
	}
}

func FuzzParseCall(f *testing.F) {
	for _, s := range []string{"/ambil@nama_bot 12", "> x\n!a", "👉 / b\u00a0c", "/\xff", "İ/İ", "//", "/a@b@c d"} {
		f.Add(s, "nama_bot")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, self string) {
		c, ok := ParseCall(text, self)
		if !ok {
			if c != (Call{}) {
				t.Fatalf("no call, and yet %+v", c)
			}
			return
		}
		if n := utf8.RuneCountInString(c.Name); n == 0 || n > maxName {
			t.Errorf("name %q has %d characters", c.Name, n)
		}
		for _, r := range c.Name {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
				t.Errorf("name %q has %q in it", c.Name, r)
			}
		}
		if c.Args != strings.TrimSpace(c.Args) || len(c.Args) > 3*len(text) {
			t.Errorf("arguments %q are not trimmed or longer than %q", c.Args, text)
		}
		if self != "" && c.To != "" && c.To != strings.ToLower(self) {
			t.Errorf("a command to %q was taken by %q", c.To, self)
		}
	})
}

func TestMenuWord(t *testing.T) {
	for in, want := range map[string][2]string{
		"menu": {"menu"}, "/MENU": {"menu"}, "/start": {"menu"}, "Mulai": {"menu"}, "/menu@awas_siber_bot": {"menu"},
		"Status": {"status"}, "status!": {"status"}, "*STATUS*": {"status"}, "✅ status ✅": {"status"}, "tiket": {"status"},
		"STATUS JBI-26-00001-8": {"status", "JBI-26-00001-8"}, "status 17": {"status", "17"},
		"hapus data": {"hapus data"}, "HAPUS  DATA": {"hapus data"}, "/hapus data": {"hapus data"}, "/hapus_data": {"hapus data"},
		"HapusData": {"hapus data"}, "hapus data saya": {"hapus data"}, "data saya": {"dataku"}, "DATA KU": {"dataku"},
		"batal": {"batal"}, "/batal": {"batal"}, "!batal": {"batal"}, "Batal.": {"batal"}, "tolong": {"bantuan"}, "/help": {"bantuan"},
		"lapor ada amplop": {"lapor", "ada amplop"}, "Lapor\nbaris dua": {"lapor", "baris dua"}, "/lapor x": {"lapor", "x"},
		"CEK tps tutup": {"cek", "tps tutup"}, "cek": {"cek"}, "/cek a b c d e f": {"cek", "a b c d e f"},
		"MULAI petugas_abc": {"menu", "petugas_abc"}, "/start petugas_abc": {"menu", "petugas_abc"},

		// Sentences that begin with a menu word are tips.
		"Batal dilantik, kades itu menuntut": {}, "resmi KPU mengumumkan": {}, "bantuan sosial dibagikan timses": {},
		"petugas KPPS mencoblos sendiri": {}, "Petugas, tolong cek TPS 3": {}, "!Bantuan sosial dibagikan timses": {},
		"status WhatsApp-nya hoaks": {}, "status tps ditutup": {}, "cek satu dua tiga empat lima": {}, "cek ini\nkata orang": {},
		"menu makan gratis": {}, "mulai besok TPS tutup": {}, "hapus data pemilih": {}, "privasi kami dilanggar": {},
		"": {}, "👍": {}, "/": {}, "...": {}, "laporan": {}, "sstatus": {}, "> status quo": {},
	} {
		word, rest, ok := menuWord(in)
		if word != want[0] || rest != want[1] || ok != (want[0] != "") {
			t.Errorf("menuWord(%q) = %q, %q, %v, want %q", in, word, rest, ok, want)
		}
	}
}

func TestPlainWords(t *testing.T) {
	for in, want := range map[string]string{
		"  Halo,   KAK! 👋🏽 ": "halo kak", "1️⃣": "1", "1.": "1", "(2)": "2", "\u200bP\u200b": "p", "a\u00a0b": "a b",
		"Terima\nkasih": "terima kasih", "!!!": "", "": "", "İ": "i", "sama-sama": "sama sama", "👍👍": "",
	} {
		if got := plainWords(in); got != want {
			t.Errorf("plainWords(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzMenuWord(f *testing.F) {
	for _, s := range []string{"menu", "/hapus_data", "!batal x", "CEK a b", "lapor\nx", "status 1", "mulai petugas_x", "İ", "\xff", "👍", "/00 0", "0 lapor"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		word, rest, ok := menuWord(text)
		if ok != (word != "") || !ok && rest != "" {
			t.Fatalf("menuWord(%q) = %q, %q, %v", text, word, rest, ok)
		}
		if ok && knownWord(word) != word {
			t.Errorf("menuWord(%q) = %q, which is no menu word", text, word)
		}
		if len(rest) > 3*len(text) {
			t.Errorf("the rest of %q is longer than it: %q", text, rest)
		}
		words := plainWords(text)
		if again := plainWords(words); again != words {
			t.Errorf("plainWords is not stable: %q, then %q, then %q", text, words, again)
		}
		for _, r := range words {
			if r != ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				t.Errorf("plainWords(%q) = %q, with %q in it", text, words, r)
			}
		}
		if words != strings.Join(strings.Fields(words), " ") {
			t.Errorf("plainWords(%q) = %q, with odd spaces", text, words)
		}
	})
}
