package bot

import (
	"slices"
	"strings"
	"testing"
)

func TestParseCategory(t *testing.T) {
	for text, want := range map[string]Category{
		"PU": VoteBuying, "pu": VoteBuying, " Pu. ": VoteBuying, "IN": Intimidation, "si": Broadcasting,
		"serangan fajar": VoteBuying, "amplop": VoteBuying, "Bagi-bagi duit di RT 5": VoteBuying,
		"netralitas asn": CivilServants, "PNS ikut kampanye": CivilServants,
		"masa tenang": CampaignTime, "curi start!!": CampaignTime,
		"Kades mengajak warga": VillageHeads, "datuk rio": VillageHeads,
		"kampanye di masjid": CampaignPlace, "iklan tv": CampaignAds, "TV": Broadcasting, "baliho robek": CampaignProps,
		"DPT ganda": VoterData, "KPPS nakal": Polling, "diancam tetangga": Intimidation, "hoax": HoaxContent, "kabar bohong": HoaxContent,
		"penipuan": Fraud, "oknum polisi": ForcesNeutrality, "mobil dinas": StateFacilities, "akun palsu": Fraud,
	} {
		if got, ok := ParseCategory(text); !ok || got != want {
			t.Errorf("%q: %q, %v; want %s (of %v)", text, got, ok, want, SuggestCategories(text))
		}
	}
}

func TestParseCategoryAsksRatherThanGuesses(t *testing.T) {
	for text, want := range map[string][]Category{
		"":                          nil,
		"kampanye":                  nil,
		"dinas PU":                  nil, // an office, not a code
		"lain-lain":                 nil,
		"amplop dari kades":         {VoteBuying, VillageHeads},
		"iklan pada masa tenang":    {CampaignTime, CampaignAds},
		"amplopan":                  nil, // words, not parts of words
		"guru pns memberi sembako":  {VoteBuying, CivilServants},
		"fitnah lewat siaran radio": {HateSpeech, Broadcasting},
	} {
		if c, ok := ParseCategory(text); ok {
			t.Errorf("%q is taken for %s", text, c)
		}
		if got := SuggestCategories(text); !slices.Equal(got, want) {
			t.Errorf("%q suggests %v, want %v", text, got, want)
		}
	}
	long := strings.Repeat("panjang ", 1<<16)
	if got := SuggestCategories(long + "amplop"); len(got) != 0 {
		t.Errorf("a pasted article gave %v", got)
	}
}

func TestParseCategories(t *testing.T) {
	for _, c := range []struct {
		text    string
		found   []Category
		unknown []string
	}{
		{"PU", []Category{VoteBuying}, nil},
		{"pu na", []Category{VoteBuying, CivilServants}, nil},
		{"PU, NA; hoaks", []Category{VoteBuying, CivilServants, HoaxContent}, nil},
		{"amplop, PU", []Category{VoteBuying}, nil},
		{"Netralitas TNI, Polri, pejabat", []Category{ForcesNeutrality}, nil}, // a label with commas
		{"PU XX", nil, []string{"PU XX"}},
		{"PU, XX", []Category{VoteBuying}, []string{"XX"}},
		{" , ;", nil, nil},
	} {
		found, unknown := ParseCategories(c.text)
		if !slices.Equal(found, c.found) || !slices.Equal(unknown, c.unknown) {
			t.Errorf("%q: %v, %q; want %v, %q", c.text, found, unknown, c.found, c.unknown)
		}
	}
}

func TestEveryCategoryHasWords(t *testing.T) {
	words := categoryWords()
	for _, c := range Categories() {
		if words[c] == "" {
			t.Errorf("%s has none", c)
		}
		// Each of its words must mean it alone, or it would never be understood.
		for word := range strings.SplitSeq(words[c], ",") {
			if got, ok := ParseCategory(word); !ok || got != c {
				t.Errorf("%q is of %s and is read as %v", word, c, SuggestCategories(word))
			}
		}
	}
}
