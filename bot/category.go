package bot

import "slices"

// Category is what kind of violation, or of other wrong, a case is about: the codes that Bawaslu's
// families and the desk's routing table are keyed by (DOMAIN section 5). A case may have several.
type Category string

// Categories. Whose matter each is, stands in the routing table, never here.
const (
	VoteBuying       Category = "PU" // politik uang
	CampaignTime     Category = "KJ" // kampanye di luar jadwal, masa tenang
	HateSpeech       Category = "HS" // menghina, SARA, hasut, fitnah, adu domba
	CampaignPlace    Category = "TI" // kampanye di tempat ibadah atau pendidikan
	StateFacilities  Category = "FN" // fasilitas negara, program, mutasi
	CivilServants    Category = "NA" // netralitas ASN
	VillageHeads     Category = "NK" // netralitas kepala desa dan perangkatnya
	ForcesNeutrality Category = "NT" // netralitas TNI, Polri, pejabat daerah
	CampaignProps    Category = "AP" // alat peraga dan bahan kampanye
	CampaignAccounts Category = "MS" // akun kampanye di media sosial
	CampaignAds      Category = "IK" // iklan kampanye di media massa
	VoterData        Category = "DP" // DPT, coklit, PDPB
	Polling          Category = "PS" // pungut, hitung, rekap
	Intimidation     Category = "IN" // intimidasi, kekerasan, ancaman
	OrganiserEthics  Category = "EP" // etik penyelenggara
	HoaxContent      Category = "HX" // hoaks, disinformasi
	PressEthics      Category = "PR" // pemberitaan pers
	Broadcasting     Category = "SI" // siaran TV dan radio
	Fraud            Category = "PN" // penipuan, phishing, catut nama
)

// Categories lists every category in the order people choose from.
func Categories() []Category {
	return []Category{
		VoteBuying, CampaignTime, HateSpeech, CampaignPlace, StateFacilities, CivilServants, VillageHeads,
		ForcesNeutrality, CampaignProps, CampaignAccounts, CampaignAds, VoterData, Polling, Intimidation,
		OrganiserEthics, HoaxContent, PressEthics, Broadcasting, Fraud,
	}
}

// urgent reports whether a category means that people may be in danger.
func (c Category) urgent() bool { return c == Intimidation }

// Known reports whether c is one of Categories.
func (c Category) Known() bool { return slices.Contains(Categories(), c) }
