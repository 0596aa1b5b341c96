package match

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func normaliser(t testing.TB, places ...string) *Normaliser {
	t.Helper()
	n, err := NewNormaliser(places...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWords(t *testing.T) {
	n := normaliser(t, "Kabupaten Kotarayo", "Desa Lubuk Karto")
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", ""},
		"emoji only":          {"🙏🏽🙏🏽😭 ‼️", ""},
		"markup":              {"*AWAS!!* _surat suara_ ~hilang~ `satu kotak`", "surat suara hilang satu kotak"},
		"WhatsApp copy":       {"[1/10 19.03] Warga Satu: surat suara hilang\n[1/10 19.04] Warga Dua: satu kotak", "surat suara hilang satu kotak"},
		"WhatsApp export":     {"01/10/24 19.03 - Warga Satu: surat suara hilang", "surat suara hilang"},
		"header, US":          {"[10/1/24, 7:03:22 PM] Warga: surat suara hilang", "surat suara hilang"},
		"no header":           {"[PENTING] surat suara: hilang", "surat suara hilang"},
		"forwarded":           {"Diteruskan berkali-kali\nSurat suara hilang", "surat suara hilang"},
		"head and tail":       {"Assalamualaikum, mohon info, benarkah ini? Surat suara hilang di gudang. SEBARKAN!!! Dari grup sebelah", "surat suara hilang di gudang"},
		"only a question":     {"Benarkah? Cek dulu dong min", ""},
		"abbreviations":       {"yg tdk dpt surat jgn plg, krn msh bs", "yang tidak dpt surat jangan plg karena masih bisa"},
		"acronyms":            {"DPT dan TPS di KM 32, PK Kt. Dian", "dpt dan tps di km 32 pk kt dian"},
		"reduplication":       {"beli buah2an hati2, orang-orang berlari-lari", "beli buahan hati orang berlari"},
		"numbers after words": {"TPS12 paslon2 RT03 no.2 covid19 covid-19", "tps 12 pasangan calon 2 rt 3 nomor 2 covid 19 covid 19"},
		"elongation":          {"bangettt jaaangan mauuu maaf saat", "banget jangan mau maaf saat"},
		"disguised":           {"v4ksin b0h0ng", "vaksin bohong"},
		"money":               {"Rp. 500.000,- atau Rp1.500.000 atau 500rb, 1,5 jt", "500000 atau 1500000 atau 500 ribu 1.5 juta"},
		"times":               {"jam 10.00 sampai 13:30 WIB", "jam 10 sampai 13.30 wib"},
		"dates":               {"tgl 14/02/2024 s.d. 27-11-2024", "tanggal 14 2 2024 s d 27 11 2024"},
		"telephones":          {"+62 812-0000-1111 atau 0812-0000-1111 atau 6281200001111", "081200001111 atau 081200001111 atau 081200001111"},
		"percent":             {"naik 12,5%", "naik 12.5 persen"},
		"Jambi Malay":         {"siapo namonyo, dimano rumahnyo, dak katek duo", "siapa namanya di mana rumahnya tidak ada dua"},
		"Jambi places":        {"Muaro Tebo, Muaro Bungo, Sarko, Kotarayo, Lubuk Karto", "muaro tebo muaro bungo sarko kotarayo lubuk karto"},
		"loan words":          {"foto video radio promo toko", "foto video radio promo toko"},
		"zero width":          {"su\u200brat su\u2060ara hi\u00adlang", "surat suara hilang"},
		"homoglyphs":          {"ѕurаt ѕuаrа hіlаng", "surat suara hilang"},
		"styled letters":      {"𝗦𝘂𝗿𝗮𝘁 ｓｕａｒａ ⓗⓘⓛⓐⓝⓖ", "surat suara hilang"},
		"accents":             {"sürát suarā hiláng", "surat suara hilang"},
		"overrides":           {"\u202esurat\u202c \u2067suara\u2069 hilang", "surat suara hilang"},
		"spaced":              {"H O A K S surat suara", "hoaks surat suara"},
		"links":               {"surat suara hilang https://contoh.example/a?utm_source=x lihat bit.ly/abc, contoh.com", "surat suara hilang lihat"},
		"no links":            {"suara hilang.Info lengkap di kantor.Mohon maaf", "suara hilang informasi lengkap di kantor mohon maaf"},
		"invalid UTF-8":       {"surat\xff\xfesuara hilang\xc3", "surat suara hilang"},
		"other script":        {"قرآن surat", "قران surat"},
		"doubled word":        {"surat surat suara 12 12", "surat suara 12 12"},
		"negation stays":      {"TIDAK ada gempa", "tidak ada gempa"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(n.Words(c.text), " "); got != c.want {
				t.Errorf("%q\n got %q\nwant %q", c.text, got, c.want)
			}
		})
	}
}

// Whoever normalises what is normalised gets the same: a stored form may be read again.
func TestWordsOfLongTexts(t *testing.T) {
	n := normaliser(t)
	for name, text := range map[string]string{
		"one word":    strings.Repeat("a", 100_000),
		"alternating": strings.Repeat("a4b", 40_000),
		"digits":      strings.Repeat("9", 100_000),
		"hyphens":     strings.Repeat("a-", 50_000),
		"numbers":     strings.Repeat("1.", 50_000),
		"words":       strings.Repeat("surat suara hilang ", 6_000),
		"heads":       strings.Repeat("benarkah ", 12_000),
		"brackets":    strings.Repeat("[1/10 19.03] x:", 8_000),
		"emoji":       strings.Repeat("😭", 30_000),
		"ligature":    strings.Repeat("ﷺ", 30_000),
		"urls":        strings.Repeat("http://a.com/x ", 8_000),
		"dots":        strings.Repeat("a.", 50_000),
		"percents":    "http://a.com/" + strings.Repeat("%25", 30_000),
	} {
		words, links := n.parse(text)
		if len(words) > maxWords || len(links) > maxLinks {
			t.Errorf("%s: %d words, %d links", name, len(words), len(links))
		}
		for _, w := range words {
			if w == "" || len(w) > maxWord || !utf8.ValidString(w) {
				t.Errorf("%s: word %q", name, w)
			}
		}
	}
}

func FuzzWords(f *testing.F) {
	n := normaliser(f)
	for _, s := range []string{"", "[1/10 19.03] a: b", "TPS12 hati2 0812-1", "su\u200brat ﷺ\xff", "http://a.com/?q=http://b.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, links := n.parse(s)
		if len(words) > maxWords || len(links) > maxLinks {
			t.Fatalf("%d words, %d links", len(words), len(links))
		}
		for _, w := range words {
			if w == "" || len(w) > maxWord || !utf8.ValidString(w) || strings.ContainsAny(w, " \n*_") {
				t.Fatalf("word %q", w)
			}
		}
	})
}
