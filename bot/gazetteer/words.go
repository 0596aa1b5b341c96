package gazetteer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits that keep the work bounded whatever is pasted into the chat. An answer to "which
// kabupaten?" is a few words; what lies beyond is not looked at.
const (
	maxBytes  = 1000
	maxWords  = 48
	maxWindow = 8 // words in one name, as typed
	minTypo   = 6 // letters a name must have before a misspelling of it is considered
)

// words splits text into lower-case words of letters and digits, each in the one spelling that
// fold gives it. Apostrophes vanish, everything else separates.
func words(s string) []string {
	if len(s) > maxBytes {
		s = s[:maxBytes]
		for !utf8.ValidString(s) && len(s) > maxBytes-utf8.UTFMax {
			s = s[:len(s)-1]
		}
	}
	s = strings.NewReplacer("'", "", "’", "", "`", "").Replace(strings.ToLower(s))
	out := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(out) > maxWords {
		out = out[:maxWords]
	}
	if slices.ContainsFunc(out, lettered) { // bare numbers are choices and codes, not words
		for i, w := range out {
			out[i] = fold(w)
		}
	}
	return out
}

// key is the form names are compared in: folded words without the spaces between them, because
// "Sungaipenuh", "sungai penuh" and "sei. penuh" are one place.
func key(s string) string { return squash(words(s)) }

func squash(w []string) string {
	s := strings.Join(w, "")
	// Written together, the variants hide inside a word.
	s = strings.ReplaceAll(s, "muara", "muaro")
	s = strings.ReplaceAll(s, "bathin", "batin")
	return strings.ReplaceAll(s, "paal", "pal")
}

// fold gives spelling variants and abbreviations of place words one form: muara, muaro and ma.
// are the same river mouth, VII, 7 and tujuh the same number. Kota (town) and koto (settlement)
// are different words and stay so. Both sides of every comparison are folded.
func fold(w string) string {
	switch w {
	case "muara", "ma", "mara", "maro":
		return "muaro"
	case "sei", "s", "sg", "sungei":
		return "sungai"
	case "bathin":
		return "batin"
	case "paal":
		return "pal"
	case "kualo":
		return "kuala"
	case "rimba":
		return "rimbo"
	case "tanj", "tjg", "tj", "tg":
		return "tanjung"
	case "p":
		return "pulau"
	case "kt":
		return "koto"
	case "lbk":
		return "lubuk"
	case "dsn":
		return "dusun"
	case "kp", "kpg", "kampong":
		return "kampung"
	case "btg":
		return "batang"
	case "kab":
		return "kabupaten"
	case "kodya", "kotamadya", "kotamadia":
		return "kota"
	case "kec":
		return "kecamatan"
	case "kel", "lurah":
		return "kelurahan"
	case "ds":
		return "desa"
	case "prov", "prop", "propinsi":
		return "provinsi"
	case "diluar":
		return "luar"
	}
	return number(w)
}

// number gives Roman numerals, digits and local number words up to ten their Indonesian word, and
// the one higher numeral in use its digits.
func number(w string) string {
	switch w {
	case "i", "1":
		return "satu"
	case "ii", "2", "duo":
		return "dua"
	case "iii", "3", "tigo":
		return "tiga"
	case "iv", "4":
		return "empat"
	case "v", "5", "limo":
		return "lima"
	case "vi", "6":
		return "enam"
	case "vii", "7":
		return "tujuh"
	case "viii", "8":
		return "delapan"
	case "ix", "9":
		return "sembilan"
	case "x", "10":
		return "sepuluh"
	case "xxiv":
		return "24"
	}
	return w
}

// filler reports whether a word adds nothing to an answer: prepositions, forms of address, and
// the words that say what kind of area follows.
func filler(w string) bool {
	switch w {
	case "di", "ke", "dari", "dr", "pada", "dalam", "area", "daerah", "wilayah", "lokasi", "lokasinya",
		"kejadian", "kejadiannya", "tempat", "tempatnya", "terjadi", "terjadinya", "itu", "ini", "ya", "yo", "y", "iya",
		"kak", "kakak", "bang", "abang", "pak", "bapak", "bu", "ibu", "min", "admin", "mas", "mbak", "om",
		"saya", "sayo", "aku", "kami", "tadi", "lah", "sih", "dong", "nih", "tu", "kode", "dekat", "sekitar", "sekitaran",
		"nama", "namanya", "namonyo", "orang", "tinggal", "rumah", "warga", "provinsi", "kota", "indonesia", "terima", "kasih", "makasih":
		return true
	}
	return marker(w) != anyRank
}

// anyRank is marker's answer for a word that says nothing about the kind of area.
const anyRank rank = -1

// marker tells which rank of area a word announces.
func marker(w string) rank {
	switch w {
	case "kabupaten":
		return byRegency
	case "kecamatan":
		return byDistrict
	case "desa", "kelurahan", "dusun", "kampung":
		return byVillage
	}
	return anyRank
}

// negation reports whether a word denies the place after it: "bukan di Tebo", "di luar Jambi".
func negation(w string) bool {
	switch w {
	case "bukan", "bukannya", "bukannyo", "selain", "kecuali", "luar", "dak", "idak", "tidak", "gak":
		return true
	}
	return false
}
