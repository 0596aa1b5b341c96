package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awassiber/bot"
)

func builtinRouting(t *testing.T) bot.Routing {
	t.Helper()
	c, err := loadConfig(nil, environ())
	if err != nil {
		t.Fatal(err)
	}
	return c.Routing
}

// outcome writes where a case goes: "OWNER + COPY → ONWARD !EMERGENCY".
func outcome(t *testing.T, r bot.Routing, c bot.Category, region string, phase bot.Phase) string {
	t.Helper()
	all, err := r.Propose([]bot.Category{c}, region, phase)
	if err != nil {
		t.Errorf("%s in %q, %s: %v", c, region, phase, err)
	}
	marks := map[bot.Part]string{bot.Owner: "", bot.Copy: "+ ", bot.Onward: "→ "}
	var out []string
	for _, p := range all {
		out = append(out, marks[p.Part]+p.Organisation.Code)
	}
	if o, ok := r.Emergency([]bot.Category{c}, region, phase); ok {
		out = append(out, "! "+o.Code)
	}
	return strings.Join(out, " ")
}

// Every category in every phase, for a kabupaten, for one with a police force shared with another, and
// for the province: as a table that a person can read and judge.
func TestBuiltInRoutes(t *testing.T) {
	r := builtinRouting(t)
	var got strings.Builder
	for _, c := range bot.Categories() {
		for _, region := range []string{"15.05", "15.72", ""} {
			phases := map[string][]string{}
			var order []string
			for _, p := range bot.Phases() {
				o := outcome(t, r, c, region, p)
				if phases[o] == nil {
					order = append(order, o)
				}
				phases[o] = append(phases[o], string(p))
			}
			for _, o := range order {
				when := strings.Join(phases[o], " ")
				if len(order) == 1 {
					when = "*"
				}
				fmt.Fprintf(&got, "%s | %s | %s | %s\n", c, region, when, o)
			}
		}
	}
	path := filepath.Join("testdata", "routes.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// The rules that may not be lost when somebody edits the table (DOMAIN sections 1 and 7).
func TestBuiltInRoutesKeepTheRules(t *testing.T) {
	r := builtinRouting(t)
	offences := []bot.Category{bot.VoteBuying, bot.CampaignTime, bot.CampaignPlace, bot.StateFacilities, bot.CivilServants,
		bot.VillageHeads, bot.ForcesNeutrality, bot.CampaignProps, bot.CampaignAccounts, bot.CampaignAds, bot.Polling}
	for _, region := range append([]string{""}, regions(r)...) {
		for _, phase := range bot.Phases() {
			for _, c := range offences {
				all, err := r.Propose([]bot.Category{c}, region, phase)
				if err != nil || all[0].Organisation.Kind != "bawaslu" || !slices.Contains(all[0].Organisation.Areas, cmpOr(region, "15")) {
					t.Errorf("%s in %q, %s: %v, %v: not Bawaslu of the place first", c, region, phase, all, err)
				}
				for _, p := range all {
					if p.Organisation.Kind == "polri" || p.Organisation.Kind == "gakkumdu" && p.Part != bot.Onward {
						t.Errorf("%s in %q, %s: the reporter is sent to %s as %s", c, region, phase, p.Organisation.Code, p.Part)
					}
				}
			}
			all, err := r.Propose([]bot.Category{bot.Intimidation}, region, phase)
			o, urgent := r.Emergency([]bot.Category{bot.Intimidation}, region, phase)
			kinds := func(kind string) bool {
				return slices.ContainsFunc(all, func(p bot.Proposal) bool { return p.Organisation.Kind == kind && p.Part != bot.Onward && p.Urgent })
			}
			if err != nil || !urgent || len(o.Contacts) == 0 || !kinds("polri") || !kinds("bawaslu") {
				t.Errorf("danger in %q, %s: %v, %v, %v", region, phase, all, o, err)
			}
		}
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// regions are the areas that Bawaslu has an office for.
func regions(r bot.Routing) (out []string) {
	for _, o := range r.Organisations() {
		if o.Kind == "bawaslu" {
			out = append(out, o.Areas...)
		}
	}
	return out
}

func TestBuiltInOrganisations(t *testing.T) {
	r := builtinRouting(t)
	perKind := map[string]int{}
	for _, o := range r.Organisations() {
		perKind[o.Kind]++
		if strings.ContainsAny(o.Code+o.Name, "{}") {
			t.Errorf("%s %q has a placeholder left", o.Code, o.Name)
		}
		if (o.Kind == "bawaslu") != (o.Register.Example() != "") {
			t.Errorf("%s: register form %q", o.Code, o.Register.Example())
		}
	}
	// One for the province and for each of 9 kabupaten and 2 kota; one police force has two of them.
	for kind, want := range map[string]int{"bawaslu": 12, "kpu": 12, "gakkumdu": 12, "polri": 11, "dkpp": 1, "kpid": 1} {
		if perKind[kind] != want {
			t.Errorf("%d of kind %s, want %d", perKind[kind], kind, want)
		}
	}
	for code, name := range map[string]string{"BAWASLU_PROV": "Bawaslu Provinsi Jambi", "BAWASLU_15.05": "Bawaslu Kabupaten Muaro Jambi",
		"BAWASLU_15.71": "Bawaslu Kota Jambi", "POLDA": "Polda Jambi (Subdit Siber Ditreskrimsus)", "POLRES_15.06": "Polres Tanjung Jabung Barat"} {
		if o, _ := r.Organisation(code); o.Name != name {
			t.Errorf("%s is called %q, want %q", code, o.Name, name)
		}
	}
	if o, _ := r.Organisation("BAWASLU_PROV"); len(o.Contacts) != 1 || o.Contacts[0].Source.Verified != bot.NewDay(2025, 7, 1) {
		t.Errorf("contacts %+v", o.Contacts)
	}
}

// The reasons are read by people, so the rule of all sentences holds: no law, no threats.
func TestBuiltInReasonsAreSafe(t *testing.T) {
	law := regexp.MustCompile(`(?i)\b(pasal|ayat|uu \d|perpu|penjara|denda|pidana|hukuman|sanksi|pelanggar|tersangka)\b`)
	s, err := builtinRuleSet()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.routes {
		for _, l := range r.Legs {
			if word := law.FindString(l.Reason); word != "" {
				t.Errorf("%v: %q speaks of %q", r.Categories, l.Reason, word)
			}
		}
	}
}

// An operator's own tables replace the built-in ones of the same name, and an entry written out
// takes its area from the pattern.
func TestOwnOrganisations(t *testing.T) {
	own := strings.Replace(rujukan, "[[lembaga]]\nkode = \"KPU_PROV\"", `[[lembaga]]
kode = "BAWASLU_TEBO"
nama = "Bawaslu Tebo"
golongan = "bawaslu"
wilayah = ["15.09"]
[[lembaga.kontak]]
baris = "kantor"
sumber = "kunjungan"
terakhir_diverifikasi = 2026-11-02

[[lembaga]]
kode = "KPU_PROV"`, 1)
	c, err := loadConfig(map[string]string{"config": writeText(t, "awas.toml", own)}, environ())
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := c.Routing.Find("bawaslu", "15.09.04"); !ok || o.Code != "BAWASLU_TEBO" || len(o.Contacts) != 1 || o.Register.Example() == "" {
		t.Errorf("got %+v", o)
	}
	if o, ok := c.Routing.Organisation("BAWASLU_15.09"); ok {
		t.Errorf("%s is there too", o.Code)
	}
	// Only one table of its own: the others stay.
	only := "[[jenis_menurut_fase]]\nfase = ['PRA']\njenis = ['PU']\ntambah = 'FN'\nsumber = 'uji'\nterakhir_diverifikasi = 2026-11-02\n"
	c, err = loadConfig(map[string]string{"config": writeText(t, "awas.toml", only)}, environ())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Routing.With([]bot.Category{bot.VoteBuying, bot.CampaignProps}, bot.Silence); !slices.Equal(got, []bot.Category{bot.VoteBuying, bot.CampaignProps}) {
		t.Errorf("the built-in rule is left: %v", got)
	}
	if got := c.Routing.With([]bot.Category{bot.VoteBuying}, bot.Preparation); !slices.Equal(got, []bot.Category{bot.VoteBuying, bot.StateFacilities}) {
		t.Errorf("the own rule does not hold: %v", got)
	}
}
