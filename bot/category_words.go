package bot

import (
	"slices"
	"strings"
	"unicode"
)

// categoryWords are the typical words of each category as people type them (DOMAIN section 5), with
// the labels of locales/. Parts are separated by commas. What several categories share ("kampanye",
// "pejabat desa") is not here: a word that fits two says nothing.
func categoryWords() map[Category]string {
	return map[Category]string{
		VoteBuying: "politik uang, money politic, money politics, vote buying, serangan fajar, amplop, sembako, bagi duit, bagi bagi duit, " +
			"bagi uang, bagi bagi uang, beli suara, jual beli suara, voucher, uang transport, sogok, suap, ngasih duit, dikasih duit",
		CampaignTime: "kampanye di luar jadwal, luar jadwal, masa tenang, minggu tenang, hari tenang, curi start, campaign outside the schedule, silence period",
		HateSpeech: "ujaran kebencian, kampanye hitam, black campaign, sara, fitnah, hasutan, hasut, menghasut, adu domba, menghina, hinaan, " +
			"penghinaan, hate speech, slander",
		CampaignPlace: "tempat ibadah, tempat ibadah atau pendidikan, tempat pendidikan, masjid, mesjid, musala, musholla, langgar, gereja, pura, " +
			"vihara, klenteng, sekolah, pesantren, kampus, place of worship or education",
		StateFacilities: "fasilitas negara, bansos, fasilitas negara bansos, bantuan sosial, mobil dinas, plat merah, rumah dinas, mutasi pejabat, " +
			"mutasi jabatan, program pemerintah, state facilities, state facilities social aid",
		CivilServants: "netralitas asn, asn, pns, pppk, aparatur sipil negara, pegawai negeri, guru pns, camat, kepala dinas, neutrality of civil servants, civil servant",
		VillageHeads: "netralitas kepala desa, kepala desa, kades, perangkat desa, aparat desa, lurah, bpd, datuk rio, rio, kepala dusun, kadus, ketua rt, " +
			"neutrality of village heads, village head",
		ForcesNeutrality: "netralitas tni polri pejabat, netralitas tni, netralitas polri, netralitas polisi, tni, polri, tentara, oknum polisi, " +
			"army police officials, neutrality of the police, neutrality of the army",
		CampaignProps: "baliho, spanduk, alat peraga, apk, baliho dan alat peraga, bahan kampanye, banner, poster, stiker, bendera partai, banners and props",
		CampaignAccounts: "akun kampanye, akun kampanye di medsos, medsos, media sosial, sosmed, akun tak terdaftar, akun resmi paslon, " +
			"campaign accounts, social media",
		CampaignAds: "iklan kampanye, iklan, iklan tv, iklan radio, iklan koran, iklan online, rekam jejak paslon, campaign advertising, campaign ads",
		VoterData: "data pemilih, dpt, dptb, dpk, coklit, pdpb, daftar pemilih, pemilih ganda, " +
			"voter data, voter list",
		Polling: "pemungutan suara, penghitungan suara, pemungutan penghitungan suara, pungut hitung, rekapitulasi, rekap, kpps, tps, c hasil, sirekap, " +
			"kotak suara, surat suara, coblos, nyoblos, polling and counting",
		Intimidation: "intimidasi, intimidasi kekerasan, kekerasan, ancaman, mengancam, diancam, ancam, teror, pemukulan, dipukul, intimidation, violence, threats",
		OrganiserEthics: "etik penyelenggara, etik penyelenggara pemilihan, kode etik penyelenggara, dkpp, anggota kpu, anggota bawaslu, " +
			"ethics of organisers",
		HoaxContent:  "hoaks, hoax, hoaks kabar bohong, kabar bohong, berita bohong, disinformasi, misinformasi, hoax false news, false news, deepfake",
		PressEthics:  "pemberitaan pers, pers, pemberitaan, etik jurnalis, kode etik jurnalistik, wartawan, media online, hak jawab, press reporting",
		Broadcasting: "siaran, siaran tv dan radio, siaran tv, siaran radio, tv, televisi, radio, kpid, tv and radio",
		Fraud:        "penipuan, tipu, phishing, catut nama, mencatut nama, penipuan catut nama, akun palsu, mengatasnamakan, fraud, impostor, impersonation",
	}
}

// ParseCategory reads the answer to "what kind is it": a code in any case, a label, or words typical
// of one category. Words of several categories, or of none, give ok false: ask, do not guess.
func ParseCategory(text string) (c Category, ok bool) {
	found := SuggestCategories(text)
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// SuggestCategories lists the categories a text has words of, in the order of Categories. A code
// counts only if it is the whole text: "PU" is also a government office.
func SuggestCategories(text string) []Category {
	typed := categoryTokens(text)
	if c := Category(strings.ToUpper(strings.Join(typed, " "))); c.Known() {
		return []Category{c}
	}
	var all []phrase
	for c, words := range categoryWords() {
		for one := range strings.SplitSeq(words, ",") {
			all = append(all, phrasesIn(typed, strings.Fields(one), c)...)
		}
	}
	return slices.DeleteFunc(Categories(), func(c Category) bool {
		return !slices.ContainsFunc(all, func(p phrase) bool { return p.category == c && !p.within(all) })
	})
}

// separators stand between several categories.
const separators = ",;+&\n"

// ParseCategories reads several: separated by commas, or codes separated by spaces. What is none
// comes back in unknown, as typed.
func ParseCategories(text string) (found []Category, unknown []string) {
	if c, ok := ParseCategory(text); ok && !strings.ContainsAny(text, separators) {
		return []Category{c}, nil
	}
	if c, ok := wholePhrase(categoryTokens(text)); ok { // a label may have commas in it
		return []Category{c}, nil
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		several := []string{part}
		if words := strings.Fields(part); !slices.ContainsFunc(words, func(w string) bool { return !Category(strings.ToUpper(w)).Known() }) {
			several = words
		}
		for _, one := range several {
			if c, ok := ParseCategory(one); ok {
				found = append(found, c)
			} else {
				unknown = append(unknown, one)
			}
		}
	}
	return unique(found), unknown
}

// wholePhrase is the category that all the words together are a phrase of.
func wholePhrase(typed []string) (Category, bool) {
	for c, words := range categoryWords() {
		for one := range strings.SplitSeq(words, ",") {
			if slices.Equal(strings.Fields(one), typed) {
				return c, true
			}
		}
	}
	return "", false
}

// phrase is where in a text words of a category stand, from one token up to another.
type phrase struct {
	category Category
	from, to int
}

// within reports whether a longer phrase covers it: "tv" in "iklan tv" says nothing of its own.
func (p phrase) within(all []phrase) bool {
	return slices.ContainsFunc(all, func(q phrase) bool { return q.from <= p.from && p.to <= q.to && q.to-q.from > p.to-p.from })
}

func phrasesIn(typed, words []string, c Category) []phrase {
	var all []phrase
	for i := 0; i+len(words) <= len(typed); i++ {
		if slices.Equal(typed[i:i+len(words)], words) {
			all = append(all, phrase{c, i, i + len(words)})
		}
	}
	return all
}

// longestAnswer bounds the words looked at: an answer is short, a pasted article is none.
const longestAnswer = 60

func categoryTokens(text string) []string {
	if runes := []rune(text); len(runes) > 20*longestAnswer {
		text = string(runes[:20*longestAnswer])
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return words[:min(len(words), longestAnswer)]
}
